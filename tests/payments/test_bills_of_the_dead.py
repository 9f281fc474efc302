"""Who dies in hospital was insured on that day, although the relation ends on it; a day later nobody was."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from anju.duties.evaluate import look_again
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import settle_bill
from anju.register.actions import end_person
from anju.register.facts import today
from anju.register.models import Person, Relation
from anju.register.verification import verify
from tests.payments.bills import bill, insured, medical
from tests.register.cast import DESTINATION, YUNYANG, clerk

DAY = today() - timedelta(days=2)


@pytest.fixture
def patient(village: Officer) -> Person:
    """Insured in 云阳 for long."""
    person = insured(village)
    with everything():
        Relation.objects.unscoped().filter(person=person, kind="medical").delete()
        Relation.objects.create(
            person=person, kind="medical", holder=DESTINATION, since=date(2020, 1, 1), because="recorded"
        )
    look_again("person", [str(person.pk)])
    return person


def ended(person: Person, because: str) -> None:
    police = clerk("police", YUNYANG, "county", "public_security")
    end_person(by=police, person=str(person.pk), on=DAY, because=because)


@pytest.mark.parametrize(
    ("because", "later", "refused"),
    [
        ("death", -1, ""),
        ("death", 0, ""),
        ("death", 1, f"这个人 {DAY} 已经注销"),
        ("cancelled", -1, ""),
        ("cancelled", 0, "参保地还没有登记"),
        ("cancelled", 1, f"这个人 {DAY} 已经注销"),
    ],
    ids=["去世前一天", "去世那天", "去世后一天", "注销前一天", "注销那天", "注销后一天"],
)
def test_a_bill_of_the_last_days(patient: Person, because: str, later: int, refused: str) -> None:
    ended(patient, because)
    charged, officer = bill("D1", on=DAY + timedelta(days=later)), medical()
    if refused:
        with pytest.raises(Refused, match=refused):
            settle_bill(by=officer, person=patient.pk, charged=charged)
    else:
        assert settle_bill(by=officer, person=patient.pk, charged=charged).insured == YUNYANG
    assert not [sentence for sentence, n in verify().items() if n]


def test_on_the_day_of_the_death_other_counties_settle_nothing(patient: Person) -> None:
    ended(patient, "death")
    with pytest.raises(Refused, match="不在您的范围里"):
        settle_bill(by=medical("there", "500154000000"), person=patient.pk, charged=bill("D1", on=DAY))
