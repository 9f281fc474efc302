"""Many cases that stand where one stands, about as many people; and the work of a bundle, done round the queue."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from uuid import UUID

from anju.cases import bundles
from anju.cases.models import Bundle, Case, Did, Entry, Turn
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.jobs.actions import end
from anju.jobs.models import Job
from anju.register.models import Person
from tests.cases.cast import moved, waiting


def copies(case: Case, by: Officer, n: int, version: str = "") -> list[Case]:
    """As many more cases at the same step as one, each with one entry and its turns; of another version of the pages where it is given."""
    turns = waiting(case)
    people = [
        Person(name=f"张{number:04d}", origin=case.origin, destination=case.destination, initials="z")
        for number in range(n)
    ]
    with everything():
        Person.objects.unscoped().bulk_create(people)
        found = [
            Case(
                procedure=case.procedure,
                clause=case.clause,
                version_id=version or case.version_id,
                subject_kind="person",
                subject_id=str(person.pk),
                origin=case.origin,
                destination=case.destination,
                insured=case.insured,
                applied_on=case.applied_on,
                step=case.step,
            )
            for person in people
        ]
        Case.objects.unscoped().bulk_create(found)
        entries = [Entry(case=one, seq=1, did=Did.OPENED, step=1, target=1, by=by, on=one.applied_on) for one in found]
        for entry in entries:
            entry.told = "{}"
        Entry.objects.unscoped().bulk_create(entries)
        Turn.objects.unscoped().bulk_create(
            [moved(turn, case_id=one.pk, since_entry=1) for one in found for turn in turns]
        )
    return found


def worked(bundle: Bundle) -> Bundle:
    """The bundle's work is done, round the queue, which tells of an exception no more than its kind."""
    bundle.refresh_from_db()
    job = Job.objects.get(pk=str(bundle.job))
    inspect.unwrap(bundles.do_bundle.func)(job)
    end(job=job, state=Job.State.DONE)
    bundle.refresh_from_db()
    return bundle


def now(cases: Sequence[Case]) -> dict[UUID, Case]:
    """The cases as they are stored, in their order."""
    with everything():
        stored = Case.objects.unscoped().in_bulk([case.pk for case in cases])
    return {case.pk: stored[case.pk] for case in cases}
