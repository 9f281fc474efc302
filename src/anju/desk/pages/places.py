"""Places to choose from while one types. They are about nobody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from anju.desk.places import suggestions
from anju.government.door import for_handlers

_longest = 40


@for_handlers
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """The options for a field in which a place is typed; it sends its text under its own name."""
    text = next((value for values in request.GET.lists() for value in values[1]), "")
    return render(request, "desk/_suggestions.html", {"places": suggestions(text[:_longest], timezone.localdate())})
