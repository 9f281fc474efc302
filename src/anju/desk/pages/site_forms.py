"""The forms about sites and counties: a new site, and facts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from anju.desk.forms.facts import FactsForm
from anju.desk.forms.home import NewSiteForm
from anju.desk.pages.one import carried_out, county_of, site_of
from anju.desk.pages.saved import saved, title_of
from anju.desk.queries.judged import anchor_of, recordable
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.register import actions
from anju.register.facts import facts_of
from anju.register.queries.one import county

_asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_handlers
@_asked_or_sent
def new(request: HttpRequest) -> HttpResponse:
    """Register a site."""
    who = asking(request)
    form = NewSiteForm(request.POST or None)
    made: list[Any] = []
    if carried_out(request, form, lambda: made.append(actions.create_site(by=who.officer, **form.cleaned_data))):
        return saved("new", "register:site", made[0].pk)
    return _asked(request, form, _("登记安置点"), _("回到列表"), reverse("register:sites"))


@for_handlers
@_asked_or_sent
def facts(request: HttpRequest, key: UUID, clause: str) -> HttpResponse:
    """The facts of a clause about a site."""
    who = asking(request)
    site = site_of(who.officer, key)
    who = who.over(site.region)
    terms = recordable("site", clause, who.scopes)
    if not terms:
        raise Http404
    form = FactsForm(terms, facts_of("site", str(key), on=who.today), site.revision, request.POST or None)
    if carried_out(request, form, lambda: form.record(by=who.officer, kind="site", subject=str(key))):
        return saved("facts", "register:site", key, anchor=anchor_of(clause))
    return _asked(request, form, title_of(clause), site.name, reverse("register:site", args=[key]), words="zh-Hans")


@for_handlers
@_asked_or_sent
def county_facts(request: HttpRequest, code: str, clause: str) -> HttpResponse:
    """The facts of a clause about a county."""
    who = asking(request)
    code = county_of(who, code)
    who = who.over(code)
    terms = recordable("county", clause, who.scopes)
    if not terms:
        raise Http404
    row = county(who.officer, code)
    revision = row.revision if row else 0
    form = FactsForm(terms, facts_of("county", code, on=who.today), revision, request.POST or None)
    if carried_out(request, form, lambda: form.record(by=who.officer, kind="county", subject=code)):
        return saved("facts", "register:county", code, anchor=anchor_of(clause))
    back = reverse("register:county", args=[code])
    return _asked(request, form, title_of(clause), Names((code,), who.today)(code), back, words="zh-Hans")


def _asked(request: HttpRequest, form: Form, title: str, subject: str, back: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "subject": subject, "back": back, **more}
    return render(request, "desk/form.html", context, status=422 if form.errors else 200)
