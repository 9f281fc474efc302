"""Cases by whose turn it is: those that wait for my posts, those that passed through them, and all in my reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from anju.cases.clocks import Clocks, soon_days, states
from anju.cases.models import Case, Cases, Entry, State, Turn, Turns, open_states
from anju.government.models import Officer, PostHolding
from anju.government.queries import Scope, held_posts
from anju.government.residents import Somebody
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.privacy import works_on
from anju.register.queries import lists
from anju.register.queries.paging import Listing

purpose = "经办"
_sides: Sequence[lists.Side] = ("in", "out")
_most_found = 300
"""So many subjects of a name are looked for; who means another one writes more of the name."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to: "" for all. ``state``: of the clock (`anju.cases.clocks.states`), of the day of review
    (`reviews`) or, for all cases, of the case.

    ``step`` 0: any. ``text``: the beginning of a name, of its initials, of a 户编号. ``subject``: one subject's id or code.
    """

    clause: str = ""
    procedure: str = ""
    step: int = 0
    state: str = ""
    text: str = ""
    subject: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Filters:
        """What an address gives."""
        step = given.get("step", "")
        return cls(
            given.get("clause", "")[:4],
            given.get("procedure", "")[:50],
            int(step) if step.isascii() and step.isdigit() and len(step) < 3 else 0,
            given.get("state", "")[:10],
            given.get("text", "")[:60],
            given.get("subject", "")[:36],
        )

    def given(self) -> dict[str, str]:
        """As an address says it."""
        named = {name: str(getattr(self, name)) for name in ("clause", "procedure", "state", "text", "subject")}
        return {name: text for name, text in named.items() if text} | ({"step": str(self.step)} if self.step else {})


def inbox(officer: Officer, scopes: Sequence[Scope], filters: Filters, clocks: Clocks) -> Listing[Turn]:
    """The turns that wait for one of the officer's posts, the one that waits longest first."""
    return _turns(waiting_for(officer, scopes), filters, clocks)


def elsewhere(officer: Officer, scopes: Sequence[Scope], filters: Filters, clocks: Clocks) -> Listing[Turn]:
    """The turns of seats that nobody holds, of cases whose work is that of one of the officer's posts: somebody has to ask there, and to
    write down the answer; the one that waits longest first.
    """
    on = today()
    held = PostHolding.objects.filter(
        post__line=OuterRef("line"),
        post__level=OuterRef("level"),
        post__region=OuterRef("region"),
        post__since__lte=on,
        post__until__gt=on,
        since__lte=on,
        until__gt=on,
        officer__is_active=True,
    )
    theirs = Q(pk__in=[])
    for scope in scopes:
        work = [clause for clause in guideline().clauses if works_on([scope], clause)]
        for column in Turns.region_columns:
            theirs |= Q(**{f"{column}__gte": scope.lo, f"{column}__lt": scope.hi}, case__clause__in=work)
    seen_ones = Turn.objects.visible_to(officer, purpose=purpose).filter(
        theirs, until_entry=None, since__lte=on, resident=False
    )
    return _turns(seen_ones.filter(~Exists(held)), filters, clocks)


def _turns(waiting: Turns, filters: Filters, clocks: Clocks) -> Listing[Turn]:
    waiting = waiting.filter(case__state__in=open_states)
    if filters.clause:
        waiting = waiting.filter(case__clause=filters.clause)
    if filters.procedure:
        waiting = waiting.filter(case__procedure=filters.procedure)
    if filters.step:
        waiting = waiting.filter(step=filters.step)
    if filters.state in states:
        waiting = waiting.filter(clocks.within(filters.state))
    return Listing((waiting.select_related("case"),), ("since", "pk"))


def waiting_for(officer: Officer, scopes: Sequence[Scope]) -> Turns:
    """The turns that are open for posts of a line, a level and a region."""
    theirs = Q(pk__in=[])
    for scope in scopes:
        theirs |= Q(line=scope.line, level=scope.level, region__gte=scope.lo, region__lt=scope.hi)
    seen_ones = Turn.objects.visible_to(officer, purpose=purpose)
    return seen_ones.filter(theirs, until_entry=None, since__lte=today())  # what waits for its day waits for nobody


reviews = ("past", "soon", "later")
"""How far the day is on which somebody looks again at what is suspended: come or over, within `anju.cases.clocks.soon_days`, further."""


def suspended(officer: Officer, scopes: Sequence[Scope], filters: Filters) -> Listing[Case]:
    """Suspended cases whose turn is that of one of the officer's posts, the one that is to be looked at first in front."""
    here = waiting_for(officer, scopes)
    found = _narrowed(seen(officer), officer, filters).filter(
        Exists(here.filter(case=OuterRef("pk"))), state=State.SUSPENDED
    )
    if filters.step:
        found = found.filter(step=filters.step)
    if filters.state in reviews:
        found = found.filter(_within(filters.state, today()))
    return Listing((found,), ("review_on", "pk"))


def _within(state: str, on: date) -> Q:
    soon = on + timedelta(soon_days)
    conditions = {"past": Q(review_on__lte=on), "soon": Q(review_on__gt=on, review_on__lte=soon)}
    return conditions.get(state, Q(review_on__gt=soon))


def outbox(officer: Officer, scopes: Sequence[Scope], filters: Filters) -> Listing[Case]:
    """Open cases in which I, or somebody of my posts, did something, and that wait for somebody else; the latest first."""
    posts = held_posts(officer, today()).values("post")
    done = Entry.objects.visible_to(officer, purpose=purpose).filter(
        Q(by=officer) | Q(by__in=PostHolding.objects.filter(post__in=posts).values("officer"))
    )
    here = waiting_for(officer, scopes)
    found = _narrowed(seen(officer), officer, filters).filter(
        Exists(done.filter(case=OuterRef("pk"))), ~Exists(here.filter(case=OuterRef("pk"))), state__in=open_states
    )
    return Listing((found,), ("pk",), falling=True)


def everything(officer: Officer, filters: Filters) -> Listing[Case]:
    """All cases in the officer's reach, the latest first; without a state the open ones."""
    found = _narrowed(seen(officer), officer, filters)
    wanted = [filters.state] if filters.state in State.values else [] if filters.subject else open_states
    return Listing((found.filter(state__in=wanted) if wanted else found,), ("pk",), falling=True)


def of_subject(officer: Somebody, kind: str, key: str) -> list[Case]:
    """The cases of a subject, the latest first."""
    return list(seen(officer).filter(subject_kind=kind, subject_id=key).order_by("-pk"))


def open_of(officer: Officer, subjects: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str, str], Case]:
    """The open cases of some subjects (kind, key), by kind, key and procedure; one question."""
    keys = {key for _, key in subjects}
    if not keys:
        return {}
    found = seen(officer).filter(subject_id__in=keys, closed_at=None).order_by("pk")
    return {(case.subject_kind, case.subject_id, case.procedure): case for case in found}


def seen(officer: Somebody) -> Cases:
    """The cases that an officer may see, or that are a resident's own."""
    return Case.objects.visible_to(officer, purpose=purpose)


def _narrowed(found: Cases, officer: Officer, filters: Filters) -> Cases:
    for column, value in (
        ("clause", filters.clause),
        ("procedure", filters.procedure),
        ("subject_id", filters.subject),
    ):
        if value:
            found = found.filter(**{column: value})
    if filters.text.strip():
        found = found.filter(subject_id__in=_named(officer, filters.text))
    return found


def _named(officer: Officer, text: str) -> list[str]:
    """The ids of subjects whose name, initials or 户编号 begin with a text."""
    wanted = [lists.Filters(side, text=text, ended=ended) for side in _sides for ended in (False, True)]
    asked: list[Listing[Any]] = [lists.persons(officer, one) for one in wanted]
    asked += [lists.households(officer, one) for one in wanted if not one.ended]
    asked.append(lists.sites(officer, wanted[0]))
    parts = (part for listing in asked for part in listing.parts)
    return [str(key) for part in parts for key in part.order_by().values_list("pk", flat=True)[:_most_found]]
