"""The family Zhang as the desk shows it, and browsers of the officers who look after it, and of a stranger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.government.models import Officer
from anju.register.actions import create_site, record_facts, record_wish
from anju.register.models import Household, Person, Site
from tests.government.pages.officer import Browser, code, with_app
from tests.register.cast import DESTINATION, ELSEWHERE, clerk, household, zhang

MISSING = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Family:
    """Three people in a household at a site."""

    officer: Officer
    home: Household
    site: Site
    person: Person
    spouse: Person
    son: Person


def browser(who: Officer) -> Browser:
    """The officer has come in."""
    who.set_unusable_password()
    who.save()
    inside = Browser()
    inside.force_login(with_app(who))
    return inside


def family() -> Family:
    """What the village has registered."""
    village = clerk("village")
    site = create_site(by=village, name="青龙安置点", region=DESTINATION)
    home = household(village)
    Household.objects.unscoped().update(site=site)
    facts: dict[str, Any] = {
        "hukou_moved": True,
        "hukou_moved_on": date(2021, 5, 1),
        "pension_status": "contributing",
        "pension_moved": False,
        "party_member": True,
        "party_moved": False,
        "rural_house": True,
    }
    person = zhang(village, home, facts=facts)
    spouse = zhang(village, home, name="李碧水", order=2, relation="配偶")
    son = zhang(village, home, name="张长河", order=3, relation="之子")
    record_facts(
        by=village,
        kind="household",
        subject=str(home.pk),
        facts={"relocatee_kind": "registered_poor", "settlement_mode": "centralized"},
    )
    record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=date(2026, 2, 1), how="当面")
    return Family(village, home, site, person, spouse, son)


def again(who: Browser) -> Browser:
    """The officer has just given the second factor again."""
    assert who.post("/account/confirm/", {"code": code()}).status_code == 302
    return who


def stranger() -> Browser:
    """An officer of a third county."""
    return browser(clerk("stranger", ELSEWHERE, "county", "civil_affairs"))


def line(name: str, region: str = "500235000000", level: str = "county") -> Officer:
    """An officer of one line at the destination's county."""
    return clerk(name.replace("_", "-")[:30], region, level, name)
