"""What must be true of cases after every deed, told by the tables alone and from the pages: no action's own check is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from anju.cases.models import Case, Did, Entry, Notice, Objection, Paper, State, Turn, Vote, Voter, open_states
from anju.cases.procedures import Running, at_the_end
from anju.cases.turns import place_at
from anju.documents.models import Letter
from anju.government.models import Officer
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything, looking_everywhere
from anju.journal.models import Entry as Noted
from anju.policy.model import Effect
from anju.register.models import Person, Relation
from anju.register.models.relations import Kind

Row = Mapping[str, Any]
Seats = AbstractSet[tuple[str, str, str]]
"""Line, level and region of whoever holds them."""
_beside: Sequence[Any] = (Notice, Objection, Vote, Voter, Paper, Letter)
_steps = frozenset(f"cases.{did}" for did in ("open", "move", "suspend", "resume", "withdraw", "terminate"))
_sides: Mapping[str, str] = {"迁入": "destination", "迁出": "origin", "参保": "insured"}
_levels: Mapping[str, str] = {"村社区": "village", "乡镇": "township", "区县": "county"}
_relations: Mapping[str, str] = {"membership": Kind.COLLECTIVE}


@dataclass(frozen=True)
class Now:
    """All rows of some cases, of the relations of whom they are about and of what lies beside the steps, as they are stored."""

    cases: Mapping[UUID, Row]
    entries: Mapping[UUID, Sequence[Row]]
    turns: Mapping[UUID, Sequence[Row]]
    relations: Sequence[Row]
    beside: Mapping[str, AbstractSet[tuple[Any, ...]]]
    noted: Counter[str]
    journal: int
    dead: frozenset[str]

    def waiting(self, case: UUID) -> list[Row]:
        """The turns that are open at a case."""
        return [turn for turn in self.turns[case] if turn["until_entry"] is None]

    def open(self) -> list[UUID]:
        """The cases that have not ended, in the order of their opening."""
        return [key for key, case in self.cases.items() if case["state"] in open_states]


def now(cases: Sequence[UUID]) -> Now:
    """What is stored at this moment."""
    with everything():
        rows = Case.objects.unscoped().filter(pk__in=cases).values()
        by_id = {row["id"]: row for row in rows}
        people = [UUID(row["subject_id"]) for row in by_id.values() if row["subject_kind"] == "person"]
        relations = Relation.objects.unscoped().filter(person__in=people).order_by("person", "kind", "since")
        ended = Person.objects.unscoped().filter(pk__in=people, ended_on__isnull=False)
        noted = Noted.objects.filter(object_id__in=map(str, cases), action__in=_steps)
        return Now(
            {key: by_id[key] for key in cases},
            _by_case(Entry.objects.unscoped().filter(case__in=cases).order_by("seq").values()),
            _by_case(Turn.objects.unscoped().filter(case__in=cases).order_by("pk").values()),
            list(relations.values()),
            {model._meta.db_table: _all_of(model._meta.db_table) for model in _beside},
            Counter(noted.values_list("object_id", flat=True)),
            Noted.objects.count(),
            frozenset(str(key) for key in ended.values_list("pk", flat=True)),
        )


def _all_of(table: str) -> AbstractSet[tuple[Any, ...]]:
    """All rows of a table, as they lie there."""
    with looking_everywhere(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
        return {tuple(bytes(one) if isinstance(one, memoryview) else one for one in row) for row in cursor.fetchall()}


def _by_case(rows: Iterable[Any]) -> Mapping[UUID, Sequence[Row]]:
    found: dict[UUID, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["case_id"]].append(row)
    return found


def check(told: Now, pages: Mapping[UUID, Running], held: Seats) -> None:
    """No step skipped, none taken twice, every open case waits for somebody who is there, and the journal has all of it."""
    for key, case in told.cases.items():
        entries, waiting, running = told.entries[key], told.waiting(key), pages[key]
        assert [entry["seq"] for entry in entries] == list(range(1, case["entries"] + 1)), "a deed is lost"
        assert told.noted[str(key)] == len(entries), "a deed is not in the journal, or one that was not done is"
        _check_way(case, entries, running)
        assert bool(waiting) == (case["state"] in open_states), "an open case waits for nobody, or a closed one waits"
        assert {turn["step"] for turn in waiting} <= {case["step"]}, "somebody is waited for elsewhere"
        assert len({(turn["part"], *seat_of(turn)) for turn in waiting}) == len(waiting), "two turns of one seat"
        for turn in waiting:
            assert _is_somebody(turn, case, told, held), f"{running.procedure.name} waits for nobody: {turn}"
    _check_relations(told)


def _check_way(case: Row, entries: Sequence[Row], running: Running) -> None:
    """Each step was taken where the case stood, by a way of the page, once by each side; and there it stands."""
    at, parts = 1, set[str]()
    for entry in entries[1:]:
        assert entry["step"] == at, "a step is skipped"
        if entry["did"] == Did.MOVED and entry["office"] != "系统":
            moves = {(move.action, move.target) for move in running.step(at).moves}
            assert (entry["action"], entry["target"]) in moves, "a way that the page does not have"
            assert entry["part"] not in parts, "one side took the step twice"
            parts.add(entry["part"])
            both = any(actor.side == "both" for actor in running.step(at).actors)
            goes = entry["target"] == 0 or entry["target"] > at
            if not both or not goes or parts == {"origin", "destination"}:
                at, parts = entry["target"], set()
        elif entry["did"] == Did.MOVED:  # the day has come from which on it holds
            assert entry["target"] == 0
            at = 0
        elif entry["did"] == Did.DATED:
            assert entry["target"] == at
            parts = set()
    ended = entries[-1]["did"] in (Did.WITHDRAWN, Did.TERMINATED)
    assert case["step"] == (0 if ended or at <= 0 else at)
    assert (case["state"] == State.DONE) == (at == 0)
    assert (case["state"] == State.SUSPENDED) == (entries[-1]["did"] == Did.SUSPENDED)


def _is_somebody(turn: Row, case: Row, told: Now, held: Seats) -> bool:
    """Whether somebody with a name can do it: who sits there, a resident who is alive, for an empty seat whoever is of the county."""
    if turn["resident"]:
        return case["subject_id"] not in told.dead
    return seat_of(turn) in held or any(region[:6] == turn["region"][:6] for _, _, region in held)


def seat_of(turn: Row) -> tuple[str, str, str]:
    """Where whoever takes a turn sits."""
    return turn["line"], turn["level"], turn["region"]


def _check_relations(told: Now) -> None:
    """Each relation of a person is one chain, with one holder at a time."""
    chains: dict[tuple[UUID, str], list[Row]] = defaultdict(list)
    for row in told.relations:
        chains[row["person_id"], row["kind"]].append(row)
    for chain in chains.values():
        assert [row["after"] for row in chain] == [None, *(row["since"] for row in chain)][: len(chain)], "two holders"


def check_arrived(before: Now, after: Now, pages: Mapping[UUID, Running], dead: bool) -> None:
    """A relation goes on only with the way out of a step, or the end of a case, that says so, and then lies where the page leads it."""
    if dead:
        return
    people = {UUID(case["subject_id"]) for case in before.cases.values() if case["subject_kind"] == "person"}
    new = [row for row in after.relations if row["person_id"] in people and row not in before.relations]
    moved = {(row["person_id"], row["kind"]) for row in new}
    meant = set[tuple[UUID, str]]()
    for key, was in before.cases.items():
        case, running = after.cases[key], pages[key]
        for effect in _had(was, case, after.entries[key], running):
            if effect.kind == "relation":
                kind = _relations.get(effect.what, effect.what)
                side, _, level = effect.becomes.partition("·")
                person, holder = UUID(case["subject_id"]), place_at(case[_sides[side]], _levels[level])
                meant.add((person, kind))
                holds = [row["holder"] for row in after.relations if (row["person_id"], row["kind"]) == (person, kind)]
                assert holds[-1:] == [holder], f"{running.procedure.name}: {kind} did not arrive"
    assert moved <= meant, "a relation went on, and nothing that was done says so"


def _had(was: Row, case: Row, entries: Sequence[Row], running: Running) -> list[Effect]:
    """What the page says of what was done of a case since: of each way that was gone by all whose step it was, and of its end."""
    ways = {
        (running.step(entry["step"]).name, entry["action"])
        for entry in entries[was["entries"] :]
        if entry["did"] == Did.MOVED and entry["target"] == case["step"]
    }
    if case["state"] == State.DONE != was["state"]:
        ways.add(at_the_end)
    return [effect for way in sorted(ways) for effect in running.effects(way)]


def may(who: Somebody, sits: Seats, case: Row, turns: Iterable[Row], running: Running, held: Seats) -> bool:
    """Whether one of the turns is somebody's who ``sits`` there, as the page says; of a seat that nobody has ``held`` that is not asked."""
    places = {case["origin"], case["destination"]} - {""}
    for turn in turns:
        if turn["resident"] and isinstance(who, Resident):
            if str(who.person) == case["subject_id"]:
                return True
        elif turn["resident"]:
            villages = {("committee", "village", place) for place in places}
            leads = {move.target for move in running.step(turn["step"]).moves if move.target > 0}
            actors = [actor for target in leads - {turn["step"]} for actor in running.step(target).actors]
            windows = {(a.line, a.level, place_at(place, a.level)) for a in actors for place in places if not a.person}
            if sits & (villages | windows):
                return True
        elif isinstance(who, Officer) and (seat_of(turn) in sits or seat_of(turn) not in held):
            return True
    return False
