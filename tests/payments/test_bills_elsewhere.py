"""After a second move a county may insure somebody who neither came from it nor lives in it: it settles, pays and knows whom."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
import python_calamine
from django.urls import reverse

from anju.duties.evaluate import look_again
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve, draw_up, settle_bill, work_out
from anju.payments.actions.slip import draft_slip
from anju.register.actions import place_person
from anju.register.facts import today
from anju.register.models import Person, Relation
from anju.register.queries.insured import insured_here
from tests.desk.cast import browser as signed_in
from tests.payments.bills import BILL, insured, medical, of_year
from tests.payments.test_premiums import contributor, social
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk, number

WANZHOU = "500101100001"


def moved_on(person: Person, kind: str) -> Person:
    """开州 has held the insurance for long; the person has gone on from 云阳 to 万州."""
    with everything():
        Relation.objects.unscoped().filter(person=person, kind=kind).delete()
        Relation.objects.create(person=person, kind=kind, holder=ORIGIN, since=date(2020, 1, 1), because="recorded")
    police = clerk("police", YUNYANG, "county", "public_security")
    place_person(by=police, person=str(person.pk), origin=DESTINATION, destination=WANZHOU, because="再次搬迁")
    look_again("person", [str(person.pk)])
    return person


@pytest.fixture
def patient(village: Officer) -> Person:
    return moved_on(insured(village), "medical")


@pytest.fixture
def payer(village: Officer) -> Person:
    return moved_on(contributor(village), "pension")


STRANGERS = {
    "迁出地的医保": (YUNYANG, "county", "medical_security", "不在您的范围里"),
    "迁入地的医保": (f"{WANZHOU[:6]}000000", "county", "medical_security", "不在您的范围里"),
    "别的区县的医保": ("500236000000", "county", "medical_security", "没有这一条"),
    "参保地的人社": (KAIZHOU, "county", "human_resources", "没有这一条"),
    "参保地的民政": (KAIZHOU, "county", "civil_affairs", "没有这一条"),
    "参保地乡镇的医保": (f"{ORIGIN[:9]}000", "township", "medical_security", "没有这一条"),
}


def test_who_holds_the_insurance_settles(patient: Person) -> None:
    officer = medical("kaizhou", KAIZHOU)
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    assert (row.insured, len(of_year(patient))) == (KAIZHOU, 1)
    assert draft_slip(by=officer, settlement=row.pk).pk is not None


@pytest.mark.parametrize(("region", "level", "line", "sentence"), STRANGERS.values(), ids=STRANGERS)
def test_nobody_else_settles(patient: Person, region: str, level: str, line: str, sentence: str) -> None:
    stranger = clerk("stranger", region, level, line)
    for deed in (work_out, settle_bill):
        with pytest.raises(Refused, match=sentence):
            deed(by=stranger, person=patient.pk, charged=BILL)
    assert not of_year(patient)


def test_the_insurer_s_pages_say_who_it_is_and_no_more(patient: Person) -> None:
    browser, form = signed_in(medical("kaizhou", KAIZHOU)), reverse("settlements:new", args=[patient.pk])
    assert "张青山" in browser.get(reverse("settlements:settlements")).content.decode()
    page = browser.get(form).content.decode()
    file = reverse("register:person", args=[patient.pk])
    assert ("张青山" in page, "500***" in page, number(1) in page, file in page) == (True, True, False, False)
    assert browser.get(file).status_code == 404
    row = settle_bill(by=medical("kaizhou2", KAIZHOU), person=patient.pk, charged=BILL)
    told = browser.get(reverse("settlements:one", args=[row.pk])).content.decode()
    assert ("张青山" in told, file in told) == (True, False)


@pytest.mark.parametrize(("region", "level", "line", "sentence"), list(STRANGERS.values())[2:], ids=list(STRANGERS)[2:])
def test_for_strangers_the_form_is_not_there(
    patient: Person, region: str, level: str, line: str, sentence: str
) -> None:
    stranger = signed_in(clerk("stranger", region, level, line))
    assert stranger.get(reverse("settlements:new", args=[patient.pk])).status_code == 404
    assert "张青山" not in stranger.get(reverse("settlements:settlements")).content.decode()


@pytest.mark.parametrize(
    ("region", "line", "on", "known"),
    [
        (KAIZHOU, "medical_security", today(), True),
        (KAIZHOU, "medical_security", date(2019, 12, 31), False),
        (KAIZHOU, "human_resources", today(), False),
        (YUNYANG, "medical_security", today(), False),
    ],
    ids=["参保地", "参保以前", "别的条线", "别的区县"],
)
def test_whom_a_county_insures(patient: Person, region: str, line: str, on: date, known: bool) -> None:
    officer, key = clerk("one", region, "county", line), str(patient.pk)
    assert (list(insured_here(officer, [key, "x"], on)) == [key]) is known


def test_whom_it_insured_until_another_place_took_over_it_knows_no_more(patient: Person) -> None:
    officer, key = medical("kaizhou", KAIZHOU), str(patient.pk)
    with everything():
        Relation.objects.create(
            person=patient, kind="medical", holder=WANZHOU, since=today(), after=date(2020, 1, 1), because="moved"
        )
    assert not insured_here(officer, [key], today())
    with everything():
        Relation.objects.unscoped().filter(person=patient, kind="medical", holder=WANZHOU).delete()
        Relation.objects.create(person=patient, kind="medical", since=today(), after=date(2020, 1, 1), because="status")
    assert insured_here(officer, [key], today()), "nobody else insures: bills of before are still its own"


def test_a_premium_is_paid_by_name(payer: Person) -> None:
    first, second = social("first", KAIZHOU), social("second", KAIZHOU)
    batch = draw_up(by=first, scheme="pension", county=KAIZHOU)
    browser, file = signed_in(first), reverse("register:person", args=[payer.pk])
    page = browser.get(reverse("premiums:batch", args=[batch.pk])).content.decode()
    assert ("张青山" in page, file in page) == (True, False)
    taken = browser.get(reverse("premiums:list", args=[batch.pk])).content
    (row,) = python_calamine.CalamineWorkbook.from_filelike(BytesIO(taken)).get_sheet_by_index(0).to_python()[1:]
    assert (row[1], str(row[2])[:6], row[2] == number(1)) == ("张青山", "500***", False)
    assert approve(by=second, batch=batch.pk).left_out == []


@pytest.mark.parametrize("line", ["medical_security", "civil_affairs"], ids=["医保", "民政"])
def test_a_premium_is_no_other_line_s(payer: Person, line: str) -> None:
    batch = draw_up(by=social("first", KAIZHOU), scheme="pension", county=KAIZHOU)
    stranger = signed_in(clerk("stranger", KAIZHOU, "county", line))
    assert stranger.get(reverse("premiums:batch", args=[batch.pk])).status_code == 404
    assert "张青山" not in stranger.get(reverse("premiums:premiums")).content.decode()


DESKS = {
    "参保地的医保": ("medical", KAIZHOU, "county", "medical_security", True),
    "参保地的人社": ("medical", KAIZHOU, "county", "human_resources", False),
    "参保地的人社，养老": ("pension", KAIZHOU, "county", "human_resources", True),
    "参保地的医保，养老": ("pension", KAIZHOU, "county", "medical_security", False),
}


@pytest.mark.parametrize(("kind", "region", "level", "line", "named"), DESKS.values(), ids=DESKS)
def test_what_the_insurer_owes_stands_on_its_desk_by_name_and_leads_to_where_it_is_done(
    village: Officer, kind: str, region: str, level: str, line: str, named: bool
) -> None:
    person = moved_on(insured(village) if kind == "medical" else contributor(village), kind)
    browser = signed_in(clerk("one", region, level, line))
    page = browser.get(reverse("desk:desk")).content.decode()
    way = {
        "medical": reverse("settlements:new", args=[person.pk]),
        "pension": f"{reverse('premiums:premiums')}#pension-{KAIZHOU}-{today().year}",
    }[kind]
    assert ("张青山" in page, f'href="{way}"' in page) == (named, named)
    assert reverse("register:person", args=[person.pk]) not in page
    if named:
        assert browser.get(way).status_code == 200
