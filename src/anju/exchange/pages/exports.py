"""Lists that are taken along: what would be in them, how far they are, those that wait for my approval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.exchange.exporting.asked import Asked, asked_of, listings
from anju.exchange.exporting.columns import columns
from anju.exchange.exporting.rows import how_many
from anju.exchange.forms import AskForm
from anju.exchange.kinds import kind_of
from anju.exchange.models import Export, Exports, Stage
from anju.exchange.queries.exports import decided, mine, seen_export, to_approve, work_of
from anju.government.door import for_handlers, officer_of
from anju.government.full_rows import left_alone
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.queries.names import Names
from anju.jobs.models import Job
from anju.register.queries.one import site
from anju.register.queries.paging import Listing, counted, page

_shelves: Mapping[str, tuple[object, Callable[[Officer], Exports]]] = {
    "mine": (_("我导出的"), mine),
    "waiting": (_("等我批准"), to_approve),
    "decided": (_("我批过的"), decided),
}
_a_page = 20
_most_counted = 100
_masked = ("@id", "@phone", "@address")
_of_lists = {"people": "register:people", "households": "register:households", "sites": "register:sites"}


@for_handlers
@require_safe
def exports(request: HttpRequest) -> HttpResponse:
    """Those of the officer, the newest first; and those that wait for him."""
    officer = officer_of(request)
    numbers = {
        name: counted(Listing((asked(officer),), ("pk",)), _most_counted) for name, (_n, asked) in _shelves.items()
    }
    wanted = request.GET.get("list", "")
    chosen = wanted if wanted in _shelves else "waiting" if numbers["waiting"] else "mine"
    listing = Listing((_shelves[chosen][1](officer),), ("pk",), falling=True)
    found = page(listing, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=_a_page)
    names = Names({export.region for export in found.rows}, timezone.localdate())
    context = {
        "shelves": [(name, label, _number(numbers[name])) for name, (label, _a) in _shelves.items()],
        "chosen": chosen,
        "rows": [(export, kind_of(export.kind).title, names(export.region)) for export in found.rows],
        "found": found,
        "total": _number(numbers[chosen]),
        "query": f"list={chosen}",
        "address": reverse("exchange:exports"),
        "has_posts": bool(visible_regions(officer, timezone.localdate())),
        "lists": [(kind_of(kind).title, reverse(name)) for kind, name in _of_lists.items()],
    }
    part = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    return render(request, "exchange/_exports.html" if part else "exchange/exports.html", context)


@for_handlers
@require_safe
def one(request: HttpRequest, export: UUID) -> HttpResponse:
    """The page of an export."""
    return shown_export(request, export_of(officer_of(request), export))


@for_handlers
@require_safe
def progress(request: HttpRequest, export: UUID) -> HttpResponse:
    """How far the work is, for a page that asks again and again; it is shown anew when the work is done."""
    found = export_of(officer_of(request), export)
    answer = render(request, "exchange/_export_progress.html", {"export": found, **_work(found)})
    if found.stage != Stage.MAKING:
        answer.headers["HX-Refresh"] = "true"
    return answer


def export_of(officer: Officer, key: UUID) -> Export:
    """The export, or a missing page: foreign and missing are one."""
    found = seen_export(officer, key)
    if found is None:
        raise Http404
    return found


def shown_export(request: HttpRequest, export: Export, refused: str = "", form: AskForm | None = None) -> HttpResponse:
    """The page of an export; ``refused``: why what was pressed on it was not done."""
    officer = officer_of(request)
    asked = asked_of(export)
    own = export.officer_id == officer.pk
    context = {
        "export": export,
        "kind": kind_of(export.kind),
        "region": Names([export.region], asked.on)(export.region),
        "mine": own,
        "refused": refused,
        "words": words(asked, officer),
        "columns": [(column.name, column.gives in _masked) for column in columns(export.kind, asked.scopes)],
        "alone": settings.ANJU_MOST_FULL_ROWS_ALONE,
        "hours": settings.ANJU_EXPORTS_KEPT_HOURS,
        **_work(export),
    }
    if export.stage == Stage.DRAFT:
        most = settings.ANJU_MOST_EXPORTED_ROWS_A_DAY
        rows = how_many(asked, most)
        regions = list(dict.fromkeys(scope.lo for scope in visible_regions(officer, asked.on)))
        names = Names(regions, asked.on)
        context |= {
            "form": form or AskForm(),
            "rows": f"{rows:,}" if rows <= most else gettext("%(n)s 以上") % {"n": f"{most:,}"},
            "by_two": rows > left_alone(officer),
            "kinds": [kind_of(kind) for kind, of in listings.items() if of is listings[export.kind]],
            "regions": [(code, names(code)) for code in regions],
        }
    return render(request, "exchange/export.html", context, status=422 if refused else 200)


def words(asked: Asked, officer: Officer) -> list[object]:
    """What the list is narrowed to, as one says it."""
    given, said = asked.filters, []
    if asked.kind != "sites":
        said.append(gettext("从本地迁出") if given.side == "out" else gettext("迁入本地"))
    if given.region != asked.region:
        said.append(Names([given.region], asked.on)(given.region))
    if given.site:
        found = site(officer, given.site)
        said.append(found.name if found else gettext("看不到的安置点"))
    if given.words:
        said.append(gettext("以“%(text)s”开头") % {"text": given.words})
    if given.ended:
        said.append(gettext("已注销"))
    return [*said]


def _number(n: int) -> str:
    return f"{n:,}" if n <= _most_counted else f"{_most_counted:,}+"


def _work(export: Export) -> dict[str, Any]:
    """The background work under way; ``stuck`` where it ended without having made the file."""
    if export.stage != Stage.MAKING:
        return {"working": False}
    work = work_of(export)
    return {"working": True, "work": work, "stuck": work is None or work.stage in (Job.State.DONE, Job.State.FAILED)}
