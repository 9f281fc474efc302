"""Two records of one person become one, and nothing that has to go on is left under the one that goes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.payments.actions import draw_up, propose_rent
from anju.register.actions import change_person
from anju.register.actions.joining import why_not
from anju.register.models import Person
from tests.payments import rents
from tests.payments.cast import A, ago, begun, civil, poor
from tests.payments.test_premiums import contributor, looked_at, social
from tests.register.cast import YUNYANG, clerk
from tests.register.joining import again, agreed, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def village() -> Officer:
    return clerk("village")


@pytest.fixture
def second() -> Officer:
    return clerk("second")


def _expected(village: Officer) -> Person:
    person = poor(village)
    begun(civil("payer", A), ago(1))
    return person


def _rent_proposed(village: Officer) -> Person:
    farmer, person = rents.farming("farmer"), rents.tenant(village)
    rents.rate()
    rents.budget(farmer)
    propose_rent(by=farmer, person=person.pk, plot="A-03")
    return person


def _premium_waits(village: Officer) -> Person:
    person = looked_at(contributor(village))
    draw_up(by=social("first"), scheme="pension", county=YUNYANG)
    return person


MONEY: dict[str, Callable[[Officer], Person]] = {
    "月份还没有发": _expected,
    "流转费等批准": _rent_proposed,
    "代缴等批准": _premium_waits,
}


@pytest.mark.parametrize("money", MONEY.values(), ids=MONEY)
def test_a_record_that_money_names_is_the_one_that_stays(
    village: Officer, second: Officer, money: Callable[[Officer], Person]
) -> None:
    named, other = money(village), again(village)
    assert any("请反过来并" in sentence for sentence in why_not(named, other))
    with pytest.raises(Refused):
        asked(village, named, other)
    agreed(second, asked(village, other, named))


def test_two_records_that_money_names_are_not_joined(village: Officer) -> None:
    one, other = poor(village), poor(village, order=2, code="5000000000000002")
    change_person(by=village, person=str(one.pk), changes={"number": ""})
    begun(civil("payer", A), ago(1))
    for goes, stays in ((one, other), (other, one)):
        with pytest.raises(Refused, match="两条都有救助"):
            asked(village, goes, stays)
