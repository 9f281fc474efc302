"""A year that is over: its premiums are judged by its last day, and may be drawn up in the first months of the next one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from anju.duties.models import CountyValue, Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve, draw_up
from anju.payments.due import counted, due, shares, years
from anju.payments.models import Batch, Scheme
from anju.policy.model import Fact
from anju.register.actions import create_person, end_person, move_relation, record_facts, restore_person
from anju.register.facts import facts_frame, facts_of, today
from anju.register.models import Person, Relation
from tests.desk.cast import browser as signed_in
from tests.payments.bills import FACTS as MEDICAL
from tests.payments.cast import Clock
from tests.payments.test_premiums import FACTS, listed, looked_at, owed, social, sound
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk, household, number

LAST, FIRST, MONDAY = date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 4)
SIXTY = date(1967, 1, 1)
"""Whoever was born on this day is sixty on the first day of 2027."""


@pytest.fixture
def first(db: None) -> Officer:
    return social("first")


@pytest.fixture
def second(db: None) -> Officer:
    return social("second")


def insured(
    by: Officer, order: int, name: str, born: date = date(1980, 5, 6), kind: str = "pension", **facts: Fact | None
) -> Person:
    """Somebody whose insurance 云阳 has held for long."""
    known: dict[str, Fact | None] = {**(FACTS if kind == "pension" else MEDICAL), **facts}
    home = household(by, str(order))
    person = create_person(by=by, name=name, number=number(order, born), household=home, relation="户主", facts=known)
    with everything():
        Relation.objects.create(
            person=person, kind=kind, holder=DESTINATION, since=date(2020, 1, 1), because="recorded"
        )
    return looked_at(person)


def over(*people: Person) -> None:
    """The night goes over them."""
    for person in people:
        looked_at(person)


def named(batch: Batch) -> list[str]:
    return sorted(name for name, *_ in listed(batch))


def test_a_batch_of_the_last_day_is_approved_in_the_new_year(
    at: Clock, village: Officer, first: Officer, second: Officer
) -> None:
    at(LAST)
    sixty, other = insured(village, 1, "张青山", SIXTY), insured(village, 3, "李二")
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    at(MONDAY)
    over(sixty, other)
    assert not owed(sixty), "sixty, and what was said of last year says nothing of this one"
    done = approve(by=second, batch=batch.pk)
    assert (done.batch.year, done.left_out, named(batch)) == (2026, [], ["张青山", "李二"])
    assert (owed(sixty), owed(other)) == (False, True), "this year's is owed anew"
    assert sound()


@pytest.mark.parametrize(
    ("day", "years_of", "drawn"),
    [
        (LAST, (2026,), True),
        (FIRST, (2027, 2026), True),
        (date(2027, 3, 31), (2027, 2026), True),
        (date(2027, 4, 1), (2027,), False),
    ],
    ids=["当年最后一天", "过了年第一天", "头一季最后一天", "头一季以后"],
)
def test_what_is_left_over_is_drawn_up_in_the_first_quarter(
    at: Clock, village: Officer, first: Officer, day: date, years_of: tuple[int, ...], drawn: bool
) -> None:
    at(LAST)
    sixty = insured(village, 1, "张青山", SIXTY)
    at(day)
    over(sixty)
    assert years(Scheme.PENSION, YUNYANG) == years_of
    if drawn:
        assert named(draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)) == ["张青山"]
    else:
        with pytest.raises(Refused, match="2026 年的养老代缴现在不能提"):
            draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)


@pytest.mark.parametrize("year", [2025, 2028], ids=["前年", "明年"])
def test_no_other_year_is_drawn_up(at: Clock, village: Officer, first: Officer, year: int) -> None:
    at(MONDAY)
    insured(village, 1, "张青山")
    with pytest.raises(Refused, match=f"{year} 年的养老代缴现在不能提"):
        draw_up(by=first, scheme="pension", county=YUNYANG, year=year)


def test_a_county_may_leave_more_time(at: Clock, village: Officer, first: Officer) -> None:
    at(LAST)
    person = insured(village, 1, "张青山", SIXTY)
    CountyValue.objects.create(county=YUNYANG, parameter="代缴补提", value=Decimal(4), since=LAST, basis="云阳人社")
    at(date(2027, 4, 30))
    over(person)
    assert named(draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)) == ["张青山"]


def test_who_was_not_owed_it_at_the_end_of_the_year_is_not_in_it(at: Clock, village: Officer, first: Officer) -> None:
    at(LAST)
    stays = insured(village, 1, "张青山")
    record_facts(by=first, kind="person", subject=str(insured(village, 3, "李二").pk), facts={"premium_paid": True})
    at(FIRST)
    insured(village, 5, "王五")
    over(stays)
    with everything():
        assert [*due(Scheme.PENSION, YUNYANG, 2026).shares] == [str(stays.pk)]
        told = counted(Scheme.PENSION, YUNYANG, 2026, shares(Scheme.PENSION, YUNYANG, 2026))
    assert (told.of_group, told.unknown) == ({"低保": 1}, 0)


def test_who_has_died_since_is_left_out(at: Clock, village: Officer, first: Officer, second: Officer) -> None:
    at(LAST)
    dead, other = insured(village, 1, "张青山"), insured(village, 3, "李二")
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    at(MONDAY)
    over(dead, other)
    police = clerk("police", KAIZHOU, "county", "public_security")
    end_person(by=police, person=str(dead.pk), on=MONDAY, because="death")
    assert approve(by=second, batch=batch.pk).left_out == [str(dead.pk)]
    assert named(batch) == ["李二"]


def _dead(by: Officer, person: Person) -> None:
    end_person(by=by, person=str(person.pk), on=today(), because="death")


def _none(by: Officer, person: Person) -> None:
    restore_person(by=by, person=str(person.pk), because="同名的另一个人")


Life = tuple[date, date, date | None]
"""Born, when the death was registered, and when it turned out to be none."""
ENDED: dict[str, tuple[Life, bool]] = {
    "年底前登记，过年更正": ((date(1980, 5, 6), date(2026, 12, 22), MONDAY), True),
    "年底当天登记，过年更正": ((date(1980, 5, 6), LAST, MONDAY), True),
    "年底前登记，年底前更正": ((date(1980, 5, 6), date(2026, 12, 22), date(2026, 12, 28)), True),
    "没有更正": ((date(1980, 5, 6), date(2026, 12, 22), None), False),
    "中间满了六十": ((date(1966, 12, 31), date(2026, 12, 22), MONDAY), False),
    "过了年才满六十": ((SIXTY, date(2026, 12, 22), MONDAY), True),
    "头一年登记，这一年过完才更正": ((date(1980, 5, 6), date(2025, 12, 22), MONDAY), False),
}


@pytest.mark.parametrize(("life", "is_due"), ENDED.values(), ids=ENDED)
def test_whose_death_was_none_is_due_as_if_it_had_not_been_registered(
    at: Clock, village: Officer, first: Officer, second: Officer, life: Life, is_due: bool
) -> None:
    born, dead, none = life
    police = clerk("police", KAIZHOU, "county", "public_security")
    at(date(dead.year, 12, 20))
    person = insured(village, 1, "张青山", born)
    at(dead)
    over(person)
    _dead(police, person)
    at(max(dead, date(2026, 12, 20)))
    other = insured(village, 3, "李二")
    if none:
        at(none)
        _none(police, person)
    at(MONDAY)
    over(person, other)
    batch = draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)
    assert named(batch) == (["张青山", "李二"] if is_due else ["李二"])
    assert approve(by=second, batch=batch.pk).left_out == []


def test_who_was_paid_before_the_death_that_was_none_is_not_paid_again(
    at: Clock, village: Officer, first: Officer, second: Officer
) -> None:
    police = clerk("police", KAIZHOU, "county", "public_security")
    at(date(2026, 12, 20))
    person = insured(village, 1, "张青山")
    approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk)
    at(date(2026, 12, 22))
    _dead(police, person)
    at(MONDAY)
    _none(police, person)
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)


def test_figures_and_group_are_those_of_the_last_day(at: Clock, village: Officer, first: Officer) -> None:
    at(LAST)
    person = insured(village, 1, "张青山")
    for since, value in ((date(2026, 1, 1), 50), (FIRST, 10)):
        told = {"value": Decimal(value), "since": since, "basis": "云阳人社", "until": date(since.year + 1, 1, 1)}
        CountyValue.objects.create(county=YUNYANG, parameter="代缴比例低保", **told)
    at(MONDAY)
    civil = clerk("civil", YUNYANG, "county", "civil_affairs")
    record_facts(by=civil, kind="person", subject=str(person.pk), facts={"assistance_kind": "none"})
    batch = draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)
    assert listed(batch) == [("张青山", "低保", Decimal("50.00"), Decimal("50.00"))]


def test_a_group_that_was_told_later_counts(at: Clock, village: Officer, first: Officer) -> None:
    at(LAST)
    known = {"value": Decimal(50), "since": date(2026, 1, 1), "basis": "云阳人社"}
    CountyValue.objects.create(county=YUNYANG, parameter="代缴比例低保", **known)
    person = insured(village, 1, "张青山", assistance_kind=None)
    at(MONDAY)
    with everything():
        assert due(Scheme.PENSION, YUNYANG, 2026).unknown == [str(person.pk)]
    civil = clerk("civil", YUNYANG, "county", "civil_affairs")
    record_facts(by=civil, kind="person", subject=str(person.pk), facts={"assistance_kind": "dibao"})
    assert listed(draw_up(by=first, scheme="pension", county=YUNYANG, year=2026))[0][1:3] == ("低保", Decimal("50.00"))


def test_where_somebody_was_insured_in_the_year_pays_it(
    at: Clock, village: Officer, first: Officer, second: Officer
) -> None:
    """A relation that goes over on 1 January takes what is owed with it, where a premium of an earlier year leaves it open."""
    there = social("there", KAIZHOU)
    at(date(2025, 12, 1))
    person = insured(village, 1, "张青山")
    approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk)
    at(LAST)
    over(person)
    at(MONDAY)
    move_relation(by=there, person=str(person.pk), kind="pension", holder=ORIGIN, since=FIRST)
    with everything():
        assert Duty.objects.unscoped().owed().get(kind="pay_premium").insured[:6] == KAIZHOU[:6]
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=there, scheme="pension", county=KAIZHOU, year=2026)
    assert named(draw_up(by=there, scheme="pension", county=KAIZHOU)) == ["张青山"]
    assert named(draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)) == ["张青山"]


def test_enrolment_aid_is_judged_alike(at: Clock, village: Officer) -> None:
    one, other = (clerk(name, YUNYANG, "county", "medical_security") for name in ("one", "other"))
    at(LAST)
    person = insured(village, 1, "张青山", kind="medical")
    for name, value in (("居民医保个人缴费一档", 400), ("参保资助比例低保", 70)):
        told = {"value": Decimal(value), "since": date(2026, 1, 1), "until": FIRST, "basis": "公布的标准"}
        CountyValue.objects.create(county=YUNYANG, parameter=name, **told)
    at(MONDAY)
    over(person)
    with pytest.raises(Refused, match="2027 年还没有值"):
        draw_up(by=one, scheme="medical", county=YUNYANG)
    batch = draw_up(by=one, scheme="medical", county=YUNYANG, year=2026)
    assert approve(by=other, batch=batch.pk).left_out == []
    assert listed(batch) == [("张青山", "低保", Decimal("280.00"), Decimal("120.00"))]


def test_the_page_offers_what_is_left_over_of_the_year_before(at: Clock, village: Officer, first: Officer) -> None:
    at(LAST)
    person, browser, address = insured(village, 1, "张青山", SIXTY), signed_in(first), reverse("premiums:premiums")
    assert "还可以补提" not in browser.get(address).content.decode()
    at(FIRST)
    over(person)
    browser.force_login(first)  # the session of the year before has run out
    page = browser.get(address).content.decode()
    assert ("2026 年没有代缴完的，还可以补提" in page, "提出一批（1 人）" in page) == (True, True)
    posted = {"scheme": "pension", "county": YUNYANG, "year": "2026"}
    made = browser.post(reverse("premiums:draw_up"), posted).headers["Location"]
    assert "张青山" in browser.get(made).content.decode()
    assert "还可以补提" not in browser.get(address).content.decode(), "nobody is left over"
    assert today() == FIRST


@pytest.mark.parametrize("year", ["", "abcd", "２０２６", "-1"], ids=["空", "不是数", "全角", "负数"])
def test_a_year_that_is_none_is_this_one(at: Clock, village: Officer, first: Officer, year: str) -> None:
    at(MONDAY)
    insured(village, 1, "张青山")
    signed_in(first).post(reverse("premiums:draw_up"), {"scheme": "pension", "county": YUNYANG, "year": year})
    with everything():
        assert Batch.objects.unscoped().get().year == MONDAY.year


RECORDED = {"没有登记": (None, False), "登记了已缴": (True, True), "登记了没有缴": (False, False)}


@pytest.mark.parametrize(("recorded", "paid"), RECORDED.values(), ids=RECORDED)
def test_what_is_recorded_of_the_new_year_stands_beside_a_late_batch(
    at: Clock, village: Officer, first: Officer, second: Officer, recorded: bool | None, paid: bool
) -> None:
    at(LAST)
    person = insured(village, 1, "张青山")
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    at(MONDAY)
    over(person)
    record_facts(by=first, kind="person", subject=str(person.pk), facts={"premium_paid": recorded})
    assert approve(by=second, batch=batch.pk).left_out == []
    assert facts_of("person", str(person.pk), on=MONDAY)["premium_paid"] is paid
    with everything():
        assert facts_frame("person", [str(person.pk)], on=MONDAY)["premium_paid"].to_list() == [paid]
