"""我的工作台: what I have to do, until when, and why; how many people there are; what I opened last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anju.cases.actions import opens
from anju.desk.queries import mine
from anju.desk.queries.owed import owed
from anju.desk.queries.waits import waits
from anju.duties.clocks import states
from anju.duties.queries import Asked, Desk
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.queries import held_posts
from anju.government.queries.names import Names
from anju.register.guideline import guideline

_duties_a_page = 20  # on a phone each is a card


@for_handlers
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """The officer's first page."""
    who = asking(request)
    holdings = list(held_posts(who.officer, who.today))
    names = Names((holding.post.region for holding in holdings), who.today)
    context: dict[str, Any] = {
        "posts": [(names(h.post.region), h.post.get_line_display(), h.post.get_level_display()) for h in holdings],
        **_inbox(request, who.officer, who.scopes),
    }
    if "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
        return render(request, "desk/_inbox.html", context)
    context |= {"tiles": mine.numbers(who), "waits": waits(who), "recent": mine.recent(who.officer, who.today)}
    return render(request, "desk/home.html", context)


def _inbox(request: HttpRequest, officer: Any, scopes: Any) -> dict[str, Any]:
    """The duties of the list: mine, or those of my line below me."""
    view = Desk(officer)
    whose, asked = narrowed(request.GET)
    duties = view.below() if whose == "below" else view.mine()
    given = {"clause": asked.clause, "kind": asked.kind, "state": asked.state}
    numbers = view.numbers(duties)
    found = view.page(duties, asked, after=request.GET.get("after", "")[:60], size=_duties_a_page)
    policy = guideline()
    rows = owed(officer, scopes, found.rows, view.on)
    ticks = opens(asked.kind) and any(row.does == "open" for row in rows)
    return {
        "whose": whose,
        "wanted": asked,
        "numbers": numbers,
        "rows": rows,
        "ticks": ticks,
        "all": view.chosen(duties, asked).count() if ticks else 0,
        "next": found.next,
        "query": urlencode({"whose": whose, **{name: text for name, text in given.items() if text}}),
        "clauses": [(code, policy.clauses[code].title) for code in sorted(numbers.clauses) if code in policy.clauses],
        "kinds": [(code, policy.duties[code].name) for code in sorted(numbers.kinds) if code in policy.duties],
    }


def narrowed(given: Mapping[str, str]) -> tuple[str, Asked]:
    """Whose duties are asked for, "mine" or those "below", and which of them."""
    told = {name: given.get(name, "")[:50] for name in ("clause", "kind", "state")}
    state = told["state"] if told["state"] in states else ""
    return "below" if given.get("whose") == "below" else "mine", Asked(told["clause"], told["kind"], state=state)
