"""The papers of a case: laid in, and looked at as a file that no browser carries out."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from anju.cases import actions
from anju.cases.forms import PaperForm
from anju.cases.models import Paper
from anju.cases.pages.one import address_of, case_of, page_of
from anju.government.asking import asking
from anju.government.door import for_handlers, officer_of
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused


@for_handlers
@require_POST
def keep(request: HttpRequest, case: UUID) -> HttpResponse:
    """Lay a file into the case."""
    who = asking(request)
    found = case_of(who, case)
    form = PaperForm(request.POST, request.FILES, too_large=bool(request.META.get("anju.too_large")))

    def lay(given: dict[str, Any]) -> None:
        content = Path(given["file"].temporary_file_path()).read_bytes()
        about = given["about"] or given["file"].name
        actions.keep_paper(by=who.officer, case=found.pk, kind=given["kind"], about=about, content=content)

    if carried_out(form, lay):
        return HttpResponseRedirect(address_of(found, "laid") + "#papers")
    return page_of(request, who, found, sent=form)


@for_handlers
@require_safe
def paper(request: HttpRequest, case: UUID, paper: UUID) -> HttpResponse:
    """A paper as a download; that it was looked at stands in the journal before it is out."""
    try:
        kept, content = actions.take_paper(by=officer_of(request), case=case, paper=paper)
    except Refused as refused:
        raise Http404 from refused
    return as_download(kept, content)


def as_download(kept: Paper, content: bytes) -> HttpResponse:
    """A paper that no browser carries out, under a name that says nothing of anybody."""
    answer = HttpResponse(content, content_type=kept.scan.media)
    answer.headers["X-Content-Type-Options"] = "nosniff"
    name = f"{kept.get_kind_display()}-{kept.at:%Y%m%d}-{kept.scan.digest[:8]}.{kept.scan.get_media_display()}"
    answer.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return answer
