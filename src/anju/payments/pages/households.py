"""发放名单 by household: an office's month, household by household, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import xlsxwriter
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.government.refusals import one_deed
from anju.payments.actions.within import note
from anju.payments.chain import is_office
from anju.payments.models import clause
from anju.payments.months import month_of, text_of
from anju.payments.queries.households import ByHousehold, Home, Line
from anju.payments.queries.month import Filters, InMonth, around
from anju.tables.workbooks import xlsx

_a_page = 50
_columns = (
    "序号",
    "户编号",
    "户主",
    "姓名",
    "证件号码",
    "与户主关系",
    "救助",
    "怎么样",
    "已发（元）",
    "本户合计（元）",
    "本户另由谁发",
)
_numbers = frozenset({0, 8, 9})


@for_handlers
@require_safe
def households(request: HttpRequest) -> HttpResponse:
    """A month of an office, by household."""
    who = asking(request)
    listed = _listed(request, who)
    found = Paginator(listed.groups, _a_page).get_page(request.GET.get("page", ""))
    before, after = around(listed.month, who.today)
    context: dict[str, Any] = {
        "month": text_of(listed.month),
        "office": listed.office,
        "name": Names([listed.office], who.today)(listed.office),
        "offices": () if listed.office else listed.seen.offices(),
        "homes": listed.homes(list(found.object_list)),
        "found": found,
        "n": len(listed.groups),
        "people": len(listed.months),
        "total": listed.total,
        "astray": listed.astray,
        "query": urlencode({"month": text_of(listed.month), "office": listed.office}),
        "previous": before,
        "following": after,
        "address": reverse("payments:households"),
        "clause": clause,
        "works": bool(listed.seen.scopes),
    }
    return render(request, "payments/households.html", context)


@for_handlers
@require_safe
def take(request: HttpRequest) -> HttpResponse:
    """The list as a workbook, numbers masked; that it was taken stands in the journal."""
    who = asking(request)
    listed = _listed(request, who)
    if not listed.office:
        raise Http404
    homes = listed.homes(listed.groups, numbers=True)
    with one_deed():
        note(
            who.officer,
            "take_households",
            "assistance",
            listed.office,
            month=text_of(listed.month),
            people=len(listed.months),
        )
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        money = book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet("发放名单（按户）")
        for row, cells in enumerate((_columns, *_rows(homes), _sum(listed))):
            for column, cell in enumerate(cells):
                if row and column in _numbers and cell != "":
                    sheet.write_number(row, column, float(cell), money if column else None)
                else:
                    sheet.write_string(row, column, str(cell))
        sheet.autofit()
    name = f"households-{listed.office}-{text_of(listed.month)}.xlsx"
    return HttpResponse(
        file.getvalue(), content_type=xlsx, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _listed(request: HttpRequest, who: Asking) -> ByHousehold:
    """What the address asks for: an office within one of the officer's posts, by default their only township; else none."""
    filters = Filters.of({name: request.GET.get(name, "") for name in ("month", "office")}, month_of(who.today))
    seen = InMonth(who, filters)
    own = seen.townships()
    office = filters.office or (own[0] if len(own) == 1 else "")
    there = is_office(office) and any(scope.lo <= office < scope.hi for scope in seen.scopes)
    return ByHousehold(who, InMonth(who, Filters(filters.month, office if there else "")))


def _rows(homes: Sequence[Home]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for home in homes:
        elsewhere = "、".join(f"{office} {n} 人" for office, n in home.elsewhere)
        for line in home.lines:
            first = line is home.lines[0]
            rows.append(_row(len(rows) + 1, home, line, home.total if first else "", elsewhere if first else ""))
    return rows


def _row(at: int, home: Home, line: Line, total: object, elsewhere: str) -> tuple[Any, ...]:
    month, person = line.month, line.person
    kind = month.get_kind_display()
    return (
        at,
        home.code,
        home.head,
        person.name,
        person.number,
        line.relation,
        kind,
        line.told,
        line.paid,
        total,
        elsewhere,
    )


def _sum(listed: ByHousehold) -> tuple[Any, ...]:
    return (
        "",
        "",
        "",
        f"合计 {len(listed.groups)} 户 {len(listed.months)} 人",
        "",
        "",
        "",
        "",
        listed.total,
        listed.total,
        "",
    )
