"""The case of a land-rent subsidy: nobody types rate, amount, rest or day, and the notice goes before the payment."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from anju.cases.actions import open_case, take_step, terminate, withdraw
from anju.cases.models import Case, Entry, State
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve_rent, propose_rent, reverse_rent
from anju.register.actions import record_facts
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, post, ready, step_on
from tests.payments.rents import budget, owed, paid, published, rate, sound, tenant
from tests.register.cast import YUNYANG


@pytest.fixture
def offices(db: None) -> Offices:
    return Offices()


@pytest.fixture
def farmer(offices: Offices) -> Officer:
    return offices.at("agriculture", "county", YUNYANG)


@pytest.fixture
def other(offices: Offices) -> Officer:
    return offices.at("rural_revitalisation", "county", YUNYANG)


@pytest.fixture
def person(village: Officer, farmer: Officer) -> Person:
    rate()
    budget(farmer, "1000")
    return tenant(village, told=False)


@pytest.fixture
def case(offices: Offices, person: Person) -> Case:
    """At 审定, applied for weeks ago."""
    township = offices.at("agriculture", "township", "500235104000")
    on = today() - timedelta(20)
    opened = open_case(
        by=township, procedure="pay_rent_subsidy_flow", subject=str(person.pk), applied_on=on, how="本人到窗口申请"
    )
    return step_on(step_on(opened, offices, "提交", on=on), offices, "属实，这块地今年没有补过", on=on)


def written(case: Case) -> dict[str, object]:
    with everything():
        entry = Entry.objects.unscoped().filter(case=case).latest("seq")
    told: dict[str, object] = json.loads(entry.told.reveal())["fields"]
    return told


def test_from_the_plot_proposed_to_the_case_that_ends(
    case: Case, offices: Offices, farmer: Officer, other: Officer, person: Person
) -> None:
    with pytest.raises(Refused, match="先在“流转费补助”里提出"):
        take_step(by=farmer, case=case.pk, seen=case.entries, action="审定", fields={})
    row = propose_rent(by=farmer, person=person.pk, plot="东坡")
    with pytest.raises(Refused, match="“补助金额”不另填"):
        take_step(by=farmer, case=case.pk, seen=case.entries, action="审定", fields={"补助金额": 1.0})
    on = today() - timedelta(19)
    case = take_step(by=farmer, case=case.pk, seen=case.entries, action="审定", fields={}, on=on)
    assert written(case) == {"适用标准": "200.00 元/亩·年（云农发〔2026〕3号）", "补助金额": 900.0, "资金余额": 1000.0}
    with pytest.raises(Refused, match="还在“公示”"):
        approve_rent(by=other, grant=row.pk, paid_on=today())
    post(case, offices.at("agriculture", "township", "500235104000"), on)
    case = step_on(case, offices, "没有异议", on=ready(case, on))
    with pytest.raises(Refused, match="先由另一位干部"):
        take_step(by=other, case=case.pk, seen=case.entries, action="到户", fields={})
    approve_rent(by=other, grant=row.pk, paid_on=today())
    assert (owed(person), paid(person)) == (False, True)
    case = take_step(by=other, case=case.pk, seen=case.entries, action="到户", fields={})
    assert (case.state, written(case)) == (State.DONE, {"发放日": today().isoformat()})
    assert sound()


def test_what_is_taken_back_after_the_case_is_owed_again(
    case: Case, offices: Offices, farmer: Officer, other: Officer, person: Person
) -> None:
    on = today() - timedelta(19)
    row = propose_rent(by=farmer, person=person.pk, plot="东坡")
    case = take_step(by=farmer, case=case.pk, seen=case.entries, action="审定", fields={}, on=on)
    post(case, offices.at("agriculture", "township", "500235104000"), on)
    case = step_on(case, offices, "没有异议", on=ready(case, on))
    approve_rent(by=other, grant=row.pk, paid_on=today())
    take_step(by=other, case=case.pk, seen=case.entries, action="到户", fields={})
    reverse_rent(by=farmer, grant=row.pk, reason="发错了人")
    assert (owed(person), paid(person)) == (True, False), (
        "what the case recorded does not stand before the ledger of grants"
    )


def test_a_case_that_ended_without_being_done_is_not_paid(
    case: Case, offices: Offices, farmer: Officer, other: Officer, person: Person
) -> None:
    row = propose_rent(by=farmer, person=person.pk, plot="东坡")
    terminate(by=farmer, case=case.pk, seen=case.entries, because="流转合同是假的")
    with pytest.raises(Refused, match="办件已经终止，请撤回这一笔"):
        approve_rent(by=other, grant=row.pk, paid_on=today())
    on = today() - timedelta(20)
    township = offices.at("agriculture", "township", "500235104000")
    again = open_case(
        by=township, procedure="pay_rent_subsidy_flow", subject=str(person.pk), applied_on=on, how="本人到窗口申请"
    )
    with pytest.raises(Refused, match="还在“申请”"):
        approve_rent(by=other, grant=row.pk, paid_on=today())
    withdraw(by=township, case=again.pk, seen=again.entries, how="本人到窗口")
    with pytest.raises(Refused, match="办件已经撤回，请撤回这一笔"):
        approve_rent(by=other, grant=row.pk, paid_on=today())


def test_without_a_notice_of_this_year_nothing_is_paid(
    offices: Offices, farmer: Officer, other: Officer, person: Person
) -> None:
    township = offices.at("agriculture", "township", "500235104000")
    on = today().replace(year=today().year - 1, month=12, day=1)
    case = open_case(
        by=township, procedure="pay_rent_subsidy_flow", subject=str(person.pk), applied_on=on, how="本人到窗口申请"
    )
    withdraw(by=township, case=case.pk, seen=case.entries, how="本人到窗口")
    row = propose_rent(by=farmer, person=person.pk, plot="东坡")
    with pytest.raises(Refused, match="这一户还没有立件；先立“流转费补助发放”的件"):
        approve_rent(by=other, grant=row.pk, paid_on=today())
    published(person)
    assert approve_rent(by=other, grant=row.pk, paid_on=today()).paid_on == today()


def test_what_is_proposed_after_the_case_has_a_notice_of_its_own(
    farmer: Officer, other: Officer, person: Person, village: Officer
) -> None:
    case = published(person)
    approve_rent(by=other, grant=propose_rent(by=farmer, person=person.pk, plot="东坡").pk, paid_on=today())
    take_step(by=other, case=case.pk, seen=case.entries, action="到户", fields={})
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"rented_mu": 4.75})
    row = propose_rent(by=farmer, person=person.pk, plot="西坡")
    with pytest.raises(Refused, match="已经办结，这一笔是后来提的；先立"):
        approve_rent(by=other, grant=row.pk, paid_on=today())
    published(person)
    approve_rent(by=other, grant=row.pk, paid_on=today())
    assert (owed(person), paid(person), sound()) == (False, True, True)
