"""Functions of cases, letters, imports and exports that are asked directly: no page makes their calls in the open world, or shows them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from unittest import mock
from uuid import UUID, uuid5

from django.test import override_settings
from django.utils import timezone

from anju.cases.actions import papers, votes
from anju.cases.actions.within import locked_cases, written
from anju.cases.consent import Consent
from anju.cases.models import Bundle, Case, Portion, Sort
from anju.cases.procedures import Running
from anju.cases.queries import consequences, lists, online
from anju.cases.queries import one as of_case
from anju.cases.queries import own as by_hand
from anju.cases.queries.papers import own_papers, proofs, unsigned
from anju.cases.subjects import about
from anju.desk.queries import before
from anju.documents.actions import Kind, draft, issue, receiving
from anju.documents.content import Content
from anju.documents.forms import forms
from anju.documents.models import Addressee, Letter
from anju.documents.offices import Office
from anju.documents.queries import lists as letters
from anju.exchange.actions import accepting, exporting
from anju.exchange.exporting import keeping, people, single
from anju.exchange.exporting.asked import Asked
from anju.exchange.models import Batch, StagedRow, State
from anju.government.queries import visible_regions
from anju.government.refusals import one_deed
from anju.government.second_wall import everything
from anju.register.guideline import guideline
from anju.register.models import Relation
from anju.register.queries.lists import Filters
from tests.access.filled import KEY, another
from tests.access.questions import Open
from tests.access.world import LONG_AGO, YESTERDAY, Family
from tests.government.cast import hold, officer, post
from tests.portal.cast import as_resident


def _copied(of: Family, **other: Any) -> Case:
    with everything():
        return another(of.case, **other)


def _about(of: Open, kind: str, key: UUID) -> object:
    return about(of.keeper, [Case(subject_kind=kind, subject_id=str(key))], timezone.localdate())


def _exported(of: Open) -> Asked:
    return Asked(of.keeper, "people", of.own.destination, Filters())


def _draft(of: Open, **other: Any) -> Letter:
    return draft(
        by=of.keeper,
        office=Office("committee", "village", of.own.destination),
        kind=Kind("leaving_recipients_list", "名单", "名单", "1.7"),
        content=Content("名单", rows=[("某人",)], columns=["姓名"]),
        **other,
    )


def _sent(of: Open, by: object, key: UUID) -> Case:
    """A case in which somebody has sent a step under a number."""
    with everything():
        return another(of.own.voting, {2: {"by": by, "key": key}}, procedure="move_hukou")


def _outbox(of: Open) -> object:
    """What the village did, and another office has to do now."""
    hand = officer("hand", name="某帮手")
    hold(hand, post(of.own.destination, "village", "committee"), LONG_AGO)
    today = timezone.localdate()
    return list(lists.outbox(hand, visible_regions(hand, today), lists.Filters()).parts[0].values_list("pk"))


def _submitted(of: Open) -> object:
    who = of.asking
    with everything():
        another(of.own.voting, {2: {"action": "窗口提交"}}, procedure=online.procedures_of(guideline().version)[0])
    return online.submitted(who, online.Filters("", who.today.replace(day=1))).count()


def _signed(of: Open) -> object:
    """Somebody who did not come has signed."""
    with everything():
        case = another(of.own.case, {1: {"told": written({}, absent=True)}}, procedure="move_hukou")
    return papers.keep_consent(by=of.keeper, cases=[case.pk], consent=Consent("授权书", b"%PDF-1.4\nsigned\n%%EOF"))


def _unsigned(of: Open, case: Case) -> object:
    """A case of a bundle that was opened for people who did not come, if it waits for a signature; of which household."""
    bundle = Bundle(officer=of.keeper, key=KEY, sort=Sort.OPENED, procedure=case.procedure, step=1, total=1)
    bundle.told = json.dumps({"absent": True})
    bundle.save(force_insert=True)
    portion = Portion(bundle=bundle, number=1, size=1, case=case)
    portion.rows = json.dumps([])
    portion.save(force_insert=True)
    return [(one.pk, vars(one)["home"]) for one in unsigned(of.keeper, bundle)]


def _given(of: Open) -> object:
    """A letter about a resident's own case, for the resident."""
    form = next(form for form in forms.values() if form.personal and not form.formal)
    letter = draft(
        by=of.keeper,
        office=Office("committee", "village", of.own.destination),
        kind=Kind("slip", "单子", form.name, "1.1"),
        content=Content("单子", text="好了。"),
        to=[Office("civil_affairs", "township", f"{of.own.destination[:9]}000")],
        matters=[("case", str(of.own.case.pk))],
    )
    issue(by=of.other, letter=letter.pk, seen=letter.revision)
    return list(Addressee.objects.visible_to(as_resident(of.own.person), purpose="本人查看").values_list("name"))


def _answered(of: Open) -> None:
    """A letter that is answered: its receipt is there already, and is noted no second time."""
    letter = of.own.letter
    reply = Letter(line="civil_affairs", region=f"{of.own.destination[:9]}000", answers=letter, issued_on=YESTERDAY)
    with one_deed():
        receiving.answered(of.keeper, reply)


def _undone(of: Open, **values: object) -> Batch:
    with everything():
        batch = Batch.objects.unscoped().filter(pk=of.own.batch.pk)
        StagedRow.objects.unscoped().filter(batch=of.own.batch).update(touched=True)
        batch.update(state=State.MERGING, accepted_by=of.other)
        batch.update(state=State.MERGED, merged_at=timezone.now(), ended_at=timezone.now(), **values)
    return of.own.batch


def _piece(of: Open) -> object:
    folder = Path(mkdtemp())
    try:
        made = folder / "made"
        made.write_bytes(b"list")
        of.own.export.digest = keeping.digest_of(made)
        with everything():
            keeping.keep(of.own.export, made)
        try:
            keeping.write(of.keeper, of.own.export, folder / "written")
        except keeping.FileBroken:
            return "broken"
        return (folder / "written").read_bytes()
    finally:
        shutil.rmtree(folder)


def _beyond(of: Open) -> str:
    with override_settings(ANJU_MOST_EXPORTS_A_DAY=1):
        return exporting._beyond_the_day(of.keeper, of.own.export)


def _handed(of: Open) -> None:
    waits = mock.patch.object(papers, "open_turns", return_value=[mock.Mock(resident=True)])
    with mock.patch.object(papers, "most_by_hand", 1), waits:
        papers._check_own(as_resident(of.own.person), _now(of.own.noticed), "evidence")


def _now(case: Case) -> Case:
    with everything():
        return Case.objects.unscoped().get(pk=case.pk)


def _members(of: Open) -> object:
    with everything():
        first = Relation.objects.unscoped().filter(person=of.own.person, kind="hukou").latest("since")
        Relation.objects.create(
            person=of.own.person,
            kind="hukou",
            holder=of.own.destination,
            since=LONG_AGO,
            because="moved",
            after=first.since,
        )
    case = of.own.voting
    return votes.members(of.keeper, case, Running.of(case), "villagers", timezone.localdate())


def _done(of: Open) -> list[Case]:
    with everything():
        return list(Case.objects.unscoped().filter(subject_id=str(of.own.person.pk), state="done"))


OF_CASES: Mapping[str, Callable[[Open], object]] = {
    "src/anju/cases/actions/papers.py keep_consent Entry": _signed,
    "src/anju/cases/actions/papers.py _check_own Paper": _handed,
    "src/anju/cases/actions/votes.py members Relation": _members,
    "src/anju/cases/actions/within.py locked_cases Case": lambda of: locked_cases(of.keeper, [of.own.case.pk]),
    "src/anju/cases/queries/consequences.py consequences Consequence": lambda of: [
        consequences.consequences(of.keeper, case) for case in _done(of)
    ],
    "src/anju/cases/queries/lists.py outbox Entry": _outbox,
    "src/anju/cases/queries/one.py sent Entry": lambda of: of_case.sent(of.keeper, _sent(of, of.keeper, KEY), str(KEY)),
    "src/anju/cases/queries/one.py entry_sent Entry": lambda of: (
        _sent(of, of.keeper, KEY),
        of_case.entry_sent(of.keeper, KEY),
    ),
    "src/anju/cases/queries/online.py submitted Entry": _submitted,
    "src/anju/cases/queries/own.py sent_by_hand Entry": lambda of: by_hand.sent_by_hand(
        as_resident(of.own.person), _sent(of, None, uuid5(of.own.person.pk, str(KEY))), str(KEY)
    ),
    "src/anju/cases/queries/papers.py own_papers Paper": lambda of: own_papers(
        as_resident(of.own.person), of.own.noticed
    ),
    "src/anju/cases/queries/papers.py proofs Paper": lambda of: proofs(of.keeper, of.own.objection.notice),
    "src/anju/cases/queries/papers.py unsigned Paper": lambda of: _unsigned(of, of.own.case),
    "src/anju/cases/queries/papers.py unsigned Membership": lambda of: _unsigned(
        of, _copied(of.own, procedure="move_hukou")
    ),
    "src/anju/cases/subjects.py _households Household": lambda of: _about(of, "household", of.own.household.pk),
    "src/anju/cases/subjects.py _sites Site": lambda of: _about(of, "site", of.own.site.pk),
    "src/anju/desk/queries/before.py _cases Case": lambda of: (
        _copied(of.own, subject_id=str(of.own.joining.goes_id)),
        list(before._cases(of.asking, of.own.joining)),
    ),
    "src/anju/documents/actions/drafting.py _sent_before Letter": lambda of: (
        _draft(of, key=KEY).pk == _draft(of, key=KEY).pk
    ),
    "src/anju/documents/actions/drafting.py _answered Letter": lambda of: _draft(of, answers=of.own.letter.pk).answers,
    "src/anju/documents/actions/receiving.py answered Receipt": _answered,
    "src/anju/documents/models.py Addressees.own Letter": _given,
    "src/anju/documents/queries/lists.py rows Addressee": lambda of: letters.rows(of.keeper, [of.own.letter]),
    "src/anju/exchange/actions/accepting.py approve_undo StagedRow": lambda of: accepting.approve_undo(
        by=of.other,
        batch=_undone(
            of, undo_asked_by=of.keeper, undo_because="错了", undo_decide_by=timezone.now() + timedelta(days=1)
        ).pk,
    ),
    "src/anju/exchange/actions/accepting.py _merged Batch": lambda of: accepting.ask_undo(
        by=of.other, batch=_undone(of).pk, because="核对"
    ),
    "src/anju/exchange/actions/exporting.py _beyond_the_day Export": _beyond,
    "src/anju/exchange/exporting/keeping.py write Piece": _piece,
    "src/anju/exchange/exporting/people.py _homes Household": lambda of: people._homes(
        [str(of.own.household.pk)], _exported(of)
    ).rows(),
    "src/anju/exchange/exporting/single.py steps Relation": lambda of: list(single.steps(_exported(of))),
    "src/anju/exchange/exporting/single.py answers Wish": lambda of: list(single.answers(_exported(of))),
}
"""What holds a call, by its name (`Call.name`)."""
