"""What takes effect on the way and stays so: 生效 of the pages. What a step has moved no later one undoes (guideline 1.3-2)."""

from __future__ import annotations

from collections.abc import Iterator

from anju.policy.errors import Problem
from anju.policy.model import Effect, Procedure

Way = tuple[str, str]
"""A way out of a step: the step's name and the action."""


def ways_of_force(procedure: Procedure) -> frozenset[Way]:
    """The ways by which a relation of a procedure moves before the end."""
    return frozenset((e.step, e.action) for e in procedure.effects if e.step and e.kind == "relation")


def steps_in_force(procedure: Procedure) -> frozenset[int]:
    """The numbers of the steps that follow: whoever stands there has what the procedure is about."""
    ways = ways_of_force(procedure)
    led = {move.target for step in procedure.steps for move in step.moves if (step.name, move.action) in ways}
    return frozenset(number for target in led for number in reached(procedure, target) if number > 0)


def reached(procedure: Procedure, start: int, without: frozenset[Way] = frozenset()) -> frozenset[int]:
    """Where one comes to from a step, itself included, but by some ways: numbers of steps, 0 for 办结, -1 for 终止."""
    found: set[int] = set()
    pending = [start]
    while pending:
        if (at := pending.pop()) in found:
            continue
        found.add(at)
        steps = (step for step in procedure.steps if step.number == at)
        pending += [m.target for step in steps for m in step.moves if (step.name, m.action) not in without]
    return frozenset(found)


def forces(procedure: Procedure) -> Iterator[Problem]:
    """What takes effect has to name a way to a later step, and what is known by then; what moves a relation is passed by whoever comes to
    the end, once, and never given up after it.
    """
    ways = {
        (step.name, move.action): (step, move) for step in procedure.steps for move in step.moves if move.target > 0
    }
    for effect in procedure.effects:
        if not effect.step:
            continue
        if (effect.step, effect.action) not in ways:
            found = f"“{procedure.name}”没有环节“{effect.step}”的动作“{effect.action}”通向另一步"
            yield Problem(effect.place, "流程", found, "照流程表里的写；到办结才改的写在办结")
            continue
        step, move = ways[effect.step, effect.action]
        known = {name for one in procedure.steps[: step.number] for name in one.fields}
        later = {name for one in procedure.steps for name in one.fields} - known | {"办结日"}
        if unknown := {effect.since, effect.becomes} & later:
            found = f"“{effect.step}”的时候还没有“{min(unknown)}”"
            yield Problem(effect.place, "流程", found, "写这一步或前面一步的须填")
        if effect.kind == "relation":
            yield from _stays(procedure, effect, step.number, move.target)


def _stays(procedure: Procedure, effect: Effect, step: int, target: int) -> Iterator[Problem]:
    name, after = f"“{effect.step}”的“{effect.action}”", reached(procedure, target)
    if step in after:
        yield Problem(effect.place, "流程", f"{name}已经生效，后面又退得回这一步", "后面的步只退到它以后")
    if -1 in after:
        yield Problem(effect.place, "流程", f"{name}已经生效，后面又能终止", "后面的步只通向办结")
    if 0 in reached(procedure, 1, frozenset({(effect.step, effect.action)})):
        yield Problem(effect.place, "流程", f"不经过{name}也能办结", "每条通向办结的路都要经过它")
