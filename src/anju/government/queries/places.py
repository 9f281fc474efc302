"""Regions by name or code, their full names, and what lies in a county."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, IntegerField, QuerySet, Value, When

from anju.government.models import Post, Region
from anju.government.refusals import Refused
from anju.government.regions.reach import code_length, padded, scope_of
from anju.government.regions.table import significant

_levels = tuple(Region.Kind)


@dataclass(frozen=True, slots=True)
class Place:
    """A region with its full name from the province down."""

    region: Region
    name: str

    def __str__(self) -> str:
        return f"{self.name} {self.region.code}"


def find_places(text: str, on: date, *, kinds: Iterable[int] = _levels, at_most: int = 12) -> list[Place]:
    """The regions of a day whose code begins with the text, or whose name has it; what begins with it first."""
    wanted = text.strip()
    if not wanted:
        return []
    valid = _valid(on).filter(level__in=tuple(kinds))
    if wanted.isascii() and wanted.isdigit():
        found = valid.filter(code__gte=wanted, code__lt=f"{wanted}:").order_by("code")
    else:
        first = Case(When(name__startswith=wanted, then=Value(0)), default=Value(1), output_field=IntegerField())
        found = valid.filter(name__contains=wanted).order_by(first, "level", "code")
    return _named(found[:at_most], on)


def the_place(text: str, on: date, *, kinds: Iterable[int] = _levels, former: bool = False) -> Region:
    """The one region that is meant by a code, by its full name, or by both as `Place` writes them.

    Args:
        former: what is no more by that day may be meant, too; 江北区 is then both Chongqing's and Ningbo's.

    Raises:
        Refused: none or several are meant.
    """
    wanted, among = "".join(text.split()), tuple(kinds)
    found = _meant(wanted, _valid(on).filter(level__in=among), on)
    if former:
        gone = _meant(wanted, _given_up(on).filter(level__in=among), on)
        found += {region.code: region for region in gone}.values()
    if not found and not _code(wanted):
        found = [place.region for place in find_places(wanted, on, kinds=among)]
    if len(found) != 1:
        many = "不止一个，请从提示里选，或者填代码。" if found else "没有找到，请从提示里选，或者填代码。"
        raise Refused(f"“{text.strip()[:40]}”{many}")
    return found[0]


def _meant(wanted: str, among: QuerySet[Region], on: date) -> list[Region]:
    """Those of a code at the end of the text, or else of a name whose full form ends like the text."""
    if code := _code(wanted):
        return list(among.filter(code=_padded(code)))
    same = _named(among.filter(name__in=_endings(wanted)), on)
    return [place.region for place in same if place.name.endswith(wanted)]


def place_names(codes: Iterable[str], on: date) -> Mapping[str, str]:
    """The full names of regions by code, as they are on that day; of what is no more, its last one."""
    wanted = set(codes)
    above = {part for code in wanted for part in _path(code)}
    rows = Region.objects.filter(code__in=above).order_by("code", "until")
    known: dict[str, Region] = {}
    for row in rows:
        if row.code not in known or row.since <= on:
            known[row.code] = row
    return {code: "".join(known[part].name for part in _path(code) if part in known) or code for code in wanted}


def counties_with_posts() -> list[str]:
    """The codes of the counties in which there is a post, now or before."""
    regions = Post.objects.values_list("region", flat=True).distinct()
    return sorted({f"{code[:6]}000000" for code in regions if not code.endswith("00000000")})


def within(region: Region) -> QuerySet[Region]:
    """Everything that lies or lay below a region, by code, older names first."""
    lo, hi = scope_of(region.code)
    return Region.objects.filter(code__gt=lo, code__lt=hi).order_by("code", "until")


def _valid(on: date) -> QuerySet[Region]:
    return Region.objects.filter(since__lte=on, until__gt=on)


def _given_up(on: date) -> QuerySet[Region]:
    """What was before that day under codes that nothing has on it, older names first."""
    return Region.objects.filter(until__lte=on).exclude(code__in=_valid(on).values("code")).order_by("code", "until")


def _named(found: Iterable[Region], on: date) -> list[Place]:
    regions = list(found)
    names = place_names((region.code for region in regions), on)
    return [Place(region, names[region.code]) for region in regions]


def _path(code: str) -> list[str]:
    """The codes from the province down to the region itself."""
    head = significant(code)
    return [head[:length].ljust(code_length, "0") for length in _levels if length <= len(head)]


def _endings(name: str) -> list[str]:
    """What the last part of a full name may be: 奉节县 in 重庆市奉节县."""
    return [name[start:] for start in range(len(name) - 1)][:60]


def _code(text: str) -> str:
    """The digits at the end."""
    return text[len(text.rstrip("0123456789")) :]


def _padded(code: str) -> str:
    try:
        return padded(code)
    except ValueError as error:
        raise Refused(str(error)) from error
