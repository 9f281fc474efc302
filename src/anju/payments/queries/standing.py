"""How a month stands, in words: the same on every page and list of an office, and on the resident's own page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop as _

from anju.payments.models import Month, Sort, State, gives

_none = Decimal("0.00")
returned = _("银行退了回来，还没有再发")
in_part = _("已发，部分退汇")
unpaid = _("没有发")
states = {State.EXPECTED: _("应发"), State.PAID: _("已发"), State.HELD: _("缓发"), State.STOPPED: _("停发")}
_alone = _("缓发，待复核")


@dataclass(frozen=True, slots=True)
class Money:
    """What an office paid for a month: ``net`` remains of it; ``owed`` the bank returned, and nobody has paid it again.

    ``all_back``: nothing remains, and it was the bank that returned the last of it (`anju.payments.models.returned`).
    """

    net: Decimal = _none
    owed: Decimal = _none
    all_back: bool = False

    @classmethod
    def of(cls, amounts: Iterable[tuple[str, Decimal]]) -> Money:
        """Sorts and amounts, the oldest first."""
        net = owed = _none
        sort = ""
        for sort, amount in amounts:
            change = amount if sort in gives else -amount
            net += change
            if change > 0 or sort == Sort.RETURNED:
                owed = max(owed - change, _none)
        return cls(net, owed, net == 0 and sort == Sort.RETURNED)


no_money = Money()


def told(month: Month, money: Money, *, over: bool) -> str:
    """How a month stands; ``money``: of the office that has to pay it; ``over``: whether the month is."""
    if month.unconfirmed:
        return _alone
    if money.all_back and month.state in (State.EXPECTED, State.PAID):
        return returned
    if month.state == State.PAID and money.owed and money.net > 0:
        return in_part
    return unpaid if month.state == State.EXPECTED and over else states[State(month.state)]
