"""The forms about one person. Each shows only where the officer's line may write, and keeps what was given when it is refused."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from anju.desk.forms import person as forms
from anju.desk.forms.facts import FactsForm
from anju.desk.pages.one import carried_out, person_of
from anju.desk.pages.saved import saved, title_of
from anju.desk.queries.judged import anchor_of, recordable
from anju.desk.queries.told import clause_of
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.register import actions
from anju.register.actions.relations import clauses
from anju.register.facts import facts_of
from anju.register.looking import not_seen
from anju.register.models import Person
from anju.register.models.relations import Kind
from anju.register.models.wishes import WishKind
from anju.register.privacy import works_on
from anju.register.provided import wish_terms
from anju.register.queries import one
from anju.register.queries.one import household_by_code, last_step, membership

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@for_handlers
@asked_or_sent
def facts(request: HttpRequest, key: UUID, clause: str) -> HttpResponse:
    """The facts of a clause."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    terms = recordable("person", clause, who.scopes)
    if not terms:
        raise Http404
    form = FactsForm(terms, facts_of("person", str(key), on=who.today), person.revision, request.POST or None)
    if carried_out(request, form, lambda: form.record(by=who.officer, kind="person", subject=str(key))):
        return saved("facts", "register:person", key, anchor=anchor_of(clause))
    return asked(request, form, person, title_of(clause), words="zh-Hans")


@for_handlers
@asked_or_sent
def relation(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """The next step of a relation."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    if kind not in Kind.values or not works_on(who.scopes, clauses[Kind(kind)]):
        raise Http404
    last = last_step(who.officer, person, kind)
    names = Names((person.origin, person.destination, last.holder if last else ""), who.today)
    here = {code: names(code) for code in (person.destination, person.origin)}
    first = {"seen": str(last.pk) if last else "", "to": person.destination}
    form = forms.MoveForm(here, request.POST or None, initial=first)

    def move() -> None:
        given = form.cleaned_data
        actions.move_relation(
            by=who.officer,
            person=str(key),
            kind=kind,
            holder=form.holder,
            since=given["since"],
            because=given["because"],
            evidence=given["evidence"],
            place_name=given["place_name"],
            seen=given["seen"],
        )

    if carried_out(request, form, move):
        return saved("relation", "register:person", key, anchor="relations")
    more = {
        "last": last,
        "last_place": names(last.holder) if last else "",
        "withdraw": forms.WithdrawForm(),
        "key": key,
        "kind": kind,
    }
    return asked(request, form, person, Kind(kind).label, words="zh-Hans", template="desk/relation.html", **more)


@for_handlers
@require_POST
def withdraw(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """Take back the last step of a relation."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    if kind not in Kind.values or not works_on(who.scopes, clauses[Kind(kind)]):
        raise Http404
    last = last_step(who.officer, person, kind)
    if last is None:
        raise Http404
    form = forms.WithdrawForm(request.POST)
    latest = request.POST.get("seen") == str(last.pk)
    if latest and carried_out(
        request,
        form,
        lambda: actions.withdraw_relation(by=who.officer, relation=str(last.pk), because=form.cleaned_data["why"]),
    ):
        return saved("withdrawn", "register:person", key, anchor="relations")
    if not latest:
        form.add_error(None, _("这种关系刚刚有人办过，请看最新的再办。"))
    title = _("撤回最后一条：%(kind)s") % {"kind": Kind(kind).label}
    return asked(request, form, person, title, hidden={"seen": str(last.pk)})


@for_handlers
@asked_or_sent
def wish(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """What the person wishes."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    if kind not in wish_terms or not works_on(who.scopes, clause_of(kind)):
        raise Http404
    form = forms.WishForm(kind, request.POST or None)
    if carried_out(
        request, form, lambda: actions.record_wish(by=who.officer, person=str(key), kind=kind, **form.cleaned_data)
    ):
        return saved("wish", "register:person", key, anchor="wishes")
    return asked(request, form, person, WishKind(kind).label, words="zh-Hans")


@for_handlers
@asked_or_sent
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """A correction of name, number, phone, birth date, sex, people."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    first = {name: getattr(person, name) for name in ("name", "birth_date", "sex", "people")}
    form = forms.ChangeForm(request.POST or None, initial=first)
    if carried_out(
        request,
        form,
        lambda: actions.change_person(
            by=who.officer, person=str(key), changes=form.changes(), because=form.cleaned_data["because"]
        ),
    ):
        return saved("changed", "register:person", key)
    return asked(request, form, person, _("更正姓名、证件、电话"))


@for_handlers
@asked_or_sent
def place(request: HttpRequest, key: UUID) -> HttpResponse:
    """A correction of where the person came from and is."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    form = forms.PlacesForm(request.POST or None, initial=_typed(person, who.today))
    if carried_out(request, form, lambda: actions.place_person(by=who.officer, person=str(key), **form.cleaned_data)):
        still = one.person(who.officer, str(key)) is not None
        return saved("placed", "register:person", key) if still else saved("placed", "register:people")
    return asked(request, form, person, _("更正迁出地、迁入地"))


@for_handlers
@asked_or_sent
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """Death, or the hukou cancelled; of whom it is said already, that it was a mistake."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    if not works_on(who.scopes, clauses[Kind.HUKOU]):
        raise Http404
    if person.ended_on is not None:
        restoring = forms.RestoreForm(request.POST or None)
        if carried_out(
            request,
            restoring,
            lambda: actions.restore_person(by=who.officer, person=str(key), because=restoring.cleaned_data["mistake"]),
        ):
            return saved("restored", "register:person", key)
        said = _("登记错了才撤销：各种关系和户从原来的地方接着；那天办结了的件不会重开。")
        return asked(request, restoring, person, _("撤销注销"), warning=said, grave=_("撤销注销"))
    form = forms.EndForm(request.POST or None)
    if carried_out(request, form, lambda: actions.end_person(by=who.officer, person=str(key), **form.cleaned_data)):
        return saved("ended", "register:person", key)
    warning = _("注销以后，这个人的各种关系和户都在那一天终止，不再登记意愿。请看清楚是不是这个人。")
    return asked(request, form, person, _("死亡或户口注销"), warning=warning, grave=_("确认注销"))


@for_handlers
@asked_or_sent
def home(request: HttpRequest, key: UUID) -> HttpResponse:
    """Leaving the household, or joining one."""
    who = asking(request)
    person = person_of(who.officer, key)
    who = who.over(person.origin, person.destination)
    present = membership(who.officer, person, who.today)
    if present is not None:
        leaving = forms.LeaveForm(request.POST or None)
        if carried_out(
            request,
            leaving,
            lambda: actions.leave_household(by=who.officer, person=str(key), **leaving.cleaned_data),
        ):
            return saved("left", "register:person", key)
        return asked(request, leaving, person, _("离开户 %(code)s") % {"code": present.household.code})
    joining = forms.JoinForm(request.POST or None)

    def join() -> None:
        given = joining.cleaned_data
        target = household_by_code(who.officer, given["code"])
        actions.join_household(
            by=who.officer,
            person=str(key),
            household=str(target.pk) if target else "",
            relation=given["relation"],
            since=given["since"],
        )

    if carried_out(request, joining, join):
        return saved("joined", "register:person", key)
    return asked(request, joining, person, _("加入一户"))


def asked(
    request: HttpRequest, form: Form, person: Person, title: str, *, template: str = "desk/form.html", **more: Any
) -> HttpResponse:
    """The page of a form about a person, which shows what is recorded."""
    if (instead := not_seen(request, "person", person.pk)) is not None:
        return instead
    context = {
        "form": form,
        "title": title,
        "subject": person.name,
        "back": reverse("register:person", args=[person.pk]),
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


def _typed(person: Person, on: Any) -> dict[str, str]:
    """Both places as the form has them: name and code."""
    names = Names((person.origin, person.destination), on)
    pairs = {"origin": person.origin, "destination": person.destination}
    return {field: f"{names(code)} {code}" if code else "" for field, code in pairs.items()}
