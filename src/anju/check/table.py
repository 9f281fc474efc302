"""A subject's answers as tables that people read: labels instead of codes, names instead of terms."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from anju.check.answers import Answers
from anju.check.worklist import worklist
from anju.duties.owed import due_kind_label, strength_label, strengths
from anju.policy.frames import missing_texts
from anju.policy.model import Term

subject_labels: Mapping[str, str] = {"person": "人", "household": "户", "site": "安置点", "county": "区县"}
open_label = "缺数据"
_identity = {"@name": "姓名", "@head": "户主", "@site": "安置点", "@household": "户编号", "@village": "村社区"}


def identity(answers: Answers) -> dict[str, str]:
    """The identity columns that a subject's rows have, with their Chinese headers. ID numbers are never shown."""
    shown = {name: label for name, label in _identity.items() if name in answers.frame.columns}
    if answers.subject == "household":
        shown.pop("@name", None)
    return {"@row": "行号", "@key": "编号", **shown}


def duties_table(answers: Answers) -> pl.DataFrame:
    """应办清单: one duty a row in Chinese, strongest first within a row's order."""
    duties = worklist(answers)
    people = answers.frame.select(identity(answers).keys()).with_row_index("#")
    rows = duties.join(people, on="#", how="left", maintain_order="left")
    titles = {clause.number: clause.title for clause in answers.policy.clauses.values()}
    return rows.select(
        pl.lit(answers.sheet or "").alias("工作表"),
        *(pl.col(name).alias(label) for name, label in identity(answers).items()),
        pl.lit(subject_labels[answers.subject]).alias("对象"),
        pl.col("label").alias("应办"),
        pl.col("strength").replace_strict(list(strengths), [strength_label(s) for s in strengths]).alias("强度"),
        pl.col("who").alias("由谁"),
        pl.col("due").alias("期限"),
        pl.col("due_kind")
        .replace_strict(
            ["legal", "principle", "internal"], [due_kind_label(k) for k in ("legal", "principle", "internal")]
        )
        .alias("期限性质"),
        pl.col("clause").replace(titles).alias("条"),
        pl.col("reason").alias("为什么"),
    )


def results_table(answers: Answers) -> pl.DataFrame:
    """判定结果: a line a row, a column a decision; ``缺：…`` where facts are missing.

    Figures are numbers, so that they can be added up; a column beside them says why there is none.
    """
    shown = [column for code in answers.question.decisions for column in _shown(answers, code)]
    return answers.frame.select(*(pl.col(n).alias(label) for n, label in identity(answers).items()), *shown)


def _shown(answers: Answers, code: str) -> list[pl.Expr]:
    term = answers.policy.terms[code]
    text = result_column(answers, code)
    if term.kind not in ("int", "number"):
        return [text.alias(term.name)]
    figure = pl.col(code).cast(pl.Int64 if term.kind == "int" else pl.Float64)
    known = figure.is_not_null() & pl.col(f"{code}.row").is_not_null()
    columns = [pl.when(known).then(figure).alias(term.name)]
    if not answers.frame.select(known.all()).item():
        columns.append(pl.when(~known).then(text).alias(f"{term.name}（没有数的）"))
    return columns


def result_column(answers: Answers, code: str) -> pl.Expr:
    """One decision's results as Chinese text, figures too; ``缺：…`` where facts are missing."""
    terms = answers.policy.terms
    missing = {t: "缺：" + "、".join(terms[c].name for c in t.split(",")) for t in missing_texts(answers.frame, code)}
    text = labels(answers.frame[code].dtype, terms[code], pl.col(code))
    absent = pl.col(f"{code}.missing").cast(pl.String).replace(missing)
    return pl.when(pl.col(f"{code}.row").is_null()).then(absent).otherwise(text.fill_null("不适用"))


def labels(dtype: pl.DataType, term: Term, column: pl.Expr) -> pl.Expr:
    """A column of values as Chinese labels."""
    if dtype == pl.Boolean:
        return pl.when(column).then(pl.lit("是")).when(~column).then(pl.lit("否"))
    if term.kind == "enum":
        names = pl.Series([value.label for value in term.values])
        return pl.lit(names).gather(column.to_physical())
    figure = column.cast(pl.Float64)
    whole = figure.cast(pl.Int64, strict=False)
    return pl.when(figure == whole).then(whole.cast(pl.String)).otherwise(figure.cast(pl.String))


def missing_table(answers: Answers) -> pl.DataFrame:
    """缺数据: one row with blanks that leave a decision open, and what is missing."""
    terms = answers.policy.terms
    rows = answers.frame.filter(pl.col("missing").is_not_null())
    texts = rows["missing"].unique().to_list()
    named = {text: "、".join(terms[c].name for c in text.split(",")) for text in texts}
    return rows.select(
        pl.lit(answers.sheet or "").alias("工作表"),
        *(pl.col(n).alias(label) for n, label in identity(answers).items()),
        pl.col("missing").replace_strict(texts, [named[t] for t in texts], return_dtype=pl.String).alias("缺什么"),
    )


def counts_table(answers: Answers) -> pl.DataFrame:
    """Counts by clause and decision: 条, 判定, 结论, 数量; what is open counts as 缺数据."""
    parts: list[pl.DataFrame] = []
    titles = {clause.number: clause.title for clause in answers.policy.clauses.values()}
    for code in answers.question.decisions:
        term = answers.policy.terms[code]
        if term.kind in ("int", "number"):
            label = pl.when(pl.col(code).is_not_null()).then(pl.lit("有数")).otherwise(pl.lit("不适用"))
        else:
            label = labels(answers.frame[code].dtype, term, pl.col(code))
        shown = pl.when(pl.col(f"{code}.row").is_null()).then(pl.lit(open_label)).otherwise(label)
        counted = answers.frame.select(shown.alias("结论"))["结论"].value_counts(sort=True, name="数量")
        clause = answers.policy.decisions[code].clause
        head = [pl.lit(titles.get(clause, clause)).alias("条"), pl.lit(term.name).alias("判定")]
        parts.append(counted.select(*head, pl.col("结论").cast(pl.String), pl.col("数量").cast(pl.Int64)))
    schema = {"条": pl.String, "判定": pl.String, "结论": pl.String, "数量": pl.Int64}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def duty_counts(answers: Answers) -> pl.DataFrame:
    """Counts of duties: 条, 应办, 强度, 由谁, 数量; in page order."""
    duties = worklist(answers)
    titles = {clause.number: clause.title for clause in answers.policy.clauses.values()}
    counted = (
        duties.group_by("clause", "label", "strength", "who", maintain_order=True)
        .len("数量")
        .sort("clause", maintain_order=True)
    )
    return counted.select(
        pl.col("clause").replace(titles).alias("条"),
        pl.col("label").alias("应办"),
        pl.col("strength")
        .replace_strict(list(strengths), [strength_label(s) for s in strengths], return_dtype=pl.String)
        .alias("强度"),
        pl.col("who").alias("由谁"),
        pl.col("数量").cast(pl.Int64),
    )
