"""Who is offered the pages of money, and on which clause each of them rests."""

from __future__ import annotations

import re

import pytest

from tests.desk.cast import browser as signed_in
from tests.register.cast import YUNYANG, clerk

pytestmark = pytest.mark.django_db
PLACES = re.compile(r'<div class="places">.*?</div>', re.DOTALL)


@pytest.mark.parametrize(
    ("line", "level", "region", "has"),
    [
        ("civil_affairs", "county", "500235000000", {"发放"}),
        ("civil_affairs", "township", "500235103000", {"发放"}),
        ("medical_security", "county", "500235000000", {"代缴", "就医结算", "参保比对"}),
        ("medical_security", "township", "500235103000", {"参保比对"}),
        ("human_resources", "county", "500235000000", {"代缴", "参保比对"}),
        ("human_resources", "township", "500235103000", {"参保比对"}),
        ("committee", "village", "500235104202", {"参保比对", "流转费补助"}),
        ("agriculture", "county", "500235000000", {"流转费补助"}),
        ("rural_revitalisation", "township", "500235103000", {"流转费补助"}),
        ("public_security", "county", "500235000000", set()),
    ],
    ids=["县民政", "镇民政", "县医保", "镇医保", "县人社", "镇人社", "村", "县农业", "镇振兴", "县公安"],
)
def test_money_is_offered_to_those_who_handle_it(line: str, level: str, region: str, has: set[str]) -> None:
    browser = signed_in(clerk("money", region, level, line))
    (places,) = PLACES.findall(browser.get("/account/").content.decode())
    assert {
        place for place in ("发放", "代缴", "就医结算", "参保比对", "流转费补助") if f">{place}</a>" in places
    } == has


@pytest.mark.parametrize(
    ("line", "address", "clause"),
    [
        ("civil_affairs", "/payments/", "1.7"),
        ("medical_security", "/settlements/", "1.6"),
        ("medical_security", "/premiums/", "1.6"),
        ("human_resources", "/premiums/", "1.5"),
        ("medical_security", "/comparisons/", "1.6"),
        ("human_resources", "/comparisons/", "1.5"),
        ("agriculture", "/rents/", "1.4"),
    ],
    ids=["发放", "就医结算", "参保资助", "代缴", "医保比对", "养老比对", "流转费"],
)
def test_each_names_its_clause(line: str, address: str, clause: str) -> None:
    page = signed_in(clerk("money", YUNYANG, "county", line)).get(address).content.decode()
    assert f'href="/guideline/{clause}/' in page.partition("<main")[2]
