"""The offices that the procedures name, each with one officer, at both sides of the family's move; and what they would write down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from anju.cases import votes
from anju.cases.actions import Figures, call_vote, count_vote, post_notice, take_step
from anju.cases.fields import Field, Value
from anju.cases.models import Case, Turn
from anju.cases.notices import is_posted_at
from anju.cases.procedures import Running
from anju.cases.recorded import Recorded
from anju.cases.turns import place_at
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from tests.government.cast import SINCE, hold, officer
from tests.government.cast import post as post_of
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
            hold(who, post_of(region, level, line), SINCE)
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


def value_for(known: Field, on: date | None = None) -> Value:
    """Something that may stand in a field on a day."""
    day = on or today()
    given: Mapping[str, Value] = {
        "text": "无",
        "paper": True,
        "yes": True,
        "whole": 3,
        "number": 2.5,
        "day": day.isoformat(),
        "month": day.isoformat()[:7],
    }
    if known.name == "末发月":  # the destination's first month is this one
        return (day.replace(day=1) - timedelta(1)).isoformat()[:7]
    return known.choices[1][0] if known.kind == "choice" else given[known.kind]


def step_on(
    case: Case,
    offices: Offices,
    action: str,
    *,
    reason: str = "情况如此",
    basis: str = "回函一份",
    on: date | None = None,
    **more: Value,
) -> Case:
    """Take a step in the name of the first office whose turn it is, with all that is to be written down, and its notice posted."""
    turn = waiting(case)[0]
    by = offices.of(turn)
    post(case, by, on or today())
    figures = {name: more.pop(name) for name in list(more) if name in ("表决方式", "应到", "同意")}
    vote(case, by, on or today(), figures)
    with everything():
        running = Running.of(case)
        owned = Recorded.of(case, running).owned(running.step(case.step))
        fields = {f.name: value_for(f, on) for f in running.fields(case.step) if f.name not in owned}
    return take_step(
        by=by,
        case=case.pk,
        seen=case.entries,
        action=action,
        fields={**fields, **more},
        reason=reason,
        basis=basis,
        on=on,
    )


def post(case: Case, by: Officer, on: date) -> None:
    """Post the notice of the step, where there is one and it does not hang yet."""
    with everything():
        running = Running.of(case)
        wanted = is_posted_at(running, running.step(case.step)) and Recorded.of(case, running).notice is None
    if wanted:
        post_notice(
            by=by,
            case=case.pk,
            seen=case.entries,
            since=on,
            until=None,
            place="村务公开栏",
            text="张青山申请，公示七天。",
        )


def vote(case: Case, by: Officer, on: date, figures: Mapping[str, Value]) -> None:
    """Call the vote of the step, or count it: of three who may vote all agree, unless ``figures`` say otherwise."""
    with everything():
        running = Running.of(case)
        step, meeting = running.step(case.step), votes.current(case, running)
    if votes.is_called_at(step) and meeting is None:
        names = [f"成员{n}" for n in range(int(figures.get("应到", 3)))]
        body = str(figures.get("表决方式", "members"))
        meeting = call_vote(by=by, case=case.pk, seen=case.entries, body=body, on=on, from_register=False, names=names)
    if meeting is not None and votes.is_counted_at(running, step) and meeting.counted_at is None:
        agreed = int(figures.get("同意", meeting.eligible))
        told = Figures(meeting.eligible, agreed, meeting.eligible - agreed, 0)
        count_vote(by=by, case=case.pk, vote=meeting.pk, figures=told)
