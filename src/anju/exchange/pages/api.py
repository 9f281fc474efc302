"""The answers to other offices' systems (docs/api.md): what waits for their seat, and a step answered as on a page.

Who asks has been let in by a secret (`anju.government.clients`). Every refusal is a sentence in JSON.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse

from anju.cases.clocks import Clocks
from anju.cases.forms import StepForm
from anju.cases.models import Entry, Turn
from anju.cases.queries.one import Shown, seen_case, shown
from anju.exchange.actions.answering import KeyReused, answer, identify, note_asked, sent_before
from anju.exchange.bodies import Problem, as_form, check_answer, digest_of, read_body, read_key
from anju.exchange.queries import waiting
from anju.government.asking import Asking, asking
from anju.government.clients import problem
from anju.government.door import for_clients
from anju.government.refusals import Refused
from anju.register.actions import look
from anju.register.guideline import guideline

_nothing = "没有这个地址，或者没有等您这一方办的这一件：可能已经有人办过。"
_stale = "这一件刚刚有人办过，请重新取来再答复。"
_too_many_files = "too_many_files"


def only(method: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let an address be asked by one method, and tell in JSON why it was not answered."""

    def declare(page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(page)
        def answered(request: HttpRequest, **options: Any) -> HttpResponse:
            if request.method != method:
                refused = problem(405, f"这个地址只能用 {method}。", code="wrong_method")
                refused.headers["Allow"] = method
                return refused
            try:
                return page(request, **options)
            except Problem as found:
                return problem(found.status, found.sentence, code=found.code, wrong=found.wrong)

        return answered

    return declare


class _Purpose(forms.Form):
    """Why a number is asked for in full, and whose of a household."""

    purpose = forms.CharField(max_length=200)
    person = forms.UUIDField(required=False)


@for_clients
def nothing(request: HttpRequest, rest: str) -> HttpResponse:
    """What is not there."""
    return problem(404, _nothing, code="not_found")


@for_clients
@only("GET")
def steps(request: HttpRequest) -> HttpResponse:
    """What waits for the system's seat, ``procedure`` narrowing it, ``after`` a key of the page before."""
    who = asking(request)
    procedure = request.GET.get("procedure", "")
    if procedure and procedure not in guideline().procedures:
        raise Problem(422, "wrong_fields", "这些项要改。", {"procedure": "没有这个流程。"})
    found, after = waiting.steps(who, procedure, request.GET.get("after", ""))
    note_asked(by=who.officer, steps=len(found))
    told = {"office": waiting.office(who), "today": who.today.isoformat(), "steps": found, "next": after or None}
    return _json(told)


@for_clients
@only("GET")
def step(request: HttpRequest, case: UUID) -> HttpResponse:
    """One waiting step in full; that it was opened about somebody stands in the journal."""
    who = asking(request)
    turn = _turn(who, case)
    if turn.case.subject_kind in ("person", "household"):
        try:
            look(by=who.officer, kind=turn.case.subject_kind, subject=turn.case.subject_id)
        except Refused as refused:
            raise Problem(429, _too_many_files, str(refused)) from refused
    return _json(waiting.step(who, turn))


@for_clients
@only("POST")
def take(request: HttpRequest, case: UUID) -> HttpResponse:
    """Answer a step. What was sent twice with one number is done once, and told twice."""
    who, key, told = asking(request), read_key(request), read_body(request)
    check_answer(told)
    sent = digest_of(case, told)
    try:
        before = sent_before(by=who.officer, case=case, key=key, sent=sent)
        return _json(waiting.answered(before or _take(who, case, key, told, sent)))
    except KeyReused as refused:
        raise Problem(422, "key_reused", str(refused)) from refused


def _take(who: Asking, case: UUID, key: UUID, told: dict[str, Any], sent: str) -> Entry:
    """Take the step, or find that the same was sent and done at the same moment. Raises `Problem`, `KeyReused`."""
    try:
        turn = _turn(who, case)
        if told["seen"] != turn.case.entries:
            raise Problem(409, "stale", _stale)
        known = shown(who.officer, who.scopes, turn.case, Clocks(who.today))
        return answer(by=who.officer, turn=turn, key=key, sent=sent, told=_given(known, who, key, told))
    except (Problem, Refused) as refused:
        before = sent_before(by=who.officer, case=case, key=key, sent=sent)
        if before is not None:
            return before
        if isinstance(refused, Problem):
            raise
        now = seen_case(who.officer, case)
        if now is not None and now.entries != told["seen"]:
            raise Problem(409, "stale", _stale) from refused
        raise Problem(422, "refused", str(refused)) from refused


@for_clients
@only("POST")
def identity(request: HttpRequest, case: UUID) -> HttpResponse:
    """The ID number of one of the people of a waiting step, for a purpose, as the journal has it."""
    who, told = asking(request), read_body(request)
    turn = _turn(who, case)
    form = _Purpose({name: text for name, text in told.items() if isinstance(text, str)})
    strange = {name: "没有这一项。" for name in told if name not in form.fields}
    if strange or not form.is_valid():
        wrong = strange | {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
        raise Problem(422, "wrong_fields", "这些项要改。", wrong)
    people = waiting.people_of(who, turn.case)
    wanted = form.cleaned_data["person"]
    found = [named.person for named in people if named.person.pk == wanted or wanted is None]
    if len(found) != 1:
        raise Problem(422, "wrong_fields", "这些项要改。", {"person": "要写这一件里的一个人，见 people。"})
    try:
        number = identify(by=who.officer, person=found[0], purpose=form.cleaned_data["purpose"])
    except Refused as refused:
        raise Problem(422, "refused", str(refused)) from refused
    return _json({"person": str(found[0].pk), "name": found[0].name, "number": number})


def _turn(who: Asking, case: UUID) -> Turn:
    turn = waiting.turn_at(who, case)
    if turn is None:
        raise Problem(404, "not_found", _nothing)
    return turn


def _given(known: Shown, who: Asking, key: UUID, told: dict[str, Any]) -> dict[str, Any]:
    """What is written down, as the form of the step reads it. Raises `Problem` with a sentence for each field."""
    assert known.step is not None
    moves = {move.action for move in known.step.moves}
    if told["action"] not in moves:
        wrong = f"“{known.step.name}”这一步没有“{told['action']}”；可以：{'、'.join(sorted(moves))}。"
        raise Problem(422, "wrong_fields", "这些项要改。", {"action": wrong})
    data = as_form(told, known.typed, key, who.today)
    form = StepForm(known.step, known.typed, {}, vacant=True, seen=known.case.entries, data=data)
    if "reason" not in form.fields and told.get("reason"):
        raise Problem(422, "wrong_fields", "这些项要改。", {"reason": "这一步没有退回，不用写为什么。"})
    if not form.is_valid():
        raise Problem(422, "wrong_fields", "这些项要改。", _wrong(form))
    given = form.cleaned_data
    return {
        "seen": given["seen"],
        "action": told["action"],
        "fields": form.values(),
        "reason": given.get("reason", ""),
        "basis": given["basis"],
        "on": given["on"],
    }


def _wrong(form: StepForm) -> dict[str, str]:
    """The form's sentences by the names of the body."""
    names = {name: name.replace("f-", "fields.", 1) if name.startswith("f-") else name for name in form.errors}
    return {names[name]: " ".join(map(str, errors)) for name, errors in form.errors.items()}


def _json(told: dict[str, Any]) -> JsonResponse:
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
