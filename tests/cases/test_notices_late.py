"""A notice that is recorded late: its days run from the recording, unless a second officer has seen a picture of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.cases.actions import keep_paper, open_case, prove_notice, prove_notices
from anju.cases.models import Case, Notice, Paper
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, beside, proven, step_on
from tests.cases.fitting import fit
from tests.cases.test_notices import EARLY, against, at_notice, recorded, state
from tests.cases.test_one_meeting import NAMES, applied, posted
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, YUNYANG, zhang


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def case(collective: Officer, person: Person, offices: Offices) -> Case:
    return at_notice(collective, person, offices)


def test_of_one_that_was_recorded_late_the_days_run_from_its_recording(
    collective: Officer, case: Case, offices: Offices
) -> None:
    """Nobody may be told today that his time to object was over yesterday."""
    notice = recorded(collective, case)
    assert (notice.since, notice.ends) == (EARLY, today() + timedelta(7))
    assert state(case) == "running"
    with pytest.raises(Refused, match=f"公示到 {today() + timedelta(7)}，办理日要在它以后"):
        step_on(case, offices, "期满没有异议")
    assert against(collective, case, today()).notice == notice


def picture(by: Officer, case: Case, kind: str = "evidence") -> Any:
    return keep_paper(by=by, case=case.pk, kind=kind, about="公示栏的照片", content=b"%PDF-1.4\n%%EOF\n").pk


def test_a_second_officer_with_a_picture_lets_them_run_from_the_first_day(
    collective: Officer, case: Case, offices: Offices
) -> None:
    notice, second = recorded(collective, case), beside(collective)
    same: dict[str, Any] = {"case": case.pk, "notice": notice.pk}
    with pytest.raises(Refused, match="先在“材料”里交上"):
        prove_notice(by=second, proof=uuid4(), **same)
    with pytest.raises(Refused, match="先在“材料”里交上"):
        prove_notice(by=second, proof=picture(collective, case, "reply"), **same)
    proof = keep_paper(by=collective, case=case.pk, kind="evidence", about="照片", content=b"%PDF-1.5\n%%EOF\n").pk
    with pytest.raises(Refused, match="请另一位干部看"):
        prove_notice(by=collective, proof=proof, **same)
    with pytest.raises(Refused):
        prove_notice(by=offices.at("culture", "county", YUNYANG), proof=proof, **same)
    assert state(case) == "running"
    assert prove_notice(by=second, proof=proof, **same).ends == EARLY + timedelta(7)
    assert state(case) == "clear"
    with pytest.raises(Refused, match="刚刚有人证实了"):
        prove_notice(by=second, proof=proof, **same)
    with pytest.raises(Refused, match="异议要在公示期里提出"):
        against(collective, case, today())
    assert step_on(case, offices, "期满没有异议", on=EARLY + timedelta(8)).step == 6


def test_what_was_recorded_on_its_first_day_needs_no_proof(
    collective: Officer, person: Person, offices: Offices
) -> None:
    case = at_notice(collective, person, offices, today())
    notice = recorded(collective, case, today())
    with pytest.raises(Refused, match="没有补登记"):
        prove_notice(by=beside(collective), case=case.pk, notice=notice.pk, proof=picture(collective, case))


def test_an_objection_that_came_meanwhile_still_stands_in_the_way(collective: Officer, case: Case) -> None:
    notice = recorded(collective, case)
    against(collective, case, today())
    proven(case, notice)
    assert state(case) == "objection"


def test_the_page_asks_a_second_officer(collective: Officer, case: Case) -> None:
    notice, there = recorded(collective, case), f"/cases/{case.pk}/"
    own = browser(collective).get(there).content.decode()
    assert "这一次公示是补登记的" in own
    assert "要请另一位干部证实" in own
    proof = picture(collective, case)
    second = browser(beside(collective))
    assert str(proof) in second.get(there).content.decode()
    answer = second.post(f"{there}notice/{notice.pk}/", {"proof": ""})
    assert answer.status_code == 422
    assert second.post(f"{there}notice/{notice.pk}/", {"proof": str(proof)}).status_code == 302
    page = second.get(there).content.decode()
    assert "补登记的" not in page
    assert f"{EARLY + timedelta(7)}" in page
    assert "张青山（双江社区）申请入册" in second.get("/cases/notices/?list=over").content.decode()


LATE_WRITES = {
    "登记时已经过完": {"until": EARLY},
    "登记在贴出以前": {"since": today() + timedelta(1), "until": today() + timedelta(9)},
    "没有登记日": {"recorded_on": None},
}


@pytest.mark.parametrize("given", LATE_WRITES.values(), ids=LATE_WRITES)
def test_the_database_keeps_no_notice_whose_days_were_over(
    given: dict[str, Any], collective: Officer, case: Case
) -> None:
    whole = {"since": EARLY, "until": today() + timedelta(7), "recorded_on": today(), **given}
    notice = Notice(case=case, after=case.entries, step=case.step, place="公开栏", by=collective, office="", **whole)
    notice.text = "张青山"
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        notice.save(force_insert=True)


PROOFS: dict[str, dict[str, Any]] = {
    "没有那份材料": {"proof": uuid4()},
    "登记的人自己": {"proven_by": "self"},
    "截止日没有提前": {"proven_until": today() + timedelta(7)},
    "没有写是谁": {"proven_by": None},
}


@pytest.mark.parametrize("given", PROOFS.values(), ids=PROOFS)
def test_the_database_takes_no_other_proof(given: dict[str, Any], collective: Officer, case: Case) -> None:
    notice, second = recorded(collective, case), beside(collective)
    proof = {"proven_until": EARLY + timedelta(7), "proof": picture(collective, case), "proven_by": second}
    whole = {**proof, "proven_at": timezone.now(), **given}
    whole["proven_by"] = collective if whole["proven_by"] == "self" else whole["proven_by"]
    kept = Notice.objects.unscoped().filter(pk=notice.pk)
    with everything():
        with pytest.raises(IntegrityError), transaction.atomic():
            kept.update(**whole)
        assert kept.update(**proof, proven_at=timezone.now()) == 1


def test_what_was_announced_for_longer_is_not_shortened_by_a_proof(collective: Officer, case: Case) -> None:
    """Who read that he may object until then still may; that it hung since before takes nothing from it."""
    notice = recorded(collective, case, until=today() + timedelta(8))
    proof = picture(collective, case)
    assert "证实补登记的公示" not in browser(beside(collective)).get(f"/cases/{case.pk}/").content.decode()
    with pytest.raises(Refused, match=f"公示写明到 {today() + timedelta(8)}，.*不能凭照片提前结束"):
        prove_notice(by=beside(collective), case=case.pk, notice=notice.pk, proof=proof)
    notice.refresh_from_db()
    assert notice.ends == today() + timedelta(8)


def test_only_a_paper_laid_in_since_is_offered_as_proof(collective: Officer, person: Person, offices: Offices) -> None:
    case = open_case(
        by=collective, procedure="confirm_membership", subject=str(person.pk), applied_on=EARLY, how="书面申请"
    )
    for action in ("本人提交", "受理"):
        case = step_on(case, offices, action, on=EARLY)
    before = picture(collective, case)
    case = step_on(case, offices, "身份属实", on=EARLY)
    notice = recorded(collective, case)
    since = keep_paper(by=collective, case=case.pk, kind="evidence", about="照片", content=b"%PDF-1.5\n%%EOF\n").pk
    second, there = browser(beside(collective)), f"/cases/{case.pk}/"
    page = second.get(there).content.decode()
    assert (f'value="{since}"' in page, f'value="{before}"' in page) == (True, False)
    assert second.post(f"{there}notice/{notice.pk}/", {"proof": str(before)}).status_code == 422


def test_one_look_proves_a_paper_for_all_whom_it_names(
    collective: Officer, village: Officer, home: Household, offices: Offices
) -> None:
    """Its picture lies in each of their cases; what is said against one of them still stops that one alone."""
    cases = applied(collective, village, home, offices)
    hung = {one.case_id: one for one in posted(collective, cases)}
    second, there = beside(collective), f"/cases/{cases[0].pk}/"
    proof = picture(collective, cases[0])
    against(collective, cases[1], today())
    inside = browser(second)
    page = inside.get(there).content.decode()
    assert "同一张公示上的另外 2 件一起证实" in page
    sent = {"proof": str(proof), "together": "on"}
    answer = inside.post(f"{there}notice/{hung[cases[0].pk].pk}/", sent)
    assert answer.status_code == 302
    assert [state(case) for case in cases] == ["clear", "objection", "clear"]
    for notice in hung.values():
        notice.refresh_from_db()
    assert {one.ends for one in hung.values()} == {EARLY + timedelta(7)}
    with everything():
        laid = Paper.objects.unscoped().filter(case__in=cases, kind="evidence")
        assert {(one.case_id, one.pk) for one in laid} == {(one.case_id, one.proof) for one in hung.values()}
        assert len({one.scan_id for one in laid}) == 1
    assert Noted.objects.filter(action="cases.prove_notice").count() == len(cases)


def test_one_case_of_a_paper_is_proven_alone_and_the_rest_later(
    collective: Officer, village: Officer, home: Household, offices: Offices
) -> None:
    cases = applied(collective, village, home, offices)
    hung = {one.case_id: one for one in posted(collective, cases)}
    second, first = beside(collective), hung[cases[0].pk]
    there = f"/cases/{cases[0].pk}/notice/{first.pk}/"
    assert browser(second).post(there, {"proof": str(picture(collective, cases[0]))}).status_code == 302
    assert [state(case) for case in cases] == ["clear", "running", "running"]
    other = hung[cases[1].pk]
    proof = picture(collective, cases[1])
    with pytest.raises(Refused, match="登记公示的人不能自己证实"):
        prove_notices(by=collective, case=cases[1].pk, notice=other.pk, proof=proof)
    assert [one.case_id for one in prove_notices(by=second, case=cases[1].pk, notice=other.pk, proof=proof)] == [
        cases[1].pk,
        cases[2].pk,
    ]
    assert [state(case) for case in cases] == ["clear"] * 3


def test_what_cannot_be_proven_of_one_is_proven_of_none(
    collective: Officer, village: Officer, home: Household, offices: Offices
) -> None:
    cases = applied(collective, village, home, offices)
    hung = {one.case_id: one for one in posted(collective, cases)}
    second = beside(collective)
    picture(collective, cases[2], "reply")
    proof = picture(collective, cases[0])
    together: dict[str, Any] = {"case": cases[0].pk, "notice": hung[cases[0].pk].pk, "proof": proof}
    with pytest.raises(Refused, match=r"王秋月：同一份已经在这一件里，是“盖章的回函”.*另交一张.*单独证实"):
        prove_notices(by=second, **together)
    assert [state(case) for case in cases] == ["running"] * 3
    other = keep_paper(by=collective, case=cases[2].pk, kind="evidence", about="照片", content=b"%PDF-1.5\n%%EOF\n")
    prove_notice(by=second, case=cases[2].pk, notice=hung[cases[2].pk].pk, proof=other.pk)
    prove_notices(by=second, **together)
    assert [state(case) for case in cases] == ["clear"] * 3, "what the sentence says to do helps"


def test_what_was_laid_in_before_the_notice_proves_none(
    collective: Officer, village: Officer, home: Household, offices: Offices
) -> None:
    people = [
        zhang(village, home, name=name, order=order, relation="户主" if order == 1 else "子女")
        for order, name in enumerate(NAMES[:2], start=1)
    ]
    fit(str(people[1].pk), "confirm_membership")
    early = open_case(
        by=collective, procedure="confirm_membership", subject=str(people[1].pk), applied_on=EARLY, how="书面申请"
    )
    for action in ("本人提交", "受理"):
        early = step_on(early, offices, action, on=EARLY)
    picture(collective, early)
    cases = [at_notice(collective, people[0], offices), step_on(early, offices, "身份属实", on=EARLY)]
    hung = {one.case_id: one for one in posted(collective, cases)}
    proof = picture(collective, cases[0])
    with pytest.raises(Refused, match="李碧水：同一份已经在这一件里，是“证明材料”，或者是公示以前交的"):
        prove_notices(by=beside(collective), case=cases[0].pk, notice=hung[cases[0].pk].pk, proof=proof)
    assert [state(case) for case in cases] == ["running"] * 2
