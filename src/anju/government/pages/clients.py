"""The security administrator's pages about other offices' systems: a list, one with its secrets, and what is done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anju.government import actions
from anju.government.door import confirmed_again, officer_of
from anju.government.models import Client, ClientKey
from anju.government.office_forms import ChangeClient, NewClient, RenewKey, carried_out
from anju.government.pages.accounts import security
from anju.government.queries.lists import clients
from anju.government.queries.places import place_names
from anju.government.refusals import Refused


@security
@require_GET
def listed(request: HttpRequest) -> HttpResponse:
    """All of them, with what each stands in for and when it was last here."""
    found, today = clients(), timezone.localdate()
    names = place_names((client.post.region for client in found), today)
    rows = [(client, names[client.post.region], _state(client)) for client in found]
    return render(request, "government/office/clients.html", {"rows": rows})


@security
@require_http_methods(["GET", "POST"])
@confirmed_again
def opened(request: HttpRequest) -> HttpResponse:
    """Register one; its secret is shown once, in the answer to the form."""
    form = NewClient(request.POST or None, initial={"since": timezone.localdate()})
    made: list[tuple[Client, str]] = []
    by = officer_of(request)
    if request.method == "POST" and carried_out(form, lambda given: made.append(actions.create_client(by=by, **given))):
        return _once(request, *made[0])
    return render(request, "government/office/new_client.html", {"form": form}, status=422 if form.errors else 200)


@security
@require_GET
def one(request: HttpRequest, client: UUID) -> HttpResponse:
    """One: its post, its days and networks, its secrets by when they were given, and what can be done."""
    return _one(request, _found(client))


@security
@require_POST
@confirmed_again
def changed(request: HttpRequest, client: UUID) -> HttpResponse:
    """Other days or networks."""
    found, form, by = _found(client), ChangeClient(request.POST), officer_of(request)
    if carried_out(form, lambda given: actions.change_client(by=by, client=found, **given)):
        return _back(found, "change")
    ended = "" if found.officer.is_active else " ".join(map(str, form.non_field_errors()))
    return _one(request, found, change=form, said=ended)


@security
@require_POST
@confirmed_again
def renewed(request: HttpRequest, client: UUID) -> HttpResponse:
    """Another secret, shown once."""
    found, form, by = _found(client), RenewKey(request.POST), officer_of(request)
    made: list[str] = []
    if carried_out(form, lambda given: made.append(actions.renew_key(by=by, client=found, **given))):
        return _once(request, found, made[0])
    return _one(request, found, said=" ".join(map(str, form.non_field_errors())))


@security
@require_POST
@confirmed_again
def ended(request: HttpRequest, client: UUID) -> HttpResponse:
    """No secret opens any more."""
    found = _found(client)
    try:
        actions.end_client(by=officer_of(request), client=found)
    except Refused as refused:
        return _one(request, found, said=str(refused))
    return _back(found, "end")


def _found(key: UUID) -> Client:
    return get_object_or_404(Client.objects.select_related("officer", "post"), pk=key)


def _one(request: HttpRequest, client: Client, *, said: str = "", change: forms.Form | None = None) -> HttpResponse:
    today = timezone.localdate()
    context: dict[str, Any] = {
        "client": client,
        "place": place_names([client.post.region], today)[client.post.region],
        "state": _state(client),
        "keys": [(key, _key_state(key)) for key in client.keys.order_by("-made_at")],
        "change": change or ChangeClient(initial={"until": client.until, "networks": client.networks}),
        "renew": RenewKey(),
        "refused": said,
        "done": {"change": _("改好了，马上生效。"), "end": _("已停用，它的密钥都不能再用。")}.get(
            request.GET.get("done", "")
        ),
        "open": "change" if change else "",
    }
    return render(request, "government/office/client.html", context, status=422 if said or change else 200)


def _state(client: Client) -> str:
    today = timezone.localdate()
    if not client.officer.is_active:
        return "ended"
    return "future" if client.since > today else "past" if client.until <= today else "now"


def _key_state(key: ClientKey) -> str:
    if key.ends_at is None:
        return "now"
    return "ending" if key.ends_at > timezone.now() else "past"


def _back(client: Client, done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('government:client', args=[client.pk])}?done={done}")


def _once(request: HttpRequest, client: Client, secret: str) -> HttpResponse:
    return render(request, "government/office/client_key.html", {"client": client, "secret": secret})
