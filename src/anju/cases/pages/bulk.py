"""The same step for many cases: the page says of each whether it was done. Many are done in the background, portion by portion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anju.cases import bundles
from anju.cases.actions import take_steps
from anju.cases.clocks import Clocks
from anju.cases.fields import Value
from anju.cases.forms import StepForm
from anju.cases.letters import letters_of
from anju.cases.models import Case, Sort
from anju.cases.pages.together import carried_out_together, mark, panels
from anju.cases.procedures import Running, forward
from anju.cases.queries.lists import Filters, inbox, seen
from anju.cases.queries.one import shown
from anju.cases.queries.rows import rows
from anju.cases.together import Together, most_shown
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.refusals import Refused

most = bundles.most_rows


@dataclass(frozen=True, slots=True)
class Result:
    """A case that was tried; ``why`` it was refused, "" where it was done."""

    case: Case
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Cases that were chosen, as they are now, in the order in which they wait; ``seen``: their entries as the officer saw them.

    ``left``: how many more match the filter than go at once. ``older``: how many of them run by another version of the pages.
    """

    found: Sequence[Case]
    seen: Mapping[UUID, int]
    left: int = 0
    older: int = 0

    @property
    def many(self) -> bool:
        """Whether they are more than the page shows one by one."""
        return len(self.seen) > most_shown

    @property
    def rows(self) -> str:
        """All of them for one field of a form: a tick each would be too many."""
        return ",".join(f"{case.pk}.{self.seen[case.pk]}" for case in self.found) if self.many else ""


@for_handlers
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The form for the ticked rows, or for all of a filter; and the step for each of them, once an action is pressed."""
    who = asking(request)
    if request.POST.get("panel"):
        return _beside(request, who)
    if "action" in request.POST and (before := bundles.sent(who.officer, request.POST.get("key", ""))):
        return HttpResponseRedirect(reverse("cases:bundle", args=[before.pk]))
    chosen = _chosen(who, request)
    found = chosen.found
    if not found:
        raise Http404
    if len(chosen.seen) > most:
        return _page(
            request, Page(who, chosen), refused=_("一次最多一起办 %(n)s 件；请少勾一些。") % {"n": f"{most:,}"}
        )
    pressed = request.POST.get("action", "")[:60]
    number = _step(request.POST.get("step", "")) if pressed else found[0].step
    same = {
        (case.procedure, case.version_id) if pressed else (case.procedure, case.version_id, case.step) for case in found
    }
    if len(same) > 1 or not 0 < number <= len(Running.of(found[0]).procedure.steps):
        refused = _("只能一起办同一个流程、同一步的件；请先按流程和环节筛选。")
        return _page(request, Page(who, chosen), refused=refused)
    clocks = Clocks(who.today)
    here = [one for one in found if one.step == number][:most_shown]
    together = Together.of(who, [shown(who.officer, who.scopes, one, clocks) for one in here])
    form = _form(together, found, number, request.POST if pressed else None)
    page = Page(who, chosen, form, together)
    if not pressed or not form.is_valid():
        return _page(request, page, status=422 if pressed else 200)
    if chosen.many:
        return _begun(request, page, pressed)
    results = _taken(page, pressed)
    left = [case for case in _found(who, chosen.seen) if case.step == number and _refused(case, results)]
    return _page(request, Page(who, Chosen(left, chosen.seen), form if left else None, together), results=results)


@dataclass(frozen=True, slots=True)
class Page:
    """What the page is about: the cases, and the form of their step, None where it cannot be taken together.

    ``beside``: a notice, a meeting or a count for all of them that was sent and not taken; ``said``: what was just done.
    """

    who: Asking
    chosen: Chosen
    form: StepForm | None = None
    together: Together = field(default_factory=lambda: Together((), {}, {}))
    beside: forms.Form | None = None
    said: object = ""


def _beside(request: HttpRequest, who: Asking) -> HttpResponse:
    """Post one notice, call one meeting or count its votes for the ticked cases; their page is shown again."""
    chosen = Chosen(ticked(who, request.POST.getlist("chosen")), _seen(request.POST.getlist("chosen")[:most_shown]))
    if not chosen.found:
        raise Http404
    clocks = Clocks(who.today)
    here = [shown(who.officer, who.scopes, one, clocks) for one in chosen.found]
    if len({(one.case.procedure, one.case.version_id, one.case.step) for one in here}) > 1 or not here[0].step:
        return _page(request, Page(who, chosen), refused=_("只能一起办同一个流程、同一步的件；请先按流程和环节筛选。"))
    sent = carried_out_together(who, here, chosen.seen, request.POST)
    again = [shown(who.officer, who.scopes, one, clocks) for one in ticked(who, request.POST.getlist("chosen"))]
    together = Together.of(who, again)
    page = Page(who, chosen, together.form(None), together, sent.form, sent.said)
    if sent.form is not None and sent.form not in panels(who, again, sent.form).values():  # it was done meanwhile
        return _page(request, page, refused=" ".join(map(str, sent.form.non_field_errors())))
    return _page(request, page, status=200 if sent.form is None else 422)


def _form(together: Together, found: Sequence[Case], number: int, data: Any) -> StepForm:
    """The form of the step; where no case stands at it any more, an empty one that says so of each."""
    if together.here:
        return together.form(data)
    running = Running.of(found[0])
    return StepForm(running.step(number), running.fields(number), {}, vacant=True, seen=0, data=data)


def _step(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _taken(page: Page, action: str) -> list[Result]:
    who, found, form = page.who, page.chosen.found, page.form
    assert form is not None
    given = form.cleaned_data
    names = {row.case.pk: row.whom.name if row.whom else "—" for row in rows(who.officer, found, Clocks(who.today))}
    told = take_steps(
        by=who.officer,
        cases={case.pk: (page.chosen.seen[case.pk], uuid5(given["key"], str(case.pk))) for case in found},
        action=action,
        fields=form.values(),
        own=page.together.own,
        reason=given.get("reason", ""),
        basis=given.get("basis", ""),
        absent=given.get("absent", False),
        on=given["on"],
    )
    return [Result(case, names[case.pk], told[case.pk]) for case in found]


def _begun(request: HttpRequest, page: Page, action: str) -> HttpResponse:
    """Begin with more cases than are done while somebody waits: their page tells how far they are."""
    form, found, together = page.form, page.chosen.found, page.together
    assert form is not None
    given, values = form.cleaned_data, form.values()
    common: Mapping[str, Value] = {name: value for name, value in together.common.items() if name in values}
    told = {
        "action": action,
        "fields": values,
        "common": common,
        "apart": list(together.apart),
        "version": found[0].version_id,
        "step": form.step.number,
        "reason": given.get("reason", ""),
        "basis": given.get("basis", ""),
        "absent": given.get("absent", False),
        "on": given["on"].isoformat(),
    }
    try:
        bundle = bundles.begin(
            by=page.who.officer,
            key=given["key"],
            sort=Sort.STEPPED,
            rows=[{"case": str(case.pk), "seen": page.chosen.seen[case.pk]} for case in found],
            told=told,
            procedure=found[0].procedure,
            step=form.step.number,
            about=action,
        )
    except Refused as refused:
        return _page(request, page, refused=str(refused))
    return HttpResponseRedirect(reverse("cases:bundle", args=[bundle.pk]))


def _page(
    request: HttpRequest, page: Page, *, results: Sequence[Result] = (), refused: str = "", status: int = 200
) -> HttpResponse:
    who, chosen, form = page.who, page.chosen, page.form
    cases, step = chosen.found, form.step if form else None
    running = Running.of(cases[0]) if cases else None
    marks = {one.case.pk: mark(one) for one in page.together.here}
    context: dict[str, Any] = {
        "rows": [(row, marks.get(row.case.pk, "")) for row in rows(who.officer, cases[:most_shown], Clocks(who.today))],
        "chosen": chosen,
        "total": len(cases),
        "procedure": running.procedure if running else None,
        "clause": running.policy.clauses[running.procedure.clause] if running else None,
        "form": form,
        "letters": letters_of(running, step) if step and running and not results and not chosen.many else [],
        "step": step,
        "apart": page.together.apart,
        "on": [move for move in step.moves if forward(step, move)] if step else [],
        "back": [move for move in step.moves if not forward(step, move)] if step else [],
        "done": [result for result in results if not result.why],
        "not_done": [result for result in results if result.why],
        "refused": refused,
        "said": page.said,
        **(panels(who, page.together.here, page.beside) if form and not results and not chosen.many else {}),
    }
    return render(request, "cases/bulk.html", context, status=422 if refused else status)


def _found(who: Asking, chosen: Mapping[UUID, int]) -> list[Case]:
    """The cases that were ticked, as they are now, in the order of their ticks."""
    known = {case.pk: case for case in seen(who.officer).filter(pk__in=list(chosen))}
    return [known[key] for key in chosen if key in known]


def ticked(who: Asking, ticks: Sequence[str]) -> list[Case]:
    """The cases of some ticks, as they are now."""
    return _found(who, _seen(ticks[:most_shown]))


def _refused(case: Case, results: Sequence[Result]) -> bool:
    return any(result.case.pk == case.pk and result.why for result in results)


def _chosen(who: Asking, request: HttpRequest) -> Chosen:
    """All that wait at a step as the list was narrowed (``all``), or what was ticked (``chosen``, or ``rows`` of many)."""
    if "all" in request.POST:
        return _waiting(who, Filters.of(request.POST.dict()))
    ticks = [*request.POST.getlist("chosen"), *filter(None, request.POST.get("rows", "").split(","))]
    wanted = _seen(ticks[: most + 1])
    return Chosen(_found(who, wanted), wanted)


def _waiting(who: Asking, filters: Filters) -> Chosen:
    """The cases that wait at one step for the officer's posts, the longest first; those that run by one version of the pages."""
    if not filters.procedure or not filters.step:
        raise Http404
    (turns,) = inbox(who.officer, who.scopes, filters, Clocks(who.today)).parts
    cases = list({turn.case_id: turn.case for turn in turns.order_by("since", "pk")}.values())
    same = [case for case in cases if case.version_id == cases[0].version_id]
    found = same[:most]
    return Chosen(found, {case.pk: case.entries for case in found}, len(same) - len(found), len(cases) - len(same))


def _seen(ticks: Sequence[str]) -> dict[UUID, int]:
    """Case and what was seen of it, for each tick."""
    found: dict[UUID, int] = {}
    for tick in ticks:
        key, _dot, entries = tick.partition(".")
        try:
            found[UUID(key)] = int(entries)
        except ValueError:
            continue
    return found
