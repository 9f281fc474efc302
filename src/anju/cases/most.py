"""What a figure may be at most: a letter of introduction is good for no more days than the pages allow (1.2-4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from anju.cases.fields import Value
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.duties.editions import Counties
from anju.government.refusals import Refused
from anju.register.facts import today

_at_most: Mapping[str, str] = {"有效天数": "介绍信最长天数"}
"""What is to be written down → the parameter that bounds it."""


def check_most(case: Case, running: Running, fields: Mapping[str, Value]) -> None:
    """Raise `Refused` for a figure that is more than the pages allow on this day, or none at all."""
    for name in _at_most.keys() & fields.keys():
        edition = Counties.of(running.policy, today()).edition(case.destination[:6])
        most, days = edition.parameters.get(_at_most[name]), fields[name]
        if isinstance(days, int) and isinstance(most, (int, Fraction)) and not 1 <= days <= most:
            raise Refused(f"“{name}”写的是 {days}，要在 1 到 {most} 之间（{_at_most[name]}）。")
