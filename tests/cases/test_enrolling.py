"""Who is not insured is insured where the hukou is (1.5-6, domain 1.5 E8): there the duty lies, and there the relation begins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anju.cases.actions import open_case
from anju.cases.models import State
from anju.duties.evaluate import look_again
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.actions import create_person
from anju.register.actions.by_case import put_facts, put_step
from anju.register.facts import facts_of, today
from anju.register.models import Household, Relation
from tests.cases.cast import Offices, step_on, waiting
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, number

pytestmark = pytest.mark.django_db
DAY = today() - timedelta(3)


@pytest.fixture
def uninsured(village: Officer, home: Household) -> str:
    """Somebody of age who belongs to no insurance, and of whose hukou nothing is known."""
    person = create_person(by=village, name="王春生", number=number(3), household=home, relation="户主")
    facts = {"relocatee_kind": "registered_poor", "pension_status": "uninsured", "pension_wish": "unstated"}
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts=facts)
    return str(person.pk)


def look(who: str) -> None:
    with everything():
        look_again("person", [who])


def owed(who: str) -> list[tuple[str, str]]:
    """Who owes it that somebody gets insured: the village where he lives, and the insurer."""
    with everything():
        found = Duty.objects.unscoped().owed().filter(subject_id=who, kind="enrol_pension")
        return list(found.values_list("destination", "insured"))


def blanks(who: str) -> str:
    """What is blank for clause 1.5."""
    with everything():
        terms = Duty.objects.unscoped().owed().filter(subject_id=who, kind="fill_in").values_list("terms", flat=True)
        return next((part for text in terms for part in text.split(";") if part.startswith("1.5")), "")


PLACES = {
    "户口还在原籍": (ORIGIN, KAIZHOU),
    "户口迁来了": (DESTINATION, YUNYANG),
    "户口在哪里不知道，当还没有迁": ("", KAIZHOU),
}


@pytest.mark.parametrize(("hukou", "county"), PLACES.values(), ids=PLACES)
def test_where_the_hukou_is(hukou: str, county: str, uninsured: str, offices: Offices) -> None:
    if hukou:
        with everything():
            steps = [(ORIGIN, date(2000, 1, 1)), (DESTINATION, date(2021, 5, 1))]
            for holder, since in steps[: 1 if hukou == ORIGIN else 2]:
                put_step(person=uninsured, kind="hukou", holder=holder, since=since, because="moved", evidence="")
    look(uninsured)
    assert owed(uninsured) == [(DESTINATION, county)]
    village = offices.at("committee", "village", DESTINATION)
    case = open_case(by=village, procedure="enrol_resident_pension", subject=uninsured, applied_on=DAY, how="比对名单")
    case = step_on(case, offices, "愿意参保", on=DAY)
    (turn,) = waiting(case)
    assert (turn.line, turn.level, turn.region) == ("human_resources", "county", county)
    case = step_on(case, offices, "登记并告知本人", on=DAY, 参保生效日=DAY.isoformat())
    assert case.state == State.DONE
    with everything():
        held = Relation.objects.unscoped().filter(person__pk=uninsured, kind="pension")
        assert list(held.values_list("holder", "since")) == [(county, DAY)]
    assert facts_of("person", uninsured, on=today())["pension_status"] == "contributing"
    assert owed(uninsured) == []
    assert "pension_moved" not in blanks(uninsured)


def test_who_would_rather_not_stays_on_the_list(uninsured: str, offices: Offices) -> None:
    village = offices.at("committee", "village", DESTINATION)
    case = open_case(by=village, procedure="enrol_resident_pension", subject=uninsured, applied_on=DAY, how="上门问过")
    look(uninsured)
    assert step_on(case, offices, "暂不参保", on=DAY).state == State.TERMINATED
    assert len(owed(uninsured)) == 1
    with everything():
        assert not Relation.objects.unscoped().filter(person__pk=uninsured, kind="pension").exists()


def test_nobody_is_enrolled_twice(uninsured: str, offices: Offices) -> None:
    village = offices.at("committee", "village", DESTINATION)
    case = open_case(by=village, procedure="enrol_resident_pension", subject=uninsured, applied_on=DAY, how="比对名单")
    case = step_on(case, offices, "愿意参保", on=DAY)
    with everything():
        put_facts(kind="person", subject=uninsured, facts={"pension_status": "contributing", "hukou_moved": False})
    with pytest.raises(Refused, match="“养老关系去向”是“留原参保地”"):
        step_on(case, offices, "登记并告知本人", on=DAY)
