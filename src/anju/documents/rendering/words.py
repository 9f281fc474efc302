"""What a letter says in words: a plain text for each kind, else for its 文种. Its first line is the title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from anju.documents.forms import form_of
from anju.documents.rendering.files import broken, found, text_of

blank = "＿＿＿＿"
"""What nobody has told yet, to be filled in by hand."""


@dataclass(frozen=True, slots=True)
class Words:
    """A title and paragraphs, a line each."""

    title: str
    text: str


def words(code: str, form: str, told: Mapping[str, Any]) -> Words:
    """The words of a letter of a kind. Raises `TemplateBroken`."""
    name = f"{code}.txt" if found(f"{code}.txt") else f"{form_of(form).words}.txt"
    environment = SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["or_blank"] = _or_blank
    try:
        made = environment.from_string(text_of(name)).render(dict(told))
    except TemplateError as error:
        raise broken(name, error.message, getattr(error, "lineno", None)) from error
    except (TypeError, ValueError, ArithmeticError) as error:
        raise broken(name, error) from error
    lines = [line.strip() for line in made.split("\n")]
    title, *paragraphs = [line for line in lines if line] or [""]
    return Words(title, "\n".join(paragraphs))


_or_blank: Callable[[Any], str] = lambda value: str(value) if value not in (None, "") else blank  # noqa: E731 - a filter
