"""Pages that are asked by their address, in which no ID number stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase

from anju.journal.plain_numbers import has_id_number

P = ParamSpec("P")


def without_numbers(
    page: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """What was typed with an ID number in it leads to the page without it, where `government/_no_numbers.html` says so."""

    @wraps(page)
    def ask(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        numbered = [name for name, values in request.GET.lists() if any(map(has_id_number, [name, *values]))]
        if not numbered:
            return page(request, *args, **kwargs)
        kept = request.GET.copy()
        for name in numbered:
            del kept[name]
        kept["number"] = "here"
        return HttpResponseRedirect(f"{request.path}?{kept.urlencode()}")

    return ask
