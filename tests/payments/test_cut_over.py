"""A transfer of assistance as a case: its end sets who pays, as both sides have written down; until then the origin pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from anju.cases.actions import open_case, suspend, terminate
from anju.cases.models import Case
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.payments.following import cut_over
from anju.payments.models import Payer
from anju.register.actions import move_relation
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.payments.cast import A, B, ago, back, begun, chain, paid, poor, strip
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


def test_a_month_that_the_destination_paid_before_the_end_is_paid(
    offices: Offices, destination: Officer, months: Person
) -> None:
    case = walked(opened(offices, months), offices, len(WAY) - 1)
    paid(destination, months, ago(0), payer=B)
    step_on(case, offices, WAY[-1][0])
    assert strip(months)[back(0)] == (B, "paid")
    assert strip(months)[back(-1)] == (B, "expected"), "the next one waits as before"


def test_of_whom_nobody_has_kept_months_the_destination_begins_with_the_month_that_is_named(
    offices: Offices, village: Officer, destination: Officer, person: Person
) -> None:
    """However late it is told: 首发月 two months ago, and the months since are the destination's."""
    other = poor(village, name="王秀英", order=2, code="2")
    first = date.fromisoformat(f"{ago(3)}-01")
    move_relation(by=destination, person=str(other.pk), kind="assistance", holder=B, since=first)
    begun(destination, ago(3), payer=B)
    walked(opened(offices, person), offices, len(WAY), 首发月=ago(2), 末发月=ago(3))
    assert chain(person) == [(back(2), B)]
    assert strip(person) == {back(n): (B, "expected") for n in (2, 1, 0, -1)}
    assert chain(other) == [(back(3), B)]


def test_a_first_month_with_a_mistyped_year_is_sent_back(offices: Offices, months: Person) -> None:
    case = walked(opened(offices, months), offices, len(WAY) - 1, 首发月="1926-10", 末发月="1926-09")
    with pytest.raises(Refused, match=f"首发月是 1926-10，太早了，最早写 {ago(36)}"):
        step_on(case, offices, WAY[-1][0])


def test_where_no_side_keeps_months_none_begin(offices: Offices, person: Person) -> None:
    walked(opened(offices, person), offices, len(WAY), 首发月=ago(2), 末发月=ago(3))
    assert (chain(person), strip(person)) == ([], {})


def test_the_two_months_have_to_fit(offices: Offices, months: Person) -> None:
    """Where the last month is written down, and once more where the case ends."""
    case = walked(opened(offices, months), offices, 5)
    for wrong in (ago(2), ago(0)):
        with pytest.raises(Refused, match=f"末发月要是它的前一个月 {ago(1)}"):
            step_on(case, offices, WAY[5][0], 末发月=wrong)
    with pytest.raises(Refused, match="末发月要是它的前一个月"):
        cut_over(case, {"末发月": ago(2)}, DESTINATION, today().replace(day=1))
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
