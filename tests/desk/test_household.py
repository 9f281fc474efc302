"""一户一档 and its forms: who is shown, who joins, what is refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.utils import timezone

from anju.duties.actions import set_county_value
from anju.journal.models import Entry
from anju.register.actions import record_facts
from anju.register.models import Household, Membership, Person
from tests.desk.cast import Family, again, browser
from tests.desk.test_person_forms import sentences
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, clerk, household, number, zhang

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def test_a_household_shows_its_people_and_where_it_is(us: Family, village: Browser) -> None:
    page = village.get(f"/households/{us.home.pk}/").content.decode()
    people = page[page.index("家里人") : page.index('id="clauses"')]
    assert re.findall(r'<th scope="row"><a href="/people/[^"]+">([^<]+)</a>', people) == ["张青山", "李碧水", "张长河"]
    assert "青龙安置点" in page
    assert "建档立卡" in page
    assert Entry.objects.get(action="register.look").object_id == str(us.home.pk)


def test_a_new_household_is_registered_with_its_site_and_address(us: Family, village: Browser) -> None:
    given = {
        "code": "88",
        "origin": ORIGIN,
        "destination": DESTINATION,
        "site": str(us.site.pk),
        "address": "双龙镇六合村3组12号",
    }
    answer = village.post("/households/new/", given)
    made = Household.objects.unscoped().get(code="88")
    assert answer.headers["Location"] == f"/households/{made.pk}/?saved=new"
    page = village.get(answer.headers["Location"]).content.decode()
    assert "双龙镇六合村***" in page
    assert "12号" not in page
    shown = again(village).post(f"/households/{made.pk}/reveal/", {"purpose": "上门"})
    assert "双龙镇六合村3组12号" in shown.content.decode()
    assert "写明用途" in village.post(f"/households/{made.pk}/reveal/", {"purpose": ""}).content.decode()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"code": "5000000000000001"}, "这个户编号已经有一户用了"),
        ({"code": ""}, "必填"),
        ({"origin": "", "destination": ""}, "至少要填一个"),
        ({"origin": "500236000000", "destination": "500236000000"}, "不在您的范围里"),
        ({"destination": "双龙"}, "“"),
        ({"site": "00000000-0000-7000-8000-000000000000"}, "选"),
    ],
    ids=["户编号用过", "没有户编号", "没有地点", "别处的户", "说不清的地方", "没有的点"],
)
def test_a_household_that_cannot_be_is_refused_with_what_was_given(
    us: Family, village: Browser, given: dict[str, str], sentence: str
) -> None:
    whole = {"code": "88", "origin": ORIGIN, "destination": DESTINATION, "site": "", "address": "六组", **given}
    whole = {"code": "88", "origin": ORIGIN, "destination": DESTINATION, "site": "", "address": "六组", **given}
    answer = village.post("/households/new/", whole)
    assert any(sentence in said for said in sentences(answer))
    assert 'value="六组"' in answer.content.decode()
    assert Household.objects.unscoped().count() == 1


def test_a_new_person_takes_the_places_of_the_household(us: Family, village: Browser) -> None:
    address = f"/households/{us.home.pk}/people/new/"
    assert DESTINATION in village.get(address).content.decode()
    given = {"name": "张小河", "number": number(5), "relation": "之孙", "origin": ORIGIN, "destination": DESTINATION}
    answer = village.post(address, given)
    made = Person.objects.unscoped().get(name="张小河")
    assert answer.headers["Location"] == f"/people/{made.pk}/?saved=new"
    assert Membership.objects.unscoped().get(person=made).relation == "之孙"
    second = village.post(address, {**given, "name": "张重复"})
    assert any("不能登记两次" in said for said in sentences(second))
    head = village.post(address, {**given, "name": "张二", "number": "", "relation": "户主"})
    assert any("已经有户主" in said for said in sentences(head))


def test_a_person_without_a_household(us: Family, village: Browser) -> None:
    given = {"name": "王独", "origin": "", "destination": DESTINATION}
    assert village.post("/people/new/", given).status_code == 302
    assert not Membership.objects.unscoped().filter(person__name="王独").exists()


def test_somebody_registered_joins_by_the_number(us: Family, village: Browser) -> None:
    alone = zhang(us.officer, name="张长江", order=9)
    address = f"/households/{us.home.pk}/join/"
    given = {"number": number(9), "relation": "兄弟", "since": "2026-01-01"}
    assert sentences(village.post(address, {**given, "number": number(8)})) == ["没有这一条，或者不在您的范围里。"]
    assert village.post(address, given).status_code == 302
    assert Membership.objects.unscoped().get(person=alone).household_id == us.home.pk
    assert any("已经在一户里" in said for said in sentences(village.post(address, given)))


def test_a_household_is_placed_with_its_people(us: Family, village: Browser) -> None:
    given = {"origin": "500154000000", "destination": DESTINATION, "site": "", "because": "查到了"}
    assert village.post(f"/households/{us.home.pk}/places/", given).status_code == 302
    assert set(Person.objects.unscoped().values_list("origin", flat=True)) == {"500154000000"}
    assert Household.objects.unscoped().get(pk=us.home.pk).site is None


def test_facts_of_a_household_are_recorded(us: Family, village: Browser) -> None:
    address = f"/households/{us.home.pk}/facts/0/"
    revision = Household.objects.unscoped().get(pk=us.home.pk).revision
    given = {"relocatee_kind": "concurrent", "settlement_mode": "centralized", "revision": str(revision)}
    assert village.post(address, given).status_code == 302
    assert Household.objects.unscoped().get(pk=us.home.pk).facts["relocatee_kind"] == "concurrent"


def test_a_special_value_stands_beside_the_numbers(us: Family) -> None:
    support = browser(clerk("support", DESTINATION, "village", "rural_revitalisation"))
    address = f"/households/{us.home.pk}/facts/2.5/"
    revision = str(Household.objects.unscoped().get(pk=us.home.pk).revision)
    both = {"days_since_visit": "3", "days_since_visit.special": "never", "revision": revision}
    assert sentences(support.post(address, both)) == ["填了数就不选这一项。"]
    assert support.post(address, {**both, "days_since_visit": ""}).status_code == 302
    assert Household.objects.unscoped().get(pk=us.home.pk).facts["days_since_visit.never"] is True
    form = support.get(address).content.decode()
    assert '<option value="never" selected>' in form
    number_again = {"days_since_visit": "3", "days_since_visit.special": "", "revision": str(int(revision) + 1)}
    assert support.post(address, number_again).status_code == 302
    facts = Household.objects.unscoped().get(pk=us.home.pk).facts
    assert (facts["days_since_visit"], "days_since_visit.never" in facts) == (3, False)


def test_what_a_county_has_set_holds_on_its_pages(us: Family) -> None:
    boss = clerk("boss", YUNYANG, "county", "rural_revitalisation")
    record_facts(
        by=boss, kind="household", subject=str(us.home.pk), facts={"days_since_visit": 25, "paired_officers": 1}
    )
    window = browser(boss)
    assert "入户走访" not in window.get(f"/households/{us.home.pk}/").content.decode()
    set_county_value(
        by=boss, county=YUNYANG, parameter="走访间隔", value=Decimal(20), since=TODAY, basis="云乡振〔2026〕1号"
    )
    assert "入户走访" in window.get(f"/households/{us.home.pk}/").content.decode()


def test_nobody_of_another_household_is_shown(us: Family, village: Browser) -> None:
    other = household(us.officer, code="5000000000000002")
    zhang(us.officer, other, name="王外人", order=11)
    assert "王外人" not in village.get(f"/households/{us.home.pk}/").content.decode()
