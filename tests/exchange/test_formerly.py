"""Lists that still use a former name or number are about the same person, with a note; and what a list renames is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anju.exchange.actions import decide
from anju.exchange.models import Batch, StagedRow, State
from anju.exchange.queries.rows import Filter, rows, shown
from anju.government.models import Officer
from anju.government.second_wall import looking_everywhere
from anju.register.actions import change_person
from anju.register.models import Formerly, Person, Wish
from tests.exchange.cast import ELSEWHERE, clerk, done, handed_in, merged, undo, verdicts, workbook, zhang
from tests.register.cast import clerk as register_clerk
from tests.register.cast import number
from tests.register.joining import agreed, asked, twice

pytestmark = pytest.mark.django_db
OLD_NUMBER, OLD_NAME, ANOTHER = "从前的证件号码", "曾用名", "以前登记在另一个名字下"


@pytest.fixture
def registered(importer: Officer, second: Officer, tmp_path: Path) -> Person:
    """Zhang Qingshan, of whom the number was typed wrongly and the name was another."""
    merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1)])), second)
    person = Person.objects.unscoped().get()
    change_person(by=importer, person=str(person.pk), changes={"name": "张青松", "number": number(5)})
    return person


def said(by: Officer, batch: Batch) -> str:
    """The notes of all rows."""
    listed = shown(by, batch, list(rows(by, batch, Filter())))
    return "".join(note for row in listed for note in row.notes)


def listed(by: Officer, folder: Path, **more: Any) -> Batch:
    return handed_in(by, workbook(folder / "二.xlsx", [zhang(1, **more)]))


CALLED: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "现在的": ({"姓名": "张青松", "证件号码": number(5)}, ["same"], []),
    "旧号码": ({"姓名": "张青松", "证件号码": number(1)}, ["same"], [OLD_NUMBER]),
    "旧名字": ({"姓名": "张青山", "证件号码": number(5)}, ["same"], [OLD_NAME]),
    "都是旧的": ({"姓名": "张青山", "证件号码": number(1)}, ["same"], [OLD_NUMBER, OLD_NAME]),
    "旧名字和生日": ({"姓名": "张青山", "证件号码": "", "出生日期": date(1980, 5, 6)}, ["same"], [OLD_NAME]),
    "旧号码，另一个名字": ({"姓名": "王五", "证件号码": number(1), "与户主关系": "配偶"}, ["new"], [ANOTHER]),
    "别的号码": ({"姓名": "张青山", "证件号码": number(7), "与户主关系": "之子"}, ["new"], []),
}


@pytest.mark.parametrize(("given", "found", "notes"), CALLED.values(), ids=CALLED)
def test_a_list_is_about_the_same_person(
    importer: Officer, registered: Person, tmp_path: Path, given: dict[str, Any], found: list[str], notes: list[str]
) -> None:
    batch = listed(importer, tmp_path, **given)
    assert verdicts(batch) == found
    text = said(importer, batch)
    assert [note for note in (OLD_NUMBER, OLD_NAME, ANOTHER) if note in text] == notes


def test_what_an_old_list_says_is_merged_and_name_and_number_stay(
    importer: Officer, second: Officer, registered: Person, tmp_path: Path
) -> None:
    merged(listed(importer, tmp_path, 联系电话="13800000001"), second)
    (person,) = Person.objects.unscoped()
    assert (person.name, person.number.reveal(), person.phone.reveal()) == ("张青松", number(5), "13800000001")


def test_a_number_that_was_taken_from_somebody_does_not_come_back_by_itself(
    importer: Officer, registered: Person, tmp_path: Path
) -> None:
    change_person(by=importer, person=str(registered.pk), changes={"number": ""})
    assert verdicts(listed(importer, tmp_path)) == ["same"]


def test_a_number_that_somebody_of_another_name_had_is_whose_it_is_now(
    importer: Officer, registered: Person, tmp_path: Path
) -> None:
    other = handed_in(importer, workbook(tmp_path / "他.xlsx", [zhang(2, 证件号码=number(1), 与户主关系="配偶")]))
    with looking_everywhere():
        row = StagedRow.objects.unscoped().get(batch=other, kind="person")
    assert (row.verdict, row.conflict) == ("new", ""), "a number typed by mistake was never that person's"
    assert ANOTHER in said(importer, other)


def test_elsewhere_it_is_told_as_a_present_number_is(registered: Person, tmp_path: Path) -> None:
    stranger = clerk("stranger", ELSEWHERE)
    there = {"迁出地代码": "500237101201", "迁入地代码": "500236127001", "户编号": ""}
    path = workbook(tmp_path / "三.xlsx", [zhang(1, **there)])
    assert verdicts(handed_in(stranger, path, region=ELSEWHERE)) == ["elsewhere"]


def test_wishes_under_a_former_name_and_number_are_heard(
    importer: Officer, second: Officer, registered: Person, tmp_path: Path
) -> None:
    row = {"姓名": "张青山", "证件号码": number(1), "意愿": "户籍意愿", "选择": "愿意", "表态日": date(2026, 2, 1)}
    batch = handed_in(importer, workbook(tmp_path / "愿.xlsx", [row]), "wishes")
    assert verdicts(batch, "wish") == ["new"]
    assert OLD_NUMBER in said(importer, batch)
    merged(batch, second)
    assert Wish.objects.unscoped().get().person_id == registered.pk


def test_a_list_that_renames_somebody_keeps_the_name_before(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1)])), second)
    batch = listed(importer, tmp_path, 姓名="张青松")
    (row,) = rows(importer, batch, Filter(verdict="conflict"))
    decide(by=importer, batch=batch.pk, numbers=[row.number], decision="file")
    merged(batch, second)
    assert Person.objects.unscoped().get().name == "张青松"
    assert [one.name for one in Formerly.objects.unscoped()] == ["张青山"]
    undo(by=importer, batch=batch.pk, because="交错了")
    assert done(batch).state == State.UNDONE
    assert Person.objects.unscoped().get().name == "张青山"
    assert not Formerly.objects.unscoped().exists()


def test_a_list_without_the_name_is_not_about_who_had_the_number(
    importer: Officer, registered: Person, tmp_path: Path
) -> None:
    row = {"姓名": "王五", "证件号码": number(1), "意愿": "户籍意愿", "选择": "愿意", "表态日": date(2026, 2, 1)}
    for name in ("王五", ""):
        batch = handed_in(importer, workbook(tmp_path / f"愿{name}.xlsx", [{**row, "姓名": name}]), "wishes")
        assert verdicts(batch, "wish") == ["refused"]


def test_what_a_joined_record_was_called_is_said_of_the_one_that_stays(importer: Officer, tmp_path: Path) -> None:
    village = register_clerk("village")
    stays, goes = twice(village, name="张清山", number=number(5))
    change_person(by=village, person=str(goes.pk), changes={"name": "张青珊", "number": ""})
    agreed(register_clerk("second-village"), asked(village, goes, stays))
    batch = listed(importer, tmp_path, 姓名="张清山", 证件号码=number(5), 户编号="", 与户主关系="")
    assert verdicts(batch) == ["same"]
    assert OLD_NUMBER in said(importer, batch)


def test_of_a_number_s_past_elsewhere_nobody_is_told(registered: Person, tmp_path: Path) -> None:
    stranger = clerk("stranger", ELSEWHERE)
    there = {"迁出地代码": "500237101201", "迁入地代码": "500236127001", "户编号": "", "姓名": "王五"}
    batch = handed_in(stranger, workbook(tmp_path / "四.xlsx", [zhang(1, **there)]), region=ELSEWHERE)
    assert verdicts(batch) == ["new"]
    assert ANOTHER not in said(stranger, batch)
