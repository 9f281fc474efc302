"""The letters of a case, as its page shows them; and the cases of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from anju.cases.fields import Value
from anju.cases.letters import filled_by, letters_of, matter, written_of
from anju.cases.procedures import Running
from anju.cases.queries.lists import seen
from anju.cases.queries.one import Shown
from anju.documents.forms import form_of
from anju.documents.matters import finds, owned
from anju.documents.models import Letter
from anju.documents.queries.lists import seen as seen_letters
from anju.government.models import Officer
from anju.government.residents import Resident, Somebody
from anju.policy import model as policy
from anju.register.facts import today
from anju.register.queries.whom import whom

_most = 20


@dataclass(frozen=True, slots=True)
class Offered:
    """A letter of the step: what it is, whether it has a number, and those of the kind that were written about the case."""

    kind: policy.Letter
    formal: bool
    written: Sequence[Letter]


@dataclass(frozen=True, slots=True)
class Letters:
    """``offered``: the letters of the step. ``others``: those of earlier steps. ``filled``: what they say about the fields of the step."""

    offered: Sequence[Offered]
    others: Sequence[Letter]
    filled: Mapping[str, Value]


def letters_about(officer: Officer, known: Shown) -> Letters:
    """The letters of a case; one question."""
    written = written_of(officer, known.case)
    kinds = letters_of(known.running, known.step) if known.step else []
    offered = [
        Offered(kind, form_of(kind.form).formal, [letter for letter in written if letter.kind == kind.code])
        for kind in kinds
    ]
    others = [letter for letter in written if letter.kind not in {kind.code for kind in kinds}]
    filled = filled_by(known.running, known.step, known.fields, written) if known.step and known.own else {}
    return Letters(offered, others, filled)


def letters_of_subject(officer: Somebody, kind: str, subject: str, cases: Iterable[UUID]) -> list[Letter]:
    """The latest letters about somebody or something, or about its ``cases``, that the officer may see, the newest first."""
    about = Q(matters__kind=kind, matters__key=subject)
    about |= Q(matters__kind=matter, matters__key__in=[str(case) for case in cases])
    return list(seen_letters(officer).filter(about).distinct().order_by("-pk")[:_most])


@finds(matter)
def cases_named(officer: Officer, keys: Sequence[str]) -> list[tuple[str, str]]:
    """Cases by their procedure and whom they are about, with their addresses; the first of many."""
    cases = list(seen(officer).filter(pk__in=keys[:_most]).order_by("pk"))
    subjects = whom(officer, [(case.subject_kind, case.subject_id) for case in cases], today())
    found = []
    for case in cases:
        subject = subjects.get((case.subject_kind, case.subject_id))
        name = f"{Running.of(case).procedure.name} {subject.name if subject else ''}".strip()
        found.append((name, reverse("cases:case", args=[case.pk])))
    return found


def _own(resident: Resident) -> list[UUID]:
    return list(seen(resident).values_list("pk", flat=True))


owned(matter, _own)
