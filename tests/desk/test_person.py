"""一人一档: what it shows to whom, on which day, and the trace that opening it leaves."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from anju.journal.models import Entry
from anju.register.actions import change_person, record_facts
from anju.register.models import Former
from tests.desk.cast import Family, again, browser, line
from tests.government.pages.officer import Browser
from tests.register.cast import ORIGIN, clerk, number

pytestmark = pytest.mark.django_db


def shown(who: Browser, of: Family, query: str = "") -> str:
    """The person's page without its tags."""
    answer = who.get(f"/people/{of.person.pk}/{query}")
    assert answer.status_code == 200
    text = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def test_a_person_is_shown_with_all_that_is_known(us: Family, village: Browser) -> None:
    page = shown(village, us)
    for said in (
        "张青山",
        "500**************7",
        "5000000000000001",
        "青龙安置点",
        "户籍意愿",
        "愿迁",
        "当面",
        "2021-05-01",
    ):
        assert said in page
    assert "落户方式 已迁入" in page


@pytest.mark.parametrize(
    ("who", "sees", "not_even_the_name"),
    [
        ("organisation", ["一（二）党组织关系转接", "党员 是", "党组织"], ["医保", "养老状态", "户籍意愿"]),
        ("medical_security", ["一（六）医疗保险关系转接"], ["党员", "党组织", "养老状态"]),
        ("human_resources", ["一（五）养老保险关系转接", "养老状态 缴费中"], ["党员", "党组织", "医保状态"]),
        ("civil_affairs", ["一（七）社会救助关系转接"], ["党员", "党组织", "医保意愿"]),
        ("public_security", ["一（一）户口迁移服务", "户籍意愿"], ["党员", "党组织", "养老意愿"]),
    ],
)
def test_a_line_sees_what_it_works_with(us: Family, who: str, sees: list[str], not_even_the_name: list[str]) -> None:
    page = shown(browser(line(who)), us)
    for said in sees:
        assert said in page
    for said in not_even_the_name:
        assert said not in page


@pytest.mark.parametrize(
    ("who", "kinds"),
    [
        ("public_security", {"户籍"}),
        ("organisation", {"户籍", "党组织"}),
        ("human_resources", {"户籍", "养老"}),
        ("medical_security", {"户籍", "医保"}),
    ],
)
def test_a_line_sees_its_own_relations(us: Family, who: str, kinds: set[str]) -> None:
    page = browser(line(who)).get(f"/people/{us.person.pk}/").content.decode()
    tracks = set(re.findall(r'class="track-name" lang="zh-Hans">([^<]+)<', page))
    assert tracks >= kinds
    assert not tracks & ({"党组织", "医保"} - kinds)


def test_both_sides_see_their_person(us: Family) -> None:
    origin = browser(clerk("origin", ORIGIN, "village", "committee"))
    assert "张青山" in shown(origin, us)


@pytest.mark.parametrize(
    ("query", "place"),
    [("", "在迁入地"), ("?on=2021-05-01", "destination"), ("?on=2021-04-30", "origin")],
    ids=["今天", "迁的那天", "前一天"],
)
def test_the_hukou_lies_where_it_lay_on_that_day(us: Family, village: Browser, query: str, place: str) -> None:
    page = village.get(f"/people/{us.person.pk}/{query}").content.decode()
    (track,) = re.findall(r'lang="zh-Hans">户籍</div>(.*?)<div class="track-now">', page, flags=re.DOTALL)
    bars = re.findall(r'class="at-(\w+)"', track)
    assert bars == (["origin"] if place == "origin" else ["origin", "destination"])
    assert ("记事实" in page) is (query == "")


def test_a_day_shows_what_was_known_on_another(us: Family, village: Browser) -> None:
    record_facts(by=us.officer, kind="person", subject=str(us.person.pk), facts={"rural_house": False})
    yesterday = timezone.now() - timedelta(days=1)
    with connection.cursor() as cursor:
        # the past is made by hand, past the wall that keeps it
        cursor.execute(
            "DROP TRIGGER IF EXISTS former_never_rewritten"
            + ("" if connection.vendor == "sqlite" else " ON register_former")
        )
    Former.objects.filter(subject_id=str(us.person.pk)).update(until=yesterday)
    before = (timezone.localdate() - timedelta(days=2)).isoformat()
    assert "安置地农村住房 否" in shown(village, us)
    assert "安置地农村住房 是" in shown(village, us, f"?known={before}")
    assert f"{timezone.localtime(yesterday):%Y-%m-%d} 改" in shown(village, us)


@pytest.mark.parametrize("query", ["?on=x", "?on=2999-01-01", "?on=2021-02-30", "?known=2999-01-01", "?on=&known="])
def test_what_is_no_day_of_the_past_is_today(us: Family, village: Browser, query: str) -> None:
    assert "回到今天" not in shown(village, us, query)


def test_opening_a_file_leaves_a_trace(us: Family, village: Browser) -> None:
    village.get(f"/people/{us.person.pk}/")
    entry = Entry.objects.get(action="register.look")
    assert (entry.object_kind, entry.object_id, entry.purpose, entry.result) == (
        "person",
        str(us.person.pk),
        "经办",
        "done",
    )
    assert entry.officer == str(us.officer.pk)


def test_more_files_than_an_hour_allows_are_refused_and_seen_by_the_auditor(
    us: Family, village: Browser, settings: Settings
) -> None:
    settings.ANJU_MOST_FILES_AN_HOUR = 2
    ours = [us.person, us.spouse, us.person, us.son, us.spouse]
    assert [village.get(f"/people/{p.pk}/").status_code for p in ours] == [200, 200, 200, 429, 200]
    page = village.get(f"/people/{us.son.pk}/").content.decode()
    assert "一小时里最多打开 2 份档案" in page
    assert "张长河" not in page
    assert Entry.objects.filter(action="register.look", result="refused", object_id=str(us.son.pk)).count() == 2
    with_hour = Entry.objects.filter(action="register.look", result="done").values_list("object_id", flat=True)
    assert set(with_hour) == {str(us.person.pk), str(us.spouse.pk)}


def test_what_is_shown_in_full_asks_for_the_second_factor_first(us: Family, village: Browser) -> None:
    address = f"/people/{us.person.pk}/"
    answer = village.post(
        f"{address}reveal/number/", {"purpose": "核对"}, headers={"Referer": f"http://testserver{address}"}
    )
    assert answer.headers["Location"].startswith("/account/confirm/?next=%2Fpeople%2F")
    assert not Entry.objects.filter(action="register.reveal").exists()


def test_a_number_is_shown_in_place_for_a_purpose(us: Family, village: Browser) -> None:
    answer = again(village).post(f"/people/{us.person.pk}/reveal/number/", {"purpose": "核对户口"})
    assert answer.status_code == 200
    assert number(1) in answer.content.decode()
    entry = Entry.objects.get(action="register.reveal")
    assert (entry.purpose, json.loads(entry.detail)) == ("核对户口", {"field": "number"})
    assert number(1) not in entry.detail
    assert number(1) not in village.get(f"/people/{us.person.pk}/").content.decode()


@pytest.mark.parametrize(
    ("field", "purpose", "sentence"),
    [
        ("number", " ", "写明用途"),
        ("phone", "核对", "没有登记联系电话"),
        ("guarded", "核对", "没有这一项"),
        ("address", "核对", "没有"),
    ],
)
def test_without_a_purpose_or_a_field_nothing_is_shown(
    us: Family, village: Browser, field: str, purpose: str, sentence: str
) -> None:
    page = again(village).post(f"/people/{us.person.pk}/reveal/{field}/", {"purpose": purpose})
    assert page.status_code == 200
    assert number(1) not in page.content.decode()
    assert sentence in page.content.decode() or field in ("guarded", "address", "phone")
    assert not Entry.objects.filter(action="register.reveal").exists()


def test_a_phone_is_masked(us: Family, village: Browser) -> None:
    change_person(by=us.officer, person=str(us.person.pk), changes={"phone": "13800001234"})
    assert "138****1234" in shown(village, us)
    assert (
        "13800001234"
        in again(village).post(f"/people/{us.person.pk}/reveal/phone/", {"purpose": "通知开会"}).content.decode()
    )


def test_a_page_asks_as_many_questions_however_much_is_known(us: Family, village: Browser) -> None:
    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            village.get(f"/people/{us.person.pk}/")
        return len(asked)

    assert questions() < 46
    before = questions()  # PostgreSQL has been told by now for whom: a test is one transaction, as no two pages are
    for choice in (True, False, True, None):
        record_facts(by=us.officer, kind="person", subject=str(us.person.pk), facts={"rural_house": choice})
    assert questions() == before
