"""Duties of one kind that were ticked, or all of a filter: looked over once, and the cases that end them opened together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anju.cases import bundles
from anju.cases.actions import opens
from anju.cases.forms import OpenForm
from anju.cases.models import Sort
from anju.desk.pages.home import narrowed
from anju.desk.queries.owed import Owed, owed
from anju.duties.models import Duty
from anju.duties.queries import Desk
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.refusals import Refused
from anju.register.guideline import guideline

_most = bundles.most_rows
_shown = 100


@dataclass(frozen=True, slots=True)
class Chosen:
    """Duties of one kind, the most urgent first. ``left``: how many more there are than go at once; ``gone``: ticked, and done by now."""

    duties: Sequence[Duty]
    left: int = 0
    gone: int = 0


@for_handlers
@require_POST
def open_together(request: HttpRequest) -> HttpResponse:
    """What would be opened, and on what grounds; and opened, once that is pressed."""
    who = asking(request)
    if "open" in request.POST and (before := bundles.sent(who.officer, request.POST.get("key", ""))):
        return HttpResponseRedirect(reverse("cases:bundle", args=[before.pk]))
    chosen = _chosen(who, request)
    kinds = {duty.kind for duty in chosen.duties}
    if not chosen.duties and not chosen.gone:
        return _page(request, who, chosen, refused=_("先勾选要立件的行。"))
    if len(kinds) > 1 or not all(map(opens, kinds)):
        return _page(request, who, chosen, refused=_("只能一起立同一种、由流程了结的应办；请先按应办筛选。"))
    form = _form(request, chosen)
    if not form.is_valid() or not chosen.duties:
        return _page(request, who, chosen, form)
    kind = guideline().duties[kinds.pop()]
    try:
        bundle = bundles.begin(
            by=who.officer,
            key=form.cleaned_data["key"],
            sort=Sort.OPENED,
            rows=[{"kind": one.subject_kind, "subject": one.subject_id, "duty": one.kind} for one in chosen.duties],
            told={
                "applied_on": form.cleaned_data["applied_on"].isoformat(),
                "how": form.cleaned_data["how"],
                "absent": form.cleaned_data.get("absent", False),
            },
            procedure=kind.ends[1],
            about=kind.name,
        )
    except Refused as refused:
        return _page(request, who, chosen, form, refused=str(refused))
    return HttpResponseRedirect(reverse("cases:bundle", args=[bundle.pk]))


def _chosen(who: Asking, request: HttpRequest) -> Chosen:
    """All of the list as it was narrowed (``all``), or what was ticked (``chosen``, or ``duties`` of many)."""
    view = Desk(who.officer)
    order = (F("counts_from").asc(nulls_last=True), "pk")
    if "all" in request.POST:
        whose, asked = narrowed(request.POST.dict())
        if not asked.kind:
            raise Http404
        found = view.chosen(view.below() if whose == "below" else view.mine(), asked)
        duties = list(found.order_by(*order)[:_most])
        return Chosen(duties, found.count() - len(duties))
    ticks = [*request.POST.getlist("chosen"), *request.POST.get("duties", "").split(",")]
    keys = {int(text) for text in ticks if text.isascii() and text.isdigit() and len(text) < 19}
    duties = list(view.some(keys).order_by(*order))
    return Chosen(duties, gone=len(keys) - len(duties))


def _form(request: HttpRequest, chosen: Chosen) -> OpenForm:
    """How they are opened; what those signed who did not come is laid in afterwards, on the page of what was opened together."""
    people = all(duty.subject_kind in ("person", "household") for duty in chosen.duties)
    form = OpenForm(request.POST if "open" in request.POST else None, two_sides=False, person=people)
    if form.fields.pop("consent", None):
        form.fields["absent"].help_text = _(
            "代办要有本人签字的授权书或照片；没有交上的停在第一步。立好以后，在下一页给每个人交，一家人签在一份上的一起交。"
        )
    form.initial["how"] = _grounds(chosen)
    return form


def _grounds(chosen: Chosen) -> str:
    """What the office goes by: what is owed, and its clause."""
    if not chosen.duties:
        return ""
    kind = guideline().duties[chosen.duties[0].kind]
    return f"应办“{kind.name}”，依据{guideline().clauses[kind.clause].title}"


def _page(
    request: HttpRequest, who: Asking, chosen: Chosen, form: OpenForm | None = None, *, refused: str = ""
) -> HttpResponse:
    view, pages = Desk(who.officer), guideline()
    rows: list[Owed] = owed(who.officer, who.scopes, view.shown(chosen.duties[:_shown]), view.on)
    kind = pages.duties.get(chosen.duties[0].kind) if chosen.duties and form else None
    context: dict[str, Any] = {
        "form": form if chosen.duties else None,
        "duty": kind,
        "procedure": pages.procedures[kind.ends[1]] if kind else None,
        "clause": pages.clauses[kind.clause] if kind else None,
        "chosen": chosen,
        "total": len(chosen.duties),
        "duties": ",".join(str(one.pk) for one in chosen.duties),
        "rows": rows,
        "refused": refused,
    }
    bad = bool(refused) or (form is not None and form.is_bound)
    return render(request, "desk/opening.html", context, status=422 if bad else 200)
