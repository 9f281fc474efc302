"""An auditor reads in words what was done and to what: every app lists its deeds and objects in its configuration."""

import ast
from collections.abc import Iterator

import pytest

from anju.journal.queries import deeds, object_kinds
from tests.house.tracked import name, text, tracked_files

WRITERS = {"record", "note", "write", "_write"}
"""What the apps call the function that writes an entry: of whom, the deed, the kind of object. A method ``note`` knows of whom."""


def written() -> Iterator[tuple[str, str]]:
    """Deed and kind of every call that writes an entry; "" for what the call computes."""
    for path in tracked_files():
        if path.suffix == ".py" and name(path).startswith("src/anju/"):
            app = name(path).split("/")[2]
            calls = (node for node in ast.walk(ast.parse(text(path))) if isinstance(node, ast.Call))
            for call in calls:
                if isinstance(call.func, ast.Name) and call.func.id in WRITERS:
                    yield from _of(call, app, 1)
                elif isinstance(call.func, ast.Attribute) and call.func.attr == "note":
                    yield from _of(call, app, 0)


def _of(call: ast.Call, app: str, first: int) -> Iterator[tuple[str, str]]:
    named = {word.arg: word.value for word in call.keywords}
    deed, kind = (
        named.get(word, call.args[at] if len(call.args) > at else None)
        for at, word in ((first, "action"), (first + 1, "object_kind"))
    )
    said = [
        part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "" for part in (deed, kind)
    ]
    if said[0]:
        yield said[0] if "." in said[0] else f"{app}.{said[0]}", said[1]


WRITTEN = sorted(set(written()))


@pytest.mark.parametrize("deed", sorted({deed for deed, _ in WRITTEN}))
def test_a_deed_has_a_word(deed: str) -> None:
    assert deed in deeds(), f"`deeds` in src/anju/{deed.partition('.')[0]}/apps.py"


@pytest.mark.parametrize("kind", sorted({kind for _, kind in WRITTEN if kind}))
def test_what_it_was_done_to_has_a_word(kind: str) -> None:
    assert kind in object_kinds(), "`object_kinds` in the configuration of the app that has it"


def test_no_word_is_left_of_a_deed_that_nobody_does() -> None:
    assert set(deeds()) == {deed for deed, _ in WRITTEN}


def test_the_calls_are_found() -> None:
    assert ("government.create_officer", "officer") in WRITTEN
    assert ("journal.verify", "journal") in WRITTEN
