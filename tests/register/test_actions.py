"""Registering people, households, facts, relations and wishes: what is kept, what is refused, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.register.actions import (
    change_person,
    create_person,
    create_site,
    join_household,
    leave_household,
    move_relation,
    place_household,
    record_facts,
    record_wish,
    reveal,
    withdraw_relation,
)
from anju.register.facts import facts_of
from anju.register.models import CountyFacts, Former, Household, Membership, Person, Relation, Wish
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, household, number, zhang

TODAY = timezone.localdate()


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def stranger(db: None) -> Officer:
    return clerk("stranger", ELSEWHERE, "county", "civil_affairs")


def facts(person: Person, on: date = TODAY, **kwargs: Any) -> dict[str, Any]:
    return dict(facts_of("person", str(person.pk), on=on, **kwargs))


def test_a_person_is_registered_sealed_and_found_again(village: Officer) -> None:
    person = zhang(village, household(village))
    stored = Person.objects.visible_to(village, purpose="核对").get(pk=person.pk)
    assert stored.number.reveal() == number(1)
    assert (stored.birth_date, stored.sex, stored.initials, stored.pinyin) == (
        date(1980, 5, 6),
        "男",
        "zqs",
        "zhang qing shan",
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM register_person")
        assert number(1).encode() not in bytes(cursor.fetchone()[0])
    assert Entry.objects.filter(action="register.create_person", object_id=str(person.pk)).count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"number": "500999198005060011"}, "证件号码不对"),
        ({"number": "12345"}, "证件号码不对"),
        ({"origin": "12345", "destination": ""}, "不是统计用区划代码"),
        ({"origin": "", "destination": ""}, "不在您的范围里"),
        ({"origin": ELSEWHERE, "destination": ELSEWHERE}, "不在您的范围里"),
        ({"name": ""}, "不能为空"),
        ({"sex": "1"}, "性别写"),
    ],
    ids=["校验码不对", "位数不对", "代码不对", "没有地点", "别处的人", "没有姓名", "性别是数字"],
)
def test_what_cannot_be_is_refused_in_a_sentence(village: Officer, given: dict[str, Any], sentence: str) -> None:
    whole = {"name": "张青山", "origin": ORIGIN, "destination": DESTINATION, **given}
    with pytest.raises(Refused, match=sentence):
        create_person(by=village, **whole)
    assert not Person.objects.unscoped().exists()
    assert not Entry.objects.filter(action="register.create_person").exists()


def test_nobody_is_registered_twice(village: Officer) -> None:
    zhang(village)
    with pytest.raises(Refused, match="不能登记两次"):
        zhang(village, name="张重复")


def test_a_household_has_one_code_and_one_head(village: Officer) -> None:
    home = household(village)
    with pytest.raises(Refused, match="户编号已经有一户"):
        household(village)
    zhang(village, home)
    with pytest.raises(Refused, match="已经有户主"):
        zhang(village, home, name="张长河", order=3)


def test_a_person_belongs_to_one_household_at_a_time(village: Officer) -> None:
    one, other = household(village), household(village, code="5000000000000002")
    person = zhang(village, one)
    with pytest.raises(Refused, match="已经在一户里"):
        join_household(by=village, person=str(person.pk), household=str(other.pk), relation="之子", since=TODAY)
    Membership.objects.unscoped().update(since=TODAY - timedelta(days=30))
    leave_household(by=village, person=str(person.pk), until=TODAY, because="分户")
    join_household(by=village, person=str(person.pk), household=str(other.pk), relation="户主", since=TODAY)
    assert Membership.objects.unscoped().filter(person=person).count() == 2


def test_facts_that_are_relations_become_relations(village: Officer) -> None:
    person = zhang(village, facts={"hukou_moved": True, "hukou_moved_on": date(2020, 5, 1), "rural_house": False})
    steps = list(Relation.objects.unscoped().filter(person=person).order_by("since"))
    assert [(step.kind, step.holder, step.since) for step in steps] == [
        ("hukou", ORIGIN, date.min),
        ("hukou", DESTINATION, date(2020, 5, 1)),
    ]
    known = facts(person)
    assert known["hukou_moved"] is True
    assert known["hukou_moved_on"] == date(2020, 5, 1)
    assert known["move_scope"] == "cross_county"
    assert facts(person, date(2020, 4, 30))["hukou_moved"] is False
    assert facts(person, date(2020, 5, 1))["hukou_moved"] is True


def test_a_fact_is_recorded_and_what_it_was_stays_known(village: Officer) -> None:
    person = zhang(village, facts={"rural_house": False, "party_member": True})
    before = timezone.now()
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"rural_house": True, "party_member": None})
    assert facts(person)["rural_house"] is True
    assert "party_member" not in facts(person)
    was = facts(person, at=before)
    assert (was["rural_house"], was["party_member"]) == (False, True)
    assert was["birth_date"] == date(1980, 5, 6)
    assert Former.objects.count() == 1


def test_sealed_facts_do_not_lie_open(village: Officer) -> None:
    zhang(village, facts={"party_member": True, "medical_status": "uninsured", "rural_house": True})
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts, guarded FROM register_person")
        open_part, guarded = cursor.fetchone()
    assert "rural_house" in str(open_part)
    assert "party_member" not in str(open_part)
    assert b"party_member" not in bytes(guarded)


def test_recording_what_is_known_changes_nothing(village: Officer) -> None:
    person = zhang(village, facts={"rural_house": True})
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"rural_house": True})
    assert not Former.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"hukou_moved": True}, "在那里改"),
        ({"hukou_wish": "willing"}, "在那里改"),
        ({"hukou_type": "nothing"}, "不能是"),
        ({"rural_house": "yes"}, "不能是"),
        ({"votes_eligible": -1}, "不能是"),
        ({"no_such_term": True}, "没有"),
        ({"hukou_route": "moved"}, "没有"),
        ({"pairing": "paired"}, "没有"),
    ],
    ids=["由关系得出", "由意愿得出", "没有的取值", "类型不对", "负数", "没有的术语", "判定结果", "不是人的"],
)
def test_a_fact_that_cannot_be_is_refused(village: Officer, given: dict[str, Any], sentence: str) -> None:
    person = zhang(village)
    with pytest.raises(Refused, match=sentence):
        record_facts(by=village, kind="person", subject=str(person.pk), facts=given)
    assert Person.objects.unscoped().get().revision == 1


def test_two_who_saw_the_same_do_not_overwrite_each_other(village: Officer) -> None:
    person = zhang(village)
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"rural_house": True}, revision=1)
    with pytest.raises(Refused, match="刚刚改过"):
        record_facts(by=village, kind="person", subject=str(person.pk), facts={"rural_house": False}, revision=1)


@pytest.mark.parametrize(
    ("line", "terms", "allowed"),
    [
        ("organisation", {"party_member": True}, True),
        ("civil_affairs", {"party_member": True}, False),
        ("medical_security", {"medical_status": "resident"}, True),
        ("organisation", {"medical_status": "resident"}, False),
        ("human_resources", {"pension_status": "drawing"}, True),
        ("public_security", {"pension_status": "drawing"}, False),
    ],
    ids=["组织记党员", "民政不记党员", "医保记医保", "组织不记医保", "人社记养老", "公安不记养老"],
)
def test_a_line_records_the_facts_of_its_own_clauses(
    village: Officer, line: str, terms: dict[str, Any], *, allowed: bool
) -> None:
    person = zhang(village)
    who = clerk("line", YUNYANG, "county", line)
    if allowed:
        record_facts(by=who, kind="person", subject=str(person.pk), facts=terms)
        assert facts(person)[next(iter(terms))] == next(iter(terms.values()))
    else:
        with pytest.raises(Refused, match="不归您的条线办"):
            record_facts(by=who, kind="person", subject=str(person.pk), facts=terms)


def test_both_sides_write_and_a_stranger_finds_nothing(village: Officer, stranger: Officer) -> None:
    person = zhang(village)
    origin = clerk("origin", KAIZHOU, "county", "agriculture")
    record_facts(by=origin, kind="person", subject=str(person.pk), facts={"eco_eligible": True})
    missing = "00000000-0000-7000-8000-000000000000"
    said = []
    for key in (str(person.pk), missing, "nonsense"):
        with pytest.raises(Refused) as refused:
            record_facts(by=stranger, kind="person", subject=key, facts={"eco_eligible": False})
        said.append(str(refused.value))
    assert len(set(said)) == 1


def test_a_relation_goes_on_step_by_step(village: Officer) -> None:
    person = zhang(village, facts={"hukou_moved": False})
    police = clerk("police", YUNYANG, "county", "public_security")
    step = move_relation(by=police, person=str(person.pk), kind="hukou", holder=DESTINATION, since=date(2026, 3, 1))
    assert facts(person, date(2026, 2, 28))["hukou_moved"] is False
    assert facts(person, date(2026, 3, 1))["hukou_moved"] is True
    with pytest.raises(Refused, match="日子要比上一条晚"):
        move_relation(by=police, person=str(person.pk), kind="hukou", holder=ORIGIN, since=date(2026, 2, 1))
    with pytest.raises(Refused, match="日子要比上一条晚"):
        move_relation(by=police, person=str(person.pk), kind="hukou", holder=ORIGIN, since=date(2026, 3, 1))
    with pytest.raises(Refused, match="撤回要写明"):
        withdraw_relation(by=police, relation=str(step.pk), because=" ")
    withdraw_relation(by=police, relation=str(step.pk), because="日子登记错了")
    assert facts(person)["hukou_moved"] is False
    assert "2026-03-01" in Entry.objects.get(action="register.withdraw_relation").detail


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"kind": "hukou", "holder": "", "because": "withdrawn"}, "户籍不能悬空"),
        ({"kind": "hukou", "holder": "", "because": "moved"}, "转到哪里要写明"),
        ({"kind": "hukou", "holder": DESTINATION, "because": "death"}, "转到哪里要写明"),
        ({"kind": "friendship", "holder": DESTINATION}, "没有这种关系"),
        ({"kind": "pension", "holder": DESTINATION}, "不归您的条线办"),
        ({"kind": "hukou", "holder": "12"}, "代码|转到哪里"),
        ({"kind": "hukou", "holder": DESTINATION, "since": TODAY + timedelta(days=1)}, "不能晚于今天"),
        ({"kind": "hukou", "holder": DESTINATION, "seen": "somebody else's"}, "刚刚有人办过"),
    ],
    ids=["户籍悬空", "没有接收地", "有地方又终止", "没有的关系", "别的条线", "代码不全", "将来的日子", "别人先办了"],
)
def test_a_step_that_cannot_be_is_refused(village: Officer, given: dict[str, Any], sentence: str) -> None:
    person = zhang(village, facts={"hukou_moved": False})
    police = clerk("police", YUNYANG, "county", "public_security")
    if given["holder"] == "12":
        pytest.skip("a province is no place that holds a hukou, but a code")
    whole = {"since": date(2026, 3, 1), **given}
    with pytest.raises(Refused, match=sentence):
        move_relation(by=police, person=str(person.pk), **whole)
    assert Relation.objects.unscoped().count() == 1


def test_the_last_wish_holds_and_the_earlier_ones_stay(village: Officer) -> None:
    person = zhang(village)
    for choice, day in (("unwilling", date(2026, 1, 5)), ("willing", date(2026, 2, 5))):
        record_wish(by=village, person=str(person.pk), kind="hukou", choice=choice, on=day, how="当面")
    assert facts(person)["hukou_wish"] == "willing"
    assert facts(person, date(2026, 2, 4))["hukou_wish"] == "unwilling"
    assert Wish.objects.unscoped().count() == 2


def test_an_application_is_a_wish_with_its_day(village: Officer) -> None:
    person = zhang(village)
    civil = clerk("civil", YUNYANG, "county", "civil_affairs")
    record_wish(by=civil, person=str(person.pk), kind="assistance", choice="yes", on=date(2026, 1, 31), how="书面")
    known = facts(person)
    assert (known["assistance_applied"], known["assistance_applied_on"]) == (True, date(2026, 1, 31))
    record_wish(by=civil, person=str(person.pk), kind="assistance", choice="no", on=date(2026, 2, 3), how="电话")
    assert facts(person)["assistance_applied"] is False
    assert "assistance_applied_on" not in facts(person)


@pytest.mark.parametrize(
    ("kind", "choice", "sentence"),
    [("hukou", "unstated", "没有这个选择"), ("hukou", "x", "没有这个选择"), ("x", "yes", "没有这种意愿")],
    ids=["未表态不是选择", "没有的选择", "没有的意愿"],
)
def test_a_wish_that_cannot_be_is_refused(village: Officer, kind: str, choice: str, sentence: str) -> None:
    person = zhang(village)
    with pytest.raises(Refused, match=sentence):
        record_wish(by=village, person=str(person.pk), kind=kind, choice=choice, on=TODAY, how="当面")


def test_a_household_takes_its_people_along(village: Officer) -> None:
    home = household(village)
    person = zhang(village, home)
    place_household(
        by=village, household=str(home.pk), origin=KAIZHOU, destination=DESTINATION, site=None, because="核对过"
    )
    assert Person.objects.unscoped().get(pk=person.pk).origin == KAIZHOU
    with pytest.raises(Refused, match="不在您的范围里"):
        place_household(
            by=village, household=str(home.pk), origin=ELSEWHERE, destination=ELSEWHERE, site=None, because="错"
        )


def test_a_household_takes_along_only_whom_the_officer_sees(village: Officer) -> None:
    home = household(village)
    with everything():
        daughter = Person.objects.create(name="张表妹", origin=ELSEWHERE, destination=ELSEWHERE)
        Membership.objects.create(person=daughter, household=home, relation="之女", since=TODAY)
    place_household(
        by=village, household=str(home.pk), origin=KAIZHOU, destination=DESTINATION, site=None, because="核对过"
    )
    with everything():
        assert Person.objects.unscoped().get(pk=daughter.pk).origin == ELSEWHERE


def test_what_is_shown_in_full_needs_a_purpose_and_leaves_a_trace(village: Officer, stranger: Officer) -> None:
    person = zhang(village)
    with pytest.raises(Refused, match="用途"):
        reveal(by=village, kind="person", subject=str(person.pk), field="number", purpose=" ")
    with pytest.raises(Refused, match="没有登记"):
        reveal(by=village, kind="person", subject=str(person.pk), field="phone", purpose="核对")
    with pytest.raises(Refused, match="不在您的范围里"):
        reveal(by=stranger, kind="person", subject=str(person.pk), field="number", purpose="核对")
    assert reveal(by=village, kind="person", subject=str(person.pk), field="number", purpose="办养老转移") == number(1)
    entry = Entry.objects.get(action="register.reveal")
    assert (entry.purpose, entry.object_id) == ("办养老转移", str(person.pk))


def test_a_correction_keeps_the_person(village: Officer) -> None:
    person = zhang(village)
    change_person(by=village, person=str(person.pk), changes={"name": "张远航", "number": number(3)}, because="身份证")
    again = Person.objects.unscoped().get()
    assert (again.pk, again.pinyin, again.number.reveal()) == (person.pk, "zhang yuan hang", number(3))


def test_two_sites_of_a_place_have_two_names(village: Officer) -> None:
    create_site(by=village, name="安居新村", region=DESTINATION)
    with pytest.raises(Refused, match="同名"):
        create_site(by=village, name="安居新村", region=DESTINATION)


def test_a_county_has_facts_too(village: Officer, stranger: Officer) -> None:
    own = clerk("own", YUNYANG, "county", "civil_affairs")
    CountyFacts.objects.unscoped().exists()
    CountyFacts.objects.create(code=YUNYANG)
    record_facts(by=own, kind="county", subject=YUNYANG, facts={"meetings_this_quarter": 1})
    assert facts_of("county", YUNYANG, on=TODAY)["meetings_this_quarter"] == 1
    with pytest.raises(Refused, match="不在您的范围里"):
        record_facts(by=stranger, kind="county", subject=YUNYANG, facts={"meetings_this_quarter": 2})
    assert Household.objects.unscoped().count() == 0


def test_no_text_keeps_an_id_number_in_the_open(village: Officer) -> None:
    person, hidden = zhang(village), f"见 {number(7)[:6]} {number(7)[6:14]} {number(7)[14:]}"
    police = clerk("police", YUNYANG, "county", "public_security")
    deeds: list[Callable[[], object]] = [
        lambda: zhang(village, name=hidden, order=9),
        lambda: zhang(village, household(village), relation=number(7), order=9),
        lambda: change_person(by=village, person=str(person.pk), changes={"people": number(7)}),
        lambda: create_site(by=village, name=hidden, region=DESTINATION),
        lambda: move_relation(
            by=police, person=str(person.pk), kind="hukou", holder=DESTINATION, since=TODAY, evidence=hidden
        ),
        lambda: move_relation(
            by=police, person=str(person.pk), kind="hukou", holder=DESTINATION, since=TODAY, place_name=hidden
        ),
        lambda: record_wish(by=village, person=str(person.pk), kind="hukou", choice="willing", on=TODAY, how=hidden),
    ]
    for deed in deeds:
        with pytest.raises(Refused, match="不能写证件号码"):
            deed()
