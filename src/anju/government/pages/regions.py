"""Regions 区划: suggestions for whoever types a place, and the security administrator's page of a county's villages."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from anju.government import actions
from anju.government.door import confirmed_again, for_everyone, officer_of
from anju.government.models import Region, always, never
from anju.government.office_forms import CloseVillage, CountyFilter, NewVillage, RenameVillage, carried_out
from anju.government.pages.accounts import security
from anju.government.queries.places import counties_with_posts, find_places, place_names, within


@for_everyone
@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """Options for a field that is being typed in; which field, the form knows."""
    text = next(iter(request.GET.values()), "")
    places = find_places(str(text), timezone.localdate())
    return render(request, "government/office/_places.html", {"places": places})


@security
@require_GET
def chosen(request: HttpRequest) -> HttpResponse:
    """Choose a county: by name or code, or one that has posts."""
    wanted = CountyFilter(request.GET or None)
    if wanted.is_valid():
        return HttpResponseRedirect(reverse("government:county", args=[wanted.cleaned_data["county"].code]))
    today = timezone.localdate()
    codes = counties_with_posts()
    names = place_names(codes, today)
    context = {"wanted": wanted, "counties": [(code, names[code]) for code in codes]}
    return render(request, "government/office/regions.html", context)


@security
@require_GET
def county(request: HttpRequest, code: str) -> HttpResponse:
    """A county's townships and the villages named below them, each with its days and what it became."""
    return _county(request, _region(code, Region.Kind.COUNTY))


@security
@require_POST
@confirmed_again
def added(request: HttpRequest, code: str) -> HttpResponse:
    """Name a village or community under a township."""
    region, by = _region(code, Region.Kind.COUNTY), officer_of(request)
    form = NewVillage(request.POST)

    def add(given: dict[str, Any]) -> None:
        named = {name: given[name] for name in ("township", "code", "name")}
        actions.add_village(by=by, since=form.day(), **named)

    return _back(region.code, "add") if carried_out(form, add) else _county(request, region, new=form)


@security
@require_GET
def village(request: HttpRequest, code: str) -> HttpResponse:
    """A village's names with their days, and what can be changed."""
    return _village(request, _region(code, Region.Kind.VILLAGE))


@security
@require_POST
@confirmed_again
def renamed(request: HttpRequest, code: str) -> HttpResponse:
    """Another name for a village from a day on."""
    found, form, by = _region(code, Region.Kind.VILLAGE), RenameVillage(request.POST), officer_of(request)
    if carried_out(form, lambda given: actions.rename_village(by=by, village=found, **given)):
        return _back(found.code, "rename")
    return _village(request, found, rename=form)


@security
@require_POST
@confirmed_again
def merged(request: HttpRequest, code: str) -> HttpResponse:
    """A village is no more from a day on."""
    found, form, by = _region(code, Region.Kind.VILLAGE), CloseVillage(request.POST), officer_of(request)
    if carried_out(form, lambda given: actions.close_village(by=by, village=found, **given)):
        return _back(found.code, "close")
    return _village(request, found, close=form)


@dataclass(slots=True)
class _Township:
    """A township under each of its names, and its villages."""

    rows: list[Region] = field(default_factory=list)
    villages: list[Region] = field(default_factory=list)


def _county(request: HttpRequest, region: Region, *, new: forms.Form | None = None) -> HttpResponse:
    townships: dict[str, _Township] = defaultdict(_Township)
    below = list(within(region))
    for found in below:
        township = townships[found.code[:9]]
        (township.rows if found.level == Region.Kind.TOWNSHIP else township.villages).append(found)
    context = {
        "county": region,
        "townships": townships.values(),
        "new": new or NewVillage(),
        "open": bool(new),
        **_named([region, *below], request),
    }
    return render(request, "government/office/county.html", context, status=422 if new else 200)


def _village(
    request: HttpRequest, region: Region, *, rename: forms.Form | None = None, close: forms.Form | None = None
) -> HttpResponse:
    today = timezone.localdate()
    rows = list(Region.objects.filter(code=region.code).order_by("until"))
    context = {
        "village": region,
        "county": _region(f"{region.code[:6]}000000", Region.Kind.COUNTY),
        "rows": rows,
        "rename": rename or RenameVillage(initial={"since": today}),
        "close": close or CloseVillage(initial={"until": today}),
        "open": "rename" if rename else "close" if close else "",
        **_named(rows, request),
    }
    return render(request, "government/office/village.html", context, status=422 if rename or close else 200)


def _named(regions: Iterable[Region], request: HttpRequest) -> dict[str, Any]:
    """What both pages show besides: full names by code, what was done, and when a day is no day."""
    today = timezone.localdate()
    rows = list(regions)
    codes = {row.code for row in rows[:1]} | {row.successor for row in rows if row.successor not in {"", row.code}}
    done = _sentences().get(request.GET.get("done", ""))
    return {"names": place_names(codes, today), "done": done, "always": always, "never": never}


def _region(code: str, level: Region.Kind) -> Region:
    """The last row of that code."""
    found = Region.objects.filter(code=code, level=level).order_by("-until").first()
    if found is None:
        raise Http404
    return found


def _sentences() -> dict[str, str]:
    return {
        "add": _("村社区加好了。"),
        "rename": _("改名记下了，之前的日子仍是旧名。"),
        "close": _("撤并记下了。"),
    }


def _back(code: str, done: str) -> HttpResponseRedirect:
    name = "government:county" if code.endswith("000000") else "government:village"
    return HttpResponseRedirect(f"{reverse(name, args=[code])}?done={done}")
