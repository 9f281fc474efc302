"""An ID number that is typed into the search of a list: it must not stay in the address, nor in any further log."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from anju.journal.plain_numbers import has_id_number


def number_box(request: HttpRequest, text: str, **given: str) -> HttpResponse | None:
    """The way to where one looks for a person by the number, whose list says so; None for any other text."""
    if not has_id_number(text):
        return None
    address = f"{reverse('register:people')}?{urlencode({**given, 'number': 'here'})}"
    if "HX-Request" in request.headers:  # only a part of the page is asked for: all of it changes
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
