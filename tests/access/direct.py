"""Functions that are asked directly: no page makes their calls in the open world, or shows what they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.utils import timezone

from anju.cases.actions.within import written
from anju.duties.models import Duty
from anju.government.asking import Asking
from anju.government.queries import visible_regions
from anju.government.second_wall import everything
from anju.payments.actions import months, reassessing, rents, returning, settling
from anju.payments.actions.assessed_form import draft_reassessment
from anju.payments.models import Amount, Batch, Month, Payer, Premium, Reassessment, RentGrant, Scheme, Settlement
from anju.payments.models.settlements import procedure
from anju.payments.months import month_of, shifted
from anju.payments.queries import comparisons, payees, premiums, reassessments, second, settlements
from anju.payments.queries import one as paid_of
from anju.payments.queries import rents as rented
from anju.payments.queries.households import ByHousehold
from anju.payments.queries.month import Filters as OfMonth
from anju.payments.queries.month import InMonth
from anju.payments.queries.month import rows as of_months
from anju.register.actions import end_person, restore_person
from anju.register.actions.facts import begin_county
from anju.register.models import CountyFacts, Person, Relation
from anju.register.models.subjects import new_id
from anju.register.queries import joinings, one
from tests.access.direct_of_cases import OF_CASES
from tests.access.filled import KEY, another, before_of
from tests.access.questions import Open
from tests.access.world import YESTERDAY, Family
from tests.government.cast import hold, post


def _duty(of: Family, kind: str, **other: object) -> None:
    """The person's first duty, once more as one of another kind."""
    with everything():
        duty = Duty.objects.unscoped().filter(subject_id=str(of.person.pk), closed_on=None).earliest("pk")
        duty.pk, duty.kind = None, kind
        for name, value in other.items():
            setattr(duty, name, value)
        duty.save(force_insert=True)


def _ended(of: Open, *, restored: bool = False) -> None:
    """Somebody is registered as dead before a step of a relation; and it was a mistake."""
    with everything():
        last = Relation.objects.unscoped().filter(person=of.own.person, kind="medical").latest("since")
        Relation.objects.create(
            person=of.own.person, kind="medical", holder=of.own.destination, place_name="医保", since=YESTERDAY,
            because="moved", after=last.since,
        )  # fmt: skip
    end_person(by=of.keeper, person=str(of.own.person.pk), on=YESTERDAY, because="death")
    if restored:
        restore_person(by=of.keeper, person=str(of.own.person.pk), because="登记错了")


def _left(of: Open) -> Person:
    with everything():
        return Person.objects.unscoped().get(name=f"{of.own.person.name[0]}分户")


def _seen(of: Open) -> None:
    reassessing._check_seen(of.keeper, str(of.own.household.pk), [str(_left(of).pk)])


def _formed(of: Open) -> Reassessment:
    with everything():
        return Reassessment.objects.unscoped().get(household=of.own.household)


def _held(of: Open) -> Month:
    with everything():
        return Month.objects.unscoped().get(person=of.own.person, state="held")


def _compared(of: Open) -> comparisons.Compared:
    who = of.asking
    return comparisons.Compared(who, comparisons.Filters("medical", month_of(who.today)))


def _new_county(of: Open) -> object:
    with everything():
        CountyFacts.objects.create(code="500237000000", revision=0)
    return [county.code for county in _compared(of).counties()]


def _to_compare(of: Open) -> object:
    _duty(of.own, _compared(of).insurance.duty, subject_kind="county", subject_id=of.own.county)
    return [county.duty for county in _compared(of).counties()]


def _reversed(of: Open) -> Settlement:
    settling.reverse(by=of.keeper, settlement=of.own.settlement.pk, reason="核对")
    return of.own.settlement


def _proposed(of: Open) -> object:
    with everything():
        grant = RentGrant.objects.unscoped().get(pk=of.own.rent.pk)
        grant.pk, grant.plot, grant.key = new_id(), "西坡", KEY
        grant.save(force_insert=True)
    return rents._sent(of.keeper, KEY)


def _to_approve(of: Open) -> object:
    """Where the county decides, and somebody else has proposed."""
    hold(of.other, post(of.own.county, "county", "agriculture"), YESTERDAY)
    today = timezone.localdate()
    return sorted(grant.pk for grant in second.grants(Asking(of.other, visible_regions(of.other, today), today)))


def _paid(of: Open, *, asked: bool = False) -> Premium:
    """The person's premium, approved; and another officer wants it returned."""
    with everything():
        batch = Batch.objects.unscoped().filter(pk=of.own.premiums.pk)
        batch.update(approved_by=of.other, approved_at=timezone.now())
        row = Premium.objects.unscoped().get(batch=of.own.premiums, person=of.own.person)
    if asked:
        returning.ask_return(by=of.other, batch=row.batch_id, premiums=[row.pk], because="核对")
    return row


def _by_another(of: Open) -> Person:
    """An office that never had to pay somebody wrote down that it did."""
    with everything():
        cousin = Person.objects.unscoped().get(name=f"{of.own.person.name[0]}同日")
        Amount.objects.create(
            person=cousin, kind="dibao", month=month_of(YESTERDAY), payer="500233101000", sort="paid", amount=1, on=YESTERDAY
        )  # fmt: skip
    return cousin


def _due_from_another(of: Open) -> object:
    """An office has to pay somebody of whom nothing was written down yet."""
    month = month_of(YESTERDAY)
    with everything():
        cousin = Person.objects.unscoped().get(name=f"{of.own.person.name[0]}同日")
        same = {"person": cousin, "kind": "dibao", "payer": "500233101000"}
        Payer.objects.create(**same, since=month, because="核对")
        Month.objects.create(**same, month=month)
    return payees.paid_here(of.keeper, {cousin.pk})


def _came_back(of: Open) -> object:
    """The money of a month that was paid came back."""
    seen = _before(of)
    with everything():
        month = Month.objects.unscoped().filter(month=seen.filters.month, state="paid", person__origin=of.own.origin)[0]
        paid = Amount.objects.unscoped().get(person=month.person, month=month.month, payer=month.payer, sort="paid")
        paid.pk, paid.sort, paid.reason = new_id(), "returned", "账号错"
        paid.recorded_at = timezone.now()
        paid.save(force_insert=True)
    return [(row.told, row.owed) for row in of_months([month], seen)]


def _begun(of: Open) -> object:
    """A county that has a row already is not begun anew."""
    with everything():
        CountyFacts.objects.bulk_create([CountyFacts(code=of.own.county, revision=0)], ignore_conflicts=True)
        owed = Duty.objects.unscoped().filter(subject_kind="county", subject_id=of.own.county)
        owed.delete()
    begin_county(of.keeper, of.own.county)
    with everything():
        return owed.count()


def _to_agree(of: Open) -> object:
    """Households that another officer worked out anew."""
    asking = Asking(of.other, visible_regions(of.other, timezone.localdate()), timezone.localdate())
    return sorted(form.pk for form in second.reassessments(asking))


def _due(of: Open) -> object:
    _duty(of.own, "pay_rent_subsidy")
    return list(rented.due(of.asking, of.own.county, "1")[1])


def _waits(of: Open) -> object:
    _duty(of.own, procedure, insured=of.own.county)
    return settlements.waiting(of.asking)


def _billed(of: Open) -> object:
    with everything():
        another(of.own.voting, {2: {"told": written({"总费用": "10.00"})}}, procedure=procedure)
    return settlements.told_in_case(of.asking, of.own.person)


def _before(of: Open) -> InMonth:
    who = of.asking
    return InMonth(who, OfMonth(shifted(month_of(who.today), -1), office=f"{of.own.origin[:9]}000"))


def _paid_elsewhere(of: Open) -> object:
    """Somebody of the household is paid by another office."""
    seen = _before(of)
    with everything():
        cousin = Person.objects.unscoped().get(name=f"{of.own.person.name[0]}同日")
        same = {"person": cousin, "kind": "dibao", "payer": f"{of.own.destination[:9]}000"}
        Payer.objects.create(**same, since=seen.filters.month, because="核对")
        Month.objects.create(**same, month=seen.filters.month)
    listed = ByHousehold(seen.who, seen)
    return listed.homes(listed.groups)


def _twins(of: Open) -> object:
    """Two who are not one, as somebody decided."""
    with everything():
        named = Person.objects.unscoped().filter(name=of.own.person.name, number_index=None, birth_date__isnull=False)
        twin = named.get()
    return joinings.pairs(of.keeper, [twin])


DIRECT: Mapping[str, Callable[[Open], object]] = {
    **OF_CASES,
    "src/anju/payments/actions/assessed_form.py draft_reassessment Reassessment": lambda of: (
        draft_reassessment(by=of.keeper, reassessment=_formed(of).pk).rows
    ),
    "src/anju/payments/actions/assessed_form.py draft_reassessment Household": lambda of: (
        draft_reassessment(by=of.keeper, reassessment=_formed(of).pk).rows
    ),
    "src/anju/payments/actions/assessed_form.py _rows Part": lambda of: (
        draft_reassessment(by=of.keeper, reassessment=_formed(of).pk).rows
    ),
    "src/anju/payments/actions/assessed_form.py _rows Person": lambda of: (
        draft_reassessment(by=of.keeper, reassessment=_formed(of).pk).rows
    ),
    "src/anju/payments/actions/months.py _turn Month": lambda of: months.confirm_hold(
        by=of.other, month=str(_held(of).pk)
    ),
    "src/anju/payments/actions/reassessing.py _check_seen Person": _seen,
    "src/anju/payments/actions/reassessing.py _waiting Reassessment": lambda of: reassessing.withdraw_reassessment(
        by=of.keeper, reassessment=_formed(of).pk
    ),
    "src/anju/payments/actions/returning.py _chosen Premium": lambda of: _paid(of, asked=True).pk,
    "src/anju/payments/actions/rents.py _sent RentGrant": _proposed,
    "src/anju/payments/queries/comparisons.py Compared.counties CountyFacts": _new_county,
    "src/anju/payments/queries/comparisons.py Compared._duties Duty": _to_compare,
    "src/anju/payments/queries/households.py ByHousehold._elsewhere Month": _paid_elsewhere,
    "src/anju/payments/queries/month.py InMonth.strays Month": lambda of: sorted(_before(of).strays),
    "src/anju/payments/queries/month.py _money Amount": _came_back,
    "src/anju/payments/queries/one.py offices_of Amount": lambda of: paid_of.offices_of(of.asking, _by_another(of).pk),
    "src/anju/payments/queries/payees.py pays Month": lambda of: payees.pays(
        of.keeper, str(_held(of).person_id), "dibao", _held(of).month, _held(of).payer
    ),
    "src/anju/payments/queries/payees.py paid Amount": lambda of: payees.paid(
        of.keeper, str(_by_another(of).pk), "dibao", month_of(YESTERDAY), "500233101000"
    ),
    "src/anju/payments/queries/payees.py paid_here Amount": lambda of: payees.paid_here(
        of.keeper, {_by_another(of).pk}
    ),
    "src/anju/payments/queries/payees.py paid_here Month": _due_from_another,
    "src/anju/payments/queries/second.py reassessments Household": _to_agree,
    "src/anju/payments/queries/second.py reassessments Reassessment": _to_agree,
    "src/anju/register/actions/facts.py begin_county CountyFacts": _begun,
    "src/anju/payments/queries/payees.py payees Month": lambda of: payees.payees(of.keeper, [_held(of).pk]),
    "src/anju/payments/queries/premiums.py _of_county Batch": lambda of: premiums._of_county(
        of.asking, Scheme(of.own.premiums.scheme), of.own.county, of.own.premiums.year, "某县"
    ),
    "src/anju/payments/queries/premiums.py standing Premium": lambda of: sorted(
        premiums.standing(of.asking, Scheme.MEDICAL, _paid(of).year, [str(of.own.person.pk)])
    ),
    "src/anju/payments/queries/reassessments.py people_for Person": lambda of: reassessments.people_for(
        of.asking, of.own.household
    ),
    "src/anju/payments/queries/reassessments.py home_of Membership": lambda of: reassessments.home_of(
        of.asking, _left(of)
    ),
    "src/anju/payments/queries/rents.py _owed Duty": _due,
    "src/anju/payments/queries/rents.py due RentGrant": _due,
    "src/anju/payments/queries/second.py grants RentGrant": _to_approve,
    "src/anju/payments/queries/second.py returns Premium": lambda of: (
        _paid(of, asked=True).pk,
        sorted(row.pk for row in second.returns(of.asking)),
    ),
    "src/anju/payments/queries/settlements.py shown Settlement": lambda of: settlements.shown(
        of.asking, [_reversed(of)]
    ),
    "src/anju/payments/queries/settlements.py waiting Duty": _waits,
    "src/anju/payments/queries/settlements.py told_in_case Case": _billed,
    "src/anju/payments/queries/settlements.py told_in_case Entry": _billed,
    "src/anju/register/actions/ending.py _take_back Relation": _ended,
    "src/anju/register/actions/ending.py restore_person Relation": lambda of: _ended(of, restored=True),
    "src/anju/register/queries/joinings.py _refused Joining": _twins,
    "src/anju/register/queries/one.py person_once_numbered Formerly": lambda of: one.person_once_numbered(
        of.keeper, before_of(of.own)
    ),
    "src/anju/register/queries/one.py formerly Formerly": lambda of: one.formerly(of.keeper, of.own.person),
    "src/anju/register/queries/one.py household_by_code Household": lambda of: one.household_by_code(
        of.keeper, of.own.household.code
    ),
}
"""What holds a call, by its name (`Call.name`)."""
