"""What the pages say, parsed: plain immutable values that both compilers, the proof and the exports read.

A `Policy` holds pages, terms, parameters, calculations, decisions, duty kinds, procedures and letters by code or name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from anju.policy.errors import Place
from anju.policy.formula import Formula, written
from anju.policy.names import Kind, Source
from anju.policy.page import Clause, Outside, Page, Word

Fact = bool | str | int | float | date
"""A known fact. Enumerations and special values are their code; a blank is None."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value of an enumeration, or a special value beside the numbers: ``willing 愿迁``."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Term:
    """A fact, a result or a derived figure, with its Chinese name and its code.

    ``subjects`` ⊆ person, household, site, county. ``values`` are those of an enumeration, ``specials`` those that an int or number may
    take beside numbers. ``blank_as`` is what a blank counts as (a bool or a value's code), None = unknown.
    """

    name: str
    code: str
    subjects: tuple[str, ...]
    kind: Kind
    values: tuple[Value, ...]
    specials: tuple[Value, ...]
    blank_as: bool | str | None
    source: Source
    clause: str
    place: Place

    @property
    def common(self) -> bool:
        """Whether it stands in 0-terms, so that it alone does not cause a decision to be answered."""
        return self.clause == "0"

    def label(self, value: Fact | None) -> str:
        """The Chinese label of a value: 是/否, an enumeration's label, or the figure itself."""
        if value is None:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        for known in (*self.values, *self.specials):
            if known.code == value:
                return known.label
        if isinstance(value, date):
            return value.isoformat()
        return written(value)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated number or date of a page. ``county`` is a 6-digit code or "" for everywhere; ``until`` is exclusive.

    ``value`` None: nobody has set it; counties may.
    """

    name: str
    value: Fraction | date | None
    unit: str
    since: date | None
    until: date | None
    source: str
    county: str
    clause: str
    place: Place

    @property
    def unchecked(self) -> bool:
        """Whether nobody has checked the figure against its source yet (待核)."""
        return "待核" in self.source


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison's right side: a parameter's name, or the number 0 or 1."""

    parameter: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Cell:
    """A condition: irrelevant, one of some values, or a comparison / interval on a number or date.

    ``any`` is ``-``. ``values`` are codes or booleans. ``low``/``high`` bound an interval, closed where ``low_in`` / ``high_in``;
    ``not_equal`` excludes one number. An interval and ``values`` never stand together.
    """

    text: str
    place: Place
    any: bool = False
    rest: bool = False
    values: frozenset[bool | str] = frozenset()
    low: Bound | None = None
    low_in: bool = True
    high: Bound | None = None
    high_in: bool = True
    not_equal: Bound | None = None

    @property
    def tests(self) -> bool:
        """Whether the cell looks at its fact at all."""
        return not (self.any or self.rest)


@dataclass(frozen=True, slots=True)
class Result:
    """What a row concludes: a value, a formula, or that the figure does not apply."""

    text: str
    value: bool | str | None = None
    formula: Formula | None = None
    applicable: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of a decision. ``number`` counts from 1 as the rows stand in the page."""

    number: int
    cells: tuple[Cell, ...]
    result: Result
    duties: tuple[str, ...]
    reason: str
    since: date | None
    until: date | None
    sentences: tuple[str, ...]
    place: Place

    @property
    def rest(self) -> bool:
        """Whether this is the last row 其余."""
        return bool(self.cells) and self.cells[0].rest


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision table: the term it decides, the terms it tests (in column order) and its rows."""

    code: str
    name: str
    subject: str
    conditions: tuple[str, ...]
    rows: tuple[Row, ...]
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class Calculation:
    """A derived term and its formula."""

    term: str
    formula: Formula
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class Actor:
    """Who: side, level and line by code (``destination``, ``county``, ``human_resources``), or the person (本人)."""

    side: str
    level: str
    line: str
    text: str

    @property
    def person(self) -> bool:
        """Whether it is the resident."""
        return self.side == "person"


Anchor = Literal["opened", "applied", "term"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when. ``kind``: none, after, before (an anchor by ``parameter``), day (``month``/``day`` of the year),
    quarter_end, month_end. ``term`` is the code of the date term that an anchor ``term`` names.
    """

    text: str
    kind: Literal["none", "after", "before", "day", "quarter_end", "month_end"] = "none"
    parameter: str = ""
    anchor: Anchor = "opened"
    term: str = ""
    month: int = 12
    day: int = 31


@dataclass(frozen=True, slots=True)
class DutyKind:
    """``ends`` is ``("procedure", code)`` or ``("entry", what)``; ``records`` are the codes of the facts whose entry it is."""

    name: str
    code: str
    strength: str
    actors: tuple[Actor, ...]
    who: str
    deadline: Deadline
    due_kind: str
    ends: tuple[str, str]
    sentences: tuple[str, ...]
    clause: str
    place: Place
    records: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A way out of a step: the action; the next step's number, 0 for 办结, -1 for 终止; whether nothing but 终止 follows there."""

    action: str
    target: int
    gives_up: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a procedure. ``days``: the 须填 of an earlier step by whose days it is due, ``limit`` at most."""

    number: int
    name: str
    actors: tuple[Actor, ...]
    who: str
    moves: tuple[Move, ...]
    fields: tuple[str, ...]
    letters: tuple[str, ...]
    limit: str
    sentences: tuple[str, ...]
    place: Place
    days: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes: a relation or a fact, what it becomes, and from which day; on which way out of which step, "" at the end, and of 终止
    at any step.
    """

    kind: Literal["relation", "fact"]
    what: str
    becomes: str
    since: str
    place: Place
    step: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A way out of a step, open where a decision, or what the case has on record (本件：), is one of ``values``; ``given``: 此时."""

    step: str
    action: str
    decision: str
    values: tuple[bool | str, ...]
    given: tuple[tuple[str, Fact | None], ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Procedure:
    """Its steps in page order; what changes when it begins, on its way and at its end, or when it comes to nothing; what its ways out must
    agree with.
    """

    name: str
    code: str
    steps: tuple[Step, ...]
    begins: tuple[Effect, ...]
    effects: tuple[Effect, ...]
    guards: tuple[Guard, ...]
    failures: tuple[Effect, ...]
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter, form or list that steps produce."""

    name: str
    code: str
    form: str
    sentences: tuple[str, ...]
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example says must come out: a value, ``不适用`` (not applicable), or ``缺：…`` (exactly those)."""

    value: Fact | None = None
    missing: tuple[str, ...] = ()
    applicable: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case: facts by term code (None = blank), what must come out by decision code, and the day.
    ``duties`` are the duty codes of the decisions asked, None = not asserted.
    """

    title: str
    subject: str
    facts: Mapping[str, Fact | None]
    expected: Mapping[str, Expected]
    duties: tuple[str, ...] | None
    on: date
    clause: str
    place: Place


@dataclass(frozen=True, slots=True)
class Policy:
    """All pages of one guideline, parsed and resolved. Mappings keep page order."""

    name: str
    pages: tuple[Page, ...]
    clauses: Mapping[str, Clause]
    terms: Mapping[str, Term]
    parameters: Mapping[str, tuple[Parameter, ...]]
    calculations: Mapping[str, Calculation]
    decisions: Mapping[str, Decision]
    duties: Mapping[str, DutyKind]
    procedures: Mapping[str, Procedure]
    letters: Mapping[str, Letter]
    examples: tuple[Example, ...]
    outside: tuple[Outside, ...]
    sides: Mapping[str, Word]
    levels: Mapping[str, Word]
    lines: Mapping[str, Word]
    version: str
    order: tuple[str, ...] = field(default=())
    """Codes of calculations and decisions so that each stands after what it reads."""

    def term(self, name: str) -> Term | None:
        """The term of that code or Chinese name, if there is one."""
        found = self.terms.get(name)
        if found is not None:
            return found
        return next((t for t in self.terms.values() if t.name == name), None)

    def page(self, clause: str) -> Page | None:
        """The page of a clause number (``1.5``)."""
        return next((p for p in self.pages if p.clause == clause), None)
