"""The page of a county's own figures: seen in the county, set by its own posts."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone

from anju.duties.models import CountyValue
from anju.duties.parameters import settable
from anju.government.models import Officer
from anju.register.privacy import lines_of_clause
from tests.government.cast import PASSWORD
from tests.government.pages.officer import Browser, signed_in
from tests.register.cast import ELSEWHERE, KAIZHOU, YUNYANG, clerk

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
GIVEN = {
    "county": YUNYANG,
    "parameter": "征询期限",
    "value": "10",
    "since": TODAY.isoformat(),
    "until": "",
    "basis": "云人社3号",
}


def come(who: Officer) -> Browser:
    """The officer has chosen a password and come in."""
    who.set_password(PASSWORD)
    who.save()
    return signed_in(who)


@pytest.fixture
def browser(pensions: Officer) -> Browser:
    return come(pensions)


def test_it_lists_what_the_county_may_set(browser: Browser) -> None:
    page = browser.get("/parameters/").content.decode()
    for parameter in settable(TODAY):
        assert f">{parameter.name}</th>" in page
    assert "领取年龄" not in page
    assert "云阳县" in page
    lines = {parameter.name for parameter in settable(TODAY) if "human_resources" in lines_of_clause(parameter.clause)}
    assert page.count("<summary>另定<") == page.count('name="parameter"') == len(lines)
    assert all(f'value="{name}"' in page for name in lines)


def test_a_figure_is_set_and_ended(browser: Browser) -> None:
    answer = browser.post("/parameters/set/", GIVEN)
    assert answer.headers["Location"] == f"/parameters/?county={YUNYANG}&done=set"
    row = CountyValue.objects.get()
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "记下了" in page
    assert re.search(r'<b class="number">10</b>.*?云人社3号', page, re.DOTALL)
    tomorrow = date.fromordinal(TODAY.toordinal() + 1)
    answer = browser.post(f"/parameters/{row.pk}/end/", {"until": tomorrow.isoformat()})
    assert answer.headers["Location"] == f"/parameters/?county={YUNYANG}&done=end"
    row.refresh_from_db()
    assert row.until == tomorrow


def test_a_clause_is_open_where_there_is_something_to_see_at_once(browser: Browser) -> None:
    def opened(answer: str) -> list[str]:
        return re.findall(r'<details class="card[^"]*" open><summary><h2[^>]*>(.*?)</h2>', answer)

    assert opened(browser.get("/parameters/").content.decode()) == []
    refused = browser.post("/parameters/set/", {**GIVEN, "value": "七"}).content.decode()
    (title,) = opened(refused)
    browser.post("/parameters/set/", GIVEN)
    page = browser.get("/parameters/").content.decode()
    assert opened(page) == [title]
    assert page.count("本区县另定 1 项") == 1
    assert "您可以定" in page


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"value": "七"}, "写成数"),
        ({"value": "7.5"}, "期限应是整数"),
        ({"since": "昨天"}, "这不是日期"),
        ({"basis": ""}, ""),
    ],
)
def test_what_was_wrong_stands_beside_it_and_what_was_typed_stays(
    browser: Browser, changes: dict[str, str], why: str
) -> None:
    answer = browser.post("/parameters/set/", {**GIVEN, **changes})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    assert 'role="alert"' in page
    assert changes.get("basis", "云人社3号") in page
    assert not CountyValue.objects.exists()


def test_an_end_that_is_refused_says_why(browser: Browser) -> None:
    row = CountyValue.objects.create(county=YUNYANG, parameter="征询期限", value=5, since=TODAY, basis="通知")
    answer = browser.post(f"/parameters/{row.pk}/end/", {"until": TODAY.isoformat()})
    assert answer.status_code == 422
    assert "失效日要晚于生效日" in answer.content.decode()


def test_other_lines_and_levels_read_and_do_not_set(db: None) -> None:
    CountyValue.objects.create(county=YUNYANG, parameter="征询期限", value=5, since=TODAY, basis="云人社通知")
    for account, region, level, line in (
        ("town", "500235104000", "township", "human_resources"),
        ("culture", YUNYANG, "county", "culture"),
        ("city", "500000000000", "city", "human_resources"),
    ):
        reader = come(clerk(account, region, level, line))
        page = reader.get("/parameters/").content.decode()
        assert "云人社通知" in page
        assert 'value="征询期限"' not in page
        assert reader.post("/parameters/set/", GIVEN).status_code == 422
    assert CountyValue.objects.count() == 1


@pytest.mark.parametrize("region", [ELSEWHERE, KAIZHOU])
def test_another_county_s_figures_are_not_there(db: None, region: str) -> None:
    row = CountyValue.objects.create(county=YUNYANG, parameter="征询期限", value=5, since=TODAY, basis="云人社通知")
    stranger = come(clerk("stranger", region, "county", "human_resources"))
    missing = stranger.get("/parameters/?county=500999000000")
    foreign = stranger.get(f"/parameters/?county={YUNYANG}")
    assert foreign.status_code == missing.status_code == 404
    assert "云人社通知" not in stranger.get("/parameters/").content.decode()
    assert stranger.post("/parameters/set/", GIVEN).status_code == 404
    gone = stranger.post(f"/parameters/{row.pk}/end/", {"until": TODAY.isoformat()})
    never_was = stranger.post(f"/parameters/{row.pk + 1}/end/", {"until": TODAY.isoformat()})
    assert gone.status_code == never_was.status_code == 404


def test_whoever_has_no_county_is_told_so(db: None) -> None:
    city = come(clerk("city", "500000000000", "city", "civil_affairs"))
    assert "您的岗位不在哪个区县" in city.get("/parameters/").content.decode()
