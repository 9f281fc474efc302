"""The exported BPMN procedures: read by bpmn-moddle, whole and legible, and carried out by SpiffWorkflow."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.util.task import TaskState

from anju.policy.edition import Edition
from anju.policy.export.bpmn import bpmn_files, choice_name
from anju.policy.export.drawing import draw
from anju.policy.export.markup import Box
from anju.policy.load import load
from anju.policy.model import Procedure, Step
from tests.policy.engines import BPMN, node, violations

EDITION = Edition(load(), date(2026, 6, 30))
POLICY = EDITION.policy
FILES = bpmn_files(EDITION)
PROCEDURES = [pytest.param(procedure, id=procedure.name) for procedure in POLICY.procedures.values()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bpmn")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def text_of(procedure: Procedure) -> str:
    return FILES[f"{procedure.clause}-{procedure.code}.bpmn"]


def elements(procedure: Procedure, tag: str) -> list[ElementTree.Element]:
    return ElementTree.fromstring(text_of(procedure)).findall(f".//{{{BPMN}}}{tag}")


def test_every_procedure_has_a_file() -> None:
    assert len(FILES) == len(POLICY.procedures)


def test_bpmn_moddle_reads_them_without_a_warning(folder: Path) -> None:
    found = node("moddle.mjs", *(str(folder / name) for name in FILES))
    assert {Path(file).name: read["warnings"] for file, read in found.items()} == {name: [] for name in FILES}


def test_a_broken_file_would_be_warned_about(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_text(FILES["1.5-transfer_pension.bpmn"].replace('targetRef="step_2"', 'targetRef="x"'), "utf-8")
    assert node("moddle.mjs", str(broken))[str(broken)]["warnings"] == ["unresolved reference <x>"]


@pytest.mark.parametrize("name", FILES)
def test_they_keep_to_the_schema(name: str, folder: Path) -> None:
    assert violations(folder / name) == []


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_nothing_of_the_page_is_lost(procedure: Procedure) -> None:
    assert [e.get("name") for e in elements(procedure, "userTask")] == [step.name for step in procedure.steps]
    ways = [move.action for step in procedure.steps for move in step.moves]
    assert [e.get("name") for e in elements(procedure, "sequenceFlow") if e.get("name")] == ways
    assert {e.get("name") for e in elements(procedure, "lane")} == {step.who for step in procedure.steps}
    letters = [letter for step in procedure.steps for letter in step.letters]
    assert [e.get("name") for e in elements(procedure, "dataObjectReference")] == letters
    ends = [move.target for step in procedure.steps for move in step.moves if move.target <= 0]
    assert [e.get("name") for e in elements(procedure, "endEvent")] == ["终止" if end else "办结" for end in ends]
    notes = [step.limit for step in procedure.steps if step.limit]
    assert len(elements(procedure, "textAnnotation")) == len(notes)
    for task, step in zip(elements(procedure, "userTask"), procedure.steps, strict=True):
        words = task.findtext(f"{{{BPMN}}}documentation") or ""
        assert all(part in words for part in (step.who, *step.fields, *step.sentences))


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_node_stands_in_one_lane_and_every_flow_joins_two(procedure: Procedure) -> None:
    nodes = [
        e.get("id")
        for tag in ("startEvent", "userTask", "exclusiveGateway", "endEvent")
        for e in elements(procedure, tag)
    ]
    assert sorted(e.text or "" for e in elements(procedure, "flowNodeRef")) == sorted(map(str, nodes))
    for flow in elements(procedure, "sequenceFlow"):
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= set(nodes)


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_the_drawing_is_legible(procedure: Procedure) -> None:
    """Nothing covers anything else, everything lies in its lane, and everything is drawn."""
    drawing = draw(procedure, POLICY)
    shapes = {id_: box for id_, box in drawing.shapes.items() if id_ != "pool" and not id_.startswith("lane_")}
    lanes = {lane.who: drawing.shapes[f"lane_{number}"] for number, lane in enumerate(drawing.lanes, 1)}
    boxes = list(shapes.items())
    for at, (one, box) in enumerate(boxes):
        assert any(inside(box, lane) for lane in lanes.values()), one
        for other, beside in boxes[at + 1 :]:
            assert apart(box, beside), (one, other)
    for flow in drawing.flows:
        source, target = drawing.shapes[flow.source], drawing.shapes[flow.target]
        assert touches(source, flow.path[0]), flow.id
        assert touches(target, flow.path[-1]), flow.id
        assert all(inside(Box(x, y, 0, 0), drawing.shapes["pool"]) for x, y in flow.path), flow.id
    drawn = {e.get("bpmnElement") for e in ElementTree.fromstring(text_of(procedure)).iter() if e.get("bpmnElement")}
    tags = ("userTask", "exclusiveGateway", "endEvent", "startEvent", "lane", "sequenceFlow", "dataObjectReference")
    more = ("textAnnotation", "association", "dataOutputAssociation", "participant")
    assert {e.get("id") for tag in (*tags, *more) for e in elements(procedure, tag)} <= drawn


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_spiffworkflow_takes_every_way_out(procedure: Procedure) -> None:
    """Each way out of each step is taken once, and then the shortest way to an end."""
    parser = BpmnParser()
    root = _in_python(text_of(procedure))
    parser.add_bpmn_xml(root)
    spec = parser.get_spec(procedure.code)
    reached = {carry_out(spec, procedure, ways) for ways in journeys(procedure)}
    assert "办结" in reached
    assert reached <= {"办结", "终止"}
    assert ("终止" in reached) == any(move.target < 0 for step in procedure.steps for move in step.moves)


def journeys(procedure: Procedure) -> Iterator[list[tuple[int, int]]]:
    """For each way out: the steps from the first to it and on to an end, as (step number, number of the way)."""
    for step in procedure.steps:
        there = shortest(procedure, 1, {step.number})
        for at, move in enumerate(step.moves):
            on = shortest(procedure, move.target, {0, -1}) if move.target > 0 else []
            yield [*there, (step.number, at), *on]


def shortest(procedure: Procedure, start: int, goals: set[int]) -> list[tuple[int, int]]:
    """The ways out that lead from a step to one of some others, or to an end, in the fewest steps."""
    found: dict[int, list[tuple[int, int]]] = {start: []}
    pending = [start]
    for number in pending:
        if number in goals:
            return found[number]
        for at, move in enumerate(procedure.steps[number - 1].moves if number > 0 else ()):
            if move.target not in found:
                found[move.target] = [*found[number], (number, at)]
                pending.append(move.target)
    raise AssertionError(f"{procedure.name}: no way from step {start} to {goals}")


def carry_out(spec: object, procedure: Procedure, ways: list[tuple[int, int]]) -> str:
    """Do the steps on SpiffWorkflow; the name of the end that was reached."""
    work = BpmnWorkflow(spec, script_engine=PythonScriptEngine())
    work.do_engine_steps()
    for number, at in ways:
        step: Step = procedure.steps[number - 1]
        (task,) = work.get_tasks(state=TaskState.READY, manual=True)
        assert (task.task_spec.bpmn_name, task.task_spec.lane) == (step.name, step.who)
        task.data.update({choice_name(step): step.moves[at].action})
        task.data.update({f"data_{POLICY.letters[name].code}": name for name in step.letters})
        task.run()
        work.do_engine_steps()
    assert work.completed
    (end,) = (t for t in work.get_tasks(state=TaskState.COMPLETED) if str(t.task_spec.bpmn_id or "").startswith("end_"))
    return str(end.task_spec.bpmn_name)


def _in_python(text: str) -> object:
    root = etree.fromstring(text.encode())
    for condition in root.iterfind(f".//{{{BPMN}}}conditionExpression"):
        condition.text = (condition.text or "").replace(" = ", " == ")
    return root


def inside(box: Box, around: Box) -> bool:
    return around.x <= box.x and box.right <= around.right and around.y <= box.y and box.bottom <= around.bottom


def apart(one: Box, other: Box) -> bool:
    return one.right <= other.x or other.right <= one.x or one.bottom <= other.y or other.bottom <= one.y


def touches(box: Box, point: tuple[int, int]) -> bool:
    x, y = point
    return (
        box.x <= x <= box.right and box.y <= y <= box.bottom and (x in (box.x, box.right) or y in (box.y, box.bottom))
    )
