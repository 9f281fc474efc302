"""What the months and the county's figures say of an amount stands in the form of the step that writes it down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from anju.cases.actions import open_case
from anju.cases.models import Case
from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.payments.actions import pay, take_back
from anju.register.actions import record_facts
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.cases.test_known import asked
from tests.desk.cast import browser as signed_in
from tests.payments.cast import A, B, ago, begun, paid
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, zhang


@pytest.fixture
def offices(origin: Officer, destination: Officer) -> Offices:
    return Offices().open_all(ORIGIN, DESTINATION)


def at_its_second_step(offices: Offices, person: Person, procedure: str = "transfer_assistance_by_letter") -> Case:
    fit(str(person.pk), procedure)
    by = offices.at("civil_affairs", "township", A)
    case = open_case(by=by, procedure=procedure, subject=str(person.pk), applied_on=today(), how="本人到窗口申请")
    return step_on(case, offices, "提交")


def test_the_township_that_hands_over_finds_what_it_paid_last(
    offices: Offices, origin: Officer, person: Person
) -> None:
    begun(origin, ago(3))
    paid(origin, person, ago(3), ago(2))
    day = date.fromisoformat(f"{ago(1)}-10")
    key, whole, part = str(person.pk), Decimal("433.00"), Decimal("33.00")
    pay(by=origin, person=key, kind="dibao", month=ago(1), payer=A, amount=whole, on=day)
    take_back(
        by=origin, person=key, kind="dibao", month=ago(1), payer=A, amount=part, on=today(), offset=True, reason="多发"
    )
    case = at_its_second_step(offices, person)
    assert asked(case, offices)["现发放标准"] == 433.0
    case = step_on(case, offices, "报送名单")
    assert "现发放标准" not in asked(case, offices), "the next step does not ask for it"


NOT_THERE = {"没有发过": False, "只有别处发过": True}


@pytest.mark.parametrize("elsewhere", NOT_THERE.values(), ids=NOT_THERE)
def test_what_it_never_paid_stays_blank(
    offices: Offices, origin: Officer, destination: Officer, person: Person, elsewhere: bool
) -> None:
    begun(origin, ago(2))
    if elsewhere:
        begun(destination, ago(2), payer=B)
        paid(destination, person, ago(1), payer=B)
    assert "现发放标准" not in asked(at_its_second_step(offices, person), offices)


def aided(village: Officer, home: Household, kind: str | None) -> Person:
    """Somebody of a group who has no insurance."""
    record_facts(by=village, kind="household", subject=str(home.pk), facts={"relocatee_kind": "registered_poor"})
    return zhang(village, home, facts={"medical_status": "uninsured", "assistance_kind": kind})


SHARES = {
    "低保": ("dibao", {"居民医保个人缴费一档": 400, "参保资助比例低保": 70}, 280.0),
    "不是低保特困的": ("none", {"居民医保个人缴费一档": 400, "参保资助比例贫困人员": 50}, 200.0),
    "这一类没有比例": ("tekun", {"居民医保个人缴费一档": 400, "参保资助比例低保": 70}, None),
    "没有标准": ("dibao", {"参保资助比例低保": 70}, None),
    "不知道哪一类": (None, {"居民医保个人缴费一档": 400, "参保资助比例低保": 70}, None),
}


@pytest.mark.parametrize(("kind", "figures", "aid"), SHARES.values(), ids=SHARES)
def test_the_county_s_share_stands_in_the_form(
    offices: Offices, village: Officer, home: Household, kind: str | None, figures: dict[str, int], aid: float | None
) -> None:
    person = aided(village, home, kind)
    for name, value in figures.items():
        CountyValue.objects.create(
            county=YUNYANG, parameter=name, value=Decimal(value), since=today().replace(month=1, day=1), basis="示例"
        )
    case = open_case(
        by=offices.at("committee", "village", DESTINATION),
        procedure="mobilise_coverage",
        subject=str(person.pk),
        applied_on=today(),
        how="上门",
    )
    for action in ("愿意参保", "登记"):
        case = step_on(case, offices, action)
    assert asked(case, offices).get("资助金额") == aid
    assert step_on(case, offices, "核定").state == "done"


def test_the_page_offers_no_bill_where_only_an_amount_is_known(
    offices: Offices, origin: Officer, person: Person
) -> None:
    begun(origin, ago(2))
    paid(origin, person, ago(1))
    case = at_its_second_step(offices, person)
    browser = signed_in(offices.at("civil_affairs", "township", A))
    page = browser.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert ("420.5" in page, "去结算一张单据" in page) == (True, False)
