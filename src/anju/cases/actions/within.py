"""What all deeds on cases have in common: the case, locked and as the officer saw it; its entry; the journal's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from anju.cases.fields import Value
from anju.cases.models import Case, Did, Entry, State, Turn, open_states
from anju.cases.procedures import Running
from anju.cases.turns import turns_at
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.journal.actions import record
from anju.register.actions.within import check_plain, locked

most_words = 1000


def running_case(by: Officer, case: UUID | str, seen: int | None = None) -> Case:
    """The case, locked. Raises `Refused` where it is foreign, has ended, or somebody was faster than what was ``seen``."""
    found = locked(Case, by, case)
    if found.state not in open_states:
        raise Refused(f"这一件已经{found.get_state_display()}，不再办。")
    if seen is not None and found.entries != seen:
        raise Refused("这一件刚刚有人办过，请打开最新的再办。")
    return found


def open_turns(case: Case) -> list[Turn]:
    """The turns that wait at a case."""
    return list(Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk"))


def written(fields: Mapping[str, Value], *, reason: str = "", basis: str = "", absent: bool = False) -> str:
    """What an entry tells, as JSON. Raises `Refused` for what is too long or has an ID number in it."""
    texts = [reason, basis, *(value for value in fields.values() if isinstance(value, str))]
    check_plain(*texts)
    if any(len(text) > most_words for text in texts):
        raise Refused(f"每一项最多写 {most_words} 个字。")
    told = {"fields": dict(fields), "reason": reason.strip(), "basis": basis.strip(), "absent": absent}
    return json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False)


def add_entry(
    case: Case,
    by: Officer | None,
    did: Did,
    *,
    step: int,
    target: int,
    told: str,
    on: date,
    action: str = "",
    part: str = "",
    key: UUID | None = None,
) -> Entry:
    """The entry that belongs to what `case.entries` counts now."""
    office = acting(by).post if by else "系统"
    entry = Entry(
        case=case,
        seq=case.entries,
        did=did,
        step=step,
        action=action,
        target=target,
        part=part,
        by=by,
        office=office,
        on=on,
        key=key,
    )
    entry.told = told
    entry.save(force_insert=True)
    return entry


def stand_at(case: Case, step: int, since: date, running: Running) -> None:
    """Let a case stand at a step: the turns there are over, those of the step begin."""
    end_turns(open_turns(case), case.entries)
    case.step = step
    Turn.objects.unscoped().bulk_create(turns_at(case, running, since))


def end_turns(turns: list[Turn], entry: int) -> None:
    """The turns are over with an entry."""
    Turn.objects.unscoped().filter(pk__in=[turn.pk for turn in turns]).update(until_entry=entry)


def end(case: Case, state: State) -> None:
    """Let a case end."""
    end_turns(open_turns(case), case.entries)
    case.state, case.step, case.review_on, case.closed_at = state, 0, None, timezone.now()


def note(by: Officer | None, action: str, case: Case, **detail: Any) -> None:
    """Write the journal's entry of a deed."""
    record(
        actor=acting(by),
        action=f"cases.{action}",
        object_kind="case",
        object_id=str(case.pk),
        detail={"procedure": case.procedure, "subject": f"{case.subject_kind} {case.subject_id}", **detail},
    )
