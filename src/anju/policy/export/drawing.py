"""How a procedure is drawn: one lane an actor, one column a step, letters below it, ways back above it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from anju.policy.export.markup import Box, Path
from anju.policy.model import Move, Policy, Procedure, Step

task_size = (100, 80)
_event, _gateway, _letter = 36, 50, (36, 50)
_sign = 12
"""The width of a Chinese character in a label."""
_left, _top, _header, _inset = 160, 80, 30, 12
_letter_pitch, _letters_inset, _channel = 100, 34, 22


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow as drawn: where it goes, and where its name stands."""

    id: str
    source: str
    target: str
    name: str
    path: Path
    label: Box


@dataclass(slots=True)
class Lane:
    """An actor's lane: who, which steps, and how many ways back and forth run along its top."""

    who: str
    steps: list[Step]
    channels: int = 0
    y: int = 0
    height: int = 0
    task_y: int = 0


@dataclass(slots=True)
class Drawing:
    """A procedure laid out. ``shapes`` are boxes by element id (pool, lanes, start, steps, choices, ends …)."""

    lanes: list[Lane]
    shapes: dict[str, Box] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)


def draw(procedure: Procedure, policy: Policy) -> Drawing:
    """Lay a procedure out."""
    lanes = _lanes(procedure, policy)
    drawing = Drawing(lanes)
    of_step = {step.number: lane for lane in lanes for step in lane.steps}
    _stack(lanes)
    right = _place(procedure, of_step, drawing.shapes)
    for number, lane in enumerate(lanes, 1):
        drawing.shapes[lane_id(number)] = Box(_left + _header, lane.y, right - _left - _header, lane.height)
    drawing.shapes["pool"] = Box(_left, _top, right - _left, sum(lane.height for lane in lanes))
    _connect(procedure, of_step, drawing)
    return drawing


def lane_id(number: int) -> str:
    """The id of a lane, from 1."""
    return f"lane_{number}"


def step_id(step: Step) -> str:
    """The id of a step's task."""
    return f"step_{step.number}"


def end_id(step: Step, way: int) -> str:
    """The id of the end event that a step's way out (from 1) leads to."""
    return f"end_{step.number}_{way}"


def letter_id(step: Step, letter: int) -> str:
    """The id of a letter (from 1) that a step produces."""
    return f"letter_{step.number}_{letter}"


def _lanes(procedure: Procedure, policy: Policy) -> list[Lane]:
    """The person first, then the sides in their own order."""
    by_who: dict[str, Lane] = {}
    for step in procedure.steps:
        by_who.setdefault(step.who, Lane(step.who, [])).steps.append(step)
    sides = ["person", *(side.code for side in policy.sides.values())]
    return sorted(by_who.values(), key=lambda lane: sides.index(lane.steps[0].actors[0].side))


def straight(step: Step) -> int | None:
    """The way out (from 0) that goes on to the right: to the next step, else to an end; None where there is neither."""
    targets = [move.target for move in step.moves]
    return next((targets.index(wanted) for wanted in (step.number + 1, 0, -1) if wanted in targets), None)


def _around(step: Step) -> list[tuple[int, Move]]:
    """The ways out that run along the lane's top to another step."""
    return [(at, move) for at, move in enumerate(step.moves) if move.target > 0 and at != straight(step)]


def _below(step: Step) -> list[int]:
    """The ways out (from 0) whose end stands below the choice."""
    return [at for at, move in enumerate(step.moves) if move.target <= 0 and at != straight(step)]


def _stack(lanes: list[Lane]) -> None:
    y = _top
    for lane in lanes:
        lane.channels = sum(len(_around(step)) for step in lane.steps)
        limits = 40 if any(step.limit for step in lane.steps) else 0
        letters = 20 + _letter[1] + 44 if any(step.letters for step in lane.steps) else 0
        ends = 40 + _event + 24 if any(_below(step) for step in lane.steps) else 0
        lane.y = y
        lane.task_y = y + 20 + lane.channels * _channel + limits
        lane.height = lane.task_y - y + task_size[1] + max(letters, ends) + 20
        y += lane.height


def _place(procedure: Procedure, of_step: Mapping[int, Lane], shapes: dict[str, Box]) -> int:
    """Place the events, tasks, choices and letters from left to right; gives the right side of the pool."""
    x = _left + _header + 40
    first = of_step[procedure.steps[0].number]
    shapes["start"] = Box(x, first.task_y + (task_size[1] - _event) // 2, _event, _event)
    x += _event + 50
    for step in procedure.steps:
        x = _place_step(step, of_step[step.number], x, shapes)
    return x


def _place_step(step: Step, lane: Lane, x: int, shapes: dict[str, Box]) -> int:
    """One column; gives where the next begins."""
    task = shapes[step_id(step)] = Box(x, lane.task_y, *task_size)
    for at in range(len(step.letters)):
        left = x + _letters_inset + at * _letter_pitch
        shapes[letter_id(step, at + 1)] = Box(left, task.bottom + 20, *_letter)
    if step.limit:
        shapes[f"limit_{step.number}"] = Box(x + _letters_inset, lane.task_y - 38, 110, 26)
    right = max(task.right, x + _letters_inset + len(step.letters) * _letter_pitch - 20)
    if len(step.moves) > 1:
        choice = shapes[f"choice_{step.number}"] = Box(right + 30, task.centre - _gateway // 2, _gateway, _gateway)
        right = choice.right
        for nth, at in enumerate(_below(step)):
            left = choice.middle - _event // 2 + nth * 90
            shapes[end_id(step, at + 1)] = Box(left, choice.bottom + 45, _event, _event)
            right = max(right, left + _event + _width(step.moves[at].action))
    at_straight = straight(step)
    if at_straight is None:
        return right + 40
    move = step.moves[at_straight]
    source = shapes.get(f"choice_{step.number}", task)
    right = max(right + 30, source.right + _width(move.action) + 30)
    if move.target <= 0:
        shapes[end_id(step, at_straight + 1)] = Box(right, task.centre - _event // 2, _event, _event)
        right += _event + 50
    return right


def _connect(procedure: Procedure, of_step: Mapping[int, Lane], drawing: Drawing) -> None:
    shapes, flows = drawing.shapes, drawing.flows
    start, first = shapes["start"], shapes[step_id(procedure.steps[0])]
    line = ((start.right, start.centre), (first.x, first.centre))
    flows.append(Flow("flow_start", "start", step_id(procedure.steps[0]), "", line, start))
    used: dict[str, int] = {}
    for step in procedure.steps:
        task = shapes[step_id(step)]
        choice = shapes.get(f"choice_{step.number}")
        source = f"choice_{step.number}" if choice else step_id(step)
        if choice:
            line = ((task.right, task.centre), (choice.x, choice.centre))
            flows.append(Flow(f"flow_{step.number}", step_id(step), source, "", line, task))
        lane = of_step[step.number]
        for at, move in enumerate(step.moves):
            target = step_id(procedure.steps[move.target - 1]) if move.target > 0 else end_id(step, at + 1)
            if (at, move) in _around(step):
                channel = used[lane.who] = used.get(lane.who, 0) + 1
                path, label = _around_path(shapes[source], shapes[target], lane.y + channel * _channel, move)
            elif at in _below(step):
                path, label = _down_path(shapes[source], shapes[target], move)
            else:
                path, label = _straight_path(shapes[source], shapes[target], move)
            flows.append(Flow(f"flow_{step.number}_{at + 1}", source, target, move.action, path, label))


def _straight_path(source: Box, target: Box, move: Move) -> tuple[Path, Box]:
    label = Box(source.right + 6, source.centre - 20, _width(move.action), 14)
    if source.centre == target.centre:
        return ((source.right, source.centre), (target.x, target.centre)), label
    turn = target.x - 16
    return (
        (source.right, source.centre),
        (turn, source.centre),
        (turn, target.centre),
        (target.x, target.centre),
    ), label


def _down_path(source: Box, target: Box, move: Move) -> tuple[Path, Box]:
    label = Box(target.middle + 6, target.y - 20, _width(move.action), 14)
    if source.middle == target.middle:
        return ((source.middle, source.bottom), (target.middle, target.y)), label
    turn = source.bottom + 12
    return (
        (source.middle, source.bottom),
        (source.middle, turn),
        (target.middle, turn),
        (target.middle, target.y),
    ), label


def _around_path(source: Box, target: Box, channel: int, move: Move) -> tuple[Path, Box]:
    """Up into the lane's channel, along it, and into the target near its left corner."""
    x = target.x + _inset
    end = target.y if channel < target.y else target.bottom
    width = _width(move.action)
    label = Box(source.middle - width - 6 if x < source.middle else source.middle + 6, channel - 16, width, 14)
    return ((source.middle, source.y), (source.middle, channel), (x, channel), (x, end)), label


def _width(text: str) -> int:
    return max(24, len(text) * _sign)


def letter_path(task: Box, letter: Box) -> Path:
    """The line from a task to a letter below it."""
    x = min(letter.middle, task.right - _inset)
    return (x, task.bottom), (letter.middle, letter.y)


def limit_path(task: Box, note: Box) -> Path:
    """The line from a task to the note above it that says how long it may take."""
    return (note.x + 10, task.y), (note.x + 10, note.bottom)


def nodes_of(lane: Lane, flows: Iterable[Flow], start: int) -> list[str]:
    """The ids of a lane's flow nodes: its tasks, their choices and ends, the start if step ``start`` is its own."""
    numbers = {step.number for step in lane.steps}
    found = ["start"] if start in numbers else []
    for step in lane.steps:
        found.append(step_id(step))
        if len(step.moves) > 1:
            found.append(f"choice_{step.number}")
        found += [flow.target for flow in flows if flow.target.startswith(f"end_{step.number}_")]
    return found
