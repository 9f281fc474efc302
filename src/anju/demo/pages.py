"""Being one of the cast at a click, and confirming at a click. Neither asks who is there: the demo holds nobody's data."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from anju.demo.cast import cast
from anju.demo.story import zhang_move
from anju.government.acting import acting
from anju.government.door import for_everyone, officer_of
from anju.government.models import Officer
from anju.journal.actions import record
from anju.portal.door import come_in, for_whoever_comes
from anju.register.models import Membership, Person


@for_everyone
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Begin a session as an officer of the cast, like any other session: it ends, and it is journalled. The one before ends."""
    account = request.POST.get("account", "")
    officer = Officer.objects.filter(account=account, is_active=True).first() if account in cast().by_account else None
    if not settings.ANJU_DEMO or officer is None:
        raise Http404
    doorkeeper = get_adapter(request)
    with transaction.atomic():
        if request.user.is_authenticated:
            doorkeeper.logout(request)
        doorkeeper.login(request, officer)
        record_authentication(request, officer, method="demo")
    return HttpResponseRedirect(get_next_redirect_url(request) or resolve_url(settings.LOGIN_REDIRECT_URL))


@for_whoever_comes
@require_POST
def sign_in_resident(request: HttpRequest) -> HttpResponse:
    """Begin a session as a resident of the story, as a city's identity provider would (`anju.portal.single_sign_on`)."""
    name = request.POST.get("resident", "")
    if not settings.ANJU_DEMO or name not in {neighbour.name for neighbour in cast().residents}:
        raise Http404
    with transaction.atomic():
        family = Membership.objects.unscoped().filter(household__code=zhang_move().code, person__name=name)
        found = Person.objects.unscoped().filter(pk__in=family.values("person"), ended_on=None).first()
    if found is None:
        raise Http404
    answer = HttpResponseRedirect(resolve_url("portal:mine"))
    come_in(request, answer, found)
    return answer


@for_everyone
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """What a code is elsewhere (`anju.government.door.confirmed_again`): here a click, in the journal all the same."""
    if not settings.ANJU_DEMO:
        raise Http404
    officer = officer_of(request)
    with transaction.atomic():
        record_authentication(request, officer, method="demo", reauthenticated=True)
        record(actor=acting(officer), action="demo.confirm", object_kind="officer", object_id=str(officer.pk))
    return HttpResponseRedirect(get_next_redirect_url(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
