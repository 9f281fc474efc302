"""Places as officers say them: names for codes, the places that a list may be narrowed to, and the code of what somebody typed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from anju.government.models import Region
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.regions.names import find, parse
from anju.government.regions.reach import padded, scope_of
from anju.government.regions.table import county, regions, significant, township, village

_most_suggested = 12
_code_in = re.compile(r"\d{2,12}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to choose; ``depth`` 0 is a post's own region, 1 lies in it, and so on."""

    code: str
    name: str
    depth: int = 0


def choices(scopes: Sequence[Scope], chosen: str, on: date) -> list[Choice]:
    """What a list may be narrowed to: the regions of the posts, the way to the chosen one, and what lies in that."""
    found: dict[str, Choice] = {}
    for lo, hi in dict.fromkeys((scope.lo, scope.hi) for scope in scopes):
        _open(found, significant(lo), chosen if lo <= chosen < hi else "", on, 0)
    return list(found.values())


def _open(found: dict[str, Choice], code: str, chosen: str, on: date, depth: int) -> None:
    names = Names([padded(code)], on)
    found[padded(code)] = Choice(padded(code), names.near(padded(code)) if depth else names(padded(code)), depth)
    if depth and not significant(chosen or "00").startswith(code):
        return
    for below in _below(code, on):
        _open(found, below, chosen, on, depth + 1)


def _below(code: str, on: date) -> list[str]:
    """The regions one level further down, as they are on that day."""
    if len(code) == township:
        lo, hi = scope_of(code)
        rows = Region.objects.filter(code__gt=lo, code__lt=hi, since__lte=on, until__gt=on)
        return list(rows.order_by("code").values_list("code", flat=True))
    length = township if len(code) >= county else county
    listed = (r.code for r in regions() if len(r.code) == length and r.code.startswith(code) and r.holds(on))
    return list(dict.fromkeys(listed))


def suggestions(text: str, on: date) -> list[Choice]:
    """Places that somebody may mean who types this."""
    words = text.strip()
    if len(words) < 2:
        return []
    listed = [r for r in regions() if words in r.name and r.holds(on)]
    rows = Region.objects.filter(level=village, name__contains=words, since__lte=on, until__gt=on).order_by("code")
    codes = (
        [padded(r.code) for r in listed] or [found]
        if (found := code_of(words, on)[0])
        else [padded(r.code) for r in listed]
    )
    codes += list(rows.values_list("code", flat=True)[:_most_suggested])
    codes = list(dict.fromkeys(codes))[:_most_suggested]
    names = Names(codes, on)
    return [Choice(code, names(code)) for code in codes]


def code_of(text: str, on: date) -> tuple[str, str]:
    """The 12-digit code of a place that is typed as a code, as a name, or both; or "" and why not, in a sentence."""
    words = text.strip()
    digits = _code_in.search(words)
    if digits:
        try:
            return padded(digits[0]), ""
        except ValueError as error:
            return "", str(error)
    if not words:
        return "", ""
    place = parse(words)
    found = find(place, on)
    if found.doubt or not found.code:
        return "", found.doubt or f"“{words}”看不出是哪里，请写明区县和乡镇，或填统计用区划代码。"
    if found.village or (found.township and not place.township):
        lo, hi = scope_of(found.code)
        rows = Region.objects.filter(code__gt=lo, code__lt=hi, name__startswith=found.village, level=village)
        codes = list(rows.filter(since__lte=on, until__gt=on).values_list("code", flat=True)[:2])
        if len(codes) != 1:
            return "", f"“{found.village}”没有登记，或者不止一个；请填到乡镇，或填 12 位统计用区划代码。"
        return codes[0], ""
    return padded(found.code), ""
