"""Who answers for an insurance watches it, wherever the person lives by now: with what the line needs of him, and nothing else."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import python_calamine
from django.urls import reverse

from anju.exchange import storage
from anju.exchange.models import Batch, Part
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import compare_again, follow_list, open_cases
from anju.payments.comparing import people_of
from anju.payments.models import Comparison, Insurance
from anju.register.actions import place_person
from anju.register.facts import facts_of, today
from anju.register.models import Person, Relation
from tests.desk.cast import browser
from tests.exchange.lists import found, listed, office, one_of, poor, row, taken
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk, number

WANZHOU, VILLAGE = "500101000000", "500101100001"


def social(account: str, region: str = KAIZHOU) -> Officer:
    return office(account, region, "human_resources")


@pytest.fixture
def person(db: None) -> Person:
    """Who came from 开州 and is insured there still, but moved on from 云阳 to 万州."""
    found = poor(clerk("village"), 1, pension_status="contributing", premium_paid=False)
    since = date(today().year - 1, 1, 1)
    with everything():
        Relation.objects.create(person=found, kind="pension", holder=KAIZHOU, since=since, because="recorded")
    police = clerk("police", YUNYANG, "county", "public_security")
    place_person(by=police, person=str(found.pk), origin=DESTINATION, destination=VILLAGE, because="再次搬迁")
    return found


def handed(tmp_path: Path, status: str = "未参保") -> tuple[Officer, Officer]:
    first, second = social("first"), social("second")
    taken(first, second, tmp_path, row(1, status, 代缴到账="否"), kind="pension_list", region=KAIZHOU)
    return first, second


HOLDERS = {
    "归开州": (KAIZHOU, {KAIZHOU}),
    "归开州的村": (ORIGIN, {KAIZHOU}),
    "归万州": (WANZHOU, {WANZHOU}),
    "不知道归哪里": ("", {WANZHOU}),
}


@pytest.mark.parametrize(("holder", "watch"), HOLDERS.values(), ids=HOLDERS)
def test_one_county_watches(person: Person, holder: str, watch: set[str]) -> None:
    with everything():
        Relation.objects.unscoped().filter(person=person).delete()
        if holder:
            Relation.objects.create(person=person, kind="pension", holder=holder, since=today(), because="recorded")
        counties = (KAIZHOU, YUNYANG, WANZHOU)
        assert {one for one in counties if people_of(Insurance.PENSION, one).height} == watch
        assert {one for one in counties if people_of(Insurance.MEDICAL, one).height} == {WANZHOU}, (
            "of his own insurance alone"
        )


def test_who_held_it_before_watches_no_longer(person: Person) -> None:
    with everything():
        first = Relation.objects.unscoped().get(person=person, kind="pension")
        Relation.objects.create(
            person=person, kind="pension", holder=VILLAGE, since=today(), because="moved", after=first.since
        )
        assert people_of(Insurance.PENSION, KAIZHOU).is_empty()
        assert people_of(Insurance.PENSION, WANZHOU).height == 1


def test_the_holder_finds_him_on_its_list_and_when_it_compares_again(person: Person, tmp_path: Path) -> None:
    first, _ = handed(tmp_path)
    here = {("uninsured", "张青山"), ("differs", "张青山")}
    assert here <= found(KAIZHOU, insurance="pension")
    assert ("stranger", "") not in found(KAIZHOU, insurance="pension")
    compare_again(by=first, comparison=Comparison.objects.get().pk)
    assert here <= found(KAIZHOU, insurance="pension")


def notes(batch: Batch) -> str:
    with everything():
        return str(storage.whole(batch, Part.ROWS, "insured")["@notes"].to_list())


def test_the_import_says_what_becomes_of_the_row(person: Person, tmp_path: Path) -> None:
    batch = listed(social("first"), tmp_path, row(1, "缴费中"), kind="pension_list", region=KAIZHOU)
    assert "保险归这里" in notes(batch)
    batch = listed(office("second", KAIZHOU), tmp_path, row(1), region=KAIZHOU)
    assert "名单有、台账没有" in notes(batch), "of the other insurance another county's"


def page(mine: Browser, county: str = KAIZHOU) -> str:
    return mine.get(reverse("comparisons:comparisons"), {"insurance": "pension", "county": county}).content.decode()


def test_the_holder_sees_the_insurance_and_no_more(person: Person, tmp_path: Path) -> None:
    mine = browser(handed(tmp_path)[0])
    shown = page(mine)
    for text in ("张青山", "500*", "未参保", "住在别处"):
        assert text in shown, text
    for text in (number(1), reverse("register:person", args=[person.pk]), "按名单登记</button>", "万州"):
        assert text not in shown, text
    assert mine.get(reverse("register:person", args=[person.pk])).status_code == 404
    answer = mine.get(reverse("comparisons:list", args=[Comparison.objects.get().pk]))
    sheet = python_calamine.CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_name("应参未参")
    name, masked = sheet.to_python()[1][2:4]
    assert (name, str(masked)[:4]) == ("张青山", "500*")
    assert "张青山" not in page(browser(office("medical", KAIZHOU))), "another line"
    assert "张青山" not in page(browser(social("elsewhere", "500236000000"))), "another county"
    there = page(browser(social("there", WANZHOU)))
    assert "张青山" in there
    assert reverse("register:person", args=[person.pk]) in there, "where he lives he is more than a name"
    assert "住在别处" not in there


def test_where_he_lives_the_list_is_followed(person: Person, tmp_path: Path) -> None:
    first, _ = handed(tmp_path)
    key = one_of("differs").pk
    assert "住在别处" in follow_list(by=first, findings=[key])[key]
    assert "住在别处" in open_cases(by=first, findings=[key])[key]
    assert facts_of("person", str(person.pk), on=today())["pension_status"] == "contributing"
    assert follow_list(by=social("there", WANZHOU), findings=[key]) == {key: ""}
    assert facts_of("person", str(person.pk), on=today())["pension_status"] == "uninsured"
    assert ("differs", "张青山") not in found(KAIZHOU, insurance="pension")
