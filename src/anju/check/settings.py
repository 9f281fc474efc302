"""``--set 术语=值``: facts that a file has no column for, and parameters that someone wants to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from anju.policy.cells import narrow
from anju.policy.edition import Point
from anju.policy.errors import CellError
from anju.policy.model import Fact, Policy
from anju.policy.reading.decisions import number
from anju.policy.reading.examples import fact

_yes = {"true": "是", "yes": "是", "1": "是", "false": "否", "no": "否", "0": "否"}


class UsageError(ValueError):
    """The call cannot be carried out; the message says why and what to write, in Chinese."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Facts by term code and parameters by name, as given with the call."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    parameters: Mapping[str, Point] = field(default_factory=dict)


def parse_settings(texts: Sequence[str], policy: Policy) -> Settings:
    """Read ``术语=值`` or ``参数=值``. Raises `UsageError`."""
    facts: dict[str, Fact] = {}
    parameters: dict[str, Point] = {}
    for text in texts:
        name, equals, value = narrow(text).partition("=")
        name, value = name.strip(), value.strip()
        term = policy.term(name)
        if not equals or not value or (term is None and name not in policy.parameters):
            raise UsageError(f"--set “{text}”：写成 术语=值，术语或参数要是页面里有的名字")
        try:
            if term is None:
                parameters[name] = Fraction(str(number(value)))
            else:
                plain = _yes.get(value.lower(), value) if term.kind == "bool" else value
                known = fact(plain, term)
                if known is not None:
                    facts[term.code] = known
        except CellError as error:
            raise UsageError(f"--set “{text}”：{error.found}；{error.expected}") from None
    return Settings(facts, parameters)
