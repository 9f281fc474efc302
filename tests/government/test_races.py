"""Two security administrators at once: a post is not given beyond its end, and a village has one name at a time."""

from __future__ import annotations

from datetime import date

import pytest

from anju.government import actions
from anju.government.lines import Line
from anju.government.models import Officer, PostHolding, Region, never
from anju.government.refusals import Refused
from tests.government.cast import ORIGIN, SINCE, officer, post
from tests.race import race

TODAY = date(2026, 6, 30)
VILLAGE = f"{ORIGIN[:9]}001"


@pytest.fixture
def boss(own_database: str) -> Officer:
    """The security administrator."""
    return officer("boss", duty=Officer.Duty.SECURITY)


@pytest.mark.parametrize("line", Line.values)
def test_a_post_is_closed_and_given_at_once(boss: Officer, line: str) -> None:
    what, li = post(line=line), officer("lixia")

    def run(number: int) -> bool:
        if number:
            actions.close_post(by=boss, post=what, until=TODAY)
        else:
            actions.give_post(by=boss, officer=li, post=what, since=SINCE)
        return True

    raced = race(2, run)
    assert raced.won == 1
    assert raced.only_raised(Refused)
    what.refresh_from_db()
    assert not PostHolding.objects.filter(until__gt=what.until).exists()


def test_a_village_has_one_name_at_a_time(boss: Officer) -> None:
    township = Region.objects.get(code=ORIGIN)

    def add(number: int) -> Region:
        return actions.add_village(by=boss, township=township, code=VILLAGE, name=f"村{number}", since=SINCE)

    added = race(16, add)
    assert added.won == 1
    assert added.only_raised(Refused)
    assert Region.objects.filter(code=VILLAGE).count() == 1

    def rename(number: int) -> Region:
        return actions.rename_village(by=boss, village=added.returned[0], name=f"名{number}", since=TODAY)

    renamed = race(16, rename)
    assert renamed.won == 1
    assert renamed.only_raised(Refused)
    assert Region.objects.filter(code=VILLAGE, until=never).count() == 1
