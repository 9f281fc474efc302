"""Months are expected before they come: every night those that the chains reach by now are set up, for everyone."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Exists, OuterRef

from anju.government.second_wall import everything
from anju.jobs.actions import job, report
from anju.jobs.models import Job
from anju.payments.chain import expected, horizon, locked, steps_of
from anju.payments.models import Month, Payer
from anju.register.changes import changed

_at_once = 200


@job
def expect_months(begun: Job) -> None:
    """Set up what is lacking. Killed and begun again, it finds what is left to do by itself."""
    todo, made = lacking(), 0
    for at in range(0, len(todo), _at_once):
        made += set_up(todo[at : at + _at_once])
        report(job=begun, done=at + len(todo[at : at + _at_once]), total=len(todo), message=f"新定 {made:,} 个月")


def lacking() -> list[tuple[str, str]]:
    """Whose months do not reach the horizon, by person and kind."""
    mine = {"person": OuterRef("person"), "kind": OuterRef("kind")}
    with everything():
        following = Payer.objects.unscoped().filter(**mine, after=OuterRef("since"))
        reached = Month.objects.unscoped().filter(**mine, month=horizon())
        last = Payer.objects.unscoped().filter(~Exists(following), ~Exists(reached)).exclude(payer="")
        return sorted((str(person), kind) for person, kind in last.values_list("person_id", "kind"))


def set_up(whom: list[tuple[str, str]]) -> int:
    """Set up the months of some people; how many."""
    made = 0
    with everything():
        for person, kinds in groupby(whom, key=lambda one: one[0]):
            locked(person)
            for _, kind in kinds:
                there = Month.objects.unscoped().filter(person_id=person, kind=kind).values_list("month", flat=True)
                rows = expected(steps_of(person, kind), there)
                Month.objects.unscoped().bulk_create(rows)
                made += len(rows)
        changed("person", sorted({person for person, _ in whom}))
    return made
