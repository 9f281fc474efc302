"""What a resident does: apply, fill in what waits for the person, say a wish, take an application back; once, and only for himself."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest

from anju.cases.actions import open_case, take_step, withdraw
from anju.cases.models import Case, Did, Entry, State
from anju.cases.queries.online import ways
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Logged
from anju.policy.model import Fact
from anju.register.facts import today
from anju.register.models import Person, Wish
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import VOTER, fit
from tests.portal.cast import as_resident, at_home
from tests.register.cast import clerk, household, zhang

pytestmark = pytest.mark.django_db
MISSING = "01900000-0000-7000-8000-000000000000"
FACTS: dict[str, Fact | None] = {
    "relocatee_kind": "registered_poor",
    "pension_status": "contributing",
    "hukou_moved": True,
    "hukou_moved_on": date(2021, 5, 1),
    "pension_moved": False,
    "pension_wish": "unstated",
    "assistance_kind": "none",
}


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def person(village: Officer) -> Person:
    return zhang(village, household(village), facts=FACTS)


@pytest.fixture
def stranger(village: Officer, person: Person) -> Person:
    return zhang(village, None, name="王外人", order=3, facts=FACTS)


def cases_of(person: Person) -> list[Case]:
    with everything():
        return list(Case.objects.unscoped().filter(subject_id=str(person.pk)).order_by("pk"))


def entries_of(case: Case) -> list[Entry]:
    with everything():
        return list(Entry.objects.unscoped().filter(case=case).order_by("seq"))


def applied(person: Person, procedure: str = "transfer_pension") -> Case:
    return open_case(
        by=as_resident(person), procedure=procedure, subject=str(person.pk), applied_on=today(), how="本人网上办理"
    )


def test_a_pension_is_applied_for_and_handed_in_from_the_phone(person: Person) -> None:
    browser = at_home(person)
    assert "/my/apply/transfer_pension/" in browser.get("/my/").content.decode()
    page = browser.get("/my/apply/transfer_pension/").content.decode()
    assert "户口迁移证明或新户口簿" in page
    there = browser.post("/my/apply/transfer_pension/", {"key": str(uuid4())}).headers["Location"]
    (case,) = cases_of(person)
    assert there == f"/my/cases/{case.pk}/?saved=applied"
    assert (case.applied_on, case.step, case.state) == (today(), 1, State.RUNNING)
    with everything():
        wish = Wish.objects.unscoped().get(person=person)
    assert (wish.kind, wish.choice, wish.how) == ("pension", "move", "本人网上办理")
    form = {"seen": "1", "key": str(uuid4()), "action": "提交"}
    short = browser.post(f"/my/cases/{case.pk}/step/", form)
    assert short.status_code == 422
    assert "要有这份材料才能办" in short.content.decode()
    done = browser.post(f"/my/cases/{case.pk}/step/", {**form, "f-户口迁移证明或新户口簿": "on"})
    assert done.headers["Location"] == f"/my/cases/{case.pk}/?saved=moved"
    opened, moved = entries_of(case)
    assert [(e.did, e.by_id, e.office, e.by_hand) for e in (opened, moved)] == [
        (Did.OPENED, None, "本人", True),
        (Did.MOVED, None, "本人", True),
    ]
    told = browser.get(f"/my/cases/{case.pk}/").content.decode()
    assert "您办的" in told
    assert 'name="action"' not in told


def test_the_journal_names_the_resident(person: Person) -> None:
    case = applied(person)
    withdraw(by=as_resident(person), case=case.pk, seen=1, how="先不办了")
    told = Logged.objects.filter(object_kind="case", object_id=str(case.pk)).order_by("pk")
    assert [(e.action, e.officer, e.officer_name, e.post) for e in told] == [
        ("cases.open", str(person.pk), "张**", "本人"),
        ("cases.withdraw", str(person.pk), "张**", "本人"),
    ]


def test_a_move_that_is_handed_in_here_counts_as_online(village: Officer) -> None:
    person = zhang(village, household(village), facts={"hukou_moved": False, "lives_at_site": True})
    case = applied(person, "move_hukou")
    browser = at_home(person)
    page = browser.get(f"/my/cases/{case.pk}/").content.decode()
    assert f'value="{ways["online"]}"' in page
    assert ways["window"] not in page
    assert ways["agent"] not in page
    fields = {
        "f-身份证": "on",
        "f-户口簿": "on",
        "f-住房宅基地承包地或者居住证明": "on",
        "f-落户选择": "street_address",
    }
    form = {"seen": "1", "key": str(uuid4()), **fields}
    refused = browser.post(f"/my/cases/{case.pk}/step/", {**form, "action": ways["window"]})
    assert refused.status_code == 422
    assert "不在网上办" in refused.content.decode()
    assert browser.post(f"/my/cases/{case.pk}/step/", {**form, "action": ways["online"]}).status_code == 302
    assert entries_of(case)[-1].action == ways["online"]


def test_what_is_sent_twice_is_done_once(person: Person) -> None:
    browser, key = at_home(person), str(uuid4())
    first = browser.post("/my/apply/transfer_pension/", {"key": key}).headers["Location"]
    assert browser.post("/my/apply/transfer_pension/", {"key": key}).headers["Location"].startswith(first.split("?")[0])
    (case,) = cases_of(person)
    form = {"seen": "1", "key": str(uuid4()), "action": "提交", "f-户口迁移证明或新户口簿": "on"}
    for _ in range(2):
        assert browser.post(f"/my/cases/{case.pk}/step/", form).headers["Location"].endswith("?saved=moved")
    assert len(entries_of(case)) == 2
    browser.post(f"/my/cases/{case.pk}/withdraw/", {"seen": "2", "why": "不办了"})
    again = browser.post("/my/apply/transfer_pension/", {"key": key})  # the browser sends the old form once more
    assert again.headers["Location"] == f"/my/cases/{case.pk}/"
    assert len(cases_of(person)) == 1


def test_an_application_is_taken_back_with_a_reason(person: Person) -> None:
    case, browser = applied(person), at_home(person)
    assert browser.post(f"/my/cases/{case.pk}/withdraw/", {"seen": "1", "why": " "}).status_code == 422
    answer = browser.post(f"/my/cases/{case.pk}/withdraw/", {"seen": "1", "why": "想先留在老家"})
    assert answer.headers["Location"] == "/my/?saved=withdrawn"
    (case,) = cases_of(person)
    assert case.state == State.WITHDRAWN
    assert browser.get(f"/my/cases/{case.pk}/withdraw/").status_code == 302
    assert "/my/apply/transfer_pension/" in browser.get("/my/").content.decode()


def test_what_does_not_fit_is_refused_with_the_pages_reason(village: Officer) -> None:
    drawing = zhang(village, household(village), facts={**FACTS, "pension_status": "drawing"})
    browser = at_home(drawing)
    page = browser.get("/my/").content.decode()
    assert "/my/apply/transfer_pension/" not in page
    answer = browser.post("/my/apply/transfer_pension/", {"key": str(uuid4())})
    assert answer.status_code == 422
    assert "现在不能申请“养老保险转移”：留原参保地" in answer.content.decode()
    assert cases_of(drawing) == []


@pytest.mark.parametrize(
    "procedure", ["transfer_party", "pair_officer", "nothing"], ids=["由党组织办", "由单位办", "没有"]
)
def test_what_an_office_begins_no_resident_begins(person: Person, procedure: str) -> None:
    assert at_home(person).post(f"/my/apply/{procedure}/", {"key": str(uuid4())}).status_code == 404
    with pytest.raises(Refused):
        applied(person, procedure)


def test_what_an_office_begins_no_resident_ends(person: Person) -> None:
    medical = clerk("medical", "500235104000", "township", "medical_security")
    fit(str(person.pk), "mobilise_coverage")
    case = open_case(
        by=medical, procedure="mobilise_coverage", subject=str(person.pk), applied_on=today(), how="断保名单"
    )
    browser = at_home(person)
    page = browser.get(f"/my/cases/{case.pk}/")
    assert (page.status_code, f"/my/cases/{case.pk}/withdraw/" in page.content.decode()) == (200, False)
    answer = browser.post(f"/my/cases/{case.pk}/withdraw/", {"seen": "1", "why": "不办"})
    assert (answer.status_code, "这一件不是您申请的" in answer.content.decode()) == (422, True)
    assert cases_of(person)[0].state == State.RUNNING


def test_a_wish_is_said_and_kept(person: Person) -> None:
    browser = at_home(person)
    assert "/my/wishes/pension/" in browser.get("/my/").content.decode()
    assert browser.post("/my/wishes/pension/", {}).status_code == 422
    assert browser.post("/my/wishes/pension/", {"choice": "sell"}).status_code == 422
    assert browser.post("/my/wishes/pension/", {"choice": "keep"}).headers["Location"] == "/my/?saved=said"
    again = browser.post("/my/wishes/pension/", {"choice": "keep"})
    assert again.status_code == 422
    assert "已经登记了" in again.content.decode()
    with everything():
        wish = Wish.objects.unscoped().get(person=person)
    assert (wish.choice, wish.on, wish.how) == ("keep", today(), "本人网上办理")
    assert Logged.objects.get(action="register.record_wish").officer == str(person.pk)


@pytest.mark.parametrize("kind", ["membership", "party", "nothing"], ids=["要申请的", "不是党员", "没有"])
def test_no_wish_is_asked_for_where_nothing_hangs_on_it(person: Person, kind: str) -> None:
    assert at_home(person).get(f"/my/wishes/{kind}/").status_code == 404


def test_a_foreign_case_is_like_a_missing_one(person: Person, stranger: Person) -> None:
    case, browser = applied(person), at_home(stranger)
    form = {"seen": "1", "key": str(uuid4()), "action": "提交", "why": "不办", "f-户口迁移证明或新户口簿": "on"}
    for end in ("", "step/", "withdraw/"):
        for ask in (browser.get, lambda address: browser.post(address, form)):
            foreign, missing = (ask(f"/my/cases/{key}/{end}") for key in (case.pk, MISSING))
            assert foreign.status_code == missing.status_code
            assert foreign.content.replace(str(case.pk).encode(), b"") == missing.content.replace(MISSING.encode(), b"")
    assert cases_of(person)[0].entries == 1


DEEDS = {
    "立件": lambda who, of, case: open_case(
        by=who, procedure="file_remote_care", subject=str(of.pk), applied_on=today(), how="本人网上办理"
    ),
    "办一步": lambda who, of, case: take_step(
        by=who, case=case.pk, seen=1, action="提交", fields={"户口迁移证明或新户口簿": True}
    ),
    "撤回": lambda who, of, case: withdraw(by=who, case=case.pk, seen=1, how="不办了"),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_no_resident_acts_for_another(person: Person, stranger: Person, deed: object) -> None:
    case = applied(person)
    assert callable(deed)
    with pytest.raises(Refused, match="没有这一条"):
        deed(as_resident(stranger), person, case)
    assert len(cases_of(person)) == 1


def test_a_resident_takes_no_step_of_an_office(person: Person) -> None:
    case = applied(person)
    resident = as_resident(person)
    take_step(by=resident, case=case.pk, seen=1, action="提交", fields={"户口迁移证明或新户口簿": True})
    with pytest.raises(Refused, match="轮不到您"):
        take_step(by=resident, case=case.pk, seen=2, action="补正", reason="我来退")
    answer = at_home(person).post(f"/my/cases/{case.pk}/step/", {"seen": "2", "key": str(uuid4()), "action": "补正"})
    assert answer.status_code == 422
    assert "不用您办" in answer.content.decode()


def test_what_an_office_asks_for_more_of_comes_back_with_its_reason(village: Officer, person: Person) -> None:
    offices, case = Offices(), applied(person)
    take_step(by=as_resident(person), case=case.pk, seen=1, action="提交", fields={"户口迁移证明或新户口簿": True})
    case = step_on(cases_of(person)[0], offices, "补正", reason="户口簿照片看不清")
    browser = at_home(person)
    for address in ("/my/", f"/my/cases/{case.pk}/"):
        assert "户口簿照片看不清" in browser.get(address).content.decode()
    assert "要您补正，因为：" in browser.get(f"/my/cases/{case.pk}/").content.decode(), "above what is to be filled in"
    form = {"seen": str(case.entries), "key": str(uuid4()), "action": "提交", "f-户口迁移证明或新户口簿": "on"}
    assert browser.post(f"/my/cases/{case.pk}/step/", form).status_code == 302


def test_what_was_seen_too_long_ago_is_refused_and_stays_filled_in(village: Officer, person: Person) -> None:
    case = applied(person, "file_remote_care")
    form = {"seen": "7", "key": str(uuid4()), "action": "提交", "f-现居住地": "梨园小区", "f-联系电话": "无"}
    answer = at_home(person).post(f"/my/cases/{case.pk}/step/", form)
    assert answer.status_code == 422
    assert "刚刚有人办过" in answer.content.decode()
    assert "梨园小区" in answer.content.decode()


SAID = {
    "选社区": (
        "community",
        {"安置地": ("安置地登记：安置社区按居住地区居民登记", "登记安置社区选民"), "原村": ("原村登记：本人表示", "登记原村选民")},
    ),
    "选村，没有住满": ("village", {"安置地": ("居住不满一年", "告知选举登记条件"), "原村": ("原村登记", "登记原村选民")}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "choices"), SAID.values(), ids=SAID)
def test_what_follows_from_a_choice_is_said_before_it_is_made(
    body: str, choices: dict[str, tuple[str, str]], village: Officer
) -> None:
    facts: dict[str, Fact | None] = {**VOTER, "destination_body": body, "moved_in_on": today()}
    person = zhang(village, household(village), facts=facts)
    page = at_home(person).get("/my/wishes/election/").content.decode()
    assert "二（三）居民自治服务" in page
    assert page.count('class="d-flex gap-2 align-items-center choice"') == len(choices)
    for choice, told in choices.items():
        of_it = page.split(f'<b lang="zh-Hans">{choice}</b>')[1].split("</label>")[0]
        assert [text in of_it for text in told] == [True, True], of_it
    assert re.search('您的迁出地 <b lang="zh-Hans">[^<]+</b> · 您的安置地 <b lang="zh-Hans">[^<]+</b>', page)
