"""An office begins to keep its months here: everybody whose assistance it holds has months from then on."""

from __future__ import annotations

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.regions.reach import scope_of
from anju.government.second_wall import everything
from anju.payments.actions.within import check_office, hold_people, month_from, note
from anju.payments.chain import direct, horizon, is_office
from anju.payments.following import entitled
from anju.payments.months import from_to, shifted, text_of
from anju.register.changes import changed
from anju.register.models import Relation
from anju.register.models.relations import Kind as Relations

_at_most = 20_000
_most_months = 60_000


def begin_months(*, by: Officer, payer: str, month: str) -> int:
    """From that month on the office's months are kept: of whom it pays dibao or tekun, and who has none yet; how many people.

    Raises:
        Refused: another office, a month that is yet to come or too long ago, more people or months than go at once.
    """
    with one_deed():
        check_office(by, payer)
        if not is_office(payer):
            raise Refused("按乡镇记，请选一个乡镇。")
        first, begun = month_from(month), []
        with everything():
            hold_people(_held_at(payer))
            held = [one for one in entitled(_held_at(payer)).values() if one.kind]
            _check_few(len(held), first)
            for one in held:
                if direct(
                    one.person, one.kind or "", payer=payer, since=max(first, one.since), because="开始按月记发放"
                ):
                    begun.append(one.person)
            note(by, "begin", "assistance", payer, month=text_of(first), people=len(begun))
            changed("person", begun)
    return len(begun)


def _check_few(people: int, first: int) -> None:
    """Raise `Refused` where that many people from that month on have more months than go at once."""
    last = horizon()
    months = len(list(from_to(first, last)))
    if people * months > _most_months:
        later = text_of(shifted(last, 1 - max(1, _most_months // people)))
        raise Refused(f"一次最多记 {_most_months:,} 个月：这里有 {people:,} 人，从 {later} 起记，或者更晚。")


def _held_at(payer: str) -> list[str]:
    """The people whose assistance an office holds. Raises `Refused` for more than go at once."""
    lo, hi = scope_of(payer)
    held = Relation.objects.unscoped().filter(kind=Relations.ASSISTANCE, holder__gte=lo, holder__lt=hi).last_steps()
    people = sorted({str(pk) for pk in held.values_list("person_id", flat=True)[: _at_most + 1]})
    if len(people) > _at_most:
        raise Refused(f"一次最多记 {_at_most:,} 个人，请按乡镇分开。")
    return people
