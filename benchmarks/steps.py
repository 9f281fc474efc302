"""Steps of cases beside viewflow and SpiffWorkflow, on one database in one run: ``python -m benchmarks.steps``.

The same flow of six steps: 区县内救助迁移. Ours asks whose turn it is, checks what is written down, seals it, writes step and journal, and
changes the register at the end; the others save that a step was taken. Beside them stand its statements alone, said to the database once
more with nothing around them: less than that no engine takes that asks and keeps the same.

Works on an empty migrated database, with viewflow's tables in it:

    export DJANGO_SETTINGS_MODULE=benchmarks.steps_settings
    ANJU_RUNTIME=$(mktemp -d) sh -c 'python -m django migrate && python -m benchmarks.steps'
    ANJU_RUNTIME=$(mktemp -d) python -m tests.postgres sh -c 'python -m django migrate && python -m benchmarks.steps'
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from importlib.util import find_spec
from uuid import uuid4

import django
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.steps_settings")
django.setup()

# what needs the apps can only be imported now
from anju.cases.actions import open_case, take_step, take_steps  # noqa: E402 - see above
from anju.cases.fields import Field, Value  # noqa: E402 - see above
from anju.cases.models import Case, State  # noqa: E402 - see above
from anju.cases.procedures import Running, forward  # noqa: E402 - see above
from anju.cases.turns import place_at  # noqa: E402 - see above
from anju.government.models import Officer, Post, PostHolding, always  # noqa: E402 - see above
from anju.government.regions.scope import move_scope  # noqa: E402 - see above
from anju.government.regions.table import regions, township  # noqa: E402 - see above
from anju.government.second_wall import everything  # noqa: E402 - see above
from anju.policy.model import Fact, Step  # noqa: E402 - see above
from anju.register.actions.by_case import put_facts  # noqa: E402 - see above
from anju.register.facts import today  # noqa: E402 - see above
from anju.register.models import Person  # noqa: E402 - see above
from benchmarks.flows import replayed, spiff_steps  # noqa: E402 - see above
from benchmarks.register import make  # noqa: E402 - see above

if find_spec("viewflow"):  # requirements/bench.in
    from benchmarks.flows import viewflow_steps

_procedure = "transfer_assistance_by_notice"
_fitting: dict[str, Fact | None] = {"assistance_kind": "dibao", "assistance_moved": False, "hukou_moved": True}
"""What the page asks of somebody whom the procedure is for."""
_values: dict[str, Value] = {"text": "无", "paper": True, "yes": True, "whole": 3, "number": 600}


def value_for(known: Field) -> Value:
    """Something that may stand in a field."""
    if known.kind == "choice":
        return known.choices[1][0]
    day = today().isoformat()
    if known.name == "末发月":  # the month before the other side's first
        day = (today().replace(day=1) - timedelta(days=1)).isoformat()
    return {"day": day, "month": day[:7]}.get(known.kind) or _values[known.kind]


def in_the_same_county(destination: str) -> str:
    """A village of another township of what is the same county today, where nobody of the register lives."""
    villages = (f"{region.code}199" for region in regions() if len(region.code) == township)
    return next(one for one in villages if move_scope(one, destination, today()) == "same_county")


class Offices:
    """One officer at each seat."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str, str], Officer] = {}

    def at(self, line: str, level: str, region: str) -> Officer:
        """Who sits there."""
        seat = (line, level, region)
        if seat not in self.known:
            who = Officer.objects.create(account=f"o{len(self.known)}", name="李干部")
            post = Post.objects.create(line=line, level=level, region=region, since=always)
            PostHolding.objects.create(officer=who, post=post, since=always)
            self.known[seat] = who
        return self.known[seat]

    def of(self, step: Step, case: Case) -> list[Officer]:
        """Who takes a step: one, or one of each side."""
        (actor,) = step.actors
        if actor.person:
            return [self.at("committee", "village", case.destination)]
        sides = ("origin", "destination") if actor.side == "both" else (actor.side,)
        return [self.at(actor.line, actor.level, place_at(getattr(case, side), actor.level)) for side in sides]


def opened(offices: Offices, people: Sequence[Person]) -> list[Case]:
    """A case for each, and whoever takes its steps."""
    cases = [
        open_case(
            by=offices.at("civil_affairs", "township", place_at(person.destination, "township")),
            procedure=_procedure,
            subject=str(person.pk),
            applied_on=today(),
            how="本人到场申请",
        )
        for person in people
    ]
    for case in cases:
        for step in Running.of(case).procedure.steps:
            offices.of(step, case)
    return cases


def one_by_one(offices: Offices, cases: Sequence[Case]) -> int:
    """Each case through its steps, a step after the other; how many steps that were."""
    taken = 0
    for begun in cases:
        case = begun
        while case.state == State.RUNNING:
            running = Running.of(case)
            step = running.step(case.step)
            action = next(move.action for move in step.moves if forward(step, move))
            fields = {known.name: value_for(known) for known in running.fields(step.number)}
            for who in offices.of(step, case):
                case = take_step(by=who, case=case.pk, seen=case.entries, action=action, fields=fields)
                taken += 1
    return taken


def together(offices: Offices, cases: Sequence[Case]) -> int:
    """All cases through their steps, each step for all of them at once, as the page for many does."""
    taken, first = 0, cases[0]
    for step in Running.of(first).procedure.steps:
        action = next(move.action for move in step.moves if forward(step, move))
        fields = {known.name: value_for(known) for known in Running.of(first).fields(step.number)}
        by_officer: dict[Officer, list[Case]] = {}
        for case in cases:
            for who in offices.of(step, case):
                by_officer.setdefault(who, []).append(case)
        for who, theirs in by_officer.items():
            with everything():
                seen = dict(Case.objects.unscoped().filter(pk__in=[c.pk for c in theirs]).values_list("pk", "entries"))
            told = take_steps(by=who, cases={pk: (n, uuid4()) for pk, n in seen.items()}, action=action, fields=fields)
            assert not any(told.values()), told
            taken += len(told)
    return taken


def statements_alone(work: Callable[[], int]) -> Callable[[], int]:
    """The same statements and nothing else."""
    taken: list[int] = []
    deeds = replayed.statements_of(lambda: taken.append(work()) or 0)
    return partial(replayed.say_again, deeds, *taken)


def timed(work: Callable[[], int]) -> tuple[float, float]:
    """Steps a second, and of this process's own time: on a machine that others work on, too, only that compares from run to run."""
    begun, own = time.perf_counter(), time.process_time()
    steps = work()
    return steps / (time.perf_counter() - begun), steps / (time.process_time() - own)


def main() -> None:
    """Print steps a second, and how many times as many as ours in the same round."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    make(8 * asked.cases * (asked.rounds + 1))
    spiff_steps.make_table()
    offices, told = Offices(), spiff_steps.told
    with everything():
        people = list(Person.objects.unscoped().filter(ended_on=None)[: 4 * asked.cases * (asked.rounds + 1)])
        half = len(people) // 2
        alone, neighbours = people[:half], people[half:]  # only what one office has can be done together
        for person in people:
            person.destination = people[0].destination if person in neighbours else person.destination
            person.origin = in_the_same_county(person.destination)
            person.save(update_fields=["origin", "destination"])
            put_facts(kind="person", subject=str(person.pk), facts=_fitting)
    figures: dict[str, list[tuple[float, float]]] = {}
    for at in range(asked.rounds + 1):
        these = slice(asked.cases * at, asked.cases * (at + 1))
        cases, many = opened(offices, alone[these]), opened(offices, neighbours[these])
        again = slice(asked.cases * (asked.rounds + 1 + at), asked.cases * (asked.rounds + 2 + at))
        cases_again, many_again = opened(offices, alone[again]), opened(offices, neighbours[again])
        contestants = {
            "anju": partial(one_by_one, offices, cases),
            "anju, in bulk": partial(together, offices, many),
            "SpiffWorkflow": partial(spiff_steps.take_many, asked.cases, asked.cases * at, told),
        }
        if find_spec("viewflow"):
            contestants["viewflow"] = partial(viewflow_steps.take_many, asked.cases, told)
        found = {name: timed(work) for name, work in contestants.items()}
        if (
            connection.vendor == "sqlite"
        ):  # PostgreSQL numbers what was undone all the same, and rows would have other numbers
            found["its statements"] = timed(statements_alone(partial(one_by_one, offices, cases_again)))
            found["those in bulk"] = timed(statements_alone(partial(together, offices, many_again)))
        if at:  # the first warms up
            for name, figure in found.items():
                figures.setdefault(name, []).append(figure)
    for name, found_each in figures.items():
        per_second, of_own = (statistics.median(one) for one in zip(*found_each, strict=True))
        ratio = statistics.median(other[1] / ours[1] for ours, other in zip(figures["anju"], found_each, strict=True))
        of_process = f"{of_own:8.1f} a second of processor time, {ratio:6.2f} times ours"
        print(f"{name:<16} {per_second:8.1f} steps a second, {of_process}", flush=True)
    print(date.today())


if __name__ == "__main__":
    main()
