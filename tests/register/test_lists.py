"""Lists: what is in them, in which order, and by which index the database answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import create_site, end_person, place_household
from anju.register.models import Person
from anju.register.queries import lists
from anju.register.queries.lists import Filters, households, persons, sites
from anju.register.queries.paging import Listing, counted, page, page_and_count
from benchmarks.register import fill
from tests.government.cast import hold, post
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, household, zhang

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Officer:
    """Looks after three people; the last has died."""
    who = clerk("village")
    home = household(who)
    zhang(who, home)
    zhang(who, home, name="李碧水", order=2, relation="配偶")
    gone = zhang(who, name="张老人", order=3)
    end_person(by=who, person=str(gone.pk), on=date(2026, 3, 1), because="death")
    return who


def names(listing: Listing[Any], **where: Any) -> list[str]:
    return [str(row) for row in page(listing, **where).rows]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), ["李碧水", "张青山"]),
        (Filters("out"), []),
        (Filters(ended=True), ["张老人"]),
        (Filters(text="张"), ["张青山"]),
        (Filters(text="张青"), ["张青山"]),
        (Filters(text=" 张青山 "), ["张青山"]),
        (Filters(text="青山"), []),
        (Filters(text="ZQ"), ["张青山"]),
        (Filters(text="qs"), []),
        (Filters(text="%"), []),
        (Filters(text="张\0"), ["李碧水", "张青山"]),
        (Filters(region=DESTINATION), ["李碧水", "张青山"]),
        (Filters(region=YUNYANG), ["李碧水", "张青山"]),
        (Filters(region=ELSEWHERE), []),
        (Filters(region="云阳"), ["李碧水", "张青山"]),
        (Filters(site="nonsense"), []),
        (Filters(site="00000000-0000-7000-8000-000000000000"), []),
    ],
    ids=[
        "迁入", "迁出", "已注销", "姓", "名的开头", "前后空格", "名的中间", "首字母", "不从头的首字母", "通配符",
        "控制字符", "本村", "全县", "别的县", "不是代码", "不是编号", "没有的点",
    ],
)  # fmt: skip
def test_a_list_of_people_is_narrowed(village: Officer, filters: Filters, found: list[str]) -> None:
    assert names(persons(village, filters)) == found
    assert counted(persons(village, filters)) == len(found)


@pytest.mark.parametrize("few", [0, 5_000], ids=["按顺序走", "按名字找"])
@pytest.mark.parametrize("text", ["张", "张青", "zq"])
def test_both_ways_of_looking_find_the_same(
    village: Officer, few: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_few", few)
    assert names(persons(village, Filters(text=text))) == ["张青山"]
    assert names(households(village, Filters(text=text))) == ["5000000000000001"]
    assert names(households(village, Filters(text="王"))) == []


def test_those_who_left_are_the_other_side(village: Officer) -> None:
    origin = clerk("origin", KAIZHOU, "county", "civil_affairs")
    assert names(persons(origin, Filters("out"))) == ["李碧水", "张青山"]
    assert names(persons(origin, Filters("in"))) == []
    assert names(households(origin, Filters("out", text="50000"))) == ["5000000000000001"]


def test_people_of_a_site(village: Officer) -> None:
    site = create_site(by=village, name="青龙安置点", region=DESTINATION)
    home = households(village, Filters()).parts[0].get()
    place = {"origin": ORIGIN, "destination": DESTINATION, "site": str(site.pk), "because": "核对"}
    place_household(by=village, household=str(home.pk), **place)
    assert names(persons(village, Filters(site=str(site.pk)))) == ["李碧水", "张青山"]
    assert names(persons(village, Filters(site=str(site.pk), text="张"))) == ["张青山"]
    assert names(households(village, Filters(site=str(site.pk)))) == ["5000000000000001"]
    assert names(sites(village, Filters(text="ql"))) == ["青龙安置点"]
    lived = lists.lived_at(village, [site])[site.pk]
    assert (lived.households, lived.people) == (1, 2)


def test_posts_that_overlap_show_nobody_twice(village: Officer) -> None:
    hold(village, post(YUNYANG, "county", "civil_affairs"))
    hold(village, post("500235104000", "township", "medical_security"))
    hold(village, post(KAIZHOU, "county", "civil_affairs"))
    assert names(persons(village, Filters())) == ["李碧水", "张青山"]
    assert names(persons(village, Filters("out"))) == ["李碧水", "张青山"]


def test_somebody_without_a_post_sees_an_empty_list(village: Officer) -> None:
    nobody = clerk("nobody", ELSEWHERE, "county", "civil_affairs")
    nobody.holdings.update(until=date(2025, 1, 1))
    empty: list[Listing[Any]] = [persons(nobody, Filters()), households(nobody, Filters()), sites(nobody, Filters())]
    for listing in empty:
        assert names(listing) == []
        assert counted(listing) == 0


@pytest.fixture
def many(village: Officer) -> Officer:
    """Nine people in the reach of two posts, three in each of three villages."""
    hold(village, post("500235105000", "township", "civil_affairs"))
    hold(village, post("500154101201", "village", "committee"))
    people = [
        Person(name=f"王{n}", pinyin=f"wang {n % 2}", initials="w", origin=ORIGIN, destination=code)
        for code in ("500235105201", "500235105202", "500235104202")
        for n in range(3)
    ]
    with everything():
        Person.objects.bulk_create(people)
    return village


@pytest.mark.parametrize("size", [1, 2, 3, 4, 50])
@pytest.mark.parametrize(
    ("text", "few"), [("", 5_000), ("王", 5_000), ("王", 0)], ids=["所有人", "按名字找", "按顺序走"]
)
def test_pages_follow_each_other_without_a_gap_both_ways(
    many: Officer, size: int, text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_few", few)
    listing = persons(many, Filters(text=text))
    whole = names(listing)
    assert len(whole) == (9 if text else 11)
    there: list[str] = []
    found = page(listing, size=size)
    assert found.previous == ""
    there += [str(row) for row in found.rows]
    while found.next:
        found = page(listing, after=found.next, size=size)
        there += [str(row) for row in found.rows]
    assert there == whole
    back = [str(row) for row in found.rows]
    while found.previous:
        found = page(listing, before=found.previous, size=size)
        back = [str(row) for row in found.rows] + back
    assert back == whole


@pytest.mark.parametrize("most", [1, 3, 10, 11, 12, 50])
@pytest.mark.parametrize("size", [1, 4, 11, 50])
def test_a_page_and_the_count_together_are_what_they_are_apart(many: Officer, size: int, most: int) -> None:
    listing = persons(many, Filters())
    places: list[dict[str, str]] = [{}, {"after": "x"}, {"before": "x"}]
    found = page(listing, size=size)
    while found.next:
        places.append({"after": found.next})
        found = page(listing, **places[-1], size=size)
        places += [{"before": found.previous}] if found.previous else []
    for place in places:
        assert page_and_count(listing, **place, size=size, most=most) == (
            page(listing, **place, size=size),
            counted(listing, most),
        )


def test_together_they_are_asked_for_once_as_long_as_the_page_is_among_those_that_are_counted(many: Officer) -> None:
    listing = persons(many, Filters())
    second = page(listing, size=4).next
    for most, once in ((11, True), (4, False)):
        with CaptureQueriesContext(connection) as caught:
            page_and_count(listing, after=second, size=4, most=most)
        questions = [q for q in caught.captured_queries if 'FROM "register_person"' in q["sql"]]
        assert (len(questions) <= len(listing.parts)) == once


@pytest.mark.parametrize(
    "key",
    ["", "x", "四", "WzFd", "WyJhIiwiYiIsImMiXQ", "bnVsbA", "WyJcdTAwMDAiLCIiLCIiXQ", "===="],
    ids=["空", "不是编码", "汉字", "不够长", "不是编号", "不是列表", "控制字符", "只有等号"],
)
def test_a_key_that_no_page_gave_is_the_first_page(many: Officer, key: str) -> None:
    assert names(persons(many, Filters()), after=key) == names(persons(many, Filters()))


PLANS: dict[str, tuple[Callable[..., Listing[Any]], Filters, str]] = {
    "人员": (persons, Filters(), "person_in "),
    "迁出的人": (persons, Filters("out"), "person_out "),
    "已注销": (persons, Filters(ended=True), "person_in_ended "),
    "户": (households, Filters(), "household_in "),
    "迁出的户": (households, Filters("out"), "household_out "),
    "安置点": (sites, Filters(), "site_listed "),
}


@pytest.mark.parametrize(("listing", "filters", "index"), PLANS.values(), ids=PLANS)
def test_a_list_is_read_in_the_order_of_its_index(
    village: Officer, listing: Callable[..., Listing[Any]], filters: Filters, index: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL decides by what the tables hold")
    asked = listing(village, filters)
    plan = asked.parts[0].order_by(*asked.keys)[:51].explain()
    assert f"USING INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


RARE: dict[str, tuple[Callable[..., Listing[Any]], str, str]] = {
    "人的姓名": (persons, "张青", "person_name "),
    "人的首字母": (persons, "zqs", "person_initials "),
    "户里人的姓名": (households, "张青", "person_name "),
    "户编号": (households, "50010000000001", "household_code_once "),
}


@pytest.mark.parametrize(("listing", "text", "index"), RARE.values(), ids=RARE)
def test_a_rare_beginning_leads_to_what_begins_so(
    village: Officer, listing: Callable[..., Listing[Any]], text: str, index: str
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL decides by what the tables hold")
    assert index in listing(village, Filters(text=text)).parts[0].order_by("place", "pk")[:51].explain()


@pytest.mark.parametrize(("listing", "text", "index"), RARE.values(), ids=RARE)
def test_behind_row_level_security_too_which_asks_its_policy_before_a_like(
    listing: Callable[..., Listing[Any]], text: str, index: str
) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has none")
    fill(4_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    asked = listing(clerk("city", "500000000000", "city"), Filters(text=text)).parts[0]
    led = asked.order_by().explain().partition(index)[2]
    assert "~>=~" in led.partition("Index Cond")[2].partition("Filter")[0]


@pytest.mark.parametrize("text", ["张青", "zqs"])
def test_where_names_lead_no_order_of_places_does(village: Officer, text: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is asked above")
    listing = persons(village, Filters(text=text))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")  # whatever the tables hold
    assert "person_in " not in listing.parts[0].order_by(*listing.keys)[:1].explain()


def test_where_an_order_leads_each_household_is_asked_for_its_members(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite does as it is told")
    monkeypatch.setattr(lists, "_few", 0)
    fill(4_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    listing = households(clerk("city", "500000000000", "city"), Filters(text="王"))
    plan = listing.parts[0].order_by(*listing.keys)[:51].explain()
    assert "SubPlan" in plan
    assert "Semi Join" not in plan
    assert "HashAggregate" not in plan
