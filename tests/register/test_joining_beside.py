"""Two records become one while somebody else writes about one of them: on PostgreSQL each waits for the other, and in no ring."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import draw_up
from anju.register.actions import join_household
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.verification import verify
from tests.payments.test_premiums import contributor, looked_at, social
from tests.race import race
from tests.register.cast import YUNYANG, clerk, household, zhang
from tests.register.joining import again, agreed, asked, known, twice


def test_whoever_draws_up_premiums_meanwhile_leaves_none_behind(own_database: str) -> None:
    village, second, office = clerk("village"), clerk("second"), social("first")
    named = looked_at(contributor(village))
    other = again(village)
    joining = asked(village, named, other)

    def run(at: int) -> object:
        return draw_up(by=office, scheme="pension", county=YUNYANG) if at else agreed(second, joining)

    ran = race(2, run)
    assert ran.only_raised(Refused), ran.raised
    assert verify()["并掉的档没有钱"] == 0


def test_whoever_looks_at_the_household_meanwhile_waits_in_no_ring(own_database: str) -> None:
    village, second = clerk("village"), clerk("second")
    stays, goes = twice(village)
    home = household(village)
    for person, relation in ((goes, "户主"), (zhang(village, None, name="李碧水", order=9), "配偶")):
        join_household(
            by=village, person=str(person.pk), household=str(home.pk), relation=relation, since=today() - timedelta(5)
        )
    joining = asked(village, known(goes.pk), known(stays.pk))

    def run(at: int) -> object:
        if not at:
            return agreed(second, joining)
        for _ in range(8):
            with transaction.atomic(), everything():
                changed("household", [str(home.pk)])
        return True

    ran = race(2, run)
    assert (ran.won, list(ran.raised)) == (2, [])
