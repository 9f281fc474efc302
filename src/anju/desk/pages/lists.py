"""The lists of people, households and sites: two sides, filters, search; a person by the ID number."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from anju.desk import places
from anju.desk.queries import rows
from anju.desk.queries.party import may_list
from anju.government.door import for_handlers, officer_of
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.register.models import Site
from anju.register.queries import lists
from anju.register.queries.lists import Filters
from anju.register.queries.one import person_by_number, person_once_numbered, site
from anju.register.queries.paging import Listing, Page, counted, most_counted, page
from anju.register.typed_numbers import number_box

_most_sites = 200
_sites_a_page = 10  # everybody at each is counted
_like_a_number = re.compile(r"\d{6}")


@for_handlers
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """People who came here, or who left from here."""
    return _listed(request, "people", lists.persons, rows.people)


@for_handlers
@require_safe
def households(request: HttpRequest) -> HttpResponse:
    """Households that came here, or that left from here."""
    return _listed(request, "households", lists.households, rows.households)


@for_handlers
@require_safe
def sites(request: HttpRequest) -> HttpResponse:
    """Resettlement sites in the officer's reach."""
    return _listed(request, "sites", lists.sites, rows.sites, size=_sites_a_page)


@for_handlers
@require_POST
def by_number(request: HttpRequest) -> HttpResponse:
    """The person with an ID number, which stands in no address. Foreign and missing are told alike."""
    number = request.POST.get("number", "")[:40]
    officer = officer_of(request)
    found = (person_by_number(officer, number) or person_once_numbered(officer, number)) if number.strip() else None
    if found is not None:
        return HttpResponseRedirect(reverse("register:person", args=[found.pk]))
    context = _context(request, Filters(), "people", lists.persons, rows.people)
    return render(request, "desk/people.html", {**context, "not_found": True}, status=404 if number.strip() else 422)


def _listed(
    request: HttpRequest,
    name: str,
    listing: Callable[[Officer, Filters], Listing[Any]],
    shown: Callable[..., list[Any]],
    **options: int,
) -> HttpResponse:
    wanted = Filters.of(request.GET)
    if name == "people" and _like_a_number.search(wanted.text):
        # typed into the wrong box: it must not stay in the address
        return HttpResponseRedirect(f"{request.path}?{urlencode({'side': wanted.side, 'number': 'here'})}")
    if elsewhere := number_box(request, wanted.text, side=wanted.side):
        return elsewhere
    context = _context(request, wanted, name, listing, shown, **options)
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, f"desk/_{name}.html" if part else f"desk/{name}.html", context)


def _context(
    request: HttpRequest,
    wanted: Filters,
    name: str,
    listing: Callable[[Officer, Filters], Listing[Any]],
    shown: Callable[..., list[Any]],
    **options: int,
) -> dict[str, Any]:
    officer, today = officer_of(request), timezone.localdate()
    asked = listing(officer, wanted)
    found = page(asked, after=request.GET.get("after", ""), before=request.GET.get("before", ""), **options)
    return {
        "rows": shown(officer, found.rows, today),
        "found": found,
        "total": _total(asked, found, wanted),
        "wanted": wanted,
        "query": _query(wanted),
        "address": reverse(f"register:{name}"),
        "sides": [("in", _("迁入本地")), ("out", _("从本地迁出"))],
        "regions": places.choices(visible_regions(officer, today), wanted.region, today),
        "sites": sites_in_reach(officer, site(officer, wanted.site), wanted.region) if name != "sites" else (),
        "party_list": name == "people" and may_list(visible_regions(officer, today)),
        "number_here": request.GET.get("number") == "here",
    }


def _total(asked: Listing[Any], found: Page[Any], wanted: Filters) -> str:
    """How many there are; of what is looked for by name only the page is counted, since each has to be looked for."""
    if not found.next and not found.previous:
        return f"{len(found.rows):,}"
    most = len(found.rows) if wanted.words else most_counted
    total = most + 1 if wanted.words else counted(asked)
    return f"{total:,}" if total <= most else _("%(n)s 以上") % {"n": f"{most:,}"}


def _query(wanted: Filters) -> str:
    """The filters as they stand in the address, before the place in the list."""
    fields = {"side": wanted.side, "region": wanted.region, "site": wanted.site, "text": wanted.text}
    given = {name: text for name, text in fields.items() if text and (name, text) != ("side", "in")}
    return urlencode(given | ({"ended": "1"} if wanted.ended else {}))


def sites_in_reach(officer: Officer, chosen: Site | None = None, region: str = "") -> list[Site]:
    """The sites to choose from, the chosen one among them."""
    listing = lists.sites(officer, Filters(region=region))
    found: list[Site] = []
    for part in listing.parts:
        found += part.order_by(*listing.keys)[: _most_sites - len(found)]
    return found if chosen is None or chosen in found else [chosen, *found]
