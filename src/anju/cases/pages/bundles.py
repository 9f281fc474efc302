"""What was sent for many cases at once: how far it is, and what became of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anju.cases import actions, bundles
from anju.cases.actions.papers import longest_about, most_signed
from anju.cases.answers import Answer
from anju.cases.consent import Consent
from anju.cases.forms import ConsentForm
from anju.cases.models import Bundle, Case, Sort
from anju.cases.outcomes import Outcome, Row
from anju.cases.queries.lists import open_of, seen
from anju.cases.queries.papers import told_of, unsigned
from anju.government.asking import Asking, asking
from anju.government.door import for_handlers
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused
from anju.register.guideline import guideline
from anju.register.queries.lists import is_id
from anju.register.queries.whom import whom

_a_page = 100


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what became of it: ``number`` of the sheet or the bundle, about whom, its case, and why it was not done."""

    number: str
    name: str
    address: str
    case: str
    why: str


@for_handlers
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """How far it is, and each row that was not done with its reason; sent on, it goes on with what is left."""
    who = asking(request)
    found = bundle_of(who, bundle)
    if request.method == "POST":
        try:
            bundles.go_on(by=who.officer, bundle=found)
        except Refused as refused:
            return page_of(request, who, found, str(refused))
        return HttpResponseRedirect(reverse("cases:bundle", args=[found.pk]))
    return page_of(request, who, found)


@for_handlers
@require_POST
def consents(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """Lay what one or several people signed into those of the cases opened for them that wait for it."""
    who = asking(request)
    found = bundle_of(who, bundle)
    ticked = [key for key in request.POST.getlist("signed") if is_id(key)]
    waiting = unsigned(who.officer, found).filter(pk__in=ticked).values_list("pk", flat=True)
    form = ConsentForm(list(waiting), request.POST, request.FILES, too_large=bool(request.META.get("anju.too_large")))

    def lay(given: dict[str, Any]) -> None:
        content = Path(given["file"].temporary_file_path()).read_bytes()
        consent = Consent(given["about"] or given["file"].name[-longest_about:], content)
        actions.keep_consent(by=who.officer, cases=given["signed"], consent=consent)

    if carried_out(form, lay):
        there = urlencode({"saved": "1", "unsigned": request.GET.get("unsigned", "1")})
        return HttpResponseRedirect(f"{reverse('cases:bundle', args=[found.pk])}?{there}#unsigned")
    return page_of(request, who, found, consent=form)


@for_handlers
@require_safe
def progress(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """How far it is, for a page that asks again and again; it is shown anew when all is done."""
    found = bundle_of(asking(request), bundle)
    stand = bundles.stand(found)
    answer = render(request, "cases/_bundle_progress.html", {"bundle": found, "stand": stand})
    if stand.over or stand.stuck:
        answer.headers["HX-Refresh"] = "true"
    return answer


def bundle_of(who: Asking, key: UUID) -> Bundle:
    """The bundle of whoever sent it, or a missing page."""
    found = bundles.of(who.officer, key)
    if found is None or not who.scopes:
        raise Http404
    return found


def page_of(
    request: HttpRequest, who: Asking, bundle: Bundle, refused: str = "", consent: ConsentForm | None = None
) -> HttpResponse:
    """The page of a bundle; ``refused``: why what was pressed on it was not done; ``consent``: what was handed in and not taken."""
    stand, pages = bundles.stand(bundle), guideline()
    procedure = pages.procedures.get(bundle.procedure)
    listed = Paginator(range(stand.refused), _a_page).get_page(request.GET.get("page", ""))
    first = max(listed.start_index() - 1, 0)
    bad = bundles.some(bundle, refused=True, first=first, most=_a_page)
    names = stand.over and bundle.sort != Sort.LOOKED
    good = bundles.some(bundle, refused=False, first=0, most=_a_page) if names else []
    context: dict[str, Any] = {
        "bundle": bundle,
        "stand": stand,
        "procedure": procedure,
        "clause": pages.clauses[procedure.clause] if procedure else None,
        "step": procedure.steps[bundle.step - 1] if procedure and 0 < bundle.step <= len(procedure.steps) else None,
        "done": stand.done - stand.refused,
        "some": _lines(who, bundle.procedure, good),
        "bad": _lines(who, bundle.procedure, bad),
        "listed": listed,
        "looked": bundle.sort == Sort.LOOKED,
        "blank": json.loads(bundle.told.reveal()).get("blank", 0),
        "refused": refused,
        **_consents(request, who, bundle, consent),
    }
    return render(request, "cases/bundle.html", context, status=422 if refused or consent else 200)


def _consents(request: HttpRequest, who: Asking, bundle: Bundle, sent: ConsentForm | None) -> dict[str, Any]:
    """Who of those for whom cases were opened has not signed yet, and the form for what they sign."""
    listed = Paginator(unsigned(who.officer, bundle), most_signed).get_page(request.GET.get("unsigned", ""))
    rows = told_of(who.officer, listed.object_list, who.today)
    ticked = request.POST.getlist("signed") if sent else [str(rows[0].case.pk)] if len(rows) == 1 else []
    return {
        "unsigned": [(one, str(one.case.pk) in ticked) for one in rows],
        "unsigned_listed": listed,
        "consent_form": sent or ConsentForm([]),
        "saved": "saved" in request.GET,
    }


def _lines(who: Asking, procedure: str, told: Sequence[tuple[int, Row, Outcome]]) -> list[Line]:
    """Rows as far as the officer still sees whom they are about; where none was opened, with the case that is."""
    keys = {outcome.case for _at, _row, outcome in told if outcome.case}
    cases = {str(case.pk): case for case in seen(who.officer).filter(pk__in=keys)}
    subjects = {(case.subject_kind, case.subject_id) for case in cases.values()}
    subjects |= {(row["kind"], row["subject"]) for _at, row, _outcome in told if "subject" in row}
    about = whom(who.officer, subjects, who.today)
    running = {(kind, key, of): str(case.pk) for (kind, key, of), case in open_of(who.officer, subjects).items()}
    lines = [_line(at, row, outcome, cases.get(outcome.case), about) for at, row, outcome in told]
    found = (
        (line, (str(row.get("kind")), str(row.get("subject")), procedure))
        for line, (_at, row, _o) in zip(lines, told, strict=True)
    )
    return [replace(line, case=line.case or running.get(key, "")) for line, key in found]


def _line(at: int, row: Row, outcome: Outcome, case: Case | None, about: Any) -> Line:
    of = (case.subject_kind, case.subject_id) if case else (row.get("kind", ""), row.get("subject", ""))
    named = about.get(of)
    return Line(
        Answer(**row).place if "row" in row else str(at),
        named.name if named else str(row.get("whom", "")),
        named.address if named else "",
        str(case.pk) if case else "",
        outcome.why,
    )
