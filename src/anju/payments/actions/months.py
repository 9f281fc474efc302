"""A month is held back by two, for a reason, or no longer; and the destination's first month is put off, because it cannot begin yet."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.within import check_office, kind_from, month_for, month_from, note, reason_of
from anju.payments.chain import has_paid, horizon, lead, steps_of
from anju.payments.models import Month, State
from anju.payments.months import shifted, text_of
from anju.register.actions.within import locked
from anju.register.changes import changed
from anju.register.models import Person


def hold_month(*, by: Officer, month: str, reason: str) -> None:
    """Hold a month back that is to be paid: it does not stop, and is paid once the reason is gone. Until another officer has confirmed it
    (`confirm_hold`), it counts as not paid. Raises `Refused`.
    """
    with one_deed():
        told = {"state": State.HELD, "reason": reason_of(reason), "held_by": by, "held_at": timezone.now()}
        turned = _turn(by, month, State.EXPECTED, **told)
        said = {"month": text_of(turned.month), "kind": turned.kind, "because": reason.strip()}
        note(by, "hold", "person", turned.person_id, **said)
        changed("person", [str(turned.person_id)])


def release_month(*, by: Officer, month: str) -> None:
    """A month that was held back is to be paid again. Raises `Refused`."""
    with one_deed():
        nobody = dict.fromkeys(("held_by", "held_at", "confirmed_by", "confirmed_at"))
        turned = _turn(by, month, State.HELD, state=State.EXPECTED, reason="", **nobody)
        note(by, "release", "person", turned.person_id, month=text_of(turned.month), kind=turned.kind)
        changed("person", [str(turned.person_id)])


def confirm_hold(*, by: Officer, month: str) -> None:
    """Another officer than who held a month back has looked at why, and agrees. Raises `Refused`."""
    with one_deed():
        found = month_for(by, month)
        if found.state == State.HELD and found.confirmed_at is not None:
            raise Refused("这个月的缓发已经有人复核过了。")
        if found.state == State.HELD and found.held_by_id == by.pk:
            raise Refused("缓发的人不能自己复核，请另一位干部看过再定。")
        turned = _turn(by, month, State.HELD, confirmed_by=by, confirmed_at=timezone.now())
        note(by, "confirm_hold", "person", turned.person_id, month=text_of(turned.month), kind=turned.kind)
        changed("person", [str(turned.person_id)])


def _turn(by: Officer, key: str, before: State, **after: Any) -> Month:
    month = month_for(by, key)
    turned = Month.objects.visible_to(by, purpose="经办").filter(pk=month.pk, state=before)
    if not turned.update(**after):
        raise Refused(f"这个月现在是“{month.get_state_display()}”，请打开最新的再看。")
    return month


def postpone(*, by: Officer, person: str, kind: str, month: str, reason: str) -> None:
    """The last office to take over begins later, with another month; until then the one before it goes on paying.

    Raises:
        Refused: neither of the two is the officer's, nobody took over from anybody, a month that is not later, or one paid already.
    """
    with one_deed():
        found = locked(Person, by, person)
        first = month_from(month, latest=horizon())
        with everything():
            steps = steps_of(str(found.pk), kind_from(kind))
            if len(steps) < 2 or not steps[-1].payer or not steps[-2].payer:
                raise Refused("这个人没有从一方转到另一方，没有首发月可以推迟。")
            check_office(by, steps[-1].payer, steps[-2].payer)
            put_off(str(found.pk), kind, first, reason_of(reason))
            note(by, "postpone", "person", found.pk, kind=kind, month=text_of(first), because=reason.strip())
            changed("person", [str(found.pk)])


def put_off(person: str, kind: str, first: int, reason: str) -> None:
    """The last step of a chain begins later, and not before a month that the office before it has paid, whichever was written down first.
    Acts for nobody. Raises `Refused`.
    """
    before, last = steps_of(person, kind)[-2:]
    if first <= last.since:
        raise Refused(f"首发月现在是 {text_of(last.since)}，只能往后推。")
    while has_paid(person, kind, first, before.payer):
        first = shifted(first)
    waiting = Month.objects.unscoped().filter(person_id=person, kind=kind, month__gte=last.since)
    if waiting.filter(state=State.PAID).exists():
        raise Refused(f"{text_of(last.since)} 起已经发了，不能再推迟；两边都发了的，登记追回或抵扣。")
    because = f"{reason}；首发月由 {text_of(last.since)} 推到 {text_of(first)}"[:100]
    lead(person, kind, last.since, [(first, last.payer, because)])
