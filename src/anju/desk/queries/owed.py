"""Duties as rows of a page: about whom, and where one goes to do something about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from anju.cases.procedures import subject_of
from anju.cases.queries.lists import open_of
from anju.desk.queries.judged import anchor_of, recordable
from anju.duties.owed import fill_in
from anju.duties.queries import Desk, Shown
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.policy.model import Policy
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline
from anju.register.models.relations import Kind
from anju.register.privacy import works_on
from anju.register.provided import wish_terms
from anju.register.queries.whom import Whom, whom

_wish_of = {term: wish for wish, (term, _) in wish_terms.items()}


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty of a page. ``action`` is where it is done, or the place on the subject's page that it is about."""

    shown: Shown
    whom: Whom | None
    action: str
    does: str


Running = Mapping[tuple[str, str, str], UUID]
"""Open cases by kind of subject, subject and procedure."""


def owed(
    officer: Officer, scopes: Sequence[Scope], shown: Sequence[Shown], on: date, running: Running | None = None
) -> list[Owed]:
    """The rows; as many questions, however many they are. A subject that the officer may not see has no name.

    Args:
        running: the open cases of the subjects where they are known already.
    """
    subjects = {(one.duty.subject_kind, one.duty.subject_id) for one in shown}
    about, running = whom(officer, subjects, on), open_of(officer, subjects) if running is None else running
    rows = []
    for one in shown:
        subject = about.get((one.duty.subject_kind, one.duty.subject_id))
        here = reaching(scopes, one.duty.origin, one.duty.destination)
        action, does = _by_case(one, here, subject, running) or _action(one, here, subject)
        rows.append(Owed(one, subject, action, does))
    return rows


def _by_case(one: Shown, scopes: Sequence[Scope], about: Whom | None, running: Running) -> tuple[str, str] | None:
    """The open case of a duty that a procedure ends, or where it is opened: ``case`` or ``open``."""
    duty, kind = one.duty, guideline().duties.get(one.duty.kind)
    if kind is None or kind.ends[0] != "procedure" or about is None or duty.closed_on is not None:
        return None
    procedure = kind.ends[1]
    key = running.get((duty.subject_kind, duty.subject_id, procedure))
    if key is not None:
        return reverse("cases:case", args=[key]), "case"
    if subject_of(guideline(), procedure) == duty.subject_kind and works_on(scopes, duty.clause):
        return reverse("cases:new", args=[procedure, duty.subject_id]), "open"
    return None


def _action(one: Shown, scopes: Sequence[Scope], about: Whom | None) -> tuple[str, str]:
    """Where a duty without a procedure is done, and what one does there: ``wish``, ``relation``, ``facts`` or ``look``."""
    duty = one.duty
    if about is None or duty.closed_on is not None:
        return "", ""
    kind, subject = duty.subject_kind, duty.subject_id
    for what, word in _ends(guideline(), duty.kind, one):
        if what == "wish" and kind == "person" and works_on(scopes, duty.clause):
            return reverse("register:person_wish", args=[subject, word]), "wish"
        if what == "relation" and kind == "person" and works_on(scopes, clauses[Kind(word)]):
            return reverse("register:person_relation", args=[subject, word]), "relation"
        if what == "facts" and recordable(kind, word, scopes):
            return reverse(f"register:{kind}_facts", args=[subject, word]), "facts"
    return f"{about.address}#{anchor_of(duty.clause)}", "look"


def _ends(policy: Policy, code: str, one: Shown) -> Iterable[tuple[str, str]]:
    """What ends a duty: a wish, a step of a relation, facts of a clause."""
    if code == fill_in:
        yield from (("facts", clause) for clause, _ in one.blanks)
        return
    duty = policy.duties.get(code)
    if duty is None:
        return
    if duty.ends[0] == "procedure":
        effects = policy.procedures[duty.ends[1]].effects if duty.ends[1] in policy.procedures else ()
        words = [(effect.kind, effect.what) for effect in effects]
    else:
        term = policy.term(duty.ends[1])
        words = [("fact", term.code)] if term else []
    for what, word in words:
        if (
            what == "relation" and word in Kind.values
        ):  # a membership is confirmed by notice and vote, which are facts first
            yield "relation", word
        elif word in _wish_of:
            yield "wish", _wish_of[word]
    yield "facts", duty.clause


@dataclass(frozen=True, slots=True)
class OfSubject:
    """The duties on a subject's own page."""

    open: Sequence[Owed]
    closed: Sequence[Owed]


def of_subject(
    officer: Officer, scopes: Sequence[Scope], kind: str, subject: str, running: Running | None = None
) -> OfSubject:
    """What is owed to a subject, by urgency, and what was; of a household with its people's. ``running`` as for `owed`."""
    desk = Desk(officer)
    shown = desk.of_household(subject) if kind == "household" else desk.of_subject(kind, subject)
    rows = owed(officer, scopes, shown, desk.on, running)
    still = [row for row in rows if row.shown.duty.closed_on is None]
    return OfSubject(still, [row for row in rows if row.shown.duty.closed_on is not None])
