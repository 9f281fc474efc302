"""Whether a case fits is said on the page that opens it, as far as the guideline would answer by what is known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pytest

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import create_person
from anju.register.actions.by_case import put_facts
from anju.register.models import Household, Person
from tests.cases.cast import Offices
from tests.cases.fitting import fit
from tests.cases.test_pages import PENSION
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, number

pytestmark = pytest.mark.django_db


OFFERED = {
    "办得了": ({}, "按台账现在办得了"),
    "已经在领，不转": ({"pension_status": "drawing"}, "按台账现在还不能办：.*留原参保地"),
    "户口迁没迁不知道": ({"hukou_moved": None}, "能不能办还定不下来，台账里还缺：.*户籍已迁入"),
}


@pytest.mark.parametrize(("facts", "says"), OFFERED.values(), ids=OFFERED)
def test_before_a_case_is_opened_its_page_says_whether_it_fits(
    facts: dict[str, Fact | None], says: str, village: Officer, person: Person
) -> None:
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts=facts)
    page = browser(village).get(f"/cases/new/{PENSION}/{person.pk}/").content.decode()
    assert re.search(f'{says}.*<form method="post"', page, re.S), page
    assert page.count("按台账现在办得了") == (not facts)


MEMBER: Mapping[str, Fact | None] = {"membership_moved": False, "destination_collective": True, "hukou_moved": True}
BORN = {"成年人": date(1980, 5, 6), "孩子": date(2018, 1, 1)}


@pytest.mark.parametrize("born", BORN.values(), ids=BORN)
def test_of_what_only_the_case_can_know_nothing_is_missing(
    born: date, village: Officer, home: Household, offices: Offices
) -> None:
    who = create_person(by=village, name="王春生", number=number(3, born), household=home, relation="之子")
    with everything():
        put_facts(kind="person", subject=str(who.pk), facts={**MEMBER})
    fit(str(who.pk), "confirm_membership")
    by = offices.at("collective", "village", DESTINATION)
    page = browser(by).get(f"/cases/new/confirm_membership/{who.pk}/").content.decode()
    assert "按台账现在办得了" in page, re.findall(r'<p class="tone.*', page)
