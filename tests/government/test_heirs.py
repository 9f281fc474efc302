"""Rows keep the code they were written with; whoever took a region over sees what carries its code. On both engines."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.utils import timezone

from anju.government import actions
from anju.government.models import Officer, Region
from anju.government.queries import asking_once, heirs, visible_regions
from anju.government.regions.heirs import heirs_on
from anju.register.actions import change_person, move_relation
from anju.register.facts import facts_of
from anju.register.models import Person
from anju.register.queries.lists import Filters, persons
from anju.register.queries.paging import page
from tests.government.cast import SINCE, hold, officer, post
from tests.register.cast import DESTINATION, clerk, household, zhang

BEFORE, THAT_DAY = date(2025, 10, 31), date(2025, 11, 1)
TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
HEIR, OTHER = "500235104203", "500235104204"
TOWNSHIP = "500235104000"

REACHED: dict[str, tuple[str, str, date, bool]] = {
    "渝北的人，前一天看不到": ("500157", "500112001201", BEFORE, False),
    "渝北的人，两江那天起看得到": ("500157", "500112001201", THAT_DAY, True),
    "江北的人，两江那天起看得到": ("500157", "500105999999", THAT_DAY, True),
    "划给北碚的镇，两江看不到": ("500157", "500112133201", THAT_DAY, False),
    "划给北碚的镇，北碚那天起看得到": ("500109", "500112133201", THAT_DAY, True),
    "划给北碚的镇，北碚前一天看不到": ("500109", "500112133201", BEFORE, False),
    "那个镇现在的街道办也看得到": ("500109124", "500112133201", THAT_DAY, True),
    "隔壁的镇看不到": ("500109123", "500112133201", THAT_DAY, False),
    "渝北自己，前一天看得到": ("500112", "500112001201", BEFORE, True),
    "渝北自己，那天起什么也看不到": ("500112", "500112001201", THAT_DAY, False),
    "渝北的镇，那天起什么也看不到": ("500112133", "500112133201", THAT_DAY, False),
    "市里一直看得到": ("50", "500112133201", THAT_DAY, True),
    "改过两次的县": ("500153", "500226104201", THAT_DAY, True),
}


@pytest.mark.parametrize(("region", "code", "on", "reached"), REACHED.values(), ids=REACHED)
def test_what_a_region_has_taken_over(region: str, code: str, on: date, reached: bool) -> None:
    ranges = heirs_on(on).reach_of(region)
    assert any(lo <= code < hi for lo, hi in ranges) is reached
    assert all(one[1] <= other[0] or other[1] <= one[0] for n, one in enumerate(ranges) for other in ranges[:n])


def test_every_code_belongs_to_one_county_on_each_day() -> None:
    counties = [f"5001{n:02d}" for n in range(1, 60)] + [f"5002{n:02d}" for n in range(20, 44)]
    for on in (BEFORE, THAT_DAY):
        ranges = sorted(piece for county in counties for piece in heirs_on(on).reach_of(county))
        assert all(one[1] <= other[0] for one, other in pairwise(ranges))


@pytest.mark.parametrize(
    ("code", "now"),
    [
        ("500112133201", "500109124201"),
        ("500112000000", "500157000000"),
        ("500235104202", "500235104202"),
        ("500235104205", "500235104203"),
        ("500235104206", "500235104000"),
    ],
    ids=["镇划走了", "区没有了", "没有变", "撤并过两次的村", "村并入了镇"],
)
def test_what_became_of_a_code(code: str, now: str) -> None:
    villages = (("500235104205", "500235104207"), ("500235104207", HEIR), ("500235104206", "500235104"))
    assert heirs_on(THAT_DAY, villages).current(code) == now


@pytest.fixture
def villages(db: None) -> None:
    for code in (DESTINATION, HEIR, OTHER):
        Region.objects.create(code=code, name=f"第{code[-3:]}村", level=Region.Kind.VILLAGE, since=SINCE)


def close(until: date = TODAY, successor: str = HEIR) -> None:
    found = Region.objects.get(code=DESTINATION)
    heir = Region.objects.filter(code=successor).order_by("-until").first()
    assert heir is not None
    boss = officer("boss", duty=Officer.Duty.SECURITY)
    actions.close_village(by=boss, village=found, until=until, successor=heir)


def seen(who: Officer) -> int:
    return Person.objects.visible_to(who, purpose="核对").count()


DAYS: dict[str, tuple[date, bool]] = {"昨天起": (YESTERDAY, True), "今天起": (TODAY, True), "明天起": (TOMORROW, False)}


@pytest.mark.parametrize(("until", "gone"), DAYS.values(), ids=DAYS)
def test_the_heir_sees_and_the_former_village_does_not(until: date, gone: bool, villages: None) -> None:
    old, heir, other = clerk("old"), clerk("heir", HEIR), clerk("other", OTHER)
    above = clerk("above", TOWNSHIP, "township")
    person = zhang(old, household(old))
    assert [seen(who) for who in (old, heir, other, above)] == [1, 0, 0, 1]
    close(until)
    assert [seen(who) for who in (old, heir, other, above)] == ([0, 1, 0, 1] if gone else [1, 0, 0, 1])
    assert Person.objects.unscoped().get().destination == DESTINATION, "the code is what it was"
    if gone:
        change_person(by=heir, person=str(person.pk), changes={"name": "张远航"}, because="身份证")
        assert page(persons(heir, Filters(region=HEIR))).rows[0].name == "张远航"
        assert not page(persons(above, Filters(region=OTHER))).rows
        assert len(page(persons(above, Filters(region=HEIR))).rows) == 1


@pytest.mark.parametrize(("until", "gone"), DAYS.values(), ids=DAYS)
def test_the_second_wall_knows_it_too(until: date, gone: bool, villages: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one wall")
    old, heir = clerk("old"), clerk("heir", HEIR)
    zhang(old, household(old))
    close(until)
    for who, number in ((old, 1 - gone), (heir, int(gone))):
        seen(who)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM register_person")
            assert cursor.fetchone() == (number,)


def test_a_village_that_became_its_township(villages: None) -> None:
    old, heir, above = clerk("old"), clerk("heir", HEIR), clerk("above", TOWNSHIP, "township")
    zhang(old, household(old))
    Region.objects.create(code=TOWNSHIP, name="某镇", level=Region.Kind.TOWNSHIP, since=SINCE)
    close(successor=TOWNSHIP)
    assert [seen(who) for who in (old, heir, above)] == [0, 0, 1]


def test_a_code_that_is_in_use_again_is_whose_it_is_now(villages: None) -> None:
    old, heir = clerk("old"), clerk("heir", HEIR)
    zhang(old, household(old))
    close(YESTERDAY)
    Region.objects.create(code=DESTINATION, name="新的村", level=Region.Kind.VILLAGE, since=TODAY)
    assert [seen(who) for who in (old, heir)] == [1, 0]


def test_a_renamed_village_stays_where_it_is(villages: None) -> None:
    old = clerk("old")
    boss = officer("boss", duty=Officer.Duty.SECURITY)
    actions.rename_village(by=boss, village=Region.objects.get(code=DESTINATION), name="改了名的村", since=TODAY)
    zhang(old, household(old))
    assert seen(old) == 1


def test_two_counties_that_merge_do_not_open_to_each_other_s_officers(db: None) -> None:
    one, other, new = officer("one"), officer("other"), officer("new")
    for who, region in ((one, "500105000000"), (other, "500112000000"), (new, "500157000000")):
        hold(who, post(region, "county"))
    assert [visible_regions(who, THAT_DAY) for who in (one, other)] == [(), ()]
    assert [scope.lo for scope in visible_regions(one, BEFORE)] == ["500105000000"]
    first, *taken_over = visible_regions(new, THAT_DAY)
    assert (first.lo, first.hi) == ("500157000000", "500158000000"), "its own region comes first"
    assert {scope.lo[:6] for scope in taken_over} == {"500105", "500112"}
    assert {(scope.line, scope.level) for scope in taken_over} == {("civil_affairs", "county")}


def test_relations_held_by_the_heir_are_held_where_the_person_is(villages: None) -> None:
    old, heir = clerk("old"), clerk("heir", HEIR)
    police = clerk("police", "500235000000", "county", "public_security")
    person = zhang(old, household(old), facts={"hukou_moved": False})
    close(YESTERDAY)
    assert facts_of("person", str(person.pk), on=TODAY)["hukou_moved"] is False
    move_relation(by=police, person=str(person.pk), kind="hukou", holder=HEIR, since=TODAY)
    assert facts_of("person", str(person.pk), on=TODAY)["hukou_moved"] is True
    assert seen(heir) == 1


def test_a_page_asks_once_what_became_of_the_villages(villages: None) -> None:
    close(YESTERDAY)
    with asking_once():
        first = heirs(TODAY)
        assert heirs(TODAY) is first
    assert heirs(TODAY).current(DESTINATION) == HEIR
    assert heirs(YESTERDAY - timedelta(days=1)).current(DESTINATION) == DESTINATION
