"""What a resident hands in to an own case that waits for the person, and looks at again."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from anju.cases.actions import keep_paper, take_paper
from anju.cases.actions.papers import longest_about
from anju.cases.models import PaperKind
from anju.cases.pages.papers import as_download
from anju.government.office_forms import carried_out
from anju.government.refusals import Refused
from anju.portal.door import for_residents
from anju.portal.pages.cases import OwnPaperForm, address_of, case_for, page_of


@for_residents
@require_POST
def keep(request: HttpRequest, case: UUID) -> HttpResponse:
    """Lay a photograph or a PDF into the own case; what is refused is told beside the form."""
    resident, found = case_for(request, case)
    form = OwnPaperForm(request.POST, request.FILES, too_large=bool(request.META.get("anju.too_large")))

    def lay(given: dict[str, Any]) -> None:
        content = Path(given["file"].temporary_file_path()).read_bytes()
        about = given["about"] or given["file"].name[-longest_about:]
        keep_paper(by=resident, case=found.pk, kind=PaperKind.EVIDENCE, about=about, content=content)

    if carried_out(form, lay):
        return HttpResponseRedirect(address_of(found, "laid") + "#papers")
    return page_of(request, resident, found, paper=form)


@for_residents
@require_safe
def paper(request: HttpRequest, case: UUID, paper: UUID) -> HttpResponse:
    """What the resident handed in, as a download."""
    try:
        return as_download(*take_paper(by=case_for(request, case)[0], case=case, paper=paper))
    except Refused as refused:
        raise Http404 from refused
