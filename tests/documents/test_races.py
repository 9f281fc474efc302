"""Sixteen at once: numbers without a gap and without a double, one countersigner, one issue; on both databases."""

from __future__ import annotations

from uuid import uuid4

from anju.documents.actions import countersign, hand_over, issue, receive
from anju.documents.models import Counter, Letter, Receipt
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.register.facts import today
from tests.documents.cast import county_clerk, drafted, issued
from tests.race import race
from tests.register.cast import YUNYANG

RUNNERS = 16


def test_numbers_have_no_gap_and_no_double(own_database: str) -> None:
    by = county_clerk("alone")
    letters = [drafted(by).pk for _ in range(RUNNERS)]
    found = race(RUNNERS, lambda at: issue(by=by, letter=letters[at], seen=1).number)
    assert found.raised == []
    assert sorted(number or 0 for number in found.returned) == list(range(1, RUNNERS + 1))
    with everything():
        assert Counter.objects.get().last == RUNNERS


def test_one_letter_is_issued_once(own_database: str) -> None:
    by = county_clerk("alone")
    letter = drafted(by).pk
    found = race(RUNNERS, lambda _: issue(by=by, letter=letter, seen=1).number)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    with everything():
        assert Counter.objects.get().last == 1


def test_one_countersigns(own_database: str) -> None:
    by = county_clerk("drafter")
    others = [county_clerk(f"other{at}") for at in range(RUNNERS)]
    letter = drafted(by).pk
    hand_over(by=by, letter=letter, seen=1)
    found = race(RUNNERS, lambda at: bool(countersign(by=others[at], letter=letter, seen=1)))
    assert (found.won, found.only_raised(Refused)) == (1, True)


def test_one_draft_of_what_is_sent_sixteen_times(own_database: str) -> None:
    by, key = county_clerk("alone"), uuid4()
    found = race(RUNNERS, lambda _: drafted(by, key=key).pk)
    assert found.only_raised(Refused)
    assert len(set(found.returned)) == 1
    with everything():
        assert Letter.objects.unscoped().count() == 1


def test_one_receipt(own_database: str) -> None:
    by, other, there = county_clerk("drafter"), county_clerk("other"), county_clerk("there", YUNYANG)
    letter = issued(by, other).pk
    found = race(RUNNERS, lambda _: bool(receive(by=there, letter=letter, on=today())))
    assert (found.won, found.only_raised(Refused)) == (1, True)
    with everything():
        assert Receipt.objects.unscoped().count() == 1
