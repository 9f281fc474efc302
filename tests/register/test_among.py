"""Rows among many values: what ``__in`` would give, whatever the column and however many."""

from __future__ import annotations

import pytest
from django.db import connection

from anju.government.second_wall import everything
from anju.register.among import Many
from anju.register.models import Household, Membership, Person
from tests.register.cast import clerk, household, zhang

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def family() -> list[Person]:
    who = clerk("village")
    home = household(who)
    names = (("张青山", "户主"), ("李碧水", "配偶"), ("张长河", "之子"))
    return [zhang(who, home, name=n, order=at, relation=r) for at, (n, r) in enumerate(names, start=1)]


@pytest.mark.parametrize("wanted", [0, 1, 2, 3], ids=["没有", "一个", "两个", "全部"])
def test_ids_are_found(family: list[Person], wanted: int) -> None:
    ids = [str(person.pk) for person in family[:wanted]]
    with everything():
        assert {str(p.pk) for p in Person.objects.unscoped().filter(pk__among=Many(ids))} == set(ids)
        members = Membership.objects.unscoped().filter(person_id__among=Many(ids))
        assert {str(member.person_id) for member in members} == set(ids)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["张青山", "无此人"], {"张青山"}),
        (['引"号', "逗,号", "反\\斜", "{花括号}", "%s"], set()),
    ],
    ids=["汉字", "特殊字符"],
)
def test_texts_are_found_as_they_are(names: list[str], found: set[str]) -> None:
    with everything():
        rows = Person.objects.unscoped().filter(name__among=Many(names))
        assert set(rows.values_list("name", flat=True)) == found


def test_a_code_with_a_hyphen_keeps_it(family: list[Person]) -> None:
    with everything():
        Household.objects.unscoped().update(code="云阳-12-3")
        assert Household.objects.unscoped().filter(code__among=Many(["云阳-12-3"])).count() == 1
        assert not Household.objects.unscoped().filter(code__among=Many(["云阳123"])).exists()


def test_more_than_an_engine_takes_as_parameters(family: list[Person]) -> None:
    many = [f"人{n}" for n in range(300_000)] + [family[0].name]
    with everything():
        assert Person.objects.unscoped().filter(name__among=Many(many)).filter(pk=family[0].pk).exists()


def test_it_goes_by_the_index(family: list[Person]) -> None:
    with everything():
        plan = Person.objects.unscoped().filter(pk__among=Many([str(family[0].pk)])).explain()
    if connection.vendor == "sqlite":
        assert "SEARCH register_person USING INDEX" in plan
