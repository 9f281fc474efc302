"""`anju policy check`: everything that can be proved about the pages, in one report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anju.policy.errors import PolicyError, Problem
from anju.policy.examples import run_examples
from anju.policy.integrity import integrity
from anju.policy.model import Policy
from anju.policy.proof import Proof, prove


@dataclass(frozen=True, slots=True)
class Report:
    """What was proved, and what is wrong."""

    policy: Policy
    proofs: tuple[Proof, ...]
    problems: tuple[Problem, ...]

    @property
    def combinations(self) -> int:
        """Complete combinations over which gaps and overlaps were excluded."""
        return sum(proof.complete for proof in self.proofs)

    @property
    def with_blanks(self) -> int:
        """Combinations, blanks included, on which both compilers gave the same."""
        return sum(proof.blanks for proof in self.proofs)


def check(policy: Policy, on: date) -> Report:
    """Prove the decisions, run the examples, look over the whole."""
    proofs: tuple[Proof, ...] = ()
    try:
        proofs = prove(policy, on)
        proved = tuple(problem for proof in proofs for problem in proof.problems)
    except PolicyError as error:
        proved = error.problems
    broken = not proofs or {problem.kind for problem in proved} & {"空缺", "重叠"}
    examples = () if broken else run_examples(policy)
    return Report(policy, proofs, (*integrity(policy), *proved, *examples))
