"""发放名单 by household: to the cent what the months of its people say, with a household that is split seen as one."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import pytest
import python_calamine

from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.actions import pay, take_back
from anju.payments.models import Amount, Month, Payer, gives
from anju.payments.queries.households import ByHousehold, places_in
from anju.payments.queries.month import Filters, InMonth
from anju.policy.model import Fact
from anju.register.actions import leave_household, move_relation
from anju.register.facts import today
from anju.register.models import Household, Membership, Person
from tests.desk.cast import browser as signed_in
from tests.government.pages.officer import Browser
from tests.payments.cast import A, B, ago, back, begun, civil, paid
from tests.register.cast import household, number, zhang

CODE = "5000000000000001"


def member(by: Officer, home: Household, name: str, order: int, relation: str) -> Person:
    """Somebody of a household that gets dibao."""
    facts: dict[str, Fact | None] = {"assistance_kind": "dibao", "assistance_moved": False, "hukou_moved": True}
    return zhang(by, home, name=name, order=order, relation=relation, facts=facts)


@pytest.fixture
def home(village: Officer) -> Household:
    return household(village, CODE)


@pytest.fixture
def family(village: Officer, origin: Officer, home: Household) -> list[Person]:
    """张青山, 王秀英 and 张小山, whom 开州 pays since the month before last; 张小山's money goes over to 云阳 this month."""
    people = [
        member(village, home, "王秀英", 2, "配偶"),
        member(village, home, "张青山", 1, "户主"),
        member(village, home, "张小山", 3, "之子"),
    ]
    begun(origin, ago(2))
    for one in people:
        paid(origin, one, ago(2), ago(1))
    move_relation(
        by=civil("mover", B), person=str(people[2].pk), kind="assistance", holder=B, since=today().replace(day=1)
    )
    return people


def listed(officer: Officer, office: str, month: int) -> ByHousehold:
    who = Asking(officer, visible_regions(officer, today()), today())
    return ByHousehold(who, InMonth(who, Filters(month, office)))


@cache
def _browser(account: str) -> Browser:
    return signed_in(Officer.objects.get(account=account))


@pytest.fixture(autouse=True)
def _forget() -> None:
    _browser.cache_clear()


def text_of(officer: Officer, address: str) -> str:
    said = _browser(officer.account).get(address).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", said))


def net(month: int, payer: str) -> Decimal:
    """What an office paid for a month, from its amounts one by one."""
    with everything():
        rows = Amount.objects.unscoped().filter(month=month, payer=payer)
        return sum((row.amount if row.sort in gives else -row.amount for row in rows), Decimal(0))


def test_one_household_with_its_head_first(origin: Officer, family: list[Person]) -> None:
    found = listed(origin, A, back(1))
    (home,) = found.homes(found.groups)
    assert (home.code, home.head, home.total) == (CODE, "张青山", Decimal("1261.50"))
    assert [(one.person.name, one.relation) for one in home.lines] == [
        ("张青山", "户主"),
        ("王秀英", "配偶"),
        ("张小山", "之子"),
    ]
    assert home.elsewhere == ()


def test_a_split_household_stands_on_both_lists_and_nobody_on_two(
    origin: Officer, destination: Officer, family: list[Person]
) -> None:
    here, there = listed(origin, A, back(0)), listed(destination, B, back(0))
    (stays,), (goes,) = here.homes(here.groups), there.homes(there.groups)
    assert ([one.person.name for one in stays.lines], stays.elsewhere) == (["张青山", "王秀英"], stays.elsewhere)
    assert [n for _, n in stays.elsewhere] == [1]
    assert ([one.person.name for one in goes.lines], [n for _, n in goes.elsewhere]) == (["张小山"], [2])
    people = [one.person.key for home in (stays, goes) for one in home.lines]
    assert sorted(map(str, people)) == sorted(str(one.pk) for one in family), "each once, and nobody is lacking"


def test_to_the_cent_what_the_months_say(origin: Officer, family: list[Person]) -> None:
    """补发, 抵扣 and what was paid to somebody whose month it is not: own and astray together are every amount of the office."""
    head, month, day = str(family[1].pk), ago(1), today()
    given: dict[str, Any] = {"by": origin, "kind": "dibao", "month": month, "payer": A, "on": day}
    pay(**given, person=head, amount=Decimal("0.33"), back=True, reason="少发")
    take_back(**given, person=head, amount=Decimal("100.01"), offset=True, reason="多发")
    found = listed(origin, A, back(1))
    assert found.total == Decimal("1161.82") == net(back(1), A)
    assert sum(home.total for home in found.homes(found.groups)) == found.total
    paid(origin, family[2], ago(0))  # whose first month at 云阳 this was to be: it moves on by one, and stays 开州's
    now = listed(origin, A, back(0))
    assert (now.total, now.astray) == (Decimal("420.50"), Decimal(0))
    pay(by=civil("there", B), kind="dibao", month=ago(0), payer=B, on=day, person=head, amount=Decimal("7.77"))
    there = listed(civil("other", B), B, back(0))
    assert (there.total, there.astray, there.months) == (Decimal(0), Decimal("7.77"), [])
    assert there.total + there.astray == net(back(0), B)


def test_the_page_and_the_workbook_say_the_same(origin: Officer, family: list[Person]) -> None:
    said = text_of(origin, f"/payments/households/?month={ago(0)}")
    assert ("张青山" in said, "张小山" in said, "另由" in said, "发 1 人" in said) == (True, False, True, True)
    answer = _browser(origin.account).get(f"/payments/households/list.xlsx?month={ago(1)}&office={A}")
    rows = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[1:4] + row[5:10] for row in rows[1:]] == [
        [CODE, "张青山", "张青山", "户主", "低保", "已发", 420.5, 1261.5],
        [CODE, "张青山", "王秀英", "配偶", "低保", "已发", 420.5, ""],
        [CODE, "张青山", "张小山", "之子", "低保", "已发", 420.5, ""],
        ["", "", "合计 1 户 3 人", "", "", "", 1261.5, 1261.5],
    ]
    assert [number(order) in str(rows) for order in (1, 2, 3)] == [False] * 3
    assert str(rows[1][4]).startswith("500***")
    entry = Entry.objects.get(action="payments.take_households")
    assert (entry.object_id, json.loads(entry.detail)["people"]) == (A, 3)


def test_of_people_out_of_reach_the_payer_learns_who_belongs_together_and_no_more(
    village: Officer, family: list[Person]
) -> None:
    far = "500236101000"
    with everything():
        for one in family[:2]:
            Payer.objects.create(person=one, kind="tekun", payer=far, since=back(-2), because="核对")
            Month.objects.create(person=one, kind="tekun", month=back(-2), payer=far)
    found = listed(civil("far", far), far, back(-2))
    (home,) = found.homes(found.groups)
    assert (home.key, home.code, home.elsewhere) == (None, "", ())
    assert sorted(one.person.name for one in home.lines) == ["张青山", "王秀英"]
    assert {one.relation for one in home.lines} == {""}
    assert CODE not in text_of(civil("far2", far), f"/payments/households/?month={ago(-2)}")


@pytest.mark.parametrize(
    ("region", "level", "office"),
    [(B, "township", A), ("500240000000", "county", A), ("500154000000", "county", "500154000000")],
    ids=["别的乡镇的发放地", "外县", "不是乡镇"],
)
def test_another_office_s_list_is_not_there(family: list[Person], region: str, level: str, office: str) -> None:
    who = civil("stranger", region, level)
    said = text_of(who, f"/payments/households/?month={ago(1)}&office={office}")
    assert ("王秀英" in said, "张青山" in said) == (False, False)
    taken = _browser(who.account).get(f"/payments/households/list.xlsx?month={ago(1)}&office={office}")
    assert taken.status_code == 404


def test_a_county_looks_at_one_office_after_the_other(family: list[Person]) -> None:
    who = civil("county", "500154000000", "county")
    assert "看哪个发放地的" in text_of(who, f"/payments/households/?month={ago(1)}")
    assert "王秀英" in text_of(who, f"/payments/households/?month={ago(1)}&office={A}")


def test_who_lives_where_in_which_month(village: Officer, home: Household) -> None:
    """Of months before the first one that is known the first household; of those after somebody left, none."""
    one = member(village, home, "张青山", 1, "户主")
    with everything():
        Membership.objects.unscoped().update(since=date.fromisoformat(f"{ago(3)}-15"))
    leave_household(by=village, person=str(one.pk), until=today().replace(day=1) - timedelta(days=1), because="分户")
    found = {n: places_in([str(one.pk)], back(n))[str(one.pk)].home for n in (5, 3, 2, 1, 0)}
    assert found == {5: home.pk, 3: home.pk, 2: home.pk, 1: home.pk, 0: None}
