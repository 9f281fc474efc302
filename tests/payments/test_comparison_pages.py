"""The pages of the comparison: a month by county, who was found, what is done from a row, the workbook, and whose month it is not."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
import python_calamine
from django.urls import reverse
from django.utils import timezone

from anju.cases.models import Case
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.payments import expecting, forgetting
from anju.payments.comparing import compare
from anju.payments.models import Comparison, Finding, Insurance, ListRow
from anju.payments.months import month_of, shifted, text_of
from anju.register.actions import create_household, create_person
from anju.register.facts import facts_of, today
from anju.register.models import CountyFacts, Person
from anju.register.verification import verify
from tests.desk.cast import browser as signed_in
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk, number

NOW = month_of(today())
LAST = shifted(NOW, -1)
ADDRESS = "comparisons:comparisons"


def medical(account: str, region: str = YUNYANG, level: str = "county") -> Officer:
    return clerk(account, region, level, "medical_security")


def poor(by: Officer, order: int, name: str, **facts: Any) -> Person:
    home = create_household(
        by=by, household_code=f"{order}", origin=ORIGIN, destination=DESTINATION,
        facts={"relocatee_kind": "registered_poor"},
    )  # fmt: skip
    known = {"medical_aided": True, **facts}
    return create_person(by=by, name=name, number=number(order), household=home, relation="户主", facts=known)


def listed(*rows: tuple[Person | None, Mapping[str, Any]], month: int = NOW, county: str = YUNYANG) -> None:
    """A list came in, as if it had been merged."""
    with everything():
        for person, told in rows:
            row = ListRow(insurance="medical", county=county, month=month, person=person)
            row.told = json.dumps(told, ensure_ascii=False)
            row.save(force_insert=True)
        compare(Insurance.MEDICAL, county, month)


def says(status: str, **more: Any) -> dict[str, Any]:
    return {"facts": {"medical_status": status, **more}}


@pytest.fixture
def people(village: Officer) -> tuple[Person, Person]:
    """One of whom both say that there is no insurance, and one of whom the list alone says so."""
    first = poor(village, 1, "张青山", medical_status="uninsured")
    second = poor(village, 2, "李秀英", medical_status="resident")
    listed((first, says("uninsured")), (second, says("uninsured")), (None, says("resident") | {"name": "王外人"}))
    return first, second


def finding(person: Person, sort: str) -> str:
    with everything():
        return str(Finding.objects.unscoped().get(person=person, sort=sort, month=NOW).pk)


def page(who: Officer | Browser, **query: str) -> str:
    browser = signed_in(who) if isinstance(who, Officer) else who
    return browser.get(reverse(ADDRESS), query).content.decode()


def test_a_month_says_who_was_found_and_why(people: tuple[Person, Person]) -> None:
    shown = page(medical("first"))
    for text in (
        "张青山",
        "李秀英",
        "王外人",
        "已比对",
        "台账 2 人，名单 3 行",
        "参保监测：动员参保",
        "上个月没有比对",
    ):
        assert text in shown, text
    assert "动员参加医保：未办" in shown
    assert "动员参加医保：先按名单登记" in shown
    only = page(medical("second"), sort="stranger")
    assert "王外人" in only
    assert "张青山" not in only


def test_from_a_row_to_the_register_and_to_the_case(people: tuple[Person, Person]) -> None:
    first, second = people
    browser = signed_in(medical("first"))
    said = browser.post(reverse("comparisons:open"), {"chosen": [finding(second, "uninsured")]}).content.decode()
    assert "没有办成 1 行" in said
    assert "先按名单登记" in said
    said = browser.post(reverse("comparisons:follow"), {"chosen": [finding(second, "differs")]}).content.decode()
    assert "办好了 1 行" in said
    assert facts_of("person", str(second.pk), on=today())["medical_status"] == "uninsured"
    entry = Entry.objects.filter(action="register.record_facts").latest("at")
    assert f"医保参保名单 {text_of(NOW)} 云阳县" in json.dumps(entry.detail, ensure_ascii=False)
    chosen = [finding(one, "uninsured") for one in (first, second)]
    said = browser.post(reverse("comparisons:open"), {"chosen": chosen}).content.decode()
    assert "办好了 2 行" in said
    with everything():
        assert Case.objects.unscoped().filter(procedure="mobilise_coverage").count() == 2
    assert "动员参加医保：在办" in page(browser)
    said = browser.post(reverse("comparisons:open"), {"chosen": chosen}).content.decode()
    assert "没有办成 2 行" in said


def test_the_month_before_beside_it(people: tuple[Person, Person], village: Officer) -> None:
    first, second = people
    listed((first, says("uninsured")), (second, says("resident")), (None, says("resident")), month=LAST)
    third = poor(village, 3, "张长河", medical_status="uninsured")
    listed((third, says("uninsured")), month=LAST)
    with everything():
        third.ended_on, third.ended_because = today(), "death"
        third.save(update_fields=["ended_on", "ended_because"])
        compare(Insurance.MEDICAL, YUNYANG, NOW)
    shown = page(medical("first"))
    assert "新增 3" in shown, "李秀英 twice, and who is not registered"
    assert "已解决 2" in shown, "who has died, and another one who is not registered"
    only = page(medical("second"), news="1")
    assert "李秀英" in only
    assert "张青山" not in only


def test_not_compared_is_shown_with_its_day(village: Officer) -> None:
    poor(village, 1, "张青山")
    inspect.unwrap(expecting.expect_comparisons.func)(Job())
    browser = signed_in(medical("first"))
    shown = page(browser)
    assert "没有比对" in shown
    assert "/comparisons/?insurance=medical" in browser.get("/desk/").content.decode(), "the duty leads here"
    assert "期限" in shown
    assert "交参保名单" in shown
    assert "期限" not in page(medical("second"), month=text_of(LAST)), "what is over is owed no more"
    with everything():
        assert CountyFacts.objects.unscoped().filter(code=YUNYANG).exists()


def test_the_workbook_has_a_sheet_a_list(people: tuple[Person, Person]) -> None:
    who, key = medical("first"), Comparison.objects.get().pk
    answer = signed_in(who).get(reverse("comparisons:list", args=[key]))
    book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content))
    assert book.sheet_names[:4] == ["未参保", "断停保", "重复参保", "资助未到账"]
    rows = book.get_sheet_by_name("未参保").to_python()
    assert [row[2] for row in rows[1:]] == ["张青山", "李秀英"]
    assert number(1) not in str(rows)
    assert str(rows[1][3]).startswith("500*")
    assert Entry.objects.filter(action="payments.take_comparison", object_id=str(key)).exists()


def test_whose_county_or_line_it_is_not(people: tuple[Person, Person]) -> None:
    key = Comparison.objects.get().pk
    other = medical("other", "500236000000")
    civil = clerk("civil", YUNYANG, "county", "civil_affairs")
    for who in (other, civil):
        browser = signed_in(who)
        assert browser.get(reverse("comparisons:list", args=[key])).status_code == 404
        assert browser.post(reverse("comparisons:again", args=[key])).status_code == 404
        for deed in ("follow", "open"):
            answer = browser.post(reverse(f"comparisons:{deed}"), {"chosen": [finding(people[1], "differs")]})
            assert answer.status_code == 422
        assert "李秀英" not in page(browser)
        assert ("您的岗位不办" in page(browser)) is (who == civil)
    assert facts_of("person", str(people[1].pk), on=today())["medical_status"] == "resident"


def test_both_sides_and_each_level_see_their_own(people: tuple[Person, Person]) -> None:
    for who in (
        medical("origin", KAIZHOU),
        medical("town", "500235104000", "township"),
        clerk("home", DESTINATION, "village", "committee"),
        medical("city", "500000000000", "city"),
    ):
        assert "李秀英" in page(who), who.account
    neighbour = clerk("neighbour", "500235104203", "village", "committee")
    shown = page(neighbour)
    assert "李秀英" not in shown
    assert "王外人" not in shown, "a list's own people are the county's"


def test_a_city_sees_its_counties_alone(people: tuple[Person, Person]) -> None:
    with everything():
        CountyFacts.objects.unscoped().get_or_create(code="510104000000", defaults={"revision": 0})
        CountyFacts.objects.unscoped().get_or_create(code=KAIZHOU, defaults={"revision": 0})
    shown = page(medical("city", "500000000000", "city"))
    assert "云阳县" in shown
    assert "开州区" in shown
    assert "锦江" not in shown


def test_nothing_ticked_is_said(people: tuple[Person, Person]) -> None:
    browser = signed_in(medical("first"))
    answer = browser.post(reverse("comparisons:follow"), {"chosen": ["nothing"]})
    assert answer.status_code == 422
    assert "先勾选要办的行" in answer.content.decode()


def test_compared_again_at_one_press(people: tuple[Person, Person], village: Officer) -> None:
    poor(village, 3, "张长河", medical_status="uninsured")
    browser, key = signed_in(medical("first")), Comparison.objects.get().pk
    assert "张长河" not in page(browser)
    answer = browser.post(reverse("comparisons:again", args=[key]))
    assert "saved=again" in answer.headers["Location"]
    assert "张长河" in page(browser)


def test_an_address_that_means_nothing_means_this_month(people: tuple[Person, Person]) -> None:
    shown = page(medical("first"), month="2999-01", county="x", sort="nothing", insurance="pension", page="0")
    assert f'参保比对 <span class="number text-nowrap">{text_of(NOW)}' in shown
    assert "张青山" in shown


@pytest.mark.parametrize(("days", "left"), [(179, 1), (181, 0)], ids=["一百七十九天", "一百八十一天"])
def test_who_is_not_registered_is_forgotten_after_a_while(people: tuple[Person, Person], days: int, left: int) -> None:
    then = timezone.now() - timedelta(days=days)
    with everything():
        ListRow.objects.unscoped().filter(person=None).delete()
        row = ListRow(insurance="medical", county=YUNYANG, month=NOW, recorded_at=then)
        row.told = json.dumps(says("resident") | {"name": "王外人"})
        row.save(force_insert=True)
        compare(Insurance.MEDICAL, YUNYANG, NOW)
        Comparison.objects.update(compared_at=then)
    inspect.unwrap(forgetting.forget_strangers.func)(Job())
    with everything():
        assert ListRow.objects.unscoped().filter(person=None).count() == left
        assert Finding.objects.unscoped().filter(sort="stranger").count() == left
        assert ListRow.objects.unscoped().filter(person__isnull=False).count() == 2
    assert not any(verify().values())
