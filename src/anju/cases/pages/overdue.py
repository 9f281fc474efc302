"""办件 → 超期: what has climbed to my posts, and the procedure of 3.1 or 3.3 that is opened for it at one click."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_POST, require_safe

from anju.cases.actions import open_case
from anju.cases.clocks import Clocks
from anju.cases.ladder import Ladder, rung_of, rungs
from anju.cases.pages.one import address_of
from anju.cases.queries.lists import open_of
from anju.cases.queries.overdue import climbed, late, leads_in, listing
from anju.government.asking import asking
from anju.government.door import for_handlers
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.register.guideline import guideline
from anju.register.queries.paging import counted, page

_a_page = 50
_most_counted = 100
_said = {
    "head": _("该办的人没有按期办，请负责人催一催。"),
    "lead": _("负责人那里也没有办成，牵头部门来催。"),
    "supervision": _("催了还没有办，交督导。"),
    "meeting": _("督导了还没有办，上联席会议。"),
}


@for_handlers
@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """What has climbed to one of my posts, rung by rung."""
    who = asking(request)
    ladder = Ladder(Clocks(who.today))
    found = {rung.code: climbed(who.officer, who.scopes, rung, ladder) for rung in rungs}
    numbers = {code: counted(listing(turns), _most_counted) for code, turns in found.items()}
    first = next((rung.code for rung in reversed(rungs) if numbers[rung.code]), rungs[0].code)
    rung = rung_of(request.GET.get("rung", "")) or rung_of(first)
    assert rung is not None
    shown = page(
        listing(found[rung.code]),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
        size=_a_page,
    )
    counties = leads_in(who.scopes) if rung.procedure else []
    names, open_ones = Names(counties, who.today), open_of(who.officer, [("county", code) for code in counties])
    context = {
        "shelves": [(one.code, one.label, numbers[one.code]) for one in rungs],
        "chosen": rung.code,
        "said": _said[rung.code],
        "rows": late(who.officer, shown.rows, ladder),
        "found": shown,
        "total": numbers[rung.code],
        "query": f"rung={rung.code}",
        "address": reverse("cases:overdue"),
        "procedure": guideline().procedures[rung.procedure].name if rung.procedure else "",
        "counties": [(code, names(code), open_ones.get(("county", code, rung.procedure))) for code in counties],
    }
    return render(request, "cases/overdue.html", context)


@for_handlers
@require_POST
def press(request: HttpRequest, rung: str) -> HttpResponse:
    """Open the procedure of a rung for a county; one that is open already is shown instead."""
    who, wanted = asking(request), rung_of(rung)
    county = request.POST.get("county", "")
    if wanted is None or not wanted.procedure or county not in leads_in(who.scopes):
        raise Http404
    if running := open_of(who.officer, [("county", county)]).get(("county", county, wanted.procedure)):
        return HttpResponseRedirect(address_of(running))
    ladder = Ladder(Clocks(who.today))
    there = climbed(who.officer, [s for s in who.scopes if s.lo == county], wanted, ladder)
    n = there.count()
    try:
        if not n:
            raise Refused("现在没有升到这里的超期办件。")
        how = f"超期办件升到{wanted.label} {n} 件"
        case = open_case(by=who.officer, procedure=wanted.procedure, subject=county, applied_on=who.today, how=how)
    except Refused as refused:
        return render(request, "refused.html", {"sentence": str(refused)}, status=422)
    return HttpResponseRedirect(address_of(case, "opened"))
