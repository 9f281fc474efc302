"""Who may pass: everything but the open apps needs an officer with a second factor and a password in date.

What is for other offices' systems needs their secret instead, and looks at no session. What is for residents looks at no officer's:
they have a door of their own (`anju.portal.door`).

Every page behind the door says for which duties it is (`for_duties`, `for_everyone`); for all others it is not there, and a
page that says nothing is there for nobody. A session ends after ``ANJU_IDLE_MINUTES`` without a request and
``ANJU_LONGEST_SESSION_HOURS`` after it began.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from anju.government import detour
from anju.government.acting import acting
from anju.government.clients import let_in, problem
from anju.government.models import Officer, duties_of_people
from anju.government.passwords import profiles
from anju.government.queries import Scope, asking_once
from anju.government.refusals import collided
from anju.government.residents import RESIDENT
from anju.journal.actions import record

Answer = Callable[[HttpRequest], HttpResponse]
P = ParamSpec("P")
Page = TypeVar("Page", bound=Callable[..., HttpResponseBase])

# Apps whose pages are for everybody, and the steps that lead through the door.
_open_apps = {"check"}
_before = {"account_login", "mfa_authenticate", "openid_connect_login", "openid_connect_callback", "demo_sign_in"}
_inside = {"account_logout", "demo_sign_in"}
_second_factor = {"mfa_activate_totp", "mfa_add_webauthn"}
_new_password = {"account_change_password"}
_seen_every = timedelta(minutes=1)
_log = logging.getLogger("django.request")


class OfficersRequest(HttpRequest):
    """A request that has come through the door; base.html frames its page for the officer."""

    officer: Officer


class OfficersOnly:
    """Middleware that turns away whoever has not come through the door. A page is behind it unless named above."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a page that only shows asks once what the officer may see."""
        if request.method not in ("GET", "HEAD"):
            return self.answer(request)
        with asking_once():
            answer = self.answer(request)
        if isinstance(officer := getattr(request, "officer", None), Officer) and officer.duty != Officer.Duty.CLIENT:
            detour.give_back(request, officer, answer)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: Any, options: Any
    ) -> HttpResponse | None:
        """None to let the request pass, or where to go instead."""
        match = request.resolver_match
        assert match is not None
        if match.app_name in _open_apps or RESIDENT in duties_of(view):
            return None
        if Officer.Duty.CLIENT in duties_of(view):
            found = let_in(request)
            if isinstance(found, Officer):
                cast(OfficersRequest, request).officer = found
                return None
            return found
        _end_when_over(request, timezone.now())
        name = match.url_name or ""
        officer = request.user
        if not isinstance(officer, Officer):
            return None if name in _before else _to("account_login", request)
        if name in _inside:
            return None
        # The password goes first: whoever was given one by somebody else is not yet known to be the officer.
        if officer.has_usable_password() and profiles[settings.ANJU_PASSWORDS].due(
            officer.password_since, timezone.now()
        ):
            return None if name in _new_password else _to("account_change_password", request)
        if not is_mfa_enabled(officer):
            return None if name in _second_factor else _to("mfa_activate_totp", request)
        if officer.duty not in duties_of(view):
            _note_refusal(officer, match.route)
            raise Http404
        cast(OfficersRequest, request).officer = officer
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Whom the database let go of, because others were about the same, is asked to try again: nothing was written.

        What a program asked is refused as a program reads it, without a word of what went wrong; the log of the server has it.

        Where django-allauth wants something confirmed, that is asked as on pages of our own, and nothing is kept: it would lay the whole
        request into the session in the plain, cookies and all, and send it by itself.
        """
        if isinstance(exception, ReauthenticationRequired) and isinstance(request.user, Officer):
            return _to("mfa_reauthenticate", request)
        match = request.resolver_match
        if match is None:
            return None
        by_client = Officer.Duty.CLIENT in duties_of(match.func)
        if collided(exception):
            _log.error("%s %s", request.method, match.route, exc_info=exception)
            return _busy(request, by_client=by_client)
        if not by_client:
            return None
        _log.error("%s %s", request.method, match.route, exc_info=exception)
        return problem(
            500, "这里出错了，没有办成；请把时间告诉我们，过一会儿用同一个 Idempotency-Key 再发。", code="fault"
        )


def _busy(request: HttpRequest, *, by_client: bool) -> HttpResponse:
    if by_client:
        told = "别人正在改同样的东西，没有办成；请过一会儿用同一个 Idempotency-Key 再发。"
        return problem(503, told, code="busy")
    page = "refused.html" if isinstance(request.user, Officer) else "error.html"
    advice = _("别人正在改同样的东西，这一次没有办成，什么都没有写下。请返回，再按一次。")
    return render(request, page, {"title": _("没有办成"), "advice": advice}, status=503)


def for_duties(*duties: str) -> Callable[[Page], Page]:
    """Say for which duties a page is. The others, and strangers, learn no more of it than of a page that does not exist."""

    def declare(page: Page) -> Page:
        vars(page)["duties"] = frozenset(duties)
        return page

    return declare


for_everyone = for_duties(*duties_of_people)
"""A page that every officer has: the own account, the way out."""
for_handlers = for_duties(Officer.Duty.HANDLER)
"""A page of those who hold posts; which rows they see on it is asked of their posts."""


def for_clients(page: Page) -> Page:
    """An answer for other offices' systems alone. They show a secret that no browser sends by itself: no form of ours is needed for it."""
    vars(page)["csrf_exempt"] = True
    return for_duties(Officer.Duty.CLIENT)(page)


def duties_of(page: Callable[..., HttpResponseBase]) -> frozenset[str]:
    """Which duties a page has been declared for; none where it says nothing."""
    return cast("frozenset[str]", getattr(page, "duties", frozenset()))


def offered_to(works: Callable[[Scope], bool]) -> Callable[[Page], Page]:
    """Say at which posts a page's work is done: the frame offers it to nobody else."""

    def declare(page: Page) -> Page:
        vars(page)["offered"] = works
        return page

    return declare


def is_offered(page: Callable[..., HttpResponseBase], scopes: Sequence[Scope]) -> bool:
    """Whether the work of a page is done at one of the posts; that of a page that says nothing is everybody's."""
    works: Callable[[Scope], bool] | None = getattr(page, "offered", None)
    return works is None or any(map(works, scopes))


def officer_of(request: HttpRequest) -> Officer:
    """Who asks for a page behind the door."""
    officer = getattr(request, "officer", None)
    assert isinstance(officer, Officer), "this page is not behind the door"
    return officer


def begin(request: HttpRequest, now: datetime) -> None:
    """Note when a session began."""
    request.session["began"] = request.session["seen"] = now.isoformat()


def confirmed_again(
    page: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """For pages that show something in full or take it out: the officer has given the second factor minutes ago.

    A form that is sent too late leads back to the page that it stood on, as it was filled (`anju.government.detour`).
    """

    @wraps(page)
    def ask_first(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not did_recently_reauthenticate(request):
            if request.method == "POST":
                detour.keep(request, officer_of(request))
            return _to("mfa_reauthenticate", request)
        answer = page(request, *args, **kwargs)
        if request.method == "POST":
            detour.remember_page(request, answer)
        return answer

    return ask_first


def _end_when_over(request: HttpRequest, now: datetime) -> None:
    began, seen = request.session.get("began"), request.session.get("seen")
    if began is None or seen is None:
        return
    last = datetime.fromisoformat(seen)
    idle = now - last >= timedelta(minutes=settings.ANJU_IDLE_MINUTES)
    if idle or now - datetime.fromisoformat(began) >= timedelta(hours=settings.ANJU_LONGEST_SESSION_HOURS):
        logout(request)
    elif now - last >= _seen_every:
        request.session["seen"] = now.isoformat()


def _note_refusal(officer: Officer, page: str) -> None:
    with transaction.atomic():
        record(
            actor=acting(officer), action="government.enter", object_kind="page", object_id=page[:100], result="refused"
        )


def _to(name: str, request: HttpRequest) -> HttpResponseRedirect:
    back = request.get_full_path() if request.method == "GET" else detour.page_of(request)
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': back})}" if back else reverse(name))
