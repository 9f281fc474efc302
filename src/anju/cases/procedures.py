"""Procedures as cases run by them: those of the version of the pages that a case began with."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anju.cases.fields import Field, field_of, fields_of
from anju.cases.models import Case
from anju.duties.versions import policy_of
from anju.policy.model import Move, Policy, Procedure, Step
from anju.register.guideline import guideline


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

    def field(self, name: str) -> Field:
        """A field of any step."""
        return field_of(self.policy, self.procedure, name)


@lru_cache(maxsize=1024)
def _fields_at(version: str, procedure: str, number: int) -> tuple[Field, ...]:
    policy = policy_of(version)
    found = policy.procedures[procedure]
    return fields_of(policy, found, found.steps[number - 1])


def forward(step: Step, move: Move) -> bool:
    """Whether a move goes on: to a later step or to the end. What does not gives back, asks for more or gives up."""
    return move.target == 0 or move.target > step.number


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
