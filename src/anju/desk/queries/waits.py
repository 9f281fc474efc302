"""What waits for the officer besides duties: steps of cases, and whatever a colleague has begun that takes a second one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anju.cases.clocks import Clocks
from anju.cases.models import Turn
from anju.cases.queries.lists import Filters, inbox
from anju.desk.queries.mine import Tile
from anju.documents.queries.lists import to_check
from anju.exchange.queries.batches import to_accept
from anju.exchange.queries.exports import to_approve
from anju.government.asking import Asking
from anju.government.scoped import ScopedQuerySet
from anju.payments.models.assistance import Closings
from anju.payments.models.premiums import Premiums
from anju.payments.models.reassessments import Reassessments
from anju.payments.models.rents import RentGrants
from anju.payments.months import text_of
from anju.payments.queries import second
from anju.register.queries.joinings import to_decide
from anju.register.queries.paging import Listing, counted

_most_counted = 100


def waits(who: Asking) -> list[Tile]:
    """Each kind of which any waits, by what it is called."""
    found = []
    for name, view, ask, query in _asked:
        listing = Listing((ask(who),), ("pk",))
        if n := counted(listing, _most_counted):
            given = query if isinstance(query, str) else query(listing.parts[0])
            address = f"{reverse(view)}{given}" if view else given
            found.append(Tile(str(name), min(n, _most_counted), n > _most_counted, address))
    return found


def _inbox(who: Asking) -> ScopedQuerySet[Turn]:
    (turns,) = inbox(who.officer, who.scopes, Filters(), Clocks(who.today)).parts
    return turns


def _oldest_month(closings: Closings) -> str:
    oldest = closings.order_by("month").values_list("month", "payer").first()
    return f"?month={text_of(oldest[0])}&office={oldest[1]}" if oldest else ""


def _oldest_household(forms: Reassessments) -> str:
    oldest = forms.order_by("asked_at").values_list("household_id", flat=True).first()
    return reverse("reassessments:household", args=[oldest]) if oldest else ""


def _oldest_batch(returns: Premiums) -> str:
    oldest = returns.order_by("return_asked_at").values_list("batch_id", flat=True).first()
    return f"{reverse('premiums:batch', args=[oldest])}?returns=1" if oldest else ""


def _oldest_year(grants: RentGrants) -> str:
    oldest = grants.order_by("year").values_list("county", "year").first()
    return f"?county={oldest[0]}&year={oldest[1]}" if oldest else ""


_asked: Sequence[tuple[Any, str, Callable[[Asking], ScopedQuerySet[Any]], str | Callable[[Any], str]]] = (
    (_("办件"), "cases:cases", _inbox, "?list=waiting"),
    (_("文书核稿"), "documents:letters", lambda who: to_check(who.officer, who.scopes), "?list=check"),
    (_("关账复核"), "payments:months", second.closings, _oldest_month),
    (_("代缴复核"), "premiums:premiums", second.batches, ""),
    (_("重新核定复核"), "", second.reassessments, _oldest_household),
    (_("代缴退回复核"), "", second.returns, _oldest_batch),
    (_("流转费补助复核"), "rents:rents", second.grants, _oldest_year),
    (_("导入"), "exchange:imports", lambda who: to_accept(who.officer), "?list=waiting"),
    (_("导出审批"), "exchange:exports", lambda who: to_approve(who.officer), "?list=waiting"),
    (_("并档确认"), "register:doubles", lambda who: to_decide(who.officer), "?list=waiting"),
)
"""What it is called, its list, what of it waits, and what its list is narrowed to; where there is no list, where the oldest one stands."""
