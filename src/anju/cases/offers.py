"""Whether a procedure fits somebody or something, as far as the guideline would answer with these facts: on the page that opens a case, and
on the resident's own.

Nothing is listed a second time. It follows from the decisions whose duties the procedure ends, or that let it go on, asked as if the wish
with which it begins (立件) were said already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from anju.cases.effects import begun_with
from anju.cases.models import for_guardians
from anju.cases.procedures import Running, own_moves
from anju.cases.provided import at_first
from anju.duties.editions import Counties
from anju.policy.closures import Answer
from anju.policy.model import Fact, Policy, Procedure
from anju.register.guideline import guideline

State = Literal["fits", "open", "no"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure for somebody. ``state``: it fits by what is known; open, since the register lacks ``missing``; or not, and ``why`` by the
    page's words.
    """

    procedure: Procedure
    title: str
    state: State
    why: str
    missing: Sequence[str]


def offer(
    procedure: Procedure,
    kind: str,
    facts: Mapping[str, Fact | None],
    county: str,
    on: date,
    *,
    guardian: bool | None = False,
    sees: Callable[[str], bool] = lambda _: True,
) -> Offer:
    """Whether a procedure fits a subject of a ``kind`` with these facts, in a ``county`` (six digits).

    Args:
        guardian: whether a child's guardian asks; None where an officer does, who may begin for either.
        sees: whether who asks may see a fact or decision, by its code.
    """
    policy = guideline()
    known = {**facts, **at_first(procedure.code, on), **begun_with(Running(policy, procedure))}
    answers = Counties.of(policy, on).judge(county).case(kind).answer(known)
    answers = {code: answer for code, answer in answers.items() if sees(code)}
    duties = {one.code for one in policy.duties.values() if one.ends == ("procedure", procedure.code)}
    right = _guarded(policy, procedure) if not duties else {}
    asked = [answers[code] for code in (*_leading(policy, duties), *right) if code in answers]
    title = policy.clauses[procedure.clause].title
    if guardian is not None and (why := _shut(policy, procedure, answers, guardian=guardian)):
        return Offer(procedure, title, "no", why, ())
    if any(duties & set(one.duties) or one.value in right.get(one.decision.code, ()) for one in asked):
        return Offer(procedure, title, "fits", "", ())
    names = {code: term.name for code, term in policy.terms.items() if sees(code)}
    missing = [names[code] for one in asked for code in one.missing if code in names]
    if not asked or any(one.missing for one in asked):
        return Offer(procedure, title, "open", "", list(dict.fromkeys(missing)))
    return Offer(procedure, title, "no", _why(asked), ())


def _shut(policy: Policy, procedure: Procedure, answers: Mapping[str, Answer], *, guardian: bool) -> str:
    """Why it is somebody else who begins: a child's guardian for the child, whoever is of age for himself; "" where nothing says so."""
    if procedure.code not in for_guardians(policy.version):
        return ""
    first = procedure.steps[0]
    actions = {move.action for move in own_moves(first, guardian=guardian)}
    for guard in procedure.guards:
        answer = answers.get(guard.decision) if (guard.step == first.name and guard.action in actions) else None
        if answer and not answer.missing and answer.value not in guard.values:
            return f"由{answer.label}申请{f'：{answer.reason}' if answer.reason not in ('', answer.label) else ''}"
    return ""


def _leading(policy: Policy, duties: set[str]) -> Sequence[str]:
    return [d.code for d in policy.decisions.values() if any(duties & set(row.duties) for row in d.rows)]


def _guarded(policy: Policy, procedure: Procedure) -> Mapping[str, Sequence[bool | str]]:
    """Of a procedure that ends no duty: the decisions that let it go on, and what they have to say."""
    found: dict[str, list[bool | str]] = {}
    for guard in procedure.guards:
        if guard.decision in policy.decisions:
            found.setdefault(guard.decision, []).extend(guard.values)
    return found


def _why(asked: Sequence[Answer]) -> str:
    """What the first of the decisions says instead."""
    first = asked[0]
    label = first.label if first.applicable else "不适用"
    return f"{label}：{first.reason}" if first.reason and first.reason != label else label
