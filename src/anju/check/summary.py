"""The answer in words, for standard output."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from anju.check.answers import Answers
from anju.check.run import Checked
from anju.check.table import counts_table, duty_counts, open_label, subject_labels


def summary(checked: Checked) -> Iterator[str]:
    """Lines for people: what was read, counts by clause, duties by kind, what is missing."""
    yield f"{checked.file}：读入 {checked.rows - checked.ledger.refused:,} 行，拒收 {checked.ledger.refused:,} 行"
    if checked.ignored:
        yield f"  没用到的列：{'、'.join(checked.ignored)}"
    if checked.answers and checked.absent:
        terms = checked.answers[0].policy.terms
        yield f"  没有这些列，当作不知道：{'、'.join(terms[code].name for code in checked.absent)}"
    for answers in checked.answers:
        yield ""
        yield f"{subject_labels[answers.subject]}：{answers.frame.height:,}，判定日 {answers.edition.on}"
        yield from _counts(answers)
        yield from _duties(answers)


def _counts(answers: Answers) -> Iterator[str]:
    clause, unanswered = "", []
    for (title, name), rows in counts_table(answers).group_by("条", "判定", maintain_order=True):
        if rows["结论"].to_list() == [open_label]:
            unanswered.append(str(name))
            continue
        if title != clause:
            clause = str(title)
            yield f"  {clause}"
        counts = "，".join(f"{result} {count:,}" for result, count in rows.select("结论", "数量").iter_rows())
        yield f"    {name}：{counts}"
    if unanswered:
        yield f"  缺数据，一行也答不出：{'、'.join(unanswered)}"


def _duties(answers: Answers) -> Iterator[str]:
    duties = duty_counts(answers)
    if duties.height:
        yield f"  应办 {duties['数量'].sum():,} 件"
        for row in duties.sort(pl.col("数量"), descending=True, maintain_order=True).iter_rows(named=True):
            yield f"    {row['应办']}（{row['强度']}，{row['由谁']}）{row['数量']:,}"
