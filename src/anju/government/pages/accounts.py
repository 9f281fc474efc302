"""The security administrator's pages about accounts: a list, one officer with the posts held, and what is done to both."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anju.government import actions, lockout
from anju.government.door import confirmed_again, for_duties, officer_of
from anju.government.models import Officer, PostHolding, duties_of_people, never
from anju.government.office_forms import Appointment, LastDay, NewOfficer, Rename, carried_out
from anju.government.pages.asked import without_numbers
from anju.government.passwords import first_password
from anju.government.queries.lists import held_on, officers
from anju.government.queries.places import place_names
from anju.government.refusals import Refused

security = for_duties(Officer.Duty.SECURITY)
_deeds: dict[str, Callable[..., None]] = {
    "disable": actions.disable,
    "enable": actions.enable,
    "unlock": actions.unlock,
    "forget-second-factors": actions.forget_second_factors,
}
_activity = {"active": True, "disabled": False}


@security
@require_GET
@without_numbers
def listed(request: HttpRequest) -> HttpResponse:
    """All accounts, by account or name, duty, and whether they are open."""
    asked = {name: request.GET.get(name, "") for name in ("text", "duty", "state", "after")}
    found = officers(text=asked["text"], duty=asked["duty"], active=_activity.get(asked["state"]), after=asked["after"])
    today = timezone.localdate()
    held = held_on(found.rows, today)
    names = place_names((holding.post.region for holdings in held.values() for holding in holdings), today)
    rows = [
        (officer, [(names[holding.post.region], holding.post) for holding in held[officer.pk]])
        for officer in found.rows
    ]
    context = {
        "rows": rows,
        "more": found.more,
        "asked": asked,
        "duties": [(duty.value, duty.label) for duty in duties_of_people],
    }
    return render(request, "government/office/accounts.html", context)


@security
@require_http_methods(["GET", "POST"])
@confirmed_again
def opened(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once, in the answer to the form."""
    form = NewOfficer(request.POST or None)
    city = bool(settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"])
    if not city:
        del form.fields["by_city"]
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("account", "name", "duty")}
        password = None if form.cleaned_data.get("by_city") else first_password(given["account"])
        try:
            officer = actions.create_officer(by=officer_of(request), password=password, **given)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _password_once(request, officer, password) if password else _back(officer, "opened")
    return render(request, "government/office/new_account.html", {"form": form}, status=422 if form.errors else 200)


@security
@require_GET
def one(request: HttpRequest, officer: UUID) -> HttpResponse:
    """One officer: the account, its second factors, the posts with their days, and what can be done."""
    return _one(request, _of_somebody(officer))


@security
@require_POST
@confirmed_again
def password(request: HttpRequest, officer: UUID) -> HttpResponse:
    """Another first password, shown once."""
    found = _of_somebody(officer)
    given = first_password(found.account)
    try:
        actions.set_password(by=officer_of(request), officer=found, password=given)
    except Refused as refused:
        return _one(request, found, said=str(refused))
    return _password_once(request, found, given)


@security
@require_POST
@confirmed_again
def deed(request: HttpRequest, officer: UUID, deed: str) -> HttpResponse:
    """Disable, enable, unlock, or forget the second factors."""
    if deed not in _deeds:
        raise Http404
    found = _of_somebody(officer)
    try:
        _deeds[deed](by=officer_of(request), officer=found)
    except Refused as refused:
        return _one(request, found, said=str(refused))
    return _back(found, deed)


@security
@require_POST
@confirmed_again
def renamed(request: HttpRequest, officer: UUID) -> HttpResponse:
    """Correct the name."""
    found, form = _of_somebody(officer), Rename(request.POST)
    by = officer_of(request)
    if carried_out(form, lambda given: actions.rename(by=by, officer=found, name=given["name"])):
        return _back(found, "rename")
    found.refresh_from_db()
    return _one(request, found, rename=form)


@security
@require_POST
@confirmed_again
def appointed(request: HttpRequest, officer: UUID) -> HttpResponse:
    """Give a post."""
    found, form = _of_somebody(officer), Appointment(request.POST)
    by = officer_of(request)

    def give(given: dict[str, Any]) -> None:
        actions.appoint(by=by, officer=found, **(given | {"until": given["until"] or never}))

    return _back(found, "appoint") if carried_out(form, give) else _one(request, found, appointment=form)


@security
@require_POST
@confirmed_again
def ended(request: HttpRequest, holding: int) -> HttpResponse:
    """Let a holding end on a day."""
    found = get_object_or_404(PostHolding.objects.select_related("officer"), pk=holding)
    form, by = LastDay(request.POST, auto_id=f"end-{found.pk}-%s"), officer_of(request)
    if carried_out(form, lambda given: actions.end_post(by=by, holding=found, until=given["until"])):
        return _back(found.officer, "end")
    return _one(request, found.officer, ending=(found.pk, form))


@security
@require_POST
@confirmed_again
def withdrawn(request: HttpRequest, holding: int) -> HttpResponse:
    """Take back what was given by mistake."""
    found = get_object_or_404(PostHolding.objects.select_related("officer"), pk=holding)
    try:
        actions.withdraw_post(by=officer_of(request), holding=found)
    except Refused as refused:
        return _one(request, found.officer, said=str(refused))
    return _back(found.officer, "withdraw")


def _of_somebody(key: UUID) -> Officer:
    """The account of a person: another office's system has a page of its own."""
    return get_object_or_404(Officer.objects.exclude(duty=Officer.Duty.CLIENT), pk=key)


def _one(
    request: HttpRequest,
    officer: Officer,
    *,
    said: str = "",
    rename: forms.Form | None = None,
    appointment: forms.Form | None = None,
    ending: tuple[int, forms.Form] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    holdings = (
        list(officer.holdings.select_related("post").order_by("-until", "post__region")) if officer.handler else []
    )
    names = place_names((holding.post.region for holding in holdings), today)
    forms_of = dict([ending] if ending else [])
    rows = [
        (holding, names[holding.post.region], _state(holding), forms_of.get(holding.pk) or _last_day(holding))
        for holding in holdings
    ]
    context = {
        "whom": officer,
        "holdings": rows,
        "today": today,
        "never": never,
        "factors": Authenticator.objects.filter(user=officer).order_by("created_at"),
        "locked": lockout.is_locked("account", officer.account) or lockout.is_locked("code", str(officer.pk)),
        "oneself": officer == officer_of(request),
        "rename": rename or Rename(initial={"name": officer.name}),
        "appointment": appointment or Appointment(initial={"since": today}),
        "refused": said,
        "done": _sentences().get(request.GET.get("done", "")),
        "open": "rename" if rename else "appoint" if appointment else f"end-{ending[0]}" if ending else "",
    }
    refused = said or rename or appointment or ending
    return render(request, "government/office/account.html", context, status=422 if refused else 200)


def _last_day(holding: PostHolding) -> LastDay:
    return LastDay(auto_id=f"end-{holding.pk}-%s", initial={"until": timezone.localdate()})


def _state(holding: PostHolding) -> str:
    today = timezone.localdate()
    return "future" if holding.since > today else "past" if holding.until <= today else "now"


def _sentences() -> dict[str, str]:
    """What is said after a deed, by the word that the address has for it."""
    return {
        "opened": _("账号开好了，用全市统一登录进来。"),
        "disable": _("已停用，登录着的也退出了。"),
        "enable": _("已启用。"),
        "unlock": _("已解锁。"),
        "forget-second-factors": _("验证器清掉了，下次登录重新设置。"),
        "rename": _("姓名改好了。"),
        "appoint": _("岗位给好了，下一次点击就生效。"),
        "end": _("离岗的日子记下了。"),
        "withdraw": _("撤回了，没有任过职。"),
    }


def _back(officer: Officer, done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('government:account', args=[officer.pk])}?done={done}")


def _password_once(request: HttpRequest, officer: Officer, password: str) -> HttpResponse:
    return render(request, "government/office/first_password.html", {"whom": officer, "password": password})
