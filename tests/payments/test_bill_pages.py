"""The pages of settled bills: worked out before it is settled, one that is settled, taken back and put right, its slip, its case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal

import pytest
from django.urls import reverse

from anju.cases.actions import open_case, take_step
from anju.cases.fields import Value
from anju.cases.models import Case, Entry
from anju.documents.models import Letter
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import settle_bill
from anju.register.facts import today
from anju.register.models import Person
from tests.desk.cast import browser as signed_in
from tests.government.pages.officer import Browser
from tests.payments.bills import BILL, bill, insured, medical, of_year
from tests.register.cast import KAIZHOU, YUNYANG, clerk

FORM = {
    "key": "01900000-0000-7000-8000-000000000001", "institution": "云阳县人民医院", "number": "ZY-0001",
    "on": today().isoformat(), "kind": "住院", "level": "二级", "tier": "一档", "total": "10000.00", "outside": "", "first": "",
}  # fmt: skip


@pytest.fixture
def officer(db: None) -> Officer:
    return medical()


@pytest.fixture
def patient(village: Officer) -> Person:
    return insured(village)


@pytest.fixture
def browser(officer: Officer) -> Browser:
    return signed_in(officer)


def sent(browser: Browser, person: Person, do: str, **other: str) -> tuple[int, str]:
    answer = browser.post(reverse("settlements:new", args=[person.pk]), {**FORM, "do": do, **other})
    return answer.status_code, answer.content.decode() or answer.headers.get("Location", "")


def test_who_waits_stands_on_the_list(browser: Browser, patient: Person) -> None:
    page = browser.get(reverse("settlements:settlements")).content.decode()
    assert "等着结算的" in page
    assert reverse("settlements:new", args=[patient.pk]) in page


def test_a_bill_is_worked_out_step_by_step_before_anything_is_written(browser: Browser, patient: Person) -> None:
    status, page = sent(browser, patient, "work")
    assert status == 200
    for word in ("6790.00", "2210.00", "1000.00", "居民医保住院起付线二级", "渝医保发〔2023〕35号", "待核"):
        assert word in page
    assert of_year(patient) == []


def test_it_is_settled_once_and_shown(browser: Browser, patient: Person) -> None:
    for _ in range(2):
        status, address = sent(browser, patient, "settle")
        assert status == 302
    page = browser.get(address).content.decode()
    assert "结算好了" in page
    assert "云阳县人民医院" in page
    assert len(of_year(patient)) == 1
    listed = browser.get(reverse("settlements:settlements")).content.decode()
    assert "6790.00" in listed
    assert "人民医院" not in listed


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"total": "一万"}, "输入一个数字"),
        ({"outside": "10000.01"}, "不能超过总费用"),
        ({"level": ""}, "这个字段是必填项"),
        ({"number": "11010519491231002X"}, "不能写证件号码"),
    ],
)
def test_what_is_wrong_comes_back_with_everything(
    browser: Browser, patient: Person, wrong: Mapping[str, str], why: str
) -> None:
    status, page = sent(browser, patient, "settle", **wrong)
    assert (status, why in page, 'value="云阳县人民医院"' in page) == (422, True, True)
    assert of_year(patient) == []


def test_it_is_taken_back_and_the_form_has_what_was_filled_in(browser: Browser, patient: Person) -> None:
    sent(browser, patient, "settle")
    (row,) = of_year(patient)
    blank = browser.post(reverse("settlements:reverse", args=[row.pk]), {"reason": ""})
    assert blank.status_code == 422
    browser.post(reverse("settlements:reverse", args=[row.pk]), {"reason": "等级录错了"})
    page = browser.get(reverse("settlements:one", args=[row.pk])).content.decode()
    assert "等级录错了" in page
    again = browser.get(reverse("settlements:new", args=[patient.pk]) + f"?again={row.pk}").content.decode()
    assert 'value="ZY-0001"' in again
    assert "已冲正" in browser.get(reverse("settlements:settlements")).content.decode()


def test_the_slip_is_one_letter(browser: Browser, patient: Person) -> None:
    sent(browser, patient, "settle")
    (row,) = of_year(patient)
    addresses = {browser.post(reverse("settlements:slip", args=[row.pk])).headers["Location"] for _ in range(2)}
    with everything():
        letter = Letter.objects.unscoped().get()
    assert addresses == {reverse("documents:letter", args=[letter.pk])}
    assert (letter.kind, letter.name) == ("one_stop_statement", "一站式结算单")
    assert "6790.00" in letter.content.reveal()
    assert browser.get(addresses.pop()).status_code == 200


def test_the_case_is_filled_from_it(browser: Browser, officer: Officer, patient: Person, village: Officer) -> None:
    case = open_case(by=village, procedure="settle_one_stop", subject=str(patient.pk), applied_on=today(), how="到场")
    settle_bill(by=officer, person=patient.pk, charged=BILL)
    first: dict[str, bool | int | float | str] = {
        "定点医疗机构": "云阳县人民医院",
        "就医起止日": "2026-11-01 到 2026-11-08",
        "总费用": 10000.0,
    }
    page = browser.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert reverse("settlements:new", args=[patient.pk]) in page
    assert 'value="云阳县人民医院"' in page
    take_step(by=officer, case=case.pk, seen=1, action="是本市定点机构", fields=first)
    page = browser.get(reverse("cases:case", args=[case.pk])).content.decode()
    for name, amount in (("基本医保支付", "6790.0"), ("医疗救助支付", "2210.0"), ("个人自付", "1000.0")):
        assert f"<dt>{name}</dt><dd>{amount}</dd>" in page
        assert f'name="f-{name}"' not in page
    assert "居民医保住院起付线二级" in page, "how they came out"
    assert of_year(patient)[0].case_id == case.pk
    take_step(by=officer, case=case.pk, seen=2, action="一次算清")
    with everything():
        entry = Entry.objects.unscoped().get(case=case, seq=3)
    fields = {"基本医保支付": 6790.0, "大病保险支付": 0.0, "医疗救助支付": 2210.0, "个人自付": 1000.0}
    assert json.loads(entry.told.reveal())["fields"] == fields


def at_the_settling_step(officer: Officer, village: Officer, patient: Person, total: float) -> Case:
    case = open_case(by=village, procedure="settle_one_stop", subject=str(patient.pk), applied_on=today(), how="到场")
    told: dict[str, Value] = {"定点医疗机构": "云阳县人民医院", "就医起止日": "11月上旬", "总费用": total}
    return take_step(by=officer, case=case.pk, seen=1, action="是本市定点机构", fields=told)


def test_no_amount_is_typed(browser: Browser, officer: Officer, patient: Person, village: Officer) -> None:
    case = at_the_settling_step(officer, village, patient, 10000.0)
    page = browser.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert "四项金额不手填" in page
    assert 'name="f-基本医保支付"' not in page
    form = browser.get(reverse("settlements:new", args=[patient.pk])).content.decode()
    assert 'value="云阳县人民医院"' in form, "what the case says of the bill stands there"
    assert 'value="10000.0"' in form
    typed: dict[str, Value] = {"基本医保支付": 1.0, "大病保险支付": 0.0, "医疗救助支付": 0.0, "个人自付": 1.0}
    for fields in (typed, {}):
        with pytest.raises(Refused, match=r"不手填|不另填"):
            take_step(by=officer, case=case.pk, seen=2, action="一次算清", fields=fields)
    settle_bill(by=officer, person=patient.pk, charged=BILL)
    with pytest.raises(Refused, match="“基本医保支付”不另填，按登记的标准算出来"):
        take_step(by=officer, case=case.pk, seen=2, action="一次算清", fields=typed)
    assert take_step(by=officer, case=case.pk, seen=2, action="一次算清").step == 3


@pytest.mark.parametrize(
    ("written", "bills", "goes_on"),
    [
        (10000.0, ["10000.00"], True),
        (10000.01, ["10000.00"], False),
        (9999.99, ["10000.00"], False),
        (12500.5, ["10000.00", "2500.50"], True),
        (10000.0, ["10000.00", "2500.50"], False),
    ],
    ids=["一样", "多一分", "少一分", "两张单据合起来一样", "多录了一张"],
)
def test_the_bills_come_to_what_was_written_down(
    officer: Officer, patient: Person, village: Officer, written: float, bills: list[str], *, goes_on: bool
) -> None:
    case = at_the_settling_step(officer, village, patient, written)
    for number, total in enumerate(bills):
        settle_bill(by=officer, person=patient.pk, charged=bill(f"ZY-{number}", total=Decimal(total)))
    if goes_on:
        assert take_step(by=officer, case=case.pk, seen=2, action="一次算清").step == 3
        return
    with pytest.raises(Refused, match=f"前面写的总费用是 {written:.2f} 元"):
        take_step(by=officer, case=case.pk, seen=2, action="一次算清")
    back = take_step(by=officer, case=case.pk, seen=2, action="退回", reason="总费用写错了")
    told: dict[str, Value] = {"定点医疗机构": "云阳县人民医院", "就医起止日": "11月上旬"}
    again = take_step(by=officer, case=back.pk, seen=3, action="是本市定点机构", fields=told)
    assert take_step(by=officer, case=again.pk, seen=4, action="一次算清").step == 3, "the sum is the bills'"


@pytest.mark.parametrize(
    ("region", "level", "line"),
    [
        (KAIZHOU, "county", "medical_security"),
        (YUNYANG, "county", "civil_affairs"),
        ("500235104202", "village", "committee"),
    ],
)
def test_for_strangers_it_is_not_there(officer: Officer, patient: Person, region: str, level: str, line: str) -> None:
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    stranger = signed_in(clerk("stranger", region, level, line))
    assert stranger.get(reverse("settlements:one", args=[row.pk])).status_code == 404
    assert stranger.post(reverse("settlements:reverse", args=[row.pk]), {"reason": "看看"}).status_code == 404
    assert stranger.post(reverse("settlements:slip", args=[row.pk])).status_code == 404
    assert "6790" not in stranger.get(reverse("settlements:settlements")).content.decode()
    if line != "medical_security":
        assert stranger.get(reverse("settlements:new", args=[patient.pk])).status_code == 404
