"""Insurers' lists of 云阳 and 开州, whom they name, and what was found; all made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anju.duties.models import Duty
from anju.exchange.models import Batch
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Finding
from anju.payments.months import month_of, shifted, text_of
from anju.policy.model import Fact
from anju.register.actions import create_household, create_person
from anju.register.facts import today
from anju.register.models import Person
from tests.exchange.cast import handed_in, merged, workbook
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, clerk, number

NOW = month_of(today())
LAST = text_of(shifted(NOW, -1))
NAMES = ("张青山", "李秀英", "张长河", "张小河", "王大江", "赵小溪")


def office(account: str, region: str = YUNYANG, line: str = "medical_security") -> Officer:
    return clerk(account, region, "county", line)


def poor(by: Officer, order: int, **facts: Fact | None) -> Person:
    """One of the registered poor, alone in a household."""
    of_home: dict[str, Fact | None] = {"relocatee_kind": facts.pop("relocatee_kind", "registered_poor")}
    home = create_household(by=by, household_code=f"{order}", origin=ORIGIN, destination=DESTINATION, facts=of_home)
    return create_person(
        by=by, name=NAMES[order - 1], number=number(order), household=home, relation="户主", facts=facts
    )


def row(order: int, status: str = "居民医保", **more: Any) -> dict[str, Any]:
    """A line of the list."""
    name = NAMES[order - 1] if order <= len(NAMES) else f"外人{order}"
    return {"姓名": name, "证件号码": number(order), "参保状态": status, **more}


def listed(
    by: Officer, tmp_path: Path, *rows: dict[str, Any], kind: str = "medical_list", region: str = YUNYANG
) -> Batch:
    return handed_in(by, workbook(tmp_path / "名单.xlsx", list(rows)), kind, region)


def taken(importer: Officer, second: Officer, tmp_path: Path, *rows: dict[str, Any], **more: Any) -> Batch:
    return merged(listed(importer, tmp_path, *rows, **more), second)


def found(county: str = YUNYANG, month: int = NOW, insurance: str = "medical") -> set[tuple[str, str]]:
    """What was found, by sort and name."""
    with everything():
        rows = (
            Finding.objects.unscoped().filter(county=county, month=month, insurance=insurance).select_related("person")
        )
        return {(one.sort, one.person.name if one.person else "") for one in rows}


def one_of(sort: str) -> Finding:
    with everything():
        return Finding.objects.unscoped().get(sort=sort)


def owed(kind: str, subject: str) -> bool:
    with everything():
        return Duty.objects.unscoped().owed().filter(kind=kind, subject_id=subject).exists()
