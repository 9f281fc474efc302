"""The papers of a case, without their content: for those who do the clause's work, and for others those that they laid in themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from anju.cases.models import Case, Notice, Paper, PaperKind, Papers, open_states
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose, seen
from anju.government.models import Officer
from anju.government.residents import Resident
from anju.register.models import Person
from anju.register.queries.lists import homes_of
from anju.register.queries.whom import whom


@dataclass(frozen=True, slots=True)
class Laid:
    """A paper in words. ``now``: it goes with the step that is taken next."""

    paper: Paper
    about: str
    step: str
    now: bool


def papers_of(officer: Officer, case: Case, *, works: bool) -> Sequence[Laid]:
    """The papers of a case, the latest first, or where the officer does not do the work the own ones; one question."""
    found = _without_content(Paper.objects.visible_to(officer, purpose=purpose)).filter(case=case).select_related("by")
    if not works:
        found = found.filter(by=officer)
    running = Running.of(case)
    return [
        Laid(
            paper, paper.about.reveal(), running.step(paper.step).name, bool(case.step) and paper.after == case.entries
        )
        for paper in found.order_by("-pk")
    ]


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A case that waits for what somebody signed who did not come: whom it is about, and of which household (户编号, "" of none)."""

    case: Case
    name: str
    address: str
    home: str


def unsigned(officer: Officer, keys: Collection[str], on: date) -> Sequence[Unsigned]:
    """Of cases that were opened for people who did not come those that still wait for what they signed, a household's together."""
    there = Paper.objects.visible_to(officer, purpose=purpose).filter(case=OuterRef("pk"), kind=PaperKind.CONSENT)
    found = seen(officer).filter(pk__in=keys, step=1, state__in=open_states)
    cases = list(found.filter(~Exists(there)).order_by("pk"))
    about = whom(officer, {(case.subject_kind, case.subject_id) for case in cases}, on)
    people = Person.objects.visible_to(officer, purpose=purpose)
    homes = homes_of(officer, list(people.filter(pk__in=[c.subject_id for c in cases if c.subject_kind == "person"])))
    codes = {str(person): membership.household.code for person, membership in homes.items()}
    waiting = []
    for case in cases:
        one = about.get((case.subject_kind, case.subject_id))
        home = codes.get(case.subject_id, "")
        waiting.append(Unsigned(case, one.name if one else "—", one.address if one else "", home))
    return sorted(waiting, key=lambda one: (one.home == "", one.home, one.case.pk))


def own_papers(resident: Resident, case: Case) -> Sequence[Laid]:
    """What the resident handed in to an own case, the latest first."""
    found = _without_content(Paper.objects.visible_to(resident, purpose=purpose)).filter(case=case).order_by("-pk")
    running = Running.of(case)
    return [Laid(one, one.about.reveal(), running.step(one.step).name, one.after == case.entries) for one in found]


def proofs(officer: Officer, notice: Notice) -> Sequence[tuple[str, str]]:
    """What may prove that a notice hung: the evidence among the papers that were laid into its case since, by key, with what each is."""
    laid = Paper.objects.visible_to(officer, purpose=purpose).filter(case=notice.case_id, after__gte=notice.after)
    found = laid.filter(kind=PaperKind.EVIDENCE)
    return [(str(paper.pk), paper.about.reveal()) for paper in found.order_by("-pk")]


def _without_content(papers: Papers) -> Papers:
    return papers.select_related("scan").defer("scan__content")
