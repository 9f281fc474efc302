"""What a county keeps for the access tests: a month of insurers' lists, a batch of premiums, and a grant of land rent."""

from __future__ import annotations

import json
from decimal import Decimal

from django.utils import timezone

from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.models import Batch as Premiums
from anju.payments.models import Comparison, Finding, ListRow, Premium, RentGrant
from anju.payments.months import month_of
from anju.register.models import Household, Person
from anju.register.models.subjects import new_id


def compared(person: Person, county: str, word: str) -> Comparison:
    """The county's list of this month says that the person is insured, and names somebody who is not registered."""
    month = month_of(timezone.localdate())
    of = {"insurance": "medical", "county": county, "month": month}
    comparison, _ = Comparison.objects.get_or_create(**of, defaults={"people": 1, "rows": 2})
    said = {"rows": [{"county": county, "facts": {"medical_status": "resident"}}]}
    beside = {"listed": {"medical_status": "resident"}, "ledger": {"medical_status": "uninsured"}}
    places = {"origin": person.origin, "destination": person.destination}
    with everything():
        duty = {"kind": "mobilise_coverage", "decision": "medical_coverage", "row": 5}
        known = Finding(
            comparison=comparison, **of, **duty, sort="uninsured", key=str(person.pk), person=person, **places
        )
        known.told = json.dumps(said | beside)
        known.save(force_insert=True)
        unknown = Finding(comparison=comparison, **of, sort="stranger", key=str(new_id()))
        unknown.told = json.dumps(said | {"listed": {}, "ledger": {}, "name": word})
        unknown.save(force_insert=True)
        row = ListRow(**of, person=person)
        row.told = json.dumps({"facts": {"medical_status": "resident"}})
        row.save(force_insert=True)
    return comparison


def premiums(keeper: Officer, person: Person, county: str, year: int) -> Premiums:
    """A batch of the same county that waits for another officer."""
    with everything():
        batch = Premiums.objects.create(scheme="medical", county=county, year=year, asked_by=keeper)
        amounts = {"standard": Decimal(380), "state": Decimal(300), "own": Decimal(80)}
        Premium.objects.create(batch=batch, person=person, scheme="medical", year=year, group="低保", **amounts)
    return batch


def rent(keeper: Officer, person: Person, household: Household, plot: str) -> RentGrant:
    """A plot of the family's that waits for another officer."""
    places = {
        "county": f"{person.destination[:6]}000000",
        "destination": person.destination,
        "village": person.destination,
    }
    amounts = {"mu": Decimal(2), "whole": Decimal(9), "rate": Decimal(200), "amount": Decimal(400)}
    with everything():
        return RentGrant.objects.create(
            person=person, household=household, plot=plot, year=timezone.localdate().year, basis="公布的标准",
            asked_by=keeper, **places, **amounts,
        )  # fmt: skip
