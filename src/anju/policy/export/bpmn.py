"""Each procedure as a BPMN 2.0 file: a lane an actor, a user task a step, a choice where a step has several ways out.

Letters are data objects; limits are notes and documentation, because a working day is no duration that a timer knows.
撤回, 挂起 and 终止, which every procedure has without saying so, are named in the documentation and not drawn.
Source: docs/language.md; OMG BPMN 2.0.2 (formal/13-12-09).
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from anju.policy.edition import Edition
from anju.policy.export.drawing import (
    Drawing,
    draw,
    end_id,
    lane_id,
    letter_id,
    letter_path,
    limit_path,
    nodes_of,
    step_id,
)
from anju.policy.export.feel import quoted
from anju.policy.export.markup import Box, Element, Path, add, add_bounds, add_waypoints, document, exporter, sentences
from anju.policy.model import Effect, Procedure, Step
from anju.policy.show import spoken

_feel = "https://www.omg.org/spec/DMN/20191111/FEEL/"
_namespaces = {
    "xmlns": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC",
    "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
}


def bpmn_files(edition: Edition) -> dict[str, str]:
    """File name → BPMN text, one for each procedure (``1.5-transfer_pension.bpmn``)."""
    return {
        f"{procedure.clause}-{code}.bpmn": bpmn(edition, procedure)
        for code, procedure in edition.policy.procedures.items()
    }


def bpmn(edition: Edition, procedure: Procedure) -> str:
    """One procedure as a BPMN file."""
    drawing = draw(procedure, edition.policy)
    root = ElementTree.Element(
        "definitions",
        {
            **_namespaces,
            "id": f"definitions_{procedure.code}",
            "name": procedure.name,
            "targetNamespace": f"urn:anju:{edition.policy.name}:{procedure.clause}",
            "expressionLanguage": _feel,
            "exporter": exporter,
            "exporterVersion": edition.policy.version,
        },
    )
    collaboration = add(root, "collaboration", id="collaboration")
    add(collaboration, "participant", id="pool", name=procedure.name, processRef=procedure.code)
    process = add(root, "process", id=procedure.code, name=procedure.name, isExecutable="true")
    add(process, "documentation", _preface(edition, procedure))
    _add_lanes(process, procedure, drawing)
    _add_nodes(process, edition, procedure, drawing)
    _add_flows(process, drawing, procedure)
    _add_limits(process, edition, procedure)
    _add_diagram(root, procedure, drawing)
    return document(root)


def choice_name(step: Step) -> str:
    """The variable that holds what was chosen in a step: 第2步动作."""
    return f"第{step.number}步动作"


def _preface(edition: Edition, procedure: Procedure) -> str:
    policy = edition.policy
    return sentences(
        (
            f"由 {policy.name} {policy.version} 的页面导出，时限取 {edition.on} 的值。条文 {procedure.clause}。",
            "没有画出、每个流程都有的：本人在办结或者生效前可以撤回；等外部事实可以挂起，期限照走；死亡、待遇状态改变即终止，生效了的算办结。",
            "时限写在说明和注释里，不是定时器：工作日由放假安排算出。",
        )
    )


def _add_lanes(process: Element, procedure: Procedure, drawing: Drawing) -> None:
    lanes = add(process, "laneSet", id="lanes")
    for number, lane in enumerate(drawing.lanes, 1):
        element = add(lanes, "lane", id=lane_id(number), name=lane.who)
        for node in nodes_of(lane, drawing.flows, procedure.steps[0].number):
            add(element, "flowNodeRef", node)


def _add_nodes(process: Element, edition: Edition, procedure: Procedure, drawing: Drawing) -> None:
    policy = edition.policy
    letters = dict.fromkeys(letter for step in procedure.steps for letter in step.letters)
    for name in letters:
        add(process, "dataObject", id=f"data_{policy.letters[name].code}", name=name)
    _add_node(process, "startEvent", "start", drawing, name="开始")
    for step in procedure.steps:
        for at, name in enumerate(step.letters, 1):
            data = f"data_{policy.letters[name].code}"
            add(process, "dataObjectReference", id=letter_id(step, at), name=name, dataObjectRef=data)
        task = _add_node(
            process, "userTask", step_id(step), drawing, name=step.name, words=_step_words(edition, step, procedure)
        )
        for at in range(1, len(step.letters) + 1):
            association = add(task, "dataOutputAssociation", id=f"{letter_id(step, at)}_made")
            add(association, "targetRef", letter_id(step, at))
        if len(step.moves) > 1:
            _add_node(process, "exclusiveGateway", f"choice_{step.number}", drawing)
        _add_ends(process, step, procedure, drawing)


def _add_ends(process: Element, step: Step, procedure: Procedure, drawing: Drawing) -> None:
    for way, move in enumerate(step.moves, 1):
        if move.target == 0:
            words = _changes(e for e in procedure.effects if not e.step)
            _add_node(process, "endEvent", end_id(step, way), drawing, name="办结", words=words)
        elif move.target < 0:
            changed = (
                f"{e.what}成为{e.becomes}" for e in procedure.failures if (e.step, e.action) == (step.name, move.action)
            )
            words = "；".join((move.action, *changed))
            event = _add_node(process, "endEvent", end_id(step, way), drawing, name="终止", words=words)
            add(event, "terminateEventDefinition", id=f"{end_id(step, way)}_stops")


def _changes(effects: Iterable[Effect]) -> str:
    return "；".join(f"{e.what}成为{e.becomes}" + (f"，自{e.since}" if e.since else "") for e in effects)


def _add_node(process: Element, tag: str, id_: str, drawing: Drawing, *, name: str = "", words: str = "") -> Element:
    """A flow node with its incoming and outgoing flows."""
    node = add(process, tag, id=id_, **({"name": name} if name else {}))
    if words:
        add(node, "documentation", words)
    for flow in drawing.flows:
        if flow.target == id_:
            add(node, "incoming", flow.id)
    for flow in drawing.flows:
        if flow.source == id_:
            add(node, "outgoing", flow.id)
    return node


def _step_words(edition: Edition, step: Step, procedure: Procedure) -> str:
    return sentences(
        (
            f"由谁：{step.who}",
            f"须填：{'、'.join(step.fields)}" if step.fields else "",
            f"时限：{step.days and step.days + '，至多'}{_limit(edition, step)}" if step.limit else "",
            f"句：{'、'.join(step.sentences)}",
            *(
                f"“{move.action}”即生效：{changes}"
                for move in step.moves
                if (changes := _changes(e for e in procedure.effects if (e.step, e.action) == (step.name, move.action)))
            ),
        )
    )


def _limit(edition: Edition, step: Step) -> str:
    """How long a step may take: 5 工作日."""
    value = edition.number(step.limit, step.place)
    return f"{spoken(value)} {edition.policy.parameters[step.limit][0].unit}"


def _add_flows(process: Element, drawing: Drawing, procedure: Procedure) -> None:
    by_choice = {f"choice_{step.number}": step for step in procedure.steps}
    for flow in drawing.flows:
        name = {"name": flow.name} if flow.name else {}
        element = add(process, "sequenceFlow", id=flow.id, sourceRef=flow.source, targetRef=flow.target, **name)
        if flow.source in by_choice:
            condition = f"{choice_name(by_choice[flow.source])} = {quoted(flow.name)}"
            add(element, "conditionExpression", condition, **{"xsi:type": "tFormalExpression"})


def _add_limits(process: Element, edition: Edition, procedure: Procedure) -> None:
    for step in procedure.steps:
        if step.limit:
            note = add(process, "textAnnotation", id=f"limit_{step.number}")
            add(note, "text", f"时限 {_limit(edition, step)}")
            add(
                process,
                "association",
                id=f"limit_{step.number}_of",
                sourceRef=step_id(step),
                targetRef=f"limit_{step.number}",
            )


def _add_diagram(root: Element, procedure: Procedure, drawing: Drawing) -> None:
    diagram = add(root, "bpmndi:BPMNDiagram", id="diagram", name=procedure.name)
    plane = add(diagram, "bpmndi:BPMNPlane", id="plane", bpmnElement="collaboration")
    for id_, box in drawing.shapes.items():
        shape = add(plane, "bpmndi:BPMNShape", id=f"shape_{id_}", bpmnElement=id_)
        if id_ == "pool" or id_.startswith("lane_"):
            shape.set("isHorizontal", "true")
        if id_.startswith("choice_"):
            shape.set("isMarkerVisible", "true")
        add_bounds(shape, box)
        if id_.startswith(("start", "end_")):
            add_bounds(add(shape, "bpmndi:BPMNLabel"), Box(box.middle - 14, box.bottom + 4, 28, 14))
    for flow in drawing.flows:
        edge = _add_edge(plane, flow.id, flow.path)
        if flow.name:
            add_bounds(add(edge, "bpmndi:BPMNLabel"), flow.label)
    for step in procedure.steps:
        task = drawing.shapes[step_id(step)]
        for at in range(1, len(step.letters) + 1):
            id_ = letter_id(step, at)
            _add_edge(plane, f"{id_}_made", letter_path(task, drawing.shapes[id_]))
        if step.limit:
            _add_edge(plane, f"limit_{step.number}_of", limit_path(task, drawing.shapes[f"limit_{step.number}"]))


def _add_edge(plane: Element, id_: str, path: Path) -> Element:
    edge = add(plane, "bpmndi:BPMNEdge", id=f"edge_{id_}", bpmnElement=id_)
    add_waypoints(edge, path)
    return edge
