"""What a resident may apply for and say: what the guideline leaves to the person, as far as it would answer with these facts.

A procedure may be begun by whom its first step names; whether it fits is told by `anju.cases.offers`. A wish may be said where it would
change an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anju.cases.models import for_guardians
from anju.cases.offers import Offer, offer
from anju.cases.procedures import begun_by_person, procedures_for
from anju.check.explanation import Explained
from anju.policy.model import Procedure
from anju.portal.queries.mine import Mine, Ward, answers_to, mine_of
from anju.register.actions.wishes import choices
from anju.register.guideline import guideline
from anju.register.models.wishes import WishKind
from anju.register.provided import unsaid, wish_terms


@dataclass(frozen=True, slots=True)
class Follows:
    """What the guideline says where something is chosen: in a word and why; of what it lacks the names; what is done then, and by whom."""

    label: str
    reason: str
    missing: Sequence[str]
    duties: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wishing:
    """Something that the person may say: the kind, its name, and what was said last ("" nothing). ``follows``: of each choice, in order."""

    kind: str
    label: str
    now: str
    clause: str
    title: str
    follows: Sequence[Follows]


def offers(mine: Mine, on: date) -> Sequence[Offer]:
    """The procedures that the person may begin and that do not run, those that fit first."""
    policy, running = guideline(), {case.known.case.procedure for case in mine.running}
    wanted = [p for p in procedures_for(policy, "person") if begun_by_person(p) and p.code not in running]
    found = [offer_of(mine, procedure, on) for procedure in wanted]
    return sorted(found, key=lambda one: ("fits", "open", "no").index(one.state))


def offers_for(ward: Ward, on: date) -> Sequence[Offer]:
    """What a guardian may begin for a child, and what does not run."""
    policy, running = guideline(), {case.known.case.procedure for case in ward.running}
    wanted = [
        p for p in policy.procedures.values() if p.code in for_guardians(policy.version) and p.code not in running
    ]
    mine = mine_of(ward.acts, on) if wanted else None
    found = [offer_of(mine, procedure, on, guardian=True) for procedure in wanted] if mine else []
    return [one for one in found if one.state != "no"]


def offer_of(mine: Mine, procedure: Procedure, on: date, *, guardian: bool = False) -> Offer:
    """Whether a procedure fits the person, for whom a ``guardian`` asks where it is one."""
    return offer(procedure, "person", mine.facts, mine.person.destination[:6], on, guardian=guardian)


def wishings(mine: Mine, on: date) -> Sequence[Wishing]:
    """What the person may say now; what is an application (申请 or not) is begun as one, and not said."""
    found = []
    for kind in WishKind:
        term = guideline().terms[wish_terms[kind][0]]
        if kind == WishKind.PARTY and mine.facts.get("party_member") is not True:
            continue  # nobody is asked here whether he is a member
        if term.kind == "enum" and (follows := _follows(mine, kind, on)):
            known = mine.facts.get(term.code)
            now = "" if known in (None, *unsaid) else term.label(known)
            title = guideline().clauses[term.clause].title
            found.append(Wishing(kind, kind.label, now, term.clause, title, follows))
    return found


def _follows(mine: Mine, kind: str, on: date) -> Sequence[Follows]:
    """What follows from each choice; nothing where the guideline answers, and may still answer, the same whatever is chosen."""
    code = wish_terms[kind][0]
    each = [answers_to(mine.person, {**mine.facts, code: choice}, on) for choice, _ in choices(kind)]
    apart = [code for code, one in each[0].items() if any(_told(other[code]) != _told(one) for other in each)]
    return [_following([answers[code] for code in apart]) for answers in each] if apart else []


def _following(answers: Sequence[Explained]) -> Follows:
    """What the first of the decisions that differ says, and the duties of them all."""
    first = answers[0]
    duties = {duty.code: (duty.name, duty.who) for one in answers if one.row for duty in one.row.duties}
    label = "" if first.state == "open" else first.label
    return Follows(label, first.row.reason if first.row else "", first.missing, list(duties.values()))


def _told(answer: Explained) -> tuple[str, ...]:
    """An answer with what is owed by it, or those that it may still be."""
    duties = answer.row.duties if answer.row else ()
    return (answer.label, *(duty.code for duty in duties), *(row.result for row in answer.possible))
