"""Taking a merge back: not where others have worked with what it wrote, and never what they wrote themselves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from anju.cases.models import Case
from anju.duties.versions import keep
from anju.exchange.models import Batch, State
from anju.exchange.planning.single import _numbers
from anju.exchange.queries.rows import Filter, rows
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Payer
from anju.register.actions import record_wish
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, PartyLife, Person, Wish
from tests.exchange.cast import TOWN, VILLAGE, again, done, handed_in, merged, undo, verdicts, workbook, zhang

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 1)


def person() -> Person:
    return Person.objects.unscoped().get(name="张青山")


@everything()
def case(kind: str, subject: object, *, ended: bool = False) -> None:
    """A case as it is stored; what it is about does not matter here."""
    pages = guideline()
    keep(pages, today())
    over = {"state": "withdrawn", "step": 0, "closed_at": timezone.now()} if ended else {}
    words = {"procedure": "pair_officer", "clause": "2.5", "version_id": pages.version, "destination": VILLAGE}
    Case(subject_kind=kind, subject_id=str(subject), applied_on=today(), **words, **over).save(force_insert=True)


@everything()
def paid_from() -> None:
    Payer(person=person(), kind="dibao", payer=TOWN, since=202601, because="核定").save(force_insert=True)


@everything()
def party_life() -> None:
    PartyLife(person=person(), place=VILLAGE, since=DAY, until=date(2027, 1, 1)).save(force_insert=True)


WORKED_WITH: dict[str, tuple[Callable[[], None], str]] = {
    "没有人接着办": (lambda: None, State.UNDONE),
    "人有在办的件": (lambda: case("person", person().pk), State.MERGED),
    "人的件已经结束": (lambda: case("person", person().pk, ended=True), State.MERGED),
    "户有在办的件": (lambda: case("household", Household.objects.unscoped().get().pk), State.MERGED),
    "定了由谁发救助": (paid_from, State.MERGED),
    "登记了参加组织生活": (party_life, State.MERGED),
}


@pytest.mark.parametrize(("work", "state"), WORKED_WITH.values(), ids=WORKED_WITH)
def test_whom_others_work_with_is_not_taken_back(
    importer: Officer, second: Officer, tmp_path: Path, work: Callable[[], None], state: str
) -> None:
    batch = merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)])), second)
    work()
    assert taken_back(batch, second).state == state
    assert Person.objects.unscoped().exists() == (state == State.MERGED)
    if state == State.MERGED:
        assert "1 个对象又有了变动" in again(batch).message
        assert rows(importer, again(batch), Filter(touched=True)).count() == 1


@pytest.mark.parametrize("before", [True, False], ids=["件在并入以前", "件在并入以后"])
def test_a_case_of_before_does_not_hold_back_a_later_list(
    importer: Officer, second: Officer, tmp_path: Path, *, before: bool
) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)])), second)
    if before:
        case("person", person().pk)
    later = handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(1, 联系电话="13800000001")]))
    merged(later, second)
    if not before:
        case("person", person().pk)
    assert taken_back(later, second).state == (State.UNDONE if before else State.MERGED)


def taken_back(batch: Batch, by: Officer) -> Batch:
    undo(by=by, batch=batch.pk, because="交错了")
    return done(batch)


NUMBERS: dict[str, tuple[list[tuple[str, int]], str, list[int]]] = {
    "没说过": ([], "ABA", [0, 0, 1]),
    "连着两遍算一遍": ([], "AAB", [0, 0, 0]),
    "说的就是最后那句": ([("A", 0), ("B", 0)], "B", [0]),
    "又改回去": ([("A", 0), ("B", 0)], "A", [1]),
    "原样再来": ([("A", 0), ("B", 0), ("A", 1)], "ABA", [0, 0, 1]),
    "接着说": ([("A", 0)], "AB", [0, 0]),
    "来回两轮": ([("A", 0), ("B", 0)], "ABAB", [0, 0, 1, 1]),
    "完全不同": ([("A", 0)], "CBC", [0, 0, 1]),
}


@pytest.mark.parametrize(("there", "told", "expected"), NUMBERS.values(), ids=NUMBERS)
def test_what_a_file_says_of_a_day_goes_on_where_the_day_ended(
    there: list[tuple[str, int]], told: str, expected: list[int]
) -> None:
    assert _numbers(list(told), there) == expected


def say(by: Officer, *choices: str, on: date = DAY) -> None:
    for choice in choices:
        record_wish(by=by, person=str(person().pk), kind="hukou", choice=choice, on=on, how="")


def said() -> list[tuple[str, int]]:
    wishes = Wish.objects.unscoped().order_by("on", "pk")
    return list(wishes.values_list("choice", "again"))


def wishes(by: Officer, path: Path, *choices: str) -> Batch:
    row = {"证件号码": zhang()["证件号码"], "意愿": "户籍意愿", "表态日": DAY}
    return handed_in(by, workbook(path, [{**row, "选择": choice} for choice in choices]), "wishes")


@pytest.fixture
def registered(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1)])), second)


@pytest.mark.usefixtures("registered")
def test_who_says_it_again_is_heard_and_only_that_is_taken_back(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    say(importer, "willing", "unwilling")
    batch = wishes(importer, tmp_path / "愿.xlsx", "愿意")
    assert verdicts(batch, "wish") == ["new"], "what was said last on that day is the other"
    merged(batch, second)
    assert said() == [("willing", 0), ("unwilling", 0), ("willing", 1)]
    assert verdicts(wishes(importer, tmp_path / "愿.xlsx", "愿意"), "wish") == ["same"]
    assert taken_back(batch, second).state == State.UNDONE
    assert said() == [("willing", 0), ("unwilling", 0)]


@pytest.mark.usefixtures("registered")
def test_what_an_officer_heard_since_stays(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = merged(wishes(importer, tmp_path / "愿.xlsx", "愿意"), second)
    say(importer, "unwilling", "willing")
    assert taken_back(batch, second).state == State.MERGED
    assert said() == [("willing", 0), ("unwilling", 0), ("willing", 1)]


@pytest.mark.usefixtures("registered")
def test_a_list_of_people_says_it_again_too(importer: Officer, second: Officer, tmp_path: Path) -> None:
    say(importer, "willing", "unwilling", on=today())
    batch = handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(1, 户籍意愿="愿意")]))
    assert verdicts(batch) == ["change"]
    merged(batch, second)
    assert said() == [("willing", 0), ("unwilling", 0), ("willing", 1)]
    assert verdicts(handed_in(importer, workbook(tmp_path / "三.xlsx", [zhang(1, 户籍意愿="愿意")]))) == ["same"]
