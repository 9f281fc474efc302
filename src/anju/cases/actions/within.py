"""What all deeds on cases have in common: the case, locked and as the officer saw it; what is written down."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from anju.cases.fields import Value
from anju.cases.models import Case, Turn, open_states
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.journal.actions import Deed, record_all
from anju.register.actions.within import check_plain, locked, not_there

most_words = 1000


def running_case(by: Officer, case: UUID | str, seen: int | None = None) -> Case:
    """The case, locked. Raises `Refused` where it is foreign, has ended, or somebody was faster than what was ``seen``."""
    found = locked(Case, by, case)
    if why := _why_not(found, seen):
        raise Refused(why)
    return found


def running_cases(by: Officer, seen: Mapping[UUID, int], told: dict[UUID, str]) -> list[Case]:
    """The cases, locked in the order of their subjects as what follows locks these; who would be refused alone is refused in ``told``."""
    rows = Case.objects.visible_to(by, purpose="经办").select_for_update(of=("self",)).filter(pk__in=list(seen))
    found = {case.pk: case for case in rows.order_by("subject_id", "pk")}
    told.update((key, not_there) for key in seen if key not in found)
    told.update((key, why) for key, case in found.items() if (why := _why_not(case, seen[key])))
    return [case for key, case in found.items() if not told[key]]


def _why_not(case: Case, seen: int | None) -> str:
    if case.state not in open_states:
        return f"这一件已经{case.get_state_display()}，不再办。"
    return "这一件刚刚有人办过，请打开最新的再办。" if seen not in (None, case.entries) else ""


def open_turns(case: Case) -> list[Turn]:
    """The turns that wait at a case."""
    return list(Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk"))


def deed(action: str, case: Case, **detail: Any) -> Deed:
    """What the journal says of a deed."""
    told = {"procedure": case.procedure, "subject": f"{case.subject_kind} {case.subject_id}", **detail}
    return Deed(action=f"cases.{action}", object_kind="case", object_id=str(case.pk), detail=told)


def note(by: Officer, action: str, case: Case, **detail: Any) -> None:
    """Write the journal's entry of a deed beside the steps."""
    record_all(actor=acting(by), deeds=[deed(action, case, **detail)])


def written(fields: Mapping[str, Value], *, reason: str = "", basis: str = "", absent: bool = False) -> str:
    """What an entry tells, as JSON. Raises `Refused` for what is too long or has an ID number in it."""
    texts = [reason, basis, *(value for value in fields.values() if isinstance(value, str))]
    check_plain(*texts)
    if any(len(text) > most_words for text in texts):
        raise Refused(f"每一项最多写 {most_words} 个字。")
    told = {"fields": dict(fields), "reason": reason.strip(), "basis": basis.strip(), "absent": absent}
    return json.dumps({key: value for key, value in told.items() if value}, ensure_ascii=False)
