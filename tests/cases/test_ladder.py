"""The ladder: how far what is overdue has climbed by working days, to whose posts, and what is opened from there."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anju.calendar.workdays import add_working_days
from anju.cases.actions import open_case
from anju.cases.clocks import Clocks
from anju.cases.ladder import Ladder, rungs
from anju.cases.models import Case, Turn
from anju.cases.queries.overdue import climbed
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.second_wall import everything
from anju.register.actions import create_site
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on, waiting
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, YUNYANG

DAYS = {"head": 1, "lead": 5, "supervision": 15, "meeting": 30}


@pytest.fixture
def case(person: Person, offices: Offices) -> Case:
    """A pension transfer at the township, which has 5 working days."""
    town = offices.at("human_resources", "township", "500235104000")
    early = today() - timedelta(400)
    case = open_case(by=town, procedure="transfer_pension", subject=str(person.pk), applied_on=early, how="本人到场")
    return step_on(case, offices, "提交", on=early)


def due(case: Case) -> date:
    found = Clocks(today()).of(waiting(case)[0]).due
    assert found is not None
    return found


def there(who: Officer, code: str, on: date) -> int:
    """How many turns have climbed to a rung at an officer's posts on a day."""
    rung = next(one for one in rungs if one.code == code)
    with everything():
        return climbed(who, visible_regions(who, today()), rung, Ladder(Clocks(on))).count()


@pytest.mark.parametrize("code", DAYS)
def test_it_climbs_on_the_day_after_so_many_working_days(code: str, case: Case, offices: Offices) -> None:
    line = "human_resources" if code == "head" else "civil_affairs"
    who = offices.at(line, "county", YUNYANG)
    last = add_working_days(due(case), DAYS[code])
    assert (there(who, code, last), there(who, code, last + timedelta(1))) == (0, 1)
    stands = [Ladder(Clocks(on)).stands(waiting(case)[0]) for on in (last, last + timedelta(1))]
    assert [rung.code if rung else "" for rung in stands] == [dict(zip(DAYS, ["", *DAYS], strict=False))[code], code]


def test_it_climbs_to_its_own_offices_alone(case: Case, offices: Offices) -> None:
    on = today()
    assert there(offices.at("civil_affairs", "county", YUNYANG), "meeting", on) == 1
    for line, level, region in (
        ("medical_security", "county", YUNYANG),
        ("human_resources", "township", "500235104000"),
        ("committee", "village", DESTINATION),
        ("civil_affairs", "county", "500154000000"),
    ):
        who = offices.at(line, level, region)
        assert [there(who, code, on) for code in DAYS] == [0] * 4, line


def test_what_may_be_done_never_climbs(village: Officer, offices: Offices, home: Household) -> None:
    """设立院落自治委员会 is 可以, however long it takes; a resident is not pressed either."""

    site = create_site(by=village, name="双江安置点", region=DESTINATION)
    early = today() - timedelta(400)
    case = open_case(
        by=village, procedure="set_up_courtyard_committee", subject=str(site.pk), applied_on=early, how="住户商量"
    )
    for action in ("住户愿意", "选出"):
        case = step_on(case, offices, action, on=early)
    assert Clocks(today()).of(waiting(case)[0]).state == "overdue"
    for line in ("civil_affairs", "government"):
        assert [there(offices.at(line, "county", YUNYANG), code, today()) for code in DAYS] == [0] * 4


def test_the_page_opens_what_3_1_and_3_3_have_for_it(case: Case, offices: Offices) -> None:
    inside = browser(offices.at("civil_affairs", "county", YUNYANG))
    page = inside.get("/cases/overdue/").content.decode()
    assert f"/cases/{case.pk}/" in page
    assert "立一件" in page
    for rung, procedure in (("lead", "press_departments"), ("supervision", "supervise"), ("meeting", "hold_meeting")):
        answers = [inside.post(f"/cases/overdue/{rung}/", {"county": YUNYANG}) for _ in range(2)]
        with everything():
            opened = Case.objects.unscoped().get(procedure=procedure)
        assert [answer.headers["Location"].split("?")[0] for answer in answers] == [f"/cases/{opened.pk}/"] * 2
    assert inside.post("/cases/overdue/lead/", {"county": "500154000000"}).status_code == 404
    other = browser(offices.at("culture", "county", YUNYANG))
    assert f"/cases/{case.pk}/" not in other.get("/cases/overdue/").content.decode()
    assert other.post("/cases/overdue/lead/", {"county": YUNYANG}).status_code == 404


def test_nothing_of_it_is_stored(case: Case) -> None:
    assert not {field.name for field in Turn._meta.fields} & {"rung", "due", "overdue"}
