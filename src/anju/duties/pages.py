"""A county's own figures: what the pages say, what the county says instead, since when and on what paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.duties.actions import end_county_value, set_county_value
from anju.duties.forms import LastDay, NewValue
from anju.duties.models import CountyValue
from anju.duties.parameters import counties_of, may_set, settable, spoken, values_of
from anju.government.door import for_handlers, officer_of
from anju.government.models import never
from anju.government.office_forms import carried_out
from anju.government.queries import Scope, visible_regions
from anju.government.queries.places import place_names
from anju.policy.model import Parameter
from anju.policy.page import Clause
from anju.register.guideline import guideline


@dataclass(frozen=True, slots=True)
class Own:
    """One value of the county's with the form that ends it, None where it has ended or is not the officer's."""

    row: CountyValue
    holds: bool
    form: forms.Form | None


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter: the page's value, the county's own ones, and the form for another, None for who may not set it."""

    parameter: Parameter
    value: str
    own: Sequence[Own]
    form: forms.Form | None

    @property
    def held(self) -> CountyValue | None:
        """The county's value that holds today."""
        return next((own.row for own in self.own if own.holds), None)


@dataclass(frozen=True, slots=True)
class Part:
    """The parameters of a clause."""

    clause: Clause
    lines: list[Line]

    @property
    def own(self) -> int:
        """For how many of them the county has a value of its own today."""
        return sum(line.held is not None for line in self.lines)

    @property
    def mine(self) -> bool:
        """Whether the officer may set them."""
        return any(line.form for line in self.lines)

    @property
    def open(self) -> bool:
        """Whether there is something to see at once: a value of the county's own, or one that was sent and refused."""
        return any(line.own or (line.form and line.form.is_bound) for line in self.lines)


@for_handlers
@require_GET
def parameters(request: HttpRequest) -> HttpResponse:
    """The figures of a county of the officer's; a post of the county that does a clause's work sets them."""
    return _listed(request, _county(request, request.GET.get("county", "")))


@for_handlers
@require_POST
def set_value(request: HttpRequest) -> HttpResponse:
    """Let a value of the county's hold."""
    county, parameter = _county(request, request.POST.get("county", "")), request.POST.get("parameter", "")
    form = NewValue(request.POST, parameter=parameter)
    by = officer_of(request)
    if carried_out(form, lambda given: set_county_value(by=by, county=county, parameter=parameter, **given)):
        return _back(county, "set")
    return _listed(request, county, new=(parameter, form))


@for_handlers
@require_POST
def end_value(request: HttpRequest, value: int) -> HttpResponse:
    """Let a value of the county's hold no longer."""
    row = get_object_or_404(CountyValue, pk=value)
    _county(request, row.county)
    form, by = LastDay(request.POST, value=value), officer_of(request)
    if carried_out(form, lambda given: end_county_value(by=by, value=value, until=given["until"])):
        return _back(row.county, "end")
    return _listed(request, row.county, ending=(value, form))


def _county(request: HttpRequest, wanted: str) -> str:
    """The county that is asked for, or the officer's first, "" without any. Raises `Http404` for somebody else's."""
    own = counties_of(_scopes(request))
    if wanted and wanted not in own:
        raise Http404
    return wanted or next(iter(own), "")


def _scopes(request: HttpRequest) -> tuple[Scope, ...]:
    return visible_regions(officer_of(request), timezone.localdate())


def _back(county: str, done: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('duties:parameters')}?county={county}&done={done}")


def _listed(
    request: HttpRequest,
    county: str,
    *,
    new: tuple[str, forms.Form] | None = None,
    ending: tuple[int, forms.Form] | None = None,
) -> HttpResponse:
    scopes, today = _scopes(request), timezone.localdate()
    given, ends = dict([new] if new else []), dict([ending] if ending else [])
    values = values_of(county)
    parts: list[Part] = []
    for parameter in settable(today) if county else ():
        mine = may_set(scopes, county, parameter.clause)
        own = [_own(row, ends, mine=mine) for row in values.get(parameter.name, ())]
        form = (given.get(parameter.name) or NewValue(parameter=parameter.name)) if mine else None
        line = Line(parameter, spoken(parameter.value), own, form)
        if not parts or parts[-1].clause.number != parameter.clause:
            parts.append(Part(guideline().clauses[parameter.clause], []))
        parts[-1].lines.append(line)
    counties = place_names(counties_of(scopes), today)
    context = {
        "parts": parts,
        "county": county,
        "name": counties.get(county, ""),
        "others": [(code, name) for code, name in counties.items() if code != county],
        "never": never,
        "open": next(iter(given), ""),
        "ending": next(iter(ends), 0),
        "done": {"set": _("记下了，应办正在按它重算。"), "end": _("失效日记下了，应办正在按它重算。")}.get(
            request.GET.get("done", "")
        ),
    }
    return render(request, "duties/parameters.html", context, status=422 if given or ends else 200)


def _own(row: CountyValue, ends: dict[int, Any], *, mine: bool) -> Own:
    today = timezone.localdate()
    form = ends.get(row.pk) or LastDay(value=row.pk) if mine and row.until > today else None
    return Own(row, row.since <= today < row.until, form)
