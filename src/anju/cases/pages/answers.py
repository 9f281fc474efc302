"""Answers from offices that are not here: the list that goes out, what came back row by row, and what of it is accepted."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from anju.cases.actions import take_step
from anju.cases.actions.stepping import check_fields
from anju.cases.answers import Answer, brought_back, carried, given, most_rows, read_list, write_list
from anju.cases.clocks import Clocks
from anju.cases.procedures import forward
from anju.cases.queries.lists import Filters, elsewhere
from anju.cases.queries.one import Shown, seen_case, sent, shown
from anju.cases.queries.rows import rows
from anju.government.acting import acting
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.refusals import Refused
from anju.journal.actions import record
from anju.register.guideline import guideline
from anju.register.queries.paging import page

_xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Looked:
    """A row with what is wrong about it, "" for what can be accepted; ``done``: it was accepted, now or before."""

    answer: Answer
    wrong: str
    done: bool = False


@for_handlers
@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The list of what waits elsewhere at one step, to be filled in there; that it was taken stands in the journal."""
    who, filters = asking(request), Filters.of(request.GET)
    if filters.procedure not in guideline().procedures or not filters.step:
        raise Http404
    clocks = Clocks(who.today)
    turns = page(elsewhere(who.officer, who.scopes, filters, clocks), size=most_rows).rows
    cases = list(
        {turn.case_id: turn.case for turn in turns if turn.case.version_id == turns[0].case.version_id}.values()
    )
    if not cases:
        raise Http404
    first = shown(who.officer, who.scopes, cases[0], clocks)
    assert first.step is not None
    with transaction.atomic():
        record(
            actor=acting(who.officer),
            action="cases.send_list",
            object_kind="case",
            object_id=str(cases[0].pk),
            detail={"procedure": filters.procedure, "step": filters.step, "cases": len(cases)},
        )
    with tempfile.TemporaryDirectory(dir=_folder()) as name:
        path = Path(name) / "list.xlsx"
        write_list(path, rows(who.officer, cases, clocks), first.running, first.step, first.typed)
        stream = path.open("rb")
    told = f"等候答复-{first.running.procedure.name}-{first.step.name}-{who.today:%Y%m%d}.xlsx"
    return FileResponse(stream, as_attachment=True, filename=told, content_type=_xlsx)


@for_handlers
@require_POST
def returned(request: HttpRequest) -> HttpResponse:
    """What came back, row by row: from a file (``ledger``), or accepted (``rows`` that were ``chosen``, or ``all``)."""
    who = asking(request)
    try:
        if "rows" in request.POST:
            answers = brought_back(request.POST["rows"], who.officer)
            chosen = set(request.POST.getlist("chosen"))
            wanted = [one for one in answers if "all" in request.POST or str(one.row) in chosen]
            return _page(request, who, answers, _accepted(who, answers, wanted))
        file = request.FILES.get("ledger")
        if file is None or request.META.get("anju.too_large"):
            raise Refused("还没有选填好的表，或者表太大了。")
        answers = read_list(Path(_on_disk(file)))
    except Refused as refused:
        return render(request, "cases/answers.html", {"refused": str(refused)}, status=422)
    return _page(request, who, answers, [_looked(who, answer) for answer in answers])


def _accepted(who: Asking, answers: Sequence[Answer], wanted: Sequence[Answer]) -> list[Looked]:
    """Take the steps of the wanted rows, each in its own transaction; the others are looked at again."""
    numbers = {answer.row for answer in wanted}
    found = []
    for answer in answers:
        looked = _looked(who, answer)
        if answer.row in numbers and not looked.wrong and not looked.done:
            looked = _taken(who, answer)
        found.append(looked)
    return found


def _taken(who: Asking, answer: Answer) -> Looked:
    known = _known(who, answer)
    try:
        if known is None:
            raise Refused("没有这一件，或者不在您的范围里。")
        told = given(answer, known.typed)
        take_step(by=who.officer, case=answer.case, seen=answer.seen, action=answer.action, key=answer.key, **told)
    except Refused as refused:
        return Looked(answer, str(refused))
    return Looked(answer, "", done=True)


def _looked(who: Asking, answer: Answer) -> Looked:
    known = _known(who, answer)
    if known is None:
        return Looked(answer, "没有这一件，或者不在您的范围里。")
    if sent(who.officer, known.case, str(answer.key)):
        return Looked(answer, "", done=True)
    step = known.step
    if step is None or known.case.entries != answer.seen:
        return Looked(answer, "发出这份表以后，这一件已经有人办过。")
    move = next((one for one in step.moves if one.action == answer.action), None)
    if move is None:
        return Looked(
            answer, f"“{step.name}”没有“{answer.action}”；可以：{'、'.join(one.action for one in step.moves)}。"
        )
    if not known.vacant:
        return Looked(answer, "这一步现在不等别处答复，请在件里办。")
    try:
        told = given(answer, known.typed)
        check_fields(known.fields, {**told["fields"], **known.recorded.answers(step)}, move, step)
        if not told["basis"]:
            raise Refused("“凭据”空着：写明是哪一份回函。")
        if not forward(step, move) and move.target != step.number and not told["reason"]:
            raise Refused("退回、补正和终止要写明为什么。")
    except Refused as refused:
        return Looked(answer, str(refused))
    return Looked(answer, "")


def _known(who: Asking, answer: Answer) -> Shown | None:
    case = seen_case(who.officer, answer.case)
    return shown(who.officer, who.scopes, case, Clocks(who.today)) if case is not None else None


def _page(request: HttpRequest, who: Asking, answers: Sequence[Answer], looked: Sequence[Looked]) -> HttpResponse:
    left = [one for one in looked if not one.done]
    context: dict[str, Any] = {
        "looked": looked,
        "ready": [one for one in left if not one.wrong],
        "done": len(looked) - len(left),
        "carried": carried(answers, who.officer),
    }
    return render(request, "cases/answers.html", context)


def _on_disk(file: Any) -> str:
    """Where an upload lies (`anju.check.uploads`)."""
    return str(file.temporary_file_path())


def _folder() -> str:
    folder = Path(settings.ANJU_IMPORTS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return str(folder)
