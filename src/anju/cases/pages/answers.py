"""Answers from offices that are not here: the list that goes out, what came back row by row, and what of it is accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from anju.cases import bundles
from anju.cases.answering import Looked, looked, taken
from anju.cases.answers import Answer, Sheet, at_once, brought_back, carried, most_rows, read_list, write_list
from anju.cases.clocks import Clocks
from anju.cases.models import Case, Sort
from anju.cases.pages.bundles import bundle_of
from anju.cases.queries.lists import Filters, elsewhere
from anju.cases.queries.one import shown
from anju.cases.queries.rows import rows
from anju.government.acting import acting
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.refusals import Refused
from anju.journal.actions import record
from anju.register.guideline import guideline
from anju.register.queries.paging import counted, page
from anju.tables.workbooks import private_folder, xlsx

_most_counted = 100_000


@for_handlers
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The list of what waits elsewhere at one step, to be filled in there; that it was taken stands in the journal."""
    who, filters = asking(request), Filters.of(request.GET)
    if filters.procedure not in guideline().procedures or not filters.step:
        raise Http404
    clocks = Clocks(who.today)
    listing = elsewhere(who.officer, who.scopes, filters, clocks)
    turns = page(listing, size=most_rows).rows
    cases = list({turn.case_id: turn.case for turn in turns}.values())
    if not cases:
        raise Http404
    with transaction.atomic():
        record(
            actor=acting(who.officer),
            action="cases.send_list",
            object_kind="case",
            object_id=str(cases[0].pk),
            detail={"procedure": filters.procedure, "step": filters.step, "cases": len(cases)},
        )
    versions = list(dict.fromkeys(case.version_id for case in cases))
    sheets = [_sheet(who, [case for case in cases if case.version_id == one], clocks) for one in versions]
    with private_folder() as folder:
        path = folder / "list.xlsx"
        write_list(path, sheets, _notes(len(turns), counted(listing, _most_counted), len(sheets)))
        stream = path.open("rb")
    told = f"等候答复-{sheets[0].running.procedure.name}-{sheets[0].step.name}-{who.today:%Y%m%d}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=told, content_type=xlsx)


def _sheet(who: Asking, cases: Sequence[Case], clocks: Clocks) -> Sheet:
    """The cases of one version: what is asked of any of them, be it late or not."""
    first = shown(who.officer, who.scopes, cases[0], clocks)
    assert first.step is not None
    owned = first.recorded.owned(first.step)
    fields = [field for field in first.running.fields(first.step.number) if field.name not in owned]
    return Sheet(rows(who.officer, cases, clocks), first.running, first.step, fields)


def _notes(listed: int, waiting: int, sheets: int) -> list[str]:
    """What stands on the last sheet for whoever fills the list in."""
    found = ["每一行是一件：“办件”那一格不要改；“答复”从列出的里面选，“凭据”写明是哪一份回函。没有填“答复”的行不收。"]
    if sheets > 1:
        found.append(f"这些件是按指导意见的 {sheets} 个版本立的，要填的不一样，各在一张表里；请每一张都填。")
    if waiting > listed:
        found.append(f"等候的有 {waiting:,} 件，一份表最多 {listed:,} 行：这里是等得最久的；收下以后，再下载后面的。")
    return found


@for_handlers
@require_POST
def returned(request: HttpRequest) -> HttpResponse:
    """What came back, row by row: from a file (``ledger``), or accepted: ``rows`` that were ``chosen``, or ``all``; of many rows those of
    a ``bundle`` that was looked at.
    """
    who = asking(request)
    try:
        if "bundle" in request.POST:
            return _take_all(who, request.POST["bundle"])
        if "rows" in request.POST:
            answers = brought_back(request.POST["rows"], who.officer)
            chosen = set(request.POST.getlist("chosen"))
            wanted = [one for one in answers if "all" in request.POST or one.place in chosen]
            return _page(request, who, answers, _accepted(who, answers, wanted))
        file = request.FILES.get("ledger")
        if file is None or request.META.get("anju.too_large"):
            raise Refused("还没有选填好的表，或者表太大了。")
        with private_folder() as folder:
            back = read_list(Path(_on_disk(file)), folder)
        if len(back.rows) > at_once:
            rows_of = [asdict(one) for one in back.rows]
            told = {"blank": back.blank}
            bundle = bundles.begin(by=who.officer, key=uuid4(), sort=Sort.LOOKED, rows=rows_of, told=told)
            return HttpResponseRedirect(reverse("cases:bundle", args=[bundle.pk]))
    except Refused as refused:
        return render(request, "cases/answers.html", {"refused": str(refused)}, status=422)
    found = [looked(who, answer) for answer in back.rows]
    return _page(request, who, back.rows, found, blank=back.blank)


def _take_all(who: Asking, key: str) -> HttpResponse:
    """Accept every row of a list that was looked at and can be accepted; sent twice, it is one. Raises `Refused`."""
    try:
        bundle = bundle_of(who, UUID(key))
    except ValueError as error:
        raise Http404 from error
    if bundle.sort != Sort.LOOKED or not bundles.stand(bundle).over:
        raise Refused("这份表还没有看完，看完了再收。")
    good = [row for row, outcome in bundles.outcomes(bundle) if not outcome.why]
    taking = bundles.begin(
        by=who.officer, key=uuid5(bundle.key, "answered"), sort=Sort.ANSWERED, rows=good, told={}, step=0
    )
    return HttpResponseRedirect(reverse("cases:bundle", args=[taking.pk]))


def _accepted(who: Asking, answers: Sequence[Answer], wanted: Sequence[Answer]) -> list[Looked]:
    """Take the steps of the wanted rows, each in its own transaction; the others are looked at again."""
    places = {answer.place for answer in wanted}
    return [(taken if answer.place in places else looked)(who, answer) for answer in answers]


def _page(
    request: HttpRequest, who: Asking, answers: Sequence[Answer], found: Sequence[Looked], blank: int = 0
) -> HttpResponse:
    left = [one for one in found if not one.done]
    context: dict[str, Any] = {
        "looked": found,
        "ready": [one for one in left if not one.wrong],
        "done": len(found) - len(left),
        "blank": blank,
        "carried": carried(answers, who.officer),
    }
    return render(request, "cases/answers.html", context)


def _on_disk(file: Any) -> str:
    """Where an upload lies (`anju.check.uploads`)."""
    return str(file.temporary_file_path())
