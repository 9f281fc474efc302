"""One person's months: who has to pay each, how far it is, and what was really paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from uuid import UUID

from anju.government.asking import Asking
from anju.government.queries.names import Names
from anju.payments.models import Amount, Kind, Month, Payer, State, clause, ended
from anju.payments.months import month_of, text_of
from anju.payments.queries.standing import Money, returned, told, unpaid
from anju.register.models import Person
from anju.register.privacy import works_on

_purpose = "经办"
_most = 36
"""So many months are shown; older ones stand in the journal of the office."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What one office paid of a month and took back, by name; ``right`` where the month is its own. ``owed``: so much of it the bank
    returned, and nobody has paid it again.
    """

    office: str
    net: Decimal
    right: bool
    owed: Decimal


@dataclass(frozen=True, slots=True)
class Shown:
    """A month of the strip. ``tone``: calm, paid, gap, double, held, alone (by one officer, and it is over), stopped, or late (paid
    after the person's death). ``told``: how it stands, in words.
    """

    row: Month
    office: str
    paid: Sequence[Paid]
    tone: str
    told: str

    @property
    def text(self) -> str:
        """2026-03."""
        return text_of(self.row.month)


@dataclass(frozen=True, slots=True)
class Track:
    """The months of one kind, the latest last; the steps of who pays; the amounts, the latest first.

    ``moved``: one office took over from another.
    """

    kind: str
    label: str
    months: Sequence[Shown]
    steps: Sequence[tuple[str, str, str]]
    amounts: Sequence[tuple[str, Amount, str]]
    moved: bool


def tracks(who: Asking, person: Person) -> Sequence[Track]:
    """The months of a person; none for whoever does not do this work, and of whom nobody has paid."""
    if not works_on(who.scopes, clause):
        return ()
    mine = {"person": person}
    steps = list(Payer.objects.visible_to(who.officer, purpose=_purpose).filter(**mine).order_by("since"))
    months = Month.objects.visible_to(who.officer, purpose=_purpose).filter(**mine).order_by("-month")
    amounts = list(
        Amount.objects.visible_to(who.officer, purpose=_purpose).filter(**mine).order_by("-recorded_at", "-pk")
    )
    if not steps and not amounts:
        return ()
    names = Names({s.payer for s in steps} | {a.payer for a in amounts}, who.today)
    found = []
    for kind in dict.fromkeys([*(step.kind for step in steps), *(amount.kind for amount in amounts)]):
        of_kind = [step for step in steps if step.kind == kind]
        own = [amount for amount in amounts if amount.kind == kind]
        rows = list(months.filter(kind=kind)[:_most])[::-1]
        now, until = month_of(who.today), month_of(person.ended_on) if person.ended_on else None
        found.append(
            Track(
                kind,
                str(Kind(kind).label),
                [_shown(row, amounts, names, now, until, of_kind) for row in rows],
                [(text_of(step.since), names(step.payer), step.because) for step in of_kind],
                [(text_of(amount.month), amount, names(amount.payer)) for amount in own],
                len(of_kind) > 1 and bool(of_kind[-1].payer) and bool(of_kind[-2].payer),
            )
        )
    return found


def _shown(
    row: Month, amounts: Sequence[Amount], names: Names, now: int, until: int | None, steps: Sequence[Payer]
) -> Shown:
    missed = row.state == State.STOPPED and row.reason in ended.values()
    missed = missed and any(step.payer and step.since > row.month for step in steps)
    paid, others = list[Paid](), list[Paid]()
    of_month = sorted((amount for amount in amounts if amount.month == row.month), key=_by)
    for (kind, payer), given in groupby(of_month, key=_by):
        right, office = missed or payer == row.payer, names(payer)
        if kind == row.kind:
            paid += _paid(office, given, right=right)
        else:
            others += _paid(f"{office}（{Kind(kind).label}）", given, right=False)
    paid += others if paid else []
    tones: Mapping[str, str] = {State.PAID: "paid", State.HELD: "held", State.STOPPED: "stopped"}
    tone = tones.get(row.state, "gap" if row.month < now else "calm")
    if row.unconfirmed and row.month < now:
        tone = "alone"
    money = _money(amount for amount in of_month if _by(amount) == (row.kind, row.payer))
    words = unpaid if missed and not paid else told(row, money, over=row.month < now)
    if words == returned and not paid:  # of a month that was closed
        tone = "gap"
    if missed:
        tone = "paid" if paid else "gap"
    if len(paid) > 1 or any(not one.right for one in paid):
        tone = "double"
    if paid and until is not None and row.month > until:
        tone = "late"
    return Shown(row, names(row.payer), paid, tone, words)


def _by(amount: Amount) -> tuple[str, str]:
    return amount.kind, amount.payer


def _money(amounts: Iterable[Amount]) -> Money:
    """What became of amounts, the latest first."""
    return Money.of((amount.sort, amount.amount) for amount in reversed(list(amounts)))


def _paid(office: str, amounts: Iterable[Amount], *, right: bool) -> list[Paid]:
    """What remains of what an office paid of a kind for a month, the latest first; nothing where nothing remains."""
    money = _money(amounts)
    return [Paid(office, money.net, right, money.owed)] if money.net > 0 else []


def offices_of(who: Asking, person: UUID) -> list[tuple[str, str]]:
    """The offices that ever pay this person, or paid all the same, with their names."""
    steps = Payer.objects.visible_to(who.officer, purpose=_purpose).filter(person=person).exclude(payer="")
    paid = Amount.objects.visible_to(who.officer, purpose=_purpose).filter(person=person).order_by("recorded_at")
    offices = (*steps.order_by("since").values_list("payer", flat=True), *paid.values_list("payer", flat=True))
    codes = list(dict.fromkeys(offices))
    names = Names(codes, who.today)
    return [(code, names(code)) for code in codes]
