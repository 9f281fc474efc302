"""A transfer of assistance as a case: its end sets who pays, as both sides have written down; until then the origin pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from anju.cases.actions import open_case, suspend, terminate
from anju.cases.models import Case
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.payments.models import Payer
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.payments.cast import A, B, ago, back, begun, chain, paid, strip
from tests.register.cast import DESTINATION, ORIGIN

WAY: Sequence[tuple[str, dict[str, str]]] = (
    ("提交", {}),
    ("报送名单", {}),
    ("发函", {}),
    ("受理并交乡镇", {}),
    ("接续并回执", {"首发月": ago(0)}),
    ("发到首发月的前一个月，移交档案", {"末发月": ago(1)}),
    ("双方归档", {}),
    ("双方归档", {}),
)


@pytest.fixture
def offices(origin: Officer, destination: Officer) -> Offices:
    """The offices of both sides, the townships among them."""
    return Offices().open_all(ORIGIN, DESTINATION)


@pytest.fixture
def months(origin: Officer, person: Person) -> Person:
    """A has paid until last month."""
    begun(origin, ago(2))
    paid(origin, person, ago(2), ago(1))
    return person


def opened(offices: Offices, person: Person) -> Case:
    by = offices.at("civil_affairs", "township", A)
    day = today() - timedelta(days=40)
    return open_case(
        by=by, procedure="transfer_assistance_by_letter", subject=str(person.pk), applied_on=day, how="本人到场"
    )


def walked(case: Case, offices: Offices, steps: int, **more: str) -> Case:
    """The first steps of the way; ``more`` is written down instead."""
    for action, fields in WAY[:steps]:
        case = step_on(case, offices, action, on=None, **{name: more.get(name, text) for name, text in fields.items()})
    return case


def test_the_end_of_the_case_sets_the_cut_over(offices: Offices, months: Person) -> None:
    case = walked(opened(offices, months), offices, len(WAY) - 1)
    assert chain(months) == [(back(2), A)], "until the end the origin pays"
    step_on(case, offices, WAY[-1][0])
    assert chain(months) == [(back(2), A), (back(0), B)]
    assert [payer for payer, _ in strip(months).values()] == [A, A, B, B]
    assert Payer.objects.unscoped().get(payer=B).because == f"跨区县救助迁移办结，首发月 {ago(0)}"


def test_a_month_that_the_origin_paid_meanwhile_stays_its_own(
    offices: Offices, origin: Officer, months: Person
) -> None:
    paid(origin, months, ago(0))
    walked(opened(offices, months), offices, len(WAY))
    assert chain(months) == [(back(2), A), (back(-1), B)]


def test_the_two_months_have_to_fit(offices: Offices, months: Person) -> None:
    case = walked(opened(offices, months), offices, len(WAY) - 1, 末发月=ago(2))
    with pytest.raises(Refused, match="末发月要是它的前一个月"):
        step_on(case, offices, WAY[-1][0])
    assert chain(months) == [(back(2), A)]


def test_of_a_case_that_waits_or_ends_without_it_the_origin_pays_on(offices: Offices, months: Person) -> None:
    case = walked(opened(offices, months), offices, 5)
    by = offices.at("civil_affairs", "township", A)
    later = today() + timedelta(days=9)
    suspended = suspend(by=by, case=case.pk, seen=case.entries, because="等户口簿", review_on=later)
    assert chain(months) == [(back(2), A)]
    terminate(by=by, case=case.pk, seen=suspended.entries, because="户籍没有迁")
    assert chain(months) == [(back(2), A)]
    assert strip(months)[back(-1)] == (A, "expected")
