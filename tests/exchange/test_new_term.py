"""换届: a list brings the election day of the next term; what it does not say of it is asked for anew (2.3-5, domain 1.9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from anju.exchange.models import State
from anju.exchange.queries.rows import Filter, rows, shown
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.facts import facts_of
from anju.register.models import Person, Wish
from tests.exchange.cast import TODAY, done, handed_in, merged, undo, workbook, zhang

pytestmark = pytest.mark.django_db
LAST, NEXT = date(2021, 12, 20), date(TODAY.year + 1, 6, 1)
CODES = ("election_day", "voter_registrations", "assembly_consent", "election_choice")
SAYS: Mapping[str, tuple[dict[str, Any], tuple[Fact, ...]]] = {
    "只有新的选举日": ({"选举日": NEXT}, (NEXT, 0, False, "unstated")),
    "这一届还选原村": ({"选举日": NEXT, "选择": "原村"}, (NEXT, 0, False, "origin")),
    "这一届改选安置地": ({"选举日": NEXT, "选择": "安置地"}, (NEXT, 0, False, "destination")),
    "这一届两处都登记了": ({"选举日": NEXT, "本届登记处数": 2}, (NEXT, 2, False, "unstated")),
    "选举推迟三个月": ({"选举日": date(2022, 3, 20)}, (date(2022, 3, 20), 1, True, "origin")),
    "没有写选举日": ({"联系电话": "13800000001"}, (LAST, 1, True, "origin")),
}


def told(who: Person) -> tuple[Fact | None, ...]:
    facts = facts_of("person", str(who.pk), on=TODAY)
    return tuple(facts.get(code) for code in CODES)


@pytest.mark.parametrize(("row", "expected"), SAYS.values(), ids=SAYS)
def test_a_list_with_the_next_election_day(
    row: dict[str, Any], expected: tuple[Fact, ...], importer: Officer, second: Officer, tmp_path: Path
) -> None:
    first = zhang(1, 户籍已迁入="否", 选举日=LAST, 本届登记处数=1, 会议同意="是")
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [first])), second)
    with everything():
        who = Person.objects.unscoped().get()
        Wish.objects.create(person=who, kind="election", choice="origin", on=LAST)
    before = told(who)
    assert before == (LAST, 1, True, "origin")
    handed = handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(1, **row)]))
    said = [note for one in shown(second, handed, list(rows(second, handed, Filter()))) for note in one.notes]
    assert any("选择重新问本人" in note for note in said) is (expected[0] == NEXT), "before it is accepted"
    batch = merged(handed, second)
    assert told(who) == expected
    if expected[0] == NEXT:
        undo(by=second, batch=batch.pk, because="交错了")
        assert done(batch).state == State.UNDONE
        assert told(who) == before
