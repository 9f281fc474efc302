"""Six steps of SpiffWorkflow: the workflow is read from the database, one manual task is run, and it is written back."""

from __future__ import annotations

import io
import json
from functools import cache
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

_steps = 6
_model = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def _bpmn() -> bytes:
    nodes = ["<startEvent id='start'/>", *(f"<manualTask id='s{n}'/>" for n in range(_steps)), "<endEvent id='end'/>"]
    names = ["start", *(f"s{n}" for n in range(_steps)), "end"]
    flows = [f"<sequenceFlow id='f{at}' sourceRef='{a}' targetRef='{b}'/>" for at, (a, b) in enumerate(pairwise(names))]
    inside = "".join(nodes + flows)
    return f"<definitions xmlns='{_model}'><process id='transfer' isExecutable='true'>{inside}</process></definitions>".encode()


@cache
def _spec() -> Any:
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(_bpmn())), filename="transfer")
    return parser.get_spec("transfer")


@cache
def _serializer() -> Any:
    return BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())


def make_table() -> None:
    """Where its workflows are kept."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_spiff (id integer PRIMARY KEY, state text NOT NULL)")


def take_all(number: int, told: dict[str, str]) -> int:
    """One workflow from its first step to its last."""
    state = _serializer().serialize_json(BpmnWorkflow(_spec()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_spiff VALUES (%s, %s)", [number, state])
    for at in range(_steps):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT state FROM bench_spiff WHERE id = %s", [number])
            workflow = _serializer().deserialize_json(cursor.fetchone()[0])
            workflow.do_engine_steps()
            (task,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            task.data[f"step{at}"] = told
            task.run()
            workflow.do_engine_steps()
            cursor.execute(
                "UPDATE bench_spiff SET state = %s WHERE id = %s", [_serializer().serialize_json(workflow), number]
            )
    assert workflow.is_completed()
    return _steps


def take_many(workflows: int, first: int, told: dict[str, str]) -> int:
    """Several workflows, one after the other, with numbers from ``first``."""
    return sum(take_all(first + at, told) for at in range(workflows))


told = json.loads('{"on": "2026-11-27", "said": "材料齐全"}')
