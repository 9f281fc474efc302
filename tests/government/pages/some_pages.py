"""A site with two more pages: one for the auditor, and one whose author forgot to say for whom it is."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from anju.config import urls
from anju.government.door import for_duties, officer_of
from anju.government.models import Officer


@for_duties(Officer.Duty.AUDIT)
def audited(request: HttpRequest) -> HttpResponse:
    """For the auditor."""
    return HttpResponse(officer_of(request).name)


def forgotten(request: HttpRequest) -> HttpResponse:
    """For nobody."""
    return HttpResponse("资料")


handler404 = urls.handler404
urlpatterns = [*urls.urlpatterns, path("audited/", audited), path("forgotten/", forgotten)]
