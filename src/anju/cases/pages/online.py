"""户籍网办: how many 户口 cases come in online, how long they take and how many are late (1.1-4), by way, region and month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import polars as pl
import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.calendar.periods import add_months
from anju.cases.actions import note_taken
from anju.cases.clocks import Clocks
from anju.cases.online import Figures, figures, figures_by
from anju.cases.queries.online import Filters, clause, counted, listing, months_shown, ways, works
from anju.cases.queries.rows import rows
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers, offered_to
from anju.government.queries.names import Names
from anju.government.regions.table import significant, village
from anju.register.queries.paging import counted as how_many
from anju.register.queries.paging import page
from anju.tables.workbooks import xlsx

_a_page = 50
_most_counted = 10_000
_ways: Mapping[str, object] = {"window": _("窗口提交"), "online": _("网上提交"), "agent": _("村社区代办")}
_whats: Mapping[str, object] = {"done": _("办结"), "late": _("逾期"), "open": _("在办"), "left": _("撤回、终止")}
_head = (
    "提交",
    *ways.values(),
    "网上占比（%）",
    "办结",
    "按期办结",
    "逾期",
    "在办",
    "撤回、终止",
    "办结工作日中位数",
    "九成件办结的工作日",
)


@dataclass(frozen=True, slots=True)
class _Line:
    """A row: what it is called, how an address narrows to it, and whether the table may be opened there."""

    name: object
    figures: Figures
    query: str
    opens: bool = False


@for_handlers
@offered_to(works)
@require_safe
def online(request: HttpRequest) -> HttpResponse:
    """The figures of twelve months or of one."""
    who = asking(request)
    filters = replace(Filters.of(request.GET, who), way="", what="")
    found = counted(who, filters)
    names = Names([*found["region"].unique(), filters.region], who.today)
    context = {
        "clause": clause,
        "works": any(map(works, who.scopes)),
        "wanted": filters,
        "place": names(filters.region),
        "all": _Line("", figures(found), urlencode(filters.given())),
        "lists": [(what, label, urlencode(replace(filters, what=what).given())) for what, label in _whats.items()],
        "by_way": _by_way(found, filters),
        "by_region": [
            _Line(
                names.near(code) if filters.region else names(code),
                of,
                urlencode(replace(filters, region=code).given()),
                opens=len(significant(code)) < village and code != filters.region,
            )
            for code, of in figures_by(found, "region").items()
        ],
        "by_month": _by_month(found, filters),
        **_around(who, filters),
    }
    return render(request, "cases/online.html", context)


@for_handlers
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases behind a figure."""
    who = asking(request)
    filters = Filters.of(request.GET, who)
    found = listing(who, filters)
    shown = page(found, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_a_page)
    total = how_many(found, _most_counted)
    context = {
        "rows": rows(who.officer, [entry.case for entry in shown.rows], Clocks(who.today)),
        "found": shown,
        "total": f"{total:,}" if total <= _most_counted else f"{_most_counted:,}+",
        "query": urlencode(filters.given()),
        "back": urlencode(replace(filters, way="", what="").given()),
        "address": reverse("cases:online_cases"),
        "place": Names([filters.region], who.today)(filters.region),
        "months": f"{filters.month or filters.first:%Y-%m}" + ("" if filters.month else f" — {filters.last:%Y-%m}"),
        "way": _ways.get(filters.way, ""),
        "what": _whats.get(filters.what, ""),
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "cases/_online_cases.html" if part else "cases/online_cases.html", context)


@for_handlers
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The figures as a workbook: by region and month, and by region and way; that they were taken stands in the journal."""
    who = asking(request)
    filters = replace(Filters.of(request.GET, who), way="", what="")
    found = counted(who, filters)
    names = Names(found["region"].unique(), who.today)
    note_taken(by=who.officer, first=filters.first, end=filters.end, region=filters.region)
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for title, second, column in (("按地区和月份", "提交月份", "month"), ("按地区和方式", "提交方式", "way")):
            lines = [(names(code), ways.get(key, key), of) for code, key, of in _crossed(found, column)]
            _write(book.add_worksheet(title), ("地区", second, *_head), lines)
    name = f"hukou-online-{filters.first:%Y%m}-{filters.month or filters.last:%Y%m}.xlsx"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(file.getvalue(), content_type=xlsx, headers=disposition)


def _by_way(found: pl.DataFrame, filters: Filters) -> list[_Line]:
    by = figures_by(found, "way")
    return [
        _Line(label, by[way], urlencode(replace(filters, way=way).given())) for way, label in _ways.items() if way in by
    ]


def _by_month(found: pl.DataFrame, filters: Filters) -> list[_Line]:
    by = figures_by(found, "month")
    months = [filters.month] if filters.month else [add_months(filters.last, -ago) for ago in range(months_shown)]
    named = [(f"{month:%Y-%m}", urlencode(replace(filters, month=month).given())) for month in months]
    return [_Line(name, by[name], query, opens=filters.month is None) for name, query in named if name in by]


def _around(who: Asking, filters: Filters) -> dict[str, Any]:
    """The twelve months before and after, and the ways back to all months and to all places."""
    this = who.today.replace(day=1)
    before, after = (add_months(filters.last, by * months_shown) for by in (-1, 1))
    return {
        "first": f"{filters.first:%Y-%m}",
        "last": f"{filters.month or filters.last:%Y-%m}",
        "before": urlencode(replace(filters, last=before, month=None).given()),
        "after": urlencode(replace(filters, last=min(after, this), month=None).given()) if filters.last < this else "",
        "all_months": urlencode(replace(filters, month=None).given()),
        "all_places": urlencode(replace(filters, region="").given()),
        "sheet": urlencode(filters.given()),
    }


def _crossed(found: pl.DataFrame, column: str) -> Sequence[tuple[str, str, Figures]]:
    by = figures_by(found.with_columns(cell=pl.concat_str("region", column, separator=" ")), "cell")
    cells = ((cell.partition(" "), of) for cell, of in by.items())
    return [(place, second, of) for (place, _, second), of in cells]


def _write(sheet: Any, head: Sequence[str], lines: Sequence[tuple[str, str, Figures]]) -> None:
    sheet.write_row(0, 0, head)
    for at, (place, second, of) in enumerate(lines, 1):
        sheet.write_string(at, 0, place)
        sheet.write_string(at, 1, second)
        share = None if of.share is None else round(of.share, 1)
        numbers = (of.total, of.window, of.online, of.agent, share, of.done, of.kept, of.late, of.open, of.left)
        for column, number in enumerate((*numbers, of.median, of.most), 2):
            if number is not None:
                sheet.write_number(at, column, number)
    sheet.autofit()
