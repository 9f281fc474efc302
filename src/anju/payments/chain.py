"""Who pays from which month on is changed here and nowhere else: the months that wait go down, the chain is led on, they are set up anew.

What is paid or closed stays where it is: a change that would touch it begins with the first month that is free, and until then pays
whoever pays. Everything acts for nobody; whoever calls has asked who may, and holds a transaction with `everything`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.db.models import Max
from django.utils import timezone

from anju.cases.turns import place_at
from anju.government.models import Post
from anju.payments.models import Amount, Closing, Month, Payer, State, ended, gives
from anju.payments.months import earliest, from_to, month_of, shifted
from anju.register.facts import today
from anju.register.models import Person

ahead = 1
"""So many months are expected before they come."""
_never = 999912
hold_columns = ("held_by_id", "held_at", "confirmed_by_id", "confirmed_at")
"""Who holds a month back, and who has agreed."""
Step = tuple[int, str, str]
"""From which month on, who pays, and why."""
elsewhere = "由外省发放，这里不记。"
"""Why a month is held back that an office of another province pays: it says so to nobody here."""


def horizon() -> int:
    """The last month that is expected by now."""
    return shifted(month_of(today()), ahead)


def office_of(holder: str) -> str:
    """The office that pays where a relation of assistance lies: the township's."""
    return place_at(holder, "township")


def is_office(code: str) -> bool:
    """Whether a place is an office that pays: a township, and no county, whose code stands for all of its townships."""
    return place_at(code, "township") == code and not code.endswith("000000")


def keeps_months(payer: str) -> bool:
    """Whether an office keeps its months here: those of a province without any post answer for themselves."""
    return Post.objects.filter(region__startswith=payer[:2]).exists()


def locked(person: str) -> Person:
    """The person, and with it all its months, until the transaction ends."""
    return Person.objects.unscoped().select_for_update(of=("self",)).get(pk=person)


def steps_of(person: str, kind: str) -> list[Payer]:
    """Who pays, oldest first."""
    return list(Payer.objects.unscoped().filter(person_id=person, kind=kind).order_by("since"))


def payer_in(steps: Sequence[Payer], month: int) -> str | None:
    """Who pays in a month: "" nobody, None where nothing is recorded."""
    step = step_in(steps, month)
    return step.payer if step else None


def step_in(steps: Sequence[Payer], month: int) -> Payer | None:
    """The step that holds in a month, None before the first."""
    return next((step for step in reversed(steps) if step.since <= month), None)


def direct(person: str, kind: str, *, payer: str, since: int, because: str) -> int:
    """From a month on this office pays, or with "" nobody; the month in which that begins, 0 where it is so already.

    That is the first month from ``since`` on that is neither paid nor closed; where nothing is recorded yet, none too long ago.
    """
    locked(person)
    steps = steps_of(person, kind)
    cut = _free(person, kind, steps, payer, since if steps else max(since, earliest(month_of(today()))))
    if payer_in(steps, cut) == payer and steps[-1].since <= cut:
        return 0
    if not steps and not payer:
        return 0
    lead(person, kind, cut, [(cut, payer, because)])
    return cut


def lead(
    person: str, kind: str, cut: int, following: Sequence[Step], *, again: Mapping[int, Month] | None = None
) -> None:
    """From a month on the chain goes on with these steps (month, payer, why) and no others; months that wait are set up anew.

    What the end of somebody takes away stays with its step. With ``again``, the months that it held back, that is given back.
    """
    waiting = Month.objects.unscoped().filter(person_id=person, kind=kind, month__gte=cut).exclude(state=State.PAID)
    were = list(waiting.order_by("-month"))
    for month in were:
        Month.objects.unscoped().filter(pk=month.pk).delete()
    held = {m.month: m for m in were if m.state == State.HELD and m.reason != elsewhere}
    steps, gone = steps_of(person, kind), list[Payer]()
    while steps and steps[-1].since >= cut:
        gone.append(steps.pop())
        Payer.objects.unscoped().filter(pk=gone[-1].pk).delete()
    for since, payer, because in following:
        took = _taken(gone[::-1], held) if because in ended.values() and again is None else None
        if not steps or steps[-1].payer != payer or took:
            after = steps[-1].since if steps else None
            step = Payer(person_id=person, kind=kind, payer=payer, since=since, after=after, because=because, took=took)
            step.save(force_insert=True)
            steps.append(step)
    stopped = [
        Month(person_id=person, kind=kind, month=m.month, payer="", state=State.STOPPED, reason=at.because)
        for m in reversed(were)
        if (at := step_in(steps, m.month)) and not at.payer
    ]
    Month.objects.unscoped().bulk_create(stopped)
    there = set(Month.objects.unscoped().filter(person_id=person, kind=kind).values_list("month", flat=True))
    made = expected(steps, there, held | dict(again or {}))
    for month in made:
        if has_paid(person, kind, month.month, month.payer):
            month.state, month.reason = State.PAID, ""
    Month.objects.unscoped().bulk_create(made)


def _taken(steps: Sequence[Payer], held: Mapping[int, Month]) -> dict[str, Any] | None:
    """What an end takes away, as its step keeps it; None for nothing."""
    told = {
        "steps": [[step.since, step.payer, step.because] for step in steps],
        "held": [
            [m.month, m.payer, m.reason, *(_text(getattr(m, name)) for name in hold_columns)] for m in held.values()
        ],
    }
    return told if steps or held else None


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def give_back(person: str, kind: str, because: str) -> None:
    """The end of somebody was none: who pays and what is held back are as they were before it.

    A month that its office has closed meanwhile stays stopped (`anju.payments.models.missed`), and who paid goes on after it.
    """
    locked(person)
    *before, stop = steps_of(person, kind)
    took = stop.took or {"steps": [], "held": []}
    until = before[-1:]
    pieces: list[Step] = [(stop.since, step.payer, because) for step in until] + [tuple(one) for one in took["steps"]]
    closed = last_closed({payer for _, payer, _ in pieces})
    start = max([stop.since, *(shifted(closed[step.payer]) for step in until if step.payer in closed)])
    following: list[Step] = []
    for (since, payer, why), end in zip(pieces, [*(since for since, _, _ in pieces[1:]), _never], strict=True):
        begins = max(since, start)
        free = max(begins, shifted(closed[payer])) if payer in closed else begins
        if begins < min(free, end):
            following.append((begins, "", stop.because))
        if free < end:
            following.append((free, payer, why))
    if following:
        held = [
            Month(month=of, payer=by, reason=why, **dict(zip(hold_columns, rest, strict=True)))
            for of, by, why, *rest in took["held"]
        ]
        lead(person, kind, start, following, again={month.month: month for month in held})


def has_paid(person: str, kind: str, month: int, payer: str) -> bool:
    """Whether an office has paid a month and not got it back: the destination may have begun before its transfer ended."""
    rows = Amount.objects.unscoped().filter(person_id=person, kind=kind, month=month, payer=payer)
    given = [amount if sort in gives else -amount for sort, amount in rows.values_list("sort", "amount")]
    return bool(sum(given) > 0)


def expected(steps: Sequence[Payer], there: Iterable[int], held: Mapping[int, Month] | None = None) -> list[Month]:
    """The months of one chain until the horizon that are not there yet; some are held back as they were before. Where another office has to
    pay now, somebody there has to confirm that first.
    """
    known, were, made = frozenset(there), held or {}, []
    for month in from_to(steps[0].since, horizon()) if steps else ():
        payer = payer_in(steps, month)
        if month in known or not payer:
            continue
        row = Month(person_id=steps[0].person_id, kind=steps[0].kind, month=month, payer=payer)
        made.append(row)
        if not keeps_months(payer):
            row.state, row.reason, row.confirmed_at = State.HELD, elsewhere, timezone.now()
        elif (before := were.get(month)) is not None:
            row.state, row.reason, row.held_by, row.held_at = State.HELD, before.reason, before.held_by, before.held_at
            if before.payer == payer:
                row.confirmed_by, row.confirmed_at = before.confirmed_by, before.confirmed_at
    return made


def _free(person: str, kind: str, steps: Sequence[Payer], payer: str, since: int) -> int:
    """The first month from ``since`` on from which another may pay: nothing is paid or closed any more."""
    months = list(Month.objects.unscoped().filter(person_id=person, kind=kind).values_list("month", "payer", "state"))
    closed = last_closed({step.payer for step in steps} | {payer})
    fixed = [month for month, by, state in months if state == State.PAID or month <= closed.get(by, 0)]
    cut = max([since, shifted(closed[payer]) if payer in closed else since, *map(shifted, fixed)])
    cut = max(cut, steps[0].since) if steps else cut
    for before, step in pairwise(steps):
        if cut <= step.since <= closed.get(before.payer, 0):
            cut = shifted(closed[before.payer])
    return cut


def last_closed(offices: Iterable[str]) -> dict[str, int]:
    """The last closed month of each office that has closed one."""
    found = Closing.objects.unscoped().filter(payer__in=list(offices), closed_at__isnull=False)
    return dict(found.values("payer").annotate(last=Max("month")).values_list("payer", "last"))
