"""What a resident may apply for and say: what the guideline leaves to the person, as far as it would answer with these facts.

Nothing is listed a second time. A procedure may be begun by whom its first step names; whether it fits follows from the decisions whose
duties it ends, or that let it go on, asked as if the wish with which it begins (立件) were said already. A wish may be said where it
would change an answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anju.cases.effects import begun_with
from anju.cases.models import for_guardians
from anju.cases.procedures import Running, begun_by_person, own_moves, procedures_for
from anju.check.explanation import Explained
from anju.policy.model import Policy, Procedure
from anju.portal.queries.mine import Mine, Ward, answers_to, mine_of
from anju.register.actions.wishes import choices
from anju.register.guideline import guideline
from anju.register.models.wishes import WishKind
from anju.register.provided import unsaid, wish_terms

State = Literal["fits", "open", "no"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure that begins with the person. ``state``: it fits by what is known; open, since the register lacks ``missing``; or not, and
    ``why`` by the page's words.
    """

    procedure: Procedure
    title: str
    state: State
    why: str
    missing: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wishing:
    """Something that the person may say: the kind, its name, and what was said last ("" nothing)."""

    kind: str
    label: str
    now: str


def offers(mine: Mine, on: date) -> Sequence[Offer]:
    """The procedures that the person may begin and that do not run, those that fit first."""
    policy, running = guideline(), {case.known.case.procedure for case in mine.running}
    wanted = [p for p in procedures_for(policy, "person") if begun_by_person(p) and p.code not in running]
    found = [offer_of(mine, procedure, on) for procedure in wanted]
    return sorted(found, key=lambda offer: ("fits", "open", "no").index(offer.state))


def offers_for(ward: Ward, on: date) -> Sequence[Offer]:
    """What a guardian may begin for a child, and what does not run."""
    policy, running = guideline(), {case.known.case.procedure for case in ward.running}
    wanted = [
        p for p in policy.procedures.values() if p.code in for_guardians(policy.version) and p.code not in running
    ]
    mine = mine_of(ward.acts, on) if wanted else None
    found = [offer_of(mine, procedure, on, guardian=True) for procedure in wanted] if mine else []
    return [offer for offer in found if offer.state != "no"]


def offer_of(mine: Mine, procedure: Procedure, on: date, *, guardian: bool = False) -> Offer:
    """Whether a procedure fits the person, for whom a ``guardian`` asks where it is one."""
    policy = guideline()
    facts = {**mine.facts, **begun_with(Running(policy, procedure))}
    duties = {kind.code for kind in policy.duties.values() if kind.ends == ("procedure", procedure.code)}
    answers = answers_to(mine.person, facts, on)
    right = _guarded(policy, procedure) if not duties else {}
    asked = [answers[code] for code in (*_leading(policy, duties), *right) if code in answers]
    title = policy.clauses[procedure.clause].title
    if why := _shut(policy, procedure, answers, guardian=guardian):
        return Offer(procedure, title, "no", why, ())
    fitting = (duties & _duties_of(answer) or answer.label in right.get(answer.code, ()) for answer in asked)
    if any(fitting):
        return Offer(procedure, title, "fits", "", ())
    missing = [name for answer in asked if answer.state == "open" for name in answer.missing]
    if missing or not asked:
        return Offer(procedure, title, "open", "", list(dict.fromkeys(missing)))
    return Offer(procedure, title, "no", _why(asked), ())


def _shut(policy: Policy, procedure: Procedure, answers: Mapping[str, Explained], *, guardian: bool) -> str:
    """Why it is somebody else who begins: a child's guardian for the child, whoever is of age for himself; "" where nothing says so."""
    if procedure.code not in for_guardians(policy.version):
        return ""
    first = procedure.steps[0]
    actions = {move.action for move in own_moves(first, guardian=guardian)}
    for guard in procedure.guards:
        answer = answers.get(guard.decision) if (guard.step == first.name and guard.action in actions) else None
        right = [policy.terms[guard.decision].label(value) for value in guard.values] if answer else []
        if answer and answer.state != "open" and answer.label not in right:
            return f"由{answer.label}申请：{answer.row.reason if answer.row else ''}"
    return ""


def _leading(policy: Policy, duties: set[str]) -> Sequence[str]:
    return [d.code for d in policy.decisions.values() if any(duties & set(row.duties) for row in d.rows)]


def _guarded(policy: Policy, procedure: Procedure) -> Mapping[str, Sequence[str]]:
    """Of a procedure that ends no duty: the decisions that let it go on, and what they have to say."""
    found: dict[str, list[str]] = {}
    for guard in procedure.guards:
        if guard.decision in policy.decisions:
            term = policy.terms[guard.decision]
            found.setdefault(guard.decision, []).extend(term.label(value) for value in guard.values)
    return found


def _duties_of(answer: Explained) -> set[str]:
    return {duty.code for duty in answer.row.duties} if answer.row else set()


def _why(asked: Sequence[Explained]) -> str:
    """What the first of the decisions says instead."""
    first = asked[0]
    return f"{first.label}：{first.row.reason}" if first.row and first.row.reason else first.label


def wishings(mine: Mine, on: date) -> Sequence[Wishing]:
    """What the person may say now; what is an application (申请 or not) is begun as one, and not said."""
    found = []
    for kind in WishKind:
        term = guideline().terms[wish_terms[kind][0]]
        if kind == WishKind.PARTY and mine.facts.get("party_member") is not True:
            continue  # nobody is asked here whether he is a member
        if term.kind == "enum" and _matters(mine, kind, on):
            known = mine.facts.get(term.code)
            now = "" if known in (None, *unsaid) else term.label(known)
            found.append(Wishing(kind, kind.label, now))
    return found


def _matters(mine: Mine, kind: str, on: date) -> bool:
    """Whether the guideline answers, or may still answer, otherwise for one choice than for another."""
    code = wish_terms[kind][0]
    told = [_told(answers_to(mine.person, {**mine.facts, code: choice}, on)) for choice, _ in choices(kind)]
    return any(other != told[0] for other in told)


def _told(answers: Mapping[str, Explained]) -> Mapping[str, tuple[str, ...]]:
    """Each answer, or those that it may still be."""
    return {code: (a.label, *(row.result for row in a.possible)) for code, a in answers.items()}
