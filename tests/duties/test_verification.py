"""The nightly questions: 0 while everything is true, and not 0 when it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from anju.duties.everyone import evaluate_all
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.jobs.actions import begin
from anju.jobs.models import Job
from anju.register.models import Person
from anju.register.verification import proves, verify, verify_register
from tests.duties.test_everyone import forget

pytestmark = pytest.mark.django_db


def close_one() -> None:
    Duty.objects.unscoped().filter(kind="pay_premium").update(closed_on=date.today(), closed_because="done")


def end_person() -> None:
    people = Person.objects.unscoped()
    people.update(ended_on=date(2026, 1, 1), ended_because="death")


def change_facts() -> None:
    Person.objects.unscoped().update(facts={})


@pytest.mark.parametrize(
    ("harm", "broken"),
    [
        (lambda: None, set()),
        (forget, {"开着的应办正是事实要求的"}),
        (close_one, {"开着的应办正是事实要求的"}),
        (change_facts, {"开着的应办正是事实要求的"}),
        (
            end_person,
            {"开着的应办正是事实要求的", "注销了的人没有开着的应办", "注销了的人不再持有关系", "注销了的人不再在户里"},
        ),
    ],
    ids=["都对", "全丢了", "错关一件", "绕过动作改了事实", "绕过动作注销"],
)
def test_what_is_not_true_is_found(
    person: Person, village: Officer, harm: Callable[[], None], broken: set[str], capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate_all(timezone.localdate())
    with everything():
        harm()
    assert {sentence for sentence, n in verify().items() if n} == broken
    if broken:
        with pytest.raises(CommandError, match=f"{len(broken)} 问不是 0"):
            call_command("verify")
    else:
        call_command("verify")
    lines = capsys.readouterr().out.splitlines()
    assert {line.partition("\t")[2] for line in lines if not line.startswith("0\t")} == broken


def test_at_night_the_sentences_that_do_not_hold_are_told(person: Person) -> None:
    good, bad = (begin(verify_register, key=key, owner="", title="核对台账") for key in "12")
    verify_register.call(str(good.pk))
    with everything():
        close_one()
    verify_register.call(str(bad.pk))
    good.refresh_from_db()
    bad.refresh_from_db()
    assert (good.state, bad.state) == (Job.State.DONE, Job.State.FAILED)
    assert bad.message == "开着的应办正是事实要求的：1 处不是"


def test_a_question_is_asked_once() -> None:
    with pytest.raises(ValueError, match="有两问"):
        proves("一个证件号码只登记一个人")(lambda: 0)
