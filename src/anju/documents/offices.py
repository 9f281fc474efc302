"""Offices as they write: a line at a region, under its name and its 机关代字."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anju.documents.models import Letterhead
from anju.government.lines import Level, Line
from anju.government.models import Officer, PostHolding
from anju.government.queries import Scope, visible_regions
from anju.government.queries.names import Names

_county: Mapping[str, str] = {
    Line.CIVIL_AFFAIRS: "民政局",
    Line.PUBLIC_SECURITY: "公安局",
    Line.HUMAN_RESOURCES: "人力资源和社会保障局",
    Line.MEDICAL_SECURITY: "医疗保障局",
    Line.AGRICULTURE: "农业农村委员会",
    Line.CULTURE: "文化和旅游发展委员会",
    Line.DEVELOPMENT: "发展和改革委员会",
    Line.RURAL_REVITALISATION: "乡村振兴局",
    Line.GOVERNMENT: "人民政府",
}
signs: Mapping[str, str] = {
    Line.CIVIL_AFFAIRS: "民",
    Line.ORGANISATION: "组",
    Line.PUBLIC_SECURITY: "公",
    Line.HUMAN_RESOURCES: "人社",
    Line.MEDICAL_SECURITY: "医保",
    Line.AGRICULTURE: "农",
    Line.CULTURE: "文旅",
    Line.DEVELOPMENT: "发改",
    Line.RURAL_REVITALISATION: "乡振",
    Line.GOVERNMENT: "府",
    Line.COMMITTEE: "居",
    Line.COLLECTIVE: "集",
}


@dataclass(frozen=True, slots=True)
class Office:
    """A line at a region with its level."""

    line: str
    level: str
    region: str

    def held_by(self, scope: Scope) -> bool:
        """Whether a post is one of this office's."""
        return (scope.line, scope.level, scope.lo) == (self.line, self.level, self.region)


@dataclass(frozen=True, slots=True)
class Head:
    """How an office calls itself, and its letters; ``sign`` is "" where nobody has named the place yet."""

    name: str
    sign: str


def head_of(office: Office, on: date) -> Head:
    """What the office has chosen, or what follows from its place."""
    found = Letterhead.objects.filter(line=office.line, region=office.region).first()
    return Head(found.name, found.sign) if found else made_up(office, Names([office.region], on))


def writes_for(by: Officer, office: Office, on: date) -> bool:
    """Whether the officer holds a post of the office."""
    return any(office.held_by(scope) for scope in visible_regions(by, on))


def others_of(office: Office, by: Officer, on: date) -> bool:
    """Whether anybody else holds a post of the office."""
    held = PostHolding.objects.filter(
        post__line=office.line,
        post__region=office.region,
        post__since__lte=on,
        post__until__gt=on,
        since__lte=on,
        until__gt=on,
        officer__is_active=True,
    )
    return held.exclude(officer=by).exists()


def made_up(office: Office, names: Names) -> Head:
    """How an office is called as long as it chooses nothing."""
    place = names(office.region)
    short = names.near(office.region) if office.level != Level.CITY else place
    short = short.removesuffix("土家族苗族自治县").removesuffix("自治县").rstrip("区县市乡镇") or short
    last = signs[office.line]
    if office.level == Level.VILLAGE:
        short, last = _of_village(office, names)
    if office.level == Level.VILLAGE:
        body = "居民委员会" if place.endswith("社区") else "村民委员会"
        name = f"{place}农村集体经济组织" if office.line == Line.COLLECTIVE else f"{_stem(place)}{body}"
    elif office.level == Level.TOWNSHIP:
        name = {
            Line.ORGANISATION: f"中共{place}委员会",
            Line.PUBLIC_SECURITY: f"{place}派出所",
        }.get(Line(office.line), f"{place}{'办事处' if place.endswith('街道') else '人民政府'}")
    elif office.line == Line.ORGANISATION:
        name = f"中共{place}委员会组织部"
    else:
        name = place + _county.get(office.line, Line(office.line).label)
    return Head(name[:60], f"{short[-14:]}{last}" if short else "")


def _of_village(office: Office, names: Names) -> tuple[str, str]:
    """How a village's letters begin: the township's name and the village's; "" for one that nobody has named."""
    village, township = names.village(office.region), names.near(f"{office.region[:9]}000")
    if village.startswith("（"):
        return "", ""
    own = village.removesuffix("社区").removesuffix("村") or village
    town = township.removesuffix("街道").rstrip("乡镇") or township
    body = "居" if village.endswith("社区") else "村"
    return f"{town}{own}", signs[office.line] if office.line != Line.COMMITTEE else body


def _stem(place: str) -> str:
    return place.removesuffix("村") if place.endswith("村") else place
