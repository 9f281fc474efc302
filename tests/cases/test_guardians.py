"""Who applies for membership: whoever is of age himself, for a child a guardian, who is named (1.3-2); both sides of the birthday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest

from anju.calendar.periods import add_years
from anju.cases.actions import open_case, take_step
from anju.cases.clocks import Clocks
from anju.cases.fields import Value
from anju.cases.letters import Asked, Known, content_of, letters_of
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.cases.queries.one import Shown, shown
from anju.cases.together import known_of
from anju.documents.offices import Office
from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, zhang

pytestmark = pytest.mark.django_db
HIMSELF, GUARDIAN = "本人提交", "监护人代未成年人提交"
PAPERS: Mapping[str, Value] = {"申请书原件": True, "户口簿": True}
NAMED: Mapping[str, Value] = {**PAPERS, "监护人": "张青山", "监护关系": "父亲"}


def of_age() -> date:
    """The birthday of whoever is eighteen today."""
    return add_years(today(), -18)


@pytest.fixture
def by(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def family(village: Officer, home: Household) -> tuple[Person, Person, Person]:
    """A father, who is the head, a daughter and a younger son."""
    father = zhang(village, home, relation="户主")
    children = [zhang(village, home, name=f"张小{n}", order=n + 20, relation="子女") for n in (1, 2)]
    for child in children:
        fit(str(child.pk), "confirm_membership")
    return father, born(children[0], of_age() + timedelta(1)), born(children[1], of_age() + timedelta(400))


def born(person: Person, on: date | None) -> Person:
    with everything():
        Person.objects.unscoped().filter(pk=person.pk).update(birth_date=on)
    person.birth_date = on
    return person


def applied(by: Officer, person: Person) -> Case:
    return open_case(
        by=by, procedure="confirm_membership", subject=str(person.pk), applied_on=today(), how="来村里申请"
    )


def submitted(by: Officer, case: Case, action: str, fields: Mapping[str, Value]) -> Case:
    return take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields)


def asked(by: Officer, case: Case) -> tuple[Shown, Mapping[str, Value]]:
    """What the step asks for, and what stands in its form."""
    who = Asking(by, visible_regions(by, today()), today())
    known = shown(by, who.scopes, case, Clocks(today()))
    return known, known_of(known, who)


BIRTHDAYS = {
    "生日当天": (0, HIMSELF),
    "生日前一天": (1, GUARDIAN),
    "生日第二天": (-1, HIMSELF),
    "刚会走路": (6000, GUARDIAN),
}


@pytest.mark.parametrize(("days", "way"), BIRTHDAYS.values(), ids=BIRTHDAYS)
def test_from_the_eighteenth_birthday_on_one_applies_oneself(
    days: int, way: str, by: Officer, family: tuple[Person, Person, Person]
) -> None:
    case = applied(by, born(family[1], of_age() + timedelta(days)))
    other = GUARDIAN if way == HIMSELF else HIMSELF
    with pytest.raises(Refused, match=rf"“成员申请人”是“{'本人' if way == HIMSELF else '监护人'}”.*不能办“{other}”"):
        submitted(by, case, other, NAMED)
    names = [field.name for field in asked(by, case)[0].typed]
    assert ("监护人" in names, "监护关系" in names) == (way == GUARDIAN, way == GUARDIAN)
    assert submitted(by, case, way, PAPERS if way == HIMSELF else NAMED).step == 2


def test_whose_birthday_nobody_knows_waits_for_it(by: Officer, family: tuple[Person, Person, Person]) -> None:
    case = applied(by, born(family[1], None))
    for way in (HIMSELF, GUARDIAN):
        with pytest.raises(Refused, match=r"缺.*年龄"):
            submitted(by, case, way, NAMED)


def test_the_guardian_is_named_and_of_age(by: Officer, family: tuple[Person, Person, Person]) -> None:
    father, child, younger = family
    case = applied(by, child)
    with pytest.raises(Refused, match="还没有填：监护人、监护关系"):
        submitted(by, case, GUARDIAN, PAPERS)
    for minor in (child, younger):
        with pytest.raises(Refused, match=f"{minor.name}还没有成年，不能当监护人"):
            submitted(by, case, GUARDIAN, {**NAMED, "监护人": minor.name})
    assert asked(by, case)[1]["监护人"] == father.name
    assert submitted(by, case, GUARDIAN, {**NAMED, "监护人": "外公李大山", "监护关系": "外祖父"}).step == 2


FIRST = {
    "户主先": ("户主", "配偶", "张青山"),
    "户主没有成年": ("子女", "配偶", "李碧水"),
    "只有长辈": ("父母", "", "张青山"),
}


@pytest.mark.parametrize(("one", "two", "name"), FIRST.values(), ids=FIRST)
def test_who_of_the_household_stands_in_the_form(
    one: str, two: str, name: str, by: Officer, village: Officer, home: Household
) -> None:
    zhang(village, home, relation=one)
    if two:
        zhang(village, home, name="李碧水", order=30, relation=two)
    child = born(zhang(village, home, name="张小1", order=21, relation="孙子女"), of_age() + timedelta(9))
    assert asked(by, applied(by, child))[1]["监护人"] == name


def test_a_child_alone_in_the_register_has_no_name_in_the_form(by: Officer, village: Officer) -> None:
    child = born(zhang(village, None, name="张小1", order=21), of_age() + timedelta(9))
    assert "监护人" not in asked(by, applied(by, child))[1]


def test_the_application_says_who_and_is_signed_by_the_guardian(
    by: Officer, family: tuple[Person, Person, Person]
) -> None:
    for person, fields, signer in ((family[1], NAMED, "监护人"), (family[0], PAPERS, "申请人")):
        case = applied(by, person)
        running = Running.of(case)
        (letter,) = letters_of(running, running.step(1))
        office = Office("collective", "village", DESTINATION)
        wanted = Asked(letter, running, running.step(1), office, [Known(case, {})], fields)
        told = content_of(by, wanted, today())
        facts = dict(told.facts)
        assert (told.signers[0], facts.get("监护人"), facts.get("监护关系")) == (
            signer,
            fields.get("监护人"),
            fields.get("监护关系"),
        )


def test_the_page_asks_for_the_guardian_of_a_child_alone(by: Officer, family: tuple[Person, Person, Person]) -> None:
    inside = browser(by)
    for person, there in ((family[1], True), (family[0], False)):
        page = inside.get(f"/cases/{applied(by, person).pk}/").content.decode()
        assert ('name="f-监护人"' in page, 'name="f-监护关系"' in page) == (there, there)


def test_who_comes_of_age_meanwhile_goes_on(
    by: Officer, family: tuple[Person, Person, Person], offices: Offices
) -> None:
    case = submitted(by, applied(by, family[1]), GUARDIAN, NAMED)
    born(family[1], of_age())
    case = step_on(case, offices, "受理")
    assert (case.step, step_on(case, offices, "身份属实").step) == (3, 4)
