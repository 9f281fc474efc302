"""The offices that the procedures name, each with one officer, at both sides of the family's move; and what they would write down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from anju.cases.actions import take_step
from anju.cases.fields import Field, Value
from anju.cases.models import Case, Turn
from anju.cases.procedures import Running
from anju.cases.turns import place_at
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from tests.government.cast import SINCE, hold, officer, post
from tests.register.cast import DESTINATION, ORIGIN


@dataclass
class Offices:
    """Every office of some places, made when first asked for: one officer a line, level and region."""

    known: dict[tuple[str, str, str], Officer] = field(default_factory=dict)

    def at(self, line: str, level: str, region: str) -> Officer:
        """The officer of a seat."""
        seat = (line, level, region)
        if seat not in self.known:
            who = officer(f"{line}-{level}-{region}"[:40])
            hold(who, post(region, level, line), SINCE)
            self.known[seat] = who
        return self.known[seat]

    def open_all(self, *places: str) -> Offices:
        """Let all seats at some places be held."""
        for place in places or (ORIGIN, DESTINATION):
            for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY):
                for line in Line.values:
                    self.at(line, level, place_at(place, level))
        return self

    def of(self, turn: Turn) -> Officer:
        """Whose turn it is; of a county's case where a township acts the county, on the paper that it has."""
        county = turn.level == Level.TOWNSHIP and turn.region.endswith("000000")
        return self.at(Line.CIVIL_AFFAIRS if county else turn.line, Level.COUNTY if county else turn.level, turn.region)


def waiting(case: Case) -> list[Turn]:
    """The turns that are open at a case."""
    with everything():
        return list(Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk"))


def value_for(known: Field) -> Value:
    """Something that may stand in a field."""
    given: Mapping[str, Value] = {
        "text": "无",
        "paper": True,
        "yes": True,
        "whole": 3,
        "number": 2.5,
        "day": today().isoformat(),
        "month": today().isoformat()[:7],
    }
    if known.name == "末发月":  # the destination's first month is this one
        return (today().replace(day=1) - timedelta(1)).isoformat()[:7]
    return known.choices[1][0] if known.kind == "choice" else given[known.kind]


def step_on(case: Case, offices: Offices, action: str, *, reason: str = "情况如此", **more: Value) -> Case:
    """Take a step in the name of the first office whose turn it is, with all that is to be written down."""
    turn = waiting(case)[0]
    with everything():
        fields = {f.name: value_for(f) for f in Running.of(case).fields(case.step)}
    return take_step(
        by=offices.of(turn),
        case=case.pk,
        seen=case.entries,
        action=action,
        fields={**fields, **more},
        reason=reason,
        basis="回函一份",
    )
