"""An office begins to keep its months here: everybody whose assistance it holds has months from then on."""

from __future__ import annotations

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.regions.reach import scope_of
from anju.government.second_wall import everything
from anju.payments.actions.within import check_office, month_from, note
from anju.payments.chain import direct, office_of
from anju.payments.following import entitled
from anju.payments.months import text_of
from anju.register.changes import changed
from anju.register.models import Relation
from anju.register.models.relations import Kind as Relations

_at_most = 20_000


def begin_months(*, by: Officer, payer: str, month: str) -> int:
    """From that month on the office's months are kept: of whom it pays dibao or tekun, and who has none yet; how many people.

    Raises:
        Refused: another office, a month that is yet to come.
    """
    with one_deed():
        check_office(by, payer)
        if office_of(payer) != payer:
            raise Refused("按乡镇记，请选一个乡镇。")
        first, begun = month_from(month), []
        with everything():
            for one in entitled(_held_at(payer)).values():
                if one.kind and direct(
                    one.person, one.kind, payer=payer, since=max(first, one.since), because="开始按月记发放"
                ):
                    begun.append(one.person)
            note(by, "begin", "assistance", payer, month=text_of(first), people=len(begun))
            changed("person", begun)
    return len(begun)


def _held_at(payer: str) -> list[str]:
    """The people whose assistance an office holds. Raises `Refused` for more than go at once."""
    lo, hi = scope_of(payer)
    held = Relation.objects.unscoped().filter(kind=Relations.ASSISTANCE, holder__gte=lo, holder__lt=hi).last_steps()
    people = sorted({str(pk) for pk in held.values_list("person_id", flat=True)[: _at_most + 1]})
    if len(people) > _at_most:
        raise Refused(f"一次最多记 {_at_most:,} 个人，请按乡镇分开。")
    return people
