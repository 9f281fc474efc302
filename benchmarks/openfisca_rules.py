"""OpenFisca-core: the same tables as variables with NumPy formulas, generated from the pages.

OpenFisca has no blank: an enumeration or 是否 gets one more value "unknown", a number is NaN, a date NaT. A table is three
variables: the rows that remain possible as a bit mask, from it the row (0 = open) and the value, and what is missing as bits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from anju.policy.edition import Condition
from anju.policy.model import Term
from benchmarks.question import Sum, Table, bounds, counts_blank_as, decisions, edition, facts, origins, steps

Formula = Callable[[Any, Any], Any]
Array = Any
_unknown = "unknown"


def _enum(code: str, values: tuple[str, ...]) -> type[Enum]:
    return Enum(f"{code}_values", {value: value for value in (*values, _unknown)})


def _variable(code: str, kind: type | Any, formula: Formula | None, entity: Any, **more: Any) -> type[Variable]:
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": entity,
        "definition_period": DateUnit.DAY,
        "label": code,
        **more,
    }
    if formula is not None:
        body["formula"] = formula
    return type(code, (Variable,), body)


class OpenFisca:
    """All people of a simulation at once."""

    name = "openfisca"
    by_row = False

    def __init__(self) -> None:
        self.entity = build_entity(key="person", plural="persons", label="person", is_person=True)
        self.system = TaxBenefitSystem([self.entity])
        self.enums: dict[str, type[Enum]] = {}
        for fact in facts():
            self.system.add_variable(self._fact(fact))
        for step in steps():
            for variable in self._sum(step) if isinstance(step, Sum) else self._table(step):
                self.system.add_variable(variable)
        self.day = edition().on.isoformat()

    def take(self, rows: pl.DataFrame) -> Simulation:
        simulation = SimulationBuilder().build_default_simulation(self.system, rows.height)
        for fact in facts():
            simulation.set_input(fact.code, self.day, self._array(fact, rows[fact.code]))
        return simulation

    def answer(self, rows: Simulation) -> dict[str, Array]:
        names = [f"{code}{end}" for code in decisions for end in ("", "_row", "_missing")]
        return {name: rows.calculate(name, self.day) for name in names}

    def frame(self, answers: dict[str, Array]) -> pl.DataFrame:
        tables = {step.code: step for step in steps() if isinstance(step, Table)}
        columns: dict[str, pl.Series] = {}
        for code in decisions:
            values = [*(str(value) for value in tables[code].values), None]
            columns[code] = _looked_up(values, np.asarray(answers[code]))
            rows = pl.Series(answers[f"{code}_row"]).cast(pl.UInt8)
            columns[f"{code}.row"] = rows.to_frame("r").select(pl.when(pl.col("r") != 0).then(pl.col("r")))["r"]
            named = self._named(tables[code])
            texts = [",".join(f for f, b in zip(named, reversed(bits), strict=True) if b)
                     for bits in product((False, True), repeat=len(named))]  # fmt: skip
            columns[f"{code}.missing"] = _looked_up(texts, answers[f"{code}_missing"])
        return pl.DataFrame(columns)

    def file(self, source: Path, target: Path) -> None:
        rows = pl.read_parquet(source)
        answers = self.frame(self.answer(self.take(rows)))
        answers.insert_column(0, rows["key"]).write_parquet(target)

    def _fact(self, fact: Term) -> type[Variable]:
        if fact.kind in ("enum", "bool"):
            values = tuple(v.code for v in fact.values) if fact.kind == "enum" else ("no", "yes")
            kind = self.enums[fact.code] = _enum(fact.code, values)
            return _variable(fact.code, Enum, None, self.entity, possible_values=kind, default_value=kind[_unknown])
        return _variable(fact.code, date if fact.kind == "date" else float, None, self.entity)

    def _array(self, fact: Term, column: pl.Series) -> Array:
        if fact.kind in ("enum", "bool"):
            last = len(self.enums[fact.code]) - 1
            return column.to_physical().cast(pl.UInt8).fill_null(last).to_numpy()
        if fact.kind == "date":
            return column.to_numpy().astype("datetime64[D]")
        return column.cast(pl.Float32).fill_null(float("nan")).to_numpy()

    def _sum(self, step: Sum) -> list[type[Variable]]:
        kind = self.enums[step.code] = _enum(step.code, ("no", "yes"))
        text = compile(step.text, step.code, "eval")

        def formula(person: Any, period: Any) -> Array:
            given = {code: person(code, period) for code in step.reads}
            blank = np.logical_or.reduce([np.isnan(values) for values in given.values()])
            return np.where(blank, 2, eval(text, given)).astype(np.uint8)

        return [_variable(step.code, Enum, formula, self.entity, possible_values=kind, default_value=kind[_unknown])]

    def _table(self, table: Table) -> list[type[Variable]]:
        words = tuple(_word(value) for value in table.values)
        kind = self.enums[table.code] = _enum(table.code, words)
        mask, row, missing = (f"{table.code}_{end}" for end in ("possible", "row", "missing"))
        value = {"possible_values": kind, "default_value": kind[_unknown]}
        return [
            _variable(mask, int, self._possible(table), self.entity),
            _variable(row, int, self._row(table, mask), self.entity),
            _variable(table.code, Enum, self._value(table, row), self.entity, **value),
            _variable(missing, int, self._missing(table, mask, row), self.entity),
        ]

    def _possible(self, table: Table) -> Formula:
        def formula(person: Any, period: Any) -> Array:
            cells: dict[tuple[str, Condition], Array] = {}
            mask: Array = 0
            for at, row in enumerate(table.rows):
                possible: Array = True
                for term, condition in row.conditions:
                    key = (term.code, condition)
                    if key not in cells:
                        cells[key] = self._cell(term, condition, person(term.code, period))
                    possible = possible & cells[key]
                mask = mask | (possible.astype(np.int32) << at)
            return mask

        return formula

    def _cell(self, term: Term, condition: Condition, values: Array) -> Array:
        special = counts_blank_as(term)
        blank = self._blank(term.code, values)
        if condition.values:
            if special in condition.values:
                return blank
            kind, codes = self.enums[term.code], np.asarray(values)
            words = [_word(value) for value in condition.values]
            return np.logical_or.reduce([blank, *(codes == kind[word].index for word in words)])
        holds: Array = ~blank if special else True
        for op, point in bounds(condition):
            compared = np.datetime64(point) if isinstance(point, date) else float(point)
            holds = holds & _compare[op](values, compared)
        return holds if special else holds | blank

    def _blank(self, code: str, values: Array) -> Array:
        if code in self.enums:
            return np.asarray(values) == len(self.enums[code]) - 1
        return np.isnat(values) if values.dtype.kind == "M" else np.isnan(values)

    def _row(self, table: Table, mask: str) -> Formula:
        whole = (1 << len(table.rows)) - 1
        groups = []
        for outcome in range(table.outcomes):
            bits = [(1 << at, row.number) for at, row in enumerate(table.rows) if row.outcome == outcome]
            groups.append((whole - sum(bit for bit, _ in bits), bits))

        def formula(person: Any, period: Any) -> Array:
            possible = person(mask, period)
            found = np.zeros(possible.shape, dtype=np.int32)
            for others, bits in groups:
                agreed = (possible & others) == 0
                for bit, number in reversed(bits):
                    found[agreed & ((possible & bit) != 0)] = number
            return found

        return formula

    def _value(self, table: Table, row: str) -> Formula:
        at = {value: n for n, value in enumerate(table.values)}
        index = np.full(max(r.number for r in table.rows) + 1, len(table.values), dtype=np.uint8)
        for r in table.rows:
            index[r.number] = at[r.value] if r.value is not None else len(table.values)
        return lambda person, period: index[person(row, period)]

    def _named(self, table: Table) -> tuple[str, ...]:
        looked = [code for code in table.tested if table.testing(code)]
        return tuple(dict.fromkeys(fact for code in looked for fact in origins(code)))

    def _missing(self, table: Table, mask: str, row: str) -> Formula:
        named = self._named(table)
        tables = {step.code: step for step in steps() if isinstance(step, Table)}
        looked = {code: sum(1 << table.rows.index(r) for r in table.testing(code)) for code in table.tested}

        def formula(person: Any, period: Any) -> Array:
            is_open, possible = person(row, period) == 0, person(mask, period)
            bits: Array = np.zeros(possible.shape, dtype=np.int32)
            for code in (c for c in table.tested if looked[c]):
                wanted = is_open & ((possible & looked[code]) != 0) & self._blank(code, person(code, period))
                for fact in origins(code):
                    blank = wanted & self._blank(fact, person(fact, period))
                    if code in tables:
                        feeding = tables[code]
                        tests = sum(1 << feeding.rows.index(r) for r in feeding.testing(fact))
                        blank &= (person(f"{code}_possible", period) & tests) != 0
                    bits |= blank.astype(np.int32) << named.index(fact)
            return bits

        return formula


_compare: dict[str, Callable[[Array, Any], Array]] = {
    ">=": np.greater_equal,
    ">": np.greater,
    "<=": np.less_equal,
    "<": np.less,
    "!=": np.not_equal,
}


def _word(value: bool | str) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _looked_up(values: list[str | None], at: Array) -> pl.Series:
    known = pl.Series(values, dtype=pl.Enum([value for value in values if value is not None]))
    return known.gather(pl.Series(at).cast(pl.UInt32))
