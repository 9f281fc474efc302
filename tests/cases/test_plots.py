"""A plot that somebody gives up: who applies for it, in which order, who may be first; and it goes to one person alone (1.4-4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from anju.cases.actions import open_case, take_steps, withdraw, work
from anju.cases.models import Case, State
from anju.cases.procedures import Running
from anju.cases.turns import place_at
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import create_person
from anju.register.actions.by_case import put_facts
from anju.register.facts import facts_by_subject, facts_of, today
from tests.cases.cast import Offices, step_on, value_for, waiting
from tests.cases.fitting import fit
from tests.desk.cast import browser
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household, number

HOME = reverse("cases:plots")
PROCEDURE = "take_over_land_right"
TO_SIGN = ("是本集体成员，条件相同", "双方签订")


def applied(village: Officer, offices: Offices, order: int, plot: str = "三组沟边", *, ago: int = 3) -> Case:
    """A member's case for a plot, at 核对."""
    home = household(village, str(order))
    person = create_person(by=village, name=f"王春{order}", number=number(order), household=home, relation="户主")
    fit(str(person.pk), PROCEDURE)
    opener, on = offices.at("collective", "village", DESTINATION), today() - timedelta(ago)
    case = open_case(by=opener, procedure=PROCEDURE, subject=str(person.pk), applied_on=on, how="本人到场申请")
    return step_on(case, offices, "提交", on=on, basis="回函一份", reason="无", 标的地块=plot)


def others(case: Case) -> tuple[object, object]:
    """有其他优先人, and whether the plot is still offered."""
    with everything():
        facts = facts_of("person", case.subject_id, on=today())
    return facts["other_priority_claimants"], facts["offered_by_own_collective"]


def taken(case: Case, offices: Offices) -> Case:
    for action in (*TO_SIGN, "登记"):
        case = step_on(case, offices, action)
    return case


@pytest.mark.django_db
def test_who_applies_for_the_same_plot_is_one_of_several(village: Officer, offices: Offices) -> None:
    one = applied(village, offices, 3, "三组 沟边－１")
    assert (one.plot, others(one)) == ("三组沟边-1", (False, True))
    other = applied(village, offices, 5, "三组沟边-1")
    apart = applied(village, offices, 7, "三组沟边-2")
    assert [others(case)[0] for case in (one, other, apart)] == [True, True, False]
    with pytest.raises(Refused, match="多名优先人"):
        step_on(one, offices, "是本集体成员，条件相同")
    by = offices.of(waiting(other)[0])
    withdraw(by=by, case=other.pk, seen=other.entries, how="本人不要了")
    assert others(one) == (False, True)
    assert taken(one, offices).state == State.DONE


@pytest.mark.django_db
def test_who_writes_another_plot_leaves_the_first_to_the_others(village: Officer, offices: Offices) -> None:
    one, other = applied(village, offices, 3), applied(village, offices, 5)
    assert (others(one)[0], others(other)[0]) == (True, True)
    one = step_on(step_on(one, offices, "补正"), offices, "提交", 标的地块="四组沟边")
    assert (one.plot, others(one)[0], others(other)[0]) == ("四组沟边", False, False)


@pytest.mark.django_db
def test_a_plot_has_no_second_holder(village: Officer, offices: Offices) -> None:
    one, other = applied(village, offices, 3), applied(village, offices, 5)
    one = step_on(step_on(one, offices, "有几名优先人"), offices, "确定由申请人受让")
    other = step_on(step_on(other, offices, "有几名优先人"), offices, "确定由申请人受让")
    one, other = step_on(one, offices, "双方签订"), step_on(other, offices, "双方签订")
    one = step_on(one, offices, "登记")
    assert (one.state, others(other)) == (State.DONE, (False, False))
    with pytest.raises(Refused, match="没有这样的承包权在转让"):
        step_on(other, offices, "登记")
    with pytest.raises(Refused, match="“三组沟边”已经由别人受让，不能再登记给第二个人"):
        applied(village, offices, 7)
    withdraw(by=offices.of(waiting(other)[0]), case=other.pk, seen=other.entries, how="地已有人")
    assert others(other)[1] is False, "of one who no longer applies it stays on record that nothing is offered"


@pytest.mark.django_db
def test_the_database_itself_knows_one_holder(village: Officer, offices: Offices) -> None:
    one, other = taken(applied(village, offices, 3), offices), applied(village, offices, 5, "另一块")
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.unscoped().filter(pk=other.pk).update(
            state="done", step=0, closed_at=one.closed_at, plot=one.plot, entries=other.entries + 1
        )
    with everything():
        Case.objects.unscoped().filter(pk=other.pk).update(
            state="done", step=0, closed_at=one.closed_at, entries=other.entries + 1
        )


def test_two_at_once_and_one_gets_it(own_database: str) -> None:
    village, offices = clerk("village"), Offices()
    cases = [applied(village, offices, order) for order in (3, 5)]
    for action in ("有几名优先人", "确定由申请人受让", "双方签订"):
        cases = [step_on(case, offices, action) for case in cases]
    for case in cases:
        offices.of(waiting(case)[0])  # who takes the step is there before the race
    found = race(2, lambda n: step_on(cases[n], offices, "登记"))
    assert (found.won, found.only_raised(Refused)) == (1, True), found.raised
    with everything():
        assert Case.objects.unscoped().filter(state="done", plot="三组沟边").count() == 1


def test_two_who_apply_at_once_know_of_each_other(own_database: str) -> None:
    village, offices = clerk("village"), Offices()
    cases = [applied(village, offices, order, f"{order}号地") for order in (3, 5)]
    cases = [step_on(case, offices, "补正") for case in cases]
    for case in cases:
        offices.of(waiting(case)[0])
    found = race(2, lambda n: step_on(cases[n], offices, "提交", 标的地块="三组沟边"))
    assert (found.won, [others(case)[0] for case in cases]) == (2, [True, True]), found.raised
    with everything():
        owed = Duty.objects.unscoped().owed().filter(kind="settle_land_priority")
        assert {duty.subject_id for duty in owed} == {case.subject_id for case in cases}, "both looked after the other"


@pytest.mark.django_db
def test_what_one_end_changes_the_next_end_of_the_same_bulk_reads_anew(
    village: Officer, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [applied(village, offices, order, f"{order}号地") for order in (3, 5)]
    for action in TO_SIGN:
        cases = [step_on(case, offices, action) for case in cases]
    reads: list[list[str]] = []

    def read(kind: str, ids: list[str], *, on: date, only: frozenset[str]) -> Mapping[str, Mapping[str, Fact]]:
        reads.append(ids)
        return facts_by_subject(kind, ids, on=on, only=only)

    monkeypatch.setattr(work, "facts_by_subject", read)
    by, running = offices.of(waiting(cases[0])[0]), Running.of(cases[0])
    fields = {known.name: value_for(known) for known in running.fields(cases[0].step)}
    told = take_steps(by=by, cases={one.pk: (one.entries, uuid4()) for one in cases}, action="登记", fields=fields)
    assert set(told.values()) == {""}
    assert len(reads) == 2


@pytest.mark.django_db
def test_the_page_has_them_in_their_order_with_what_became_of_each(village: Officer, offices: Offices) -> None:
    dear = applied(village, offices, 3, ago=9)
    with everything():
        put_facts(kind="person", subject=dear.subject_id, facts={"same_terms": False})
    late, first, gone = (applied(village, offices, order, ago=ago) for order, ago in ((5, 4), (7, 6), (9, 8)))
    withdraw(by=offices.of(waiting(gone)[0]), case=gone.pk, seen=gone.entries, how="本人不要了")
    collective = browser(offices.at("collective", "village", DESTINATION))
    page = collective.get(HOME).content.decode()
    places = [page.index(name) for name in ("王春7", "王春5", "王春3", "王春9")]
    assert places == sorted(places), (
        "who may be first by the day of application, then whose terms differ, then who gave up"
    )
    assert ("本人不要了" in page, "几个人都可以优先，要研究" in page, "条件不同" in page) == (True, True, True)
    first = step_on(step_on(first, offices, "有几名优先人"), offices, "确定由申请人受让")
    step_on(step_on(first, offices, "双方签订"), offices, "登记")
    page = collective.get(HOME).content.decode()
    assert ("已有人受让" in page, page.index("王春7") > page.index("王春5")) == (True, True)
    assert "三组沟边" in collective.get(reverse("cases:case", args=[late.pk])).content.decode()
    for stranger in (
        clerk("far", "500236000000", "county", "agriculture"),
        clerk("near", "500235105000", "township", "agriculture"),
    ):
        page = browser(stranger).get(HOME).content.decode()
        assert ("三组沟边" in page, "王春5" in page) == (False, False)
    other = browser(offices.at("civil_affairs", "township", place_at(DESTINATION, "township")))
    assert "您的岗位不办承包地转让" in other.get(HOME).content.decode()
