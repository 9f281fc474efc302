"""Half a year of assistance months for whoever gets dibao or tekun: most are paid, a few not, a few twice, a few held back."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from anju.demo.life import Life
from anju.payments.chain import office_of
from anju.payments.following import first_month
from anju.payments.models import Kind, Sort, State
from anju.payments.months import first_day, from_to, month_of, shifted
from anju.register.models.relations import Kind as Relations

_back, _ahead = 5, 1
_pay_day = timedelta(days=9)
_amounts = {Kind.DIBAO: 42_050, Kind.TEKUN: 104_000}
_held_of, _late_of = 71, 3
"""Every so many-th has this month held back, or not paid yet."""


@dataclass(slots=True)
class Months:
    """The rows of somebody's months, as `anju.demo.rows` writes them, without the person."""

    payers: list[tuple[object, ...]] = field(default_factory=list)
    amounts: list[tuple[object, ...]] = field(default_factory=list)
    months: list[tuple[object, ...]] = field(default_factory=list)


def months_of(life: Life, number: int) -> Months:
    """The months of one life, the ``number``-th of the city; none of whom nobody knows who pays."""
    rows, kind, now = Months(), life.facts.get("assistance_kind"), month_of(life.on)
    if kind not in Kind.values or life.payers is None:
        return rows
    steps = _steps(life, shifted(now, -_back))
    if not steps or not steps[0][1]:
        return rows
    after = None
    for since, payer, because in steps:
        rows.payers.append((kind, payer, since, after, because))
        after = since
    for month in from_to(steps[0][0], shifted(now, _ahead)):
        payer = [who for since, who, _ in steps if since <= month][-1]
        if not payer:
            break
        last = month == shifted(now, -1)
        paid = month < now or (month == now and number % _late_of and number % _held_of)
        if last and life.payers == 0:
            paid = False
        held = month == now and not number % _held_of
        state = State.PAID if paid else State.HELD if held else State.EXPECTED
        rows.months.append((kind, month, payer, state.value, "核查家庭收入" if held else ""))
        both = [payer, *(_others(life, payer) if last and life.payers == 2 else ())]
        for office in both if paid else ():
            on = min(first_day(month) + _pay_day, life.on - timedelta(days=1))
            rows.amounts.append(
                (kind, month, office, Sort.PAID.value, _amounts[Kind(str(kind))] + number % 90 * 100, on)
            )
    return rows


def _steps(life: Life, start: int) -> list[tuple[int, str, str]]:
    """Who pays from which month on, as the relation of assistance says, from the first month that is kept."""
    found: list[tuple[int, str, str]] = []
    for step in life.steps:
        if step.kind != Relations.ASSISTANCE:
            continue
        ended = not step.holder
        since = max(shifted(month_of(step.since)) if ended else first_month(step.since), start)
        payer = "" if ended else office_of(step.holder)
        because = "死亡" if ended else "救助关系转接" if found else "开始按月记发放"
        if found and found[-1][0] == since:
            found.pop()
        if not found or found[-1][1] != payer:
            found.append((since, payer, because))
    return found


def _others(life: Life, payer: str) -> tuple[str, ...]:
    """The other side of the move, where it is another office."""
    return tuple({office_of(life.move.origin), office_of(life.move.destination)} - {payer})[:1]
