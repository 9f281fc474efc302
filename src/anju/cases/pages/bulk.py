"""The same step for many cases: the page says of each whether it was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from anju.cases.actions import take_steps
from anju.cases.clocks import Clocks
from anju.cases.forms import StepForm
from anju.cases.letters import letters_of
from anju.cases.models import Case
from anju.cases.pages.one import form_of
from anju.cases.procedures import Running, forward
from anju.cases.queries.lists import seen
from anju.cases.queries.one import shown
from anju.cases.queries.rows import rows
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers

most = 100


@dataclass(frozen=True, slots=True)
class Result:
    """A case that was tried; ``why`` it was refused, "" where it was done."""

    case: Case
    name: str
    why: str


@for_handlers
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The form for the ticked rows; and the step for each of them, once an action is pressed."""
    who = asking(request)
    ticks = request.POST.getlist("chosen")
    chosen = _chosen(ticks)
    found = _found(who, chosen)
    if not found:
        raise Http404
    if len(ticks) > most:
        return _page(request, who, found, None, refused=_("一次最多一起办 %(n)d 件；请少勾一些。") % {"n": most})
    pressed = request.POST.get("action", "")[:60]
    number = _step(request.POST.get("step", "")) if pressed else found[0].step
    same = {
        (case.procedure, case.version_id) if pressed else (case.procedure, case.version_id, case.step) for case in found
    }
    if len(same) > 1 or not 0 < number <= len(Running.of(found[0]).procedure.steps):
        return _page(request, who, found, None, refused=_("只能一起办同一个流程、同一步的件；请先按流程和环节筛选。"))
    form = _form(who, found, number, request.POST if pressed else None)
    if not pressed or not form.is_valid():
        return _page(request, who, found, form, status=422 if pressed else 200)
    results = _taken(who, found, chosen, form, pressed)
    left = [case for case in _found(who, chosen) if case.step == number and _refused(case, results)]
    return _page(request, who, left, form if left else None, results=results)


def _form(who: Asking, found: Sequence[Case], number: int, data: Any) -> StepForm:
    """The form of a step, with what the ledger knows of the first case that stands there."""
    here = next((case for case in found if case.step == number), None)
    if here is not None:
        return form_of(shown(who.officer, who.scopes, here, Clocks(who.today)), who, data)
    running = Running.of(found[0])
    return StepForm(running.step(number), running.fields(number), {}, vacant=True, seen=0, data=data)


def _step(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else 0


def _taken(who: Asking, found: Sequence[Case], chosen: Mapping[UUID, int], form: StepForm, action: str) -> list[Result]:
    given = form.cleaned_data
    names = {row.case.pk: row.whom.name if row.whom else "—" for row in rows(who.officer, found, Clocks(who.today))}
    told = take_steps(
        by=who.officer,
        cases={case.pk: (chosen[case.pk], uuid5(given["key"], str(case.pk))) for case in found},
        action=action,
        fields=form.values(),
        reason=given.get("reason", ""),
        basis=given.get("basis", ""),
        absent=given.get("absent", False),
        on=given["on"],
    )
    return [Result(case, names[case.pk], told[case.pk]) for case in found]


def _page(
    request: HttpRequest,
    who: Asking,
    cases: Sequence[Case],
    form: StepForm | None,
    *,
    results: Sequence[Result] = (),
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    step = form.step if form else None
    context: dict[str, Any] = {
        "rows": rows(who.officer, cases, Clocks(who.today)),
        "procedure": Running.of(cases[0]).procedure if cases else None,
        "form": form,
        "letters": letters_of(Running.of(cases[0]), step) if step and cases and not results else [],
        "step": step,
        "on": [move for move in step.moves if forward(step, move)] if step else [],
        "back": [move for move in step.moves if not forward(step, move)] if step else [],
        "done": [result for result in results if not result.why],
        "not_done": [result for result in results if result.why],
        "refused": refused,
    }
    return render(request, "cases/bulk.html", context, status=422 if refused else status)


def _found(who: Asking, chosen: Mapping[UUID, int]) -> list[Case]:
    """The cases that were ticked, as they are now, in the order of their ticks."""
    known = {case.pk: case for case in seen(who.officer).filter(pk__in=list(chosen))}
    return [known[key] for key in chosen if key in known]


def ticked(who: Asking, ticks: Sequence[str]) -> list[Case]:
    """The cases of some ticks, as they are now."""
    return _found(who, _chosen(ticks))


def _refused(case: Case, results: Sequence[Result]) -> bool:
    return any(result.case.pk == case.pk and result.why for result in results)


def _chosen(ticks: Sequence[str]) -> dict[UUID, int]:
    """Case and what was seen of it, for each tick."""
    found: dict[UUID, int] = {}
    for tick in ticks[:most]:
        key, _dot, entries = tick.partition(".")
        try:
            found[UUID(key)] = int(entries)
        except ValueError:
            continue
    return found
