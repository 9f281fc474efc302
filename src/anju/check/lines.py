"""``--json``: one object for the input, then one a row. The contract is vocabulary's; see docs/check.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import polars as pl

from anju.check.answers import Answers
from anju.check.run import Checked
from anju.check.worklist import worklist
from anju.policy.edition import Edition
from anju.policy.frames import missing_terms
from anju.policy.model import Row


def lines(checked: Checked) -> Iterator[str]:
    """The answer as JSON Lines, without line ends. Fragments that many rows share are written once and reused."""
    head = {
        "input": checked.file,
        "subject": checked.answers[0].subject if checked.answers else None,
        "rows": checked.rows,
        "refused": checked.ledger.refused,
        "absent": list(checked.absent),
        "ignored": list(checked.ignored),
    }
    yield _text(head)
    for answers in checked.answers:
        yield from _rows(answers)


def duty_objects(duties: pl.DataFrame) -> Iterator[dict[str, object]]:
    """The duties of `worklist` as objects, in order."""
    for row in duties.iter_rows(named=True):
        if row["terms"] is not None:
            filled = {"kind": row["kind"], "label": row["label"], "terms": row["terms"].split(",")}
        else:
            filled = {"kind": row["kind"], "label": row["label"]}
        due: date | None = row["due"]
        yield {
            **filled,
            "strength": row["strength"],
            "due": due.isoformat() if due else None,
            "due_kind": row["due_kind"],
            "who": row["who"],
            "clause": row["clause"],
        }


def _rows(answers: Answers) -> Iterator[str]:
    frame = answers.frame
    results = [_Fragments(answers.edition, code, frame) for code in answers.question.decisions]
    duties = _duties(answers)
    source = _text({"file": answers.file, "sheet": answers.sheet, "row": 0}).removesuffix("0}")
    subject = _text(answers.subject)
    missing_texts: dict[str | None, str] = {None: "[]"}
    for at, (key, row, missing) in enumerate(frame.select("@key", "@row", "missing").iter_rows()):
        if missing not in missing_texts:
            missing_texts[missing] = _text(missing.split(","))
        shown = ", ".join(fragments.at(at) for fragments in results)
        yield (
            f'{{"key": {_text(key)}, "source": {source}{row}}}, "subject": {subject}, "results": {{{shown}}}, '
            f'"missing": {missing_texts[missing]}, "duties": [{", ".join(duties.get(at, ()))}]}}'
        )


def _duties(answers: Answers) -> dict[int, list[str]]:
    """Row number in the frame → its duties as text; equal duties are written once."""
    duties = worklist(answers)
    shape = [c for c in duties.columns if c not in ("#", "reason", "decision")]
    distinct = duties.select(shape).unique(maintain_order=True)
    texts = pl.Series("text", [_text(found) for found in duty_objects(distinct)], dtype=pl.String)
    listed = duties.join(distinct.with_columns(texts), on=shape, how="left", nulls_equal=True, maintain_order="left")
    found: dict[int, list[str]] = {}
    for at, text in listed.select("#", "text").iter_rows():
        found.setdefault(at, []).append(text)
    return found


class _Fragments:
    """The result of one decision as text, for each row."""

    def __init__(self, edition: Edition, code: str, frame: pl.DataFrame) -> None:
        self.term = edition.policy.terms[code]
        self.clause = edition.policy.decisions[code].clause
        self.rows: Mapping[int, Row] = {r.row.number: r.row for r in edition.tables[code].rules}
        self.values: Sequence[object] = frame[code].to_list()
        self.numbers: Sequence[int | None] = frame[f"{code}.row"].to_list()
        self.missing: Sequence[str | None] = frame[f"{code}.missing"].to_list()
        self.texts: dict[tuple[object, ...], str] = {}

    def at(self, at: int) -> str:
        """``"code": {…}`` of a row."""
        key = (self.values[at], self.numbers[at], self.missing[at])
        text = self.texts.get(key)
        if text is None:
            text = self.texts[key] = f"{_text(self.term.code)}: {_text(self._object(*key))}"
        return text

    def _object(self, value: object, number: int | None, missing: str | None) -> dict[str, object]:
        if number is None:
            return {"value": None, "missing": list(missing_terms(missing)), "clause": self.clause}
        row = self.rows[number]
        if value is None:
            return {"value": None, "applicable": False, "clause": self.clause, "row": number, "reason": row.reason}
        known = value if isinstance(value, (bool, int, str)) else float(str(value))
        figure = int(known) if isinstance(known, float) and known.is_integer() else known
        label = self.term.label(figure)
        return {"value": figure, "label": label, "clause": self.clause, "row": number, "reason": row.reason or label}


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
