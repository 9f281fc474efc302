"""The pages of cases: opened from a duty, taken step by step by three offices, refused with everything kept, done together."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from anju.cases.actions import open_case, take_step
from anju.cases.models import Case, Entry, State
from anju.cases.pages import bulk
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.journal.queries import entries
from anju.register.actions import record_facts, record_wish
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.desk.cast import MISSING, browser, stranger
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, zhang

pytestmark = pytest.mark.django_db
PENSION = "transfer_pension"
PAPER = "f-户口迁移证明或新户口簿"


@pytest.fixture
def case(village: Officer, person: Person, offices: Offices) -> Case:
    """张青山's pension transfer, which waits for him."""
    return opened(village, person)


def opened(by: Officer, person: Person) -> Case:
    return open_case(by=by, procedure=PENSION, subject=str(person.pk), applied_on=today(), how="本人到场")


def now(case: Case) -> Case:
    with everything():
        return Case.objects.unscoped().get(pk=case.pk)


def sent(case: Case, action: str, **fields: str) -> dict[str, str]:
    """What the form of a step sends."""
    return {
        "seen": str(now(case).entries), "key": str(uuid4()), "on": today().isoformat(), "action": action, **fields,
    }  # fmt: skip


def test_from_a_duty_to_the_end(village: Officer, person: Person, offices: Offices) -> None:
    at = {
        "village": browser(village),
        "township": browser(offices.at("human_resources", "township", "500235104000")),
        "county": browser(offices.at("human_resources", "county", "500235000000")),
        "origin": browser(offices.at("human_resources", "county", "500154000000")),
    }
    new = f"/cases/new/{PENSION}/{person.pk}/"
    page = at["village"].get(new).content.decode()
    assert "张青山" in page
    assert "养老保险转移" in page
    answer = at["village"].post(new, {"applied_on": today().isoformat(), "how": "本人到场", "key": str(uuid4())})
    assert answer.status_code == 302
    with everything():
        case = Case.objects.unscoped().get()
    assert at["village"].get(new).headers["Location"] == f"/cases/{case.pk}/"
    steps: tuple[tuple[str, str, Mapping[str, str]], ...] = (
        ("village", "提交", {PAPER: "on"}),
        ("township", "受理", {}),
        ("county", "发接收函", {}),
        ("origin", "审批并划转", {"f-个人账户储存额": "1234.5", "f-缴费年限": "7"}),
        ("county", "登记并告知本人", {"f-到账日": today().isoformat()}),
    )
    for whose, action, fields in steps:
        page = at[whose].get(f"/cases/{case.pk}/").content.decode()
        assert f'value="{action}"' in page
        answer = at[whose].post(f"/cases/{case.pk}/step/", sent(case, action, **fields))
        assert answer.status_code == 302, answer.content.decode()
    page = at["village"].get(f"/cases/{case.pk}/").content.decode()
    assert "1234.5" in page
    assert now(case).state == State.DONE
    assert "张青山" in at["county"].get("/cases/?list=all&state=done").content.decode()


def test_what_is_refused_comes_back_with_everything_that_was_filled_in(case: Case, village: Officer) -> None:
    inside = browser(village)
    answer = inside.post(f"/cases/{case.pk}/step/", sent(case, "提交"))
    assert answer.status_code == 422
    assert "还没有交验" in answer.content.decode()
    late = {**sent(case, "提交", **{PAPER: "on"}), "on": (today() + timedelta(1)).isoformat()}
    answer = inside.post(f"/cases/{case.pk}/step/", late)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "办理日不能晚于今天" in page
    assert re.search(r'name="f-户口迁移证明或新户口簿"[^>]*checked', page)
    assert late["key"] in page
    assert now(case).step == 1


def test_what_was_sent_twice_is_done_once_and_says_so(case: Case, village: Officer) -> None:
    inside, form = browser(village), sent(case, "提交", **{PAPER: "on"})
    assert [inside.post(f"/cases/{case.pk}/step/", form).status_code for _ in range(2)] == [302, 302]
    assert now(case).entries == 2


def test_who_was_slower_keeps_what_was_filled_in(case: Case, village: Officer, offices: Offices) -> None:
    form = {**sent(case, "提交", **{PAPER: "on"}), "seen": "7"}
    answer = browser(village).post(f"/cases/{case.pk}/step/", form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这一件刚刚有人办过" in page
    assert re.search(r'name="f-户口迁移证明或新户口簿"[^>]*checked', page)
    assert '<input type="hidden" name="seen" value="1"' in page


def test_who_may_not_act_sees_whose_turn_it_is(case: Case, village: Officer, offices: Offices) -> None:
    browser(village).post(f"/cases/{case.pk}/step/", sent(case, "提交", **{PAPER: "on"}))
    other = browser(offices.at("human_resources", "county", "500154000000"))
    page = other.get(f"/cases/{case.pk}/").content.decode()
    assert "现在等谁" in page
    assert "乡镇·人社" in page
    answer = other.post(f"/cases/{case.pk}/step/", sent(case, "受理"))
    assert answer.status_code == 422
    assert "现在轮不到您" in answer.content.decode()


def test_a_way_back_wants_its_reason_and_nothing_else(case: Case, village: Officer, offices: Offices) -> None:
    inside = browser(village)
    inside.post(f"/cases/{case.pk}/step/", sent(case, "提交", **{PAPER: "on"}))
    town = browser(offices.at("human_resources", "township", "500235104000"))
    answer = town.post(f"/cases/{case.pk}/step/", sent(case, "补正"))
    assert "要写明为什么" in answer.content.decode()
    assert town.post(f"/cases/{case.pk}/step/", sent(case, "补正", reason="户口簿看不清")).status_code == 302
    page = inside.get(f"/cases/{case.pk}/").content.decode()
    assert re.search(r"退回来是因为：<b[^>]*>户口簿看不清</b>.*<form id=\"step\"", page, re.S), "before the form"
    assert re.search(r'name="f-户口迁移证明或新户口簿"[^>]*checked', page), "what was written down before is there"
    inside.post(f"/cases/{case.pk}/step/", sent(case, "提交", **{PAPER: "on"}))
    assert "退回来是因为" not in town.get(f"/cases/{case.pk}/").content.decode()


def test_what_is_written_down_is_for_the_lines_of_the_clause(case: Case) -> None:
    police = browser(clerk("police", "500235000000", "county", "public_security"))
    page = police.get(f"/cases/{case.pk}/").content.decode()
    assert "养老保险转移" in page
    assert "本人到场" not in page


def test_foreign_is_missing(case: Case, person: Person) -> None:
    outside = stranger()
    for path in ("", "withdraw/", "suspend/", "resume/", "terminate/"):
        foreign = outside.get(f"/cases/{case.pk}/{path}")
        assert (foreign.status_code, outside.get(f"/cases/{MISSING}/{path}").status_code) == (404, 404)
    assert outside.post(f"/cases/{case.pk}/step/", sent(case, "提交")).status_code == 404
    assert outside.get(f"/cases/new/{PENSION}/{person.pk}/").status_code == 404
    assert outside.post("/cases/bulk/", {"chosen": f"{case.pk}.1"}).status_code == 404


def test_a_look_at_somebody_s_case_stands_in_the_journal(case: Case, village: Officer, person: Person) -> None:
    browser(village).get(f"/cases/{case.pk}/")
    looks = entries(officer=str(village.pk)).filter(action="register.look", object_id=str(person.pk))
    assert looks.count() == 1


def test_every_page_about_somebody_s_case_is_a_look(
    case: Case, village: Officer, person: Person, settings: Settings
) -> None:
    inside, there = browser(village), f"/cases/{case.pk}/"
    pages: tuple[Callable[[], Any], ...] = (
        lambda: inside.get(there),
        lambda: inside.post(f"{there}step/", sent(case, "提交")),
        lambda: inside.post(f"{there}papers/", {}),
        lambda: inside.get(f"{there}suspend/"),
        lambda: inside.post(f"{there}suspend/", {}),
    )
    for asked, page in enumerate(pages, 1):
        assert page().status_code in (200, 422)
        looks = entries(officer=str(village.pk)).filter(action="register.look", object_id=str(person.pk))
        assert looks.count() == asked
    settings.ANJU_MOST_FILES_AN_HOUR = 0
    assert [page().status_code for page in pages] == [429] * len(pages)


def test_the_ways_out_of_every_case(case: Case, village: Officer) -> None:
    inside, there = browser(village), f"/cases/{case.pk}/"
    tomorrow = (today() + timedelta(1)).isoformat()
    assert inside.post(f"{there}suspend/", {"seen": "1", "why": "", "review_on": tomorrow}).status_code == 422
    assert inside.post(f"{there}suspend/", {"seen": "1", "why": "等回函", "review_on": tomorrow}).status_code == 302
    assert "挂起了" in inside.get(there).content.decode()
    answer = inside.post(f"{there}step/", sent(case, "提交", **{PAPER: "on"}))
    assert "先恢复再办" in answer.content.decode()
    assert inside.post(f"{there}resume/", {"seen": "2"}).status_code == 302
    assert inside.post(f"{there}withdraw/", {"seen": "2", "why": "本人不办了"}).status_code == 422, "seen is an old one"
    assert inside.post(f"{there}withdraw/", {"seen": "3", "why": "本人不办了"}).status_code == 302
    assert now(case).state == State.WITHDRAWN
    assert "不再办" in inside.post(f"{there}step/", sent(case, "提交")).content.decode()


def test_the_lists_by_whose_turn_it_is(case: Case, village: Officer, offices: Offices, person: Person) -> None:
    inside = browser(village)
    town = browser(offices.at("human_resources", "township", "500235104000"))

    def listed(who: Browser, query: str) -> bool:
        return f"/cases/{case.pk}/" in who.get(f"/cases/?{query}").content.decode()

    assert (listed(inside, ""), listed(town, "")) == (True, False)
    assert not listed(inside, "list=passed"), "it waits for the village itself"
    inside.post(f"/cases/{case.pk}/step/", sent(case, "提交", **{PAPER: "on"}))
    assert (listed(inside, ""), listed(town, "")) == (False, True)
    assert (listed(inside, "list=passed"), listed(town, "list=passed")) == (True, False)
    colleague = clerk("colleague")
    assert listed(browser(colleague), "list=passed"), "somebody of the same post did it"
    for query, there in {
        "procedure=transfer_pension": True, "procedure=transfer_pension&step=2": True, "clause=1.5&state=soon": True,
        "procedure=transfer_pension&step=3": False, "clause=1.1": False, "state=overdue": False,
    }.items():  # fmt: skip
        assert listed(town, query) is there, query
    for query, there in {
        "list=all": True, "list=all&text=张青": True, "list=all&text=zqs": True, "list=all&text=李": False,
        "list=all&state=done": False, f"list=all&subject={person.pk}": True, f"list=all&subject={MISSING}": False,
    }.items():  # fmt: skip
        assert listed(town, query) is there, query
    assert not listed(stranger(), "list=all")


def test_many_at_the_same_step_are_done_together(
    case: Case, village: Officer, home: Household, offices: Offices
) -> None:
    others = [
        zhang(village, home, name=name, order=order, relation="子女") for name, order in (("李碧水", 2), ("张长河", 3))
    ]
    cases = [case, *(opened(village, other) for other in others)]
    inside = browser(village)
    page = inside.get(f"/cases/?procedure={PENSION}&step=1").content.decode()
    assert page.count('name="chosen"') == 3
    ticks = [f"{one.pk}.1" for one in cases]
    page = inside.post("/cases/bulk/", {"chosen": ticks}).content.decode()
    assert page.count("checked") == 3
    take_step(by=village, case=cases[1].pk, seen=1, action="提交", fields={PAPER[2:]: True})  # somebody is faster
    form: dict[str, Any] = {**sent(case, "提交", **{PAPER: "on"}), "chosen": ticks, "step": "1"}
    for _ in range(2):  # what is sent twice is done once
        page = inside.post("/cases/bulk/", form).content.decode()
        assert "办好了 2 件" in page
        assert "没有办成 1 件" in page
        assert "这一件刚刚有人办过" in page
    assert [(now(one).step, now(one).entries) for one in cases] == [(2, 2)] * 3


def test_what_differs_between_them_is_written_down_for_each(
    village: Officer, home: Household, offices: Offices
) -> None:
    """Of two at one step the kinds of assistance differ: each keeps its own, and what is the same is typed once."""
    procedure, kinds = "transfer_assistance_by_letter", {"低保": "dibao", "特困": "tekun"}
    by = offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))
    cases: list[Case] = []
    for order, (name, kind) in enumerate(kinds.items(), start=5):
        one = zhang(village, home, name=name, order=order, relation="子女")
        fit(str(one.pk), procedure)
        with everything():
            put_facts(kind="person", subject=str(one.pk), facts={"assistance_kind": kind})
        case = open_case(by=by, procedure=procedure, subject=str(one.pk), applied_on=today(), how="本人到场")
        cases.append(step_on(case, offices, "提交"))
    inside, ticks = browser(by), [f"{one.pk}.{one.entries}" for one in cases]
    page = inside.post("/cases/bulk/", {"chosen": ticks}).content.decode()
    assert "救助种类：各件不一样" in page
    assert 'name="f-救助种类"' not in page
    form: dict[str, Any] = {
        **sent(cases[0], "报送名单", **{"f-户籍迁入日期": "2026-03-01", "f-现发放标准": "635"}),
        "chosen": ticks,
        "step": "2",
    }
    page = inside.post("/cases/bulk/", form).content.decode()
    assert "办好了 2 件" in page, page
    with everything():
        told = [Entry.objects.unscoped().filter(case=one).latest("seq").told.reveal() for one in cases]
    for name, text in zip(kinds, told, strict=True):
        fields = json.loads(text)["fields"]
        assert (fields["救助种类"], str(fields["现发放标准"])) == (name, "635.0")


def test_a_seat_that_nobody_holds_is_shown_to_whoever_does_the_work(person: Person) -> None:
    """The township has nobody: the county's pensions have it before them, no other line and no other county; then somebody sits there."""
    few = Offices()
    county = few.at("human_resources", "county", YUNYANG)
    few.at("committee", "village", DESTINATION)
    case = open_case(by=county, procedure=PENSION, subject=str(person.pk), applied_on=today(), how="本人到场")
    take_step(
        by=few.at("committee", "village", DESTINATION), case=case.pk, seen=1, action="提交", fields={PAPER[2:]: True}
    )

    def shown_to(who: Officer) -> bool:
        return f"/cases/{case.pk}/" in browser(who).get("/cases/?list=elsewhere").content.decode()

    others = [few.at("medical_security", "county", YUNYANG), clerk("far", ELSEWHERE, "county", "human_resources")]
    assert (shown_to(county), [shown_to(other) for other in others]) == (True, [False, False])
    town = few.at("human_resources", "township", place_at(DESTINATION, "township"))
    again = few.at("human_resources", "county", KAIZHOU)
    assert (shown_to(town), shown_to(again)) == (False, False)


def test_more_than_go_together_are_refused_and_none_of_them_is_done(case: Case, village: Officer) -> None:
    ticks = [f"{case.pk}.1", *(f"{uuid4()}.1" for _ in range(bulk.most))]
    form = {**sent(case, "提交", **{PAPER: "on"}), "rows": ",".join(ticks), "step": "1"}
    inside = browser(village)
    answer = inside.post("/cases/bulk/", form)
    assert (answer.status_code, "一次最多一起办 5,000 件" in answer.content.decode()) == (422, True)
    assert now(case).entries == 1
    assert inside.post("/cases/bulk/", {**form, "rows": ",".join(ticks[:-1])}).status_code == 302


def test_what_is_refused_together_stays_ticked_with_everything(case: Case, village: Officer, offices: Offices) -> None:
    inside = browser(village)
    late = {
        **sent(case, "提交", **{PAPER: "on"}),
        "on": (today() + timedelta(1)).isoformat(),
        "chosen": f"{case.pk}.1",
        "step": "1",
    }
    page = inside.post("/cases/bulk/", late).content.decode()
    assert "办理日不能晚于今天" in page
    assert re.search(rf'value="{case.pk}.1" checked', page)
    assert re.search(r'name="f-户口迁移证明或新户口簿"[^>]*checked', page)


def test_a_subject_s_page_shows_its_cases_and_opens_new_ones(case: Case, village: Officer, person: Person) -> None:
    page = browser(village).get(f"/people/{person.pk}/").content.decode()
    assert f"/cases/{case.pk}/" in page
    assert f"/cases/new/move_hukou/{person.pk}/" in page
    assert f"/cases/new/{PENSION}/" not in page, "it is open"


def test_a_duty_that_a_procedure_ends_leads_to_its_case(village: Officer, home: Household, offices: Offices) -> None:
    facts: dict[str, Any] = {
        "hukou_moved": True,
        "pension_status": "contributing",
        "pension_moved": False,
        "age_at_hukou_move": 39,
    }
    person = zhang(village, home, facts=facts)
    poor = {"relocatee_kind": "registered_poor", "settlement_mode": "centralized"}
    record_facts(by=village, kind="household", subject=str(home.pk), facts=poor)
    record_wish(by=village, person=str(person.pk), kind="pension", choice="move", on=today(), how="当面")
    inside, there = browser(village), f"/people/{person.pk}/"

    def duty() -> str:
        page = inside.get(there).content.decode()
        return next((row for row in page.split("<tr>") if "办理养老转移" in row), "")

    assert f'href="/cases/new/{PENSION}/{person.pk}/"' in duty()
    case = opened(village, person)
    assert f'href="/cases/{case.pk}/"' in duty()
    assert "看办件" in duty()
    inside.post(f"/cases/{case.pk}/withdraw/", {"seen": "1", "why": "再想想"})
    assert f'href="/cases/new/{PENSION}/{person.pk}/"' in duty(), "another one can be opened"


def test_that_a_case_of_party_membership_runs_is_for_its_lines_alone(village: Officer, person: Person) -> None:
    case = open_case(by=village, procedure="transfer_party", subject=str(person.pk), applied_on=today(), how="台账")
    there = {
        line: browser(clerk(line[:9], "500235000000", "county", line)) for line in ("organisation", "civil_affairs")
    }
    seen = {line: f"/cases/{case.pk}/" in who.get("/cases/?list=all").content.decode() for line, who in there.items()}
    assert seen == {"organisation": True, "civil_affairs": False}
    assert [who.get(f"/cases/{case.pk}/").status_code for who in there.values()] == [200, 404]
    assert f"/cases/{case.pk}/" not in there["civil_affairs"].get(f"/people/{person.pk}/").content.decode()
