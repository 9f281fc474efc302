"""The nightly questions about cases: 0 while everything is true, and not 0 when somebody worked on the tables by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from anju.cases.actions import open_case
from anju.cases.models import Case, Turn
from anju.cases.turns import place_at
from anju.duties.evaluate import look_again
from anju.duties.models import Duty
from anju.government.second_wall import everything
from anju.register.actions import record_facts
from anju.register.facts import today
from anju.register.models import Person
from anju.register.models.subjects import new_id
from anju.register.verification import verify
from tests.cases.cast import Offices, moved, step_on
from tests.register.cast import DESTINATION, YUNYANG


def end_turns() -> None:
    Turn.objects.unscoped().filter(until_entry=None).update(until_entry=9, ended_late=False)


def stand_elsewhere() -> None:
    turn = Turn.objects.unscoped().get(until_entry=None)
    end_turns()
    Turn.objects.unscoped().bulk_create([moved(turn, step=5, since_entry=10)])


def count_one_more() -> None:
    case = Case.objects.unscoped().get()
    Case.objects.unscoped().update(entries=case.entries + 1)


def end_person() -> None:
    Person.objects.unscoped().update(ended_on=date(2026, 1, 1), ended_because="death")


def work_on_nobody() -> None:
    case = Case.objects.unscoped().get()
    case.pk, case.subject_id = new_id(), str(new_id())
    case.state, case.step, case.closed_at = "withdrawn", 0, timezone.now()
    case.save(force_insert=True)


HARMS: dict[str, tuple[Callable[[], None], set[str]]] = {
    "都对": (lambda: None, set()),
    "不轮到谁": (end_turns, {"在办的件都轮到一个单位，结束的件不再轮到谁"}),
    "轮在别的步": (stand_elsewhere, {"轮到的单位都在件停着的那一步"}),
    "少了一笔": (count_one_more, {"件办过的一笔不少"}),
    "给没有的人办": (work_on_nobody, {"办件的对象都在", "件办过的一笔不少"}),
    "绕过动作注销": (end_person, {"注销了的人没有在办的件"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("harm", "broken"), HARMS.values(), ids=HARMS)
def test_what_is_not_true_of_cases_is_found(
    harm: Callable[[], None], broken: set[str], person: Person, offices: Offices
) -> None:
    by = offices.at("human_resources", "township", place_at(DESTINATION, "township"))
    case = open_case(by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    step_on(case, offices, "提交")
    with everything():
        harm()
    found = {sentence for sentence, n in verify().items() if n and ("件" in sentence and "应办" not in sentence)}
    assert found == broken


@pytest.mark.django_db
@pytest.mark.parametrize("begun", ["立件", "登记"])
def test_a_county_owes_what_it_has_to_from_its_first_case_or_fact_on(
    begun: str, person: Person, offices: Offices
) -> None:
    by = offices.at("civil_affairs", "county", YUNYANG)
    look_again("person", [str(person.pk)])  # what the fixture wrote round the actions
    if begun == "立件":
        open_case(by=by, procedure="include_in_unified_plan", subject=YUNYANG, applied_on=today(), how="区县起头")
    else:
        record_facts(by=by, kind="county", subject=YUNYANG, facts={"meetings_this_quarter": None})
    assert {sentence for sentence, n in verify().items() if n} == set()
    with everything():
        assert Duty.objects.unscoped().filter(subject_kind="county", subject_id=YUNYANG).exists()
