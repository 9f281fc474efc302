"""`anju policy show`: a page as text, with every parameter's value on the day beside its name."""

from __future__ import annotations

import re
from datetime import date

from anju.policy.edition import Edition, Point
from anju.policy.model import Policy

_setting = re.compile(r"\{([^{}|]+)\}")


def show(policy: Policy, clause: str, on: date) -> str | None:
    """The page of a clause (``1.5``, ``一（五）`` or its file name), parameters filled in; None where there is none."""
    page = next((p for p in policy.pages if clause in (p.clause, p.file) or p.title.startswith(clause)), None)
    if page is None:
        return None
    return filled(page.source, Edition(policy, on), policy)


def filled(source: str, edition: Edition, policy: Policy) -> str:
    """Markdown with ``{领取年龄}`` written ``{领取年龄}（60 岁）``."""

    def value(match: re.Match[str]) -> str:
        name = match[1].strip()
        if name not in edition.parameters:
            return match[0]
        return f"{match[0]}（{spoken(edition.parameters[name])}{policy.parameters[name][0].unit}）"

    return _setting.sub(value, source)


def spoken(point: Point) -> str:
    """A parameter's value as people write it."""
    if isinstance(point, date):
        return point.isoformat()
    return str(point.numerator) if point.denominator == 1 else f"{float(point):g}"
