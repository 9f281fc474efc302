"""一方隶属、多方活动: where party members take part beside their one affiliation, and what ends it. On both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from anju.government.models import Officer, never
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.register.actions import (
    begin_party_life,
    end_party_life,
    end_person,
    move_relation,
    record_facts,
    restore_person,
    withdraw_relation,
)
from anju.register.facts import facts_of
from anju.register.models import PartyLife, Person, Relation
from anju.register.verification import verify
from tests.race import race
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk, household, zhang

TODAY = timezone.localdate()
LONG_AGO, THEN, LATER = TODAY - timedelta(days=300), TODAY - timedelta(days=200), TODAY - timedelta(days=100)
NEIGHBOUR = f"{DESTINATION[:9]}999"
IN_ORDER = "党员不在隶属的地方另登记参加组织生活，同一处只登记一次"


@pytest.fixture
def organiser(db: None) -> Officer:
    return clerk("organiser", YUNYANG, "county", "organisation")


@pytest.fixture
def member(organiser: Officer) -> Person:
    return joined(clerk("village"))


def joined(village: Officer, *, is_member: bool | None = True) -> Person:
    return zhang(village, household(village), facts={"party_member": is_member, "party_moved": False})


def begin(by: Officer, person: Person, since: date = THEN, place: str = DESTINATION) -> PartyLife:
    return begin_party_life(by=by, person=str(person.pk), place=place, since=since, place_name="安居村党支部")


def untils(person: Person) -> list[date]:
    return list(
        PartyLife.objects.unscoped().filter(person=person).order_by("since", "pk").values_list("until", flat=True)
    )


def moves(by: Officer, person: Person, holder: str, since: date) -> Relation:
    because = "moved" if holder else "status"
    return move_relation(by=by, person=str(person.pk), kind="party", holder=holder, since=since, because=because)


def told(person: Person, on: date = TODAY) -> tuple[object, object]:
    facts = facts_of("person", str(person.pk), on=on)
    return facts.get("dual_life_registered"), facts.get("party_life_place")


def test_taking_part_is_no_second_affiliation(organiser: Officer, member: Person) -> None:
    begin(organiser, member)
    begin(organiser, member, place=NEIGHBOUR)
    held = Relation.objects.unscoped().filter(person=member, kind="party").last_steps()
    assert list(held.values_list("holder", flat=True)) == [ORIGIN]
    assert untils(member) == [never, never]
    assert told(member) == (True, "destination")
    deed = Entry.objects.filter(action="register.begin_party_life").order_by("pk").first()
    assert deed is not None
    assert DESTINATION in deed.detail
    assert deed.object_id == str(member.pk)


def test_who_says_so_from_which_day_on(organiser: Officer, member: Person) -> None:
    record_facts(
        by=organiser,
        kind="person",
        subject=str(member.pk),
        facts={"dual_life_registered": True, "party_life_place": "origin"},
    )
    assert told(member) == (True, "origin")
    row = begin(organiser, member)
    assert told(member, THEN) == (True, "destination")
    assert told(member, THEN - timedelta(days=1)) == (None, None)
    end_party_life(by=organiser, person=str(member.pk), row=str(row.pk), on=LATER, because="外出务工")
    assert told(member, LATER - timedelta(days=1)) == (True, "destination")
    assert told(member, LATER) == told(member) == (None, None)


REFUSED: dict[str, tuple[Callable[[Officer, Person], object], str]] = {
    "隶属的地方": (lambda by, p: begin(by, p, place=ORIGIN), "组织关系就在这个地方"),
    "别的区县": (lambda by, p: begin(by, p, place=ELSEWHERE), "就近就便"),
    "只写了区县": (lambda by, p: begin(by, p, place=YUNYANG), "就近就便"),
    "没有写地方": (lambda by, p: begin(by, p, place=""), "就近就便"),
    "还没到的日子": (lambda by, p: begin(by, p, since=TODAY + timedelta(days=1)), "不能晚于今天"),
    "两次登记": (lambda by, p: (begin(by, p), begin(by, p, since=LATER)), "已经登记"),
    "登记在已登记的前面": (lambda by, p: (begin(by, p), begin(by, p, since=LONG_AGO)), "已经登记"),
    "结束早于开始": (lambda by, p: ends(by, begin(by, p), THEN - timedelta(days=1)), "之间"),
    "结束在今天以后": (lambda by, p: ends(by, begin(by, p), TODAY + timedelta(days=1)), "之间"),
    "结束两次": (lambda by, p: (ends(by, row := begin(by, p), LATER), ends(by, row, TODAY)), "已经不参加"),
    "没有原因": (lambda by, p: ends(by, begin(by, p), LATER, because=" "), "为什么"),
    "写了证件号码": (lambda by, p: ends(by, begin(by, p), LATER, because="500154198005060015"), "证件号码"),
    "已经注销": (lambda by, p: (die(p), begin(by, p)), "已经注销"),
    "关系已经终止": (lambda by, p: (moves(by, p, "", LATER), begin(by, p)), "已经终止"),
}


def ends(by: Officer, row: PartyLife, on: date, *, because: str = "外出务工") -> PartyLife:
    end_party_life(by=by, person=str(row.person_id), row=str(row.pk), on=on, because=because)
    return row


def die(person: Person, on: date = LATER) -> Person:
    police = clerk("police", YUNYANG, "county", "public_security")
    end_person(by=police, person=str(person.pk), on=on, because="death")
    return person


@pytest.mark.parametrize(("deed", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused(deed: Callable[[Officer, Person], object], sentence: str, organiser: Officer, member: Person) -> None:
    with pytest.raises(Refused, match=sentence):
        deed(organiser, member)
    assert verify()[IN_ORDER] == 0


@pytest.mark.parametrize("is_member", [False, None], ids=["不是党员", "不知道是不是党员"])
def test_party_members_alone(organiser: Officer, is_member: bool | None) -> None:
    person = joined(clerk("village"), is_member=is_member)
    with pytest.raises(Refused, match="没有登记为党员"):
        begin(organiser, person)


WHO: dict[str, tuple[str, str, str, bool]] = {
    "迁入县组织": (YUNYANG, "county", "organisation", True),
    "迁出县组织": (KAIZHOU, "county", "organisation", True),
    "迁入镇组织": (f"{DESTINATION[:9]}000", "township", "organisation", True),
    "迁入村村居": (DESTINATION, "village", "committee", False),
    "迁入县民政": (YUNYANG, "county", "civil_affairs", False),
    "外县组织": (ELSEWHERE, "county", "organisation", False),
    "同县别的镇组织": (f"{YUNYANG[:6]}999000", "township", "organisation", False),
}


@pytest.mark.parametrize(("region", "level", "line", "may"), WHO.values(), ids=WHO)
def test_the_organisation_line_of_either_side(
    region: str, level: str, line: str, may: bool, organiser: Officer, member: Person
) -> None:
    row, by = begin(organiser, member), clerk("asked", region, level, line)
    deeds: list[Callable[[], object]] = [lambda: begin(by, member, place=NEIGHBOUR), lambda: ends(by, row, LATER)]
    for deed in deeds:
        if may:
            deed()
        else:
            with pytest.raises(Refused):
                deed()
    assert untils(member) == ([LATER, never] if may else [never])


COMES: dict[str, tuple[date, date]] = {
    "参加以后转来": (LATER, LATER),
    "参加当天转来": (THEN, THEN),
    "参加以前就转来了": (LONG_AGO, THEN),
}


@pytest.mark.parametrize(("since", "until"), COMES.values(), ids=COMES)
def test_the_affiliation_comes_and_was_a_mistake(since: date, until: date, organiser: Officer, member: Person) -> None:
    begin(organiser, member)
    begin(organiser, member, place=NEIGHBOUR)
    step = moves(organiser, member, DESTINATION, since)
    assert untils(member) == [until, never], "where the affiliation has not come, taking part goes on"
    assert verify()[IN_ORDER] == 0
    withdraw_relation(by=organiser, relation=str(step.pk), because="转错了人")
    assert untils(member) == [never, never]
    assert set(PartyLife.objects.unscoped().values_list("ended_at", flat=True)) == {None}


def test_one_that_was_left_is_not_given_back(organiser: Officer, member: Person) -> None:
    ends(organiser, begin(organiser, member), LATER)
    step = moves(organiser, member, DESTINATION, THEN + timedelta(days=9))
    assert untils(member) == [THEN + timedelta(days=9)]
    withdraw_relation(by=organiser, relation=str(step.pk), because="转错了人")
    assert untils(member) == [LATER]


def test_the_affiliation_comes_and_goes_and_comes_to_nothing(organiser: Officer, member: Person) -> None:
    begin(organiser, member, LONG_AGO)
    come = moves(organiser, member, DESTINATION, THEN)
    gone = moves(organiser, member, ORIGIN, LATER)
    begin(organiser, member, TODAY)
    assert untils(member) == [THEN, never]
    withdraw_relation(by=organiser, relation=str(gone.pk), because="转错了人")
    assert untils(member) == [THEN, TODAY], "the second one is void: by then the affiliation was there"
    withdraw_relation(by=organiser, relation=str(come.pk), because="转错了人")
    assert untils(member) == [TODAY, never], "the first one goes on until the second one"


def test_one_that_was_registered_by_mistake_ends_no_other(organiser: Officer, member: Person) -> None:
    begin(organiser, member, LONG_AGO)
    come = moves(organiser, member, DESTINATION, THEN)
    gone = moves(organiser, member, ORIGIN, LATER)
    ends(organiser, begin(organiser, member, TODAY), TODAY)
    for step in (gone, come):
        withdraw_relation(by=organiser, relation=str(step.pk), because="转错了人")
    assert untils(member) == [never, TODAY]
    assert verify()[IN_ORDER] == 0


DIES: dict[str, tuple[date, date]] = {
    "参加以后": (LATER, LATER),
    "参加当天": (THEN, THEN),
    "参加以前": (LONG_AGO, THEN),
}


@pytest.mark.parametrize(("on", "until"), DIES.values(), ids=DIES)
@pytest.mark.parametrize("affiliated", [True, False], ids=["关系已登记", "关系没登记"])
def test_death_and_a_mistaken_one(affiliated: bool, on: date, until: date, organiser: Officer, member: Person) -> None:
    if not affiliated:
        with everything():
            Relation.objects.unscoped().filter(person=member, kind="party").delete()
    begin(organiser, member)
    ended = begin(organiser, member, place=NEIGHBOUR)
    ends(organiser, ended, TODAY)
    die(member, on)
    assert untils(member) == [until, until]
    assert verify()["注销了的人不再参加组织生活"] == 0
    police = Officer.objects.get(account="police")
    restore_person(by=police, person=str(member.pk), because="同名同姓，登记错了人")
    assert untils(member) == [never, TODAY]


def test_leaving_the_party_ends_it(organiser: Officer, member: Person) -> None:
    begin(organiser, member)
    step = moves(organiser, member, "", LATER)
    assert untils(member) == [LATER]
    withdraw_relation(by=organiser, relation=str(step.pk), because="登记错了")
    assert untils(member) == [never]


def test_what_was_known_then_is_known_later(organiser: Officer, member: Person) -> None:
    before = timezone.now()
    row = begin(organiser, member)
    between = timezone.now()
    ends(organiser, row, LATER)
    asked = [facts_of("person", str(member.pk), on=TODAY, at=at) for at in (before, between, timezone.now())]
    assert [facts.get("dual_life_registered") for facts in asked] == [None, True, None]


def attacked(statement: str) -> None:
    with everything(), connection.cursor() as cursor:
        cursor.execute(statement)


ATTACKS: dict[str, Callable[[Person], str]] = {
    "隶属的地方": lambda p: _insert(p, ORIGIN, THEN, never),
    "同一处两次": lambda p: _insert(p, DESTINATION, LATER, never),
    "同一处重叠": lambda p: _insert(p, DESTINATION, LONG_AGO, LATER),
    "日子倒着走": lambda p: _insert(p, NEIGHBOUR, LATER, THEN),
    "不是代码": lambda p: _insert(p, "云阳", THEN, never),
    "说了不再参加还在参加": lambda p: f"UPDATE register_partylife SET left_on = '{LATER}'",
    "改到隶属的地方": lambda p: f"UPDATE register_partylife SET place = '{ORIGIN}'",
}


def _id(text: str) -> str:
    return f"'{text}'" if connection.vendor == "sqlite" else f"'{text}'::uuid"


def _insert(person: Person, place: str, since: date, until: date) -> str:
    return (
        "INSERT INTO register_partylife (person_id, place, place_name, since, until, evidence, recorded_at) VALUES "
        f"({_id(person.pk.hex)}, '{place}', '', '{since}', '{until}', '', '2026-01-01 00:00:00')"
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_statement_gets_past_the_database(attack: str, organiser: Officer, member: Person) -> None:
    begin(organiser, member)
    with pytest.raises(IntegrityError):
        attacked(ATTACKS[attack](member))


FAULTS: dict[str, Callable[[Person], str]] = {
    "隶属的地方": lambda p: _insert(p, ORIGIN, LONG_AGO, never),
    "同一处重叠": lambda p: _insert(p, DESTINATION, LONG_AGO, LATER),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_the_night_finds_what_no_database_held(
    fault: Callable[[Person], str], organiser: Officer, member: Person
) -> None:
    begin(organiser, member)
    assert verify()[IN_ORDER] == 0
    drops = (
        [
            f"DROP TRIGGER {name}"
            for name in (
                "party_life_no_overlap_INSERT",
                "party_life_no_overlap_UPDATE",
                "party_life_beside_affiliation",
            )
        ]
        if connection.vendor == "sqlite"
        else [
            "SET CONSTRAINTS ALL IMMEDIATE",
            "ALTER TABLE register_partylife DROP CONSTRAINT party_life_no_overlap",
            "DROP TRIGGER party_life_beside_affiliation ON register_partylife",
        ]
    )
    for statement in (*drops, fault(member)):
        attacked(statement)
    assert verify()[IN_ORDER] == 1


def test_one_of_sixteen_begins(own_database: str) -> None:
    by = clerk("organiser", YUNYANG, "county", "organisation")
    person = joined(clerk("village"))
    ran = race(16, lambda number: begin(by, person, THEN + timedelta(days=number)))
    assert ran.won == 1
    assert ran.only_raised(Refused)
    with everything():
        assert untils(person) == [never]


def test_beginning_and_the_affiliation_that_comes(own_database: str) -> None:
    by = clerk("organiser", YUNYANG, "county", "organisation")
    person = joined(clerk("village"))

    def run(number: int) -> object:
        return begin(by, person) if number % 2 else moves(by, person, DESTINATION, LATER)

    ran = race(8, run)
    assert ran.only_raised(Refused)
    with everything():
        assert never not in untils(person)
    assert verify()[IN_ORDER] == 0


def test_beginning_and_the_affiliation_that_comes_back(own_database: str) -> None:
    by = clerk("organiser", YUNYANG, "county", "organisation")
    person = joined(clerk("village"))
    moves(by, person, ORIGIN, LONG_AGO)
    step = moves(by, person, DESTINATION, THEN)

    def run(number: int) -> object:
        if number:
            return begin(by, person, LATER, ORIGIN)
        withdraw_relation(by=by, relation=str(step.pk), because="登记错了")
        return True

    ran = race(2, run)
    assert ran.only_raised(Refused), ran.raised
    with everything():
        assert never not in untils(person)
    assert verify()[IN_ORDER] == 0
