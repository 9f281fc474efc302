"""Two of the demo are registered twice: one pair is to be found, the other waits for a second officer."""

from __future__ import annotations

from datetime import date

import pytest

from anju.demo.actions import make_city
from anju.demo.story import destination
from anju.demo.twice import register_twice
from anju.demo.under_way import sitting
from anju.register.actions.joining import join, seen_of
from anju.register.queries.joinings import doubles, pairs, to_decide
from anju.register.queries.paging import page

TODAY = date.today()


@pytest.mark.django_db
def test_one_pair_is_to_be_found_and_one_to_be_decided() -> None:
    make_city(people=400, seed=1, on=TODAY)
    assert register_twice(TODAY) == 2
    committee = sitting("committee", "village", destination)
    found = pairs(committee, page(doubles(committee), after="", before="", size=20).rows)
    assert len(found) == 2
    (waiting,) = to_decide(committee)
    stays = join(by=committee, joining=waiting.pk, seen=seen_of(waiting.goes, waiting.stays))
    assert stays == waiting.stays
    assert not to_decide(committee)
