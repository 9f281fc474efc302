"""The system administrator's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from anju.config.system import installation
from anju.government.door import for_duties
from anju.government.models import Officer


@for_duties(Officer.Duty.SYSTEM)
@require_GET
def system(request: HttpRequest) -> HttpResponse:
    """How the installation is."""
    return render(request, "system.html", {"system": installation()})
