"""What has taken legal effect is in the register from that step on, and nobody takes it back: 生效 of the pages (guideline 1.3-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from anju.cases.actions import open_case, opening, take_steps, terminate, withdraw
from anju.cases.effects import kinds
from anju.cases.fields import Value
from anju.cases.models import Case, Consequence, Entry, State
from anju.cases.procedures import Running
from anju.cases.turns import place_at
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Logged
from anju.policy.force import steps_in_force, ways_of_force
from anju.register.actions import end_person, record_facts
from anju.register.actions.by_case import put_facts, put_step
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Person, Relation
from tests.cases.cast import Offices, ready, step_on, waiting
from tests.cases.editions import before_force
from tests.cases.fitting import fit
from tests.cases.test_walks import opener_of, ways
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, ELSEWHERE, ORIGIN, household
from tests.register.cast import zhang as zhang_of

pytestmark = pytest.mark.django_db
PAGES = guideline()
FORCE: Mapping[str, tuple[str, str, str, str]] = {
    "户口迁移": ("move_hukou", "登记落户", "hukou_moved", "village"),
    "集体户落户": ("move_to_collective_household", "登记落户", "hukou_moved", "township"),
    "党组织关系转接": ("transfer_party", "接收", "party_moved", "village"),
    "集体成员身份确认": ("confirm_membership", "表决", "membership_moved", "village"),
}
"""Procedure: its code, the step that has legal effect, the fact that it has moved, and of what level its new holder is."""
BEGUN = today() - timedelta(days=40)


@pytest.fixture
def somebody(village: Officer, offices: Offices) -> Person:
    """张青山, whom all four are for, and who has everything at the origin."""
    person = zhang_of(village, household(village))
    with everything():
        for kind in ("hukou", "party", "collective"):
            since = today() - timedelta(2000)
            put_step(person=str(person.pk), kind=kind, holder=ORIGIN, since=since, because="recorded", evidence="")
    return person


def opened(person: Person, offices: Offices, code: str) -> Case:
    fit(str(person.pk), code)
    by = opener_of(PAGES.procedures[code], offices)
    return open_case(by=by, procedure=code, subject=str(person.pk), applied_on=BEGUN, how="本人到场申请")


def walked(case: Case, offices: Offices, *, until: str = "", after: bool = False) -> Case:
    """To a step by its name, or behind it; by default to the end."""
    for action in ways(Running.of(case).procedure):
        if case.step and Running.of(case).step(case.step).name == until and not after:
            break
        last = case.step and Running.of(case).step(case.step).name == until
        before = case.step
        if not case.step or action not in [move.action for move in Running.of(case).step(before).moves]:
            continue
        while case.step == before:
            case = step_on(case, offices, action, on=ready(case, BEGUN))
        if last:
            break
    return case


def held(person: Person, code: str) -> list[str]:
    """Who holds, first to last, what a procedure is about."""
    effect = next(e for e in PAGES.procedures[code].effects if e.kind == "relation")
    with everything():
        rows = Relation.objects.unscoped().filter(person=person, kind=kinds.get(effect.what) or effect.what)
        return list(rows.order_by("since").values_list("holder", flat=True))


def fact(person: Person, code: str) -> object:
    with everything():
        return facts_of("person", str(person.pk), on=today()).get(code)


def followed(case: Case) -> set[str]:
    with everything():
        return set(Consequence.objects.unscoped().filter(case=case).values_list("duty__kind", flat=True))


def whose(case: Case, offices: Offices) -> Officer:
    return offices.of(waiting(case)[0])


def test_the_pages_say_which_and_at_which_step() -> None:
    found = {(p.name, p.code, step) for p in PAGES.procedures.values() for step, _ in ways_of_force(p)}
    assert found == {(name, code, step) for name, (code, step, *_) in FORCE.items()}


@pytest.mark.parametrize(("code", "step", "moved", "level"), FORCE.values(), ids=FORCE)
def test_it_holds_from_that_step_on_and_nobody_undoes_it(
    code: str, step: str, moved: str, level: str, somebody: Person, offices: Offices
) -> None:
    case = walked(opened(somebody, offices, code), offices, until=step)
    assert (case.in_force_at, fact(somebody, moved), held(somebody, code)) == (None, False, [ORIGIN])
    case = walked(case, offices, until=step, after=True)
    there = [ORIGIN, place_at(DESTINATION, level)]
    assert (case.state, fact(somebody, moved), held(somebody, code)) == (State.RUNNING, True, there)
    assert case.in_force_at is not None
    assert case.step in steps_in_force(Running.of(case).procedure)
    while case.state == State.RUNNING:
        by = whose(case, offices)
        with pytest.raises(Refused, match="不能撤回；余下的照办"):
            withdraw(by=by, case=case.pk, seen=case.entries, how="电话")
        with pytest.raises(Refused, match="不能终止；余下的照办"):
            terminate(by=by, case=case.pk, seen=case.entries, because="我村不同意")
        inside = browser(by)
        for way in ("withdraw", "terminate"):
            asked = inside.get(f"/cases/{case.pk}/{way}/").content.decode()
            assert ("余下的照办" in asked, 'name="why"' in asked) == (True, False), (
                "it is said before anything is written"
            )
        page = inside.get(f"/cases/{case.pk}/").content.decode()
        assert "已经生效，不再撤回、终止" in page
        assert f"/cases/{case.pk}/withdraw/" not in page
        assert f"/cases/{case.pk}/terminate/" not in page
        moves = Running.of(case).step(case.step).moves
        case = step_on(case, offices, next(m.action for m in moves if m.target == 0 or m.target > case.step))
    assert (case.state, held(somebody, code)) == (State.DONE, there)


@pytest.mark.parametrize(("code", "step", "moved", "level"), FORCE.values(), ids=FORCE)
def test_before_that_step_it_is_taken_back_as_ever(
    code: str, step: str, moved: str, level: str, somebody: Person, offices: Offices
) -> None:
    case = walked(opened(somebody, offices, code), offices, until=step)
    terminate(by=whose(case, offices), case=case.pk, seen=case.entries, because="情况变了")
    case.refresh_from_db()
    assert (case.state, fact(somebody, moved), held(somebody, code)) == (State.TERMINATED, False, [ORIGIN])


@pytest.mark.parametrize("after", [True, False], ids=["生效以后", "生效以前"])
@pytest.mark.parametrize("told", FORCE.values(), ids=FORCE)
def test_a_death_ends_it_and_undoes_nothing(
    told: tuple[str, str, str, str], after: bool, somebody: Person, offices: Offices
) -> None:
    code, step, _, level = told
    case = walked(opened(somebody, offices, code), offices, until=step, after=after)
    police = offices.at("public_security", "township", place_at(DESTINATION, "township"))
    end_person(by=police, person=str(somebody.pk), on=today(), because="death")
    case.refresh_from_db()
    with everything():
        last = Entry.objects.unscoped().filter(case=case).latest("seq")
        said = Logged.objects.filter(object_kind="case", object_id=str(case.pk)).latest("pk")
    assert held(somebody, code)[:-1] == [ORIGIN, *([place_at(DESTINATION, level)] if after else [])]
    assert (case.state, last.target) == ((State.DONE, 0) if after else (State.TERMINATED, -1))
    assert ("已经生效的不变" in last.told.reveal()) is after
    assert said.action == ("cases.move" if after else "cases.terminate")


def test_what_follows_from_a_hukou_follows_on_the_very_day(somebody: Person, offices: Offices) -> None:
    fit(str(somebody.pk), "transfer_assistance_by_letter")
    with everything():
        put_facts(kind="person", subject=str(somebody.pk), facts={"hukou_moved": False})
    case = walked(opened(somebody, offices, "move_hukou"), offices, until="登记落户")
    civil = offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))
    money = open_case(
        by=civil, procedure="transfer_assistance_by_letter", subject=str(somebody.pk), applied_on=BEGUN, how="电话"
    )
    money = step_on(money, offices, "提交", on=BEGUN)
    with pytest.raises(Refused, match="迁出地管理"):
        step_on(money, offices, "报送名单")
    case = walked(case, offices, until="登记落户", after=True)
    assert (case.state, step_on(money, offices, "报送名单").step) == (State.RUNNING, 3)
    before = followed(case)
    assert before, "what the hukou brings is tied to the case on that day"
    inside = browser(civil)
    assert f"因户口已迁（户口迁移，{today()}）" in inside.get(f"/people/{somebody.pk}/").content.decode()
    assert 'id="following"' in inside.get(f"/cases/{case.pk}/").content.decode()
    case = walked(case, offices)
    assert (case.state, followed(case)) == (State.DONE, before), "telling of it brings nothing more"


def test_who_moves_on_after_it_keeps_it_and_the_rest_is_done(somebody: Person, offices: Offices) -> None:
    case = walked(opened(somebody, offices, "move_hukou"), offices, until="登记落户", after=True)
    with everything():
        Person.objects.unscoped().filter(pk=somebody.pk).update(destination=ELSEWHERE)
    village = whose(case, offices)
    assert "人又搬了" not in browser(village).get(f"/cases/{case.pk}/").content.decode()
    assert walked(case, offices).state == State.DONE
    assert held(somebody, "move_hukou") == [ORIGIN, DESTINATION]


def test_of_many_each_takes_effect_or_stays(somebody: Person, village: Officer, offices: Offices) -> None:
    """One whose door has lost its number keeps no other from being registered."""
    case = walked(opened(somebody, offices, "move_hukou"), offices, until="登记落户")
    with everything():
        put_facts(kind="person", subject=str(somebody.pk), facts={"contracted_land": False})
    good = zhang_of(village, household(village, "5000000000000009"), name="李小二", order=9)
    other = walked(opened(good, offices, "move_hukou"), offices, until="登记落户")
    fields: dict[str, Value] = {"落户地址": "凤来村3组8号", "落户日": today().isoformat(), "户籍脱钩": True}
    cases = {one.pk: (one.entries, uuid4()) for one in (case, other)}
    told = take_steps(by=whose(case, offices), cases=cases, action="登记", fields=fields)
    assert "不适用" in told[case.pk]
    assert told[other.pk] == ""
    for one in (case, other):
        one.refresh_from_db()
    assert (case.in_force_at, case.step) == (None, 7)
    assert (other.in_force_at is not None, other.step) == (True, 8)
    assert (fact(somebody, "hukou_moved"), fact(good, "hukou_moved")) == (False, True)


FORMER = {"证明缺失": "unproven", "另有第三处身份": "elsewhere"}


@pytest.mark.parametrize("what", FORMER)
def test_a_doubtful_former_membership_waits_until_it_is_settled(what: str, somebody: Person, offices: Offices) -> None:
    """The origin's answer is on record with the step, and is asked of nobody a second time (domain 1.3)."""
    case = walked(opened(somebody, offices, "confirm_membership"), offices, until="核对原身份")
    assert owed(somebody) == {"check_former_membership"}
    case = step_on(case, offices, f"{what}，退回核实", on=BEGUN)
    assert (fact(somebody, "former_membership"), owed(somebody)) == (FORMER[what], {"settle_former_membership"})
    case = step_on(case, offices, "受理", on=BEGUN)
    with pytest.raises(Refused, match="“原身份核对”是“人工核实”"):
        step_on(case, offices, "身份属实", on=BEGUN)
    settled(offices, somebody, "confirmed")
    case = step_on(case, offices, "身份属实", on=BEGUN)
    assert (case.step, owed(somebody), fact(somebody, "former_membership")) == (4, set(), "confirmed")


@pytest.mark.parametrize(("until", "action"), [("会议通知", "通知并定下表决名单"), ("表决", "三分之二以上同意")])
@pytest.mark.parametrize("doubt", [*FORMER.values(), "unchecked", "confirmed"])
def test_what_becomes_doubtful_later_is_not_voted_on(
    doubt: str, until: str, action: str, somebody: Person, offices: Offices
) -> None:
    case = walked(opened(somebody, offices, "confirm_membership"), offices, until=until)
    settled(offices, somebody, doubt)
    if doubt == "confirmed":
        assert step_on(case, offices, action, on=ready(case, BEGUN)).step > case.step
        return
    with pytest.raises(Refused, match=r"“原身份核对”是“(人工核实|应核对)”"):
        step_on(case, offices, action, on=ready(case, BEGUN))
    case.refresh_from_db()
    assert held(somebody, "confirm_membership") == [ORIGIN]


def settled(offices: Offices, person: Person, how: str) -> None:
    by = offices.at("agriculture", "township", place_at(DESTINATION, "township"))
    record_facts(by=by, kind="person", subject=str(person.pk), facts={"former_membership": how})


def owed(person: Person) -> set[str]:
    """What is owed about the former membership."""
    kinds_of = ("check_former_membership", "settle_former_membership")
    with everything():
        found = Duty.objects.unscoped().owed().filter(subject_id=str(person.pk), kind__in=kinds_of)
        return set(found.values_list("kind", flat=True))


def test_what_one_applies_for_is_what_one_has_chosen(somebody: Person, offices: Offices) -> None:
    """Who has a right to both and writes one of them is not asked once more (domain I8)."""
    with everything():
        put_facts(kind="person", subject=str(somebody.pk), facts={"address_assigned": True})
    case = opened(somebody, offices, "move_hukou")
    with everything():
        put_facts(kind="person", subject=str(somebody.pk), facts={"lives_at_site": True})
    step_on(case, offices, "窗口提交", on=BEGUN, 落户选择="street_address")
    assert fact(somebody, "hukou_choice") == "street_address"


WALLS = {
    "生效抹掉": "in_force_at = NULL",
    "生效改日子": "in_force_at = '2020-01-01 00:00:00+00:00'",
    "生效了又撤回": "state = 'withdrawn', step = 0, closed_at = opened_at",
    "生效了又终止": "state = 'terminated', step = 0, closed_at = opened_at",
}


@pytest.mark.parametrize("change", WALLS.values(), ids=WALLS)
def test_the_database_refuses(change: str, somebody: Person, offices: Offices) -> None:
    case = walked(opened(somebody, offices, "move_hukou"), offices, until="登记落户", after=True)
    statement = f"UPDATE cases_case SET {change}, entries = entries + 1 WHERE in_force_at IS NOT NULL"
    wall = pytest.raises(IntegrityError, match="case_in_force_stays")
    with everything(), connection.cursor() as cursor, wall, transaction.atomic():
        cursor.execute(statement)
    with everything():
        duty = Duty.objects.unscoped().earliest("pk")
        Consequence.objects.unscoped().get_or_create(case=case, duty=duty)


@pytest.mark.parametrize("dies", [False, True], ids=["办完", "其间去世"])
@pytest.mark.parametrize("told", FORCE.values(), ids=FORCE)
def test_one_of_earlier_pages_ends_by_them_and_is_not_taken_back_either(
    told: tuple[str, str, str, str],
    dies: bool,
    somebody: Person,
    offices: Offices,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was pinned to what moves only at the end, and stands behind the step that has legal effect."""
    code, step, moved, level = told
    older = before_force(code)
    with monkeypatch.context() as then:
        then.setattr(opening, "guideline", lambda: older)
        case = opened(somebody, offices, code)
    assert case.version_id == older.version
    case = walked(case, offices, until=step, after=True)
    assert (case.in_force_at, fact(somebody, moved), held(somebody, code)) == (None, False, [ORIGIN])
    by = whose(case, offices)
    with pytest.raises(Refused, match="不能撤回；余下的照办"):
        withdraw(by=by, case=case.pk, seen=case.entries, how="电话")
    with pytest.raises(Refused, match="不能终止；余下的照办"):
        terminate(by=by, case=case.pk, seen=case.entries, because="我村不同意")
    if dies:
        police = offices.at("public_security", "township", place_at(DESTINATION, "township"))
        end_person(by=police, person=str(somebody.pk), on=today(), because="death")
        case.refresh_from_db()
        assert (case.state, held(somebody, code)) == (State.TERMINATED, [ORIGIN, ""]), "as its own pages say"
        return
    case = walked(case, offices)
    there = [ORIGIN, place_at(DESTINATION, level)]
    assert (case.state, fact(somebody, moved), held(somebody, code)) == (State.DONE, True, there)
