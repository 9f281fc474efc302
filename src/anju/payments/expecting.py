"""What is to come is expected: every night the months that the chains reach by now are set up for everyone, and the counties in which
relocated people live are there to owe the monthly comparison.
"""

from __future__ import annotations

from itertools import groupby

from django.db.models import Exists, OuterRef

from anju.government.models import Post
from anju.government.second_wall import everything
from anju.jobs.actions import job, report
from anju.jobs.models import Job
from anju.payments.chain import expected, horizon, locked, steps_of
from anju.payments.models import Month, Payer
from anju.register.among import Many
from anju.register.asking import columns_of
from anju.register.changes import changed
from anju.register.models import CountyFacts, Person

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


@job
def expect_comparisons(_: Job) -> None:
    """Let every county with people and posts here be a subject of its own: what it owes is evaluated with it from then on."""
    with everything():
        living = columns_of(
            Person.objects.unscoped().filter(ended_on=None).exclude(destination=""), {"at": "destination"}
        )
        offices = {region[:6] for region in Post.objects.values_list("region", flat=True)}
        codes = [f"{county}000000" for county in sorted(set(living["at"].str.slice(0, 6)) & offices)]
        known = CountyFacts.objects.unscoped().filter(code__among=Many(codes)).values_list("code", flat=True)
        lacking = sorted(set(codes) - set(known))
        CountyFacts.objects.unscoped().bulk_create(CountyFacts(code=code, revision=0) for code in lacking)
        changed("county", lacking)
