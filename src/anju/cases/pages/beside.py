"""What stands on a case's page beside its steps: papers and the public notice, each with its forms."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms

from anju.cases import notices
from anju.cases.forms import DecideForm, NoticeForm, ObjectionForm, PaperForm
from anju.cases.queries.notices import posted, suggestion
from anju.cases.queries.one import Shown
from anju.cases.queries.papers import papers_of
from anju.government.asking import Asking

F = TypeVar("F", bound=forms.Form)


def beside(who: Asking, known: Shown, sent: forms.Form | None) -> dict[str, Any]:
    """The panels of a case's page; ``sent``: one of their forms that was not taken."""
    case, runs = known.case, bool(known.step)
    may = runs and bool(known.own or known.works)
    found = {
        "papers": papers_of(who.officer, case) if known.works else (),
        "paper_form": (_sent(PaperForm, sent) or PaperForm()) if may else None,
    }
    return found | _notice(who, known, sent)


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


def _decision(key: object, tried: DecideForm | None) -> DecideForm:
    return tried if tried is not None and tried.objection == str(key) else DecideForm(key)


def _sent(kind: type[F], sent: forms.Form | None) -> F | None:
    return sent if isinstance(sent, kind) else None
