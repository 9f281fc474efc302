"""The papers of a case, without their content: for those who do the clause's work, and for others those that they laid in themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Case as Kind
from django.db.models import Exists, F, OuterRef, Subquery, UUIDField, Value, When
from django.db.models.functions import Cast, Replace

from anju.cases.models import Bundle, Case, Cases, Notice, Paper, PaperKind, Papers, Sort, open_states
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose, seen
from anju.government.models import Officer, never
from anju.government.residents import Resident
from anju.register.models import Membership
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


def unsigned(officer: Officer, bundle: Bundle) -> Cases:
    """Of the cases of a bundle that were opened for people who did not come those that still wait for what they signed, a household's
    together.
    """
    opened = seen(officer).filter(pk__in=bundle.portions.filter(case__isnull=False).values("case"))
    if bundle.sort != Sort.OPENED or not json.loads(bundle.told.reveal()).get("absent"):
        return opened.none()
    there = Paper.objects.visible_to(officer, purpose=purpose).filter(case=OuterRef("pk"), kind=PaperKind.CONSENT)
    person = When(subject_kind="person", then=Cast(Replace("subject_id", Value("-"), Value("")), UUIDField()))
    member = Membership.objects.visible_to(officer, purpose=purpose).filter(person=OuterRef("person"), until=never)
    waiting = opened.filter(~Exists(there), step=1, state__in=open_states).annotate(
        person=Kind(person), home=Subquery(member.values("household__code"))
    )
    return waiting.order_by(F("home").asc(nulls_last=True), "pk")


def told_of(officer: Officer, waiting: Iterable[Case], on: date) -> Sequence[Unsigned]:
    """Some of those `unsigned` by name; few questions, however many they are."""
    cases = list(waiting)
    about = whom(officer, {(case.subject_kind, case.subject_id) for case in cases}, on)
    told = []
    for case in cases:
        one = about.get((case.subject_kind, case.subject_id))
        home: str | None = vars(case)["home"]
        told.append(Unsigned(case, one.name if one else "—", one.address if one else "", home or ""))
    return told


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
