"""A list of people on its way into the register: what it makes of a first list, of the same again, of a later one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anju.exchange.models import State
from anju.government.models import Officer
from anju.register.actions import end_person, place_person, record_facts
from anju.register.facts import facts_of
from anju.register.models import Former, Household, Membership, Person, Relation, Wish
from tests.exchange.cast import (
    ORIGIN,
    TODAY,
    VILLAGE,
    contents,
    done,
    handed_in,
    merged,
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
