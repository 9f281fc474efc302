"""Which figures a county may set otherwise than the pages, and which officer may set them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from anju.duties.models import CountyValue
from anju.government.lines import Level
from anju.government.queries import Scope
from anju.policy.model import Parameter
from anju.register.guideline import guideline
from anju.register.privacy import lines_of_clause

_words_of_choice = ("内控", "区县")


def may_differ(parameter: Parameter) -> bool:
    """Whether a county may hold a value of its own: what nobody set, what is our own choice, what its source leaves to counties.

    What the guideline or a law fixes holds everywhere.
    """
    open_one = parameter.value is None or any(word in parameter.source for word in _words_of_choice)
    return open_one and not isinstance(parameter.value, date)


def on_page(name: str, on: date) -> Parameter:
    """The parameter as the page has it on a day, or as it first or last had it. Raises `KeyError` for no parameter."""
    dated = [p for p in guideline().parameters[name] if not p.county]
    held = (p for p in dated if (p.since is None or p.since <= on) and (p.until is None or on < p.until))
    return next(held, dated[-1])


def settable(on: date) -> tuple[Parameter, ...]:
    """Every parameter that a county may set, in page order."""
    parameters = (on_page(name, on) for name in guideline().parameters)
    return tuple(parameter for parameter in parameters if may_differ(parameter))


def counties_of(scopes: Iterable[Scope]) -> tuple[str, ...]:
    """The counties whose figures concern an officer: those of the posts; for a post of the city those that have figures of their own."""
    found: dict[str, None] = {}
    for scope in scopes:
        if scope.level == Level.CITY:
            own = CountyValue.objects.filter(county__gte=scope.lo, county__lt=scope.hi).order_by("county")
            found.update(dict.fromkeys(own.values_list("county", flat=True)))
        else:
            found[f"{scope.lo[:6]}000000"] = None
    return tuple(found)


def may_set(scopes: Iterable[Scope], county: str, clause: str) -> bool:
    """Whether one of the posts is of the county itself and does the clause's work."""
    lines = lines_of_clause(clause)
    return any(s.level == Level.COUNTY and s.lo == county and s.line in lines for s in scopes)


def values_of(county: str, names: Sequence[str] | None = None) -> dict[str, list[CountyValue]]:
    """A county's own values by parameter, the latest first."""
    rows = CountyValue.objects.filter(county=county).order_by("parameter", "-since")
    found: dict[str, list[CountyValue]] = {}
    for row in rows if names is None else rows.filter(parameter__in=names):
        found.setdefault(row.parameter, []).append(row)
    return found


def spoken(value: Fraction | date | None) -> str:
    """A figure as people write it; empty where nobody set it."""
    if value is None or isinstance(value, date):
        return value.isoformat() if value else ""
    return f"{float(value):.4f}".rstrip("0").rstrip(".")
