"""What one officer of an office has proposed and another one has to look at before it counts: everything about money takes two."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from anju.government.asking import Asking
from anju.government.models import Post
from anju.government.regions.reach import scope_of
from anju.payments.models import (
    AskedFor,
    Batch,
    Closing,
    Premium,
    Reassessment,
    RentGrant,
    RentState,
    approves_rents,
    keeps_months,
    pays_premiums,
)
from anju.payments.models.assistance import Closings
from anju.payments.models.premiums import Batches, Premiums
from anju.payments.models.reassessments import Reassessments
from anju.payments.models.rents import RentGrants
from anju.register.models import Household

purpose = "经办"


def closings(who: Asking) -> Closings:
    """Months that somebody else asked to close."""
    if not any(map(keeps_months, who.scopes)):
        return Closing.objects.none()
    seen = Closing.objects.visible_to(who.officer, purpose=purpose)
    return seen.filter(closed_at=None).exclude(asked_by=who.officer)


def batches(who: Asking) -> Batches:
    """Premiums that somebody else drew up."""
    if not any(map(pays_premiums, who.scopes)):
        return Batch.objects.none()
    seen = Batch.objects.visible_to(who.officer, purpose=purpose)
    return seen.filter(approved_at=None).exclude(asked_by=who.officer)


def reassessments(who: Asking) -> Reassessments:
    """Households that the other side worked out anew, or where no office of the other side is here, somebody else of the same one."""
    working = [scope for scope in who.scopes if keeps_months(scope)]
    if not working:
        return Reassessment.objects.none()

    def ours(column: str) -> Q:
        return within(column, [(scope.lo, scope.hi) for scope in working])

    here = {region[:2] for region in Post.objects.values_list("region", flat=True).distinct()}

    def answers(other: str, own: str) -> Q:
        elsewhere = ~within(other, map(scope_of, here))
        return ours(other) | ours(own) & elsewhere

    turn = Q(asked_for=AskedFor.STAYS) & answers("goes_payer", "stays_payer")
    turn |= Q(asked_for=AskedFor.GOES) & answers("stays_payer", "goes_payer")
    turn |= Q(asked_for=AskedFor.BOTH) & (ours("stays_payer") | ours("goes_payer"))
    homes = Household.objects.visible_to(who.officer, purpose=purpose)
    seen = Reassessment.objects.visible_to(who.officer, purpose=purpose).filter(agreed_at=None, household__in=homes)
    return seen.filter(turn).exclude(asked_by=who.officer)


def within(column: str, ranges: Iterable[tuple[str, str]]) -> Q:
    """Where a code lies in one of some ranges."""
    found = Q(pk__in=[])
    for lo, hi in ranges:
        found |= Q(**{f"{column}__gte": lo, f"{column}__lt": hi})
    return found


def returns(who: Asking) -> Premiums:
    """Premiums that somebody else wants returned."""
    if not any(map(pays_premiums, who.scopes)):
        return Premium.objects.none()
    seen = Premium.objects.visible_to(who.officer, purpose=purpose)
    return seen.filter(return_asked_at__isnull=False, returned_at=None).exclude(return_asked_by=who.officer)


def grants(who: Asking) -> RentGrants:
    """Subsidies of land rent that somebody else proposed, where one of the posts approves them."""
    approving = [scope for scope in who.scopes if approves_rents(scope)]
    if not approving:
        return RentGrant.objects.none()
    here = within("destination", [(scope.lo, scope.hi) for scope in approving])
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose)
    return seen.filter(here, state=RentState.PROPOSED).exclude(asked_by=who.officer)
