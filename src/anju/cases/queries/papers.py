"""The papers of a case, without their content: for those who do the clause's work, and for others those that they laid in themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.cases.models import Case, Notice, Paper, PaperKind
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


def papers_of(officer: Officer, case: Case, *, works: bool) -> Sequence[Laid]:
    """The papers of a case, the latest first, or where the officer does not do the work the own ones; one question."""
    found = Paper.objects.visible_to(officer, purpose=purpose).filter(case=case).select_related("by").defer("content")
    if not works:
        found = found.filter(by=officer)
    running = Running.of(case)
    return [
        Laid(
            paper, paper.about.reveal(), running.step(paper.step).name, bool(case.step) and paper.after == case.entries
        )
        for paper in found.order_by("-pk")
    ]


def proofs(officer: Officer, notice: Notice) -> Sequence[tuple[str, str]]:
    """What may prove that a notice hung: the evidence among the papers that were laid into its case since, by key, with what each is."""
    laid = Paper.objects.visible_to(officer, purpose=purpose).filter(case=notice.case_id, after__gte=notice.after)
    found = laid.filter(kind=PaperKind.EVIDENCE)
    return [(str(paper.pk), paper.about.reveal()) for paper in found.defer("content").order_by("-pk")]
