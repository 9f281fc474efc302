"""办件: what waits for my posts, what passed through them and is still under way, and all cases in my reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.cases.bundles import most_rows
from anju.cases.clocks import Clocks, states
from anju.cases.models import State
from anju.cases.queries.lists import Filters, elsewhere, everything, inbox, outbox, reviews, suspended
from anju.cases.queries.rows import Row, rows
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.register.guideline import guideline
from anju.register.queries.paging import Listing, counted, page
from anju.register.typed_numbers import number_box

_shelves: Mapping[str, object] = {
    "waiting": _("等我办"),
    "elsewhere": _("等别处答复"),
    "suspended": _("挂起待复查"),
    "passed": _("我办过在办的"),
    "all": _("全部"),
}
_by_turn = {"waiting": inbox, "elsewhere": elsewhere}
_a_page = 50
_most_counted = 100


@for_handlers
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Cases by whose turn it is."""
    who, filters = asking(request), Filters.of(request.GET)
    if elsewhere_asked := number_box(request, filters.text):
        return elsewhere_asked
    clocks = Clocks(who.today)
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in _shelves else "all" if filters.subject or filters.text else "waiting"
    listing = _listing(chosen, who, filters, clocks)
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_a_page)
    listed = _rows(chosen, who, found.rows, clocks)
    procedure = guideline().procedures.get(filters.procedure)
    bulk = bool(chosen == "waiting" and procedure and filters.step and listed)
    context: dict[str, Any] = {
        "shelves": [
            (name, label, _number(_listing(name, who, Filters(), clocks)) if name != "all" else "")
            for name, label in _shelves.items()
        ],
        "chosen": chosen,
        "by_turn": chosen in _by_turn,
        "rows": listed,
        "found": found,
        "total": _number(listing),
        "wanted": filters,
        "narrowed": bool(filters.given()),
        "query": urlencode({"list": chosen, **filters.given()}),
        "address": reverse("cases:cases"),
        "has_posts": bool(who.scopes),
        "clauses": [(c.number, c.title) for c in guideline().clauses.values()],
        "procedures": [(p.code, p.name) for p in guideline().procedures.values() if filters.clause in ("", p.clause)],
        "steps": [(step.number, step.name) for step in procedure.steps] if procedure else [],
        "states": _clock_states(who, filters, clocks) if chosen == "waiting" else (),
        "reviews": _reviews(who, filters) if chosen == "suspended" else (),
        "case_states": State.choices,
        "bulk": bulk,
        "together": _number(listing, most_rows) if bulk and len(found.rows) > 1 else "",
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "cases/_list.html" if part else "cases/cases.html", context)


def _listing(name: str, who: Asking, filters: Filters, clocks: Clocks) -> Listing[Any]:
    if name in _by_turn:
        return _by_turn[name](who.officer, who.scopes, filters, clocks)
    if name == "suspended":
        return suspended(who.officer, who.scopes, filters)
    return outbox(who.officer, who.scopes, filters) if name == "passed" else everything(who.officer, filters)


def _rows(name: str, who: Asking, found: Any, clocks: Clocks) -> list[Row]:
    if name in _by_turn:
        return rows(who.officer, [turn.case for turn in found], clocks, found) if found else []
    return rows(who.officer, found, clocks)


def _clock_states(who: Asking, filters: Filters, clocks: Clocks) -> list[tuple[str, str]]:
    """How many wait in each state of the clock."""
    (waiting,) = inbox(who.officer, who.scopes, Filters(filters.clause, filters.procedure, filters.step), clocks).parts
    return [(state, _number(Listing((waiting.filter(clocks.within(state)),), ("pk",)))) for state in states]


def _reviews(who: Asking, filters: Filters) -> list[tuple[str, str]]:
    """How many suspended cases there are by how far the day is on which they are looked at again."""
    listings = ((state, suspended(who.officer, who.scopes, replace(filters, state=state))) for state in reviews)
    return [(state, _number(listing)) for state, listing in listings]


def _number(listing: Listing[Any], most: int = _most_counted) -> str:
    n = counted(listing, most)
    return f"{n:,}" if n <= most else f"{most:,}+"
