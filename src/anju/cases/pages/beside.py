"""What stands on a case's page beside its steps: letters, papers, the public notice and the vote, with their forms; what followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.cases import notices, votes
from anju.cases.actions.votes import members
from anju.cases.bodies import closed_bodies
from anju.cases.forms import CallForm, CountForm, DecideForm, NoticeForm, ObjectionForm, PaperForm, ProofForm
from anju.cases.models import Body, PaperKind
from anju.cases.procedures import changed_by, stays
from anju.cases.queries.consequences import consequences
from anju.cases.queries.gone import gone
from anju.cases.queries.letters import letters_about
from anju.cases.queries.notices import on_the_same_paper, posted, suggestion
from anju.cases.queries.one import Shown
from anju.cases.queries.papers import Laid, papers_of, proofs
from anju.cases.queries.votes import noted, revision_of
from anju.government.asking import Asking
from anju.government.second_wall import everything

F = TypeVar("F", bound=forms.Form)


def beside(who: Asking, known: Shown, sent: forms.Form | None) -> dict[str, Any]:
    """The panels of a case's page; ``sent``: one of their forms that was not taken."""
    case, runs = known.case, bool(known.step)
    may = runs and bool(known.own or known.works)
    papers = papers_of(who.officer, case, works=known.works)
    found = {
        "letters": letters_about(who.officer, known),
        "gone": gone(who.officer, case) if may and not known.waits and not stays(case) else None,
        "papers": papers,
        "anew": _anew(known, papers),
        "following": consequences(who.officer, case) if not runs or case.in_force_at else (),
        "changed_by": changed_by(known.running),
        "paper_form": (_sent(PaperForm, sent) or PaperForm()) if may else None,
    }
    return found | _notice(who, known, sent) | _vote(who, known, sent)


_only_then: Mapping[PaperKind, Any] = {
    PaperKind.CONSENT: _(
        "以前交的授权书、签字照片只管那一次。这一次还是代办的，请本人重新签一份，在“材料”里交上；同一份不能再用。"
    ),
    PaperKind.REPLY: _("以前交的回函只管那一次。这一次的在“材料”里交上，或者在下面写明凭哪一份。"),
}


def _anew(known: Shown, papers: Sequence[Laid]) -> Sequence[Any]:
    """What was handed in for an earlier turn and counts no more, where it may be needed now."""
    needed = {PaperKind.CONSENT: known.resident, PaperKind.REPLY: known.vacant}
    there = {kind: [one.now for one in papers if one.paper.kind == kind] for kind in needed}
    return [_only_then[kind] for kind, now in there.items() if needed[kind] and now and not any(now)]


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
        hangs = notices.takes_objections(shown.notice, case, known.running, who.today)
        found["over"] = shown.notice.ends < who.today
        early = notices.proven_last_day(shown.notice, case, known.running)
        if early is not None:
            found |= {"early": early, "mine": shown.notice.by_id == who.officer.pk}
            found["proof_form"] = _sent(ProofForm, sent) or ProofForm(
                proofs(who.officer, shown.notice), on_the_same_paper(shown.notice)
            )
        found["objection_form"] = (_sent(ObjectionForm, sent) or ObjectionForm()) if hangs else None
        tried = _sent(DecideForm, sent)
        found["against"] = [
            (one, None if one.objection.outcome or not known.own else _decision(one.objection.pk, tried))
            for one in shown.against
        ]
    return found


def _vote(who: Asking, known: Shown, sent: forms.Form | None) -> dict[str, Any]:
    case, step, vote = known.case, known.step, known.recorded.vote
    found: dict[str, Any] = {"vote": vote}
    if vote and known.works:
        found |= {"noted": noted(who.officer, vote), "revision": revision_of(vote)}
    with everything():
        found["meets_on_several"] = vote is not None and votes.shared(vote)
    if step is None or not known.own:
        return found
    if vote is None and votes.is_called_at(step):
        with everything():
            closed = closed_bodies(case, known.running)
        found["call_form"] = _sent(CallForm, sent) or CallForm(
            case.entries, votes.earliest(case, known.running, who.today), closed
        )
        found["bodies"] = [
            (Body(body).label, len(members(who.officer, case, known.running, body, who.today)))
            for body in (Body.MEMBERS, Body.VILLAGERS)
            if body not in closed
        ]
    if vote is not None and vote.counted_at is None and votes.is_counted_at(known.running, step):
        found["count_form"] = _sent(CountForm, sent) or CountForm()
    return found


def _decision(key: object, tried: DecideForm | None) -> DecideForm:
    return tried if tried is not None and tried.objection == str(key) else DecideForm(key)


def _sent(kind: type[F], sent: forms.Form | None) -> F | None:
    return sent if isinstance(sent, kind) else None
