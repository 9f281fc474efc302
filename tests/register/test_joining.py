"""Two records of one person become one: what the record that stays says stands, what it does not say it takes over, nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from anju.cases.actions import open_case
from anju.duties.models import Duty
from anju.government.models import Officer, never
from anju.government.refusals import Refused
from anju.government.second_wall import looking_everywhere
from anju.jobs.actions import begin
from anju.journal.models import Entry
from anju.register.actions import (
    change_person,
    end_person,
    join,
    join_household,
    move_relation,
    record_facts,
    record_wish,
    refuse_join,
)
from anju.register.actions.joining import seen_of
from anju.register.facts import facts_of, today
from anju.register.models import Joining, Membership, Person, Relation, Stage, Wish
from anju.register.queries import joinings, one
from anju.register.queries.lists import Filters, persons
from anju.register.queries.paging import page
from anju.register.queries.whom import whom
from anju.register.upkeep import lapse_joinings
from anju.register.verification import verify
from tests.exchange.cast import clerk as importer_of
from tests.exchange.cast import handed_in, verdicts, workbook
from tests.exchange.cast import zhang as row
from tests.payments.cast import A, ago, begun, civil, paid, poor
from tests.register.cast import DESTINATION, ELSEWHERE, clerk, household, number, zhang
from tests.register.joining import BORN, again, agreed, asked, known, twice

TODAY = timezone.localdate()
db = pytest.mark.django_db


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def second(db: None) -> Officer:
    return clerk("second")


def noted(deed: str) -> list[str]:
    """About whom it is noted."""
    return sorted(Entry.objects.filter(action=f"register.{deed}").values_list("object_id", flat=True))


def left(joining: Joining) -> dict[str, Any]:
    """What was not taken over."""
    with looking_everywhere():
        kept = Joining.objects.unscoped().get(pk=joining.pk).kept
    found: dict[str, Any] = json.loads(kept.reveal())
    return found


def test_it_takes_two(village: Officer, second: Officer) -> None:
    stays, goes = twice(village)
    joining = asked(village, goes, stays)
    with pytest.raises(Refused, match="自己不能确认"):
        agreed(village, joining)
    assert known(goes.pk).joined_into_id is None
    assert agreed(second, joining) == stays
    assert known(goes.pk).joined_into_id == stays.pk
    assert noted("ask_join") == noted("join") == sorted(map(str, (goes.pk, stays.pk)))
    assert {name: n for name, n in verify().items() if n} == {}


def test_what_stays_says_stands_and_what_it_does_not_say_it_takes_over(village: Officer, second: Officer) -> None:
    stays, goes = twice(
        village, phone="13800000001", people="土家族", facts={"party_member": True, "rural_house": False}
    )
    joining = asked(village, goes, stays)
    agreed(second, joining)
    found = known(stays.pk)
    assert (found.phone.reveal(), found.people, found.number.reveal()) == ("13800000001", "土家族", number(1))
    facts = facts_of("person", str(stays.pk), on=today())
    assert (facts["rural_house"], facts["party_member"]) == (True, True)
    assert "party_member" not in found.facts, "it lies sealed as before"
    assert left(joining)["facts"] == {"rural_house": False}


def test_the_record_without_the_number_may_stay_and_gets_it(village: Officer, second: Officer) -> None:
    numbered, goes = twice(village)
    agreed(second, asked(village, numbered, goes))
    found = known(goes.pk)
    assert found.number.reveal() == number(1)
    assert one.person_by_number(village, number(1)) == found


DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, str], tuple[str, date]]] = {
    "性别照留下的": ({"sex": "女"}, {"sex": "stays"}, ("男", BORN)),
    "性别照并掉的": ({"sex": "女"}, {"sex": "goes"}, ("女", BORN)),
    "生日照并掉的": ({"birth_date": date(1980, 6, 5)}, {"birth_date": "goes"}, ("男", date(1980, 6, 5))),
    "没写的不算不一样": ({"sex": "", "birth_date": None}, {}, ("男", BORN)),
}


@pytest.mark.parametrize(("given", "right", "held"), DIFFERENT.values(), ids=DIFFERENT)
def test_who_asks_says_what_is_right(
    village: Officer, second: Officer, given: dict[str, Any], right: dict[str, str], held: tuple[str, date]
) -> None:
    stays, goes = twice(village, **given)
    if right:
        with pytest.raises(Refused, match="请选哪一条的是对的"):
            asked(village, goes, stays)
    agreed(second, asked(village, goes, stays, right))
    found = known(stays.pk)
    assert (found.sex, found.birth_date) == held


def test_a_history_is_taken_over_whole_or_not_at_all(village: Officer, second: Officer) -> None:
    stays, goes = twice(village, facts={"hukou_moved": True, "hukou_moved_on": date(2021, 5, 1)})
    for person, on in ((stays, date(2022, 1, 1)), (goes, date(2023, 1, 1))):
        move_relation(
            by=village, person=str(person.pk), kind="election", holder=DESTINATION, since=on, because="recorded"
        )
    before = list(Relation.objects.unscoped().filter(person=goes, kind="hukou").values("since", "after", "recorded_at"))
    joining = asked(village, goes, stays)
    agreed(second, joining)
    steps = Relation.objects.unscoped().filter(person=stays)
    assert list(steps.filter(kind="hukou").values("since", "after", "recorded_at")) == before
    assert [step.since for step in steps.filter(kind="election")] == [date(2022, 1, 1)]
    assert not Relation.objects.unscoped().filter(person=goes).exists()
    assert [(step["kind"], step["since"]) for step in left(joining)["steps"]] == [("election", "2023-01-01")]


def test_wishes_are_taken_over_by_kind(village: Officer, second: Officer) -> None:
    stays, goes = twice(village)
    for person, choices in ((stays, ["willing"]), (goes, ["unwilling", "willing"])):
        for choice in choices:
            record_wish(by=village, person=str(person.pk), kind="hukou", choice=choice, on=TODAY, how="当面")
    record_wish(by=village, person=str(goes.pk), kind="election", choice="destination", on=TODAY, how="电话")
    joining = asked(village, goes, stays)
    agreed(second, joining)
    said = Wish.objects.unscoped().values_list("person_id", "kind", "choice")
    assert sorted(said) == [(stays.pk, "election", "destination"), (stays.pk, "hukou", "willing")]
    assert [wish["choice"] for wish in left(joining)["wishes"]] == ["unwilling", "willing"]


def test_nobody_lives_twice(village: Officer, second: Officer) -> None:
    home, other = household(village), household(village, "5000000000000002")
    stays, goes = twice(village, home, household=other, relation="户主")
    joining = asked(village, goes, stays)
    agreed(second, joining)
    (present,) = Membership.objects.unscoped().filter(until=never)
    assert (present.person_id, present.household_id) == (stays.pk, home.pk)
    assert [where["household"] for where in left(joining)["homes"]] == [other.code]
    zhang(village, other, name="李碧水", order=2)  # the other household has room for a head


def test_a_home_is_taken_over_where_there_was_none(village: Officer, second: Officer) -> None:
    home = household(village)
    stays, goes = twice(village)
    join_household(by=village, person=str(goes.pk), household=str(home.pk), relation="户主", since=TODAY)
    agreed(second, asked(village, goes, stays))
    assert Membership.objects.unscoped().get().person_id == stays.pk


def test_what_it_was_called_finds_it_still(village: Officer, second: Officer) -> None:
    stays, goes = twice(village, name="张清山")
    change_person(by=village, person=str(goes.pk), changes={"name": "张青珊"})
    agreed(second, asked(village, goes, stays))
    assert {former.name for former in one.formerly(village, known(stays.pk))} == {"张清山", "张青珊"}
    for words in ("张清", "张青珊"):
        assert [person.pk for person in page(persons(village, Filters(text=words))).rows] == [stays.pk]


def test_the_record_that_is_gone_is_nowhere(village: Officer, second: Officer, tmp_path: Path) -> None:
    stays, goes = twice(village, facts={"rural_house": True})
    assert Duty.objects.unscoped().filter(subject_id=str(goes.pk), closed_on=None).exists()
    agreed(second, asked(village, goes, stays))
    assert [person.pk for person in page(persons(village, Filters())).rows] == [stays.pk]
    assert not Duty.objects.unscoped().filter(subject_id=str(goes.pk), closed_on=None).exists()
    assert not page(joinings.doubles(village)).rows
    assert one.person(village, str(goes.pk)) == stays
    assert whom(village, [("person", str(goes.pk))], TODAY)["person", str(goes.pk)].address.endswith(f"{stays.pk}/")
    stranger = clerk("stranger", ELSEWHERE, "county")
    assert one.person(stranger, str(goes.pk)) is None
    with pytest.raises(Refused):
        change_person(by=village, person=str(goes.pk), changes={"name": "王五"})
    batch = handed_in(importer_of("importer"), workbook(tmp_path / "名单.xlsx", [row(1, 户编号="", 与户主关系="")]))
    assert verdicts(batch) == ["same"]
    assert {name: n for name, n in verify().items() if n} == {}


def test_what_was_joined_into_it_goes_along(village: Officer, second: Officer) -> None:
    stays, goes = twice(village)
    third = again(village)
    agreed(second, asked(village, third, goes))
    agreed(second, asked(village, goes, stays))
    assert {known(one.pk).joined_into_id for one in (third, goes)} == {stays.pk}
    assert {joining.goes_id for joining in joinings.joined_into(stays)} == {third.pk, goes.pk}
    assert verify()["并掉的档由两位干部并，并入的那一条还在"] == 0


def _numbers(village: Officer, stays: Person, goes: Person) -> None:
    change_person(by=village, person=str(goes.pk), changes={"number": number(5)})


def _one_died(village: Officer, stays: Person, goes: Person) -> None:
    end_person(by=village, person=str(goes.pk), on=TODAY, because="death")


def _case(village: Officer, stays: Person, goes: Person) -> None:
    record_facts(by=village, kind="person", subject=str(goes.pk), facts={})
    open_case(by=village, procedure="survey_hukou_wish", subject=str(goes.pk), applied_on=TODAY, how="当面")


APART: dict[str, tuple[Callable[[Officer, Person, Person], None], str]] = {
    "号码不一样": (_numbers, "证件号码不一样"),
    "一个去世一个没有": (_one_died, "一条已经注销，另一条没有"),
    "要并掉的有件在办": (_case, "有 1 件在办"),
}


@pytest.mark.parametrize(("make", "why"), APART.values(), ids=APART)
def test_what_keeps_them_apart(
    village: Officer, second: Officer, make: Callable[[Officer, Person, Person], None], why: str
) -> None:
    stays, goes = twice(village, facts={"hukou_moved": False})
    joining = asked(village, goes, stays)
    make(village, stays, goes)
    for press in (lambda: asked(village, goes, stays), lambda: agreed(second, joining)):
        with pytest.raises(Refused, match=why):
            press()
    assert known(goes.pk).joined_into_id is None


def test_a_case_of_the_record_that_stays_goes_on(village: Officer, second: Officer) -> None:
    stays, goes = twice(village, facts={"hukou_moved": False})
    _case(village, stays, goes)
    agreed(second, asked(village, stays, goes))
    assert verify()["并掉的档没有在办的件"] == 0


@db
def test_money_is_never_left_behind_nor_paid_twice() -> None:
    village, second, payer = clerk("village"), clerk("second"), civil("payer", A)
    first = poor(village)
    begun(payer, ago(2))
    paid(payer, first, ago(2), ago(1))
    stays = again(village)
    with pytest.raises(Refused, match="请反过来并"):
        asked(village, first, stays)
    agreed(second, asked(village, stays, first))


@pytest.mark.parametrize("who", ["不看一条", "别的县"])
def test_whoever_does_not_see_both_neither_asks_nor_agrees(village: Officer, who: str) -> None:
    stays = zhang(village)
    far = clerk("far", ELSEWHERE, "county")
    goes = again(far, origin="500236101201", destination="500236127001")
    other = village if who == "不看一条" else far
    with pytest.raises(Refused, match="没有这一条"):
        asked(other, goes, stays)
    near = again(village)
    with pytest.raises(Refused, match="没有这一条"):
        agreed(far, asked(village, near, stays))


def test_what_was_changed_meanwhile_is_looked_at_again(village: Officer, second: Officer) -> None:
    stays, goes = twice(village)
    joining, seen = asked(village, goes, stays), seen_of(known(goes.pk), known(stays.pk))
    change_person(by=village, person=str(goes.pk), changes={"people": "苗族"})
    with pytest.raises(Refused, match="刚刚改过"):
        join(by=second, joining=joining.pk, seen=seen)
    agreed(second, joining)


@pytest.mark.parametrize("who", ["第二位", "申请的人"])
def test_it_is_not_joined_after_all(village: Officer, second: Officer, who: str) -> None:
    stays, goes = twice(village)
    joining = asked(village, goes, stays)
    with pytest.raises(Refused, match="要写明为什么"):
        refuse_join(by=second, joining=joining.pk, because=" ")
    refuse_join(by=village if who == "申请的人" else second, joining=joining.pk, because="是堂兄弟")
    with pytest.raises(Refused, match=r"处理过|不再算数"):
        agreed(second, joining)
    assert bool(page(joinings.doubles(village)).rows) == (who == "申请的人"), "two people are not asked about again"


def test_nobody_came(village: Officer, second: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes = twice(village)
    joining = asked(village, goes, stays)
    late = timezone.now() + timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: late)
    with pytest.raises(Refused, match="期限已经过了"):
        agreed(second, joining)
    assert not joinings.to_decide(second).exists()
    again_asked = asked(village, goes, stays)
    assert Joining.objects.unscoped().get(pk=joining.pk).stage == Stage.LAPSED, "it does not wait for the night"
    assert len(noted("lapse_join")) == 2
    later = late + timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS, seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    lapse_joinings.func(str(begin(lapse_joinings, key="清理并档申请", owner="", title="清理并档申请").pk))
    assert Joining.objects.unscoped().get(pk=again_asked.pk).stage == Stage.LAPSED
    assert len(noted("lapse_join")) == 4


def test_pairs_that_may_be_one_person(village: Officer) -> None:
    stays, goes = twice(village)
    again(village, birth_date=date(1981, 5, 6))
    again(village, name="张青云")
    zhang(village, order=3)  # of the same name and day, with a number of its own: another one whom the record may be
    (listed,) = page(joinings.doubles(village)).rows
    assert listed == goes
    assert {other.pk for _, other in joinings.pairs(village, [listed])} == {
        person.pk for person in Person.objects.unscoped().filter(name="张青山").exclude(number_index=None)
    }
    assert stays in joinings.alike(village, goes)
    assert not page(joinings.doubles(clerk("stranger", ELSEWHERE, "county"))).rows


def test_of_two_without_a_number_one_is_listed(village: Officer) -> None:
    one_, other = again(village), again(village)
    (listed,) = page(joinings.doubles(village)).rows
    assert joinings.pairs(village, [listed]) == [
        (min(one_, other, key=lambda p: p.pk), max(one_, other, key=lambda p: p.pk))
    ]
