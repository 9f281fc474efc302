"""Whoever was a stranger on a list and is registered since, or has become one record with another, is still named once by it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import compare_again
from anju.payments.models import Comparison, ListRow
from anju.register.actions import create_household, create_person
from anju.register.actions.joining import ask_join, join, seen_of
from anju.register.models import Person
from tests.exchange.cast import verdicts
from tests.exchange.lists import found, listed, office, poor, row, taken
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk


@pytest.fixture
def importer(db: None) -> Officer:
    return office("importer")


@pytest.fixture
def second(db: None) -> Officer:
    return office("second")


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


def registered(by: Officer) -> Person:
    return poor(by, 1, medical_status="resident", medical_aided=True, medical_insured_twice=False)


def test_the_same_list_again_is_the_same_and_nobody_is_insured_twice(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    taken(importer, second, tmp_path, row(1, 资助到账="是"), row(9))
    registered(village)
    compare_again(by=importer, comparison=Comparison.objects.get().pk)
    assert found() == {("stranger", "")}
    batch = listed(importer, tmp_path, row(1, 资助到账="是"), row(9))
    assert verdicts(batch, "insured") == ["same", "same"]
    assert verdicts(listed(importer, tmp_path, {**row(9), "姓名": "外人十"}), "insured") == ["new"], (
        "who is none keeps a name"
    )


AGAIN = {
    "改好了": ("居民医保", YUNYANG, set()),
    "改成未参保": ("未参保", YUNYANG, {"uninsured", "differs"}),
    "别的区县也在保": ("居民医保", KAIZHOU, {"twice", "differs"}),
}


@pytest.mark.parametrize("again", AGAIN.values(), ids=AGAIN)
def test_the_last_list_of_a_county_counts_alone(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path, again: tuple[str, str, set[str]]
) -> None:
    status, county, sorts = again
    taken(importer, second, tmp_path, row(1, 资助到账="是", 缴费月数="1"))
    registered(village)
    there = office("third", county), office("fourth", county)
    taken(*there, tmp_path, row(1, status, 资助到账="是", 缴费月数="2"), region=county)
    with everything():
        named = ListRow.objects.unscoped().order_by("recorded_at").values_list("person__name", flat=True)
        assert list(named) == [None, "张青山"]
    assert {sort for sort, name in found() if name} == sorts


def test_two_insurances_of_one_list_are_two_all_the_same(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    taken(importer, second, tmp_path, row(1), row(1, "职工医保"))
    registered(village)
    compare_again(by=importer, comparison=Comparison.objects.get().pk)
    assert ("twice", "张青山") in found()


def test_a_record_that_was_joined_is_the_one_that_stays(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    stays, born = registered(village), date(1980, 5, 6)
    home = create_household(by=village, household_code="2", origin=ORIGIN, destination=DESTINATION, facts={})
    gone = create_person(by=village, name="张大", birth_date=born, household=home, relation="户主", facts={})
    taken(importer, second, tmp_path, {"姓名": "张大", "出生日期": born, "参保状态": "居民医保"})
    with everything():
        assert ListRow.objects.unscoped().get().person == gone
    asked = ask_join(by=village, goes=str(gone.pk), stays=str(stays.pk), right={}, because="同一个人")
    join(by=clerk("other"), joining=asked.pk, seen=seen_of(gone, stays))
    compare_again(by=importer, comparison=Comparison.objects.get().pk)
    assert found() == set(), "the row from before is about the one that stays"
    taken(importer, second, tmp_path, row(1, 资助到账="是"))
    assert found() == set(), "and the list that names it by the number takes its place"
