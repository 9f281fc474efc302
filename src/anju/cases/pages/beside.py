"""What stands on a case's page beside its steps: letters, papers, the public notice and the vote, each with its forms."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms

from anju.cases import notices, votes
from anju.cases.actions.votes import members
from anju.cases.forms import CallForm, CountForm, DecideForm, NoticeForm, ObjectionForm, PaperForm
from anju.cases.models import Body
from anju.cases.queries.gone import gone
from anju.cases.queries.letters import letters_about
from anju.cases.queries.notices import posted, suggestion
from anju.cases.queries.one import Shown
from anju.cases.queries.papers import papers_of
from anju.cases.queries.votes import noted
from anju.government.asking import Asking

F = TypeVar("F", bound=forms.Form)


def beside(who: Asking, known: Shown, sent: forms.Form | None) -> dict[str, Any]:
    """The panels of a case's page; ``sent``: one of their forms that was not taken."""
    case, runs = known.case, bool(known.step)
    may = runs and bool(known.own or known.works)
    found = {
        "letters": letters_about(who.officer, known),
        "gone": gone(who.officer, case) if may else None,
        "papers": papers_of(who.officer, case) if known.works else (),
        "paper_form": (_sent(PaperForm, sent) or PaperForm()) if may else None,
    }
    return found | _notice(who, known, sent) | _vote(who, known, sent)


def _notice(who: Asking, known: Shown, sent: forms.Form | None) -> dict[str, Any]:
    case, step = known.case, known.step
    shown = posted(who.officer, case, known.recorded, works=known.works)
    found: dict[str, Any] = {"posted": shown}
    if step is None:
        return found
    if shown is None and known.own and notices.is_posted_at(known.running, step):
        text, until = suggestion(who.officer, case, known.running, who.today)
        found["notice_form"] = _sent(NoticeForm, sent) or NoticeForm(case.entries, text, until)
    if shown is not None and known.works:
        hangs = shown.notice.since <= who.today
        found["objection_form"] = (_sent(ObjectionForm, sent) or ObjectionForm()) if hangs else None
        tried = _sent(DecideForm, sent)
        found["against"] = [
            (one, None if one.objection.outcome or not known.own else _decision(one.objection.pk, tried))
            for one in shown.against
        ]
    return found


def _vote(who: Asking, known: Shown, sent: forms.Form | None) -> dict[str, Any]:
    case, step, vote = known.case, known.step, known.recorded.vote
    found: dict[str, Any] = {"vote": vote, "noted": noted(who.officer, vote) if vote and known.works else 0}
    if step is None or not known.own:
        return found
    if vote is None and votes.is_called_at(step):
        found["call_form"] = _sent(CallForm, sent) or CallForm(case.entries)
        found["bodies"] = [
            (Body(body).label, len(members(who.officer, case, known.running, body, who.today)))
            for body in (Body.MEMBERS, Body.VILLAGERS)
        ]
    if vote is not None and vote.counted_at is None and votes.is_counted_at(known.running, step):
        found["count_form"] = _sent(CountForm, sent) or CountForm()
    return found


def _decision(key: object, tried: DecideForm | None) -> DecideForm:
    return tried if tried is not None and tried.objection == str(key) else DecideForm(key)


def _sent(kind: type[F], sent: forms.Form | None) -> F | None:
    return sent if isinstance(sent, kind) else None
