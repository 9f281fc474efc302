"""A pension that is drawn stays where it is paid, whatever a list of people says (1.5-4)."""

from __future__ import annotations

from pathlib import Path

import pytest

from anju.exchange.actions import decide
from anju.exchange.models import StagedRow
from anju.government.models import Officer
from anju.register.models import Relation
from anju.register.verification import verify
from tests.exchange.cast import ORIGIN, handed_in, merged, workbook, zhang

pytestmark = pytest.mark.django_db
WENT = {"已领取": ("已领取", [ORIGIN]), "缴费中": ("缴费中", [ORIGIN, "500235104202"])}
STATUSES: dict[str, tuple[str, str, bool]] = {"已领取": ("已领取", "refused", False), "缴费中": ("缴费中", "new", True)}


def holders() -> list[str]:
    steps = Relation.objects.unscoped().filter(kind="pension").order_by("since")
    return list(steps.values_list("holder", flat=True))


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
