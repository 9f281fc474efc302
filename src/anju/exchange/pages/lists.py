"""The list of batches: those that wait for me, those that I handed in, those of others in my regions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.exchange.kinds import kind_of, kinds
from anju.exchange.models import Batch, Batches, Verdict
from anju.exchange.queries.batches import mine, others, to_accept
from anju.exchange.subjects import titles
from anju.government.door import for_handlers, officer_of
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.queries.names import Names
from anju.register.queries.paging import Listing, counted, page

_shelves: Mapping[str, tuple[object, Callable[[Officer], Batches]]] = {
    "waiting": (_("等我处理"), to_accept),
    "mine": (_("我交的"), mine),
    "others": (_("别人交的"), others),
}
_batches_a_page = 20
_most_counted = 100
_told = (Verdict.NEW, Verdict.CHANGE, Verdict.CONFLICT, Verdict.REFUSED)


@for_handlers
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Batches, the newest first."""
    officer, today = officer_of(request), timezone.localdate()
    numbers = {
        name: counted(Listing((asked(officer),), ("pk",)), _most_counted) for name, (_, asked) in _shelves.items()
    }
    wanted = request.GET.get("list", "")
    chosen = wanted if wanted in _shelves else next((name for name, n in numbers.items() if n), "mine")
    listing = Listing((_shelves[chosen][1](officer),), ("pk",), falling=True)
    found = page(
        listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_batches_a_page
    )
    names = Names({batch.region for batch in found.rows}, today)
    context = {
        "shelves": [(name, label, _number(numbers[name])) for name, (label, _) in _shelves.items()],
        "chosen": chosen,
        "rows": [(batch, kind_of(batch.kind).title, names(batch.region), told(batch)) for batch in found.rows],
        "found": found,
        "total": _number(numbers[chosen]),
        "query": f"list={chosen}",
        "address": reverse("exchange:imports"),
        "kinds": kinds(),
        "has_posts": bool(visible_regions(officer, today)),
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "exchange/_batches.html" if part else "exchange/imports.html", context)


def told(batch: Batch) -> list[tuple[Verdict, int]]:
    """How many rows of all kinds of subjects together have each verdict that says something."""
    every: dict[str, int] = {}
    for subject in titles.keys() & batch.counts:
        for verdict, n in batch.counts[subject].items():
            every[verdict] = every.get(verdict, 0) + n
    return [(verdict, every[verdict]) for verdict in _told if every.get(verdict)]


def _number(n: int) -> str:
    return f"{n:,}" if n <= _most_counted else f"{_most_counted:,}+"
