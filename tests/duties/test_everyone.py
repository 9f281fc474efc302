"""Everyone at once owes what each owes alone; twice changes nothing; many at once leave one open duty."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.duties import everyone
from anju.duties.actions import set_county_value
from anju.duties.evaluate import Changed, evaluate, look_again
from anju.duties.everyone import evaluate_all
from anju.duties.models import CountyValue, Duty, GuidelineVersion
from anju.duties.night import evaluate_everyone, evaluate_new_pages
from anju.duties.subjects import Whom
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.actions import begin
from anju.jobs.models import Job
from anju.policy.model import Fact, Policy
from anju.register.actions import create_person, create_site
from anju.register.guideline import guideline
from anju.register.models import CountyFacts, Former, Household, Person
from tests.duties.conftest import FACTS
from tests.duties.facts import facts_about
from tests.duties.test_evaluate import owed
from tests.race import race
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, clerk, household, zhang

TODAY = timezone.localdate()
State = set[tuple[object, ...]]


def state() -> State:
    """Every open duty with all that could differ, except its number."""
    columns = [f.attname for f in Duty._meta.concrete_fields if f.attname not in ("id", "opened_at")]
    with everything():
        return set(Duty.objects.unscoped().owed().values_list(*columns))


def forget() -> None:
    """As if nobody had ever been evaluated."""
    with everything():
        Duty.objects.unscoped().delete()


@pytest.fixture
def county(village: Officer) -> Officer:
    return clerk("county", YUNYANG, "county", "civil_affairs")


@pytest.mark.django_db
def test_everyone_is_evaluated_and_the_second_time_nothing_changes(
    village: Officer, county: Officer, person: Person, family: Household
) -> None:
    create_site(by=county, name="青山点", region=DESTINATION, facts={"persons": 1200})
    with everything():
        CountyFacts.objects.create(code=YUNYANG, facts={"agenda_items_this_year": 0})
    alone = state()
    forget()
    told: list[tuple[int, int]] = []
    changed = evaluate_all(TODAY, report=lambda done, total: told.append((done, total)))
    assert state() >= alone
    assert {kind for (kind, *_) in state()} >= {"person", "county"}
    assert (changed.opened, changed.closed) == (len(state()), 0)
    assert told == [(n, 4) for n in (1, 2, 3, 4)]
    assert not evaluate_all(TODAY)


@pytest.mark.django_db
def test_only_those_who_differ_are_written(
    village: Officer, family: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [
        zhang(village, family, name=f"张{n}", order=n, relation="子女", facts={**FACTS, "hukou_moved": True})
        for n in (1, 3)
    ]
    before = state()
    one = people[0]
    with everything():
        Person.objects.unscoped().filter(pk=one.pk).update(facts={**one.facts, "premium_paid": True})
    seen: list[object] = []

    def watched(kind: str, who: Whom, on: date, pages: Policy) -> Changed:
        seen.append((kind, who))
        return evaluate(kind, who, on, pages)

    monkeypatch.setattr(everyone, "evaluate", watched)
    changed = evaluate_all(TODAY)
    assert (changed.opened, changed.closed, seen[0]) == (0, 1, ("person", [str(one.pk)]))
    assert len(before) - len(state()) == 1


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(facts_about("person", least=10), min_size=1, max_size=4))
def test_whatever_the_facts_many_owe_what_each_owes(village: Officer, rows: list[dict[str, Fact]]) -> None:
    recorded = [{k: v for k, v in row.items() if k not in _of_rows} for row in rows]
    people = [
        create_person(by=village, name=f"张{n}", origin=ORIGIN, destination=DESTINATION, facts=facts)
        for n, facts in enumerate(recorded)
    ]
    ids = [str(person.pk) for person in people]
    alone = state()
    forget()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("anju.duties.evaluate.few", 0)
        evaluate("person", ids, TODAY)
    assert state() == alone
    assert not evaluate("person", ids, TODAY)
    with everything():
        Duty.objects.unscoped().delete()
        Former.objects.all().delete()
        Person.objects.unscoped().filter(pk__in=ids).update(facts={}, guarded=None)


_of_rows = {"birth_date", "origin_code", "destination_code", "move_scope", "hukou_moved_on"}


@pytest.mark.django_db
def test_a_night_and_a_command_say_what_they_did(
    village: Officer, person: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    duties = len(state())
    forget()
    job = begin(evaluate_everyone, key="每夜@1", owner="", title="每夜重算应办")
    evaluate_everyone.call(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.message, job.done, job.total) == (Job.State.DONE, f"开出 {duties} 件，了结 0 件", 2, 2)
    call_command("evaluate", "--on", (TODAY + timedelta(days=1)).isoformat())
    assert capsys.readouterr().out.startswith("开出 0 件，了结 0 件，随事实改动 0 件，用时 ")


@pytest.mark.django_db
def test_new_pages_are_evaluated_once(village: Officer, person: Person) -> None:
    version = GuidelineVersion.objects.get(pk=guideline().version)
    assert version.evaluated_at is None, "one person alone was evaluated by it"
    for key in ("1", "2"):
        job = begin(evaluate_new_pages, key=key, owner="", title="换版")
        evaluate_new_pages.call(str(job.pk))
        job.refresh_from_db()
        assert (job.state, job.total) == (Job.State.DONE, 2 if key == "1" else 0)
    version.refresh_from_db()
    assert version.evaluated_at is not None


def _officer_and_person() -> str:
    village = clerk("village")
    return str(zhang(village, household(village), facts={**FACTS, "hukou_moved": True}).pk)


def test_sixteen_who_evaluate_at_once_leave_one_open_duty(own_database: str) -> None:
    person = _officer_and_person()
    before = state()
    forget()
    result = race(
        16, lambda number: evaluate("person", [person], TODAY) if number % 2 else look_again("person", [person])
    )
    assert not result.raised
    assert state() == before
    with everything():
        assert Duty.objects.unscoped().count() == len(before)


def test_everyone_and_one_at_once_agree_with_the_facts(own_database: str) -> None:
    """Sixteen change the facts of a household's members while everyone is evaluated again and again."""
    village = clerk("village")
    home = household(village)
    people = [
        zhang(village, home, name=f"张{n}", order=n, relation="子女", facts={**FACTS, "hukou_moved": True})
        for n in range(1, 9)
    ]

    def run(number: int) -> bool:
        if number < 8:
            with everything():
                row = Person.objects.unscoped().select_for_update().get(pk=people[number].pk)
                row.facts = {**row.facts, "premium_paid": True}
                row.save(update_fields=["facts"])
                look_again("person", [str(row.pk)])
        else:
            evaluate_all(TODAY)
        return True

    result = race(16, run)
    assert (result.won, result.raised) == (16, [])
    assert all("pay_premium" not in owed(str(person.pk)) for person in people)
    assert not evaluate_all(TODAY)


def test_sixteen_who_set_a_county_s_figure_at_once_leave_one(own_database: str) -> None:
    by = clerk("pensions", YUNYANG, "county", "human_resources")

    def run(number: int) -> int:
        given: dict[str, Any] = {"county": YUNYANG, "parameter": "征询期限", "since": TODAY, "basis": "通知"}
        return set_county_value(by=by, value=Decimal(number + 1), **given).pk

    result = race(16, run)
    assert result.only_raised(Refused)
    assert (result.won, CountyValue.objects.count()) == (1, 1)
