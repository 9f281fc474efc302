"""Parquet 自己的类型：别的程序怎么存，台账的意思就怎么读。"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from anju.tables.ledger import Ledger, Sheet

ReadFile = Callable[[Path], Ledger]
Read = Callable[[pl.Series], Sheet]


@pytest.fixture
def read(tmp_path: Path, read_file: ReadFile) -> Callable[[pl.Series], Sheet]:
    """Read one column beside a fact that makes the rows persons."""

    def read_column(column: pl.Series) -> Sheet:
        frame = pl.DataFrame([pl.Series("养老状态", ["缴费中"] * len(column)), column])
        frame.write_parquet(tmp_path / "台账.parquet")
        return read_file(tmp_path / "台账.parquet").sheets[0]

    return read_column


_kinds = ["建档立卡", "同步搬迁"]


@pytest.mark.parametrize(
    ("column", "code", "values"),
    [
        pytest.param(pl.Series("年龄", [40.0, float("nan")]), "age", [40, None], id="NaN 就是空白"),
        pytest.param(pl.Series("流转亩数", [1.5, float("nan")]), "rented_mu", [1.5, None], id="数的 NaN 也是"),
        pytest.param(pl.Series("年龄", [Decimal("40.00"), None]), "age", [40, None], id="十进制小数"),
        pytest.param(pl.Series("年龄", [40, 200], dtype=pl.UInt8), "age", [40, 200], id="一个字节"),
        pytest.param(pl.Series("户籍已迁入", [1.0, None]), "hukou_moved", [True, None], id="成了小数的是否"),
        pytest.param(
            pl.Series("迁入地代码", [500235.0, None]), "destination_code", ["500235", None], id="成了小数的代码"
        ),
        pytest.param(
            pl.Series("搬迁类别", _kinds, dtype=pl.Categorical),
            "relocatee_kind",
            ["registered_poor", "concurrent"],
            id="分类",
        ),
        pytest.param(
            pl.Series("搬迁类别", _kinds, dtype=pl.Enum(_kinds[::-1])),
            "relocatee_kind",
            ["registered_poor", "concurrent"],
            id="枚举，次序不同",
        ),
        pytest.param(
            pl.Series("户籍迁入日", ["2020-06-30T16:00"]).str.to_datetime(time_zone="UTC"),
            "hukou_moved_on",
            [date(2020, 7, 1)],
            id="按世界时存的本地零点",
        ),
        pytest.param(
            pl.Series("健康状况", [["残疾", "长期慢性病"], []]),
            "@health",
            ["残疾、长期慢性病", None],
            id="几种状态的列表",
        ),
    ],
)
def test_a_column_is_what_a_ledger_means(read: Read, column: pl.Series, code: str, values: list[object]) -> None:
    sheet = read(column)
    assert sheet.frame[code].to_list() == values
    assert sheet.problems == ()


@pytest.mark.parametrize(
    ("column", "advice"),
    [
        pytest.param(pl.Series("年龄", [Decimal("59.5")]), "不小于 0 的整数", id="十进制小数不去尾"),
        pytest.param(pl.Series("年龄", [59.5]), "不小于 0 的整数", id="小数不去尾"),
        pytest.param(pl.Series("流转亩数", [float("inf")]), "不小于 0 的数", id="无穷大"),
        pytest.param(pl.Series("户籍迁入日", [date(1, 1, 1)]), "1900 年到 2100 年", id="日历之外的日子"),
    ],
)
def test_a_value_that_cannot_be_refuses_its_row(read: Read, column: pl.Series, advice: str) -> None:
    (problem,) = read(column).problems
    assert (problem.row, problem.severity) == (1, "refused")
    assert advice in problem.advice


def test_a_header_may_have_the_name_of_our_own_column(read: Read) -> None:
    sheet = read(pl.Series("@row", ["x"]))
    assert sheet.frame["@row"].to_list() == [1]
    assert sheet.ignored == ("@row",)
