"""What an export's file holds, and that handed in again it changes nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from anju.exchange import storage
from anju.exchange.exporting.asked import Asked, listings
from anju.exchange.exporting.making import TooMany, make
from anju.exchange.exporting.rows import how_many
from anju.exchange.kinds import kinds
from anju.exchange.models import State
from anju.exchange.queries.rows import problems
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import (
    create_household,
    create_person,
    create_site,
    end_person,
    move_relation,
    place_person,
    record_facts,
    record_wish,
)
from anju.register.guideline import guideline
from anju.register.models import Household, Membership, Person, Relation
from anju.register.queries.lists import Filters
from tests.exchange.cast import ELSEWHERE, ORIGIN, TOWN, VILLAGE, clerk, contents, handed_in, verdicts
from tests.register.cast import number

pytestmark = pytest.mark.django_db
SIBLING = "500235104203"
SUBJECTS = {kind.code: kind.subjects for kind in kinds() if kind.code in listings}


def exported(by: Officer, kind: str, path: Path, *, full: bool = True, **filters: Any) -> list[dict[str, Any]]:
    """The file of a list, and what stands in it."""
    make(Asked(by, kind, TOWN, Filters(region=TOWN, **filters), full), path)
    return read(path)


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a file by their headers."""
    sheet = openpyxl.load_workbook(path)["台账"]
    headers = [str(cell.value) for cell in sheet[1]]
    return [dict(zip(headers, map(_value, row), strict=True)) for row in sheet.iter_rows(min_row=2)]


def _value(cell: Any) -> Any:
    return cell.value.date() if cell.is_date and cell.value else cell.value


@pytest.fixture
def register(importer: Officer) -> Officer:
    """People of all sorts: rare characters, specials, blanks, a household elsewhere, somebody who has died, one without a number."""
    site = create_site(by=importer, name="幸福家园", region=VILLAGE, facts={"households": 12, "has_grocery": True})
    home = create_household(
        by=importer, household_code="0000000000000012", origin=ORIGIN, destination=VILLAGE, site=site,
        address="1 栋 2 号", facts={"relocatee_kind": "registered_poor", "days_since_visit": "never", "paired_officers": 2},
    )  # fmt: skip
    head = create_person(
        by=importer, name="𠮷青山", number=number(1), phone="13800000001", people="土家族", household=home, relation="户主",
        facts={"hukou_moved": True, "hukou_moved_on": date(2020, 5, 1), "rural_house": True, "hukou_choice": "unstated"},
    )  # fmt: skip
    son = create_person(
        by=importer, name="䶮长河", number=number(3), household=home, relation="之子", facts={"hukou_moved": False}
    )
    create_person(by=importer, name="阿依古丽·买买提", birth_date=date(1999, 2, 28), origin=ORIGIN, destination=VILLAGE)
    lone = create_person(
        by=importer, name="李秀英", number=number(2), household=home, facts={"relocatee_kind": "concurrent"}
    )
    place_person(by=importer, person=str(lone.pk), origin=ORIGIN, destination=SIBLING, because="核对")
    gone = create_person(
        by=importer, name="王故去", number=number(5), origin=ORIGIN, destination=VILLAGE, facts={"hukou_moved": False}
    )
    record_wish(by=importer, person=str(head.pk), kind="hukou", choice="willing", on=date(2026, 1, 5), how="当面")
    for choice in ("unwilling", "willing", "unwilling"):  # whoever takes it back within a day, twice
        record_wish(by=importer, person=str(head.pk), kind="hukou", choice=choice, on=date(2026, 2, 5), how="电话")
    record_wish(by=importer, person=str(son.pk), kind="membership", choice="yes", on=date(2026, 2, 5), how="")
    move_relation(
        by=importer, person=str(son.pk), kind="hukou", holder=VILLAGE, since=date(2026, 3, 1), because="moved",
        evidence="介绍信 3 号",
    )  # fmt: skip
    end_person(by=importer, person=str(gone.pk), on=date(2026, 4, 1), because="death")
    far = clerk("far", ELSEWHERE)
    create_household(by=far, household_code="0000000000000099", origin=ORIGIN, destination=ELSEWHERE)
    create_person(by=far, name="外县人", number=number(9), origin="500236101201", destination=ELSEWHERE)
    return importer


@pytest.mark.parametrize(
    ("kind", "ended"), [(kind, False) for kind in SUBJECTS] + [("people", True), ("relations", True)]
)
def test_what_was_exported_changes_nothing_when_it_is_handed_in(
    register: Officer, second: Officer, tmp_path: Path, kind: str, ended: bool
) -> None:
    path = tmp_path / "带走.xlsx"
    rows = exported(register, kind, path, ended=ended)
    assert rows
    before = contents()
    batch = handed_in(second, path, kind)
    assert (batch.state, batch.message) == (State.READY, "")
    told = [verdict for subject in SUBJECTS[kind] for verdict in verdicts(batch, subject)]
    assert set(told) == {"same"}, (list(problems(second, batch)), storage.notes(batch))
    assert len(verdicts(batch, SUBJECTS[kind][-1])) == len(rows)
    assert storage.notes(batch) == []
    assert contents() == before


def test_the_rows_are_what_is_registered(register: Officer, tmp_path: Path) -> None:
    rows = exported(register, "people", tmp_path / "人.xlsx")
    assert [row["姓名"] for row in rows] == ["阿依古丽·买买提", "䶮长河", "𠮷青山", "李秀英"]
    head = rows[2]
    assert (head["证件号码"], head["联系电话"], head["民族"]) == (number(1), "13800000001", "土家族")
    assert (head["户编号"], head["与户主关系"], head["住址"]) == ("0000000000000012", "户主", "1 栋 2 号")
    assert (head["户籍已迁入"], head["户籍迁入日"], head["距上次走访天数"]) == ("是", date(2020, 5, 1), "从未")
    assert (head["户籍意愿"], head["在岗结对干部数"], head["养老状态"]) == ("不愿", 2, None)
    assert (rows[0]["证件号码"], rows[0]["出生年月日"]) == (None, date(1999, 2, 28))
    homes = exported(register, "households", tmp_path / "户.xlsx")
    assert [(home["户编号"], home["户主姓名"], home["集中安置点名称"]) for home in homes] == [
        ("0000000000000012", "𠮷青山", "幸福家园")
    ]
    steps = exported(register, "relations", tmp_path / "关系.xlsx", text="䶮")
    assert [(s["关系"], s["归属地代码"], s["起"], s["原因"], s["凭据"]) for s in steps] == [
        ("户籍", ORIGIN, None, "登记", None),
        ("户籍", VILLAGE, date(2026, 3, 1), "转接", "介绍信 3 号"),
    ]
    wishes = exported(register, "wishes", tmp_path / "意愿.xlsx")
    assert [(w["姓名"], w["意愿"], w["选择"]) for w in wishes] == [
        ("䶮长河", "成员申请", "申请"),
        ("𠮷青山", "户籍意愿", "愿迁"),
        *(("𠮷青山", "户籍意愿", choice) for choice in ("不愿", "愿迁", "不愿")),
    ]


@pytest.mark.parametrize("span", [1, 2, 3, 4, 5])
def test_spans_join_without_a_gap(
    register: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, span: int
) -> None:
    monkeypatch.setattr("anju.exchange.exporting.rows.span", span)
    rows = exported(register, "people", tmp_path / "人.xlsx")
    assert [row["姓名"] for row in rows] == ["阿依古丽·买买提", "䶮长河", "𠮷青山", "李秀英"]


def test_a_list_has_an_end(register: Officer, tmp_path: Path) -> None:
    asked = Asked(register, "people", TOWN, Filters(region=TOWN), full=True)
    assert how_many(asked, 10) == make(asked, tmp_path / "人.xlsx", most=4) == 4
    assert how_many(asked, 3) == 4
    with pytest.raises(TooMany):
        make(asked, tmp_path / "人.xlsx", most=3)
    for kind in SUBJECTS:
        asked = Asked(register, kind, TOWN, Filters(region=TOWN), full=True)
        assert how_many(asked, 100) == make(asked, tmp_path / "人.xlsx")


def test_what_is_masked_is_not_taken_back(register: Officer, second: Officer, tmp_path: Path) -> None:
    rows = exported(register, "people", tmp_path / "人.xlsx", full=False)
    assert [(row["证件号码"], row["联系电话"], row["住址"]) for row in rows[1:3]] == [
        ("500**************" + number(3)[-1:], None, "***"),
        ("500**************" + number(1)[-1:], "138****0001", "***"),
    ]
    before = contents()
    batch = handed_in(second, tmp_path / "人.xlsx")
    assert verdicts(batch) == ["same", "refused", "refused", "refused"]
    told = {text for _, _, _, text in problems(second, batch)}
    assert any("证件号码遮住了几位（*）" in text for text in told), told
    exported(register, "households", tmp_path / "户.xlsx", full=False)
    batch = handed_in(second, tmp_path / "户.xlsx", "households")
    assert verdicts(batch, "household") == ["refused"]
    assert [text for _, _, _, text in problems(second, batch)] == ["“住址”遮住了一部分（*），没有收；请用写全的文件。"]
    for kind in ("relations", "wishes"):
        exported(register, kind, tmp_path / "单.xlsx", full=False)
        batch = handed_in(second, tmp_path / "单.xlsx", kind)
        assert set(verdicts(batch, SUBJECTS[kind][-1])) == {"refused"}
    assert contents() == before


PAYLOADS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\x00=1",
    '=HYPERLINK("http://x")',
    "https://x.y",
)


@pytest.mark.parametrize("payload", PAYLOADS, ids=repr)
def test_no_cell_is_ever_a_formula(importer: Officer, tmp_path: Path, payload: str) -> None:
    with everything():
        Person.objects.create(
            name=payload.replace("\x00", ""),
            origin=ORIGIN,
            destination=VILLAGE,
            people=payload[:20].replace("\x00", ""),
        )
    path = tmp_path / "人.xlsx"
    make(Asked(importer, "people", TOWN, Filters(region=TOWN)), path)
    cells = [cell for row in openpyxl.load_workbook(path)["台账"].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert next(cell.value for cell in cells if cell.row > 1) == payload.strip("\t\r\x00")
    assert all(cell.hyperlink is None for cell in cells)
    assert all(cell.quotePrefix for cell in cells if cell.row > 1), "an edited cell stays a text"


def test_a_line_takes_its_own_facts_alone(register: Officer, tmp_path: Path) -> None:
    with everything():
        head = Person.objects.unscoped().get(name="𠮷青山")
        for kind in ("party", "medical"):
            Relation.objects.create(
                person=head, kind=kind, holder=ORIGIN, since=date(2020, 1, 1), because="recorded", place_name="某支部"
            )
    medical = clerk("yb", lines=("medical_security",))
    rows = exported(medical, "people", tmp_path / "人.xlsx")
    assert len(rows) == 4
    assert {"医保状态", "搬迁类别"} <= set(rows[0])
    assert not {"党员", "养老状态", "户籍已迁入"} & set(rows[0])
    steps = exported(medical, "relations", tmp_path / "关系.xlsx")
    assert {step["关系"] for step in steps} == {"医保"}
    assert exported(medical, "wishes", tmp_path / "意愿.xlsx") == []


def test_a_household_elsewhere_is_not_told(register: Officer, tmp_path: Path) -> None:
    with everything():
        person = Person.objects.unscoped().get(name="阿依古丽·买买提")
        home = Household.objects.unscoped().get(code="0000000000000099")
        Household.objects.unscoped().filter(pk=home.pk).update(origin="500236101201")
        Membership.objects.create(person=person, household=home, relation="之女", since=date(2024, 1, 1))
    row = exported(register, "people", tmp_path / "人.xlsx")[0]
    assert (row["姓名"], row["户编号"], row["与户主关系"]) == ("阿依古丽·买买提", None, None)


def test_nobody_else_is_in_the_file(register: Officer, tmp_path: Path) -> None:
    for kind in SUBJECTS:
        exported(register, kind, tmp_path / "人.xlsx")
        book = openpyxl.load_workbook(tmp_path / "人.xlsx")
        words = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
        assert not words & {"外县人", number(9), "0000000000000099"}
    strange = clerk("stranger", ELSEWHERE)
    asked = Asked(strange, "people", TOWN, Filters(region=TOWN), full=True)
    assert (how_many(asked, 10), make(asked, tmp_path / "人.xlsx")) == (0, 0)


def test_a_fact_that_could_be_a_relation_by_now_stays_what_it_is(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    one = create_person(
        by=importer, name="田小满", number=number(7), origin=ORIGIN, destination=VILLAGE, facts={"pension_moved": False}
    )
    record_facts(by=importer, kind="person", subject=str(one.pk), facts={"pension_status": "contributing"})
    with everything():
        assert not Relation.objects.unscoped().exists()
    rows = exported(importer, "people", tmp_path / "人.xlsx")
    moved = guideline().terms["pension_moved"].name
    assert [(row["养老状态"], row[moved]) for row in rows] == [("缴费中", "否")]
    assert verdicts(handed_in(second, tmp_path / "人.xlsx")) == ["same"]
