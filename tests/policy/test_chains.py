"""What an open result leaves possible in the tables that test it: what its possible rows conclude, and nothing else."""

from collections.abc import Sequence
from datetime import date
from random import Random

import polars as pl
import pytest

from anju.policy.axes import axes
from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Fact, Policy
from tests.policy.asking import ask
from tests.policy.library import DAY, decision, small

_terms = """
| 类别 | kind | 人 | 枚举 | a 甲、b 乙、c 丙 | 台账 |
| 跨县 | far | 人 | 是否 | | 台账 |
| 已提示 | told | 人 | 是否 | | 台账 |
| 去向 | route | 人 | 枚举 | none 无、notice 通知、letter 函 | 判定 |
| 提示 | hint | 人 | 枚举 | yes 要、no 不要 | 判定 |
| 发文 | paper | 人 | 是否 | | 判定 |
| 记录 | record | 人 | 枚举 | kept 留、none 不留 | 判定 |
| 份数 | copies | 人 | 整数 | | 判定 |
| 复印 | copying | 人 | 是否 | | 判定 |
"""
_tables = {
    ("去向", "route", "类别 | 跨县 | 结论"): (
        "| 甲 | 否 | 无 |", "| 甲 | 是 | 通知 |", "| 乙 | 否 | 通知 |", "| 乙 | 是 | 函 |", "| 丙 | - | 无 |",
    ),
    ("提示", "hint", "去向 | 已提示 | 结论"): ("| 无 | - | 不要 |", "| 通知、函 | 是 | 不要 |", "| 通知、函 | 否 | 要 |"),
    ("发文", "paper", "去向 | 结论"): ("| 通知 | 是 |", "| 函 | 是 |", "| 其余 | 否 |"),
    ("记录", "record", "提示 | 发文 | 结论"): ("| 要 | - | 留 |", "| 不要 | 是 | 留 |", "| 不要 | 否 | 不留 |"),
    ("份数", "copies", "跨县 | 结论"): ("| 否 | 1 |", "| 是 | 2 |"),
    ("复印", "copying", "份数 | 结论"): ("| ≥1 | 是 |", "| <1 | 否 |"),
}  # fmt: skip


@pytest.fixture(scope="module")
def chain() -> Policy:
    return small(_terms, "\n".join(decision(*heading, "\n".join(rows)) for heading, rows in _tables.items()))


@pytest.mark.parametrize(
    ("asked", "facts", "expected"),
    [
        pytest.param("route", {"类别": "乙"}, "缺：跨县", id="通知还是函，不知道"),
        pytest.param("hint", {"类别": "乙", "已提示": "否"}, "要", id="不管通知还是函，都不是无"),
        pytest.param("hint", {"类别": "乙"}, "缺：跨县、已提示", id="可能的行看什么就缺什么"),
        pytest.param("hint", {"类别": "甲", "已提示": "否"}, "缺：跨县", id="可能是无，可能是通知"),
        pytest.param("hint", {"类别": "甲", "已提示": "是"}, "不要", id="提示过了，是哪个都一样"),
        pytest.param("hint", {"跨县": "是", "已提示": "否"}, "缺：类别", id="三样都可能"),
        pytest.param("paper", {"类别": "乙"}, "是", id="其余不可能了"),
        pytest.param("paper", {"类别": "甲"}, "缺：跨县", id="其余还可能"),
        pytest.param("paper", {"类别": "丙"}, "否", id="只剩其余"),
        pytest.param("record", {"类别": "乙"}, "留", id="隔一张表也算数"),
        pytest.param("record", {"类别": "甲", "已提示": "否"}, "缺：跨县", id="隔一张表还是不知道"),
        pytest.param("record", {"类别": "丙"}, "不留", id="全知道"),
        pytest.param("copying", {}, "缺：跨县", id="数字不知道，就什么都可能"),
        pytest.param("copying", {"跨县": "是"}, "是", id="数字知道了"),
    ],
)
def test_an_open_result_may_be_what_its_possible_rows_conclude(
    chain: Policy, asked: str, facts: dict[str, str], expected: str
) -> None:
    assert ask(chain, asked, facts) == expected


def test_the_same_blank_may_leave_different_results(chain: Policy) -> None:
    """One after the other, asked of the same compiled tables: the same fact is missing, but not the same is possible."""
    edition = Edition(chain, DAY)
    people: dict[str, list[Fact | None]] = {"kind": ["a", "b", "a", "b"], "far": [None] * 4, "told": [False] * 4}
    frame = facts_frame(people, chain.terms)
    wanted = [None, "yes", None, "yes"]
    assert Batch(edition, ("hint",), frame.columns).select(frame.lazy()).collect()["hint"].to_list() == wanted
    case = Case(edition, ("hint",))
    came = [case.answer({"kind": kind, "told": False})["hint"] for kind in ("a", "b", "a", "b")]
    assert [answer.value for answer in came] == wanted
    assert [answer.missing for answer in came] == [("far",), (), ("far",), ()]


# --- the shipped pages ----------------------------------------------------------------------------------------------


def _values(edition: Edition, code: str) -> Sequence[Fact]:
    """A value of every kind that some table can tell apart."""
    grids = [axis for table in edition.tables.values() for axis in axes(table) if axis.term.code == code]
    found = dict.fromkeys(s for axis in grids for s in axis.samples if s is not None)
    kind = edition.policy.terms[code].kind
    if kind == "date":
        return [*found, date(1960, 5, 1), date(2005, 5, 1), date(2025, 12, 31), date(2026, 6, 1), date(2026, 9, 1)]
    if kind in ("int", "number"):
        return [*found, 0, 1, 3, 250]
    return [*found] or [True, False]


def _people(
    edition: Edition, subject: str, count: int
) -> tuple[pl.DataFrame, pl.DataFrame, list[dict[str, Fact | None]]]:
    """Made-up rows without a blank, the same with a third of the cells blank, and these as single cases.

    What is computed where it is blank stays blank throughout, and what counts as a value where it is blank is never so.
    """
    chance = Random(7)
    terms = edition.policy.terms
    codes = sorted({fact for d in edition.decisions(subject) for fact in edition.inputs(d)} - {"as_of"})
    values = {code: _values(edition, code) for code in codes}
    whole: dict[str, list[Fact | None]] = {
        code: [None if edition.calculation(code) else chance.choice(values[code]) for _ in range(count)]
        for code in codes
    }
    gaps = {
        code: [None if terms[code].blank_as is None and chance.random() < 1 / 3 else v for v in column]
        for code, column in whole.items()
    }
    cases = [{code: gaps[code][at] for code in codes} for at in range(count)]
    return facts_frame(whole, terms), facts_frame(gaps, terms), cases


@pytest.mark.parametrize("subject", ["person", "household", "site", "county"])
def test_what_is_answered_despite_blanks_stays_so_when_they_are_filled(chongqing: Policy, subject: str) -> None:
    """Every decision, chains and calculations included, by both compilers on the same made-up ledger."""
    edition = Edition(chongqing, DAY)
    decisions = edition.decisions(subject)
    whole, gaps, cases = _people(edition, subject, 1500)
    batch = Batch(edition, decisions, whole.columns)
    full, partial = (batch.select(frame.lazy()).collect() for frame in (whole, gaps))
    one = Case(edition, decisions)
    for at, (filled, row) in enumerate(zip(full.iter_rows(named=True), partial.iter_rows(named=True), strict=True)):
        answers = one.answer(cases[at])
        for code in decisions:
            came = (row[code], row[f"{code}.row"], missing_terms(row[f"{code}.missing"]))
            assert came == (answers[code].value, answers[code].row, answers[code].missing), (code, cases[at])
            if row[f"{code}.missing"] is None:
                assert (filled[code], filled[f"{code}.missing"]) == (row[code], None), (code, cases[at])
