"""Pages of one visit: progress, the answer, each row's reasons, what is missing, what was refused, and the downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import PurePath
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from anju.check import queries, visits
from anju.check.background import downloads
from anju.check.visits import Visit
from anju.duties.owed import strengths
from anju.tables.workbooks import xlsx

_stages = ("waiting", "checking", "listing", "writing", "done")
_content_types = {
    "xlsx": xlsx,
    "json": "application/jsonl; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}
_filters = ("clause", "kind", "strength", "who", "text")

Asked = ParamSpec("Asked")
Shown = TypeVar("Shown")


def of_a_visit(page: Callable[Asked, Shown]) -> Callable[Asked, Shown]:
    """A page whose visit may be cleared in another window while it is being made; then it is not found."""

    @wraps(page)
    def page_or_missing(*args: Asked.args, **kwargs: Asked.kwargs) -> Shown:
        try:
            return page(*args, **kwargs)
        except FileNotFoundError:
            raise Http404 from None

    return page_or_missing


@require_GET
@of_a_visit
def overview(request: HttpRequest, token: str) -> HttpResponse:
    """The answer on one page: how far it is, then counts by clause and the worklist with its filters."""
    visit = _visit(request, token)
    stage = visit.state["stage"]
    if stage not in ("writing", "done"):
        return render(request, "check/progress.html", _progress(visit))
    wanted = {name: request.GET.get(name, "") for name in _filters}
    listed = queries.duties(visit, wanted, _page(request))
    context = {"visit": visit, "wanted": wanted, "listed": listed, "query": _query(wanted)}
    if _fragment(request):
        return render(request, "check/_worklist.html", context)
    summary = queries.summary(visit)
    context |= {
        "summary": summary,
        "clauses": list(_by_clause(summary)),
        "kinds": _distinct(summary, "kind", "label"),
        "whos": sorted({kind["who"] for kind in summary["duty_kinds"]}),
        "strengths": strengths,
        "tab": "overview",
        **_progress(visit),
    }
    return render(request, "check/visit.html", context)


@require_GET
@of_a_visit
def progress(request: HttpRequest, token: str) -> HttpResponse:
    """How far the check is, for a page that asks every second; reloads the page when there is something to see."""
    visit = _visit(request, token)
    context = _progress(visit)
    if request.GET.get("part") == "files":
        return render(request, "check/_files.html", context)
    response = render(request, "check/_progress.html", context)
    if context["stage"] in ("writing", "done"):
        response.headers["HX-Refresh"] = "true"
    return response


@require_GET
@of_a_visit
def rows(request: HttpRequest, token: str, part: int, decision: str) -> HttpResponse:
    """Rows of the ledger by what one decision says of them."""
    visit = _ready(request, token)
    summary = queries.summary(visit)
    decisions = summary["parts"][part]["decisions"] if part < len(summary["parts"]) else []
    known = next((d for d in decisions if d["code"] == decision), None)
    if known is None:
        raise Http404
    result, text = request.GET.get("result", ""), request.GET.get("text", "")
    if result and result not in {r["key"] for r in known["results"]}:
        raise Http404
    listed = queries.rows_with(visit, part, decision, result, text, _page(request))
    wanted = {"result": result, "text": text}
    context = {
        "visit": visit, "part": part, "decision": known, "wanted": wanted, "listed": listed, "query": _query(wanted)
    }  # fmt: skip
    if _fragment(request):
        return render(request, "check/_rows.html", context)
    return render(request, "check/rows.html", context | {"summary": summary, "tab": "overview"})


@require_GET
@of_a_visit
def row(request: HttpRequest, token: str, part: int, at: int) -> HttpResponse:
    """One row: every decision about it, why, and why not otherwise. A part of it (``decision``) opens inside a list."""
    visit = _ready(request, token)
    explained = queries.row_explained(visit, part, at)
    if explained is None:
        raise Http404
    context = {"visit": visit, "part": part, "at": at, "row": explained, "tab": "overview"}
    if _fragment(request):
        wanted = request.GET.get("decision", "")
        chosen = [d for d in explained.decisions if wanted in (d.code, d.state)] or list(explained.decisions)
        return render(request, "check/_row.html", context | {"chosen": chosen})
    return render(request, "check/row.html", context | {"summary": queries.summary(visit)})


@require_GET
@of_a_visit
def missing(request: HttpRequest, token: str) -> HttpResponse:
    """Columns that the file lacks, and rows with blanks that leave a decision open."""
    visit = _ready(request, token)
    context = {"visit": visit, "listed": queries.missing(visit, _page(request)), "query": "", "tab": "missing"}
    return render(request, "check/missing.html", context | {"summary": queries.summary(visit)})


@require_GET
@of_a_visit
def problems(request: HttpRequest, token: str) -> HttpResponse:
    """Rows that were refused, with what to write instead, and warnings."""
    visit = _ready(request, token)
    context = {"visit": visit, "listed": queries.problems(visit, _page(request)), "query": "", "tab": "problems"}
    return render(request, "check/problems.html", context | {"summary": queries.summary(visit)})


@require_GET
@of_a_visit
def download(request: HttpRequest, token: str, kind: str) -> FileResponse:
    """The workbook, the JSON lines or the Parquet file."""
    visit = _ready(request, token)
    if kind not in visit.state["ready"]:
        raise Http404
    stem = PurePath(visit.request["name"]).stem
    name = f"{stem}-应办{PurePath(downloads[kind]).suffix}"
    stream = (visit.folder / downloads[kind]).open("rb")
    return FileResponse(stream, as_attachment=True, filename=name, content_type=_content_types[kind])


@require_POST
@of_a_visit
def clear(request: HttpRequest, token: str) -> HttpResponse:
    """Forget the visit at once."""
    visits.clear(_visit(request, token))
    return HttpResponseRedirect(f"{reverse('check:front')}?cleared=1")


def _visit(request: HttpRequest, token: str) -> Visit:
    """The visit of this browser. Raises `Http404` for a missing, a cleared and a foreign one alike."""
    visit = visits.find_visit(request.COOKIES.get(settings.ANJU_VISIT_COOKIE, ""), token)
    if visit is None:
        raise Http404
    return visit


def _ready(request: HttpRequest, token: str) -> Visit:
    """The visit, once its answers are there."""
    visit = _visit(request, token)
    if visit.state["stage"] not in ("writing", "done"):
        raise Http404
    return visit


def _progress(visit: Visit) -> dict[str, Any]:
    state = visit.state
    stage = state["stage"]
    done = _stages.index(stage) if stage in _stages else 0
    return {
        "visit": visit,
        "stage": stage,
        "error": state["error"],
        "ready": state["ready"],
        "done": done,
        "steps": len(_stages) - 1,
        "minutes": settings.ANJU_IDLE_MINUTES,
    }


def _by_clause(summary: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """For each clause with an answer: its number and title, decisions with counts, duties with counts."""
    titles = {c.number: c.title for c in queries.guideline().clauses.values()}
    decisions = [
        {**decision, "part": at, "subject": part["label"]}
        for at, part in enumerate(summary["parts"])
        for decision in part["decisions"]
    ]
    for number, title in titles.items():
        own = [d for d in decisions if d["clause"] == number]
        duties = [kind for kind in summary["duty_kinds"] if kind["clause"] == number]
        if own or duties:
            count = sum(kind["count"] for kind in duties)
            yield {"number": number, "title": title, "decisions": own, "duties": duties, "count": count}


def _distinct(summary: Mapping[str, Any], code: str, label: str) -> list[tuple[str, str]]:
    return sorted({(kind[code], kind[label]) for kind in summary["duty_kinds"]}, key=lambda pair: pair[1])


def _page(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def _query(wanted: Mapping[str, str]) -> str:
    """The filters as the beginning of a query string, so that a page number can follow."""
    chosen = {name: value for name, value in wanted.items() if value}
    return urlencode(chosen) + "&" if chosen else ""


def _fragment(request: HttpRequest) -> bool:
    """Whether only the list inside the page is asked for."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers
