"""Whose duties, in which order, how late: what an officer sees of them, and what not."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from anju.calendar.deadlines import due_on
from anju.duties.actors import reaches, recorders
from anju.duties.clocks import Clocks, last_day, states
from anju.duties.models import CountyValue, Duty
from anju.duties.owed import length_of
from anju.duties.queries import Asked, Desk, Shown
from anju.duties.versions import keep
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.model import DutyKind
from anju.register.actions import create_site, record_facts
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.duties.conftest import FACTS
from tests.duties.test_evaluate import owed
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, zhang

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def a_duty_of_every_kind(*days: date, destination: str = DESTINATION) -> None:
    """One duty a kind and day, each of a subject of its own."""
    policy, now = guideline(), timezone.now()
    opened_by = {kind: (d.code, r.number) for d in policy.decisions.values() for r in d.rows for kind in r.duties}
    keep(policy, TODAY)
    rows = [
        Duty(
            subject_kind="person",
            subject_id=f"{kind.code[:20]}-{at}-{destination[:6]}",
            kind=kind.code,
            decision=opened_by[kind.code][0],
            row=opened_by[kind.code][1],
            clause=kind.clause,
            strength=kind.strength,
            origin=ORIGIN,
            destination=destination,
            insured=ORIGIN,
            opened_on=day,
            opened_at=now,
            counts_from=None if at == len(days) else day,
            version_id=policy.version,
        )
        for kind in policy.duties.values()
        for at, day in enumerate((*days, TODAY))
    ]
    with everything():
        Duty.objects.bulk_create(rows)


def kinds(shown: list[Shown]) -> set[str]:
    return {one.duty.kind for one in shown}


DAYS = tuple(
    TODAY - timedelta(days=n) for n in (0, 1, 3, 7, 10, 22, 23, 24, 25, 29, 30, 31, 37, 38, 60, 62, 63, 64, 365, 800)
)


def test_the_database_and_the_clock_tell_the_same_state(db: None) -> None:
    """For every kind, on days round every threshold, also where a county has a deadline of its own."""
    a_duty_of_every_kind(*DAYS)
    a_duty_of_every_kind(*DAYS, destination=f"{KAIZHOU[:6]}101201")
    for name, value in (("征询期限", 10), ("户口意愿摸底期限", 60)):
        CountyValue.objects.create(county=KAIZHOU, parameter=name, value=value, since=date(2020, 1, 1), basis="通知")
    clocks = Clocks(TODAY)
    with everything():
        duties = {duty.pk: duty for duty in Duty.objects.unscoped()}
        told = {
            state: set(Duty.objects.unscoped().filter(clocks.within(state)).values_list("pk", flat=True))
            for state in states
        }
        red = set(Duty.objects.unscoped().filter(clocks.within("overdue", "legal")).values_list("pk", flat=True))
    computed: dict[str, set[int]] = {state: set() for state in states}
    for pk, duty in duties.items():
        computed[clocks.of(duty).state].add(pk)
    assert told == computed
    assert sum(map(len, told.values())) == len(duties)
    assert red == {pk for pk in told["overdue"] if guideline().duties[duties[pk].kind].due_kind == "legal"}
    pairs = {(duties[pk].kind, duties[pk].counts_from, duties[pk].destination[:6]) for pk in told["overdue"]}
    asked = [{c for k, day, c in pairs if k == "ask_pension_wish" and day == DAYS[n]} for n in (10, 11)]
    assert asked == [{KAIZHOU[:6]}, {KAIZHOU[:6], YUNYANG[:6]}], (
        "30 days everywhere, 10 in 开州: overdue on the day after"
    )


@pytest.mark.parametrize("found", guideline().duties.values(), ids=lambda kind: kind.name)
def test_a_deadline_never_falls_when_its_beginning_rises(found: DutyKind) -> None:
    clocks = Clocks(TODAY)
    edition = clocks.counties.edition("")
    if found.deadline.kind == "none":
        return
    length = length_of(found.deadline, edition)
    due = [due_on(found.deadline, TODAY + timedelta(days=n), length) for n in range(-400, 400)]
    assert due == sorted(d for d in due if d is not None)
    last = last_day(found, edition, TODAY)
    before, after = (due_on(found.deadline, last + timedelta(days=n), length) for n in (0, 1))
    assert before is not None
    assert after is not None
    assert before < TODAY <= after


def test_nobody_is_late_with_what_may_be_done(db: None) -> None:
    a_duty_of_every_kind(TODAY - timedelta(days=2000))
    with everything():
        late = Duty.objects.unscoped().filter(Clocks(TODAY).within("overdue"))
        assert set(late.values_list("strength", flat=True)) == {"must", "principle"}


def test_a_post_has_the_duties_of_its_line_level_and_side(person: Person, village: Officer, pensions: Officer) -> None:
    own = Desk(village).mine()
    assert {duty.kind for duty in own} == {"ask_pension_wish"}
    assert not Desk(pensions).mine().exists(), "his pension is still in 开州"
    at_origin = clerk("origin", KAIZHOU, "county", "human_resources")
    assert {duty.kind for duty in Desk(at_origin).mine()} == {"pay_premium"}
    town = clerk("town", "500235104000", "township", "committee")
    assert not Desk(town).mine().exists()
    assert {duty.kind for duty in Desk(town).below()} == {"ask_pension_wish"}
    assert not Desk(clerk("other", "500235104000", "township", "culture")).below().exists()
    for stranger in (clerk("far", ELSEWHERE, "county", "human_resources"), clerk("next", "500235104205")):
        assert not Desk(stranger).mine().exists()
        assert Desk(stranger).of_subject("person", str(person.pk)) == []


def test_every_duty_is_somebody_s_and_every_blank_has_a_recorder() -> None:
    policy = guideline()
    found = {kind for line in Line for level in Level for reach in reaches(policy, line, level) for kind in reach.kinds}
    assert set(policy.duties) - found == {"appeal_voter_list"}, "the person's own right"
    assert all(recorders(policy, clause) for clause in policy.clauses)


def test_blanks_go_to_whoever_records_them(village: Officer, family: Household) -> None:
    blank = {k: v for k, v in FACTS.items() if k not in ("pension_wish",)}
    person = zhang(village, family, facts={**blank, "hukou_moved": True, "assistance_kind": "dibao"})
    duty = owed(str(person.pk))["fill_in"]
    assert "1.5 pension_wish" in duty.terms
    assert "1.7 " in duty.terms
    welfare = clerk("welfare", "500235104000", "township", "civil_affairs")
    here, there = Desk(village), Desk(welfare)
    assert duty in here.mine()
    assert duty in there.mine()
    (seen_here,), (seen_there,) = (
        [s for s in desk.of_subject("person", str(person.pk)) if s.duty.kind == "fill_in"] for desk in (here, there)
    )
    assert (seen_here.label, seen_here.who.split("、")[0]) == ("补录", "迁入·村社区·村居")
    assert dict(seen_here.blanks)["1.5"] == ("养老意愿",)
    assert "1.7" not in {clause for clause, names in seen_here.blanks if "救助迁移申请" in names}
    assert "1.7" in {clause for clause, _ in seen_there.blanks}
    assert "养老意愿" not in str(seen_there.blanks)


def test_reasons_are_for_the_lines_that_work_with_them(person: Person, village: Officer) -> None:
    roads = clerk("roads", YUNYANG, "county", "development")
    mine = {s.duty.kind: s for s in Desk(village).of_subject("person", str(person.pk))}
    theirs = {s.duty.kind: s for s in Desk(roads).of_subject("person", str(person.pk))}
    assert mine["ask_pension_wish"].reason == "养老关系去向：自愿选择（只能本人选）"
    assert theirs["ask_pension_wish"].reason == ""
    assert (mine["ask_pension_wish"].mine, theirs["ask_pension_wish"].mine) == (True, False)


@pytest.mark.parametrize(
    ("line", "clause", "seen"),
    [
        ("organisation", "1.2", True),
        ("committee", "1.2", True),
        ("civil_affairs", "1.2", False),
        ("medical_security", "1.6", True),
        ("organisation", "1.6", False),
        ("civil_affairs", "1.5", True),
    ],
)
def test_that_somebody_owes_a_duty_of_a_sealed_clause_is_itself_a_secret(
    db: None, line: str, clause: str, *, seen: bool
) -> None:
    a_duty_of_every_kind(TODAY)
    who = clerk("who", YUNYANG, "county", line)
    clauses = {duty.clause for duty in Duty.objects.visible_to(who, purpose="核对")}
    assert (clause in clauses) is seen
    assert Desk(who).numbers(Duty.objects.visible_to(who, purpose="核对")).clauses.get(clause, 0) == (
        sum(kind.clause == clause for kind in guideline().duties.values()) * 2 if seen else 0
    )


def test_a_site_s_duties_are_those_of_its_region(db: None) -> None:
    county = clerk("county", YUNYANG, "county", "civil_affairs")
    site = create_site(by=county, name="青山点", region=DESTINATION, facts={"persons": 1200})
    town = clerk("town", "500235104000", "township", "civil_affairs")
    record_facts(by=town, kind="site", subject=str(site.pk), facts={"has_service_station": False})
    assert "open_service_station" in {duty.kind for duty in Desk(town).mine()}
    assert "open_service_station" in {duty.kind for duty in Desk(county).below()}
    assert "open_service_station" not in {duty.kind for duty in Desk(county).mine()}


def test_pages_go_through_all_by_urgency(db: None) -> None:
    a_duty_of_every_kind(*DAYS)
    desk = Desk(clerk("who", DESTINATION, "village", "committee"))
    mine, key, rows = desk.mine(), "", list[Shown]()
    while True:
        page = desk.page(mine, after=key, size=7)
        assert len(page.rows) == 7 or not page.next
        rows += page.rows
        if not (key := page.next):
            break
    assert Counter(s.duty.pk for s in rows) == Counter(mine.values_list("pk", flat=True))
    order = [(states.index(s.clock.state), s.clock.due_kind if s.clock.state == "overdue" else "") for s in rows]
    urgency = {"legal": 0, "principle": 1, "internal": 2, "": 3}
    assert order == sorted(order, key=lambda key: (key[0], urgency[key[1]]))
    dated = [s.duty.counts_from for s in rows if s.clock.state == "soon"]
    assert dated == sorted(d for d in dated if d)


@pytest.mark.parametrize("key", ["x", "9", "0.昨天.1", "0..", "1.2026-01-01.x", "."])
def test_a_key_that_cannot_be_read_means_the_first_page(db: None, key: str) -> None:
    a_duty_of_every_kind(*DAYS)
    desk = Desk(clerk("who", DESTINATION, "village", "committee"))
    first = [s.duty.pk for s in desk.page(desk.mine()).rows]
    assert [s.duty.pk for s in desk.page(desk.mine(), after=key).rows] == first


@pytest.mark.parametrize(
    "asked",
    [
        Asked(clause="1.5"),
        Asked(kind="ask_pension_wish"),
        Asked(strength="may"),
        Asked(state="overdue"),
        Asked(state="soon"),
    ],
    ids=["条", "应办", "强度", "逾期", "快到期"],
)
def test_numbers_and_lists_agree(db: None, asked: Asked) -> None:
    a_duty_of_every_kind(*DAYS)
    desk = Desk(clerk("who", DESTINATION, "village", "committee"))
    found = desk.page(desk.mine(), asked, size=5000).rows
    numbers = desk.numbers(desk.mine())
    assert len(found) == desk.numbers(desk.chosen(desk.mine(), asked)).total
    assert sum(numbers.states.values()) == sum(numbers.kinds.values()) == sum(numbers.clauses.values()) == numbers.total
    if asked.state:
        assert numbers.states[asked.state] == len(found)
    if asked.state == "overdue":
        assert sum(numbers.overdue.values()) == len(found)
    if asked.clause:
        assert numbers.clauses[asked.clause] == len(found)


def test_a_household_s_duties_are_found_at_once(person: Person, family: Household, village: Officer) -> None:
    zhang(village, family, name="张二", order=3, relation="配偶", facts={**FACTS, "hukou_moved": True})
    found = Desk(village).of_household(family.pk)
    assert Counter(s.duty.kind for s in found) == {"ask_pension_wish": 2, "pay_premium": 2}
    assert [s.clock.state for s in found] == sorted((s.clock.state for s in found), key=states.index)
