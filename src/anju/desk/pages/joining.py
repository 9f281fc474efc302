"""并档: records that may be one person's, two of them side by side, who asks, who agrees, and what was before."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from anju.desk.forms.joining import JoinForm, WhyNotForm
from anju.desk.pages.one import carried_out, found, person_of
from anju.desk.queries import rows
from anju.desk.queries.before import records
from anju.desk.queries.pair import better, side_by_side
from anju.government.asking import Asking, asking
from anju.government.door import confirmed_again, for_handlers
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.register import actions
from anju.register.actions.joining import differing, seen_of, stated, why_not
from anju.register.looking import not_seen
from anju.register.models import Joining, Person, Stage
from anju.register.models.joinings import Joinings
from anju.register.queries import joinings
from anju.register.queries.one import person as seen_person
from anju.register.queries.paging import Listing, counted, page, page_and_count

_asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])
_shelves: Mapping[str, tuple[Any, Callable[[Officer], Joinings]]] = {
    "waiting": (_("等我确认"), joinings.to_decide),
    "mine": (_("我申请的"), joinings.mine),
}
_a_page = 20
_most_counted = 100
_sentences = {
    "asked": _("已经申请并档，等另一位看得到两条的干部确认。"),
    "refused": _("没有并，两条都照旧。"),
}


@for_handlers
@require_safe
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person, or what was asked for."""
    who = asking(request)
    alike: Listing[Any] = joinings.doubles(who.officer)
    chosen = request.GET.get("list", "")
    chosen = chosen if chosen in _shelves else ""
    place = {key: request.GET.get(key, "") for key in ("after", "before")}
    if chosen:
        listed, alone = page(_listing(who.officer, chosen), **place, size=_a_page), counted(alike, _most_counted)
    else:
        listed, alone = page_and_count(alike, **place, size=_a_page, most=_most_counted)
    numbers = {"": alone} | {name: counted(_listing(who.officer, name), _most_counted) for name in _shelves}
    labels = {"": gettext("可能是同一个人"), **{name: label for name, (label, _asked) in _shelves.items()}}
    named = joinings.names(who.officer, listed.rows) if chosen else {}
    context = {
        "shelves": [(name, label, _number(numbers[name])) for name, label in labels.items()],
        "chosen": chosen,
        "pairs": [] if chosen else _pairs(who, listed.rows),
        "joinings": [(one, named.get(one.stays_id, "")) for one in listed.rows] if chosen else [],
        "found": listed,
        "total": _number(numbers[chosen]),
        "query": f"list={chosen}",
        "address": reverse("register:doubles"),
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "desk/_doubles.html" if part else "desk/doubles.html", context)


@for_handlers
@require_safe
def alike(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whom a person may be as well."""
    who = asking(request)
    person = person_of(who.officer, key)
    if (instead := not_seen(request, "person", person.pk)) is not None:
        return instead
    shown = rows.people(who.officer, joinings.alike(who.officer, person), who.today)
    asked = joinings.waiting_of(who.officer, [person.pk])
    others = [(row, asked.get(frozenset((person.pk, row.person.pk)))) for row in shown]
    return render(request, "desk/alike.html", {"person": person, "others": others})


@for_handlers
@_asked_or_sent
def pair(request: HttpRequest, key: UUID, other: UUID) -> HttpResponse:
    """Two records side by side; and that they are asked to be joined."""
    who = asking(request)
    one, another = person_of(who.officer, key), person_of(who.officer, other)
    if one.pk == another.pk:
        return HttpResponseRedirect(reverse("register:person", args=[one.pk]))
    if (instead := _looked(request, one, another)) is not None:
        return instead
    labels = {one: gettext("左边这一条"), another: gettext("右边这一条")}
    first = {
        "stays": str(better(one, another).pk),
        **{f: str(better(one, another).pk) for f in differing(one, another)},
    }
    form = JoinForm(labels, differing(one, another), request.POST or None, initial=first)

    def ask() -> None:
        stays = form.cleaned_data["stays"]
        goes = one if stays == str(another.pk) else another
        right, because = form.right(), form.cleaned_data["because"]
        actions.ask_join(by=who.officer, goes=str(goes.pk), stays=stays, right=right, because=because)

    if carried_out(request, form, ask):
        return HttpResponseRedirect(f"{reverse('register:doubles')}?list=mine&saved=asked")
    context = {
        "one": one,
        "other": another,
        "lines": side_by_side(who, one, another),
        "asked": joinings.waiting_of(who.officer, [one.pk]).get(frozenset((one.pk, another.pk))),
        "form": form,
        "against": [
            (labels[goes], why_not(goes, stays, who.scopes)) for goes, stays in ((another, one), (one, another))
        ],
    }
    return render(request, "desk/pair.html", context, status=422 if form.errors else 200)


@for_handlers
@require_safe
def joining(request: HttpRequest, joining: UUID) -> HttpResponse:
    """What was asked for; whoever may decide does it here."""
    return _shown(request, joining)


@for_handlers
@_asked_or_sent
@confirmed_again
def confirm(request: HttpRequest, joining: UUID) -> HttpResponse:
    """Another officer agrees: the two become one."""
    who = asking(request)
    if request.method != "POST":
        return _shown(request, joining, last=True)
    found(joinings.seen_joining(who.officer, joining))
    try:
        stays = actions.join(by=who.officer, joining=joining, seen=request.POST.get("seen", ""))
    except Refused as refused:
        return _shown(request, joining, refused=str(refused), last=True)
    return HttpResponseRedirect(f"{reverse('register:person', args=[stays.pk])}?saved=one_record")


@for_handlers
@_asked_or_sent
def refuse(request: HttpRequest, joining: UUID) -> HttpResponse:
    """They are not joined, and why."""
    who = asking(request)
    asked = found(joinings.seen_joining(who.officer, joining))
    form = WhyNotForm(request.POST or None)

    def deed() -> None:
        actions.refuse_join(by=who.officer, joining=joining, because=form.cleaned_data["because"])

    if carried_out(request, form, deed):
        return HttpResponseRedirect(f"{reverse('register:doubles')}?list=waiting&saved=refused")
    context = {
        "form": form,
        "title": _("不并档"),
        "subject": joinings.names(who.officer, [asked]).get(asked.stays_id, ""),
        "back": reverse("register:joining", args=[asked.pk]),
        "grave": _("不并"),
    }
    return render(request, "desk/form.html", context, status=422 if form.errors else 200)


@for_handlers
@require_safe
def before(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the records said that were joined into a person."""
    who = asking(request)
    person = person_of(who.officer, key)
    if (instead := not_seen(request, "person", person.pk)) is not None:
        return instead
    return render(request, "desk/before.html", {"person": person, "records": records(who, person)})


def _shown(request: HttpRequest, key: UUID, refused: str = "", *, last: bool = False) -> HttpResponse:
    who = asking(request)
    asked = found(joinings.seen_joining(who.officer, key))
    stays = found(seen_person(who.officer, str(asked.stays_id)))
    goes = seen_person(who.officer, str(asked.goes_id)) if asked.stage == Stage.WAITING else None
    both = [stays] if goes is None else [stays, goes]
    if (instead := _looked(request, *both)) is not None:
        return instead
    own = [stated[field] for field, which in asked.right.items() if which == "goes"]
    context = {
        "joining": asked,
        "stays": stays,
        "goes": goes,
        "own": own,
        "mine": asked.asked_by_id == who.officer.pk,
        "lines": side_by_side(who, stays, goes) if goes is not None else (),
        "against": why_not(goes, stays, who.scopes) if goes is not None else (),
        "seen": seen_of(goes, stays) if goes is not None else "",
        "refused": refused,
        "last": last,
    }
    return render(request, "desk/joining.html", context, status=422 if refused else 200)


def _looked(request: HttpRequest, *people: Person) -> HttpResponse | None:
    """None once the looks are in the journal, else the page that is shown instead."""
    for person in people:
        if (instead := not_seen(request, "person", person.pk)) is not None:
            return instead
    return None


def _listing(officer: Officer, shelf: str) -> Listing[Joining]:
    return Listing((_shelves[shelf][1](officer),), ("asked_at", "pk"), falling=True)


def _pairs(who: Asking, people: Any) -> list[tuple[rows.PersonRow, rows.PersonRow, UUID | None]]:
    """Each with the request about the two that waits."""
    found_pairs = joinings.pairs(who.officer, people)
    everybody = {one.pk: one for two in found_pairs for one in two}
    shown = {row.person.pk: row for row in rows.people(who.officer, list(everybody.values()), who.today)}
    asked = joinings.waiting_of(who.officer, [one.pk for one in people])
    return [(shown[one.pk], shown[other.pk], asked.get(frozenset((one.pk, other.pk)))) for one, other in found_pairs]


def _number(n: int) -> str:
    return f"{n:,}" if n <= _most_counted else f"{_most_counted:,}+"
