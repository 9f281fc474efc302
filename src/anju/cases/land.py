"""Land at the origin that goes a plot at a time: how much of it is let, or in a project, once a case more has ended (1.4-1, 1.4-2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anju.cases.fields import Value
from anju.cases.procedures import Running
from anju.government.refusals import Refused
from anju.policy.model import Fact

plot = "亩数"
"""What a case writes down of its own plot."""
_digits = 4
FactOf = Callable[[str], Fact | None]


@dataclass(frozen=True, slots=True)
class Going:
    """``done``: the fact how much has gone by now, and ``sum`` the field that becomes it; ``any``: whether any has; ``whole``: how much
    there is. In mu.
    """

    done: str
    sum: str
    any: str
    whole: str

    def before(self, fact_of: FactOf) -> float | None:
        """How much had gone before the case; None where nobody has recorded how much."""
        return _figure(fact_of(self.done)) if fact_of(self.any) is True else 0

    def left(self, fact_of: FactOf) -> float | None:
        """How much is left; None where it cannot be told."""
        before, whole = self.before(fact_of), _figure(fact_of(self.whole))
        return None if before is None or whole is None else round(whole - before, _digits)

    def after(self, fact_of: FactOf, values: Mapping[str, Value]) -> float | None:
        """How much has gone with the plot of the case; None where it cannot be told."""
        before, own = self.before(fact_of), _figure(values.get(plot))
        return None if before is None or own is None else round(before + own, _digits)


_terms = {
    "original_land_transferred_mu": ("original_land_transferred", "original_land_mu"),
    "eco_included_mu": ("eco_included", "eco_eligible_mu"),
}


def going(running: Running) -> Going | None:
    """What a procedure lets go a plot at a time, as its page says under 办结; None for all others."""
    effects = (effect for effect in running.procedure.effects if effect.what in _terms)
    return next((Going(one.what, one.becomes, *_terms[one.what]) for one in effects), None)


def check_land(
    running: Running, fields: Mapping[str, Value], facts: Callable[[frozenset[str]], Mapping[str, Fact]]
) -> None:
    """Raise `Refused` for a plot that is larger than what is left, and for a sum that is not more than before or more than there is.

    Args:
        facts: what is known of some terms of the subject, asked only where land goes.
    """
    land = going(running)
    if land is None or not {plot, land.sum} & fields.keys():
        return
    terms, known = running.policy.terms, facts(frozenset({land.done, land.any, land.whole}))
    left, before = land.left(known.get), land.before(known.get)
    own, total, whole = _figure(fields.get(plot)), _figure(fields.get(land.sum)), _figure(known.get(land.whole))
    if own is not None and (own <= 0 or (left is not None and own > left)):
        rest = f"，现在还剩 {left:g} 亩" if left is not None else ""
        raise Refused(f"“{plot}”写的是 {own:g}：要大于 0{rest}；台账上的亩数不对的，先改台账。")
    if total is not None and ((before is not None and total <= before) or (whole is not None and total > whole)):
        most = f"，不超过“{terms[land.whole].name}” {whole:g}" if whole is not None else ""
        raise Refused(f"“{land.sum}”写的是 {total:g}：是以前的加上这一次的，要大于 {before or 0:g}{most}。")


def _figure(value: Fact | Value | None) -> float | None:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
