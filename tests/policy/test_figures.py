"""Figures: thresholds, dates, parameters of a day and a county, calculations, rounding, ages."""

from datetime import date

import pytest

from anju.policy.edition import Edition
from anju.policy.errors import PolicyError
from anju.policy.load import read
from anju.policy.model import Policy
from tests.policy.asking import ask
from tests.policy.library import DAY, decision, guideline, problems_of, small


@pytest.fixture(scope="module")
def library() -> Policy:
    return read(guideline(), "library")


# --- days -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2024, 12, 31), "可借", id="失效前一天，上限三本"),
        pytest.param(date(2025, 1, 1), "不借", id="生效当天，上限两本"),
    ],
)
def test_a_parameter_has_the_value_of_the_day(library: Policy, on: date, expected: str) -> None:
    assert ask(library, "lending", {"读者类别": "成人", "有证": "是", "逾期本数": "2"}, on=on) == expected


def test_before_its_first_value_there_is_no_guideline(library: Policy) -> None:
    with pytest.raises(PolicyError, match="在 2020-05-31 没有值"):
        Edition(library, date(2020, 5, 31))


_applied = """
| 申请日 | applied | 人 | 日期 | | 台账 |
| 代表表决 | by_delegates | 人 | 是否 | | 台账 |
| 有效 | valid | 人 | 枚举 | good 有效、bad 无效 | 判定 |
"""
_dated_rows = """## 判定：有效 (valid)

| 代表表决 | 结论 | 应办 | 说明 | 生效 | 失效 | 句 |
|---|---|---|---|---|---|---|
| 否 | 有效 | | | | | 1.1-1 |
| 是 | 有效 | | | | 2025-05-01 | 1.1-1 |
| 是 | 无效 | | | 2025-05-01 | | 1.1-1 |
"""


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2025, 4, 30), "有效", id="失效前一天"),
        pytest.param(date(2025, 5, 1), "无效", id="失效当天"),
    ],
)
def test_a_row_holds_from_its_first_day_until_before_its_last(on: date, expected: str) -> None:
    policy = small(_applied, _dated_rows)
    assert ask(policy, "valid", {"代表表决": "是"}, on=on) == expected


def test_a_row_that_ends_without_another_leaves_a_gap() -> None:
    pages = guideline()
    table = pages["1.1-lending.md"].replace(
        "| 逾期本数 | 结论 | 应办 | 说明 | 句 |\n|---|",
        "| 逾期本数 | 结论 | 应办 | 说明 | 生效 | 失效 | 句 |\n|---|---|---|",
        1,
    )
    for reason in ("没有证 |", "| 可借 | | |", "先还书 |"):
        table = table.replace(f"{reason} 1.1", f"{reason} | | 1.1", 1)
    table = table.replace("儿童不用证 | 1.1-1", "儿童不用证 | | 2030-01-01 | 1.1-1", 1)
    (gap,) = (p for p in problems_of(guideline(lending=table)) if p.kind == "空缺")
    assert "在 2030-01-01 没有一行管到：读者类别=儿童" in gap.found


_by_day = decision(
    "有效",
    "valid",
    "代表表决 | 申请日 | 结论",
    "| 否 | - | 有效 |\n| 是 | <{停止日} | 有效 |\n| 是 | ≥{停止日} | 无效 |",
)
_stop = "| 停止日 | 2025-05-01 | | 2020-06-01 | | 内控 | |"


@pytest.mark.parametrize(
    ("applied", "expected"),
    [
        pytest.param("2025-04-30", "有效", id="停止前一天申请"),
        pytest.param("2025-05-01", "无效", id="停止当天申请"),
        pytest.param("", "缺：申请日", id="申请日空着"),
    ],
)
def test_another_date_is_an_ordinary_condition(applied: str, expected: str) -> None:
    policy = small(_applied, _by_day, parameters=_stop)
    for on in (date(2025, 4, 30), DAY):
        assert ask(policy, "valid", {"代表表决": "是", "申请日": applied}, on=on) == expected


# --- counties, settings, blanks that count --------------------------------------------------------------------------

_rates = """
| 亩数 | mu | 人 | 数 | | 台账 |
| 标准 | rate | 人 | 数 | unknown 未知；空白作未知 | 台账 |
| 补助 | subsidy | 人 | 枚举 | due 应补、missing 缺标准 | 判定 |
| 金额 | amount | 人 | 数 | | 判定 |
"""
_subsidy = (
    "## 计算\n\n| 术语 | 算式 |\n|---|---|\n| 标准 | {区县标准} |\n\n"
    + decision("补助", "subsidy", "标准 | 结论", "| 未知 | 缺标准 |\n| ≥0 | 应补 |\n| <0 | 缺标准 |")
    + "\n"
    + decision("金额", "amount", "补助 | 结论", "| 应补 | 亩数 * 标准 |\n| 缺标准 | 不适用 |")
)
_county = """
| 区县标准 | | 元 | 2020-06-01 | | 区县定 | |
| 区县标准 | 200 | 元 | 2021-01-01 | 2022-01-01 | 内控 | 500235 |
| 区县标准 | 250.5 | 元 | 2022-01-01 | | 内控 | 500235 |
"""


@pytest.mark.parametrize(
    ("county", "on", "facts", "expected"),
    [
        pytest.param("", DAY, {"亩数": "2"}, "不适用", id="没有区县，没有标准"),
        pytest.param("500236", DAY, {"亩数": "2"}, "不适用", id="别的区县的标准不算"),
        pytest.param("500235", date(2021, 12, 31), {"亩数": "2"}, "400", id="区县头一年的标准"),
        pytest.param("500235", date(2022, 1, 1), {"亩数": "2"}, "501", id="区县第二年的标准"),
        pytest.param("500235", DAY, {"亩数": "2", "标准": "100"}, "200", id="台账里写了的先用"),
        pytest.param("500235", DAY, {"亩数": "2", "标准": "未知"}, "不适用", id="台账里写未知就是未知"),
        pytest.param("500235", DAY, {}, "缺：亩数", id="缺亩数"),
    ],
)
def test_a_county_holds_its_own_value(county: str, on: date, facts: dict[str, str], expected: str) -> None:
    policy = small(_rates, _subsidy, parameters=_county)
    assert ask(policy, "amount", facts, county=county, on=on) == expected


def test_a_county_s_own_value_is_proved_too() -> None:
    """Everywhere else the two figures meet; in one county they leave 3 and 4 books to nobody."""
    page = guideline()["1.1-lending.md"].replace("≥{逾期上限}", "≥{借书止步}").replace("内控 |\n", "内控 | |\n")
    page = page.replace(
        "失效 | 依据 |\n|---|---|---|---|---|---|", "失效 | 依据 | 区县 |\n|---|---|---|---|---|---|---|"
    )
    stops = (
        "| 借书止步 | 3 | 本 | 2020-06-01 | 2025-01-01 | 内控 | |",
        "| 借书止步 | 2 | 本 | 2025-01-01 | | 内控 | |",
        "| 借书止步 | 5 | 本 | 2020-06-01 | 2025-01-01 | 内控 | 500235 |",
        "| 借书止步 | 2 | 本 | 2025-01-01 | | 内控 | 500235 |",
    )
    page = page.replace("| 儿童本数 |", "\n".join((*stops, "| 儿童本数 |")), 1)
    (gap,) = (problem for problem in problems_of(guideline(lending=page)) if problem.kind == "空缺")
    assert "在 2020-06-01 没有一行管到" in gap.found
    assert "逾期本数=3" in gap.found


_counted = """
| 适宜 | fits | 人 | 是否 | 空白作是 | 台账 |
| 记录 | record | 人 | 枚举 | written 有、unwritten 无；空白作无 | 台账 |
| 天数 | days | 人 | 整数 | never 从未；空白作从未 | 台账 |
| 判一 | one | 人 | 是否 | | 判定 |
| 判二 | two | 人 | 是否 | | 判定 |
| 判三 | three | 人 | 是否 | | 判定 |
"""
_counting = "\n".join(
    (
        decision("判一", "one", "适宜 | 结论", "| 是 | 是 |\n| 否 | 否 |"),
        decision("判二", "two", "记录 | 结论", "| 有 | 是 |\n| 无 | 否 |"),
        decision("判三", "three", "天数 | 结论", "| 从未 | 是 |\n| >0 | 否 |\n| ≤0 | 否 |"),
    )
)


@pytest.mark.parametrize(
    ("code", "facts", "expected"),
    [
        pytest.param("one", {}, "是", id="空白作是"),
        pytest.param("one", {"适宜": "否"}, "否", id="写了否就是否"),
        pytest.param("two", {}, "否", id="空白作一个值"),
        pytest.param("two", {"记录": "有"}, "是", id="写了值就是它"),
        pytest.param("three", {}, "是", id="空白作特殊值"),
        pytest.param("three", {"天数": "从未"}, "是", id="特殊值"),
        pytest.param("three", {"天数": "0"}, "否", id="零不是从未"),
    ],
)
def test_a_blank_may_count_as_a_value(code: str, facts: dict[str, str], expected: str) -> None:
    assert ask(small(_counted, _counting), code, facts) == expected


# --- special values beside numbers ----------------------------------------------------------------------------------

_visits = """
| 天数 | days | 人 | 整数 | never 从未、exempt 免 | 台账 |
| 走访 | visit | 人 | 枚举 | fine 正常、late 逾期、free 不用 | 判定 |
| 拖延 | delay | 人 | 整数 | | 判定 |
"""
_visiting = (
    decision("走访", "visit", "天数 | 结论", "| ≤{限} | 正常 |\n| >{限} | 逾期 |\n| 从未 | 逾期 |\n| 免 | 不用 |")
    + "\n"
    + decision("拖延", "delay", "走访 | 结论", "| 逾期 | 天数 - {限} |\n| 正常、不用 | 不适用 |")
)


@pytest.mark.parametrize(
    ("code", "days", "expected"),
    [
        pytest.param("visit", "30", "正常", id="正好三十天"),
        pytest.param("visit", "31", "逾期", id="三十一天"),
        pytest.param("visit", "从未", "逾期", id="从未走访不是零天"),
        pytest.param("visit", "免", "不用", id="另一个特殊值"),
        pytest.param("visit", "", "缺：天数", id="空着不是从未"),
        pytest.param("delay", "31", "1", id="有天数就能算"),
        pytest.param("delay", "从未", "缺：天数", id="从未不能算"),
        pytest.param("delay", "免", "不适用", id="不用算"),
    ],
)
def test_a_special_value_stands_beside_the_numbers(code: str, days: str, expected: str) -> None:
    policy = small(_visits, _visiting, parameters="| 限 | 30 | 日 | 2020-06-01 | | 内控 | |")
    assert ask(policy, code, {"天数": days}) == expected


# --- calculations ---------------------------------------------------------------------------------------------------

_sums = """
| 甲数 | a | 人 | 数 | | 台账 |
| 乙数 | b | 人 | 数 | | 台账 |
| 是甲 | is_a | 人 | 是否 | | 台账 |
| 从 | since | 人 | 日期 | | 台账 |
| 到 | until | 人 | 日期 | | 台账 |
| 得数 | result | 人 | 数 | | 判定 |
| 过线 | passed | 人 | 是否 | | 计算 |
| 过了 | passes | 人 | 是否 | | 判定 |
"""


def calculated(formula: str, facts: dict[str, str], *, parameters: str = "") -> str:
    """What a formula gives as the figure of a decision with a single row."""
    policy = small(
        _sums.replace("| 过线 | passed | 人 | 是否 | | 计算 |\n| 过了 | passes | 人 | 是否 | | 判定 |\n", ""),
        decision("得数", "result", "是甲 | 结论", f"| - | {formula} |"),
        parameters=parameters,
    )
    return ask(policy, "result", facts)


@pytest.mark.parametrize(
    ("formula", "facts", "expected"),
    [
        pytest.param("甲数 + 乙数 * 2", {"甲数": "1", "乙数": "3"}, "7", id="先乘后加"),
        pytest.param("(甲数 + 乙数) * 2", {"甲数": "1", "乙数": "3"}, "8", id="括号"),
        pytest.param("甲数 - 乙数 - 1", {"甲数": "5", "乙数": "3"}, "1", id="从左往右减"),
        pytest.param("-甲数 + 1", {"甲数": "5"}, "-4", id="负号"),
        pytest.param("甲数 / 3", {"甲数": "1"}, "0.333333", id="除不尽，六位小数"),
        pytest.param("甲数 / 3", {"甲数": "2"}, "0.666667", id="第七位进上来"),
        pytest.param("甲数 / 128", {"甲数": "1"}, "0.007812", id="正好一半，取双"),
        pytest.param("甲数 / 3 * 3", {"甲数": "1"}, "1", id="除了再乘还是原数"),
        pytest.param("甲数 + 乙数", {"甲数": "0.1", "乙数": "0.2"}, "0.3", id="小数不多出零头"),
        pytest.param("最大(0, 甲数 - 乙数)", {"甲数": "75", "乙数": "60"}, "15", id="最大"),
        pytest.param("最大(0, 甲数 - 乙数)", {"甲数": "60", "乙数": "75"}, "0", id="最大，不到零"),
        pytest.param("最小(甲数, 乙数, 2)", {"甲数": "3", "乙数": "5"}, "2", id="最小"),
        pytest.param("向上取整(甲数 / 200)", {"甲数": "1000"}, "5", id="除得尽不多一组"),
        pytest.param("向上取整(甲数 / 200)", {"甲数": "1001"}, "6", id="多一人多一组"),
        pytest.param("向下取整(甲数 / 100)", {"甲数": "999"}, "9", id="差一人少一组"),
        pytest.param("向下取整(0 - 甲数)", {"甲数": "0.5"}, "-1", id="负数向下"),
        pytest.param("向上取整(甲数 * 10)", {"甲数": "0.3"}, "3", id="零点三乘十正好三"),
        pytest.param("1 - 是甲", {"是甲": "是"}, "0", id="是算一"),
        pytest.param("1 - 是甲", {"是甲": "否"}, "1", id="否算零"),
        pytest.param("(甲数 ≥ 2) * 10", {"甲数": "2"}, "10", id="比较也算一和零"),
        pytest.param("最大(甲数 > 2, 0)", {"甲数": "2"}, "0", id="比较放进函数"),
        pytest.param("(从 < 到) + 0", {"从": "2021-01-31", "到": "2021-02-01"}, "1", id="日期和日期比"),
        pytest.param("甲数 + 乙数", {"甲数": "1"}, "缺：乙数", id="一个空着就不知道"),
        pytest.param("最大(甲数, 乙数)", {"甲数": "1"}, "缺：乙数", id="最大也不猜"),
        pytest.param("0 * 乙数", {}, "缺：乙数", id="乘零也不猜"),
        pytest.param("1,5 + 1", {}, "", id="逗号不是小数点"),
    ],
)
def test_a_calculation(formula: str, facts: dict[str, str], expected: str) -> None:
    if not expected:
        with pytest.raises(PolicyError):
            calculated(formula, facts)
    else:
        assert calculated(formula, facts) == expected


@pytest.mark.parametrize(
    ("present", "agreed", "expected"),
    [
        pytest.param("30", "20", "是", id="三十人里二十人，正好三分之二"),
        pytest.param("30", "19", "否", id="三十人里十九人"),
        pytest.param("29", "19", "否", id="二十九人里十九人，五十七比五十八"),
        pytest.param("29", "20", "是", id="二十九人里二十人"),
        pytest.param("29", "", "缺：乙数", id="同意人数空着"),
    ],
)
def test_a_fraction_is_compared_by_whole_numbers(present: str, agreed: str, expected: str) -> None:
    body = "## 计算\n\n| 术语 | 算式 |\n|---|---|\n| 过线 | 3 * 乙数 ≥ 2 * 甲数 |\n\n"
    body += decision("过了", "passes", "过线 | 结论", "| 是 | 是 |\n| 否 | 否 |")
    policy = small(_sums.replace("| 得数 | result | 人 | 数 | | 判定 |\n", ""), body)
    assert ask(policy, "passes", {"甲数": present, "乙数": agreed}) == expected


@pytest.mark.parametrize(
    ("ratio", "value", "expected"),
    [
        pytest.param("0.3", "0.3", "是", id="正好零点三"),
        pytest.param("0.3", "0.29", "否", id="差一点"),
        pytest.param("0.1", "0.1", "是", id="正好零点一"),
        pytest.param("1/3", "0.333333", "否", id="三分之一不是六位小数"),
    ],
)
def test_a_threshold_may_be_a_fraction(ratio: str, value: str, expected: str) -> None:
    terms = "| 占比 | share | 人 | 数 | | 台账 |\n| 够 | enough | 人 | 是否 | | 判定 |"
    body = decision("够", "enough", "占比 | 结论", "| ≥{线} | 是 |\n| <{线} | 否 |")
    policy = small(terms, body, parameters=f"| 线 | {ratio} | | 2020-06-01 | | 内控 | |")
    assert ask(policy, "enough", {"占比": value}) == expected


# --- ages -----------------------------------------------------------------------------------------------------------

_ages = """
| 成年 | adult | 人 | 是否 | | 判定 |
| 岁数 | years | 人 | 整数 | | 判定 |
"""
_aged = (
    decision("成年", "adult", "年龄 | 结论", "| ≥{成年} | 是 |\n| <{成年} | 否 |")
    + "\n"
    + decision("岁数", "years", "年龄 | 结论", "| - | 年龄 |")
)


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        pytest.param("2008-06-30", date(2026, 6, 30), 18, id="生日当天满"),
        pytest.param("2008-07-01", date(2026, 6, 30), 17, id="差一天"),
        pytest.param("2008-12-31", date(2026, 1, 1), 17, id="年底生，年初问"),
        pytest.param("1990-01-01", date(2026, 12, 31), 36, id="年初生，年底问"),
        pytest.param("1990-05-20", date(2026, 12, 1), 36, id="五月生，十二月问"),
        pytest.param("1990-12-20", date(2026, 5, 21), 35, id="十二月生，五月问"),
        pytest.param("2004-02-29", date(2022, 2, 28), 17, id="闰日生，平年二月末还不满"),
        pytest.param("2004-02-29", date(2022, 3, 1), 18, id="闰日生，平年三月一日满"),
        pytest.param("2004-02-29", date(2024, 2, 29), 20, id="闰日生，闰日满"),
        pytest.param("2026-06-30", date(2026, 6, 30), 0, id="当天出生"),
    ],
)
def test_an_age_is_in_whole_years_on_the_day(born: str, on: date, years: int) -> None:
    policy = small(_ages, _aged, parameters="| 成年 | 18 | 岁 | 2020-06-01 | | 内控 | |")
    assert ask(policy, "years", {"出生日期": born}, on=on) == str(years)
    assert ask(policy, "adult", {"出生日期": born}, on=on) == ("是" if years >= 18 else "否")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"年龄": "17", "出生日期": "1980-01-01"}, "17", id="写了年龄就用年龄"),
        pytest.param({"出生日期": "1980-01-01"}, "46", id="年龄空着，从出生日期算"),
        pytest.param({"出生日期": "1980-01-01", "判定日": ""}, "46", id="判定日空着就是问的那天"),
        pytest.param({}, "缺：年龄", id="都空着，缺的是年龄"),
    ],
)
def test_a_recorded_fact_is_computed_only_where_it_is_blank(facts: dict[str, str], expected: str) -> None:
    policy = small(_ages, _aged, parameters="| 成年 | 18 | 岁 | 2020-06-01 | | 内控 | |")
    assert ask(policy, "years", facts) == expected


@pytest.mark.parametrize(
    ("formula", "since", "until", "expected"),
    [
        pytest.param("天数(从, 到)", "2024-02-28", "2024-03-01", "2", id="闰年二月"),
        pytest.param("天数(从, 到)", "2023-02-28", "2023-03-01", "1", id="平年二月"),
        pytest.param("天数(从, 到)", "2024-03-01", "2024-02-28", "-2", id="倒着是负数"),
        pytest.param("月份(到)", "", "2026-12-31", "12", id="十二月"),
        pytest.param("天数(从, 到)", "", "2026-12-31", "缺：从", id="缺一个日期"),
    ],
)
def test_days_and_months(formula: str, since: str, until: str, expected: str) -> None:
    assert calculated(formula, {"从": since, "到": until}) == expected
