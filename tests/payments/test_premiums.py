"""Premiums that the government pays: who is due, by whom approved, once a person and year; one winner, on both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection

from anju.duties.evaluate import look_again
from anju.duties.models import CountyValue, Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve, draw_up, withdraw
from anju.payments.due import counted, due, no_longer_due, shares
from anju.payments.models import Batch, Premium, Scheme
from anju.policy.model import Fact
from anju.register.actions import (
    create_household,
    end_person,
    join_household,
    leave_household,
    move_relation,
    record_facts,
)
from anju.register.facts import facts_of, today
from anju.register.models import Person, Relation
from anju.register.verification import verify
from tests.payments.bills import insured
from tests.payments.cast import earlier
from tests.race import race
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk, household, zhang

D = Decimal
FACTS: Mapping[str, Fact] = {
    "relocatee_kind": "registered_poor",
    "pension_status": "contributing",
    "premium_paid": False,
    "assistance_kind": "dibao",
}


def social(account: str, region: str = YUNYANG) -> Officer:
    """An officer of 人社."""
    return clerk(account, region, "county", "human_resources")


def contributor(
    by: Officer,
    *,
    order: int = 1,
    code: str = "5000000000000001",
    name: str = "张青山",
    holder: str = DESTINATION,
    **facts: Fact | None,
) -> Person:
    """Somebody of forty whose old-age insurance lies at a place."""
    known = {k: v for k, v in {**FACTS, **facts}.items() if v is not None}
    person = zhang(by, household(by, code), name=name, order=order, facts=known)
    with everything():
        Relation.objects.create(
            person=person, kind="pension", holder=holder, since=today().replace(month=1, day=1), because="recorded"
        )
    return person


@pytest.fixture
def first(db: None) -> Officer:
    return social("first")


@pytest.fixture
def second(db: None) -> Officer:
    return social("second")


@pytest.fixture
def payer(village: Officer) -> Person:
    return looked_at(contributor(village))


def looked_at(person: Person) -> Person:
    """Evaluated with the relation that was written round the actions."""
    look_again("person", [str(person.pk)])
    return person


def owed(person: Person, scheme: Scheme = Scheme.PENSION) -> bool:
    with everything():
        return Duty.objects.unscoped().owed().filter(subject_id=str(person.pk), kind=scheme.duty).exists()


def paid(person: Person) -> object:
    with everything():
        return facts_of("person", str(person.pk), on=today()).get("premium_paid")


def listed(batch: Batch) -> Sequence[tuple[str, str, Decimal, Decimal]]:
    with everything():
        rows = Premium.objects.unscoped().filter(batch=batch).select_related("person")
        return [(row.person.name, row.group, row.state, row.own) for row in rows]


def sound() -> bool:
    return not [sentence for sentence, n in verify().items() if n]


def test_who_is_due_is_paid_once_another_officer_agrees(first: Officer, second: Officer, payer: Person) -> None:
    assert owed(payer)
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    assert listed(batch) == [("张青山", "低保", D("100.00"), D("0.00"))]
    assert (owed(payer), paid(payer)) == (True, False), "nothing is paid yet"
    with pytest.raises(Refused, match="另一位干部"):
        approve(by=first, batch=batch.pk)
    approve(by=second, batch=batch.pk)
    assert (owed(payer), paid(payer)) == (False, True)
    with pytest.raises(Refused, match="复核过"):
        approve(by=second, batch=batch.pk)
    assert sound()


def test_who_has_died_or_need_not_be_paid_for_since_is_left_out(
    first: Officer, second: Officer, village: Officer
) -> None:
    dead, employed, other = (
        looked_at(contributor(village, order=order, code=code, name=name))
        for order, code, name in ((1, "1", "张青山"), (3, "3", "李二"), (5, "5", "王五"))
    )
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    police = clerk("police", KAIZHOU, "county", "public_security")
    end_person(by=police, person=str(dead.pk), on=today(), because="death")
    record_facts(by=first, kind="person", subject=str(employed.pk), facts={"pension_status": "employee"})
    with everything():
        assert no_longer_due(batch, [str(one.pk) for one in (dead, employed, other)]) == {
            str(dead.pk),
            str(employed.pk),
        }
    approved = approve(by=second, batch=batch.pk)
    assert set(approved.left_out) == {str(dead.pk), str(employed.pk)}
    assert [name for name, *_ in listed(batch)] == ["王五"]
    assert (paid(employed), paid(other)) == (False, True)
    assert sound()


def test_a_batch_of_whom_nobody_is_due_any_more_is_not_approved(first: Officer, second: Officer, payer: Person) -> None:
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    police = clerk("police", KAIZHOU, "county", "public_security")
    end_person(by=police, person=str(payer.pk), on=today(), because="death")
    with pytest.raises(Refused, match="请撤回这一批"):
        approve(by=second, batch=batch.pk)
    assert [name for name, *_ in listed(batch)] == ["张青山"]


def test_next_year_it_is_due_again(first: Officer, second: Officer, payer: Person) -> None:
    approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk)
    next_year = today().replace(year=today().year + 1, month=1, day=1)
    assert facts_of("person", str(payer.pk), on=next_year)["premium_paid"] is False


def test_a_batch_that_is_given_up_leaves_everybody_due(first: Officer, payer: Person) -> None:
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=first, scheme="pension", county=YUNYANG)
    withdraw(by=first, batch=batch.pk)
    assert owed(payer)
    assert listed(draw_up(by=first, scheme="pension", county=YUNYANG))


def test_a_county_s_share_by_group(first: Officer, payer: Person, village: Officer) -> None:
    CountyValue.objects.create(
        county=YUNYANG, parameter="代缴标准", value=D(200), since=today(), basis="云阳人社发〔2026〕2号"
    )
    CountyValue.objects.create(
        county=YUNYANG, parameter="代缴比例低保", value=D("62.5"), since=today(), basis="云阳人社发〔2026〕2号"
    )
    unknown = looked_at(contributor(village, order=3, code="3", assistance_kind=None))
    with everything():
        found = due(Scheme.PENSION, YUNYANG, today().year)
    assert found.unknown == [str(unknown.pk)], "whose group is not known is not guessed where it matters"
    assert listed(draw_up(by=first, scheme="pension", county=YUNYANG)) == [("张青山", "低保", D("125.00"), D("75.00"))]


@pytest.mark.parametrize("apart", [False, True], ids=["各类一样", "低保另定"])
def test_the_database_counts_what_would_be_listed(first: Officer, village: Officer, apart: bool) -> None:
    if apart:
        CountyValue.objects.create(
            county=YUNYANG, parameter="代缴比例低保", value=D("62.5"), since=today(), basis="云阳人社发〔2026〕2号"
        )
    for order, kind in enumerate(("dibao", "dibao", "tekun", "other", "none", None), start=11):
        looked_at(contributor(village, order=order, code=str(order), assistance_kind=kind))
    with everything():
        found = due(Scheme.PENSION, YUNYANG, today().year)
        told = counted(Scheme.PENSION, YUNYANG, today().year, shares(Scheme.PENSION, YUNYANG, today().year))
    assert told.of_group == Counter(share.group for share in found.shares.values())
    assert told.of_group == {"低保": 2, "特困": 1, "贫困人员": 2 if apart else 3}
    assert told.unknown == len(found.unknown) == (1 if apart else 0)
    assert (told.by_hukou, told.first) == (0, [])


def test_where_all_groups_get_the_same_the_group_need_not_be_known(first: Officer, village: Officer) -> None:
    looked_at(contributor(village, assistance_kind=None))
    assert listed(draw_up(by=first, scheme="pension", county=YUNYANG)) == [("张青山", "贫困人员", D(100), D(0))]


def test_enrolment_aid_waits_for_its_figures(village: Officer) -> None:
    one, other = (clerk(name, YUNYANG, "county", "medical_security") for name in ("one", "other"))
    person = looked_at(insured(village))
    assert owed(person, Scheme.MEDICAL)
    with pytest.raises(Refused, match="“居民医保个人缴费一档”"):
        draw_up(by=one, scheme="medical", county=YUNYANG)
    for name, value in (("居民医保个人缴费一档", 400), ("参保资助比例低保", 70)):
        CountyValue.objects.create(county=YUNYANG, parameter=name, value=D(value), since=today(), basis="公布的标准")
    batch = draw_up(by=one, scheme="medical", county=YUNYANG)
    assert listed(batch) == [("张青山", "低保", D("280.00"), D("120.00"))]
    approve(by=other, batch=batch.pk)
    assert not owed(person, Scheme.MEDICAL)
    assert facts_of("person", str(person.pk), on=today())["medical_aided"] is True


def test_who_moves_is_paid_by_one_place_only(first: Officer, second: Officer, payer: Person, village: Officer) -> None:
    there, too = social("there", KAIZHOU), social("too", KAIZHOU)
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=there, scheme="pension", county=KAIZHOU)
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    move_relation(by=there, person=str(payer.pk), kind="pension", holder=ORIGIN, since=today())
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=too, scheme="pension", county=KAIZHOU)
    approve(by=second, batch=batch.pk)
    assert paid(payer) is True
    assert not owed(payer)


def test_of_a_split_household_everybody_is_paid_once(
    first: Officer, second: Officer, payer: Person, village: Officer
) -> None:
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    earlier(payer)
    leave_household(by=village, person=str(payer.pk), until=today(), because="拆户")
    home = create_household(by=village, household_code="3", origin=ORIGIN, destination=DESTINATION)
    join_household(by=village, person=str(payer.pk), household=str(home.pk), relation="户主", since=today())
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=second, scheme="pension", county=YUNYANG)
    approve(by=second, batch=batch.pk)
    assert sound()


def test_only_the_county_s_own_line_pays_or_sees(first: Officer, payer: Person, village: Officer) -> None:
    batch = draw_up(by=first, scheme="pension", county=YUNYANG)
    for who in (village, social("there", KAIZHOU), clerk("medical", YUNYANG, "county", "medical_security")):
        with pytest.raises(Refused):
            draw_up(by=who, scheme="pension", county=YUNYANG)
        for deed in (approve, withdraw):
            with pytest.raises(Refused, match="没有这一条"):
                deed(by=who, batch=batch.pk)
        assert not Batch.objects.visible_to(who, purpose="经办").exists()
        assert not Premium.objects.visible_to(who, purpose="经办").exists()


def test_sixteen_draw_up_one_batch(own_database: str) -> None:
    village, officers = clerk("village"), [social(f"s{n}") for n in range(16)]
    person = looked_at(contributor(village))
    found = race(16, lambda number: draw_up(by=officers[number], scheme="pension", county=YUNYANG))
    assert (found.won, found.only_raised(Refused)) == (1, True)
    with everything():
        assert Premium.objects.unscoped().filter(person=person).count() == 1


def test_approved_or_given_up_and_never_both(own_database: str) -> None:
    village, officers = clerk("village"), [social(f"s{n}") for n in range(17)]
    person = looked_at(contributor(village))
    batch = draw_up(by=officers[16], scheme="pension", county=YUNYANG)

    def run(number: int) -> bool:
        (withdraw if number % 2 else approve)(by=officers[number], batch=batch.pk)
        return True

    found = race(16, run)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    assert paid(person) is not owed(person)
    assert sound()


def premium(batch: Batch, person: Person, **given: object) -> object:
    whole = {
        "scheme": batch.scheme,
        "year": batch.year,
        "group": "低保",
        "standard": D(100),
        "state": D(100),
        "own": D(0),
        **given,
    }
    Premium(batch=batch, person=person, **whole).save(force_insert=True)
    return None


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def other(of: Batch, **given: object) -> Batch:
    """A batch of the other county."""
    whole = {"scheme": "pension", "county": KAIZHOU, "year": of.year, "asked_by": of.asked_by, **given}
    return Batch.objects.create(**whole)


def somebody() -> Person:
    return Person.objects.create(name="李二", destination=DESTINATION)


ATTACKS: dict[str, Callable[[Batch, Person], object]] = {
    "别处再代缴一次": lambda b, p: premium(other(b), p),
    "改金额": lambda b, p: raw("UPDATE payments_premium SET state = 1, own = 9999"),
    "从复核过的一批里抽人": lambda b, p: raw("DELETE FROM payments_premium"),
    "往复核过的一批里加人": lambda b, p: premium(b, somebody()),
    "删掉复核过的一批": lambda b, p: raw("DELETE FROM payments_batch"),
    "撤掉复核": lambda b, p: raw("UPDATE payments_batch SET approved_at = NULL, approved_by_id = NULL"),
    "一提出就复核": lambda b, p: other(b, approved_by=b.approved_by, approved_at=b.asked_at),
    "自己复核": lambda b, p: (
        premium(of := other(b), somebody()),
        Batch.objects.unscoped().filter(pk=of.pk).update(approved_by=b.asked_by, approved_at=b.asked_at),
    ),
    "空的一批也复核": lambda b, p: (
        Batch.objects.unscoped().filter(pk=other(b).pk).update(approved_by=b.approved_by, approved_at=b.asked_at)
    ),
    "两部分不等于标准": lambda b, p: premium(other(b), somebody(), own=D(1)),
    "别的年份": lambda b, p: premium(other(b), p, year=2020),
    "别的种类": lambda b, p: premium(other(b), p, scheme="medical"),
    "两批等着": lambda b, p: (other(b), other(b)),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(
    first: Officer, second: Officer, payer: Person, attack: Callable[[Batch, Person], object]
) -> None:
    batch = approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk).batch
    with pytest.raises(IntegrityError):
        carried_out(attack, batch, payer)


def carried_out(attack: Callable[[Batch, Person], object], batch: Batch, person: Person) -> None:
    with everything():
        attack(batch, person)
        connection.check_constraints()


def test_what_the_attacks_begin_with_is_allowed(first: Officer, second: Officer, payer: Person) -> None:
    with everything():
        batch = Batch.objects.create(scheme="pension", county=KAIZHOU, year=today().year, asked_by=first)
        premium(batch, payer)
        assert Batch.objects.unscoped().filter(pk=batch.pk).update(approved_by=second, approved_at=batch.asked_at) == 1
