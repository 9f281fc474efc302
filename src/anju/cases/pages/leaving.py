"""Ways out of every case: 撤回, 挂起, 恢复, 终止, each with its reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.cases import actions
from anju.cases.actions.leaving import why_stays
from anju.cases.forms import LeaveForm, SuspendForm
from anju.cases.models import Case, Did
from anju.cases.pages.one import address_of, case_of, heading
from anju.cases.procedures import Running
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.models import Officer
from anju.government.office_forms import carried_out
from anju.register.looking import not_seen

Deed = Callable[[Officer, Case, dict[str, Any]], object]
_asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_handlers
@_asked_or_sent
def withdraw(request: HttpRequest, case: UUID) -> HttpResponse:
    """The person takes the application back."""

    def deed(by: Officer, found: Case, given: dict[str, Any]) -> object:
        return actions.withdraw(by=by, case=found.pk, seen=given["seen"], how=given["why"])

    text = _("本人不办了，件就到此为止；以后还可以再立。已经办过的都还在。")
    return _left(request, case, deed, Did.WITHDRAWN, title=_("本人撤回"), text=text, label=_("本人是怎么说的"))


@for_handlers
@_asked_or_sent
def suspend(request: HttpRequest, case: UUID) -> HttpResponse:
    """The case waits for something outside."""

    def deed(by: Officer, found: Case, given: dict[str, Any]) -> object:
        return actions.suspend(
            by=by, case=found.pk, seen=given["seen"], because=given["why"], review_on=given["review_on"]
        )

    text = _("要等别的事，先放一放；到复查日再看。期限照走。")
    return _left(request, case, deed, Did.SUSPENDED, title=_("挂起"), text=text, label=_("等什么"), form=SuspendForm)


@for_handlers
@_asked_or_sent
def resume(request: HttpRequest, case: UUID) -> HttpResponse:
    """Go on where it stood."""

    def deed(by: Officer, found: Case, given: dict[str, Any]) -> object:
        return actions.resume(by=by, case=found.pk, seen=given["seen"], because=given["why"])

    text = _("等的事有了着落，接着办原来那一步。")
    return _left(request, case, deed, Did.RESUMED, title=_("恢复"), text=text, label=_("说明"), required=False)


@for_handlers
@_asked_or_sent
def terminate(request: HttpRequest, case: UUID) -> HttpResponse:
    """It is no longer to be done."""

    def deed(by: Officer, found: Case, given: dict[str, Any]) -> object:
        return actions.terminate(by=by, case=found.pk, seen=given["seen"], because=given["why"])

    text = _("这件事不用再办，件就到此为止。已经办过的都还在。")
    return _left(request, case, deed, Did.TERMINATED, title=_("终止"), text=text, label=_("终止是为什么"))


def _left(
    request: HttpRequest,
    case: UUID,
    deed: Deed,
    did: Did,
    *,
    label: str,
    form: type[LeaveForm] = LeaveForm,
    required: bool = True,
    **words: str,
) -> HttpResponse:
    who = asking(request)
    found = case_of(who, case)
    data = request.POST if request.method == "POST" else None
    filled = form(label, seen=found.entries, required=required, data=data)
    if filled.is_bound and carried_out(filled, lambda given: deed(who.officer, found, given)):
        return HttpResponseRedirect(address_of(found, did.value))
    if (instead := not_seen(request, found.subject_kind, found.subject_id)) is not None:
        return instead
    refused = "" if filled.is_bound else why_stays(who.officer, found, did)
    context = {**heading(who, found), "procedure": Running.of(found).procedure, **words}
    context |= {"refused": refused, "form": None if refused else filled}
    return render(request, "cases/leave.html", context, status=422 if filled.is_bound else 200)
