"""The land-rent subsidy under attack and under race: the database itself holds plot, area and budget, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.db.models import Sum

from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve_rent, propose_rent
from anju.payments.models import RentBudget, RentGrant
from anju.register.facts import today
from tests.payments.rents import budget, farming, granted, looked_at, owed, rate, sound, tenant
from tests.race import race
from tests.register.cast import ORIGIN, YUNYANG, clerk

D = Decimal


@pytest.fixture
def first(db: None) -> Officer:
    return farming("first")


@pytest.fixture
def second(db: None) -> Officer:
    return farming("second", line="rural_revitalisation")


def test_sixteen_propose_one_plot(own_database: str) -> None:
    village, officers = clerk("village"), [farming(f"f{n}") for n in range(16)]
    rate()
    budget(officers[0])
    people = [tenant(village, order=2 * n + 1, code=str(n), name=f"李{n}") for n in range(16)]
    found = race(16, lambda n: propose_rent(by=officers[n], person=people[n].pk, plot="A-03"))
    assert (found.won, found.only_raised(Refused)) == (1, True)
    assert sound()


def test_sixteen_propose_for_one_household(own_database: str) -> None:
    """It rents 4.5 mu: four plots of one mu fit, and no fifth."""
    village, officers = clerk("village"), [farming(f"f{n}") for n in range(16)]
    rate()
    budget(officers[0])
    person = tenant(village)
    found = race(16, lambda n: propose_rent(by=officers[n], person=person.pk, plot=f"{n}", mu=D(1)))
    assert (found.won, found.only_raised(Refused)) == (4, True)
    assert sound()


def test_sixteen_approve_and_the_budget_holds(own_database: str) -> None:
    """Three of 900 fit into 2,999.99, and no fourth."""
    village, officers = clerk("village"), [farming(f"f{n}") for n in range(17)]
    rate()
    budget(officers[16], "2999.99")
    people = [tenant(village, order=2 * n + 1, code=str(n), name=f"李{n}") for n in range(16)]
    rows = [propose_rent(by=officers[16], person=person.pk, plot=person.name) for person in people]
    found = race(16, lambda n: approve_rent(by=officers[n], grant=rows[n].pk, paid_on=today()))
    assert (found.won, found.only_raised(Refused)) == (3, True)
    with everything():
        standing = RentGrant.objects.unscoped().filter(state="granted")
        assert standing.aggregate(sum=Sum("amount"))["sum"] == D(2700)
    assert [owed(person) for person in people].count(False) == 3
    assert sound()


def test_a_budget_is_cut_while_sixteen_approve(own_database: str) -> None:
    village, officers = clerk("village"), [farming(f"f{n}") for n in range(17)]
    rate()
    budget(officers[16], "9000")
    people = [tenant(village, order=2 * n + 1, code=str(n), name=f"李{n}") for n in range(8)]
    rows = [propose_rent(by=officers[16], person=person.pk, plot=person.name) for person in people]

    def run(number: int) -> bool:
        if number % 2:
            budget(officers[number], str(900 * (number // 2 + 1)))
        else:
            approve_rent(by=officers[number], grant=rows[number // 2].pk, paid_on=today())
        return True

    found = race(16, run)
    assert found.only_raised(Refused)
    assert found.won
    with everything():
        granted = RentGrant.objects.unscoped().filter(state="granted").aggregate(sum=Sum("amount"))["sum"] or 0
        assert granted <= RentBudget.objects.order_by("-seq")[0].amount
    assert sound()


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def another(of: RentGrant, **given: object) -> RentGrant:
    """A proposal of the same household for another plot, written round the actions."""
    names = ("person", "household", "county", "destination", "village", "year", "rate", "basis", "asked_by")
    whole: dict[str, object] = {name: getattr(of, name) for name in names}
    whole |= {"plot": "西坡", "mu": D("0.5"), "whole": D("5"), "amount": D(100), **given}
    row = RentGrant(**whole)
    row.save(force_insert=True)
    return row


def approved(row: RentGrant, **given: object) -> None:
    stamp = {"state": "granted", "approved_at": row.asked_at, "paid_on": today(), **given}
    assert RentGrant.objects.unscoped().filter(pk=row.pk).update(**stamp) == 1


ATTACKS: dict[str, Callable[[RentGrant, Officer], object]] = {
    "同一块地再提一次": lambda g, o: another(g, plot=g.plot),
    "金额不等于标准乘亩数": lambda g, o: another(g, amount=D("100.01")),
    "比流转的多": lambda g, o: another(g, mu=D("0.51"), amount=D(102)),
    "零亩": lambda g, o: another(g, mu=D(0), amount=D(0)),
    "别的区县的地": lambda g, o: another(g, village=ORIGIN),
    "一提出就补助": lambda g, o: another(g, state="granted", approved_by=o, approved_at=g.asked_at, paid_on=today()),
    "自己复核": lambda g, o: approved(another(g), approved_by=g.asked_by),
    "没有人复核": lambda g, o: approved(another(g)),
    "没有发放日": lambda g, o: approved(another(g), approved_by=o, paid_on=None),
    "超过预算": lambda g, o: approved(another(g, mu=D("0.5"), rate=D(200), amount=D(100)), approved_by=o),
    "改金额": lambda g, o: raw("UPDATE payments_rentgrant SET amount = 1"),
    "改地块": lambda g, o: raw("UPDATE payments_rentgrant SET plot = '别处'"),
    "退回到等复核": lambda g, o: raw(
        "UPDATE payments_rentgrant SET state = 'proposed', approved_by_id = NULL, approved_at = NULL, paid_on = NULL"
    ),
    "删掉": lambda g, o: raw("DELETE FROM payments_rentgrant"),
    "不写为什么就冲回": lambda g, o: (
        RentGrant.objects.unscoped().filter(pk=g.pk).update(state="reversed", ended_by=o, ended_at=g.asked_at)
    ),
    "改预算": lambda g, o: raw("UPDATE payments_rentbudget SET amount = 999999"),
    "删预算": lambda g, o: raw("DELETE FROM payments_rentbudget"),
    "预算比补助的少": lambda g, o: RentBudget.objects.create(
        county=YUNYANG, year=g.year, seq=2, amount=D("899.99"), on=today(), basis="依据", by=o
    ),
    "预算跳一次": lambda g, o: RentBudget.objects.create(
        county=YUNYANG, year=g.year, seq=3, amount=D(9999), on=today(), basis="依据", by=o
    ),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(
    first: Officer, second: Officer, village: Officer, attack: Callable[[RentGrant, Officer], object]
) -> None:
    rate()
    budget(first, "999.99")
    row = granted(first, second, tenant(village))
    with pytest.raises(IntegrityError):
        carried_out(attack, row, second)


def carried_out(attack: Callable[[RentGrant, Officer], object], row: RentGrant, by: Officer) -> None:
    with everything():
        attack(row, by)
        connection.check_constraints()


def test_what_the_attacks_begin_with_is_allowed(first: Officer, second: Officer, village: Officer) -> None:
    rate()
    budget(first, "1000")
    row = granted(first, second, tenant(village))
    with everything():
        approved(another(row), approved_by=second)
        again = another(row, plot=row.plot, year=row.year - 1)
        RentGrant.objects.unscoped().filter(pk=again.pk).update(
            state="withdrawn", ended_by=second, ended_at=again.asked_at
        )
        RentBudget.objects.create(
            county=YUNYANG, year=row.year, seq=2, amount=D(1000), on=today(), basis="依据", by=second
        )
    looked_at(row.person)
    assert CountyValue.objects.count() == 1
