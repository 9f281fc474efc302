"""What other offices answered, row by row: whether it can be taken, and the step that it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anju.cases.actions import take_step
from anju.cases.actions.stepping import check_fields
from anju.cases.answers import Answer, given
from anju.cases.clocks import Clocks
from anju.cases.outcomes import Outcome, Row
from anju.cases.procedures import forward
from anju.cases.queries.one import Shown, seen_case, sent, shown
from anju.government.asking import Asking
from anju.government.refusals import Refused

_not_there = "没有这一件，或者不在您的范围里。"


@dataclass(frozen=True, slots=True)
class Looked:
    """A row with what is wrong about it, "" for what can be accepted; ``done``: it was accepted, now or before."""

    answer: Answer
    wrong: str
    done: bool = False


def looked(who: Asking, answer: Answer) -> Looked:
    """Whether a row can be accepted, as the case stands now."""
    if answer.wrong:
        return Looked(answer, answer.wrong)
    known = _known(who, answer)
    if known is None:
        return Looked(answer, _not_there)
    if sent(who.officer, known.case, str(answer.key)):
        return Looked(answer, "", done=True)
    step = known.step
    if step is None or known.case.entries != answer.seen:
        return Looked(answer, "发出这份表以后，这一件已经有人办过。")
    move = next((one for one in step.moves if one.action == answer.action), None)
    if move is None:
        return Looked(
            answer, f"“{step.name}”没有“{answer.action}”；可以：{'、'.join(one.action for one in step.moves)}。"
        )
    if not known.vacant:
        return Looked(answer, "这一步现在不等别处答复，请在件里办。")
    try:
        told = given(answer, known.typed)
        check_fields(known.fields, {**told["fields"], **known.recorded.answers(step)}, move, step)
        if not told["basis"]:
            raise Refused("“凭据”空着：写明是哪一份回函。")
        if not forward(step, move) and move.target != step.number and not told["reason"]:
            raise Refused("退回、补正和终止要写明为什么。")
    except Refused as refused:
        return Looked(answer, str(refused))
    return Looked(answer, "")


def taken(who: Asking, answer: Answer) -> Looked:
    """Take the step that a row is, in its own transaction, if it can be."""
    found = looked(who, answer)
    if found.wrong or found.done:
        return found
    try:
        known = _known(who, answer)
        if known is None:
            raise Refused(_not_there)
        told = given(answer, known.typed)
        take_step(by=who.officer, case=answer.case, seen=answer.seen, action=answer.action, key=answer.key, **told)
    except Refused as refused:
        return Looked(answer, str(refused))
    return Looked(answer, "", done=True)


def look_at_rows(who: Asking, _told: Mapping[str, Any], rows: Sequence[Row]) -> list[Outcome]:
    """Whether each of some rows can be accepted."""
    return [Outcome(one.wrong, one.answer.case) for one in (looked(who, Answer(**row)) for row in rows)]


def answer_rows(who: Asking, _told: Mapping[str, Any], rows: Sequence[Row]) -> list[Outcome]:
    """Accept each of some rows."""
    return [Outcome(one.wrong, one.answer.case) for one in (taken(who, Answer(**row)) for row in rows)]


def _known(who: Asking, answer: Answer) -> Shown | None:
    case = seen_case(who.officer, answer.case)
    return shown(who.officer, who.scopes, case, Clocks(who.today)) if case is not None else None
