"""What the database itself holds of votes: one roster, one count, nothing rewritten; and what the night finds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from anju.cases.actions import take_step
from anju.cases.models import Case, Vote, Voter
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.models import Person
from anju.register.verification import verify
from tests.cases.cast import Offices
from tests.cases.meeting import MET, OVER, at_count, at_meeting, called, counted
from tests.cases.test_notices import EARLY
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household, zhang


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def case(collective: Officer, person: Person, offices: Offices) -> Case:
    return at_meeting(collective, person, offices)


def test_of_sixteen_who_count_one_does(own_database: str) -> None:
    offices = Offices()
    offices.known["committee", "village", DESTINATION] = village = clerk("village")
    collective = offices.at("collective", "village", DESTINATION)
    case = at_meeting(collective, zhang(village, household(village)), offices)
    run = race(16, lambda n: called(collective, case, n + 1).pk)
    assert (run.won, run.only_raised(Refused)) == (1, True)
    with everything():
        vote = Vote.objects.unscoped().get()
        assert Voter.objects.unscoped().count() == vote.eligible
    case = take_step(by=collective, case=case.pk, seen=case.entries, action="通知并定下表决名单", on=OVER)
    counts = race(16, lambda n: counted(collective, case, vote, 1, n % 2, 1 - n % 2, 0).agreed is not None)
    assert (counts.won, counts.only_raised(Refused)) == (1, True)


ATTACKS = {
    "改票数": "UPDATE cases_vote SET agreed = 30, against = 0",
    "去掉计票": "UPDATE cases_vote SET present = NULL, agreed = NULL, against = NULL, abstained = NULL, counted_by_id = NULL, "
    "counted_at = NULL",
    "改分母": "UPDATE cases_vote SET eligible = 20",
    "删掉表决": "DELETE FROM cases_vote",
    "删掉名单上的人": "DELETE FROM cases_voter WHERE number = 1",
    "换掉名单上的人": "UPDATE cases_voter SET number = 31 WHERE number = 1",
    "计票以后改表决": "UPDATE cases_voter SET voted_at = NULL, choice = NULL",
}


@pytest.mark.parametrize("statement", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses(statement: str, collective: Officer, case: Case, offices: Offices) -> None:
    case, vote = at_count(collective, case, offices)
    counted(collective, case, vote, 30, 20, 9, 1)
    with everything(), connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(statement)


def test_a_roster_that_lost_somebody_is_found_at_night(collective: Officer, case: Case) -> None:
    called(collective, case)
    question = "表决名单上的人数就是应到"
    assert verify()[question] == 0
    with everything():
        later = Case.objects.unscoped().get(pk=case.pk)
        Case.objects.unscoped().filter(pk=case.pk).update(entries=later.entries + 1)
        Vote.objects.create(
            case=case, after=later.entries + 1, step=case.step, body="members", on=MET, eligible=2, by=collective
        )
    assert verify()[question] == 1


def test_the_database_refuses_a_meeting_while_the_notice_hangs(collective: Officer, case: Case) -> None:
    for on, told in ((EARLY + timedelta(7), EARLY), (MET, MET + timedelta(1))):
        with everything(), pytest.raises(IntegrityError), transaction.atomic():
            Vote.objects.create(
                case=case, after=case.entries, step=case.step, body="members", on=on, notified_on=told, eligible=2,
                by=collective,
            )  # fmt: skip
