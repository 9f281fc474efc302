"""A step is taken, of one case or of many: by whose turn it is, with what the page wants written down, to where the page lets it go."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from anju.cases.actions.within import other_deed, running_case, running_cases, sent_before, written
from anju.cases.actions.work import Work
from anju.cases.agreeing import check_agreeing, check_branch, check_detached
from anju.cases.consent import lacking, lacks_consent
from anju.cases.effects import ahead, carry_out, give_up
from anju.cases.fields import Field, Value
from anju.cases.guardians import check_guardian
from anju.cases.guards import check_guards, guarded
from anju.cases.land import check_land
from anju.cases.models import Case, Did, Entry, Paper, PaperKind, State, Turn
from anju.cases.most import check_most
from anju.cases.moves import hold_still
from anju.cases.plots import check_plot, lock, plots_at
from anju.cases.procedures import Running, at_the_end, forward, own_moves, takes_effect
from anju.cases.provided import tells, waits_for_resident
from anju.cases.recorded import Recorded
from anju.cases.validity import check_letter, valid_until
from anju.government.models import Officer
from anju.government.queries import asking_once
from anju.government.refusals import Refused, one_deed
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.policy.force import Way
from anju.policy.model import Move, Step
from anju.register.facts import today

_furthest = timedelta(days=366 * 30)
"""A day that is written down may lie so far ahead: a contract's last day, a term of office."""


def take_step(
    *,
    by: Somebody,
    case: UUID | str,
    seen: int,
    action: str,
    fields: Mapping[str, Value] | None = None,
    reason: str = "",
    basis: str = "",
    absent: bool = False,
    on: date | None = None,
    key: UUID | None = None,
    sent: str = "",
) -> Case:
    """Take the step at which a case stands. A resident takes those of the own cases that wait for the person.

    Args:
        seen: `Case.entries` as the officer saw it: another number now means that somebody was faster.
        action: one of the step's, as the page words it.
        fields: what the step wants written down, by name. A way back may leave out what it does not know.
        reason: why it is given back or given up.
        basis: on what paper: where an office acts for one that is not here. A stamped reply that lies with the case says it too.
        absent: at a resident's step, that the resident is not here: then what was signed has to lie with the case.
        on: the day on which it was done, by default today.
        key: the sender's; what was sent twice is done once.
        sent: a digest of everything that a system sent with its key: the same key with something else is refused.

    Raises:
        Refused: out of reach, ended or suspended, somebody else's turn, a way that the page does not have, something not written down or
            not as it should be, a day before the step began or after today.
    """
    given = _Given(action, dict(fields or {}), reason, basis, absent, on or today(), sent)
    with asking_once(), one_deed():
        if done := _sent_before(by, key, case, action, sent):
            return done
        found = running_case(by, case, seen)
        with everything():
            lock(plots_at(found, given.fields))
            hold_still(guarded([found], action))
            work = Work(by, [found])
            _take(work, found, given, key)
            work.write()
    return found


def take_steps(
    *,
    by: Officer,
    cases: Mapping[UUID, tuple[int, UUID]],
    action: str,
    fields: Mapping[str, Value] | None = None,
    own: Mapping[UUID, Mapping[str, Value]] | None = None,
    reason: str = "",
    basis: str = "",
    absent: bool = False,
    on: date | None = None,
) -> dict[UUID, str]:
    """Take the same step of several cases, as `take_step` does, in one transaction with an entry and a journal's entry each.

    Args:
        cases: for each what was seen of it, and the sender's key.
        own: what is written down for each case alone, beside the ``fields`` of all.

    Returns:
        Why a case was refused, "" where it was done. Those that are refused stay as they were, and keep nobody else from going on.
    """
    given = _Given(action, dict(fields or {}), reason, basis, absent, on or today(), together=True)
    told = dict.fromkeys(cases, "")
    each = {case: replace(given, fields={**given.fields, **(own or {}).get(case, {})}) for case in cases}
    try:
        with asking_once(), one_deed():
            sent = _sent_already(by, {key: case for case, (_, key) in cases.items()}, action, told)
            found = running_cases(by, {case: seen for case, (seen, _) in cases.items() if case not in sent}, told)
            with everything():
                lock(plot for case in found for plot in plots_at(case, each[case.pk].fields))
                hold_still(guarded(found, action))
                work = Work(by, found)
                for case in found:
                    try:
                        _take(work, case, each[case.pk], cases[case.pk][1])
                    except Refused as refused:
                        told[case.pk] = str(refused)
                work.write()
    except Refused:  # the database refused one of them: one by one it is told which
        return {case: _alone(by, case, *of, each[case]) for case, of in cases.items()}
    return told


def _alone(by: Officer, case: UUID, seen: int, key: UUID, given: _Given) -> str:
    try:
        take_step(
            by=by,
            case=case,
            seen=seen,
            action=given.action,
            fields=given.fields,
            reason=given.reason,
            basis=given.basis,
            absent=given.absent,
            on=given.on,
            key=key,
        )
    except Refused as refused:
        return str(refused)
    return ""


@dataclass(frozen=True, slots=True)
class _Given:
    """What the officer sent."""

    action: str
    fields: Mapping[str, Value]
    reason: str
    basis: str
    absent: bool
    on: date
    sent: str = ""
    together: bool = False


def _take(work: Work, case: Case, given: _Given, key: UUID | None) -> None:
    """Let the work take a case's step; nothing is said before all is looked at. Raises `Refused`."""
    if case.state == State.SUSPENDED:
        raise Refused("这一件挂起了，先恢复再办。")
    running = Running.of(case)
    step = running.step(case.step)
    move = next((m for m in step.moves if m.action == given.action), None)
    if move is None:
        raise Refused(f"“{step.name}”这一步没有“{given.action}”；可以：{'、'.join(m.action for m in step.moves)}。")
    turns = work.turns(case)
    own = work.own(case, running)
    if not own:
        raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")
    check_day(given.on, own)
    _check_papers(work, case, own, given, on=forward(step, move))
    recorded = Recorded.of(case, running, given.on)
    fields = _fields(recorded, step, move, given)
    values = {**work.values(case), **fields}
    if forward(step, move):
        check_agreeing(fields, values)
        check_branch(move.action, values, step.number, work.done(case))
        check_detached(case, running, fields)
    check_most(case, running, fields)
    check_guardian(work.by, case, running, fields, given.on)
    check_letter(case, running, step, fields, own[0].since)
    check_guards(case, running, step, move, values, recorded, known=work.facts)
    check_land(running, fields if forward(step, move) else {}, lambda terms: work.facts(case, terms))
    work.of_plots |= check_plot(case, fields, ends=move.target == 0)
    told = written(fields, reason=given.reason, basis=given.basis, absent=given.absent)
    part, on = own[0].part, given.on
    whole = {turn.part for turn in turns} == {part} or not forward(step, move)
    if whole and forward(step, move):
        _check_agreed(work.done(case) if part else (), own[0], move)
    holds = _end(case, running, values, on) if whole and move.target == 0 else on
    target = step.number if holds > on else move.target
    gives_up = whole and move.target < 0 and _give_up(case, running, step, move, on)
    changed = whole and move.target > 0 and _take_effect(work, case, running, (step.name, move.action), values, on)
    if whole and (move.target <= 0 or changed):
        work.forget_facts()
    case.entries += 1
    if not whole:
        work.end_turns(case, [turn for turn in turns if turn.part == part])
    elif target > 0:
        _go_on(work, case, running, target, values, since=own[0].since, on=holds)
    else:
        work.end(case, State.DONE if move.target == 0 else State.TERMINATED)
    work.enter(
        case,
        Did.DATED if holds > on else Did.MOVED,
        step=step.number,
        target=target,
        action=move.action,
        part=part,
        told=told,
        on=on,
        key=key,
        sent=given.sent,
    )
    changes = gives_up or changed or (whole and target == 0 and running.effects(at_the_end))
    # of a way back what was on record counts no more
    if changes or (whole and tells(case) and (target <= step.number or waits_for_resident(case, step.number, target))):
        work.touch(case)
    work.note("move", case, step=step.number, did=move.action, to=target)


def _end(case: Case, running: Running, values: Mapping[str, Value], on: date) -> date:
    """Change the register as the end of a case says, or only see that it can be changed so on the day from which it holds; that day."""
    holds = ahead(running, values)
    with transaction.atomic():  # of many cases each changes the register wholly or not at all
        carry_out(case, running, values, holds or on)
        if holds:
            transaction.set_rollback(True)
    return holds or on


def _take_effect(work: Work, case: Case, running: Running, way: Way, values: Mapping[str, Value], on: date) -> bool:
    """Change the register as the page says of a way out of a step; whether anything changes."""
    if not running.effects(way):
        return False
    with transaction.atomic():  # as at the end
        carry_out(case, running, values, on, way)
    if takes_effect(running, way):
        work.take_effect(case)
    return True


def _give_up(case: Case, running: Running, step: Step, move: Move, on: date) -> bool:
    """Change the register as a case that comes to nothing says; whether anything changed."""
    with transaction.atomic():
        return give_up(case, running, step.name, move.action, on)


def _go_on(
    work: Work, case: Case, running: Running, to: int, values: Mapping[str, Value], *, since: date, on: date
) -> None:
    """Let the case stand at a step from a day on; what a letter says of the time there is a fact of the subject too."""
    until = valid_until(case, running.step(case.step), running.step(to), running, values, since=since, on=on)
    work.stand_at(case, to, on, running, until)
    if until is not None:
        work.touch(case)


def _check_papers(work: Work, case: Case, own: Sequence[Turn], given: _Given, *, on: bool) -> None:
    """Raise `Refused` where somebody acts for one that is not here, and nothing says that he may; on the way ``on`` also where somebody had
    the case opened without coming. A resident acts for himself, and what is not done online is refused.
    """
    if isinstance(work.by, Resident):
        allowed = {move.action for move in own_moves(Running.of(case).step(case.step), guardian=bool(work.by.guardian))}
        if given.action not in allowed or given.absent or given.basis.strip():
            raise Refused(f"“{given.action}”不在网上办，请到窗口或者村（社区）办。")
    elif on and lacks_consent(case, work.done(case)):
        raise Refused(lacking)
    if all(work.for_another(turn) for turn in own) and not given.basis.strip() and not _laid(case, PaperKind.REPLY):
        raise Refused("办这一步的单位现在没有人在系统里；请写明凭它的哪一份回函或材料。")
    if given.absent and not all(turn.resident for turn in own):
        raise Refused("这一步不是本人办的，不用代办。")
    if given.absent and not _laid(case, PaperKind.CONSENT):
        raise Refused("代办要有本人签字的授权书或照片：先在“材料”里交上；以前交的只管那一次。")


def _fields(recorded: Recorded, step: Step, move: Move, given: _Given) -> dict[str, Value]:
    """What is written down, once all is as the page wants it. Raises `Refused`."""
    known = recorded.answers(step)
    if typed := [name for name in recorded.owned(step) if given.fields.get(name, known.get(name)) != known.get(name)]:
        whence = "按登记的标准算出来" if typed[0] in recorded.computed else "从登记的公示和表决里来"
        raise Refused(f"“{typed[0]}”不另填，{whence}。")
    if forward(step, move) and (missing := recorded.missing(step)):
        raise Refused(missing)
    needed = recorded.asked(step)
    every = recorded.running.fields(step.number)
    asked = tuple(one for one in every if one in needed or (one.name in given.fields and not given.together))
    spare = {one.name for one in every} - {one.name for one in asked}  # why others are late is not said of this one
    offered = {name: value for name, value in given.fields.items() if name not in spare}
    fields = check_fields(asked, {**offered, **known}, move, step)
    days = [str(given.fields[one.name]) for one in asked if one.kind == "day" and given.fields.get(one.name)]
    if forward(step, move) and (early := recorded.too_early(step, [given.on, *map(date.fromisoformat, days)])):
        raise Refused(early)
    if not forward(step, move) and move.target != step.number and not given.reason.strip():
        raise Refused("退回、补正和终止要写明为什么。")
    return fields


def _laid(case: Case, kind: PaperKind) -> bool:
    """Whether a paper of a kind was laid into the case for the step that is taken now."""
    return Paper.objects.unscoped().filter(case=case, after=case.entries, kind=kind).exists()


def check_day(on: date, turns: Sequence[Turn]) -> None:
    """Raise `Refused` for a day before it was anybody's turn, or after today."""
    if on > today():
        raise Refused("办理日不能晚于今天。")
    if all(on < min(turn.since, today()) for turn in turns):
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
    if field.kind == "day" and not field.ahead and str(value) > today().isoformat():
        raise Refused(f"“{field.name}”写的是 {value}，还没有到；办了再写。")
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


def _check_agreed(done: Sequence[Entry], own: Turn, move: Move) -> None:
    """Where both sides do their part, they go the same way."""
    others = (
        e for e in done if e.seq > own.since_entry and (e.did, e.step) == (Did.MOVED, own.step) and e.part != own.part
    )
    other = max(others, key=lambda entry: entry.seq, default=None)
    if other is not None and other.target != move.target:
        raise Refused(f"另一方办的是“{other.action}”，两边要一致；商量好了再办，或者退回。")


def _sent_before(by: Somebody, key: UUID | None, case: UUID | str, action: str, sent: str) -> Case | None:
    """The case where this was sent and done already. Raises `Refused` where the key was another deed's."""
    entry = sent_before(by, key)
    if entry is None:
        return None
    if (str(entry.case_id), entry.action, entry.sent) != (str(case), action, sent):
        raise Refused(other_deed)
    return entry.case


def _sent_already(by: Officer, keys: Mapping[UUID, UUID], action: str, told: dict[UUID, str]) -> set[UUID]:
    """Of cases by their keys those that were sent and done already; refused in ``told`` where the key was another deed's."""
    with everything():
        entries = list(Entry.objects.unscoped().filter(by=by, key__in=list(keys)).only("key", "case_id", "action"))
    for entry in entries:
        if entry.key and (keys[entry.key], action) != (entry.case_id, entry.action):
            told[keys[entry.key]] = other_deed
    return {keys[entry.key] for entry in entries if entry.key}
