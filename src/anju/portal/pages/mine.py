"""Where a resident comes in, the own page, and the letters on it."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from anju.government.refusals import Refused
from anju.payments.queries.own import own_months
from anju.portal.door import coming, for_residents, for_whoever_comes, go_out, note_look, resident_of, wards_of
from anju.portal.queries.mine import mine_of, own_paper, ward
from anju.portal.queries.offers import offers, offers_for, wishings
from anju.portal.single_sign_on import is_open

_sentences = {"withdrawn": _("已经撤回。以后想办，还可以再申请。"), "said": _("您的意愿登记好了。")}


@for_whoever_comes
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The own page; for whoever has not come in the way in, or that there is none yet."""
    resident = coming(request)
    if resident is None:
        return render(request, "portal/front.html", {"open": is_open()})
    note_look(resident)
    today = timezone.localdate()
    found = mine_of(resident, today)
    offered = offers(found, today)
    children = [(one, offers_for(one, today)) for one in (ward(acts, today) for acts in wards_of(resident))]
    context = {
        "mine": found,
        "children": [(one, some) for one, some in children if some or one.running],
        "offers": [offer for offer in offered if offer.state != "no"],
        "others": [offer for offer in offered if offer.state == "no"],
        "wishings": wishings(found, today),
        "months": own_months(resident, today),
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
    }
    return render(request, "portal/mine.html", context)


@for_residents
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    answer = HttpResponseRedirect(reverse("portal:mine"))
    go_out(request, answer)
    return answer


@for_residents
@require_safe
def letter(request: HttpRequest, letter: UUID) -> HttpResponse:
    """A letter that is for the resident."""
    resident = resident_of(request)
    try:
        found = own_paper(resident, letter)
    except Refused as refusal:
        return render(request, "portal/sorry.html", {"sentence": str(refusal)}, status=409)
    if found is None:
        raise Http404
    note_look(resident, "letter", letter)
    return render(request, "portal/letter.html", {"letter": found[0], "paper": found[1]})
