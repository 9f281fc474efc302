"""Whose turn it is at a step: by side, level and line a post at a place; and who may act for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import QuerySet

from anju.cases.models import Case, Turn
from anju.cases.procedures import Running
from anju.duties.subjects import placed
from anju.government.lines import Level, Line
from anju.government.models import Post, PostHolding
from anju.government.queries import Scope, reaching
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.government.regions.table import significant
from anju.policy.model import Actor, Procedure, Step
from anju.register.facts import today
from anju.register.models import Relation
from anju.register.models.relations import Kind
from anju.register.privacy import works_on
from anju.walls.prepared import prepared

_digits: Mapping[str, int] = {"village": 12, "township": 9, "county": 6, "city": 4}
sides: Mapping[str, tuple[str, ...]] = {
    "origin": ("origin",),
    "destination": ("destination",),
    "insured": ("insured",),
    "own": ("destination",),
    "both": ("origin", "destination"),
}
"""The sides of a case that a side of the pages means."""
_aims: Mapping[str, str] = {"迁入": "destination", "迁出": "origin", "本级": "destination", "参保": "insured"}
_levels: Mapping[str, str] = {"村社区": "village", "乡镇": "township", "区县": "county", "市": "city"}
_side_names: Mapping[str, str] = {"origin": "迁出地", "destination": "迁入地", "insured": "参保地"}
_insurers: Mapping[str, str] = {"human_resources": "pension", "medical_security": "medical"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where the steps of a case are done: 12-digit codes, "" where it is not known or the case has no such side."""

    origin: str
    destination: str
    insured: str

    @classmethod
    def of(cls, case: Case) -> Places:
        """Those of a case."""
        return cls(case.origin, case.destination, case.insured)

    def all(self) -> tuple[str, ...]:
        """Each of them."""
        return (self.origin, self.destination, self.insured)


def places_for(kind: str, subject: str, procedure: Procedure, on: date, origin: str = "") -> Places:
    """Where the steps for a subject are done; ``origin``: the other side's place, for a site or a county. Raises `Refused` where a side of
    the procedure has no place.
    """
    (row,) = placed(kind, [subject], on).iter_rows(named=True)
    actors = [actor for step in procedure.steps for actor in step.actors if not actor.person]
    insurer = next((_insurers[a.line] for a in actors if a.side == "insured" and a.line in _insurers), "")
    insured = row[insurer] if insurer else ""
    if not insured and any(e.kind == "relation" and aim_of(e.becomes)[0] == "insured" for e in procedure.effects):
        # who is not insured gets insured where the hukou is (domain 1.5, E8); one that is not known has not moved
        insured = place_at(row["hukou"] or row["origin"] or row["destination"], "county")
    found = Places(row["origin"] or origin, row["destination"], insured)
    for side in sides_of(procedure):
        if not getattr(found, side):
            raise Refused(f"{_side_names[side]}还没有登记，这个流程要它来办；请先登记{_side_names[side]}。")
    if kind == "person" and "origin" in sides_of(procedure) and any(e.what in _given for e in procedure.effects):
        _check_giving(subject, found, on)
    return found


_given = frozenset({str(Kind.ASSISTANCE)})
"""Relations that whoever holds them gives away: after a second move or a return that is not where the household once came from."""


def _check_giving(person: str, places: Places, on: date) -> None:
    """Raise `Refused` where the relation lies at neither side of the move: its present holder has to be the side that gives it."""
    steps = Relation.objects.unscoped().filter(kind=Kind.ASSISTANCE, person_id=person, since__lte=on)
    holder = steps.order_by("-since").values_list("holder", flat=True).first()
    township = place_at(holder, "township") if holder else ""
    if holder and not any(within_one(township, place) for place in (places.origin, places.destination)):
        names = Names([holder, places.origin], on)
        raise Refused(
            f"救助关系现在由{names(holder)}管，登记的迁出地却是{names(places.origin)}；"
            f"再次搬迁或者迁回的，先把迁出地更正为{names(holder)}，由它转出。"
        )


def aim_of(becomes: str) -> tuple[str, str]:
    """Where the page leads a relation, 迁入·乡镇: the side of a case and the level."""
    side, _, level = becomes.partition("·")
    return _aims[side], _levels[level]


def within_one(holder: str, place: str) -> bool:
    """Whether one of two places lies in the other."""
    one, other = significant(holder), significant(place)
    return one.startswith(other) or other.startswith(one)


def sides_of(procedure: Procedure) -> tuple[str, ...]:
    """The sides that have steps in a procedure: origin, destination, insured."""
    actors = (actor for step in procedure.steps for actor in step.actors if not actor.person)
    return tuple(dict.fromkeys(side for actor in actors for side in sides[actor.side]))


def place_at(code: str, level: str) -> str:
    """The place of a level in which a code lies; a code that is not told so closely stays as it is."""
    return code[: _digits[level]].ljust(12, "0")


def turns_at(case: Case, running: Running, since: date, valid_until: date | None = None) -> list[Turn]:
    """The turns that a case's step brings, not saved yet; ``valid_until``: the last day where the page's limit does not say it."""
    step, places = running.step(case.step), Places.of(case)
    made: dict[tuple[str, str, str, str], Turn] = {}
    for actor in step.actors:
        for part, line, level, region in seats(actor, places):
            turn = Turn(
                case=case,
                since_entry=case.entries,
                step=step.number,
                part=part,
                resident=actor.person,
                line=line,
                level=level,
                region=region,
                since=since,
                limit=step.limit,
                valid_until=valid_until,
            )
            made.setdefault((part, line, level, region), turn)
    return list(made.values())


def seats(actor: Actor, places: Places) -> Iterable[tuple[str, str, str, str]]:
    """Part, line, level and region; for the resident the village that acts for whoever lives there."""
    if actor.person:
        yield "", Line.COMMITTEE, Level.VILLAGE, places.destination
        return
    for side in sides[actor.side]:
        part = side if actor.side == "both" else ""
        yield part, actor.line, actor.level, place_at(getattr(places, side), actor.level)


def mine(
    turns: Iterable[Turn],
    scopes: Sequence[Scope],
    case: Case,
    running: Running,
    on: date,
    empty: Callable[[Turn], bool] | None = None,
) -> list[Turn]:
    """Of the turns at a step those that an officer with these posts may take; ``empty``: `vacant`, for whoever has asked already."""
    asked = empty or partial(vacant, on=on)
    return [turn for turn in turns if may_take(turn, scopes, case, running, asked)]


def seated(turns: Iterable[Turn], scopes: Sequence[Scope]) -> list[Turn]:
    """Of the turns at a step those at which one of the posts itself sits, for no resident and for no other office."""
    return [turn for turn in turns if not turn.resident and _sits(scopes, turn.line, turn.level, turn.region)]


def may_take(
    turn: Turn,
    scopes: Sequence[Scope],
    case: Case,
    running: Running,
    empty: Callable[[Turn], bool],
) -> bool:
    """Whether a post may act: its own turn; for a resident the village of either side or whoever the step leads to; and where nobody holds
    the seat, on the paper that came from there: whoever does the clause's work if nobody ever held it, as in another province; the posts
    above it in its own line if somebody did, who is on leave or has left.
    """
    if _sits(scopes, turn.line, turn.level, turn.region):
        return True
    if turn.resident:
        return _for_resident(scopes, case, running.step(turn.step), running)
    if not empty(turn):
        return False
    if PostHolding.objects.filter(post__in=_posts(turn, today())).exists():
        return any(scope.line == turn.line and scope.lo <= turn.region < scope.hi for scope in scopes)
    return works_on(reaching(scopes, *Places.of(case).all()), case.clause)


def vacant(turn: Turn, on: date) -> bool:
    """Whether nobody holds the post whose turn it is."""
    return not turn.resident and not _held(turn.line, turn.level, turn.region, on)


@prepared
def _held(line: str, level: str, region: str, on: date) -> QuerySet[PostHolding, int]:
    seat = PostHolding.objects.filter(post__line=line, post__level=level, post__region=region)
    now = seat.filter(post__since__lte=on, post__until__gt=on, since__lte=on, until__gt=on, officer__is_active=True)
    return now.values_list("pk", flat=True)[:1]


def _posts(turn: Turn, on: date) -> QuerySet[Post]:
    """The post whose turn it is, where there is one on a day."""
    return Post.objects.filter(line=turn.line, level=turn.level, region=turn.region, since__lte=on, until__gt=on)


def _for_resident(scopes: Sequence[Scope], case: Case, step: Step, running: Running) -> bool:
    places = Places.of(case)
    villages = (place for place in (places.origin, places.destination) if place)
    if any(_sits(scopes, Line.COMMITTEE, Level.VILLAGE, place) for place in villages):
        return True
    leads = [running.step(move.target) for move in step.moves if move.target > 0 and move.target != step.number]
    leading = (seat for following in leads for a in following.actors if not a.person for seat in seats(a, places))
    return any(_sits(scopes, line, level, region) for _, line, level, region in leading)


def _sits(scopes: Iterable[Scope], line: str, level: str, region: str) -> bool:
    return any(s.line == line and s.level == level and s.lo <= region < s.hi for s in scopes)
