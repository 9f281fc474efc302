"""One site and one county: standards with their gaps in numbers, facts, and who is counted."""

from __future__ import annotations

import re

import pytest

from anju.check.explanation import Explained
from anju.desk.templatetags.desk import figure
from anju.register.actions import record_facts
from anju.register.models import CountyFacts, Site
from tests.desk.cast import Family, browser
from tests.desk.test_person_forms import sentences
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, YUNYANG, clerk

pytestmark = pytest.mark.django_db
SIX = ("has_service_centre", "has_police_room", "has_health_station", "has_day_care", "has_culture_room", "has_grocery")


@pytest.fixture
def civil(us: Family) -> Browser:
    return browser(clerk("civil", YUNYANG, "county", "civil_affairs"))


def plain(who: Browser, address: str) -> str:
    """A page without its tags."""
    answer = who.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_site_says_what_it_lacks_in_numbers(us: Family, civil: Browser) -> None:
    address = f"/sites/{us.site.pk}/"
    assert " 1 登记的户 " in plain(civil, address)
    assert " 3 登记的人 " in plain(civil, address)
    assert "安置人数按登记的 3 人算；没有另外记录。" in plain(civil, address)
    given = dict.fromkeys(SIX, "yes") | {
        "has_day_care": "no", "has_grocery": "no", "new_community": "yes", "has_service_station": "no",
        "households": "250", "facility_area": "60", "revision": "1",
    }  # fmt: skip
    assert civil.post(f"{address}facts/2.2/", given).status_code == 302
    page = plain(civil, address)
    assert "2 缺项数" in page
    assert "15 面积缺口" in page
    assert "应健全 设施补缺 必须：健全六项设施" in page
    assert Site.objects.unscoped().get().facts["households"] == 250


def test_a_new_site_is_registered_once(us: Family, civil: Browser) -> None:
    given = {"name": "白马安置点", "region": DESTINATION}
    assert civil.post("/sites/new/", given).headers["Location"].startswith("/sites/")
    assert any("已经有同名" in said for said in sentences(civil.post("/sites/new/", given)))
    assert any(
        "不在您的范围里" in said for said in sentences(civil.post("/sites/new/", {**given, "region": "500236000000"}))
    )


def test_a_county_has_facts_from_the_first_one_on(us: Family, civil: Browser) -> None:
    address = "/counties/500235/"
    assert "云阳县" in plain(civil, address)
    assert not CountyFacts.objects.unscoped().exists()
    given = {"rules_reviewed_this_year": "yes", "meetings_this_quarter": "0", "revision": "0"}
    answer = civil.post(f"{address}facts/3.3/", given)
    assert answer.headers["Location"] == f"/counties/{YUNYANG}/?saved=facts#clause-3-3"
    row = CountyFacts.objects.unscoped().get()
    assert (row.pk, row.facts["meetings_this_quarter"], row.revision) == (YUNYANG, 0, 1)
    assert sentences(civil.post(f"{address}facts/3.3/", {**given, "meetings_this_quarter": "1"})) == [
        "别人刚刚改过，请打开最新的再改。"
    ]


@pytest.mark.parametrize("code", ["500235", "500235000000"])
def test_a_county_is_found_by_either_code(us: Family, civil: Browser, code: str) -> None:
    assert civil.get(f"/counties/{code}/").status_code == 200


@pytest.mark.parametrize(
    "code", ["500236", "500235104", "5002", "50", "999999", "云阳", "５００２３５", "500235000001", "0"]
)
def test_what_is_no_county_of_the_officer_is_missing(us: Family, civil: Browser, code: str) -> None:
    assert civil.get(f"/counties/{code}/").content == civil.get("/nothing-here/").content
    assert civil.get(f"/counties/{code}/facts/3.3/").status_code == 404


def test_a_village_has_no_page_of_its_county(us: Family) -> None:
    assert browser(us.officer).get("/counties/500235/").status_code == 404


COUNTED: dict[str, tuple[int, str]] = {
    "登记的还少": (4, "安置人数按记录的 4 人算：登记的还只有 3 人，登记够了就按登记的算。"),
    "刚好够": (3, "安置人数按登记的 3 人算；记录的是 3 人。"),
    "登记的更多": (2, "安置人数按登记的 3 人算；记录的是 2 人。"),
}


@pytest.mark.parametrize(("recorded", "sentence"), COUNTED.values(), ids=COUNTED)
def test_how_many_are_registered_and_how_many_were_recorded(
    recorded: int, sentence: str, us: Family, civil: Browser
) -> None:
    record_facts(by=us.officer, kind="site", subject=str(us.site.pk), facts={"persons": recorded})
    assert sentence in plain(civil, f"/sites/{us.site.pk}/")
    assert f" 3 {recorded} " in plain(civil, "/sites/")


@pytest.mark.parametrize(
    ("name", "label", "shown"),
    [
        ("线上件占比", "0.173913", "17.4%"),
        ("线上件占比", "1", "100.0%"),
        ("线上件占比", "0", "0.0%"),
        ("线上件占比", "不适用", "不适用"),
        ("面积缺口", "120.5", "120.5"),
    ],
)
def test_a_share_is_shown_in_percent(name: str, label: str, shown: str) -> None:
    answer = Explained("code", name, "1.1", "", "answered", label, "", None, (), (), (), ())
    assert figure(answer) == shown
