"""How my offices call themselves and their letters."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anju.documents.actions import name_office
from anju.documents.offices import Office, head_of
from anju.documents.page_forms import OfficeForm
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.lines import Line
from anju.government.office_forms import carried_out
from anju.government.queries.names import Names


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def offices(request: HttpRequest) -> HttpResponse:
    """Name and 机关代字 of each of my offices."""
    who = asking(request)
    mine = [Office(scope.line, scope.level, scope.lo) for scope in who.scopes]
    pressed = request.POST.get("office", "") if request.method == "POST" else ""
    forms = [_form(who, office, request.POST if _key(office) == pressed else None) for office in mine]
    for office, form in zip(mine, forms, strict=True):
        if form.is_bound and carried_out(form, partial(_name, who, office)):
            return HttpResponseRedirect(f"{reverse('documents:offices')}?saved=1")
    names = Names([office.region for office in mine], who.today)
    listed = [
        (f"{names(office.region)} {Line(office.line).label}", _key(office), form)
        for office, form in zip(mine, forms, strict=True)
    ]
    context = {"offices": listed, "saved": "saved" in request.GET}
    status = 422 if any(form.errors for form in forms) else 200
    return render(request, "documents/offices.html", context, status=status)


def _name(who: Asking, office: Office, given: dict[str, Any]) -> None:
    name_office(by=who.officer, office=office, **given)


def _key(office: Office) -> str:
    return f"{office.line}.{office.region}"


def _form(who: Asking, office: Office, data: Any) -> OfficeForm:
    head = head_of(office, who.today)
    return OfficeForm(data, initial={"name": head.name, "sign": head.sign}, auto_id=f"{_key(office)}-%s")
