"""A pension that is drawn stays where it is paid, whatever a file says (1.5-4)."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from anju.exchange.actions import decide
from anju.exchange.models import StagedRow
from anju.government.models import Officer
from anju.register.models import Relation
from anju.register.verification import verify
from tests.exchange.cast import ORIGIN, TODAY, clerk, handed_in, merged, verdicts, workbook, zhang
from tests.register.cast import YUNYANG, number

pytestmark = pytest.mark.django_db
WENT = {"已领取": ("已领取", [ORIGIN]), "缴费中": ("缴费中", [ORIGIN, "500235104202"])}
SINCE = TODAY - timedelta(days=9)
STATUSES: dict[str, tuple[str, str, bool]] = {"已领取": ("已领取", "refused", False), "缴费中": ("缴费中", "new", True)}


def holders() -> list[str]:
    steps = Relation.objects.unscoped().filter(kind="pension").order_by("since")
    return list(steps.values_list("holder", flat=True))


def step(holder: str, since: date = SINCE) -> dict[str, object]:
    return {"证件号码": number(1), "姓名": "张青山", "关系": "养老", "归属地代码": holder, "起": since}


@pytest.mark.parametrize(("status", "verdict", "moves"), STATUSES.values(), ids=STATUSES)
def test_a_list_of_steps(
    status: str, verdict: str, moves: bool, importer: Officer, second: Officer, tmp_path: Path
) -> None:
    there = workbook(tmp_path / "人.xlsx", [zhang(1, 迁出地代码=ORIGIN, 养老状态=status, 养老已转入="否")])
    merged(handed_in(importer, there), second)
    assert holders() == [ORIGIN]
    office, other = (clerk(name, YUNYANG, "county", ("human_resources",)) for name in ("office", "office2"))
    batch = handed_in(office, workbook(tmp_path / "步.xlsx", [step(YUNYANG)]), "relations", YUNYANG)
    assert verdicts(batch, "relation") == [verdict]
    if not moves:
        (row,) = StagedRow.objects.unscoped().filter(batch=batch, kind="relation")
        assert row.noted
    else:
        merged(batch, other)
    assert holders() == ([ORIGIN, YUNYANG] if moves else [ORIGIN])
    assert verify()["已经领取养老待遇的，参保地没有再换"] == 0


@pytest.mark.parametrize(("status", "expected"), WENT.values(), ids=WENT)
def test_a_list_of_people_that_is_to_be_taken(
    status: str, expected: list[str], importer: Officer, second: Officer, tmp_path: Path
) -> None:
    there = workbook(tmp_path / "一.xlsx", [zhang(1, 迁出地代码=ORIGIN, 养老状态=status, 养老已转入="否")])
    merged(handed_in(importer, there), second)
    later = workbook(tmp_path / "二.xlsx", [zhang(1, 迁出地代码=ORIGIN, 养老状态=status, 养老已转入="是", 民族="苗族")])
    batch = handed_in(importer, later)
    (row,) = StagedRow.objects.unscoped().filter(batch=batch, kind="person")
    assert row.conflict == "relation"
    decide(by=importer, batch=batch.pk, numbers=[row.number], decision="file")
    merged(batch, second)
    assert holders() == expected
    assert verify()["已经领取养老待遇的，参保地没有再换"] == 0
