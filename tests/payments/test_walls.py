"""What the database refuses whoever writes: a second payer, a hole, money rewritten, a month closed too early. On both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, connection
from django.utils import timezone

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Amount, Closing, Month, Payer
from anju.register.models import Person
from tests.payments.cast import A, B, begun, paid

DAY = date(2026, 1, 10)


@pytest.fixture
def months(origin: Officer, person: Person) -> Person:
    """Since 2026-07 A pays; 07 and 08 are paid, 09 and the following are expected; 07 is closed."""
    begun(origin, "2026-07")
    paid(origin, person, "2026-07", "2026-08")
    with everything():
        other = Officer.objects.create(account="closer", name="王复核")
        Closing.objects.create(payer=A, month=202607, asked_by=origin, closed_by=other, closed_at="2026-08-05T00:00Z")
    return person


def month(person: Person, number: int, **given: object) -> object:
    Month(person=person, month=number, **{"kind": "dibao", "payer": A, **given}).save(force_insert=True)
    return None


def payer(person: Person, since: int, after: int | None, payer: str = B, because: str = "转接") -> object:
    Payer(person=person, kind="dibao", payer=payer, since=since, after=after, because=because).save(force_insert=True)
    return None


def amount(person: Person, **given: object) -> object:
    whole = {"kind": "dibao", "month": 202608, "payer": A, "sort": "paid", "amount": Decimal(1), "on": DAY, **given}
    Amount(person=person, **whole).save(force_insert=True)
    return None


def closing(number: int, **given: object) -> object:
    by = Officer.objects.order_by("pk")[0]
    Closing.objects.create(payer=A, month=number, asked_by=by, **given)
    return None


NOT_HELD = dict.fromkeys(("held_by", "held_at", "confirmed_by", "confirmed_at"))
HELD = {"state": "held", "reason": "核查"}


def held_by_two(number: int) -> int:
    first, second = Officer.objects.order_by("pk")[:2]
    told = {"held_by": first, "held_at": timezone.now(), "confirmed_by": second, "confirmed_at": timezone.now()}
    return Month.objects.unscoped().filter(month=number).update(**HELD, **told)


def closed(number: int) -> object:
    first, second = Officer.objects.order_by("pk")[:2]
    Closing.objects.create(payer=A, month=number, asked_by=first, closed_by=second, closed_at="2026-12-01T00:00Z")
    return None


def drop(number: int) -> object:
    """Take the months from one on away, the last first."""
    for row in Month.objects.unscoped().filter(month__gte=number).order_by("-month"):
        Month.objects.unscoped().filter(pk=row.pk).delete()
    return None


def raw(statement: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return None


ATTACKS: dict[str, Callable[[Person], object]] = {
    "同一个月第二方发": lambda p: month(p, 202609, payer=B),
    "同一个月再来一条": lambda p: month(p, 202609),
    "同一个月又发特困": lambda p: (
        Payer.objects.create(person=p, kind="tekun", payer=A, since=202609, because="另一种"),
        Month.objects.create(person=p, kind="tekun", month=202609, payer=A),
    ),
    "月份归了别人": lambda p: (drop(202612), month(p, 202612, payer=B)),
    "没有定由谁发的月份": lambda p: month(p, 202609, kind="tekun"),
    "跳过一个月": lambda p: (drop(202610), month(p, 202611)),
    "从中间抽掉一个月": lambda p: Month.objects.unscoped().filter(month=202610).delete(),
    "一次抽掉全部": lambda p: raw("DELETE FROM payments_month"),
    "改由别人发": lambda p: Month.objects.unscoped().filter(month=202609).update(payer=B),
    "改成别的月份": lambda p: Month.objects.unscoped().filter(month=202612).update(month=202701),
    "已发改成应发": lambda p: Month.objects.unscoped().filter(month=202608).update(state="expected"),
    "撤掉已发的月份": lambda p: (drop(202609), raw("DELETE FROM payments_month WHERE month = 202608")),
    "没有发就算已发": lambda p: Month.objects.unscoped().filter(month=202609).update(state="paid"),
    "直接写一个已发": lambda p: (drop(202612), month(p, 202612, state="paid")),
    "缓发没有原因": lambda p: Month.objects.unscoped().filter(month=202609).update(state="held"),
    "停发还有人发": lambda p: Month.objects.unscoped().filter(month=202609).update(state="stopped", reason="无"),
    "十三月": lambda p: Month(person=p, kind="dibao", month=202613, payer=A).save(force_insert=True),
    "没有这种救助": lambda p: Month(person=p, kind="other", month=202609, payer=A).save(force_insert=True),
    "发放地不是代码": lambda p: payer(p, 202701, 202607, payer="开州"),
    "第二个开头": lambda p: payer(p, 202701, None),
    "接在没有的一条后面": lambda p: payer(p, 202701, 202606),
    "两条接在一条后面": lambda p: (payer(p, 202702, 202607), payer(p, 202703, 202607)),
    "倒着接": lambda p: (payer(p, 202703, 202607), payer(p, 202702, 202703)),
    "没有原因": lambda p: payer(p, 202701, 202607, because=""),
    "月份在身上就转走": lambda p: payer(p, 202610, 202607),
    "改写由谁发": lambda p: Payer.objects.unscoped().update(payer=B),
    "抽掉由谁发": lambda p: Payer.objects.unscoped().delete(),
    "转进关了账的月份": lambda p: (
        Payer.objects.unscoped().none(),
        Payer.objects.create(person=poor_one(), kind="dibao", payer=A, since=202607, because="补记"),
    ),
    "退回关了账的一方": lambda p: (
        raw("DELETE FROM payments_month WHERE month > 202699"),
        drop(202609),
        payer(p, 202609, 202607),
        closed(202610),
        Payer.objects.unscoped().filter(since=202609).delete(),
    ),
    "零元": lambda p: amount(p, payer=B, amount=Decimal(0)),
    "负数": lambda p: raw("UPDATE payments_amount SET amount = -1"),
    "同一方发两次": amount,
    "改金额": lambda p: Amount.objects.unscoped().update(amount=Decimal(2)),
    "删发放": lambda p: Amount.objects.unscoped().delete(),
    "补发没有原因": lambda p: amount(p, sort="back"),
    "发放写了原因": lambda p: amount(p, payer=B, reason="无"),
    "追回比发的多": lambda p: amount(p, sort="recovered", amount=Decimal("420.51"), reason="多发"),
    "两次追回比发的多": lambda p: [
        amount(p, sort=sort, amount=Decimal("300.00"), reason="多发") for sort in ("recovered", "offset")
    ],
    "还有应发就关账": lambda p: closed(202609),
    "后面的月份先关": lambda p: (
        Month.objects.unscoped().filter(month=202610).update(state="held", reason="无"),
        closed(202610),
    ),
    "一个人缓发就关账": lambda p: (
        Month.objects.unscoped()
        .filter(month=202609)
        .update(state="held", reason="核查", held_by=Officer.objects.first()),
        closed(202609),
    ),
    "缓发的人自己复核": lambda p: (
        Month.objects.unscoped()
        .filter(month=202609)
        .update(
            **HELD, held_by=Officer.objects.last(), confirmed_by=Officer.objects.last(), confirmed_at=timezone.now()
        )
    ),
    "复核没有时间": lambda p: (
        Month.objects.unscoped().filter(month=202609).update(**HELD, confirmed_by=Officer.objects.last())
    ),
    "复核没有人": lambda p: (
        Month.objects.unscoped()
        .filter(month=202609)
        .update(**HELD, held_by=Officer.objects.last(), confirmed_at=timezone.now())
    ),
    "复核过了又改": lambda p: (held_by_two(202609), Month.objects.unscoped().filter(month=202609).update(held_by=None)),
    "不再缓发，复核还在": lambda p: (
        held_by_two(202609),
        Month.objects.unscoped().filter(month=202609).update(state="expected", reason=""),
    ),
    "少一个人的月份就关账": lambda p: (drop(202609), closed(202609)),
    "一个人关账": lambda p: closing(202608, closed_by=Officer.objects.first(), closed_at="2026-12-01T00:00Z"),
    "关账没有时间": lambda p: closing(202608, closed_by=Officer.objects.last()),
    "打开关了账的月份": lambda p: Closing.objects.unscoped().update(closed_by=None, closed_at=None),
    "删掉关账": lambda p: Closing.objects.unscoped().delete(),
    "再提一次关账": lambda p: closing(202607),
    "关了账还缓发": lambda p: raw("UPDATE payments_month SET state = 'held', reason = 'x' WHERE month = 202607"),
    "删掉有月份的人": lambda p: raw("DELETE FROM register_person"),
}


def poor_one() -> Person:
    return Person.objects.create(name="李二", origin=A)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(months: Person, attack: Callable[[Person], object]) -> None:
    with pytest.raises((IntegrityError, DataError)):
        carried_out(attack, months)


def carried_out(attack: Callable[[Person], object], person: Person) -> None:
    """The attack, and what the database only checks at the end of a transaction."""
    with everything():
        attack(person)
        connection.check_constraints()


def test_what_the_attacks_begin_with_is_allowed(months: Person) -> None:
    """An attack must fail at its last stroke, and not for another reason."""
    with everything():
        held_by_two(202609)
        Month.objects.unscoped().filter(month=202609).update(state="expected", reason="", **NOT_HELD)
        drop(202609)
        payer(months, 202609, 202607)
        closed(202608)
        month(months, 202609, payer=B)
        amount(months, sort="recovered", amount=Decimal("420.50"), reason="多发")
        amount(months, payer=B)


def test_a_held_month_is_paid_even_when_it_is_closed(months: Person) -> None:
    with everything():
        held_by_two(202609)
        closed(202609)
        amount(months, month=202609, sort="back", reason="核查完了")
        assert Month.objects.unscoped().filter(month=202609).update(state="paid", reason="") == 1
