"""An application ends with the vote that refuses it, or when the person takes it back; then he may apply again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from anju.cases.actions import take_steps, terminate, withdraw
from anju.cases.models import Case, Consequence, State
from anju.cases.turns import place_at
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions import record_facts, record_wish
from anju.register.actions.by_case import put_wish
from anju.register.facts import facts_of, today
from anju.register.models import Person, Wish
from tests.cases.cast import Offices, ready, step_on, waiting
from tests.cases.fitting import fit
from tests.cases.test_actions import opened, put_first
from tests.register.cast import DESTINATION

pytestmark = pytest.mark.django_db
YESTERDAY = today() - timedelta(1)


def applies(person: Person) -> bool | None:
    """Whether his application for membership stands."""
    with everything():
        found = facts_of("person", str(person.pk), on=today()).get("membership_applied")
    return found if isinstance(found, bool) else None


def owed(person: Person) -> set[str]:
    with everything():
        return set(Duty.objects.unscoped().owed().filter(subject_id=str(person.pk)).values_list("kind", flat=True))


def crosses(person: Person, collective: Officer) -> None:
    """He belongs to a collective at the origin, and there is one where he lives."""
    put_first(person, "collective")
    facts: dict[str, Fact | None] = {"crosses_collective": True, "destination_collective": True, "notice_state": "none"}
    record_facts(by=collective, kind="person", subject=str(person.pk), facts=facts)


def to_the_vote(person: Person, offices: Offices, applied_on: date, agreed: int) -> Case:
    """An application that is to be voted on by 29."""
    collective = offices.at("collective", "village", DESTINATION)
    crosses(person, collective)
    case, day = opened(person, collective, "confirm_membership", applied_on=applied_on), applied_on
    assert applies(person) is True
    assert "publish_applicants" in owed(person)
    for action in ("本人提交", "受理", "身份属实", "期满没有异议"):
        day = ready(case, day)
        case = step_on(case, offices, action, on=day)
    case = step_on(case, offices, "通知并定下表决名单", on=day, 表决方式="members", 应到=29)
    return step_on(case, offices, "不到三分之二", on=ready(case, day), 同意=agreed)


def test_a_vote_that_fails_ends_the_application_and_he_may_apply_again(person: Person, offices: Offices) -> None:
    case = to_the_vote(person, offices, today() - timedelta(90), 19)
    assert applies(person) is True, "not before he was told"
    case = step_on(case, offices, "告知本人，原身份不变，可以再申请", on=YESTERDAY)
    assert case.state == State.TERMINATED
    assert applies(person) is False
    assert "publish_applicants" not in owed(person)
    collective = offices.at("collective", "village", DESTINATION)
    for day in (today() - timedelta(90), today() - timedelta(30)):
        with pytest.raises(Refused, match="申请日写后来再申请的那一天"):
            opened(person, collective, "confirm_membership", applied_on=day)
    opened(person, collective, "confirm_membership", applied_on=today())
    assert applies(person) is True
    assert "publish_applicants" in owed(person)


ENDS = {"撤回": ("withdraw", False), "终止": ("terminate", True)}


@pytest.mark.parametrize(("deed", "stands"), ENDS.values(), ids=ENDS)
def test_who_takes_the_application_back_applies_no_more(
    deed: str, stands: bool, person: Person, offices: Offices
) -> None:
    """But an office that does not go on with a case takes back nothing for the person."""
    collective = offices.at("collective", "village", DESTINATION)
    crosses(person, collective)
    case = opened(person, collective, "confirm_membership", applied_on=YESTERDAY)
    committee = offices.of(waiting(case)[0])
    if deed == "withdraw":
        withdraw(by=collective, case=case.pk, seen=1, how="本人电话")
    else:
        terminate(by=committee, case=case.pk, seen=1, because="另案办理")
    assert applies(person) is stands
    assert ("publish_applicants" in owed(person)) is stands


def test_who_takes_an_assistance_back_is_told_of_it_anew(person: Person, offices: Offices) -> None:
    """What opens then is no consequence of a case that was done."""
    put_first(person, "assistance")
    civil = offices.at("civil_affairs", "township", place_at(DESTINATION, "township"))
    case = opened(person, civil, "transfer_assistance_by_letter", applied_on=YESTERDAY)
    assert "remind_assistance" not in owed(person)
    withdraw(by=civil, case=case.pk, seen=1, how="本人电话")
    assert "remind_assistance" in owed(person)
    with everything():
        assert not Consequence.objects.unscoped().exists()


TAKEN_BACK = {
    "异地就医备案": ("file_remote_care", "medical_security", "county", "medical_wish", "neither", "file_remote_care"),
    "医保关系转移": ("transfer_medical", "medical_security", "county", "medical_wish", "neither", "certify_coverage"),
    "养老保险转移": ("transfer_pension", "human_resources", "county", "pension_wish", "keep", "transfer_pension"),
    "户口迁移": ("move_hukou", "public_security", "township", "hukou_wish", "unstated", ""),
    "集体户落户": ("move_to_collective_household", "public_security", "township", "hukou_wish", "unstated", ""),
}


def fact(person: Person, code: str) -> Fact | None:
    with everything():
        return facts_of("person", str(person.pk), on=today()).get(code)


@pytest.mark.parametrize("told", TAKEN_BACK.values(), ids=TAKEN_BACK)
def test_who_takes_an_application_back_wishes_it_no_more(
    told: tuple[str, str, str, str, str, str], person: Person, offices: Offices
) -> None:
    """And nothing of it stays owed to him."""
    procedure, line, level, term, after, duty = told
    fit(str(person.pk), procedure)
    by = offices.at(line, level, place_at(DESTINATION, level))
    case = opened(person, by, procedure, applied_on=YESTERDAY)
    assert fact(person, term) not in (None, after)
    assert not duty or duty in owed(person)
    withdraw(by=by, case=case.pk, seen=1, how="本人电话")
    assert fact(person, term) == after
    assert duty not in owed(person)


def test_what_somebody_wishes_by_now_is_not_taken_back_with_an_older_application(
    person: Person, offices: Offices
) -> None:
    fit(str(person.pk), "transfer_medical")
    by = offices.at("medical_security", "county", place_at(DESTINATION, "county"))
    case = opened(person, by, "transfer_medical", applied_on=YESTERDAY)
    record_wish(by=by, person=str(person.pk), kind="medical", choice="filing", on=today(), how="当面")
    withdraw(by=by, case=case.pk, seen=1, how="改成备案")
    assert fact(person, "medical_wish") == "filing"


def test_a_pension_that_is_not_taken_over_is_chosen_anew(person: Person, offices: Offices) -> None:
    case = to_the_pension_office(person, offices)
    assert step_on(case, offices, "不予转入").state == State.TERMINATED
    assert fact(person, "pension_wish") == "unstated"


def to_the_pension_office(person: Person, offices: Offices) -> Case:
    by = offices.at("human_resources", "county", place_at(DESTINATION, "county"))
    case = opened(person, by, "transfer_pension", applied_on=YESTERDAY)
    for action in ("提交", "受理"):
        case = step_on(case, offices, action)
    return case


def test_who_applies_and_takes_back_twice_in_a_day_is_heard_each_time(person: Person, offices: Offices) -> None:
    """What was said last that day holds."""
    collective = offices.at("collective", "village", DESTINATION)
    crosses(person, collective)
    for _ in range(3):
        case = opened(person, collective, "confirm_membership", applied_on=today())
        assert applies(person) is True
        withdraw(by=collective, case=case.pk, seen=1, how="本人电话")
        assert applies(person) is False
        case.refresh_from_db()
        assert case.state == State.WITHDRAWN
    said = Wish.objects.unscoped().filter(person=person, kind="membership").order_by("pk")
    assert list(said.values_list("choice", "again")) == [(c, n) for n in range(3) for c in ("yes", "no")]


def test_what_is_refused_at_an_end_leaves_nothing_behind(
    person: Person, offices: Offices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where others of a batch go on."""
    case = to_the_pension_office(person, offices)

    def put(**told: Any) -> None:
        put_wish(**told)
        raise Refused("这里不行。")

    monkeypatch.setattr("anju.cases.effects.put_wish", put)
    by = offices.of(waiting(case)[0])
    told = take_steps(by=by, cases={case.pk: (case.entries, uuid4())}, action="不予转入", reason="不符合")
    assert "这里不行" in told[case.pk]
    assert fact(person, "pension_wish") == "move"
