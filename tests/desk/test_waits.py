"""What waits for an officer is told on the desk, with the way to it: what a colleague began and only a second one can finish."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from anju.desk.queries.waits import waits
from anju.government.asking import Asking
from anju.government.models import Officer, PostHolding
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.models import Closing
from anju.payments.months import month_of, shifted
from tests.access.world import DESTINATION, LONG_AGO, ORIGIN, SIBLING, Family, family, villages
from tests.desk.cast import browser
from tests.government.cast import hold, officer, post
from tests.government.pages.officer import signed_in
from tests.register.cast import KAIZHOU, YUNYANG, clerk
from tests.register.cast import ORIGIN as CAME_FROM
from tests.register.joining import agreed, asked, twice

pytestmark = pytest.mark.django_db
COUNTY, TOWN = "500235000000", f"{ORIGIN[:9]}000"
last_month = shifted(month_of(timezone.localdate()), -3)  # of which the office has kept nothing


@pytest.fixture
def own() -> Family:
    """A family about whom a list, an export, a joining, premiums and a subsidy wait; the office it came from asked to close a month."""
    villages()
    found = family("龘", 1, ORIGIN, DESTINATION)
    with everything():
        Closing.objects.create(payer=TOWN, month=last_month, asked_by=officer("asks"))
    return found


words = {
    "导入": "龘青山.xlsx",
    "导出审批": "某登记员",
    "并档确认": "龘青山",
    "流转费补助复核": "龘青山",
    "代缴复核": "等复核",
    "关账复核": "复核无误，关账",
}
"""What is seen behind the way."""


def told(who: Officer) -> dict[str, int]:
    asking = Asking(who, visible_regions(who, timezone.localdate()), timezone.localdate())
    return {str(one.name): one.count for one in waits(asking)}


def somebody(region: str, level: str, line: str) -> Officer:
    who = officer("second")
    who.set_unusable_password()
    who.save(update_fields=["password"])
    hold(who, post(region, level, line), LONG_AGO)
    return who


@pytest.mark.parametrize(
    ("seat", "seen"),
    [
        ((DESTINATION, "village", "committee"), {"导入": 1, "导出审批": 1, "并档确认": 1}),
        ((COUNTY, "county", "agriculture"), {"流转费补助复核": 1}),
        ((COUNTY, "county", "medical_security"), {"代缴复核": 1}),
        ((TOWN, "township", "civil_affairs"), {"关账复核": 1}),
    ],
    ids=["迁入村村居", "迁入县农业农村", "迁入县医保", "迁出镇民政"],
)
def test_what_a_colleague_began_waits_for_the_second(
    own: Family, seat: tuple[str, str, str], seen: dict[str, int]
) -> None:
    who = somebody(*seat)
    found = told(who)
    assert {name: found.get(name) for name in seen} == seen
    browser = signed_in(who)
    page = browser.get("/desk/").content.decode()
    for name in seen:
        (address,) = re.findall(rf'href="([^"]+)">{name} <b class="number">1</b>', page)
        there = browser.get(html.unescape(address))
        assert there.status_code == 200
        assert words[name] in there.content.decode()


def test_nothing_waits_for_a_neighbour_or_for_whoever_asked(own: Family) -> None:
    assert told(somebody(SIBLING, "village", "committee")) == {}
    keeper = Officer.objects.get(account="keeper1")
    assert not {"导入", "导出审批", "并档确认"} & set(told(keeper))
    asks = Officer.objects.get(account="asks")
    hold(asks, post(TOWN, "township", "civil_affairs"), LONG_AGO)
    assert "关账复核" not in told(asks)
    for line, name in (("medical_security", "代缴复核"), ("agriculture", "流转费补助复核")):
        hold(keeper, post(COUNTY, "county", line), LONG_AGO)
        assert name not in told(keeper)


AGREEING: dict[str, tuple[str, bool]] = {
    "同村另一位": ("second", True),
    "另一条线的区县干部": ("culture", True),
    "申请的人": ("asks", False),
    "只看得到留下的那一条": ("origin", False),
    "不在岗了": ("gone", False),
    "等的日子过了": ("late", False),
}


@pytest.mark.parametrize(("who", "may"), AGREEING.values(), ids=AGREEING)
def test_a_joining_waits_for_exactly_those_who_may_agree(who: str, may: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    asks, seats = (
        clerk("asks"),
        {"culture": (YUNYANG, "county", "culture"), "origin": (CAME_FROM,)},
    )
    second = asks if who == "asks" else clerk(who, *seats.get(who, ()))
    stays, goes = twice(asks, origin=KAIZHOU)
    joining = asked(asks, goes, stays)
    if who == "gone":
        PostHolding.objects.filter(officer=second).update(until=timezone.localdate())
    if who == "late":
        past = joining.decide_by + timedelta(seconds=1)
        monkeypatch.setattr(timezone, "now", lambda: past)
    assert ("并档确认" in told(second)) == may
    assert (str(joining.pk) in browser(second).get("/people/doubles/?list=waiting").content.decode()) == may
    if may:
        assert agreed(second, joining) == stays
        assert "并档确认" not in told(second)
    else:
        with pytest.raises(Refused):
            agreed(second, joining)


def test_a_desk_for_which_nothing_waits_does_not_speak_of_it(own: Family) -> None:
    page = signed_in(somebody(SIBLING, "village", "committee")).get("/desk/").content.decode()
    assert "等您处理" not in page
