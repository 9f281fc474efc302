"""``--set 术语=值``: facts that a file has no column for, and parameters that someone wants to try."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import polars as pl

from anju.policy.edition import Point
from anju.policy.model import Fact, Parameter, Policy
from anju.tables.columns import read_column
from anju.tables.headers import Known, recognise, vocabulary
from anju.tables.values import CannotRead, half_width, plain, read_date, read_number, read_whole

_lengths = frozenset({"日", "工作日", "个月", "年"})
_longest = 36_525
"""The most days, months or years that a length of time may be set to: no deadline lies beyond the calendar."""


class UsageError(ValueError):
    """The call cannot be carried out; the message says why and what to write, in Chinese."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Facts by term code and parameters by name, as given with the call."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    parameters: Mapping[str, Point] = field(default_factory=dict)


def parse_settings(texts: Sequence[str], policy: Policy) -> Settings:
    """Read ``术语=值`` or ``参数=值``; a value is read as the cells of its term are. Raises `UsageError`."""
    words = vocabulary(policy)
    facts: dict[str, Fact] = {}
    parameters: dict[str, Point] = {}
    for text in texts:
        name, equals, value = half_width(text).partition("=")
        name, value = name.strip(), value.strip()
        known = recognise(name, words)
        try:
            if not equals or not value:
                raise CannotRead("写成 术语=值")
            if name in policy.parameters:
                parameters[name] = _point(value, policy.parameters[name])
            else:
                code, fact = _fact(name, value, known)
                facts[code] = fact
        except CannotRead as wrong:
            raise UsageError(f"--set “{text}”：{wrong}") from None
    return Settings(facts, parameters)


def _fact(name: str, value: str, known: Known | None) -> tuple[str, Fact]:
    """A term's code and the fact. Raises `CannotRead`."""
    term = known.term if known else None
    if known is None or term is None:
        raise CannotRead("写成 术语=值，术语或参数要是页面里有的名字")
    if term.code == "as_of":
        raise CannotRead("判定日不在这里写，它有自己的选项（--on）")
    if term.source != "ledger" or term.code == "key":
        raise CannotRead(f"“{term.name}”是答出来的，不能给；只能给台账里的事实")
    parsed = read_column(pl.Series([value]), known.header, term)
    if parsed.advice[0] is not None:
        raise CannotRead(f"{term.name}写着“{value}”，{parsed.advice[0]}")
    special = next((code for code, mask in parsed.specials.items() if mask[0]), None)
    fact: Fact | None = special or parsed.values[0]
    if fact is None:
        raise CannotRead(f"{name}没有给出值；不知道就不用写，没有的列本来就当作不知道")
    return term.code, fact


def _point(value: str, dated: Sequence[Parameter]) -> Point:
    """A value of the parameter's own kind. Raises `CannotRead`."""
    if isinstance(dated[0].value, date):
        return read_date(value)
    if dated[0].unit not in _lengths:
        return Fraction(str(read_number(plain(value))))
    length = read_whole(plain(value))
    if length > _longest:
        raise CannotRead("期限长得不正常，请核对。")
    return Fraction(length)
