"""Writes of a case: what its page says under 生效 and 办结, on the authority of its steps instead of an officer's post.

Only `anju.cases` uses them, within the transaction and the journal's entry of the step that has them; it says what changed when all
is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet

from anju.government.models import never
from anju.government.refusals import Refused
from anju.policy.model import Fact
from anju.register import documents
from anju.register.actions.facts import document_of, replace_document, tables
from anju.register.actions.party_life import leave, take_part
from anju.register.actions.relations import check_not_drawn
from anju.register.actions.wishes import say
from anju.register.guideline import guideline
from anju.register.models import CountyFacts, PartyLife, Person, Relation
from anju.register.models.relations import Kind
from anju.register.party_lives import affiliation, settle
from anju.register.provided import party_life_terms
from anju.walls.prepared import insert, prepared


def put_step(*, person: str, kind: str, holder: str, since: date, because: str, evidence: str) -> None:
    """The next step of a relation; none where that place holds it already.

    Raises:
        Refused: somebody who has ended; a pension that is drawn.
    """
    (found,) = _person(UUID(person))
    if found.ended_on is not None:
        raise Refused("这个人已经注销，关系不再变动。")
    last = next(iter(_last_step(found.pk, kind)), None)
    if last is not None and last.holder == holder:
        return
    check_not_drawn(found, kind, last, holder)
    step = Relation(
        person=found,
        kind=kind,
        holder=holder,
        since=since,
        because=because if last is not None and last.holder else _begun.get(because, because),
        evidence=evidence,
        after=last.since if last else None,
    )
    step.clean_fields(exclude=["person", "holder"])
    insert([step])
    if kind == Kind.PARTY:
        settle([person])


@prepared
def _person(key: UUID) -> QuerySet[Person]:
    return Person.objects.unscoped().select_for_update().filter(pk=key)


@prepared
def _last_step(person: UUID, kind: str) -> QuerySet[Relation]:
    return Relation.objects.unscoped().filter(person=person, kind=kind).order_by("-since")[:1]


_begun = {"moved": "recorded"}


def put_party_life(*, person: str, at: str, side: str, since: date, branch: str, evidence: str) -> None:
    """Where a member takes part beside the affiliation: at ``at``, in a branch, from a day on. On the side (``origin``, ``destination``)
    where the affiliation is, that is no place beside it: what was arranged on the other side ends, and the facts alone say so.

    Raises:
        Refused: somebody who has ended; the place of the affiliation; a place of neither side.
    """
    found = Person.objects.unscoped().select_for_update().get(pk=person)
    steps = affiliation(person)
    if side == "origin" and at == (steps[-1][1] if steps else at):
        for row in PartyLife.objects.unscoped().filter(person=found, until=never):
            leave(row, max(since, row.since))
        put_facts(kind="person", subject=person, facts=dict(zip(party_life_terms, (True, side), strict=True)))
        return
    there = PartyLife.objects.unscoped().filter(person=found, place=at, until=never).first()
    if there is None or branch.strip() not in ("", there.place_name):  # arranged anew: another branch of the same place
        if there is not None:
            leave(there, max(since, there.since))
        before = PartyLife.objects.unscoped().filter(person=found, place=at, until__gt=F("since"))
        free = before.aggregate(day=Max("until"))["day"] or since
        take_part(found, at, max(since, free), place_name=branch, evidence=evidence)


def put_wish(*, person: str, kind: str, choice: str, on: date, how: str) -> None:
    """What the person said in the course of a case, unless it is what he said last on that day."""
    found = Person.objects.unscoped().select_for_update().get(pk=person)
    say(person=found, kind=kind, choice=choice, on=on, how=how)


def put_facts(*, kind: str, subject: str, facts: Mapping[str, Fact | None]) -> None:
    """Recorded facts of a subject; what was known before is kept."""
    rows: Any = tables[kind].objects.unscoped()
    if kind == "county":
        CountyFacts.objects.unscoped().get_or_create(code=subject, defaults={"revision": 0})
    found = rows.select_for_update(of=("self",)).get(pk=subject)
    terms = guideline().terms
    for code, fact in facts.items():
        if fact is not None and not documents.fits(terms[code], fact):
            raise Refused(f"“{terms[code].name}”不能是“{fact}”。")
    before = document_of(found)
    kept = {key: value for key, value in before.items() if key.partition(".")[0] not in facts}
    after = kept | documents.written(facts)
    if after != before:
        replace_document(found, kind, after)
