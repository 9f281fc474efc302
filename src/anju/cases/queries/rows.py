"""Cases as rows of a page: about whom, where they stand, whose turn it is, until when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from anju.cases.clocks import Clock, Clocks
from anju.cases.models import Case, Turn
from anju.cases.moves import went_on
from anju.cases.procedures import Running, forward
from anju.cases.queries.lists import purpose
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.government.residents import Somebody
from anju.policy.model import Step
from anju.register.queries.whom import Whom, whom


@dataclass(frozen=True, slots=True)
class Waiting:
    """Whose turn it is: the office (``place`` and ``office``), or the resident, since when and until when. ``done``: all is done, and holds
    from the turn's day on.
    """

    turn: Turn
    place: str
    office: str
    clock: Clock
    done: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A case of a list. ``action``: the first way on of its step, as the page words it. ``went``: that the person lives elsewhere by now.
    ``mine``: it is one of the waiting ones. ``review``: how far the day is on which somebody looks again (`review_of`).
    """

    case: Case
    whom: Whom | None
    procedure: str
    clause: str
    step: Step | None
    action: str
    waiting: Sequence[Waiting]
    went: str = ""
    mine: bool = False
    review: str = ""


def rows(officer: Officer, cases: Sequence[Case], clocks: Clocks, mine: Sequence[Turn] = ()) -> list[Row]:
    """The rows of some cases; of an inbox one for each of the turns that are ``mine``, which stand in the order of the cases."""
    turns = mine or open_turns(officer, [case.pk for case in cases if case.step])
    by_case: dict[UUID, list[Turn]] = {}
    for turn in turns:
        by_case.setdefault(turn.case_id, []).append(turn)
    about = whom(officer, ((case.subject_kind, case.subject_id) for case in cases), clocks.on)
    went = went_on(cases, {key: one.places for key, one in about.items() if one.places})
    names = Names({*(turn.region for turn in turns), *(code for one in went.values() for code in one.codes)}, clocks.on)
    told = {key: one.told(names) for key, one in went.items()}
    if mine:
        return [_row(turn.case, about, waiting([turn], names, clocks), told, clocks.on, mine=True) for turn in mine]
    return [_row(case, about, waiting(by_case.get(case.pk, ()), names, clocks), told, clocks.on) for case in cases]


def open_turns(officer: Somebody, cases: Iterable[UUID]) -> list[Turn]:
    """The turns that wait at some cases."""
    seen = Turn.objects.visible_to(officer, purpose=purpose)
    return list(seen.filter(case__in=list(cases), until_entry=None).order_by("pk"))


def waiting(turns: Iterable[Turn], names: Names, clocks: Clocks) -> list[Waiting]:
    """Turns in words."""
    return [
        Waiting(turn, names(turn.region), office_of(turn), clocks.of(turn), turn.since > clocks.on) for turn in turns
    ]


def office_of(turn: Turn) -> str:
    """乡镇·人社; 本人 for a resident."""
    return "本人" if turn.resident else f"{Level(turn.level).label}·{Line(turn.line).label}"


def first_action(step: Step) -> str:
    """The first way on of a step, as the page words it."""
    return next((move.action for move in step.moves if forward(step, move)), step.moves[0].action)


def review_of(case: Case, on: date) -> str:
    """``past``, ``come`` (it is the day) or ``ahead``; "" for a case that is not suspended."""
    if case.review_on is None:
        return ""
    return "past" if case.review_on < on else "come" if case.review_on == on else "ahead"


def _row(
    case: Case,
    about: Mapping[tuple[str, str], Whom],
    told: Sequence[Waiting],
    went: Mapping[UUID, str],
    on: date,
    *,
    mine: bool = False,
) -> Row:
    running = Running.of(case)
    step = running.step(case.step) if case.step else None
    return Row(
        case,
        about.get((case.subject_kind, case.subject_id)),
        running.procedure.name,
        running.policy.clauses[case.clause].title,
        step,
        first_action(step) if step else "",
        told,
        went.get(case.pk, ""),
        mine,
        review_of(case, on),
    )


def days_of(case: Case, on: date) -> int:
    """For how many days a case has been under way, or was."""
    until = timezone.localdate(case.closed_at) if case.closed_at else on
    return (until - case.applied_on).days
