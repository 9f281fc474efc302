"""A county's own figures: who sets them, which ones, from which day, and what follows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.duties.actions import end_county_value, evaluate_now, set_county_value
from anju.duties.clocks import Clocks
from anju.duties.editions import Counties
from anju.duties.models import CountyValue
from anju.duties.night import evaluate_everyone
from anju.duties.parameters import may_differ, settable
from anju.government.models import Officer, never
from anju.government.queries import asking_once
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.policy.edition import Edition
from anju.policy.model import Fact
from anju.register.actions import record_facts
from anju.register.changes import changed
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.duties.test_evaluate import owed
from tests.register.cast import ELSEWHERE, KAIZHOU, YUNYANG, clerk

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
PENSION, VISITS = "征询期限", "走访间隔"


@pytest.fixture
def support(db: None) -> Officer:
    return clerk("support", YUNYANG, "county", "rural_revitalisation")


def set_value(by: Officer, parameter: str = PENSION, value: str = "10", **changes: Any) -> CountyValue:
    given = {"county": YUNYANG, "since": TODAY, "basis": "云人社〔2026〕3号", **changes}
    return set_county_value(by=by, parameter=parameter, value=Decimal(value), **given)


def test_a_deadline_follows_the_county_from_that_day(pensions: Officer, person: Person) -> None:
    duty = owed(str(person.pk))["ask_pension_wish"]
    assert Clocks(TODAY).of(duty).due == TODAY + timedelta(days=30)
    row = set_value(pensions)
    assert (row.value, row.since, row.until, row.basis) == (Decimal(10), TODAY, never, "云人社〔2026〕3号")
    assert Clocks(TODAY).of(duty).due == TODAY + timedelta(days=10)
    duty.destination = "500154101201"
    assert Clocks(TODAY).of(duty).due == TODAY + timedelta(days=30), "another county's"
    entry = Entry.objects.get(action="duties.set_county_value")
    assert (entry.object_id, entry.officer) == (str(row.pk), str(pensions.pk))


def test_a_decision_follows_the_county_too(support: Officer, village: Officer, family: Household) -> None:
    facts: dict[str, Fact | None] = {"relocatee_kind": "registered_poor", "days_since_visit": 25, "paired_officers": 1}
    record_facts(by=support, kind="household", subject=str(family.pk), facts=facts)
    before = set(owed(str(family.pk)))
    assert "pay_visit" not in before
    set_value(support, VISITS, "20")
    job = Job.objects.get(title="按区县的参数重算应办")
    evaluate_everyone.call(str(job.pk))
    assert set(owed(str(family.pk))) - before == {"pay_visit"}
    end_county_value(by=support, value=CountyValue.objects.get().pk, until=TODAY + timedelta(days=1))
    assert CountyValue.objects.get().until == TODAY + timedelta(days=1)


def test_who_evaluates_asks_for_the_figures_anew(support: Officer, village: Officer, family: Household) -> None:
    """A deed may have asked for them before it had the lock, and the county has another figure since."""
    facts: dict[str, Fact | None] = {"relocatee_kind": "registered_poor", "days_since_visit": 25, "paired_officers": 1}
    record_facts(by=support, kind="household", subject=str(family.pk), facts=facts)
    with asking_once():
        assert not Counties.of(guideline(), TODAY).own
        set_value(support, VISITS, "20")
        with everything():
            changed("household", [str(family.pk)])
    assert "pay_visit" in owed(str(family.pk))


def test_the_next_value_ends_the_one_before(pensions: Officer) -> None:
    first = set_value(pensions, since=date(2026, 1, 1))
    second = set_value(pensions, value="15", since=date(2026, 6, 1))
    first.refresh_from_db()
    assert (first.until, second.until, first.ended_at is not None) == (date(2026, 6, 1), never, True)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"parameter": "领取年龄"}, "各地一样"),
        ({"parameter": "没有的"}, "没有这一条"),
        ({"parameter": VISITS}, "没有这一条"),
        ({"county": KAIZHOU}, "没有这一条"),
        ({"value": "7.5"}, "期限应是整数"),
        ({"value": "-1"}, "不小于 0"),
        ({"value": "0.00001"}, "最多四位小数"),
        ({"basis": " "}, "依据"),
        ({"since": date(2010, 1, 1)}, "还没有值"),
        ({"until": TODAY}, "失效日要晚于生效日"),
    ],
    ids=[
        "法律定的",
        "不存在",
        "别的条线的",
        "别的区县",
        "半天",
        "负数",
        "太细",
        "没依据",
        "指导意见以前",
        "当天就失效",
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(pensions: Officer, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        set_value(pensions, **changes)
    assert not CountyValue.objects.exists()
    assert not Entry.objects.filter(action__startswith="duties.").exists()


@pytest.mark.parametrize(
    ("region", "level", "line"),
    [
        ("500235104000", "township", "human_resources"),
        (YUNYANG, "county", "culture"),
        (ELSEWHERE, "county", "human_resources"),
        ("500000000000", "city", "human_resources"),
    ],
    ids=["乡镇", "别的条线", "别的区县", "市"],
)
def test_only_the_county_s_own_post_of_the_line_sets_it(db: None, region: str, level: str, line: str) -> None:
    with pytest.raises(Refused, match="不归您定"):
        set_value(clerk("other", region, level, line))


def test_a_value_that_tears_a_table_apart_is_refused(support: Officer) -> None:
    """走访告警 must lie behind 走访间隔: else a number of days would fall into two rows, or into none."""
    alarm = Edition(guideline(), TODAY).parameters["走访告警"]
    assert isinstance(alarm, Fraction)
    with pytest.raises(Refused, match="请换一个值，或者先改和它配套的参数"):
        set_value(support, VISITS, str(alarm + 1))


def test_days_do_not_overlap(pensions: Officer) -> None:
    set_value(pensions, since=date(2026, 6, 1))
    with pytest.raises(Refused, match="已经有本区县的值"):
        set_value(pensions, since=date(2026, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        CountyValue.objects.create(county=YUNYANG, parameter=PENSION, value=1, since=date(2026, 8, 1), basis="抢")
    set_value(pensions, since=date(2026, 1, 1), until=date(2026, 6, 1))


@pytest.mark.parametrize("until", [date(2026, 1, 1), never], ids=["生效那天", "没有尽头"])
def test_an_end_lies_between(pensions: Officer, until: date) -> None:
    row = set_value(pensions, since=date(2026, 1, 1))
    with pytest.raises(Refused):
        end_county_value(by=pensions, value=row.pk, until=until)
    with pytest.raises(Refused, match="不归您定"):
        end_county_value(by=clerk("far", ELSEWHERE, "county", "human_resources"), value=row.pk, until=TODAY)
    with pytest.raises(Refused, match="不归您定"):
        end_county_value(by=pensions, value=row.pk + 1, until=TODAY)


def test_what_may_differ_is_our_own_choice_or_left_to_counties() -> None:
    names = {parameter.name for parameter in settable(TODAY)}
    assert {PENSION, VISITS, "代缴标准", "流转费补助标准"} <= names
    assert names.isdisjoint({"设村人数", "领取年龄", "选民名单提前", "救助迁移", "表决分子", "代表表决停用日"})
    legal = {k.deadline.parameter for k in guideline().duties.values() if k.due_kind == "legal"} - {""}
    assert not any(may_differ(p) for name in legal for p in guideline().parameters[name])


def test_everyone_is_evaluated_on_demand_once_an_hour(pensions: Officer, village: Officer) -> None:
    first, second = evaluate_now(by=pensions), evaluate_now(by=pensions)
    assert first.pk == second.pk
    with pytest.raises(Refused, match="区县或市"):
        evaluate_now(by=village)
