"""The figures of medical insurance and of premiums as they hold in a county on a day, each with where it comes from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from anju.duties.editions import Counties
from anju.duties.models import CountyValue
from anju.duties.parameters import on_page
from anju.payments.one_stop import Book, Figure
from anju.register.guideline import guideline


def book(clause: str, county: str, on: date) -> Book:
    """The figures of a clause's page by name; what has no value on the day is not there."""
    known = Counties.of(guideline(), on).edition(county[:6]).parameters
    bases = {
        row.parameter: row.basis
        for row in CountyValue.objects.filter(county=county, since__lte=on, until__gt=on).order_by("since")
    }
    found = {}
    for name, dated in guideline().parameters.items():
        value = known.get(name)
        if dated[0].clause == clause and isinstance(value, Fraction):
            own = name in bases
            source = bases[name] if own else on_page(name, on).source
            amount = Decimal(value.numerator) / Decimal(value.denominator)
            found[name] = Figure(name, amount, dated[0].unit, source, own)
    return found
