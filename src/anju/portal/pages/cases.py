"""One of the resident's own cases: where it stands, what is to be filled in, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anju.cases.actions import take_step, withdraw
from anju.cases.actions.leaving import why_stays
from anju.cases.clocks import Clocks
from anju.cases.fields import Value
from anju.cases.forms import FileForm, LeaveForm, StepForm
from anju.cases.guardians import guardian
from anju.cases.models import Case, Did, open_states
from anju.cases.procedures import begun_by_person, forward, own_moves, stays
from anju.cases.queries.lists import of_subject
from anju.cases.queries.one import Shown, first_values, seen_case
from anju.cases.queries.own import every_line, sent_by_hand, shown_to
from anju.cases.queries.papers import own_papers
from anju.government.office_forms import carried_out
from anju.government.residents import Resident
from anju.portal.door import for_residents, note_look, resident_of, wards_of
from anju.portal.queries.mine import named_another, waits, ward_of

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])
_sentences = {
    "applied": _("已经申请。请把下面的填好、提交，就轮到单位来办。"),
    "moved": _("已经提交，轮到单位来办了。"),
    "laid": _("材料已经交上；都交齐了，再填下面的提交。"),
}


class OwnStepForm(StepForm):
    """A step of the person's: today, and by nobody for anybody."""

    needed: ClassVar[Mapping[bool, Any]] = {
        False: _("这一项还没有填；没有的写“无”。"),
        True: _("要有这份材料才能办；有的请勾上，核对时带原件。"),
    }

    def __init__(self, known: Shown, resident: Resident, data: Any = None) -> None:
        assert known.step is not None
        today = timezone.localdate()
        values = first_values(known, every_line(known.case), today)
        self.left_out = [one for one in known.typed if resident.guardian and one.name == guardian]
        typed = [one for one in known.typed if one not in self.left_out]
        super().__init__(known.step, typed, values, vacant=False, seen=known.case.entries, data=data)
        del self.fields["on"]
        if "reason" in self.fields:
            self.fields["reason"].help_text = _("改主意、不办了的，写一句为什么。")


class OwnPaperForm(FileForm):
    """A photograph or a PDF that the person hands in."""

    def __init__(self, *sent: Any, too_large: bool = False) -> None:
        super().__init__(*sent, too_large=too_large)
        self.fields["about"].help_text = _("比如“户口簿第一页”；不写就用文件名。不能有证件号码。")
        self.fields["file"].help_text = _("手机拍的照片就行，一份最大 5 MB；拍摄地点会自动去掉。")


class WithdrawForm(LeaveForm):
    """Why the person takes it back."""

    def __init__(self, *, seen: int, data: Any = None) -> None:
        super().__init__(_("为什么不办了"), seen=seen, data=data)


@for_residents
@require_safe
def one(request: HttpRequest, case: UUID) -> HttpResponse:
    """An own case."""
    return page_of(request, *case_for(request, case))


@for_residents
@require_POST
def step(request: HttpRequest, case: UUID) -> HttpResponse:
    """Take the step that waits for the person. What is refused comes back with everything that was filled in."""
    (resident, found), key = case_for(request, case), request.POST.get("key", "")
    if sent_by_hand(resident, found, key):
        return HttpResponseRedirect(address_of(found, "moved"))
    known = _known(resident, found)
    if not waits(known):
        return page_of(request, resident, found, refused="这一步现在不用您办，请看最新的。")
    form = OwnStepForm(known, resident, request.POST)
    if request.POST.get("seen", "") != str(found.entries):
        form.add_error(None, "这一件刚刚有人办过，请看最新的再办。")
        return page_of(request, resident, found, form=form)

    def take(given: dict[str, Any]) -> None:
        take_step(
            by=resident,
            case=found.pk,
            seen=given["seen"],
            action=request.POST.get("action", "")[:60],
            fields=form.values() | _by_hand_of(resident, form),
            reason=given.get("reason", ""),
            key=given["key"],
        )

    if carried_out(form, take) or sent_by_hand(resident, found, key):
        return HttpResponseRedirect(address_of(found, "moved"))
    return page_of(request, resident, case_of(resident, case), form=form)


@for_residents
@asked_or_sent
def leave(request: HttpRequest, case: UUID) -> HttpResponse:
    """Take the application back; what has ended already is shown."""
    resident, found = case_for(request, case)
    if found.state not in open_states:
        return HttpResponseRedirect(address_of(found))
    form = WithdrawForm(seen=found.entries, data=request.POST if request.method == "POST" else None)
    if form.is_bound and carried_out(
        form, lambda given: withdraw(by=resident, case=found.pk, seen=given["seen"], how=given["why"])
    ):
        return HttpResponseRedirect(reverse("portal:mine") + "?saved=withdrawn")
    refused = "" if form.is_bound else why_stays(resident, found, Did.WITHDRAWN)
    context = {"known": _known(resident, found), "form": form, "ward": ward_of(resident), "refused": refused}
    return render(request, "portal/leave.html", context, status=422 if form.is_bound else 200)


def case_of(resident: Resident, key: UUID) -> Case:
    """The own case, or a missing page: foreign and missing are one."""
    found = seen_case(resident, key)
    if found is None:
        raise Http404
    return found


def case_for(request: HttpRequest, key: UUID) -> tuple[Resident, Case]:
    """The own case, or that of a child for whom one acts as the guardian, with who acts; or a missing page."""
    resident = resident_of(request)
    if (found := seen_case(resident, key)) is not None:
        return resident, found
    for acts in wards_of(resident):
        if (found := seen_case(acts, key)) is not None and not named_another(acts, found):
            return acts, found
    raise Http404


def _by_hand_of(resident: Resident, form: OwnStepForm) -> dict[str, Value]:
    """What nobody types: that the guardian is whoever acts."""
    asked = guardian in {field.name for field in form.left_out}
    return {guardian: resident.guardian.name} if resident.guardian and asked else {}


def running_of(resident: Resident, procedure: str) -> Case | None:
    """The own case of a procedure that is not over."""
    cases = of_subject(resident, "person", str(resident.person))
    running = (case for case in cases if case.procedure == procedure and case.state in open_states)
    return next((case for case in running if not named_another(resident, case)), None)


def sent_case(resident: Resident, key: str) -> Case | None:
    """The case that this was opened by already."""
    return sent_by_hand(resident, None, key)


def address_of(case: Case, saved: str = "") -> str:
    """The address of an own case's page, with what was just done."""
    return reverse("portal:case", args=[case.pk]) + (f"?saved={saved}" if saved else "")


def _known(resident: Resident, case: Case) -> Shown:
    return shown_to(resident, case, Clocks(timezone.localdate()))


def page_of(
    request: HttpRequest,
    resident: Resident,
    case: Case,
    *,
    form: OwnStepForm | None = None,
    paper: OwnPaperForm | None = None,
    refused: str = "",
) -> HttpResponse:
    """The page of an own case; ``form``, ``paper``: what was filled in or handed in, and not taken."""
    note_look(resident, "case", case.pk)
    known = _known(resident, case)
    if form is not None and (not waits(known) or form.step != known.step):
        refused, form = " ".join(map(str, form.non_field_errors())) or "这一步已经办过了。", None
    if paper is not None and not waits(known):
        refused, paper = " ".join(map(str, paper.non_field_errors())) or "这一步现在不用您办，请看最新的。", None
    wrong = bool(refused) or form is not None or paper is not None
    if form is not None:
        form.data = _seen_anew(request, case)
    elif waits(known):
        form = OwnStepForm(known, resident)
    moves = own_moves(known.step, guardian=bool(resident.guardian)) if known.step and waits(known) else ()
    context = {
        "known": known,
        "ward": ward_of(resident),
        "form": form,
        "on": [move for move in moves if known.step and forward(known.step, move)],
        "back": [move for move in moves if known.step and not forward(known.step, move)],
        "ends": case.state in open_states and begun_by_person(known.running.procedure) and not stays(case),
        "papers": own_papers(resident, case),
        "paper_form": (paper or OwnPaperForm()) if waits(known) else None,
        "saved": _sentences.get(request.GET.get("saved", ""), ""),
        "refused": refused,
    }
    return render(request, "portal/case.html", context, status=422 if wrong else 200)


def _seen_anew(request: HttpRequest, case: Case) -> Any:
    data = request.POST.copy()
    data["seen"], data["key"] = str(case.entries), str(uuid4())
    return data
