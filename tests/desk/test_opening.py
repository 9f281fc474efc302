"""立件 for many: ticked in the list of duties or all of a filter, looked over once, opened one by one, each refusal with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest

from anju.cases.actions import ForDuty, open_case, open_for_duty
from anju.cases.models import Bundle, Case, Entry
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.policy.model import Fact
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.many import worked
from tests.desk.cast import browser, stranger
from tests.government.pages.officer import Browser
from tests.race import race
from tests.register.cast import clerk, household, zhang

KIND, PROCEDURE = "ask_hukou_wish", "survey_hukou_wish"
_nothing: dict[str, Fact | None] = dict.fromkeys(
    ("rural_house", "lives_in_house", "homestead", "contracted_land"), False
)
ASKED: dict[str, Fact | None] = {
    "hukou_moved": False,
    "hukou_wish": "unstated",
    "lives_at_site": True,
    "address_assigned": True,
    **_nothing,
}


def asked(by: Officer, n: int) -> list[Person]:
    """So many people whose wish nobody has asked for."""
    home = household(by)
    return [
        zhang(by, home, name=f"张{o}山", order=o, relation="户主" if o == 1 else "子女", facts=ASKED)
        for o in range(1, n + 1)
    ]


def duties() -> list[Duty]:
    with everything():
        return list(Duty.objects.unscoped().filter(kind=KIND, closed_on=None).order_by("pk"))


def cases() -> list[Case]:
    with everything():
        return list(Case.objects.unscoped().filter(procedure=PROCEDURE).order_by("pk"))


def form_of(page: str, **more: str) -> dict[str, str]:
    """What the form of the look-over sends."""
    names = ("duties", "key", "applied_on", "how")
    found: Mapping[str, re.Match[str] | None] = {
        name: re.search(rf'name="{name}" value="([^"]*)"', page) for name in names
    }
    return {**{name: match[1] for name, match in found.items() if match}, "open": "1", **more}


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def inside(village: Officer) -> Browser:
    return browser(village)


def test_the_list_offers_it_of_one_kind_alone(village: Officer, inside: Browser) -> None:
    asked(village, 3)
    assert 'name="chosen"' not in inside.get("/desk/").content.decode()
    page = inside.get("/desk/", {"kind": KIND}).content.decode()
    assert page.count('name="chosen"') == 3
    assert "筛出来的 3 条全部一起立件" in page


def test_ticked_ones_are_opened_with_what_is_owed_as_their_grounds(village: Officer, inside: Browser) -> None:
    asked(village, 4)
    ticks = [str(duty.pk) for duty in duties()[:3]]
    page = inside.post("/desk/open/", {"chosen": ticks}).content.decode()
    form = form_of(page)
    assert form["how"] == "应办“摸清户口意愿”，依据一（一）户口迁移服务"
    assert cases() == []
    began = [inside.post("/desk/open/", form)["Location"] for _ in range(2)]
    assert began[0] == began[1], "sent twice it is one"
    page = inside.get(began[0]).content.decode()
    assert "办好了 3 件" in page
    assert len(cases()) == 3
    with everything():
        told = [entry.told.reveal() for entry in Entry.objects.unscoped().filter(case__in=cases())]
    assert len(told) == 3
    assert all("依据一（一）" in text for text in told)
    assert Noted.objects.filter(action="cases.open").count() == 3
    assert Noted.objects.filter(action="cases.begin_bundle").count() == 1


def test_all_of_a_filter_are_opened_and_each_that_is_not_says_why(village: Officer, inside: Browser) -> None:
    people = asked(village, 25)
    before = open_case(by=village, procedure=PROCEDURE, subject=str(people[4].pk), applied_on=today(), how="当面")
    page = inside.post("/desk/open/", {"kind": KIND, "all": "1"}).content.decode()
    assert "立这 25 件" in page
    answer = inside.post("/desk/open/", form_of(page))
    assert answer.status_code == 302
    assert len(cases()) == 1, "many are opened in the background"
    worked(Bundle.objects.get())
    page = inside.get(answer["Location"]).content.decode()
    assert "办好了 24 件" in page
    assert "没有办成 1 件" in page
    assert "这件事已经在办了" in page
    row = page[page.index("张5山") :]
    assert f"/cases/{before.pk}/" in row[: row.index("</tr>")], "it leads to the case that is open"
    assert len(cases()) == 25
    assert {case.entries for case in cases()} == {1}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"applied_on": ""}, "这个字段是必填项"),
        ({"how": ""}, "这个字段是必填项"),
        ({"applied_on": (today() + timedelta(1)).isoformat()}, "申请日不能晚于今天"),
    ],
    ids=["没有申请日", "没有依据", "明天申请"],
)
def test_what_is_filled_in_badly_opens_nothing(
    given: Mapping[str, str], sentence: str, village: Officer, inside: Browser
) -> None:
    asked(village, 2)
    page = inside.post("/desk/open/", {"kind": KIND, "all": "1"}).content.decode()
    answer = inside.post("/desk/open/", form_of(page, **given))
    said = answer.content.decode() if answer.status_code == 422 else inside.get(answer["Location"]).content.decode()
    assert sentence in said
    assert cases() == []


def test_nothing_ticked_and_what_is_over_are_told(village: Officer, inside: Browser) -> None:
    asked(village, 1)
    assert "先勾选要立件的行" in inside.post("/desk/open/", {}).content.decode()
    page = inside.post("/desk/open/", {"chosen": ["999999", "二", str(duties()[0].pk)]}).content.decode()
    assert "有 1 条已经了结，或者不在您的范围里" in page
    with everything():
        other = Duty.objects.unscoped().exclude(kind=KIND).filter(closed_on=None).first()
    if other is not None:
        both = inside.post("/desk/open/", {"chosen": [str(other.pk), str(duties()[0].pk)]})
        assert "只能一起立同一种" in both.content.decode()


def test_a_stranger_opens_nothing(village: Officer) -> None:
    asked(village, 2)
    far = stranger()
    page = far.post("/desk/open/", {"chosen": [str(duty.pk) for duty in duties()]}).content.decode()
    assert "有 2 条已经了结，或者不在您的范围里" in page
    assert "张1山" not in page
    other = clerk("far", "500236101201")
    with pytest.raises(Refused, match="没有“摸清户口意愿”这件应办"):
        open_for_duty(by=other, wanted=ForDuty(KIND, duties()[0].subject_id, "当面", uuid4()), applied_on=today())
    with pytest.raises(Refused, match="没有可以一起立的流程"):
        open_for_duty(
            by=village, wanted=ForDuty("nothing", duties()[0].subject_id, "当面", uuid4()), applied_on=today()
        )
    assert cases() == []


def test_the_same_key_opens_one_and_is_no_other_deed_s(village: Officer) -> None:
    one, other = (str(person.pk) for person in asked(village, 2))
    key = uuid4()
    first, again = (
        open_for_duty(by=village, wanted=ForDuty(KIND, one, "当面", key), applied_on=today()) for _ in range(2)
    )
    assert first.pk == again.pk
    with pytest.raises(Refused, match="和上一次不一样"):
        open_for_duty(by=village, wanted=ForDuty(KIND, other, "当面", key), applied_on=today())


def test_eight_at_once_send_one(own_database: str) -> None:
    village = clerk("village")
    asked(village, 3)
    first = browser(village)
    form = form_of(first.post("/desk/open/", {"kind": KIND, "all": "1"}).content.decode())

    def press(_number: int) -> str:
        again = Browser()
        again.cookies = first.cookies
        return str(again.post("/desk/open/", form)["Location"])

    found = race(8, press)
    assert not found.raised
    assert len(set(found.returned)) == 1
    assert len(cases()) == 3
