"""优先受让地块: who applied for each plot that somebody gives up, in which order, and who got it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anju.cases.queries.plots import clause_of_plots, works_on_plots
from anju.cases.queries.plots import plots as found
from anju.government.asking import asking
from anju.government.door import for_handlers, offered_to


@for_handlers
@offered_to(works_on_plots)
@require_safe
def plots(request: HttpRequest) -> HttpResponse:
    """A page of plots."""
    who = asking(request)
    works = any(map(works_on_plots, who.scopes))
    page, rows = found(who, request.GET.get("page", "")) if works else (None, [])
    return render(
        request, "cases/plots.html", {"clause": clause_of_plots(), "works": works, "found": page, "plots": rows}
    )
