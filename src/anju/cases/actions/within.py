"""What all deeds on cases have in common: the case, locked and as the officer saw it; what is written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import UUID, uuid5

from anju.cases.fields import Value, most_words
from anju.cases.models import Case, Entry, Paper, Scan, Turn, open_states
from anju.cases.procedures import Running
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.journal.actions import Deed, record_all
from anju.register.actions.within import check_plain, locked, not_there
from anju.register.facts import today
from anju.register.queries.whom import whom


def sender(by: Somebody | None, key: UUID | None) -> tuple[Officer | None, UUID | None]:
    """As whose, and under which number, what somebody sends is kept: a resident is no officer, and the number is the resident's alone."""
    if isinstance(by, Resident):
        hand = by.guardian.person if by.guardian else by.person
        return None, uuid5(hand, str(key)) if key else None
    return by, key


def running_case(by: Somebody, case: UUID | str, seen: int | None = None) -> Case:
    """The case, locked. Raises `Refused` where it is foreign, has ended, or somebody was faster than what was ``seen``."""
    found = locked(Case, by, case)
    if why := why_not(found, seen):
        raise Refused(why)
    return found


def running_cases(by: Officer, seen: Mapping[UUID, int], told: dict[UUID, str]) -> list[Case]:
    """The cases, locked in the order of their subjects as what follows locks these; who would be refused alone is refused in ``told``."""
    found = {case.pk: case for case in locked_cases(by, list(seen)).values()}
    told.update((key, not_there) for key in seen if key not in found)
    told.update((key, why) for key, case in found.items() if (why := why_not(case, seen[key])))
    return [case for key, case in found.items() if not told[key]]


def locked_cases(by: Officer, keys: Sequence[UUID | str]) -> dict[str, Case]:
    """Cases by id, as far as the officer sees them, locked in the order of their subjects."""
    rows = Case.objects.visible_to(by, purpose="经办").select_for_update(of=("self",)).filter(pk__in=list(keys))
    return {str(case.pk): case for case in rows.order_by("subject_id", "pk")}


@contextmanager
def naming(by: Officer, case: Case) -> Iterator[None]:
    """Let a refusal within a deed on several cases say about whom it is."""
    try:
        yield
    except Refused as refused:
        about = whom(by, [(case.subject_kind, case.subject_id)], today())
        raise Refused("：".join([*(one.name for one in about.values()), str(refused)])) from refused


def laid_already(case: Case, scan: Scan) -> Paper | None:
    """The paper of a case that shows the same, whoever laid it in as what. Asked for nobody."""
    return Paper.objects.unscoped().filter(case=case, scan=scan).first()


def each_together(
    by: Officer, cases: Sequence[tuple[UUID | str, int | None]], check: Callable[[Case, Running], None]
) -> list[Case]:
    """Cases that something is done for at once, locked as they were seen and checked one by one; of one village, page and step.

    Raises:
        Refused: what running cases are refused and what ``check`` says, of several with the name; cases that do not belong together.
    """
    if not cases:
        raise Refused("至少要有一件。")
    rows = locked_cases(by, [key for key, _seen in cases])
    if not all(str(key) in rows for key, _seen in cases):
        raise Refused(not_there)
    found = [rows[str(key)] for key, _seen in cases]
    for case, (_key, seen) in zip(found, cases, strict=True):
        with naming(by, case) if len(cases) > 1 else nullcontext():
            if why := why_not(case, seen):
                raise Refused(why)
            with everything():
                check(case, Running.of(case))
    if len({(case.procedure, case.version_id, case.step, case.destination) for case in found}) > 1:
        raise Refused("只能一起办同一个村社区、同一个流程、同一步的件。")
    return found


def why_not(case: Case, seen: int | None) -> str:
    """Why nothing is done in a case any more, or not as it was ``seen``; "" where it may be."""
    if case.state not in open_states:
        return f"这一件已经{case.get_state_display()}，不再办。"
    return "这一件刚刚有人办过，请打开最新的再办。" if seen not in (None, case.entries) else ""


other_deed = "这一次提交和上一次不一样，请打开最新的再办。"


def sent_before(by: Somebody, key: UUID | None) -> Entry | None:
    """The entry by which what was sent with a key was done already."""
    if key is None:
        return None
    officer, number = sender(by, key)
    with everything():
        return Entry.objects.unscoped().filter(by=officer, key=number).select_related("case").first()


def open_turns(case: Case) -> list[Turn]:
    """The turns that wait at a case."""
    return list(Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk"))


def deed(action: str, case: Case, **detail: Any) -> Deed:
    """What the journal says of a deed."""
    told = {"procedure": case.procedure, "subject": f"{case.subject_kind} {case.subject_id}", **detail}
    return Deed(action=f"cases.{action}", object_kind="case", object_id=str(case.pk), detail=told)


def note(by: Somebody, action: str, case: Case, **detail: Any) -> None:
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
