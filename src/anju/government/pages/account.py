"""The officer's own pages. Signing in itself is django-allauth's, with our templates."""

from allauth.account import views
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from anju.government.door import for_everyone, officer_of
from anju.government.passwords import profiles
from anju.government.queries import held_posts, region_on


@for_everyone
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a day begins: the first page that ``settings.ANJU_NAVIGATION`` has for the officer's duty."""
    duty = officer_of(request).duty
    first = next((name for duties, name, _ in settings.ANJU_NAVIGATION if duty in duties), "mfa_index")
    try:
        return HttpResponseRedirect(reverse(first))
    except NoReverseMatch:
        return HttpResponseRedirect(reverse("mfa_index"))


@for_everyone
@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: my duty or my posts, my second factors, my password."""
    officer, today = officer_of(request), timezone.localdate()
    posts = [(holding, region_on(holding.post.region, today)) for holding in held_posts(officer, today)]
    return render(
        request,
        "government/account.html",
        {
            "officer": officer,
            "posts": posts,
            "factors": [row.wrap() for row in Authenticator.objects.filter(user=officer).order_by("created_at")],
            "days": profiles[settings.ANJU_PASSWORDS].days,
        },
    )


@for_everyone
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server, and what the browser kept of it."""
    response: HttpResponse = views.logout(request)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@for_everyone
@require_GET
def to_account(request: HttpRequest) -> HttpResponse:
    """A second factor is not removed by its owner: a security administrator does it, who sees the officer's face."""
    return HttpResponseRedirect(reverse("mfa_index"))
