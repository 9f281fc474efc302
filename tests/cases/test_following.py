"""Cases that are no longer owed: those that end by themselves say why, and the others wait for whose turn it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from anju.cases.actions import open_case
from anju.cases.models import Case, Entry, State
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import record_facts, record_wish
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.test_pages import now
from tests.desk.cast import browser
from tests.register.cast import YUNYANG, zhang


@pytest.fixture
def mover(village: Officer, home: Household, offices: Offices) -> Person:
    """张青山, who wishes his pension insurance to follow him."""
    facts: dict[str, Any] = {
        "hukou_moved": True,
        "pension_status": "contributing",
        "pension_moved": False,
        "age_at_hukou_move": 39,
    }
    person = zhang(village, home, facts=facts)
    poor = {"relocatee_kind": "registered_poor", "settlement_mode": "centralized"}
    record_facts(by=village, kind="household", subject=str(home.pk), facts=poor)
    record_wish(by=village, person=str(person.pk), kind="pension", choice="move", on=today(), how="当面")
    return person


@pytest.fixture
def case(mover: Person, village: Officer, offices: Offices) -> Case:
    case = open_case(
        by=village, procedure="transfer_pension", subject=str(mover.pk), applied_on=today(), how="本人到场"
    )
    return step_on(case, offices, "提交")


def test_a_pension_that_is_drawn_does_not_move(case: Case, mover: Person, offices: Offices) -> None:
    pensions = offices.at("human_resources", "county", YUNYANG)
    facts = {"pension_status": "drawing"}
    record_facts(by=pensions, kind="person", subject=str(mover.pk), facts=facts)
    assert (now(case).state, waiting(case)) == (State.TERMINATED, [])
    with everything():
        last = Entry.objects.unscoped().filter(case=case).order_by("-seq")[0]
    assert (last.by, last.office) == (None, "系统")
    assert f"因养老状态自 {today()} 起登记为“已领取”" in last.told.reveal()
    assert "因养老状态自" in browser(pensions).get(f"/cases/{case.pk}/").content.decode()


def test_a_wish_that_is_taken_back_ends_nothing_silently(
    case: Case, mover: Person, village: Officer, offices: Offices
) -> None:
    town = browser(offices.at("human_resources", "township", "500235104000"))
    there = f"/cases/{case.pk}/"
    assert "不再应办了" not in town.get(there).content.decode()
    kept: dict[str, Any] = {"person": str(mover.pk), "kind": "pension", "choice": "keep", "on": today(), "how": "电话"}
    record_wish(by=village, **kept)
    assert now(case).state == State.RUNNING
    page = town.get(there).content.decode()
    assert "“办理养老转移”自" in page
    assert "自愿留原地" in page
    assert "照此终止" in page
    assert "照此终止" not in browser(village).get(there).content.decode(), "it is not the village's turn"
    why = page.split('name="why" value="')[1].split('"')[0]
    assert town.post(f"{there}terminate/", {"seen": str(case.entries), "why": why}).status_code == 302
    assert now(case).state == State.TERMINATED


def test_what_was_never_owed_is_not_gone(village: Officer, person: Person, offices: Offices) -> None:
    case = open_case(
        by=village, procedure="transfer_pension", subject=str(person.pk), applied_on=today() - timedelta(9), how="到场"
    )
    assert "不再应办了" not in browser(village).get(f"/cases/{case.pk}/").content.decode()
