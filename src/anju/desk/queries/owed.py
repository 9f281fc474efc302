"""Duties as rows of a page: about whom, and where one goes to do something about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.urls import reverse

from anju.cases.models import Case
from anju.cases.moves import went_on
from anju.cases.procedures import subject_of
from anju.cases.queries.consequences import Cause, causes
from anju.cases.queries.lists import open_of
from anju.desk.queries.judged import anchor_of, recordable
from anju.desk.queries.money import by_month, payees, with_months
from anju.duties.owed import fill_in
from anju.duties.queries import Desk, Shown
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.payments.models import Insurance, Scheme, pays_in, settles_bills
from anju.payments.models import procedure as settling
from anju.policy.model import Policy, Procedure
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline
from anju.register.models.relations import Kind
from anju.register.privacy import works_on
from anju.register.provided import moved_terms, wish_terms
from anju.register.queries.insured import insured_here
from anju.register.queries.whom import Whom, whom

_compared_in = {one.duty: one.value for one in Insurance}
"""The duty to compare → the insurance whose month it is."""
_wish_of = {term: wish for wish, (term, _) in wish_terms.items()}
_relation_of = {term: str(kind) for kind, term in moved_terms.items()}


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty of a page. ``action`` is where it is done, or the place on the subject's page that it is about. ``cause``: the case that it
    followed from, where there is one. ``went``: that its case leads to where the person was before.
    """

    shown: Shown
    whom: Whom | None
    action: str
    does: str
    cause: Cause | None
    went: str = ""


Running = Mapping[tuple[str, str, str], Case]
"""Open cases by kind of subject, subject and procedure."""


def owed(
    officer: Officer,
    scopes: Sequence[Scope],
    shown: Sequence[Shown],
    on: date,
    running: Running | None = None,
    known: Mapping[tuple[str, str], Whom] | None = None,
) -> list[Owed]:
    """The rows; as many questions, however many they are. A subject that the officer may not see has no name, but for whom the officer's
    county insures.

    Args:
        running: the open cases of the subjects where they are known already.
        known: the subjects that the officer is known to see, by name.
    """
    subjects = {(one.duty.subject_kind, one.duty.subject_id) for one in shown}
    followed = causes(officer, (one.duty.pk for one in shown))
    about = dict(known or {})
    about |= whom(officer, subjects - about.keys(), on)
    about |= payees(officer, shown, about.keys())
    about |= _insured(officer, shown, about, on)
    running = open_of(officer, subjects) if running is None else running
    rows = []
    went = went_on(running.values(), {key: one.places for key, one in about.items() if one.places})
    for one in with_months(shown, on):
        subject = about.get((one.duty.subject_kind, one.duty.subject_id))
        here = reaching(scopes, one.duty.origin, one.duty.destination)
        case = _case_of(one, running)
        if case is None and subject is not None and not subject.address:
            action, does = _by_insurer(one, scopes, on), "look"
        else:
            action, does = _by_case(one, here, subject, case) or _action(one, here, subject)
        told = went[case.pk].told() if case and case.pk in went else ""
        rows.append(Owed(one, subject, action, does, followed.get(one.duty.pk), told))
    return rows


def _insured(
    officer: Officer, shown: Sequence[Shown], known: Mapping[tuple[str, str], Whom], on: date
) -> Mapping[tuple[str, str], Whom]:
    """Who lives elsewhere and is owed something by the county that insures them, by name alone."""
    keys = {one.duty.subject_id for one in shown if one.duty.insured and one.duty.subject_kind == "person"}
    rest = sorted(key for key in keys if ("person", key) not in known)
    found = insured_here(officer, rest, on) if rest else {}
    return {("person", key): Whom(one.name, "") for key, one in found.items()}


def _by_insurer(one: Shown, scopes: Sequence[Scope], on: date) -> str:
    """Where the county that insures somebody does what it owes them: a premium in the next batch, a bill on its form; else ""."""
    duty, county = one.duty, f"{one.duty.insured[:6]}000000"
    if duty.closed_on is not None:
        return ""
    for scheme in Scheme:
        if duty.kind == scheme.duty and pays_in(scopes, scheme, county):
            return f"{reverse('premiums:premiums')}#{scheme.value}-{county}-{on.year}"
    if duty.kind == settling and any(scope.lo == county and settles_bills(scope) for scope in scopes):
        return reverse("settlements:new", args=[duty.subject_id])
    return ""


def _case_of(one: Shown, running: Running) -> Case | None:
    """The open case in which a duty is done."""
    duty = one.duty
    if duty.kind not in guideline().duties or duty.closed_on is not None:
        return None
    found = (running.get((duty.subject_kind, duty.subject_id, p)) for p in _leading(guideline().version, duty.kind))
    return next(filter(None, found), None)


def _by_case(one: Shown, scopes: Sequence[Scope], about: Whom | None, case: Case | None) -> tuple[str, str] | None:
    """Where the case of a duty is, or where it is opened: ``case`` or ``open``."""
    duty, kind = one.duty, guideline().duties.get(one.duty.kind)
    if kind is None or about is None or duty.closed_on is not None:
        return None
    if case is not None:
        return reverse("cases:case", args=[case.pk]), "case"
    what, procedure = kind.ends
    if what != "procedure" or subject_of(guideline(), procedure) != duty.subject_kind:
        return None
    return (reverse("cases:new", args=[procedure, duty.subject_id]), "open") if works_on(scopes, duty.clause) else None


@lru_cache(maxsize=512)
def _leading(_version: str, code: str) -> tuple[str, ...]:
    """The procedures in which a duty is done: the one that ends it; of an entry those in whose course its facts come to be known."""
    policy = guideline()
    duty = policy.duties[code]
    if duty.ends[0] == "procedure":
        return (duty.ends[1],)
    return tuple(p.code for p in policy.procedures.values() if _told_in(policy, p) & set(duty.records))


def _told_in(policy: Policy, procedure: Procedure) -> set[str]:
    asked = (policy.term(name) for step in procedure.steps for name in step.fields)
    changed = {effect.what for effect in procedure.effects if effect.kind == "fact"}
    return {term.code for term in asked if term} | changed | {guard.decision for guard in procedure.guards}


_reassessed = "reassess_dibao"


def _action(one: Shown, scopes: Sequence[Scope], about: Whom | None) -> tuple[str, str]:
    """Where a duty without a case is done, and what one does there: ``wish``, ``relation``, ``facts`` or ``look``."""
    duty = one.duty
    if about is None or duty.closed_on is not None:
        return "", ""
    kind, subject = duty.subject_kind, duty.subject_id
    if duty.kind in _compared_in:
        return f"{reverse('comparisons:comparisons')}?insurance={_compared_in[duty.kind]}", "look"
    if duty.kind == _reassessed and works_on(scopes, duty.clause):
        return reverse("reassessments:of", args=[subject]), "look"
    for what, word in _ends(guideline(), duty.kind, one):
        if what == "months" and works_on(scopes, duty.clause):
            return reverse("payments:person", args=[subject]), "look"
        if what == "wish" and kind == "person" and works_on(scopes, duty.clause):
            return reverse("register:person_wish", args=[subject, word]), "wish"
        if what == "relation" and kind == "person" and works_on(scopes, clauses[Kind(word)]):
            return reverse("register:person_relation", args=[subject, word]), "relation"
        if what == "facts" and recordable(kind, word, scopes):
            return reverse(f"register:{kind}_facts", args=[subject, word]), "facts"
    return f"{about.address}#{anchor_of(duty.clause)}", "look"


def _ends(policy: Policy, code: str, one: Shown) -> Iterable[tuple[str, str]]:
    """What ends a duty: a wish, a step of a relation, months, facts of a clause."""
    if code == fill_in:
        yield from (("facts", clause) for clause, _ in one.blanks)
        return
    duty = policy.duties.get(code)
    if duty is None:
        return
    effects = policy.procedures[duty.ends[1]].effects if duty.ends[0] == "procedure" else ()
    for effect in effects:
        if effect.kind == "relation" and effect.what in Kind.values:
            yield "relation", effect.what  # a membership is confirmed by notice and vote, which are facts first
        elif effect.what in _wish_of:
            yield "wish", _wish_of[effect.what]
    for code_of_fact in duty.records:
        yield entry_of(policy, code_of_fact)
    yield "facts", duty.clause


def entry_of(policy: Policy, fact: str) -> tuple[str, str]:
    """Where a fact is put on record: as a wish, as a step of a relation, by the months, or with the facts of its clause."""
    if fact in _wish_of:
        return "wish", _wish_of[fact]
    if fact in _relation_of:
        return "relation", _relation_of[fact]
    return ("months", fact) if fact in by_month else ("facts", policy.terms[fact].clause)


@dataclass(frozen=True, slots=True)
class OfSubject:
    """The duties on a subject's own page."""

    open: Sequence[Owed]
    closed: Sequence[Owed]


def of_subject(
    officer: Officer,
    scopes: Sequence[Scope],
    kind: str,
    subject: str,
    running: Running | None = None,
    known: Mapping[tuple[str, str], Whom] | None = None,
) -> OfSubject:
    """What is owed to a subject, by urgency, and what was; of a household with its people's. ``running``, ``known`` as for `owed`."""
    desk = Desk(officer)
    shown = desk.of_household(subject) if kind == "household" else desk.of_subject(kind, subject)
    rows = owed(officer, scopes, shown, desk.on, running, known)
    still = [row for row in rows if row.shown.duty.closed_on is None]
    return OfSubject(still, [row for row in rows if row.shown.duty.closed_on is not None])
