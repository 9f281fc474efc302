"""The cells of a column: facts by their label as the import reads them, days and numbers as such, what lies sealed masked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from anju.exchange.exporting.columns import Exported
from anju.policy.model import Term
from anju.sealing.masking import mask, mask_address

Cell = str | int | float | date | None
_masks: Mapping[str, Callable[[str], str]] = {
    "@id": lambda text: mask("id_number", text),
    "@phone": lambda text: mask("phone", text),
    "@address": mask_address,
}
_controls = r"[\x00-\x1f\x7f]"
_longest = 32_767
"""Characters that a cell holds."""


def cells(frame: pl.DataFrame, columns: Sequence[Exported], *, full: bool) -> list[Sequence[Cell]]:
    """The cells of each column, from the top."""
    return [_column(frame, column, full=full) for column in columns]


def _column(frame: pl.DataFrame, column: Exported, *, full: bool) -> Sequence[Cell]:
    if column.term is not None:
        return _facts(frame, column.term)
    if column.gives not in frame.columns:
        return [None] * frame.height
    values = frame[column.gives]
    if values.dtype == pl.String:
        values = _clean(values)
        if not full and column.gives in _masks:
            values = values.map_elements(_masks[column.gives], pl.String)
    return values.to_list()


def _facts(frame: pl.DataFrame, term: Term) -> Sequence[Cell]:
    shown = _shown(frame[term.code], term) if term.code in frame.columns else [None] * frame.height
    for special in term.specials:
        name = f"{term.code}.{special.code}"
        if name in frame.columns:
            shown = [special.label if so else cell for so, cell in zip(frame[name], shown, strict=True)]
    return shown


def _shown(values: pl.Series, term: Term) -> list[Any]:
    if term.kind in ("int", "number", "date"):
        return values.to_list()
    if term.kind == "text":
        return _clean(values.cast(pl.String)).to_list()
    labels = {value: term.label(value) for value in values.drop_nulls().unique()}
    return [labels.get(value) for value in values]


def _clean(values: pl.Series) -> pl.Series:
    """Without the characters that no cell should have; nothing is a blank."""
    return values.str.replace_all(_controls, "").str.slice(0, _longest).replace("", None)
