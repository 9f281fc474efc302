"""What a plot's subsidy comes to."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

hundredth = Decimal("0.01")


def mu_of(written: object) -> Decimal:
    """An area as the ledger has it, to the hundredth of a mu; what is less than that is not subsidised."""
    return Decimal(str(written)).quantize(hundredth, ROUND_DOWN)


def amount_of(mu: Decimal, rate: Decimal) -> Decimal:
    """Yuan for so many mu, to the cent; half a cent is a whole one."""
    return (mu * rate).quantize(hundredth, ROUND_HALF_UP)
