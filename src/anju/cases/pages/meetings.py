"""A meeting that votes on several people: who voted how on each of them, by a sheet that is filled in there, counted together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from anju.cases import actions
from anju.cases.ballots import most_cells, read_ballots, write_ballots
from anju.cases.models import Vote
from anju.cases.pages.one import heading
from anju.cases.pages.votes import vote_of
from anju.cases.procedures import Running
from anju.cases.queries import votes as found
from anju.cases.queries.votes import Voted
from anju.cases.votes import is_counted_at
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.refusals import Refused
from anju.register.looking import not_seen
from anju.register.queries.lists import is_id
from anju.tables.workbooks import private_folder, xlsx

_unread = "这一页送来的内容认不出，请重新打开再计票。"


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, case: UUID) -> HttpResponse:
    """What the meeting votes on; a sheet that came back is noted, and (``count``) what is noted is counted for all that were shown so."""
    who = asking(request)
    known, vote = vote_of(who, case)
    if (instead := not_seen(request, known.case.subject_kind, known.case.subject_id)) is not None:
        return instead
    refused = ""
    if request.method == "POST":
        try:
            saved = _counted(request, who) if "count" in request.POST else _noted(request, who, vote)
            return HttpResponseRedirect(reverse("cases:meeting", args=[case]) + f"?saved={saved}")
        except Refused as told:
            refused = str(told)
    on = found.meeting(who, vote)
    waiting = _waiting(on)
    context: dict[str, Any] = {
        **heading(who, known.case),
        "procedure": known.running.procedure,
        "vote": vote,
        "voted": on,
        "may": bool(waiting and known.own),
        "large": vote.eligible * len(waiting) > most_cells,
        "ready": [one for one in waiting if one.noted],
        "saved": request.GET.get("saved", ""),
        "refused": refused,
    }
    return render(request, "cases/meeting.html", context, status=422 if refused else 200)


@for_handlers
@require_safe
def sheet(request: HttpRequest, case: UUID) -> HttpResponseBase:
    """The sheet of those on whom the votes are not counted yet; that it was taken stands in the journal."""
    who = asking(request)
    known, vote = vote_of(who, case)
    waiting = _waiting(found.meeting(who, vote))
    if not waiting or vote.eligible * len(waiting) > most_cells:
        raise Http404
    actions.note_ballots_taken(by=who.officer, case=known.case, votes=len(waiting))
    noted = found.ballots(who.officer, [one.vote for one in waiting])
    with private_folder() as folder:
        path = folder / "ballots.xlsx"
        write_ballots(path, found.names(who.officer, vote), _applicants(waiting), noted)
        stream = path.open("rb")
    return FileResponse(stream, as_attachment=True, filename=f"表决-{vote.on:%Y%m%d}.xlsx", content_type=xlsx)


def _noted(request: HttpRequest, who: Asking, vote: Vote) -> str:
    file: Any = request.FILES.get("ballots")
    if file is None or request.META.get("anju.too_large"):
        raise Refused("还没有选填好的表，或者表太大了。")
    waiting = _waiting(found.meeting(who, vote))
    if vote.eligible * len(waiting) > most_cells:
        raise Refused("这一次会的人太多，不能记名，请登记各人的票数。")
    with private_folder() as folder:
        told = read_ballots(
            Path(file.temporary_file_path()), folder, found.names(who.officer, vote), _applicants(waiting)
        )
    actions.note_meeting(by=who.officer, choices=told)
    return "noted"


def _counted(request: HttpRequest, who: Asking) -> str:
    seen, noted = {}, {}
    for text in request.POST.getlist("seen"):
        case, _dot, rest = text.partition(".")
        entries, _dot, revision = rest.partition(".")
        if not is_id(case) or not entries.isdecimal():
            raise Refused(_unread)
        seen[UUID(case)], noted[UUID(case)] = int(entries[:9]), actions.ByName(revision)
    if not seen:
        raise Refused("还没有记下一票，不能计票。")
    actions.count_votes(by=who.officer, seen=seen, figures=noted)
    return "counted"


def _waiting(on: Sequence[Voted]) -> list[Voted]:
    """Those on whom the votes wait to be counted."""
    return [
        one
        for one in on
        if one.vote.counted_at is None
        and one.case.step
        and is_counted_at(Running.of(one.case), Running.of(one.case).step(one.case.step))
    ]


def _applicants(waiting: Sequence[Voted]) -> list[tuple[UUID, str]]:
    return [(one.case.pk, one.column) for one in waiting]
