"""The other engines that read and run what we export: the moddle libraries, a FEEL interpreter, SpiffWorkflow."""

import json
import math
import re
import subprocess
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import SpiffWorkflow.bpmn.parser
import SpiffWorkflow.dmn.parser
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser

HERE = Path(__file__).parent
DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SCHEMAS = {
    ".dmn": Path(SpiffWorkflow.dmn.parser.__file__).parent / "schema" / "DMN13.xsd",
    ".bpmn": Path(SpiffWorkflow.bpmn.parser.__file__).parent / "schema" / "BPMN20.xsd",
}


def node(script: str, *arguments: str, given: str = "") -> Any:
    """What a script beside this file prints, as JSON. Its packages come from the project's node_modules."""
    answer = subprocess.run(
        ["node", HERE / script, *arguments], input=given, check=False, capture_output=True, encoding="utf-8"
    )
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def violations(file: Path) -> list[str]:
    """What a file says against OMG's schema of its kind, which SpiffWorkflow carries."""
    schema = etree.XMLSchema(etree.parse(SCHEMAS[file.suffix]))
    return [] if schema.validate(etree.parse(file)) else [str(error) for error in schema.error_log]


class SpiffTable:
    """One decision of an exported file, on SpiffWorkflow.

    SpiffWorkflow takes one decision a file and writes conditions in Python; `python_test` and `python_value` say the
    same in its words, from the exported text alone.
    """

    def __init__(self, file: Path, decision: str) -> None:
        root = deepcopy(etree.parse(file).getroot())
        for other in root.findall(f"{{{DMN}}}decision"):
            if other.get("id") != decision:
                root.remove(other)
        for text in root.iterfind(f".//{{{DMN}}}inputEntry/{{{DMN}}}text"):
            text.text = python_test(text.text or "-")
        for text in root.iterfind(f".//{{{DMN}}}outputEntry/{{{DMN}}}text"):
            text.text = python_value(text.text or "null")
        parser = DMNParser(None, root, {"dmn": DMN})
        parser.parse()
        (table,) = parser.decision.decisionTables
        self.engine = DMNEngine(table)
        self.workflow = SimpleNamespace(script_engine=PythonScriptEngine(TaskDataEnvironment(dict(FEEL_FUNCTIONS))))

    def decide(self, facts: Mapping[str, object]) -> Mapping[str, Any]:
        """The outputs by name for facts by input name."""
        answer: Mapping[str, Any] = self.engine.result(SimpleNamespace(data=dict(facts), workflow=self.workflow))
        return answer


FEEL_FUNCTIONS = {
    "date": date.fromisoformat,
    "ceiling": math.ceil,
    "floor": math.floor,
    "decimal": lambda value, digits: round(Fraction(value), digits),
    "max": max,
    "min": min,
    "null": None,
    "true": True,
    "false": False,
}


def python_test(text: str) -> str:
    """A FEEL unary test as a Python expression about ``?``."""
    if text == "-":
        return text
    if re.fullmatch(r'"[^"]*"(,"[^"]*")*', text):
        return f"? in [{text}]"
    if match := re.fullmatch(r"([\[(])(.+)\.\.(.+)([\])])", text):
        low, high = ("<=" if match[1] == "[" else "<"), ("<=" if match[4] == "]" else "<")
        return f"{match[2]} {low} ? {high} {match[3]}"
    if match := re.fullmatch(r"not\((.+)\)", text):
        return f"? != {match[1]}"
    return f"? {text}" if text[0] in "<>" else f"? == {text}"


def python_value(text: str) -> str:
    """A FEEL expression of an output as a Python expression."""
    if text.startswith('"'):
        return text
    text = re.sub(r"\(if (.+?) then 1 else 0\)", r"(1 if \1 else 0)", text)
    return re.sub(r"(?<= )=(?= )", "==", text)


def feel(cases: Mapping[Path, Sequence[Mapping[str, object]]]) -> dict[Path, list[dict[str, Any]]]:
    """Whole files run on the FEEL interpreter: for each case, each decision's ``hits``, ``result`` and ``warnings``."""
    given = {str(file): [{k: _json(v) for k, v in facts.items()} for facts in rows] for file, rows in cases.items()}
    return {Path(file): rows for file, rows in node("feel.mjs", given=json.dumps(given)).items()}


def _json(value: object) -> object:
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value
