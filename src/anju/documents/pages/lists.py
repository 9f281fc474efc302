"""收发文登记: what waits to be checked, what is in work, what came in and what went out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.documents.models import Letter
from anju.documents.queries.lists import rows, shelves
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.queries.paging import Listing, counted, page

_labels: Mapping[str, object] = {
    "check": _("等我核稿"),
    "open": _("在拟的"),
    "received": _("收文"),
    "sent": _("发文"),
    "void": _("作废的"),
    "all": _("全部"),
}
_a_page = 20
_most_counted = 100


@for_handlers
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """Letters, the newest first."""
    who = asking(request)
    wanted = request.GET.get("list", "")
    number = {name: counted(_listing(name, who), _most_counted) for name in shelves if name != "all"}
    chosen = wanted if wanted in shelves else next((name for name in ("check", "open") if number[name]), "received")
    listing = _listing(chosen, who)
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_a_page)
    context: dict[str, Any] = {
        "shelves": [(name, label, _number(number[name]) if name in number else "") for name, label in _labels.items()],
        "chosen": chosen,
        "rows": rows(who.officer, found.rows),
        "found": found,
        "total": _number(counted(listing, _most_counted)),
        "query": f"list={chosen}",
        "address": reverse("documents:letters"),
        "has_posts": bool(who.scopes),
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "documents/_letters.html" if part else "documents/letters.html", context)


def _listing(name: str, who: Asking) -> Listing[Letter]:
    return Listing((shelves[name](who.officer, who.scopes),), ("pk",), falling=True)


def _number(n: int) -> str:
    return f"{n:,}" if n <= _most_counted else f"{_most_counted:,}+"
