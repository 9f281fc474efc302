"""One site: its standards as a checklist with the gaps in numbers, who lives there, its facts. And one county."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from anju.desk.pages.one import county_of, site_of, when
from anju.desk.pages.saved import saved_sentence
from anju.desk.queries import judged
from anju.desk.queries.owed import of_subject
from anju.desk.queries.procedures import cases_of
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.register.facts import facts_of
from anju.register.queries.history import last_changed
from anju.register.queries.lists import lived_at
from anju.register.queries.one import county as county_facts
from anju.register.queries.one import settled_at


@for_handlers
@require_safe
def file(request: HttpRequest, key: UUID) -> HttpResponse:
    """One site, on any day."""
    who, asked = asking(request), when(request)
    site = site_of(who.officer, key)
    who = who.over(site.region)
    facts = facts_of("site", str(key), on=asked.on, at=asked.at)
    changed = last_changed(site) if asked.now else {}
    clauses = judged.clauses(judged.Subject("site", facts, asked.on, asked.at, site.region[:6], changed), who.scopes)
    context: dict[str, Any] = {
        "site": site,
        "region": Names((site.region,), asked.on)(site.region),
        "lived": lived_at(who.officer, [site])[site.pk],
        "settled": settled_at(key, asked.on, asked.at),
        "when": asked,
        "today": who.today,
        "editable": asked.now,
        "clauses": clauses,
        "standards": judged.standards(clauses),
        "duties": of_subject(who.officer, who.scopes, "site", str(key)) if asked.now else None,
        "cases": cases_of(who, "site", str(key)) if asked.now else None,
        "saved": saved_sentence(request),
    }
    return render(request, "desk/site.html", context)


@for_handlers
@require_safe
def county(request: HttpRequest, code: str) -> HttpResponse:
    """What a county owes by 三（一）–（三）, on any day."""
    who, asked = asking(request), when(request)
    code = county_of(who, code)
    who = who.over(code)
    row = county_facts(who.officer, code)
    facts = facts_of("county", code, on=asked.on, at=asked.at)
    changed = last_changed(row) if row and asked.now else {}
    clauses = judged.clauses(judged.Subject("county", facts, asked.on, asked.at, code[:6], changed), who.scopes)
    context: dict[str, Any] = {
        "code": code,
        "county": Names((code,), asked.on)(code),
        "when": asked,
        "today": who.today,
        "editable": asked.now,
        "clauses": clauses,
        "standards": judged.standards(clauses),
        "duties": of_subject(who.officer, who.scopes, "county", code) if asked.now else None,
        "cases": cases_of(who, "county", code) if asked.now else None,
        "saved": saved_sentence(request),
    }
    return render(request, "desk/county.html", context)
