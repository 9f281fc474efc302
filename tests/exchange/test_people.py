"""A list of people on its way into the register: what it makes of a first list, of the same again, of a later one."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from anju.exchange.models import State
from anju.government.models import Officer, never
from anju.government.second_wall import everything
from anju.register.actions import end_person, place_person, record_facts
from anju.register.facts import facts_of
from anju.register.models import Former, Household, Membership, Person, Relation, Wish
from anju.register.verification import verify
from tests.exchange.cast import (
    ORIGIN,
    TODAY,
    VILLAGE,
    contents,
    done,
    handed_in,
    merged,
    undo,
    verdicts,
    workbook,
    zhang,
)

pytestmark = pytest.mark.django_db

FAMILY = [
    zhang(
        1,
        户口迁移="是",
        户口迁移时间=date(2020, 5, 1),
        安置地农村住房="是",
        户籍意愿="愿意",
        搬迁类型="建档立卡",
        联系电话="13800000001",
    ),
    zhang(2, 户口迁移="否", 安置地农村住房="否", 户籍意愿="未征询", 搬迁类型="建档立卡", 联系电话=None),
    zhang(3, 户口迁移=None, 安置地农村住房="是", 户籍意愿=None, 搬迁类型="建档立卡", 联系电话="13800000003"),
]


def person(name: str) -> Person:
    return Person.objects.unscoped().get(name=name)


def known(name: str, **kwargs: Any) -> dict[str, Any]:
    return dict(facts_of("person", str(person(name).pk), on=TODAY, **kwargs))


def test_a_first_list_is_read_and_waits(importer: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "张家.xlsx", FAMILY))
    assert (batch.state, batch.message) == (State.READY, "")
    assert batch.counts == {"household": {"new": 1}, "person": {"new": 3}}
    assert verdicts(batch) == ["new", "new", "new"]
    assert not Person.objects.unscoped().exists()


def test_an_accepted_list_is_the_register(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = merged(handed_in(importer, workbook(tmp_path / "张家.xlsx", FAMILY)), second)
    assert (batch.state, batch.message) == (State.MERGED, "")
    home = Household.objects.unscoped().get()
    assert (home.code, home.origin, home.destination) == ("5000000000000001", ORIGIN, VILLAGE)
    assert home.facts == {"relocatee_kind": "registered_poor"}
    first = person("张青山")
    assert (first.initials, first.sex, first.destination, first.revision) == ("zqs", "男", VILLAGE, 1)
    assert first.phone.reveal() == "13800000001"
    assert first.facts == {"rural_house": True}
    assert [(m.relation, m.since) for m in Membership.objects.unscoped().filter(person=first)] == [("户主", TODAY)]
    steps = Relation.objects.unscoped().filter(person=first).order_by("since")
    assert [(r.holder, r.since, r.after) for r in steps] == [
        (ORIGIN, date.min, None),
        (VILLAGE, date(2020, 5, 1), date.min),
    ]
    assert [(w.kind, w.choice, w.on) for w in Wish.objects.unscoped()] == [("hukou", "willing", TODAY)]
    assert person("李秀英").facts == {"hukou_wish": "unstated", "rural_house": False}
    assert known("张青山")["relocatee_kind"] == "registered_poor"
    assert known("张青山")["hukou_moved"] is True


def test_the_same_list_again_changes_nothing(importer: Officer, second: Officer, tmp_path: Path) -> None:
    path = workbook(tmp_path / "张家.xlsx", FAMILY)
    merged(handed_in(importer, path), second)
    before = contents()
    batch = handed_in(importer, path)
    assert batch.counts == {"household": {"same": 1}, "person": {"same": 3}}
    assert contents() == before


def test_a_later_list_changes_what_it_says_and_erases_nothing(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", FAMILY)), second)
    later = [
        zhang(1, 安置地农村住房=None, 户籍意愿=None, 联系电话="13900000001"),
        zhang(2, 安置地农村住房="是", 户籍意愿="不愿意", 联系电话=None),
        zhang(4, 安置地农村住房="否", 户籍意愿=None, 联系电话=None),
    ]
    batch = handed_in(importer, workbook(tmp_path / "二.xlsx", later))
    assert verdicts(batch) == ["change", "change", "new"]
    merged(batch, second)
    assert person("张青山").facts == {"rural_house": True}
    assert person("张青山").phone.reveal() == "13900000001"
    assert known("李秀英")["hukou_wish"] == "unwilling"
    assert known("李秀英")["rural_house"] is True
    former = Former.objects.get(subject_id=str(person("李秀英").pk))
    assert former.facts["rural_house"] is False
    assert Household.objects.unscoped().count() == 1
    assert Membership.objects.unscoped().count() == 4


def test_a_hukou_takes_its_next_step(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", FAMILY)), second)
    moved = [zhang(2, 户口迁移="是", 户口迁移时间=date(2026, 3, 1))]
    batch = handed_in(importer, workbook(tmp_path / "二.xlsx", moved))
    assert verdicts(batch) == ["change"]
    merged(batch, second)
    steps = Relation.objects.unscoped().filter(person=person("李秀英")).order_by("since")
    assert [(r.holder, r.since) for r in steps] == [(ORIGIN, date.min), (VILLAGE, date(2026, 3, 1))]
    assert verdicts(handed_in(importer, workbook(tmp_path / "三.xlsx", moved))) == ["same"]


def test_done_twice_is_done_once(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "张家.xlsx", FAMILY))
    merged(batch, second)
    with pytest.raises(KeyError):
        done(batch)


def test_a_list_that_only_repeats_its_people_says_nothing_of_their_household(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1), zhang(2, 搬迁类型=None)])), second)
    sibling = "500235104203"
    alone = [zhang(2, 迁入地代码=sibling, 搬迁类型="同步搬迁")]
    moved = handed_in(importer, workbook(tmp_path / "二.xlsx", alone))
    assert (verdicts(moved, "household"), verdicts(moved)) == (["change"], ["change"]), "it says something new of her"
    place_person(by=importer, person=str(person("李秀英").pk), origin=ORIGIN, destination=sibling, because="核对")
    record_facts(by=importer, kind="person", subject=str(person("李秀英").pk), facts={"relocatee_kind": "concurrent"})
    again = handed_in(importer, workbook(tmp_path / "三.xlsx", alone))
    assert (verdicts(again, "household"), verdicts(again)) == (["same"], ["same"])


def test_of_somebody_who_has_ended_only_news_are_refused(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1, 户编号=None, 与户主关系=None)])), second)
    end_person(by=importer, person=str(person("张青山").pk), on=TODAY, because="death")
    rows = [zhang(1, 户编号=None, 与户主关系=None), zhang(1, 户编号=None, 与户主关系=None, 民族="苗族")]
    told = [verdicts(handed_in(importer, workbook(tmp_path / f"{at}.xlsx", [row]))) for at, row in enumerate(rows)]
    assert told == [["same"], ["refused"]]


SIBLING, ELSEWHERE = "500235104203", "500154101201"
INSURED: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "同区县，缴费中、居民医保": (
        {"迁出地代码": SIBLING, "养老状态": "缴费中", "医保状态": "居民医保"},
        [("medical", "500235000000"), ("pension", "500235000000")],
    ),
    "同区县，养老已转入也是一个区县的": (
        {"迁出地代码": VILLAGE, "养老状态": "缴费中", "养老已转入": "否"}, [("pension", "500235000000")],
    ),
    "同区县，没有参保": ({"迁出地代码": SIBLING, "养老状态": "未参保", "医保状态": "未参保"}, []),
    "跨区县，没有说转没转": ({"迁出地代码": ELSEWHERE, "养老状态": "缴费中", "医保状态": "居民医保"}, []),
    "跨区县，没有转": ({"迁出地代码": ELSEWHERE, "养老状态": "缴费中", "养老已转入": "否"}, [("pension", ELSEWHERE)]),
}  # fmt: skip


@pytest.mark.parametrize(("row", "expected"), INSURED.values(), ids=INSURED)
def test_insurance_within_one_county_is_that_county_s(
    importer: Officer, second: Officer, tmp_path: Path, row: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    path = workbook(tmp_path / "张家.xlsx", [zhang(1, **row)])
    merged(handed_in(importer, path), second)
    steps = Relation.objects.unscoped().filter(person=person("张青山"), kind__in=["medical", "pension"])
    assert [(r.kind, r.holder) for r in steps.order_by("kind")] == expected
    assert all((r.since, r.after) == (date.min, None) for r in steps)
    assert verdicts(handed_in(importer, path)) == ["same"]


def test_whoever_comes_to_be_insured_within_the_county_is_the_county_s(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    merged(
        handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1, 迁出地代码=SIBLING, 养老状态="未参保")])), second
    )
    assert not Relation.objects.unscoped().filter(kind="pension").exists()
    later = workbook(tmp_path / "二.xlsx", [zhang(1, 迁出地代码=SIBLING, 养老状态="缴费中")])
    merged(handed_in(importer, later), second)
    assert [r.holder for r in Relation.objects.unscoped().filter(kind="pension")] == ["500235000000"]


@pytest.mark.parametrize("accepted", [date(2026, 12, 31), date(2027, 1, 3)], ids=["年内接收", "过了年才接收"])
def test_what_is_said_of_this_year_is_of_the_year_of_the_file(
    importer: Officer, second: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accepted: date
) -> None:
    def on(day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: noon)

    on(date(2026, 12, 30))
    row = zhang(1, 本年已代缴="是")
    batch = handed_in(importer, workbook(tmp_path / "张家.xlsx", [row]))
    on(accepted)
    assert merged(batch, second).state == State.MERGED
    first = person("张青山")
    guarded = json.loads(first.guarded.reveal()) if first.guarded else {}
    stored = first.facts | guarded
    assert (stored["premium_paid"], stored["premium_paid.@"]) == (True, "2026")
    on(date(2027, 1, 3))
    assert "premium_paid" not in facts_of("person", str(first.pk), on=date(2027, 1, 3)), "the new year's is owed anew"
    assert facts_of("person", str(first.pk), on=date(2026, 12, 31))["premium_paid"] is True


def test_the_wife_is_head_from_the_day_on_which_a_list_says_so(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", FAMILY)), second)
    with everything():
        Membership.objects.unscoped().update(since=date(2020, 1, 1))
    end_person(by=importer, person=str(person("张青山").pk), on=date(2026, 4, 1), because="death")

    def heads() -> list[tuple[str, str, date, date]]:
        with everything():
            rows = Membership.objects.unscoped().filter(person__name__in=["张青山", "李秀英"]).order_by("pk")
            return list(rows.values_list("person__name", "relation", "since", "until"))

    before = heads()
    assert before[1] == ("李秀英", "配偶", date(2020, 1, 1), never)
    batch = merged(handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(2, 与户主关系="户主")])), second)
    assert heads()[1:] == [("李秀英", "配偶", date(2020, 1, 1), TODAY), ("李秀英", "户主", TODAY, never)]
    assert verify()["一户同一天只有一个户主"] == 0
    undo(by=second, batch=batch.pk, because="交错了")
    assert done(batch).state == State.UNDONE
    assert heads() == before


def test_who_came_today_is_called_otherwise_today(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(3)])), second)
    merged(handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(3, 与户主关系="户主")])), second)
    assert [(m.relation, m.since) for m in Membership.objects.unscoped()] == [("户主", TODAY)]
