"""Procedures as cases run by them: those of the version of the pages that a case began with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from anju.cases.fields import Field, field_of, fields_of
from anju.cases.models import Case, by_guardian
from anju.duties.versions import policy_of
from anju.policy.force import Way, steps_in_force, ways_of_force
from anju.policy.model import Effect, Move, Policy, Procedure, Step
from anju.register.guideline import guideline

at_the_end: Way = ("", "")
"""The way of what changes when a case ends."""


@dataclass(frozen=True, slots=True)
class Running:
    """A procedure and the pages it stands on."""

    policy: Policy
    procedure: Procedure

    @classmethod
    def of(cls, case: Case) -> Running:
        """That of a case."""
        policy = policy_of(case.version_id)
        return cls(policy, policy.procedures[case.procedure])

    def step(self, number: int) -> Step:
        """A step by its number."""
        return self.procedure.steps[number - 1]

    def fields(self, number: int) -> tuple[Field, ...]:
        """What is to be written down at a step."""
        return _fields_at(self.policy.version, self.procedure.code, number)

    def effects(self, way: Way) -> tuple[Effect, ...]:
        """What changes by a way out of a step, or `at_the_end`."""
        return tuple(effect for effect in self.procedure.effects if (effect.step, effect.action) == way)

    def field(self, name: str) -> Field:
        """A field of any step."""
        return field_of(self.policy, self.procedure, name)


@lru_cache(maxsize=1024)
def _fields_at(version: str, procedure: str, number: int) -> tuple[Field, ...]:
    policy = policy_of(version)
    found = policy.procedures[procedure]
    return fields_of(policy, found, found.steps[number - 1])


def forward(step: Step, move: Move) -> bool:
    """Whether a move goes on: to a later step or to the end, be it 终止 where a step does nothing but tell of it. What does not gives back,
    asks for more or gives up, as one that leads to such a step.
    """
    only_tells = all(other.target < 0 for other in step.moves)
    return move.target == 0 or (move.target > step.number and not move.gives_up) or only_tells


def stays(case: Case) -> bool:
    """Whether what a case is about has taken effect, so that nobody takes it back. One of earlier pages, which changes the register
    only when it ends, stays from the step on from which it would by today's.
    """
    if case.in_force_at is not None or not case.step:
        return case.in_force_at is not None
    return Running.of(case).step(case.step).name in _stays(guideline().version, case.procedure)


@lru_cache(maxsize=512)
def _stays(_version: str, procedure: str) -> frozenset[str]:
    """The names of the steps of a procedure at which what it is about has taken effect."""
    found = guideline().procedures.get(procedure)
    return frozenset(found.steps[number - 1].name for number in steps_in_force(found)) if found else frozenset()


def takes_effect(running: Running, way: Way) -> bool:
    """Whether what a case is about takes effect by a way out of a step, before its end."""
    return way in ways_of_force(running.procedure)


_moved: Mapping[str, str] = {
    "hukou": "户口已迁",
    "party": "党组织关系已转",
    "membership": "集体成员身份已确认",
    "pension": "养老保险已转",
    "medical": "医保关系已转",
    "assistance": "救助关系已转",
    "election": "选民已登记",
}


def changed_by(running: Running) -> str:
    """What a procedure changes first, as one says it."""
    relations = (effect.what for effect in running.procedure.effects if effect.kind == "relation")
    return next((_moved[what] for what in relations), f"{running.procedure.name}已办结")


by_village = "村社区提出"
"""The way on with which a village begins for somebody who need not apply."""
elsewhere = frozenset({"窗口提交", "村社区代办", by_guardian, by_village})
"""What is done at a window, by a village or by a guardian for somebody, and not by the person online."""


def begun_by_person(procedure: Procedure) -> bool:
    """Whether a procedure begins with the person, who chooses to apply."""
    return any(actor.person for actor in procedure.steps[0].actors)


def own_moves(step: Step, *, guardian: bool = False) -> tuple[Move, ...]:
    """The ways out of a step of the person's that the person may take online; for a child its ``guardian`` the one that is a guardian's."""
    if guardian and any(move.action == by_guardian for move in step.moves):
        return tuple(move for move in step.moves if move.action == by_guardian)
    return tuple(move for move in step.moves if move.action not in elsewhere)


def subject_of(policy: Policy, procedure: str) -> str:
    """The kind of subject that a procedure is for: that of the decisions that lead to it, else of the facts that it changes."""
    return _subject_of(policy.version, procedure) if policy is guideline() else _found(policy, procedure)


@lru_cache(maxsize=512)
def _subject_of(_version: str, procedure: str) -> str:
    return _found(guideline(), procedure)


def _found(policy: Policy, procedure: str) -> str:
    leading = {kind.code for kind in policy.duties.values() if kind.ends == ("procedure", procedure)}
    for decision in policy.decisions.values():
        if any(leading & set(row.duties) for row in decision.rows):
            return decision.subject
    facts = (policy.terms[e.what] for e in policy.procedures[procedure].effects if e.kind == "fact")
    return next((term.subjects[0] for term in facts), "person")


def procedures_for(policy: Policy, kind: str) -> tuple[Procedure, ...]:
    """The procedures for a kind of subject, in the order of the pages."""
    return tuple(p for p in policy.procedures.values() if subject_of(policy, p.code) == kind)


notice_term = "notice_state"
"""The term 公示 of the pages."""


@lru_cache(maxsize=512)
def posting_steps(version: str, procedure: str) -> tuple[int, ...]:
    """The numbers of the steps of a procedure at which a public notice is posted."""
    policy = policy_of(version)
    if not any(guard.decision == notice_term for guard in policy.procedures[procedure].guards):
        return ()
    notices = {letter.name for letter in policy.letters.values() if letter.form == "公示"}
    return tuple(step.number for step in policy.procedures[procedure].steps if notices & set(step.letters))


def hanging_limit(procedure: Procedure, number: int) -> str:
    """The parameter that says how long a notice hangs that is posted at a step: the step's or, where it has none, that of the next."""
    step = procedure.steps[number - 1]
    following = (procedure.steps[move.target - 1] for move in step.moves if move.target > 0 and forward(step, move))
    return step.limit or next((one.limit for one in following if one.limit), "")


@lru_cache(maxsize=8)
def hanging_limits(version: str) -> frozenset[str]:
    """The limits that are the length of a notice: a step with one of them can only be taken on the day after."""
    procedures = policy_of(version).procedures.values()
    return frozenset(hanging_limit(one, number) for one in procedures for number in posting_steps(version, one.code))
