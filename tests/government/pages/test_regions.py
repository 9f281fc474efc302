"""Villages are added, renamed and merged; places are found by name and code."""

from __future__ import annotations

import re
from datetime import date

import pytest

from anju.government.models import Officer, Region, always, never
from anju.government.queries import visible_regions
from anju.government.queries.places import find_places, place_names, the_place
from anju.government.refusals import Refused
from anju.journal.models import Entry
from tests.government.cast import ORIGIN, officer, post, with_password
from tests.government.pages.officer import Browser, signed_in

pytestmark = pytest.mark.django_db
COUNTY = "500236000000"
VILLAGE = f"{ORIGIN[:9]}001"
TODAY = date(2026, 6, 30)


@pytest.fixture
def browser() -> Browser:
    """The security administrator's."""
    return signed_in(with_password("boss", duty=Officer.Duty.SECURITY))


def add(browser: Browser, code: str = VILLAGE, **given: str) -> int:
    form = {"township": "吐祥镇", "name": "铁佛村", "code": code, "since": "2020-01-01", **given}
    return browser.post(f"/regions/{COUNTY}/villages/", form).status_code


def rows(code: str = VILLAGE) -> list[tuple[str, date, date, str]]:
    return list(Region.objects.filter(code=code).order_by("until").values_list("name", "since", "until", "successor"))


def test_a_village_is_added(browser: Browser) -> None:
    assert add(browser) == 302
    assert rows() == [("铁佛村", date(2020, 1, 1), never, "")]
    page = browser.get(f"/regions/{COUNTY}/?done=add").content.decode()
    assert "村社区加好了" in page
    assert page.index("吐祥镇") < page.index("铁佛村")
    assert Entry.objects.get().object_id == VILLAGE


def test_without_a_day_a_village_is_as_old_as_its_township(browser: Browser) -> None:
    add(browser, since="")
    assert rows() == [("铁佛村", always, never, "")]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "500236001001"}, "代码前九位是 500236127"),
        ({"code": ORIGIN}, "后三位不是 000"),
        ({"code": "50023612700"}, "12 位数字"),
        ({"code": "五〇〇二三六一二七〇〇一"}, "12 位数字"),
        ({"township": "奉节县"}, "没有找到"),
        ({"name": " "}, "必填"),
        ({"since": "去年"}, "这不是日期"),
    ],
    ids=["别的乡镇", "乡镇自己", "十一位", "中文数字", "不是乡镇", "没有名称", "不是日期"],
)
def test_a_village_that_cannot_be(browser: Browser, given: dict[str, str], sentence: str) -> None:
    form = {"township": "吐祥镇", "name": "铁佛村", "code": VILLAGE, "since": "2020-01-01", **given}
    answer = browser.post(f"/regions/{COUNTY}/villages/", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Region.objects.filter(level=Region.Kind.VILLAGE).exists()


def test_a_code_is_one_village_at_a_time(browser: Browser) -> None:
    add(browser)
    assert add(browser, name="别的村") == 422
    assert len(rows()) == 1


def test_another_name_begins_on_a_day(browser: Browser) -> None:
    add(browser)
    answer = browser.post(f"/villages/{VILLAGE}/name/", {"name": "铁佛社区", "since": "2025-01-01"}, follow=True)
    assert "改名记下了" in answer.content.decode()
    assert rows() == [
        ("铁佛村", date(2020, 1, 1), date(2025, 1, 1), VILLAGE),
        ("铁佛社区", date(2025, 1, 1), never, ""),
    ]
    assert place_names([VILLAGE], date(2024, 12, 31))[VILLAGE].endswith("铁佛村")
    assert place_names([VILLAGE], date(2025, 1, 1))[VILLAGE].endswith("铁佛社区")


def test_a_merged_village_leads_to_what_it_became(browser: Browser) -> None:
    add(browser)
    add(browser, f"{ORIGIN[:9]}002", name="青龙村")
    answer = browser.post(
        f"/villages/{VILLAGE}/successor/", {"successor": "青龙村", "until": "2026-01-01"}, follow=True
    )
    assert "撤并记下了" in answer.content.decode()
    assert rows() == [("铁佛村", date(2020, 1, 1), date(2026, 1, 1), f"{ORIGIN[:9]}002")]
    page = browser.get(f"/regions/{COUNTY}/").content.decode()
    assert "重庆市奉节县吐祥镇青龙村" in page
    assert "名称" in browser.get(f"/villages/{VILLAGE}/").content.decode()
    assert "<form" not in browser.get(f"/villages/{VILLAGE}/").content.decode().partition("<main")[2]


@pytest.mark.parametrize(
    ("step", "given", "sentence"),
    [
        ("name", {"name": "铁佛村", "since": "2025-01-01"}, "和现在的一样"),
        ("name", {"name": "铁佛社区", "since": "2020-01-01"}, "晚于起始日"),
        ("successor", {"successor": VILLAGE, "until": "2026-01-01"}, "另一个村社区"),
        ("successor", {"successor": "", "until": "2026-01-01"}, "必填"),
        ("successor", {"successor": "吐祥镇", "until": "2019-01-01"}, "晚于起始日"),
        ("successor", {"successor": "奉节县", "until": "2026-01-01"}, "没有找到"),
    ],
    ids=["没有改", "没有一天是旧名", "并入自己", "没说并入哪里", "早于起始", "并入区县"],
)
def test_a_change_that_cannot_be(browser: Browser, step: str, given: dict[str, str], sentence: str) -> None:
    add(browser)
    answer = browser.post(f"/villages/{VILLAGE}/{step}/", given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert rows() == [("铁佛村", date(2020, 1, 1), never, "")]


def test_what_is_no_more_does_not_change(browser: Browser) -> None:
    add(browser)
    form = {"successor": "吐祥镇", "until": "2026-01-01"}
    assert browser.post(f"/villages/{VILLAGE}/successor/", form).status_code == 302
    assert browser.post(f"/villages/{VILLAGE}/successor/", form).status_code == 422
    assert add(browser, name="新铁佛村", since="2026-01-01") == 302, "the code is free again"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"/regions/{ORIGIN}/", 404),
        (f"/villages/{ORIGIN}/", 404),
        ("/regions/x/", 404),
        ("/regions/110101000000/", 200),
    ],
    ids=["乡镇当区县", "乡镇当村", "不是代码", "没有乡镇的区县"],
)
def test_only_a_county_has_this_page(browser: Browser, address: str, status: int) -> None:
    assert browser.get(address).status_code == status


def test_a_county_is_chosen(browser: Browser) -> None:
    post()
    assert browser.get("/regions/?county=奉节县").headers["Location"] == f"/regions/{COUNTY}/"
    assert f"/regions/{COUNTY}/" in browser.get("/regions/").content.decode()
    assert "没有找到" in browser.get("/regions/?county=没有").content.decode()


def test_places_are_suggested_to_every_officer() -> None:
    page = signed_in(with_password("li")).get("/regions/suggest/?region=奉节").content.decode()
    assert re.findall(r'value="([^"]+)"', page) == ["重庆市奉节县 500236000000"]
    assert signed_in(with_password("wang")).get("/regions/suggest/").content.strip() == b""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("奉节", "重庆市奉节县"),
        ("500236127", "重庆市奉节县吐祥镇"),
        ("吐祥", "重庆市奉节县吐祥镇"),
        (" 重庆", "重庆市"),
        ("不存在的地方", None),
        ("", None),
        ("%", None),
        ("_", None),
    ],
)
def test_a_place_is_found_by_name_or_code(text: str, first: str | None) -> None:
    found = find_places(text, TODAY)
    assert (found[0].name if found else None) == first
    assert len(found) <= 12


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("奉节县", COUNTY),
        ("奉节", COUNTY),
        ("重庆市奉节县", COUNTY),
        ("重庆市奉节县 500236000000", COUNTY),
        ("500236", COUNTY),
        ("重庆市", "500000000000"),
        ("北京市朝阳区", "110105000000"),
        ("两江新区", "500157000000"),
        ("渝北区", None),
        ("朝阳区", None),
        ("1234", None),
        ("12345", None),
    ],
)
def test_a_place_is_meant_by_its_name_or_code(text: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(Refused):
            the_place(text, TODAY)
    else:
        assert the_place(text, TODAY).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("渝北区", "500112000000"),
        ("重庆市渝北区 500112000000", "500112000000"),
        ("500112", "500112000000"),
        ("两江新区", "500157000000"),
        ("重庆市江北区", "500105000000"),
        ("江北区", None),
        ("奉节", COUNTY),
        ("朝阳区", None),
        ("500199", None),
    ],
)
def test_what_was_given_up_is_meant_where_it_may_be(text: str, code: str | None) -> None:
    if code is None:
        with pytest.raises(Refused):
            the_place(text, TODAY, former=True)
    else:
        assert the_place(text, TODAY, former=True).code == code


def test_a_former_name_of_a_village_that_is_means_nothing(browser: Browser) -> None:
    """Its code is in use: who types the old name has to see the new one first."""
    add(browser)
    browser.post(f"/villages/{VILLAGE}/name/", {"name": "红旗社区", "since": "2025-01-01"})
    with pytest.raises(Refused, match="没有找到"):
        the_place("铁佛村", TODAY, former=True)
    assert the_place(VILLAGE, TODAY, former=True).name == "红旗社区"


@pytest.mark.parametrize("given", ["500112", "渝北区"])
def test_who_takes_over_is_given_the_old_post(browser: Browser, given: str) -> None:
    """两江新区 does not open 渝北's rows by itself; who goes on with them holds the post of the old code."""
    heir = officer("heir")
    form = {"line": "civil_affairs", "since": "2026-01-01", "until": ""}
    for place in ("两江新区", given):
        browser.post(f"/accounts/{heir.pk}/posts/", {**form, "region": place})
    reached = {(scope.lo, scope.hi) for scope in visible_regions(heir, TODAY)}
    assert reached == {("500157000000", "500158000000"), ("500112000000", "500113000000")}
    assert "渝北区" in browser.get("/posts/?region=500112000000").content.decode()
    page = browser.get("/regions/", {"county": "渝北区"}, follow=True).content.decode()
    assert "登记在旧代码 500112000000 下" in page
    assert "加村社区" not in page
    today = browser.get("/regions/500157000000/").content.decode()
    assert "加村社区" in today
    assert "登记在旧代码" not in today
