"""What one officer of an office has proposed and another one has to look at before it counts: everything about money takes two."""

from __future__ import annotations

from django.db.models import Q

from anju.government.asking import Asking
from anju.payments.models import (
    Batch,
    Closing,
    RentGrant,
    RentState,
    approves_rents,
    keeps_months,
    pays_premiums,
)
from anju.payments.models.assistance import Closings
from anju.payments.models.premiums import Batches
from anju.payments.models.rents import RentGrants

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


def grants(who: Asking) -> RentGrants:
    """Subsidies of land rent that somebody else proposed, where one of the posts approves them."""
    approving = [scope for scope in who.scopes if approves_rents(scope)]
    if not approving:
        return RentGrant.objects.none()
    here = Q(pk__in=[])
    for scope in approving:
        here |= Q(destination__gte=scope.lo, destination__lt=scope.hi)
    seen = RentGrant.objects.visible_to(who.officer, purpose=purpose)
    return seen.filter(here, state=RentState.PROPOSED).exclude(asked_by=who.officer)
