"""The papers of a case, without their content: for those who do the clause's work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.cases.models import Case, Paper
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose
from anju.government.models import Officer


@dataclass(frozen=True, slots=True)
class Laid:
    """A paper in words. ``now``: it goes with the step that is taken next."""

    paper: Paper
    about: str
    step: str
    now: bool


def papers_of(officer: Officer, case: Case) -> Sequence[Laid]:
    """The papers of a case, the latest first; one question."""
    found = Paper.objects.visible_to(officer, purpose=purpose).filter(case=case).select_related("by").defer("content")
    running = Running.of(case)
    return [
        Laid(
            paper, paper.about.reveal(), running.step(paper.step).name, bool(case.step) and paper.after == case.entries
        )
        for paper in found.order_by("-pk")
    ]
