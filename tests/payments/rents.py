"""Households that rent land in 云阳, agriculture and rural revitalisation there, its rate and its budget; all made up."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from anju.cases.models import Case, Entry, Turn
from anju.cases.turns import place_at
from anju.duties.evaluate import look_again
from anju.duties.models import CountyValue, Duty
from anju.duties.versions import keep
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import approve_rent, propose_rent, set_rent_budget
from anju.payments.models import RentBudget, RentGrant
from anju.payments.models.rents import paying_step, procedure_of_rents
from anju.policy.model import Fact
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.verification import verify
from tests.register.cast import YUNYANG, clerk, household, zhang

D = Decimal
FACTS: Mapping[str, Fact] = {"rents_land": True, "efficient_agriculture": True, "rented_mu": 4.5}
RATE = "流转费补助标准"


def farming(account: str, region: str = YUNYANG, *, level: str = "county", line: str = "agriculture") -> Officer:
    """An officer of agriculture, by default of the county."""
    return clerk(account, region, level, line)


def tenant(
    by: Officer,
    *,
    order: int = 1,
    code: str = "5000000000000001",
    name: str = "张青山",
    told: bool = True,
    **facts: Fact | None,
) -> Person:
    """The head of a household that rents 4.5 mu and grows plums on them; of whom a notice has told, unless not ``told``."""
    known = {term: fact for term, fact in {**FACTS, **facts}.items() if fact is not None}
    person = zhang(by, household(by, code), name=name, order=order, facts=known)
    looked_at(person)
    if told:
        published(person)
    return person


def published(person: Person) -> Case:
    """A case of somebody's that has come to the payment: the notice hung, and nobody objected. Written round the actions."""
    keep(guideline(), today())
    actor, place = guideline().procedures[procedure_of_rents()].steps[paying_step() - 1].actors[0], person.destination
    with everything():
        case = Case.objects.create(
            procedure=procedure_of_rents(), clause="1.4", version_id=guideline().version, subject_kind="person",
            subject_id=str(person.pk), origin=person.origin, destination=place, step=paying_step(), applied_on=today(),
        )  # fmt: skip
        entry = Entry(case=case, seq=1, did="opened", step=1, target=paying_step(), office="农业农村", on=today())
        entry.told = "{}"
        entry.save(force_insert=True)
        Turn.objects.create(
            case=case, since_entry=1, step=case.step, line=actor.line, level=actor.level, since=today(),
            region=place_at(place, actor.level),
        )  # fmt: skip
    return case


def rate(value: str = "200", county: str = YUNYANG, parameter: str = RATE) -> None:
    """The county's rate from the beginning of the year on."""
    since = today().replace(month=1, day=1)
    CountyValue.objects.create(
        county=county, parameter=parameter, value=D(value), since=since, basis="云农发〔2026〕3号"
    )


def budget(by: Officer, amount: str = "10000", county: str = YUNYANG) -> RentBudget:
    """The county's budget of this year."""
    return set_rent_budget(
        by=by, county=county, year=today().year, amount=D(amount), on=today(), basis="云财农〔2026〕12号"
    )


def looked_at(*people: Person) -> None:
    """Evaluated with what was written round the actions."""
    look_again("person", [str(person.pk) for person in people])


def owed(person: Person) -> bool:
    """Whether the duty stands."""
    with everything():
        return Duty.objects.unscoped().owed().filter(subject_id=str(person.pk), kind="pay_rent_subsidy").exists()


def paid(person: Person) -> object:
    """本年流转费已补."""
    with everything():
        return facts_of("person", str(person.pk), on=today()).get("rent_subsidy_paid")


def granted(by: Officer, other: Officer, person: Person, plot: str = "A-03", *, mu: Decimal | None = None) -> RentGrant:
    """What one proposes and another approves."""
    row = propose_rent(by=by, person=person.pk, plot=plot, mu=mu)
    return approve_rent(by=other, grant=row.pk, paid_on=today())


def sound() -> bool:
    """Whether everything that must be true is."""
    return not [sentence for sentence, n in verify().items() if n]
