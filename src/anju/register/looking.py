"""A page about somebody is made: that stands in the journal first, and there are only so many within an hour."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anju.government.door import officer_of
from anju.government.refusals import Refused
from anju.register.actions import look


def not_seen(request: HttpRequest, kind: str, subject: object) -> HttpResponse | None:
    """None once the look is in the journal, else the page that is shown instead. A site or a county is nobody's file."""
    if kind not in ("person", "household"):
        return None
    try:
        look(by=officer_of(request), kind=kind, subject=str(subject))
    except Refused as refusal:
        return render(request, "refused.html", {"sentence": str(refusal)}, status=429)
    return None
