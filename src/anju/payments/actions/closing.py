"""A month of an office is closed by two: one asks, another one looks through it and closes it. Then nothing of it changes any more."""

from __future__ import annotations

from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.within import check_office, month_from, note
from anju.payments.chain import is_office
from anju.payments.models import Closing, Month, State, open_month
from anju.payments.months import text_of
from anju.register.actions.within import not_there


def ask_closing(*, by: Officer, payer: str, month: str) -> Closing:
    """Ask that the month of an office be closed, with all before it. Raises `Refused` while one is open, or for what is asked already."""
    with one_deed():
        check_office(by, payer)
        if not is_office(payer):
            raise Refused("按乡镇关账，请选一个乡镇。")
        number = month_from(month)
        with everything():
            left = Month.objects.unscoped().filter(open_month, payer=payer, month__lte=number)
            if n := left.count():
                held = left.filter(state=State.HELD).count()
                also = f"其中 {held:,} 个月的缓发还没有人复核；" if held else ""
                raise Refused(f"{text_of(number)} 为止还有 {n:,} 个月没有发，也没有缓发或停发；{also}先办完再关账。")
            closing = Closing.objects.create(payer=payer, month=number, asked_by=by)
        note(by, "ask_closing", "closing", closing.pk, payer=payer, month=text_of(number))
    return closing


def withdraw_closing(*, by: Officer, closing: str) -> None:
    """Take back what was asked and not closed yet. Raises `Refused`."""
    with one_deed():
        found = _waiting(by, closing)
        note(by, "withdraw_closing", "closing", found.pk, payer=found.payer, month=text_of(found.month))
        Closing.objects.visible_to(by, purpose="经办").filter(pk=found.pk).delete()


def close_month(*, by: Officer, closing: str) -> None:
    """Close a month that somebody else asked to close. Raises `Refused`."""
    with one_deed():
        found = _waiting(by, closing)
        found.closed_by, found.closed_at = by, timezone.now()
        found.save(update_fields=["closed_by", "closed_at"])
        note(by, "close", "closing", found.pk, payer=found.payer, month=text_of(found.month))


def _waiting(by: Officer, key: str) -> Closing:
    rows = Closing.objects.visible_to(by, purpose="经办").select_for_update(of=("self",))
    found = rows.filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 19 else None
    if found is None:
        raise Refused(not_there)
    check_office(by, found.payer)
    if found.closed_at is not None:
        raise Refused("这个月刚刚关账了。")
    return found
