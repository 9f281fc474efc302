"""The own page: what is about the resident, in plain words and with numbers masked; and nothing about anybody else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from anju.cases.actions import open_case, take_step, withdraw
from anju.documents.actions import Kind, draft, issue
from anju.documents.content import Content
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.government.models import Officer
from anju.government.scoped import ScopeMissing
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.chain import elsewhere
from anju.payments.models import Amount, Month, Payer
from anju.payments.months import month_of
from anju.register.facts import today
from anju.register.models import Household, Person, Relation, Site, Wish
from tests.portal.cast import as_resident, at_home
from tests.register.cast import ORIGIN, YUNYANG, clerk, household, number, zhang

pytestmark = pytest.mark.django_db
MISSING = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def person(village: Officer) -> Person:
    home = household(village)
    found = zhang(village, home, facts={"pension_status": "contributing", "relocatee_kind": "registered_poor"})
    zhang(village, home, name="李碧水", order=2, relation="配偶", facts={"party_member": True})
    with everything():
        Relation.objects.create(
            person=found,
            kind="pension",
            holder=ORIGIN,
            since=date(2012, 7, 1),
            because="enrolled",
            place_name="老家社保所",
        )
        Wish.objects.create(person=found, kind="pension", choice="keep", on=date(2024, 5, 6), how="当面")
    return found


def page(of: Person, address: str = "/my/") -> str:
    return at_home(of).get(address).content.decode()


def test_it_tells_where_a_relation_is_since_when_and_why_by_which_clause(person: Person) -> None:
    told = page(person)
    for words in (
        "养老",
        "开州区",
        "老家社保所",
        "从 2012-07-01 起",
        "户籍未迁" if "户籍未迁" in told else "还缺",
        "1.5",
    ):
        assert words in told, words
    assert 'href="/guideline/1.5/#pension_route"' in told
    assert "养老意愿：留原地" in told
    assert "2024-05-06" in told


def test_numbers_are_masked_and_nobody_else_of_the_household_is_told(person: Person) -> None:
    told = page(person)
    assert number(1) not in told
    assert "500***********" in told
    assert "李碧水" not in told


@pytest.mark.parametrize(("member", "shown"), [(None, False), (True, True)], ids=["没有登记是党员", "是党员"])
def test_the_party_is_told_to_members_alone(village: Officer, member: bool | None, *, shown: bool) -> None:
    found = zhang(village, household(village), facts={"party_member": member} if member else {})
    assert ('lang="zh-Hans">党组织</h3>' in page(found)) is shown


def test_it_says_whose_turn_a_case_is_and_what_the_office_said(village: Officer, person: Person) -> None:
    case = open_case(
        by=village, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场"
    )
    assert "轮到您" in page(person)
    case = take_step(
        by=village, case=case.pk, seen=1, action="提交", fields={"户口迁移证明或新户口簿": True}, on=today()
    )
    told = page(person)
    assert "轮到您" not in told
    assert "云阳县" in told
    assert "人社" in told
    withdraw(by=village, case=case.pk, seen=case.entries, how="本人说先不办")
    told = page(person)
    assert "没有正在办的事" in told
    assert "本人说先不办" in told


def test_months_are_told_with_what_was_paid(person: Person) -> None:
    month = month_of(today())
    with everything():
        Payer.objects.create(person=person, kind="dibao", payer=f"{ORIGIN[:9]}000", since=month, because="机密原因")
        for amount, sort, reason in ((420, "paid", ""), (20, "recovered", "多发了")):
            row = Amount(person=person, kind="dibao", month=month, payer=f"{ORIGIN[:9]}000", on=today(), reason=reason)
            row.sort, row.amount = sort, Decimal(amount)
            row.save()
        Month.objects.create(person=person, kind="dibao", month=month, payer=f"{ORIGIN[:9]}000", state="paid")
    told = page(person)
    assert "400.00" in told
    assert "机密原因" not in told


def test_a_month_that_another_province_pays_is_not_told_as_held_back(person: Person) -> None:
    month, there = month_of(today()), "510100000000"
    with everything():
        Payer.objects.create(person=person, kind="dibao", payer=there, since=month, because="迁出")
        Month.objects.create(
            person=person, kind="dibao", month=month, payer=there, state="held", reason=elsewhere, confirmed_at=timezone.now()
        )  # fmt: skip
    told = page(person)
    assert ("由外省发放" in told, "缓发" in told) == (True, False)


LETTERS: dict[str, tuple[str, str, bool, bool]] = {
    "给本人的告知": ("告知", "person", True, True),
    "没有签发": ("告知", "person", False, False),
    "单位之间的回执": ("回执", "person", True, False),
    "也说到别人": ("告知", "both", True, False),
    "说的是别人": ("告知", "other", True, False),
}


@pytest.mark.parametrize(("form", "about", "issued", "shown"), LETTERS.values(), ids=LETTERS)
def test_a_letter_is_shown_to_whom_alone_it_is_given(
    village: Officer, person: Person, form: str, about: str, *, issued: bool, shown: bool
) -> None:
    other = Person.objects.unscoped().get(name="李碧水")
    matters = {"person": [person], "other": [other], "both": [person, other]}[about]
    county = clerk("police", YUNYANG, "county", "public_security")
    letter = letter_about(county, form, matters, issued=issued)
    told, browser = page(person), at_home(person)
    answer = browser.get(f"/my/letters/{letter.pk}/")
    assert ("落户办结告知单" in told) is shown
    assert answer.status_code == (200 if shown else 404)
    if shown:
        assert "请核对" in answer.content.decode()
        assert number(1) not in answer.content.decode()
        assert Entry.objects.filter(action="portal.look", object_kind="letter", object_id=str(letter.pk)).exists()
    else:
        missing = browser.get(f"/my/letters/{MISSING}/").content.decode()
        assert answer.content.decode().replace(str(letter.pk), "") == missing.replace(MISSING, "")


def letter_about(by: Officer, form: str, about: list[Person], *, issued: bool) -> Letter:
    letter = draft(
        by=by,
        office=Office("public_security", "county", YUNYANG),
        kind=Kind("hukou_moved_notice", "落户办结告知单", form, "1.1"),
        content=Content("告知单", text="请核对。", facts=[("身份证件号码", {"id": number(1)})]),
        matters=[("person", str(person.pk)) for person in about],
    )
    return issue(by=by, letter=letter.pk, seen=letter.revision) if issued else letter


def test_a_stranger_sees_nothing_of_it(village: Officer, person: Person) -> None:
    stranger = zhang(village, None, name="王外人", order=3)
    told = page(stranger)
    for words in ("张青山", "老家社保所", "当面", "400.00"):
        assert words not in told


@pytest.mark.parametrize("model", [Household, Site], ids=["户", "安置点"])
def test_a_table_that_does_not_say_so_has_nothing_for_residents(person: Person, model: type[Household | Site]) -> None:
    with pytest.raises(ScopeMissing):
        model.objects.visible_to(as_resident(person), purpose="本人查看").count()


def test_the_page_is_there_in_english_too(person: Person) -> None:
    browser = at_home(person)
    browser.get("/language/en/?next=/my/")
    assert "My seven relations" in browser.get("/my/").content.decode()
