"""docs/openapi.json is what the API does: every address and method is in it, and every answer is as it says."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, get_args
from uuid import UUID, uuid4

import pytest
from django.urls import get_resolver

from anju.cases.fields import FieldKind
from tests.check.pages.test_house import walk
from tests.exchange.calling import GOOD, System, at_origin, family, offices, pension_office
from tests.house.tracked import ROOT, text

DESCRIPTION = json.loads(text(ROOT / "docs" / "openapi.json"))
SCHEMAS = DESCRIPTION["components"]["schemas"]
KINDS: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
FORMATS: Mapping[str, Callable[[str], object]] = {
    "uuid": UUID,
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
}
KNOWN = {
    "$ref", "type", "oneOf", "enum", "format", "pattern", "properties", "required", "additionalProperties", "items",
    "description", "maxItems", "minLength", "maxLength",
}  # fmt: skip


def wrong(value: Any, schema: Mapping[str, Any], at: str = "") -> list[str]:
    """Where a value is not as a schema says: as much of JSON Schema as the description uses."""
    assert set(schema) <= KNOWN, set(schema) - KNOWN
    if "$ref" in schema:
        return wrong(value, SCHEMAS[schema["$ref"].rpartition("/")[2]], at)
    if "oneOf" in schema:
        found = [wrong(value, one, at) for one in schema["oneOf"]]
        return [] if sum(not one for one in found) == 1 else [f"{at}: {found}"]
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(KINDS[kind](value) for kind in kinds):
        return [f"{at}: {value!r} is no {kinds}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at}: {value!r} is none of {schema['enum']}"]
    if isinstance(value, str):
        return _wrong_text(value, schema, at)
    if isinstance(value, list):
        too_many = [f"{at}: too many"] if len(value) > schema.get("maxItems", len(value)) else []
        return [*too_many, *(one for n, item in enumerate(value) for one in wrong(item, schema["items"], f"{at}[{n}]"))]
    if isinstance(value, dict):
        return _wrong_object(value, schema, at)
    return []


def _wrong_text(value: str, schema: Mapping[str, Any], at: str) -> list[str]:
    try:
        FORMATS.get(schema.get("format", ""), str)(value)
    except ValueError:
        return [f"{at}: {value!r} is no {schema['format']}"]
    fits = re.search(schema.get("pattern", ""), value)
    long_enough = schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value))
    return [] if fits and long_enough else [f"{at}: {value!r}"]


def _wrong_object(value: Mapping[str, Any], schema: Mapping[str, Any], at: str) -> list[str]:
    known = schema.get("properties", {})
    found = [f"{at}: {name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, one in value.items():
        inner = known.get(name, schema["additionalProperties"])
        found += [f"{at}: {name} is unknown"] if inner is False else wrong(one, inner, f"{at}.{name}")
    return found


def described(path: str) -> Mapping[str, Any]:
    """What the description says of an address."""
    found: Mapping[str, Any] = DESCRIPTION["paths"]["/" + path]
    return found


class Checked(System):
    """A program that holds every answer against the description."""

    def checked(self, path: str, template: str, method: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and what was told."""
        operation = described(template)[method]
        answer = (
            self.get(f"/api/v1/{path}", headers=headers)
            if body is None
            else self.post(f"/api/v1/{path}", json.dumps(body), "application/json", headers=headers)
        )
        told = json.loads(answer.content)
        content = operation["responses"][str(answer.status_code)]["content"]
        assert list(content) == [answer.headers["Content-Type"]]
        assert wrong(told, content[answer.headers["Content-Type"]]["schema"]) == [], template
        return answer.status_code, told


def test_every_address_and_method_is_described() -> None:
    routes = (route for route in walk(get_resolver().url_patterns) if route.startswith("api/v1/"))
    there = {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route.removeprefix("api/v1/")) for route in routes}
    assert there == set(DESCRIPTION["paths"])


@pytest.mark.django_db
def test_no_other_method_is_answered_than_those_described() -> None:
    _, system = pension_office()
    for path, operations in DESCRIPTION["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            answer = system.generic(method.upper(), f"/api/v1{path}".replace("{case}", str(uuid4())))
            assert (answer.status_code != 405) is (method in operations), (method, path)


def test_every_kind_of_field_is_described() -> None:
    assert set(SCHEMAS["Field"]["properties"]["kind"]["enum"]) == set(get_args(FieldKind))


def test_every_word_for_programs_is_described_and_used() -> None:
    code = "".join(text(ROOT / "src/anju" / path) for path in (
        "exchange/pages/api.py", "exchange/bodies.py", "government/clients.py", "government/door.py",
    ))  # fmt: skip
    used = set(re.findall(r'Problem\(\s*\d+,\s*"(\w+)"', code)) | set(re.findall(r'code="(\w+)"', code))
    used |= set(re.findall(r'^_\w+ = "([a-z_]+)"$', code, re.MULTILINE))
    assert used == set(SCHEMAS["Problem"]["properties"]["code"]["enum"])


@pytest.mark.django_db
def test_every_answer_is_as_described() -> None:
    village, town, county = offices()
    _, people = family(village)
    case, other = (at_origin(village, town, county, person) for person in people)
    _, known = pension_office()
    system = Checked(str(known.defaults["HTTP_AUTHORIZATION"]).removeprefix("Bearer "))
    one, nobody = f"steps/{case.pk}/", f"steps/{uuid4()}/"
    seen: set[tuple[str, str, int]] = set()

    def ask(path: str, template: str, method: str, body: object = None, **headers: str) -> Any:
        status, told = system.checked(path, template, method, body, **headers)
        seen.add((template, method, status))
        return told

    assert len(ask("steps/", "steps/", "get")["steps"]) == 2
    ask("steps/?procedure=none", "steps/", "get")
    ask(one, "steps/{case}/", "get")
    ask(nobody, "steps/{case}/", "get")
    body, key = {"seen": 4, **GOOD}, {"Idempotency-Key": str(uuid4())}
    assert wrong(body, SCHEMAS["Answer"]) == []
    template = "steps/{case}/answer/"
    for there, sent, number in (
        (one, body, {}), (one, [], key), (one, {}, key), (one, {**body, "seen": 3}, key), (nobody, body, key),
        (one, {**body, "on": "2020-01-01"}, key), (one, body, key), (f"steps/{other.pk}/", body, key),
    ):  # fmt: skip
        ask(f"{there}answer/", template, "post", sent, **number)
    there = f"steps/{other.pk}/identity/"
    for sent in ({}, {"purpose": "核对参保记录"}):
        ask(there, "steps/{case}/identity/", "post", sent)
    ask(f"{nobody}identity/", "steps/{case}/identity/", "post", {"purpose": "核对"})
    system.defaults.pop("HTTP_AUTHORIZATION")
    for path, operations in DESCRIPTION["paths"].items():
        for method in {"get", "post"} & set(operations):
            ask(path[1:].replace("{case}", str(case.pk)), path[1:], method, {} if method == "post" else None)
    assert {status for _, _, status in seen} >= {200, 400, 401, 404, 409, 422}
    assert {(path, method) for path, method, status in seen if status == 200} == {
        (path[1:], method)
        for path, operations in DESCRIPTION["paths"].items()
        for method in {"get", "post"} & set(operations)
    }


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ({"number": "1", "name": "x"}, "Numbered"), ({"number": 1}, "Numbered"), ({"number": 1, "name": "x", "y": 1}, "Numbered"),
        ({"number": True, "name": "x"}, "Numbered"), ({"code": "500", "name": "x"}, "Place"), ({"purpose": ""}, "Purpose"),
        ({"purpose": "x", "person": "y"}, "Purpose"),
    ],
    ids=["别的种类", "缺", "多", "是非", "样子", "空", "不是标识"],
)  # fmt: skip
def test_what_is_not_as_described_is_noticed(value: object, schema: str) -> None:
    assert wrong(value, SCHEMAS[schema])


def test_the_page_for_developers_names_every_address_and_word() -> None:
    page = text(ROOT / "docs" / "api.md")
    for path in DESCRIPTION["paths"]:
        assert f"/api/v1{path}" in page, path
    for word in SCHEMAS["Problem"]["properties"]["code"]["enum"]:
        assert f"`{word}`" in page, word
    for kind in SCHEMAS["Field"]["properties"]["kind"]["enum"]:
        assert f"`{kind}`" in page, kind
