"""What other offices' systems send: JSON, read strictly, and turned into what the forms of the pages are given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from anju.cases.fields import Field, FieldKind
from anju.cases.forms.steps import name_of

largest = 64 << 10
"""Bytes of a body at most."""
_answer: Mapping[str, tuple[type, str]] = {
    "seen": (int, "整数"),
    "action": (str, "文字"),
    "fields": (dict, "对象"),
    "reason": (str, "文字"),
    "basis": (str, "文字"),
    "on": (str, '日期，比如 "2026-06-30"'),
}
_needed = ("seen", "action")
_expected: Mapping[FieldKind, str] = {
    "yes": "true 或 false",
    "paper": "true 或 false",
    "whole": "整数",
    "number": "数",
    "day": '日期，比如 "2026-06-30"',
    "month": '月份，比如 "2026-06"',
    "text": "文字",
    "choice": "列出的代码",
}


class Problem(Exception):
    """A request cannot be answered; ``wrong``: sentences by the field that they are about."""

    def __init__(self, status: int, code: str, sentence: str, wrong: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence, self.wrong = status, code, sentence, wrong or {}


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The object that a request brings. Raises `Problem`."""
    if request.content_type != "application/json":
        raise Problem(415, "not_json", "正文要是 JSON，Content-Type 写 application/json。")
    if int(request.META.get("CONTENT_LENGTH") or 0) > largest:
        raise Problem(413, "too_large", f"正文最多 {largest >> 10} KB。")
    try:
        told = json.loads(request.body.decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
        json.dumps(told, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Problem(400, "not_json", "正文不是 UTF-8 的 JSON，或者同一个名字写了两次。") from error
    if not isinstance(told, dict):
        raise Problem(400, "not_json", "正文要是一个 JSON 对象。")
    return told


def read_key(request: HttpRequest) -> UUID:
    """The sender's own number of what it sends. Raises `Problem`."""
    try:
        return UUID(request.headers.get("Idempotency-Key", ""))
    except ValueError as error:
        raise Problem(
            400, "no_key", "请求头 Idempotency-Key 要写一个 UUID：同一件事重发时用同一个，换一件事换一个。"
        ) from error


def check_answer(told: Mapping[str, Any]) -> None:
    """Raise `Problem` unless an answer has what it needs, and nothing that nobody knows."""
    wrong = {name: "没有这一项。" for name in told if name not in _answer}
    wrong |= {name: "还没有填。" for name in _needed if name not in told}
    for name, (kind, words) in _answer.items():
        if name in told and (not isinstance(told[name], kind) or isinstance(told[name], bool)):
            wrong[name] = f"要写{words}。"
    if wrong:
        raise Problem(422, "wrong_fields", "这些项要改。", wrong)


def digest_of(case: UUID, told: Mapping[str, Any]) -> str:
    """64 hexadecimal digits that tell of two bodies about a case whether they say the same."""
    text = json.dumps([str(case), told], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def as_form(told: Mapping[str, Any], fields: Sequence[Field], key: UUID, today: date) -> QueryDict:
    """An answer as the form of the step is given it. Raises `Problem` for a value of another kind, and for a field that is none."""
    given: Mapping[str, Any] = told.get("fields", {})
    known = {field.name: field for field in fields}
    wrong = {f"fields.{name}": "这一步没有这一项。" for name in given if name not in known}
    data = QueryDict(mutable=True)
    for name, value in given.items():
        if name in known and value is not None:
            text = _as_text(known[name], value)
            if text is None:
                wrong[f"fields.{name}"] = f"要写{_expected[known[name].kind]}。"
            elif text:
                data[name_of(known[name])] = text
    if wrong:
        raise Problem(422, "wrong_fields", "这些项要改。", wrong)
    data["key"], data["on"] = str(key), told.get("on", today.isoformat())
    for name in ("seen", "action", "reason", "basis"):
        data[name] = str(told.get(name, ""))
    return data


def _as_text(field: Field, value: Any) -> str | None:
    """A value as a form has it, "" for nothing; None for one of another kind."""
    if field.kind in ("yes", "paper"):
        words = {"yes": ("yes", "no"), "paper": ("on", "")}[field.kind]
        return (words[0] if value else words[1]) if isinstance(value, bool) else None
    if field.kind in ("whole", "number"):
        kinds = (int,) if field.kind == "whole" else (int, float)
        return str(value) if isinstance(value, kinds) and not isinstance(value, bool) else None
    return value if isinstance(value, str) else None


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_number(word: str) -> None:
    raise ValueError(word)
