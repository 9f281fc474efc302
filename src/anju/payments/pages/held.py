"""缓发: which months are held back, for how long, and which of them wait for a second officer."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.government.asking import asking
from anju.government.door import for_handlers, offered_to
from anju.payments.models import clause, keeps_months
from anju.payments.queries.held import Filters, Held
from anju.register.queries.paging import counted, page

_ages = {"0": _("本月和以后"), "1": _("1–2 个月"), "3": _("3–5 个月"), "6": _("半年以上")}
_a_page = 50
_most_counted = 10_000


@for_handlers
@offered_to(keeps_months)
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """The months that are held back, the oldest first."""
    seen, filters = Held(asking(request)), Filters.of(request.GET)
    listing = seen.listing(filters)
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_a_page)
    n = counted(listing, _most_counted)
    by_age = seen.by_age()
    context: dict[str, Any] = {
        "works": seen.works,
        "rows": seen.rows(found.rows),
        "found": found,
        "total": f"{n:,}" if n <= _most_counted else f"{_most_counted:,}+",
        "wanted": filters,
        "all": seen.total,
        "alone": seen.alone,
        "ages": [(age, label, by_age[age]) for age, label in _ages.items()],
        "narrowed": bool(filters.given()),
        "query": urlencode(filters.given()),
        "address": reverse("payments:held"),
        "clause": clause,
        "saved": _("复核了，这个月算缓发。") if request.GET.get("saved") else "",
    }
    return render(request, "payments/held.html", context)
