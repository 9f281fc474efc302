"""一格一格地读：写法各样，意思一个；看不懂的说清楚该怎么写。"""

from datetime import date

import pytest

from anju.policy.errors import Place
from anju.policy.model import Term, Value
from anju.policy.names import Kind
from anju.tables.values import CannotRead, read_cents, read_month, reader

POOR, CONCURRENT = Value("registered_poor", "建档立卡"), Value("concurrent", "同步搬迁")


def term(kind: Kind, *, blank_as: bool | None = None, specials: tuple[Value, ...] = ()) -> Term:
    values = (POOR, CONCURRENT) if kind == "enum" else ()
    return Term("某项", "some", ("person",), kind, values, specials, blank_as, "ledger", "1.1", Place("x.md", 1))


@pytest.mark.parametrize("text", "是 有 已 √ ✓ Y yes TRUE 1 １ Ｙ 是　 参加".split(" "))
def test_yes(text: str) -> None:
    assert reader(term("bool"), {})(text) is True


@pytest.mark.parametrize("text", "否 无 未 × ✗ x N no FALSE 0 ０ 未参加".split())
def test_no(text: str) -> None:
    assert reader(term("bool"), {})(text) is False


@pytest.mark.parametrize("text", ["", "  ", "　", "\u200b", "-", "/", "不详", "未知", "N/A"])
def test_not_known_is_a_blank(text: str) -> None:
    assert reader(term("bool"), {})(text) is None
    assert reader(term("enum"), {})(text) is None
    assert reader(term("date"), {})(text) is None


def test_where_a_blank_means_something_not_known_is_refused() -> None:
    read = reader(term("bool", blank_as=True), {})
    assert read("") is None
    with pytest.raises(CannotRead, match="空着算“是”"):
        read("不详")


@pytest.mark.parametrize("text", ["建档立卡", " 建档立卡　", "registered_poor", "建档 立卡", "建档立卡贫困户"])
def test_an_enumeration_by_label_or_own_code(text: str) -> None:
    assert reader(term("enum"), {"建档立卡贫困户": "registered_poor"})(text) == "registered_poor"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1", "数字代码在各个系统里含义不同"),
        ("02", "请写文字：建档立卡、同步搬迁"),
        ("其他", "请写其中一个：建档立卡、同步搬迁"),
    ],
    ids=["外来代码", "带零的外来代码", "没有的标签"],
)
def test_foreign_codes_and_labels_are_refused_with_the_labels(text: str, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        reader(term("enum"), {})(text)


def test_only_labels_replace_the_words_for_yes() -> None:
    read = reader(term("bool"), {"中共党员": "是", "群众": "否"}, only_labels=True)
    assert read("中共党员") is True
    assert read("群众") is False
    with pytest.raises(CannotRead, match="数字代码"):
        read("1")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("１２", 12),
        ("1,234", 1234),
        ("1，234", 1234),
        ("12.0", 12),
        ("12人", 12),
        ("3 户", 3),
        ("5个人", 5),
        ("0", 0),
    ],
)
def test_counts(text: str, expected: int) -> None:
    assert reader(term("int"), {})(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.5亩", 12.5),
        ("80.6㎡", 80.6),
        ("80.6平方米", 80.6),
        ("1,000.50 元", 1000.5),
        ("100元/亩·年", 100),
        (".5", 0.5),
    ],
)
def test_figures(text: str, expected: float) -> None:
    assert reader(term("number"), {})(text) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("-1", "不能是负数"),
        ("3.5", "请写整数"),
        ("三", "阿拉伯数字"),
        ("1万", "阿拉伯数字"),
        ("1,23", "阿拉伯数字"),
        ("9" * 20, "大得不正常"),
    ],
    ids=["负数", "小数", "汉字", "万", "千分位不对", "太大"],
)
def test_what_is_no_count_is_refused(text: str, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        reader(term("int"), {})(text)


def test_a_special_value_stands_beside_the_numbers() -> None:
    read = reader(term("int", specials=(Value("never", "从未"),)), {})
    assert [read("从未"), read("never"), read("30")] == ["never", "never", 30]
    with pytest.raises(CannotRead, match="也可以写“从未”"):
        read("很久")


@pytest.mark.parametrize(
    "text",
    [
        "2020-06-24",
        "2020/6/24",
        "2020.6.24",
        "20200624",
        "2020年6月24日",
        "2020年06月24",
        "２０２０－０６－２４",
        "2020-06-24 00:00:00",
        "2020-06-24T08:30",
        "2020/6/24 18:30",
        " 2020 年 6 月 24 日 ",
    ],
)
def test_days(text: str) -> None:
    assert reader(term("date"), {})(text) == date(2020, 6, 24)


def test_a_time_of_day_is_not_read_into_the_day() -> None:
    assert reader(term("date"), {})("2020/6/1 18:30") == date(2020, 6, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2020-06", "写到日"),
        ("2020年6月", "写到日"),
        ("202006", "写到日"),
        ("2020", "写到日"),
        ("2021-02-29", "没有这一天"),
        ("1890-01-01", "1900 年到"),
        ("20-6-24", "2020-06-24 这样"),
        ("44006", "序号"),
        ("农历三月三", "2020-06-24 这样"),
    ],
    ids=["只有年月", "只有年月，中文", "只有年月，连写", "只有年", "没有的日子", "太早", "两位年", "Excel序号", "农历"],
)
def test_what_is_no_day_is_refused(text: str, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        reader(term("date"), {})(text)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("420.50", 42050), ("420.5", 42050), ("420", 42000), ("0.01", 1), ("1,234.50", 123450), ("1,234,567", 123456700),
        ("420.50元", 42050), ("420 元", 42000), ("￥420.50", 42050), ("¥ 420", 42000), ("４２０．５０", 42050), ("１，２３４", 123400),
        (" 420\u200b", 42000), ("9999999.99", 999999999),
    ],
)  # fmt: skip
def test_an_amount_in_cents(text: str, cents: int) -> None:
    assert read_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("420,50", "1,234.50 这样"), ("420，50", "1,234.50 这样"), ("4,20.50", "1,234.50 这样"), ("1234,567", "1,234.50 这样"),
        ("420元50", "1,234.50 这样"), ("420 50", "1,234.50 这样"), ("1 234.50", "1,234.50 这样"), ("420.505", "精确到分"),
        ("420.", "精确到分"), (".5", "精确到分"), ("-420", "精确到分"), ("四百二十", "精确到分"), ("٤٢٠", "精确到分"),
        ("0", "大于 0"), ("0.00", "大于 0"), ("10000000", "大得不正常"),
    ],
)  # fmt: skip
def test_an_amount_that_could_be_another_is_not_guessed(text: str, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        read_cents(text)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-03", 202603), ("2026-3", 202603), ("2026/10", 202610), ("2026.10", 202610), ("2026.11", 202611), ("2026.01", 202601),
        ("2026.2", 202602), ("2026.9", 202609), ("202610", 202610), ("2026年1月", 202601), ("2026 年 10 月", 202610),
        ("２０２６－１０", 202610), ("2026-10-01", 202610), ("2026-10-01 00:00:00", 202610), ("2026.1月", 202601),
    ],
)  # fmt: skip
def test_a_month(text: str, month: int) -> None:
    assert read_month(text) == month


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026.1", "写 2026-01 或 2026-10"), ("２０２６．１", "写 2026-01 或 2026-10"),
        ("2026-10-31", "写成 2026-03"), ("2026-13", "写成 2026-03"),
        ("2026-0", "写成 2026-03"), ("十月", "写成 2026-03"), ("10/2026", "写成 2026-03"), ("2026", "写成 2026-03"),
    ],
)  # fmt: skip
def test_a_month_that_could_be_another_is_not_guessed(text: str, says: str) -> None:
    with pytest.raises(CannotRead, match=says):
        read_month(text)
