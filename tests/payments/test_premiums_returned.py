"""A premium that did not arrive or was wrong is returned by two officers, and is due again; one a year stands, on both engines."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.actions import approve, ask_return, confirm_return, draw_up, withdraw_return
from anju.payments.actions.returning import most
from anju.payments.models import Batch, Premium
from anju.policy.model import Fact
from anju.register.actions import record_facts
from anju.register.facts import facts_frame, facts_of, today
from anju.register.models import Person
from tests.payments.cast import Clock
from tests.payments.test_premiums import contributor, listed, looked_at, owed, paid, social, sound
from tests.payments.test_premiums_late import LAST, MONDAY, SIXTY, insured, named, over
from tests.payments.test_premiums_paid_elsewhere import listed as told
from tests.race import race
from tests.register.cast import KAIZHOU, YUNYANG, clerk

WHY = "社保经办机构说没有到账"


@pytest.fixture
def first(db: None) -> Officer:
    return social("first")


@pytest.fixture
def second(db: None) -> Officer:
    return social("second")


@pytest.fixture
def payer(village: Officer) -> Person:
    return looked_at(contributor(village))


@pytest.fixture
def batch(first: Officer, second: Officer, payer: Person) -> Batch:
    """张青山's premium was approved."""
    return approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk).batch


def of(batch: Batch) -> list[int]:
    with everything():
        return list(Premium.objects.unscoped().filter(batch=batch).order_by("person_id").values_list("pk", flat=True))


def asked(by: Officer, batch: Batch) -> Sequence[int]:
    ask_return(by=by, batch=batch.pk, premiums=of(batch), because=WHY)
    return of(batch)


def returned(one: Officer, other: Officer, batch: Batch) -> None:
    confirm_return(by=other, batch=batch.pk, premiums=asked(one, batch))


def test_a_premium_that_did_not_arrive_is_returned_by_two_and_paid_again(
    first: Officer, second: Officer, payer: Person, batch: Batch
) -> None:
    keys = asked(first, batch)
    assert (owed(payer), paid(payer)) == (False, True), "nothing is returned yet"
    with pytest.raises(Refused, match="请另一位干部复核"):
        confirm_return(by=first, batch=batch.pk, premiums=keys)
    confirm_return(by=second, batch=batch.pk, premiums=keys)
    assert (owed(payer), paid(payer)) == (True, False)
    again = approve(by=first, batch=draw_up(by=second, scheme="pension", county=YUNYANG).pk).batch
    assert (owed(payer), paid(payer)) == (False, True)
    assert listed(again) == listed(batch), "the first one stays as it was"
    assert sound()
    deeds = Entry.objects.filter(object_id=str(batch.pk), action__contains="return").order_by("pk")
    assert [(entry.action, json.loads(entry.detail)["people"]) for entry in deeds] == [
        ("payments.ask_return", [str(payer.pk)]),
        ("payments.confirm_return", [str(payer.pk)]),
    ]


def test_the_returned_one_cannot_be_returned_twice_but_the_next_one_can(
    first: Officer, second: Officer, payer: Person, batch: Batch
) -> None:
    returned(first, second, batch)
    again = approve(by=first, batch=draw_up(by=second, scheme="pension", county=YUNYANG).pk).batch
    with pytest.raises(Refused, match="刚刚有人办过"):
        asked(first, batch)
    returned(second, first, again)
    assert owed(payer)
    with everything():
        assert Premium.objects.unscoped().filter(person=payer).count() == 2
    assert sound()


def test_what_is_not_returned_after_all_stands(first: Officer, second: Officer, payer: Person, batch: Batch) -> None:
    withdraw_return(by=second, batch=batch.pk, premiums=asked(first, batch))
    assert (owed(payer), paid(payer)) == (False, True)
    with pytest.raises(Refused, match="刚刚有人办过"):
        confirm_return(by=second, batch=batch.pk, premiums=of(batch))
    returned(first, second, batch)
    assert owed(payer)


def test_only_the_ticked_ones_are_returned(first: Officer, second: Officer, village: Officer) -> None:
    people = [looked_at(contributor(village, order=n, code=str(n), name=f"李{n}")) for n in (11, 13, 15)]
    made = approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk).batch
    one, two, _ = of(made)
    ask_return(by=first, batch=made.pk, premiums=[one, two], because=WHY)
    confirm_return(by=second, batch=made.pk, premiums=[two])
    assert sum(map(owed, people)) == 1
    withdraw_return(by=first, batch=made.pk, premiums=[one])
    assert sum(map(owed, people)) == 1


Asking = Callable[[Officer, Batch], object]
REFUSED: dict[str, tuple[Asking, str]] = {
    "不写为什么": (lambda by, b: ask_return(by=by, batch=b.pk, premiums=of(b), because="  "), "要写明为什么"),
    "写得太长": (lambda by, b: ask_return(by=by, batch=b.pk, premiums=of(b), because="长" * 201), "要写明为什么"),
    "一个也没有勾": (lambda by, b: ask_return(by=by, batch=b.pk, premiums=[], because=WHY), "先勾选"),
    "勾得太多": (lambda by, b: ask_return(by=by, batch=b.pk, premiums=range(1, most + 2), because=WHY), "最多 100 人"),
    "没有这个人": (lambda by, b: ask_return(by=by, batch=b.pk, premiums=[*of(b), 10**9], because=WHY), "没有这一条"),
    "刚好一百个，没有的": (
        lambda by, b: ask_return(by=by, batch=b.pk, premiums=range(10**9, 10**9 + most), because=WHY),
        "没有这一条",
    ),
    "提出过了": (lambda by, b: (asked(by, b), asked(by, b)), "刚刚有人办过"),
    "没有提出就复核": (lambda by, b: confirm_return(by=by, batch=b.pk, premiums=of(b)), "刚刚有人办过"),
    "没有提出就撤回": (lambda by, b: withdraw_return(by=by, batch=b.pk, premiums=of(b)), "刚刚有人办过"),
}


@pytest.mark.parametrize(("deed", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_returned(first: Officer, batch: Batch, deed: Asking, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        deed(first, batch)


def test_a_reason_of_two_hundred_characters_is_kept(first: Officer, batch: Batch) -> None:
    ask_return(by=first, batch=batch.pk, premiums=of(batch), because="长" * 200)
    with everything():
        assert Premium.objects.unscoped().get().because == "长" * 200


def test_a_batch_that_waits_is_withdrawn_instead(first: Officer, payer: Person) -> None:
    waits = draw_up(by=first, scheme="pension", county=YUNYANG)
    with pytest.raises(Refused, match="还没有复核，不用退回"):
        asked(first, waits)


def test_only_the_county_s_own_line_returns(first: Officer, village: Officer, batch: Batch) -> None:
    keys = asked(first, batch)
    city = clerk("city", "500000000000", "city", "human_resources")
    for who in (village, social("there", KAIZHOU), clerk("medical", YUNYANG, "county", "medical_security"), city):
        for deed in (confirm_return, withdraw_return):
            with pytest.raises(Refused, match=r"没有这一条|不在您的范围里"):
                deed(by=who, batch=batch.pk, premiums=keys)


RECORDED: dict[str, tuple[str, Fact | None, bool]] = {
    "代缴着，登记没有缴": ("stands", False, False),
    "代缴着，改成不知道": ("stands", None, False),
    "代缴着，登记缴了": ("stands", True, True),
    "退回等复核，登记没有缴": ("asked", False, False),
    "退回了，登记没有缴": ("returned", False, True),
    "退回了，登记缴了": ("returned", True, True),
    "没有复核的一批，登记没有缴": ("drawn", False, True),
}


@pytest.mark.parametrize(("state", "fact", "goes"), RECORDED.values(), ids=RECORDED)
def test_what_a_premium_says_otherwise_is_not_recorded(
    first: Officer, second: Officer, payer: Person, state: str, fact: Fact | None, goes: bool
) -> None:
    made = draw_up(by=first, scheme="pension", county=YUNYANG)
    if state != "drawn":
        approve(by=second, batch=made.pk)
    if state in ("asked", "returned"):
        asked(first, made)
    if state == "returned":
        confirm_return(by=second, batch=made.pk, premiums=of(made))
    if goes:
        record_facts(by=first, kind="person", subject=str(payer.pk), facts={"premium_paid": fact})
        assert paid(payer) is fact
        assert owed(payer) is not fact
    else:
        with pytest.raises(Refused, match=f"由云阳县打开“代缴”里 {made.year} 年的那一批，退回这一笔"):
            record_facts(by=first, kind="person", subject=str(payer.pk), facts={"premium_paid": fact})
        assert paid(payer) is True


def test_of_the_next_year_it_is_recorded_as_before(
    at: Clock, village: Officer, first: Officer, second: Officer
) -> None:
    at(LAST)
    person = insured(village, 1, "张青山")
    approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk)
    at(MONDAY)
    record_facts(by=first, kind="person", subject=str(person.pk), facts={"premium_paid": False})
    assert owed(person)


def test_what_was_paid_elsewhere_is_returned_and_not_owed(
    first: Officer, second: Officer, payer: Person, batch: Batch
) -> None:
    record_facts(by=first, kind="person", subject=str(payer.pk), facts={"premium_paid": True})
    returned(first, second, batch)
    assert (owed(payer), paid(payer)) == (False, True)


def test_what_was_known_before_it_was_returned_is_answered_as_then(
    first: Officer, second: Officer, payer: Person, batch: Batch
) -> None:
    before = timezone.now()
    returned(first, second, batch)
    after = timezone.now() + timedelta(seconds=1)
    for moment, said in ((before, True), (after, False)):
        assert facts_of("person", str(payer.pk), on=today(), at=moment)["premium_paid"] is said
    assert facts_frame("person", [str(payer.pk)], on=today())["premium_paid"].to_list() == [False]


LATE: dict[str, tuple[str, Sequence[str]]] = {
    "一月里退回": ("", ["张青山"]),
    "十二月的名单说到账，后来退回": ("before", ["张青山"]),
    "退回以后名单说到账": ("after", []),
    "年底已经不该代缴": ("employed", []),
}


@pytest.mark.parametrize(("what", "names"), LATE.values(), ids=LATE)
def test_one_of_a_year_that_is_over_is_due_again_as_long_as_that_year_is_drawn_up(
    at: Clock, village: Officer, first: Officer, second: Officer, what: str, names: Sequence[str]
) -> None:
    at(LAST - timedelta(40))
    person, other = insured(village, 1, "张青山", SIXTY), insured(village, 3, "李二")
    made = approve(by=second, batch=draw_up(by=first, scheme="pension", county=YUNYANG).pk).batch
    at(LAST)
    if what == "employed":
        record_facts(by=first, kind="person", subject=str(person.pk), facts={"pension_status": "employee"})
    at(MONDAY)
    over(person, other)
    if what == "before":
        told(person, [(202612, YUNYANG, "pension", True)])
    with everything():
        (key,) = Premium.objects.unscoped().filter(person=person).values_list("pk", flat=True)
    with pytest.raises(Refused, match="没有应当代缴"):
        draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)
    ask_return(by=first, batch=made.pk, premiums=[key], because=WHY)
    confirm_return(by=second, batch=made.pk, premiums=[key])
    if what == "after":
        at(MONDAY + timedelta(1))
        told(person, [(202612, YUNYANG, "pension", True)])
    assert not owed(person), "this year's is another one, and he is sixty"
    if not names:
        with pytest.raises(Refused, match="没有应当代缴"):
            draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)
        return
    again = draw_up(by=first, scheme="pension", county=YUNYANG, year=2026)
    assert approve(by=second, batch=again.pk).left_out == []
    assert named(again) == names


def test_sixteen_want_the_same_returned(own_database: str) -> None:
    batch, officers, person = _approved()
    found = race(16, lambda number: asked(officers[number], batch))
    assert (found.won, found.only_raised(Refused)) == (1, True)
    assert not owed(person)


def test_returned_or_left_and_never_both(own_database: str) -> None:
    batch, officers, person = _approved()
    keys = asked(officers[16], batch)

    def run(number: int) -> bool:
        (withdraw_return if number % 2 else confirm_return)(by=officers[number], batch=batch.pk, premiums=keys)
        return True

    found = race(16, run)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    assert paid(person) is not owed(person)
    assert sound()


def test_while_it_is_returned_sixteen_pay_it_once_at_most(own_database: str) -> None:
    batch, officers, person = _approved()
    keys = asked(officers[16], batch)

    def run(number: int) -> bool:
        if number == 0:
            confirm_return(by=officers[0], batch=batch.pk, premiums=keys)
        else:
            draw_up(by=officers[number], scheme="pension", county=YUNYANG)
        return True

    found = race(16, run)
    assert found.won in (1, 2)
    assert found.only_raised(Refused)
    with everything():
        assert Premium.objects.unscoped().standing().filter(person=person).count() == found.won - 1
    assert sound()


def _approved() -> tuple[Batch, Sequence[Officer], Person]:
    village, officers = clerk("village"), [social(f"s{n}") for n in range(17)]
    person = looked_at(contributor(village))
    batch = draw_up(by=officers[0], scheme="pension", county=YUNYANG)
    return approve(by=officers[1], batch=batch.pk).batch, officers, person


def _set(batch: Batch, **told: object) -> int:
    return Premium.objects.unscoped().filter(batch=batch).update(**told)


def _want(batch: Batch) -> int:
    return _set(batch, return_asked_by=batch.asked_by, return_asked_at=timezone.now(), because=WHY)


def _return(batch: Batch) -> int:
    return _want(batch) + _set(batch, returned_by=batch.approved_by, returned_at=timezone.now())


def _rewrite() -> int:
    return _raw("UPDATE payments_premium SET state = 1, own = 9999")


def _delete() -> int:
    return _raw("DELETE FROM payments_premium")


def _raw(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def _waits(batch: Batch) -> Batch:
    """Another county's batch with the same person."""
    made = Batch.objects.create(scheme="pension", county=KAIZHOU, year=batch.year, asked_by=batch.asked_by)
    row = Premium.objects.unscoped().get(batch=batch)
    whole = {name: getattr(row, name) for name in ("scheme", "year", "group", "standard", "state", "own", "person")}
    Premium(batch=made, **whole).save(force_insert=True)
    return made


ATTACKS: dict[str, Callable[[Batch], object]] = {
    "没有提出就退回": lambda b: _set(
        b,
        return_asked_by=b.asked_by,
        return_asked_at=b.asked_at,
        because=WHY,
        returned_by=b.approved_by,
        returned_at=b.asked_at,
    ),
    "自己复核": lambda b: (_want(b), _set(b, returned_by=b.asked_by, returned_at=timezone.now())),
    "复核时换人": lambda b: (
        _want(b),
        _set(b, return_asked_by=b.approved_by, returned_by=b.asked_by, returned_at=timezone.now()),
    ),
    "复核时换原因": lambda b: (
        _want(b),
        _set(b, because="别的", returned_by=b.approved_by, returned_at=timezone.now()),
    ),
    "不写为什么": lambda b: _set(b, return_asked_by=b.asked_by, return_asked_at=timezone.now()),
    "只有人没有时间": lambda b: (_want(b), _set(b, returned_by=b.approved_by)),
    "退回了又算数": lambda b: (_return(b), _set(b, returned_at=None, returned_by=None)),
    "退回了改原因": lambda b: (_return(b), _set(b, because="别的")),
    "退回了改金额": lambda b: (_return(b), _rewrite()),
    "退回了删掉": lambda b: (_return(b), _delete()),
    "提出退回时改金额": lambda b: (_want(b), _rewrite()),
    "没有退回又代缴一次": lambda b: (_want(b), _waits(b)),
    "等复核的一批里退回": lambda b: (_return(b), _want(_waits(b))),
    "退回了又代缴两次": lambda b: (_return(b), _waits(b), _waits(b)),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(batch: Batch, attack: Callable[[Batch], object]) -> None:
    with pytest.raises(IntegrityError):
        carried_out(attack, batch)


def carried_out(attack: Callable[[Batch], object], batch: Batch) -> None:
    with everything():
        attack(batch)
        connection.check_constraints()


def test_what_the_attacks_begin_with_is_allowed(batch: Batch) -> None:
    carried_out(lambda b: (_return(b), _waits(b)), batch)
