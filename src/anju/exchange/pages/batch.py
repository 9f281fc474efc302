"""One batch: how far it is, what would change, what contradicts, and what was merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.exchange import storage
from anju.exchange.conflicts import conflicts
from anju.exchange.forgetting import kept_until
from anju.exchange.kinds import kind_of
from anju.exchange.models import Batch, StagedRow, State, Verdict
from anju.exchange.queries.batches import same_file, seen_batch, work_of
from anju.exchange.queries.numbers import numbers
from anju.exchange.queries.rows import Filter, Row, rows, shown
from anju.exchange.subjects import titles
from anju.government.door import for_handlers, officer_of
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.jobs.models import Job
from anju.register.queries.paging import Listing, Page, counted, most_counted, page

working = (State.READING, State.MERGING, State.UNDOING)
_sentences = {
    "decided": _("已经记下怎么定。"),
    "chosen": _("已经记下勾选。"),
    "accepted": _("已经接收，正在并入。"),
    "rejected": _("已经退回。"),
    "undo_asked": _("已经申请撤回，等同一地区的另一位干部同意。"),
    "undo_refused": _("不撤回了，这一批照旧。"),
    "undoing": _("正在撤回。"),
    "again": _("重新开始了。"),
}
_begun = ("accepted", "undoing", "again")
_flags: Mapping[str, object] = {
    "open": _("还没定"),
    "left": _("没有并入"),
    "touched": _("又有人动过"),
    "noted": _("有话要说"),
}
tones: Mapping[str, str] = {
    Verdict.NEW: "encourage",
    Verdict.CHANGE: "may",
    Verdict.SAME: "none",
    Verdict.CONFLICT: "open",
    Verdict.REFUSED: "must",
}
plain = (Verdict.NEW, Verdict.CHANGE)
_pages: Mapping[str, str] = {"household": "register:household", "site": "register:site"}


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the list: what it is about, its colour, whether it is merged as a matter of course, its subject's own page."""

    row: Row
    title: str
    tone: str
    plain: bool
    address: str

    @classmethod
    def of(cls, row: Row, *, merged: bool) -> Line:
        """``merged``: what is new is in the register by now."""
        staged = row.staged
        there = staged.subject and (merged and staged.chosen if staged.verdict == Verdict.NEW else True)
        return cls(
            row,
            titles[staged.kind],
            tones[staged.verdict],
            staged.verdict in plain,
            reverse(_pages.get(staged.kind, "register:person"), args=[staged.subject]) if there else "",
        )


@for_handlers
@require_safe
def one(request: HttpRequest, batch: UUID) -> HttpResponse:
    """The page of a batch, or its rows alone."""
    return shown_batch(request, batch_of(officer_of(request), batch))


@for_handlers
@require_safe
def progress(request: HttpRequest, batch: UUID) -> HttpResponse:
    """How far the work is, for a page that asks again and again; it is shown anew when the work is done."""
    found = batch_of(officer_of(request), batch)
    answer = render(request, "exchange/_progress.html", {"batch": found, **_work(found)})
    if found.state not in working:
        answer.headers["HX-Refresh"] = "true"
    return answer


def batch_of(officer: Officer, key: UUID) -> Batch:
    """The batch, or a missing page: foreign and missing are one."""
    found = seen_batch(officer, str(key))
    if found is None:
        raise Http404
    return found


def shown_batch(request: HttpRequest, batch: Batch, refused: str = "") -> HttpResponse:
    """The page of a batch; ``refused``: why what was pressed on it was not done."""
    officer = officer_of(request)
    listed = {} if batch.state in (*working, State.FAILED) or batch.forgotten_at else _listed(request, officer, batch)
    if listed and "HX-Request" in request.headers and "HX-Boosted" not in request.headers:
        return render(request, "exchange/_rows.html", {"batch": batch, **listed})
    context = {
        "batch": batch,
        "kind": kind_of(batch.kind),
        "region": Names([batch.region], batch.on)(batch.region),
        "mine": batch.uploaded_by_id == officer.pk,
        "kept_until": kept_until(batch),
        "undoable": batch.state == State.MERGED
        and officer.pk in (batch.uploaded_by_id, batch.accepted_by_id)
        and not kind_of(batch.kind).final
        and (batch.undo_asked_by is None or batch.undo_lapsed),
        "undo_mine": batch.undo_asked_by_id == officer.pk,
        "earlier": same_file(officer, batch) if batch.state == State.READY else None,
        "numbers": numbers(officer, batch) if listed else None,
        "subjects": told(batch.counts),
        "merged": told(batch.counts.get("merged", {})),
        "notes": storage.notes(batch) if listed else (),
        "saved": _saved(request, batch),
        "refused": refused,
        **_work(batch),
        **listed,
    }
    return render(request, "exchange/batch.html", context, status=422 if refused else 200)


def address_of(batch: Batch, request: HttpRequest, saved: str = "") -> str:
    """The address of a batch's page with the rows that the request names, and what was done."""
    place = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    query = urlencode(_given(wanted(request)) | place | ({"saved": saved} if saved else {}))
    return f"{reverse('exchange:batch', args=[batch.pk])}{'?' if query else ''}{query}"


def wanted(request: HttpRequest) -> Filter:
    """What the address narrows the rows to; what no page gave narrows nothing."""
    given = request.GET
    kind, verdict, conflict = (given.get(name, "") for name in ("kind", "verdict", "conflict"))
    return Filter(
        kind=kind if kind in titles else "",
        verdict=verdict if verdict in Verdict.values else "",
        conflict=conflict if conflict in conflicts else "",
        **{name: bool(given.get(name)) for name in _flags},
    )


def rows_shown(
    request: HttpRequest, officer: Officer, batch: Batch
) -> tuple[Listing[StagedRow], Page[StagedRow], list[Row]]:
    """The list that the address asks for, the page of it, and its rows."""
    listing: Listing[StagedRow] = Listing((rows(officer, batch, wanted(request)),), ("number",))
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    return listing, found, shown(officer, batch, list(found.rows))


def _listed(request: HttpRequest, officer: Officer, batch: Batch) -> dict[str, Any]:
    listing, found, listed = rows_shown(request, officer, batch)
    total = counted(listing)
    asked = wanted(request)
    query = urlencode(_given(asked))
    place = {name: request.GET[name] for name in ("after", "before") if request.GET.get(name)}
    return {
        "rows": [Line.of(row, merged=batch.state == State.MERGED) for row in listed],
        "found": found,
        "total": f"{total:,}" if total <= most_counted else gettext("%(n)s 以上") % {"n": f"{most_counted:,}"},
        "wanted": asked,
        "query": query,
        "here": urlencode(_given(asked) | place),
        "address": reverse("exchange:batch", args=[batch.pk]),
        "conflict": conflicts.get(asked.conflict),
        "decidable": batch.state == State.READY and batch.uploaded_by_id == officer.pk,
        "choosable": batch.state == State.READY and any(row.staged.verdict in plain for row in listed),
        "bulk": _for_all(listed) if asked.conflict else (),
        "known": batch.state == State.MERGED,
        "words": _words(asked),
    }


def _saved(request: HttpRequest, batch: Batch) -> object:
    """What was just done; what goes on in the background is said only as long as it does."""
    said = request.GET.get("saved", "")
    return "" if said in _begun and batch.state not in working else _sentences.get(said, "")


def told(counts: Mapping[str, Mapping[str, int]]) -> list[tuple[str, str, list[tuple[Verdict, str, int]]]]:
    """By kind of subject: its code, what it is called, and how many rows have each verdict, with its colour."""
    return [
        (kind, titles[kind], [(verdict, tones[verdict], n) for verdict in Verdict if (n := counts[kind].get(verdict))])
        for kind in titles
        if kind in counts
    ]


def _for_all(listed: list[Row]) -> list[Any]:
    """What may be decided of some of the rows at once."""
    return list(dict.fromkeys(decision for row in listed for decision in row.allowed))


def _words(asked: Filter) -> list[object]:
    """What the rows are narrowed to, as one says it."""
    said = [titles[asked.kind]] if asked.kind else []
    said += [Verdict(asked.verdict).label] if asked.verdict else []
    return [*map(gettext, said), *(word for name, word in _flags.items() if getattr(asked, name))]


def _given(asked: Filter) -> dict[str, str]:
    named = {name: getattr(asked, name) for name in ("kind", "verdict", "conflict") if getattr(asked, name)}
    return named | {name: "1" for name in _flags if getattr(asked, name)}


def _work(batch: Batch) -> dict[str, Any]:
    """The background work under way; ``stuck`` where it ended without having done what the batch waits for."""
    if batch.state not in working:
        return {"working": False}
    work = work_of(batch)
    return {"working": True, "work": work, "stuck": work is None or work.stage in (Job.State.DONE, Job.State.FAILED)}
