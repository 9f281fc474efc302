"""What the pages show of a checked ledger, written once so that every page is one short read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from anju.check.answers import Answers
from anju.check.explanation import duty_shown, tone
from anju.check.run import Checked
from anju.check.table import labels, subject_labels
from anju.check.worklist import worklist

_who = ("@name", "@head", "@site", "@household")
_searched = ("@key", "@name", "@head", "@site", "@household", "@village", "@township", "@county")


def write_record(checked: Checked, folder: Path) -> None:
    """Write summary.json, problems.json, duties.arrow, missing.arrow and answers-N.arrow (one for each subject) into a folder.

    ``duties.arrow`` has the columns of `anju.check.worklist.worklist` and ``part``, ``sheet``, ``row``, ``key``, ``name``,
    ``text`` (what the search looks through). ``answers-N.arrow`` is the frame of `anju.check.answers.Answers`.
    """
    listed = pl.concat([_duties(part, answers) for part, answers in enumerate(checked.answers)])
    if len({answers.sheet for answers in checked.answers}) == 1:
        listed = listed.with_columns(pl.lit("").alias("sheet"))
    listed.write_ipc(folder / "duties.arrow")
    pl.concat([_missing(part, a) for part, a in enumerate(checked.answers)]).write_ipc(folder / "missing.arrow")
    for part, answers in enumerate(checked.answers):
        answers.frame.write_ipc(folder / f"answers-{part}.arrow")
    problems = [_problem(problem) for problem in checked.problems]
    _write(folder / "problems.json", problems)
    _write(folder / "summary.json", _summary(checked, listed, len(problems)))


def _summary(checked: Checked, duties: pl.DataFrame, problems: int) -> dict[str, Any]:
    terms = checked.answers[0].policy.terms
    counts = duties.group_by("clause", "kind", "label", "strength", "who", maintain_order=True).len("count")
    return {
        "file": checked.file,
        "rows": checked.rows,
        "refused": checked.ledger.refused,
        "problems": problems,
        "absent": [terms[code].name for code in checked.absent],
        "ignored": list(checked.ignored),
        "version": checked.answers[0].policy.version,
        "on": checked.answers[0].edition.on.isoformat(),
        "duties": duties.height,
        "missing": sum(answers.frame["missing"].is_not_null().sum() for answers in checked.answers),
        "duty_kinds": counts.to_dicts(),
        "parts": [_part(answers) for answers in checked.answers],
    }


def _part(answers: Answers) -> dict[str, Any]:
    return {
        "subject": answers.subject,
        "label": subject_labels[answers.subject],
        "sheet": answers.sheet,
        "rows": answers.frame.height,
        "decisions": [
            {
                "code": code,
                "name": answers.policy.terms[code].name,
                "clause": answers.policy.decisions[code].clause,
                "results": list(_results(answers, code)),
            }
            for code in answers.question.decisions
        ],
    }


def _results(answers: Answers, code: str) -> Iterator[dict[str, Any]]:
    """How many rows have each result: key, label, count, tone.

    The key is the value's code (``true``, ``false``), or ``@number``, ``@none`` (not applicable), ``@open``.
    """
    term = answers.policy.terms[code]
    value = pl.col(code)
    key = pl.lit("@number") if term.kind in ("int", "number") else value.cast(pl.String)
    label = pl.lit("算出数字") if term.kind in ("int", "number") else labels(answers.frame[code].dtype, term, value)
    shown = answers.frame.select(
        pl.when(pl.col(f"{code}.row").is_null())
        .then(pl.struct(pl.lit("@open").alias("key"), pl.lit("缺数据").alias("label")))
        .when(value.is_null())
        .then(pl.struct(pl.lit("@none").alias("key"), pl.lit("不适用").alias("label")))
        .otherwise(pl.struct(key.alias("key"), label.cast(pl.String).alias("label")))
        .alias("result")
    )
    counted = shown.group_by("result", maintain_order=True).len("count").sort("count", descending=True)
    for result, count in counted.iter_rows():
        yield {**result, "count": count, "tone": _tone(answers, code, result["key"], result["label"])}


def _tone(answers: Answers, code: str, key: str, label: str) -> str:
    """The tone of a result: that of the strongest duty that any of its rows opens."""
    if key == "@open":
        return "open"
    rows = (rule.row for rule in answers.edition.tables[code].rules)
    if key == "@none":
        own = [row for row in rows if not row.result.applicable]
    elif key == "@number":
        own = [row for row in rows if row.result.formula is not None]
    else:
        own = [row for row in rows if row.result.value in (key, {"true": True, "false": False}.get(key, key))]
    duties = [duty_shown(answers.policy, duty) for row in own for duty in row.duties]
    return tone(label, duties, applicable=key != "@none")


def _identified(answers: Answers, part: int) -> list[pl.Expr]:
    """Where a row stands and what people call it."""
    columns = answers.frame.columns
    names = [pl.col(c) for c in (_who[1:] if answers.subject == "household" else _who) if c in columns]
    searched = [pl.col(c) for c in _searched if c in columns]
    return [
        pl.lit(part, dtype=pl.UInt32).alias("part"),
        pl.lit(answers.sheet or "").alias("sheet"),
        pl.col("@row").alias("row"),
        pl.col("@key").alias("key"),
        (pl.coalesce(*names, pl.lit("")) if names else pl.lit("")).alias("name"),
        pl.concat_str(*searched, separator=" ", ignore_nulls=True).alias("text"),
    ]


def _duties(part: int, answers: Answers) -> pl.DataFrame:
    rows = answers.frame.select(_identified(answers, part)).with_row_index("#")
    listed = worklist(answers).join(rows, on="#", how="left", maintain_order="left")
    searched = pl.concat_str("text", "label", "reason", separator=" ", ignore_nulls=True)
    return listed.with_columns(searched.str.to_lowercase().alias("text"))


def _missing(part: int, answers: Answers) -> pl.DataFrame:
    terms = answers.policy.terms
    rows = answers.frame.select(*_identified(answers, part), "missing").with_row_index("#")
    rows = rows.filter(pl.col("missing").is_not_null())
    texts = rows["missing"].unique().to_list()
    named = ["、".join(terms[code].name for code in text.split(",")) for text in texts]
    return rows.with_columns(pl.col("missing").replace_strict(texts, named, return_dtype=pl.String))


def _problem(problem: Any) -> dict[str, Any]:
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "letter": problem.letter,
        "found": problem.found,
        "advice": problem.advice,
        "refused": problem.severity == "refused",
    }


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
