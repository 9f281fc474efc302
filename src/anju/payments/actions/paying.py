"""What was really paid is written down, whoever paid it; and what was paid too much is taken back. Nothing is ever rewritten.

A payment of the office whose month it is settles the month; where the bank has returned all of it, the month is to be paid again. Where the
office before the last one paid the first month of the last one, the destination began late: its first month moves on by one, and nobody has
paid twice (guideline 1.7). Everything else stays as it was written, and is work for both sides: a second payer, one whose month it is not,
a month after a stop.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.months import put_off
from anju.payments.actions.within import check_office, kind_from, month_from, note, reason_of
from anju.payments.chain import direct, hold_columns, last_closed, office_of, step_in, steps_of
from anju.payments.chain import locked as lock
from anju.payments.following import entitled
from anju.payments.models import Amount, Month, Payer, Sort, State, gives
from anju.payments.months import shifted, text_of
from anju.payments.queries.payees import paid, pays
from anju.register.actions.within import locked
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.models import Person

_again = "银行退汇，重发"
_content = ("kind", "month", "payer", "sort", "amount", "on", "reason")


@dataclass(frozen=True, slots=True)
class Given:
    """One amount: to whom, of which kind, for which month, by which office, on which day."""

    person: str
    kind: str
    month: int
    payer: str
    amount: Decimal
    on: date
    sort: str = Sort.PAID
    reason: str = ""
    batch: UUID | None = None
    key: UUID | None = None


def pay(
    *,
    by: Officer,
    person: str,
    kind: str,
    month: str,
    payer: str,
    amount: Decimal,
    on: date,
    back: bool = False,
    reason: str = "",
    key: UUID | None = None,
) -> None:
    """Write down what an office paid somebody for a month; ``back``: belatedly, with the reason.

    ``key`` is the sender's: sent twice, done once.

    Raises:
        Refused: another office's, a month or a day that is yet to come, a month too long ago, an amount that is none, paid already by the
            same office.
    """
    given = Given(
        person,
        kind_from(kind),
        month_from(month),
        office_of(payer),
        amount,
        on,
        sort=Sort.BACK if back else Sort.PAID,
        reason=reason_of(reason) if back else "",
        key=key,
    )
    with one_deed():
        if _record(by, given):
            note(by, "pay", "person", person, **_said(given))


def take_back(
    *,
    by: Officer,
    person: str,
    kind: str,
    month: str,
    payer: str,
    amount: Decimal,
    on: date,
    offset: bool,
    returned: bool = False,
    reason: str,
    key: UUID | None = None,
) -> None:
    """Write down that an office got back what it had paid somebody for a month, or set it off against another month; ``returned``: that it
    never arrived, so that it is owed as before. Raises `Refused`.

    ``key`` is the sender's: sent twice, done once.
    """
    given = Given(
        person,
        kind_from(kind),
        month_from(month, ever=True),
        office_of(payer),
        amount,
        on,
        sort=Sort.RETURNED if returned else Sort.OFFSET if offset else Sort.RECOVERED,
        reason=reason_of(reason),
        key=key,
    )
    with one_deed():
        if _record(by, given):
            note(by, "take_back", "person", person, **_said(given))


def _record(by: Officer, given: Given) -> bool:
    """Write one amount down; False where it was sent before. Whoever pays somebody a month writes it down wherever that person lives, and
    whoever paid one takes it back.
    """
    asked = (by, given.person, given.kind, given.month, given.payer)
    if not (pays(*asked) or (given.sort not in gives and paid(*asked))):
        locked(Person, by, given.person)
    check_office(by, given.payer)
    with everything():
        lock(given.person)  # who sends the same at the same moment finds it then
        if _sent_before(by, given):
            return False
        record_amounts([given], by)
    changed("person", [given.person])
    return True


def _said(given: Given) -> dict[str, str]:
    """What the journal keeps of an amount."""
    told = {"kind": given.kind, "month": text_of(given.month), "payer": given.payer, "sort": str(given.sort)}
    return told | {"amount": str(given.amount), "because": given.reason}


def _sent_before(by: Officer, given: Given) -> bool:
    """Whether the officer has sent the same with this key. Raises `Refused` where it was something else."""
    before = Amount.objects.unscoped().filter(by=by, key=given.key).first() if given.key else None
    if before is None:
        return False
    sent = {"sort": Sort.PAID, "reason": ""} if (given.sort, before.reason) == (Sort.PAID, _again) else {}
    same = (str(before.person_id), *(sent.get(name, getattr(before, name)) for name in _content))
    if same != (given.person, *(getattr(given, name) for name in _content)):
        raise Refused("这张表已经记过一笔，和现在写的不一样；请重新打开这个人的发放页再记。")
    return True


def record_amounts(given: Sequence[Given], by: Officer | None) -> None:
    """Write amounts down and settle their months, in the order of people. Acts for nobody; the caller says what changed.

    Raises:
        Refused: a day that is yet to come, paid already, more taken back than was given.
    """
    for one in sorted(given, key=lambda one: (one.person, one.month)):
        if one.on > today():
            raise Refused("发放的日子不能晚于今天。")
        lock(one.person)
        again = one.sort == Sort.PAID and _came_back(one)
        amount = Amount(
            person_id=one.person,
            kind=one.kind,
            month=one.month,
            payer=one.payer,
            sort=Sort.BACK if again else one.sort,
            amount=one.amount,
            on=one.on,
            reason=_again if again else one.reason,
            by=by,
            batch=one.batch,
            key=one.key,
        )
        amount.clean_fields(exclude=["person", "by"])
        amount.save(force_insert=True)
        if one.sort in gives:
            _settle(one)
        elif one.sort == Sort.RETURNED and _came_back(one) and last_closed([one.payer]).get(one.payer, 0) < one.month:
            months = Month.objects.unscoped().filter(
                person_id=one.person, kind=one.kind, month=one.month, payer=one.payer
            )
            months.filter(state=State.PAID).update(state=State.EXPECTED, **dict.fromkeys(hold_columns))


def _came_back(one: Given) -> bool:
    """Whether the bank has returned all that the office had given for the month."""
    rows = Amount.objects.unscoped().filter(person_id=one.person, kind=one.kind, month=one.month, payer=one.payer)
    given = list(rows.order_by("recorded_at", "pk").values_list("sort", "amount"))
    left = sum(amount if sort in gives else -amount for sort, amount in given)
    return bool(given) and given[-1][0] == Sort.RETURNED and not left


def _settle(one: Given) -> None:
    months = Month.objects.unscoped().filter(person_id=one.person, kind=one.kind, month=one.month)
    steps = steps_of(one.person, one.kind)
    if not steps:
        known = entitled([one.person]).get(one.person)
        if known is None or (known.kind, known.payer) != (one.kind, one.payer):
            return
        direct(one.person, one.kind, payer=one.payer, since=one.month, because="按发放名单记起")
    elif _came_late(steps, one) and months.filter(state=State.EXPECTED).exists():
        with (
            suppress(Refused, IntegrityError),
            transaction.atomic(),
        ):  # where it cannot be put off it stays a month paid by another
            put_off(one.person, one.kind, shifted(one.month), f"{text_of(one.month)} 由迁出地照发")
    months.filter(payer=one.payer, state__in=[State.EXPECTED, State.HELD]).update(state=State.PAID, reason="")
    step = step_in(steps, one.month)
    if step is not None and not step.payer and not months.exists():  # so that it is seen wherever the month is
        stopped = {"payer": "", "state": State.STOPPED, "reason": step.because}
        Month.objects.unscoped().create(person_id=one.person, kind=one.kind, month=one.month, **stopped)


def _came_late(steps: Sequence[Payer], one: Given) -> bool:
    """Whether the office before the last one paid what was to be the first month of the last one."""
    return len(steps) > 1 and (steps[-1].since, steps[-2].payer) == (one.month, one.payer) and bool(steps[-1].payer)
