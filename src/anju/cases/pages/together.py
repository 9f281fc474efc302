"""One notice, one meeting and its counts for several cases, beside the step that they stand at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.cases import actions, notices, votes
from anju.cases.actions.votes import members
from anju.cases.bodies import closed_bodies
from anju.cases.forms import CallForm, CountTogetherForm, NoticeForm
from anju.cases.models import Body
from anju.cases.queries.notices import suggestion_of_all
from anju.cases.queries.one import Shown
from anju.government.asking import Asking
from anju.government.office_forms import carried_out
from anju.government.second_wall import everything
from anju.register.queries.whom import whom


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a panel: its ``form`` where it was not taken, else what is ``said`` of it."""

    form: forms.Form | None
    said: object = ""


def carried_out_together(who: Asking, here: Sequence[Shown], seen: Mapping[UUID, int], data: Any) -> Sent:
    """Carry out the panel that was sent (``notice``, ``call`` or ``count``) for cases as the officer saw them."""
    cases = {one.case.pk: seen[one.case.pk] for one in here}
    form: forms.Form
    if data["panel"] == "notice":
        form = NoticeForm(0, data=data, prefix="notice")
        return _sent(
            form, lambda: actions.post_notices(by=who.officer, cases=cases, **_given(form)), _("公示已经登记。")
        )
    if data["panel"] == "call":
        form = CallForm(0, closed=_closed(here), data=data, prefix="call")
        said = _("名单定下了，不再加人减人。")
        return _sent(form, lambda: actions.call_votes(by=who.officer, cases=cases, **_given(form)), said)
    tally = CountTogetherForm(_uncounted(who, here), data)
    said = _("票数登记好了，不能再改。")
    return _sent(tally, lambda: actions.count_votes(by=who.officer, seen=cases, figures=tally.figures()), said)


def _given(form: forms.Form) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "seen"}


def _sent(form: forms.Form, act: Callable[[], object], said: object) -> Sent:
    return Sent(None, said) if carried_out(form, lambda _cleaned: act()) else Sent(form)


def panels(who: Asking, here: Sequence[Shown], sent: forms.Form | None) -> dict[str, Any]:
    """The panels that the step of some cases needs; ``sent``: the form of one that was not taken."""
    first = next(iter(here), None)
    if first is None or first.step is None or not all(one.own for one in here):
        return {}
    running, step, cases = first.running, first.step, [one.case for one in here]
    if notices.is_posted_at(running, step) and all(one.recorded.notice is None for one in here):
        text, until = suggestion_of_all(who.officer, cases, running, who.today)
        form = sent if isinstance(sent, NoticeForm) else NoticeForm(0, text, until, prefix="notice")
        return {"notice_form": form}
    if votes.is_called_at(step) and all(one.recorded.vote is None for one in here):
        return _call(who, here, sent)
    if votes.is_counted_at(running, step) and (waiting := _uncounted(who, here)):
        tally = sent if isinstance(sent, CountTogetherForm) else CountTogetherForm(waiting)
        return {"tally": tally, "meets": waiting[0][0]}
    return {}


def _call(who: Asking, here: Sequence[Shown], sent: forms.Form | None) -> dict[str, Any]:
    closed, first = _closed(here), here[0]
    with everything():
        day = max(votes.earliest(one.case, one.running, who.today) for one in here)
    listed = [body for body in (Body.MEMBERS, Body.VILLAGERS) if body not in closed]
    return {
        "call_form": sent if isinstance(sent, CallForm) else CallForm(0, day, closed, prefix="call"),
        "bodies": [
            (body.label, len(members(who.officer, first.case, first.running, body, who.today))) for body in listed
        ],
    }


def mark(one: Shown) -> str:
    """How far a case's notice or vote is, in the pages' words; "" where there is none at its step."""
    step, recorded = one.step, one.recorded
    if step is None:
        return ""
    if notices.is_posted_at(one.running, step) and recorded.notice is not None:
        state = one.running.policy.terms[notices.state_term].label(recorded.state)
        return f"公示到 {recorded.notice.ends} · {state}"
    vote = recorded.vote
    if vote is None or not (votes.is_called_at(step) or votes.is_counted_at(one.running, step)):
        return ""
    if vote.counted_at is None:
        return f"会议 {vote.on} · 应到 {vote.eligible}"
    return f"应到 {vote.eligible} · 同意 {vote.agreed}"


def _closed(here: Sequence[Shown]) -> Mapping[str, str]:
    """The bodies that cannot vote on all of some cases."""
    found: dict[str, str] = {}
    with everything():
        for one in here:
            found |= closed_bodies(one.case, one.running)
    return found


def _uncounted(who: Asking, here: Sequence[Shown]) -> list[tuple[UUID, str]]:
    """The cases whose vote waits to be counted, with names."""
    cases = [one.case for one in here if one.recorded.vote is not None and one.recorded.vote.counted_at is None]
    about = whom(who.officer, {(case.subject_kind, case.subject_id) for case in cases}, who.today)
    named = ((case.pk, about.get((case.subject_kind, case.subject_id))) for case in cases)
    return [(key, found.name if found else "—") for key, found in named]
