"""The officers of the city: a post for every line and level that the guideline names, an officer for every post, and the separate duties.

Nobody knows a password or an authenticator of theirs: there is none. Whoever is to be one of them needs the demo's own page.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import encrypt

from anju.check.samples.cast import families, men, women
from anju.demo.lives import of_the_story
from anju.demo.places import counties, townships, villages
from anju.demo.rows import Ids
from anju.government.lines import Level, Line
from anju.government.models import Officer, Post, PostHolding, Region
from anju.policy.model import Actor
from anju.register.guideline import guideline

separate = {"system": Officer.Duty.SYSTEM, "security": Officer.Duty.SECURITY, "audit": Officer.Duty.AUDIT}
"""The accounts of those who see no case data."""


class Seat(NamedTuple):
    """What one officer holds: an account, and posts of lines in one region."""

    account: str
    region: str
    level: str
    lines: tuple[str, ...]


seconds = (
    (Line.CIVIL_AFFAIRS, Level.COUNTY, "500235000000"),
    (Line.HUMAN_RESOURCES, Level.COUNTY, "500235000000"),
    (Line.MEDICAL_SECURITY, Level.COUNTY, "500235000000"),
    (Line.CIVIL_AFFAIRS, Level.TOWNSHIP, "500235001000"),
)
"""Seats where the cast works that two hold, as what two people do needs: letters, premiums, closing a month."""


def account_of(line: str, region: str, *, second: bool = False) -> str:
    """The account of whoever holds the post of a line in a region."""
    return f"{line}.{region}{'.2' if second else ''}"


def seats() -> Iterator[Seat]:
    """One officer a post; in a village that people only left, the head serves the collective as well."""
    for level, regions in ((Level.COUNTY, counties), (Level.TOWNSHIP, townships())):
        for region in regions:
            for line in _lines(level):
                yield Seat(account_of(line, region), region, level, (line,))
    for village in villages().values():
        lines = _lines(Level.VILLAGE)
        kept = [(line,) for line in lines] if village.takes_in else [(Line.COMMITTEE.value, Line.COLLECTIVE.value)]
        for held in kept:
            yield Seat(account_of(held[0], village.code), village.code, Level.VILLAGE, held)


def name_villages() -> None:
    """Make the villages known, beside the townships that come with the program."""
    kind = Region.Kind.VILLAGE
    Region.objects.bulk_create([Region(code=v.code, name=v.name, level=kind) for v in villages().values()])


def appoint(ids: Ids, chance: random.Random, on: date) -> int:
    """Open all accounts and posts; returns how many officers there are."""
    since = on - timedelta(days=900)
    officers: list[Officer] = []
    posts: list[Post] = []
    holdings: list[PostHolding] = []
    at: dict[tuple[str, str], Post] = {}
    for seat in seats():
        officer = _officer(ids, chance, seat.account, Officer.Duty.HANDLER)
        officers.append(officer)
        for line in seat.lines:
            posts.append(Post(line=line, level=seat.level, region=seat.region, since=since))
            at[line, seat.region] = posts[-1]
            holdings.append(PostHolding(officer=officer, post=posts[-1], since=since))
    for line, _, region in seconds:
        officers.append(_officer(ids, chance, account_of(line, region, second=True), Officer.Duty.HANDLER))
        holdings.append(PostHolding(officer=officers[-1], post=at[line, region], since=since))
    officers += [_officer(ids, chance, account, duty) for account, duty in separate.items()]
    Officer.objects.bulk_create(officers, batch_size=500)
    Post.objects.bulk_create(posts, batch_size=500)
    PostHolding.objects.bulk_create(holdings, batch_size=500)
    Authenticator.objects.bulk_create([_authenticator(officer) for officer in officers], batch_size=500)
    return len(officers)


def _lines(level: str) -> tuple[str, ...]:
    """The lines that duties and procedures name at a level."""
    policy = guideline()
    actors: list[Actor] = [actor for duty in policy.duties.values() for actor in duty.actors]
    actors += [actor for p in policy.procedures.values() for step in p.steps for actor in step.actors]
    return tuple(sorted({actor.line for actor in actors if actor.level == level and not actor.person}))


def _officer(ids: Ids, chance: random.Random, account: str, duty: str) -> Officer:
    name = "张青山"
    while name in of_the_story:
        name = chance.choice(families) + chance.choice((*men, *women))
    officer = Officer(id=UUID(ids()), account=account, name=name, duty=duty)
    officer.set_password(None)
    officer.handler = officer.id if duty == Officer.Duty.HANDLER else None
    return officer


def _authenticator(officer: Officer) -> Authenticator:
    """An authenticator that nobody has: its secret is made, sealed and forgotten."""
    secret = encrypt(generate_totp_secret())
    return Authenticator(user=officer, type=Authenticator.Type.TOTP, data={"secret": secret})
