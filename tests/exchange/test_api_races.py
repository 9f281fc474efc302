"""Sixteen answers at once: with one number it is done once and told to all, with sixteen one wins; on both databases."""

from __future__ import annotations

import json
from uuid import uuid4

from anju.cases.models import Case
from anju.journal.models import Entry as JournalEntry
from tests.exchange.calling import GOOD, at_origin, entries_of, family, offices, pension_office
from tests.race import race

RUNNERS = 16
BODY = {"seen": 4, **GOOD}


def waiting_case() -> Case:
    """A case that waits for the origin's system."""
    village, town, county = offices()
    _, (person, _) = family(village)
    return at_origin(village, town, county, person)


def test_sixteen_with_one_number_are_all_told_the_same(own_database: str) -> None:
    case, (made, system), key = waiting_case(), pension_office(), uuid4()

    def run(_: int) -> tuple[int, bytes]:
        answer = system.answer(case, BODY, key)
        return answer.status_code, answer.content

    found = race(RUNNERS, run)
    assert found.raised == []
    ((status, content),) = set(found.returned)
    assert (status, json.loads(content)["entry"]) == (200, 5)
    assert len(entries_of(case)) == 5
    assert JournalEntry.objects.filter(action="cases.move", officer=str(made.pk)).count() == 1


def test_of_sixteen_with_a_number_each_one_wins(own_database: str) -> None:
    case, (made, system) = waiting_case(), pension_office()
    found = race(RUNNERS, lambda _: system.answer(case, BODY).status_code)
    assert found.raised == []
    assert sorted(set(found.returned)) in ([200, 404], [200, 409], [200, 404, 409])
    assert found.returned.count(200) == 1
    assert len(entries_of(case)) == 5
    assert JournalEntry.objects.filter(action="cases.move", officer=str(made.pk)).count() == 1


def test_of_sixteen_bodies_with_one_number_one_wins_and_the_others_are_refused(own_database: str) -> None:
    case, (_, system), key = waiting_case(), pension_office(), uuid4()

    def run(number: int) -> int:
        return system.answer(case, {**BODY, "fields": {**GOOD["fields"], "个人账户储存额": number}}, key).status_code

    found = race(RUNNERS, run)
    assert found.raised == []
    assert (found.returned.count(200), found.returned.count(422)) == (1, RUNNERS - 1)
    assert len(entries_of(case)) == 5
