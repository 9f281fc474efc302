"""The officer's own pages. Signing in itself is django-allauth's, with our templates."""

from allauth.account import views
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from anju.government.models import Officer
from anju.government.passwords import profiles
from anju.government.queries import held_posts, region_on


@require_GET
def account(request: HttpRequest) -> HttpResponse:
    """Who I am here: my duty or my posts, my second factors, my password."""
    officer, today = request.user, timezone.localdate()
    assert isinstance(officer, Officer)
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


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on the server, and what the browser kept of it."""
    response: HttpResponse = views.logout(request)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_GET
def to_account(request: HttpRequest) -> HttpResponse:
    """A second factor is not removed by its owner: a security administrator does it, who sees the officer's face."""
    return HttpResponseRedirect(reverse("mfa_index"))
