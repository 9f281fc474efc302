"""The auditor's pages: who did and saw what, one entry in full, entries to take along, and how far the chain can be relied on."""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from anju.government.actions.journal import export_journal, most
from anju.government.door import confirmed_again, for_duties, officer_of
from anju.government.models import Officer
from anju.government.office_forms import ExportJournal, JournalFilter, carried_out
from anju.government.pages.asked import without_numbers
from anju.journal import workbook
from anju.journal.models import Entry, Verification
from anju.journal.queries import Listed, deeds, entries, is_true, object_kinds, page, reach
from anju.tables.workbooks import xlsx

auditor = for_duties(Officer.Duty.AUDIT)
_system = "系统"


@auditor
@require_GET
@without_numbers
def listed(request: HttpRequest) -> HttpResponse:
    """Entries, newest first, and the state of the chain."""
    form = JournalFilter(request.GET)
    found = Listed(())
    if form.is_valid():
        try:
            found = page(_wanted(form.cleaned_data), after=request.GET.get("after", ""))
        except ValueError as strange:
            raise Http404 from strange
    known, kinds = deeds(), object_kinds()
    context = {
        "form": form,
        "rows": [
            (entry, known.get(entry.action, entry.action), kinds.get(entry.object_kind, "")) for entry in found.entries
        ],
        "older": found.older,
        "query": _query(request),
        "newest": not request.GET.get("after"),
        "reach": reach(),
        "nights": Verification.objects.order_by("-at")[:30],
    }
    return render(request, "government/journal/entries.html", context)


@auditor
@require_GET
def one(request: HttpRequest, shard: int, seq: int) -> HttpResponse:
    """One entry in full, by its place in its chain, and whether it is as it was written."""
    entry = get_object_or_404(Entry, shard=shard, seq=seq)
    context = {
        "entry": entry,
        "deed": deeds().get(entry.action, ""),
        "kind": object_kinds().get(entry.object_kind, ""),
        "detail": _detail(entry),
        "true": is_true(entry),
        "before": seq - 1,
        "behind": seq + 1 if Entry.objects.filter(shard=shard, seq=seq + 1).exists() else 0,
    }
    return render(request, "government/journal/entry.html", context)


@auditor
@require_http_methods(["GET", "POST"])
@without_numbers
@confirmed_again
def export(request: HttpRequest) -> HttpResponse | FileResponse:
    """The entries of a question as a workbook, for a purpose."""
    asked = JournalFilter(request.GET)
    if not asked.is_valid():
        raise Http404
    wanted = _wanted(asked.cleaned_data)
    form = ExportJournal(request.POST or None)
    taken: list[Entry] = []
    words = {name: str(value) for name, value in asked.cleaned_data.items() if value}

    def take(given: dict[str, Any]) -> None:
        by = officer_of(request)
        taken.extend(export_journal(by=by, wanted=wanted, asked=words, purpose=given["purpose"]))

    if request.method == "POST" and carried_out(form, take):
        return _workbook(taken)
    context = {"form": form, "asked": asked, "count": wanted.count(), "most": most, "query": _query(request)}
    return render(request, "government/journal/export.html", context, status=422 if form.errors else 200)


def _wanted(given: Mapping[str, Any]) -> QuerySet[Entry]:
    """The question of the form: days are the office's own."""
    zone = timezone.get_current_timezone()
    since, until = given["since"], given["until"]
    return entries(
        officers=_officers(given["who"]) if given["who"] else None,
        action=given["action"] or None,
        object_kind=given["kind"] or None,
        object_id=given["object"] or None,
        since=datetime.combine(since, time.min, zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
        result=given["result"] or None,
    )


def _officers(text: str) -> list[str]:
    """The ids of those with that account or name; the system is nobody."""
    if text == _system:
        return [""]
    return [
        str(pk) for pk in Officer.objects.filter(Q(account=text.lower()) | Q(name=text)).values_list("pk", flat=True)
    ]


def _query(request: HttpRequest) -> str:
    """What was asked, without the place in the list."""
    asked = request.GET.copy()
    for place in ("after", "number"):
        asked.pop(place, None)
    return asked.urlencode()


def _detail(entry: Entry) -> list[tuple[str, str]]:
    try:
        found = json.loads(entry.detail)
    except ValueError:
        return [("", entry.detail)]
    if not isinstance(found, dict):
        return [("", entry.detail)]
    return [
        (str(name), value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in found.items()
    ]


def _workbook(taken: list[Entry]) -> FileResponse:
    """A workbook made for this answer alone; its file is gone before it is sent."""
    name = f"操作日志-{timezone.localtime():%Y%m%d-%H%M%S}.xlsx"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "journal.xlsx"
        workbook.write(taken, path)
        stream = path.open("rb")
    return FileResponse(stream, as_attachment=True, filename=name, content_type=xlsx)
