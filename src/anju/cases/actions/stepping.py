"""A step is taken: by whose turn it is, with what the page wants written down, to where the page lets it go."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from anju.cases.actions.within import add_entry, end, end_turns, note, open_turns, running_case, stand_at, written
from anju.cases.effects import carry_out
from anju.cases.fields import Field, Value
from anju.cases.guards import check_guards
from anju.cases.models import Case, Did, Entry, Paper, PaperKind, State, Turn
from anju.cases.procedures import Running, forward
from anju.cases.recorded import Recorded
from anju.cases.turns import mine, vacant
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.policy.model import Move, Step
from anju.register.actions.within import scopes_of
from anju.register.facts import today

_furthest = timedelta(days=366 * 30)
"""A day that is written down may lie so far ahead: a contract's last day, a term of office."""


def take_step(
    *,
    by: Officer,
    case: UUID | str,
    seen: int,
    action: str,
    fields: Mapping[str, Value] | None = None,
    reason: str = "",
    basis: str = "",
    absent: bool = False,
    on: date | None = None,
    key: UUID | None = None,
) -> Case:
    """Take the step at which a case stands.

    Args:
        seen: `Case.entries` as the officer saw it: another number now means that somebody was faster.
        action: one of the step's, as the page words it.
        fields: what the step wants written down, by name. A way back may leave out what it does not know.
        reason: why it is given back or given up.
        basis: on what paper: where an office acts for one that is not here. A stamped reply that lies with the case says it too.
        absent: at a resident's step, that the resident is not here: then what was signed has to lie with the case.
        on: the day on which it was done, by default today.
        key: the sender's; what was sent twice is done once.

    Raises:
        Refused: out of reach, ended or suspended, somebody else's turn, a way that the page does not have, something not written down or
            not as it should be, a day before the step began or after today.
    """
    with one_deed():
        if key is not None and (done := _sent_before(by, key, case, action)):
            return done
        found = running_case(by, case, seen)
        if found.state == State.SUSPENDED:
            raise Refused("这一件挂起了，先恢复再办。")
        with everything():
            _take(found, by, _Given(action, dict(fields or {}), reason, basis, absent, on or today(), key))
    return found


@dataclass(frozen=True, slots=True)
class _Given:
    """What the officer sent."""

    action: str
    fields: Mapping[str, Value]
    reason: str
    basis: str
    absent: bool
    on: date
    key: UUID | None


def _take(case: Case, by: Officer, given: _Given) -> None:
    running = Running.of(case)
    step = running.step(case.step)
    move = next((m for m in step.moves if m.action == given.action), None)
    if move is None:
        raise Refused(f"“{step.name}”这一步没有“{given.action}”；可以：{'、'.join(m.action for m in step.moves)}。")
    turns = open_turns(case)
    own = mine(turns, scopes_of(by), case, running, today())
    if not own:
        raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")
    recorded = Recorded.of(case, running)
    fields = _fields(case, recorded, step, move, own, given)
    check_guards(case, running, step, move, {**values_of(case), **fields}, recorded)
    part, on = own[0].part, given.on
    whole = {turn.part for turn in turns} == {part} or not forward(step, move)
    if whole and forward(step, move):
        _check_agreed(case, step, part, move)
    case.entries += 1
    if not whole:
        end_turns([turn for turn in turns if turn.part == part], case.entries)
    elif move.target > 0:
        stand_at(case, move.target, on, running)
    else:
        end(case, State.DONE if move.target == 0 else State.TERMINATED)
    case.save()
    add_entry(
        case,
        by,
        Did.MOVED,
        step=step.number,
        target=move.target,
        action=move.action,
        part=part,
        told=written(fields, reason=given.reason, basis=given.basis, absent=given.absent),
        on=on,
        key=given.key,
    )
    if whole and move.target == 0:
        carry_out(case, running, values_of(case), on)
    note(by, "move", case, step=step.number, did=move.action, to=move.target)


def _fields(case: Case, recorded: Recorded, step: Step, move: Move, own: list[Turn], given: _Given) -> dict[str, Value]:
    """What is written down, once all is as the page wants it. Raises `Refused`."""
    check_day(given.on, own)
    if all(vacant(turn, today()) for turn in own) and not given.basis.strip() and not _laid(case, PaperKind.REPLY):
        raise Refused("办这一步的单位现在没有人在系统里；请写明凭它的哪一份回函或材料。")
    if given.absent and not all(turn.resident for turn in own):
        raise Refused("这一步不是本人办的，不用代办。")
    if given.absent and not _laid(case, PaperKind.CONSENT):
        raise Refused("代办要有本人签字的授权书或照片：先在“材料”里交上。")
    known = recorded.answers(step)
    if typed := [name for name in recorded.owned(step) if given.fields.get(name, known.get(name)) != known.get(name)]:
        raise Refused(f"“{typed[0]}”不另填，从登记的公示和表决里来。")
    if forward(step, move) and (missing := recorded.missing(step)):
        raise Refused(missing)
    fields = check_fields(recorded.running.fields(step.number), {**given.fields, **known}, move, step)
    if not forward(step, move) and move.target != step.number and not given.reason.strip():
        raise Refused("退回、补正和终止要写明为什么。")
    return fields


def _laid(case: Case, kind: PaperKind) -> bool:
    """Whether a paper of a kind was laid into the case for the step that is taken now."""
    return Paper.objects.unscoped().filter(case=case, after=case.entries, kind=kind).exists()


def values_of(case: Case) -> dict[str, Value]:
    """What was written down so far, the latest of each."""
    values: dict[str, Value] = {}
    for entry in Entry.objects.unscoped().filter(case=case).order_by("seq"):
        values.update(json.loads(entry.told.reveal()).get("fields", {}))
    return values


def check_day(on: date, turns: list[Turn]) -> None:
    """Raise `Refused` for a day before it was anybody's turn, or after today."""
    if on > today():
        raise Refused("办理日不能晚于今天。")
    if all(on < turn.since for turn in turns):
        raise Refused(f"办理日不能早于轮到这一步的 {turns[0].since}。")


def check_fields(fields: tuple[Field, ...], given: Mapping[str, Value], move: Move, step: Step) -> dict[str, Value]:
    """What was written down, as it is kept. Raises `Refused` for what is missing on the way on, unknown, or not as it should be."""
    known = {field.name: field for field in fields}
    if strange := [name for name in given if name not in known]:
        raise Refused(f"“{step.name}”这一步没有“{strange[0]}”这一项。")
    kept = {name: _value(known[name], value) for name, value in given.items() if value not in ("", None)}
    kept = {name: value for name, value in kept.items() if known[name].kind != "paper" or value}
    missing = [name for name in known if name not in kept]
    if forward(step, move) and missing:
        raise Refused(f"还没有填：{'、'.join(missing)}。没有的写“无”。")
    return kept


def _value(field: Field, value: Value) -> Value:
    good = {
        "text": lambda: isinstance(value, str),
        "paper": lambda: isinstance(value, bool),
        "yes": lambda: isinstance(value, bool),
        "whole": lambda: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
        "number": lambda: isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0,
        "choice": lambda: value in dict(field.choices),
        "day": lambda: isinstance(value, str) and _is_day(value),
        "month": lambda: isinstance(value, str) and bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value)),
    }[field.kind]()
    if not good:
        raise Refused(f"“{field.name}”不能是“{value}”，要写{_expected[field.kind]}。")
    return value.strip() if isinstance(value, str) else value


_expected = {
    "text": "文字",
    "paper": "有没有交验",
    "yes": "是或否",
    "whole": "不小于 0 的整数",
    "number": "不小于 0 的数",
    "choice": "列出的一种",
    "day": "日期，比如 2026-06-30",
    "month": "月份，比如 2026-06",
}


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2026-11-27") and date(1900, 1, 1) <= day <= today() + _furthest


def _check_agreed(case: Case, step: Step, part: str, move: Move) -> None:
    """Where both sides do their part, they go the same way."""
    if not part:
        return
    since = Turn.objects.unscoped().filter(case=case, step=step.number).order_by("-since_entry").first()
    before = Entry.objects.unscoped().filter(case=case, did=Did.MOVED, step=step.number)
    other = before.filter(seq__gt=since.since_entry if since else 0).exclude(part=part).order_by("-seq").first()
    if other is not None and other.target != move.target:
        raise Refused(f"另一方办的是“{other.action}”，两边要一致；商量好了再办，或者退回。")


def _sent_before(by: Officer, key: UUID, case: UUID | str, action: str) -> Case | None:
    """The case where this was sent and done already. Raises `Refused` where the key was another deed's."""
    with everything():
        entry = Entry.objects.unscoped().filter(by=by, key=key).select_related("case").first()
    if entry is None:
        return None
    if str(entry.case_id) != str(case) or entry.action != action:
        raise Refused("这一次提交和上一次不一样，请打开最新的再办。")
    return entry.case
