"""One-stop settlement: worked examples by the page's figures, and what holds of every bill of every year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.payments.one_stop import GROUPS, KINDS, LEVELS, TIERS, Bill, Book, Figure, Parts, Unsettled, Used, settle

D = Decimal


def book(**figures: str) -> Book:
    """Figures by name."""
    return {name: Figure(name, D(value), "", "待核") for name, value in figures.items()}


FIGURES = book(
    居民医保住院起付线一级="100", 居民医保住院起付线二级="300", 居民医保住院起付线三级="800",
    居民医保住院比例一档一级="80", 居民医保住院比例一档二级="70", 居民医保住院比例一档三级="50",
    居民医保住院比例二档一级="80", 居民医保住院比例二档二级="70", 居民医保住院比例二档三级="50",
    居民医保住院封顶线一档="80000", 居民医保住院封顶线二档="120000",
    居民医保门诊比例一级="60", 居民医保门诊比例二级="40", 居民医保门诊比例三级="0",
    居民医保门诊限额一档="300", 居民医保门诊限额二档="500",
    大病保险起付线="19856", 大病保险比例="60", 大病贫困起付比例="50", 大病贫困提高="5",
    贫困人口住院自付上限="10", 贫困人口门诊自付上限="20",
)  # fmt: skip
"""As the page has them for 2026."""

STAY = Bill("住院", "二级", "一档", "贫困人员", D("10000"))
VISIT = replace(STAY, kind="门诊", level="一级", total=D("200"))

EXAMPLES = {
    "县医院住院一万，医保付六成八，自付补到一成": (STAY, Used(), ("6790.00", "0.00", "2210.00", "1000.00")),
    "乡镇卫生院没到起付线，自付补到一成": (
        replace(STAY, level="一级", total=D("90")),
        Used(),
        ("0.00", "0.00", "81.00", "9.00"),
    ),
    "三级医院住院五万，过了减半的大病起付线": (
        replace(STAY, level="三级", total=D("50000")),
        Used(),
        ("24600.00", "10056.80", "10343.20", "5000.00"),
    ),
    "目录外和先行自付全由本人付": (
        replace(STAY, total=D("10000"), outside=D("1500"), first=D("500")),
        Used(),
        ("5390.00", "0.00", "1810.00", "2800.00"),
    ),
    "医保封了顶，余下的进大病": (
        replace(STAY, level="一级", total=D("20000")),
        Used({"住院": D("79000")}, D("9928")),
        ("1000.00", "12350.00", "4650.00", "2000.00"),
    ),
    "本年大病起付线已经用过，这次从头一元付": (
        replace(STAY, total=D("1300")),
        Used({}, D("9928")),
        ("700.00", "390.00", "80.00", "130.00"),
    ),
    "门诊不减起付线，也不进大病": (VISIT, Used({}, D("9928")), ("120.00", "0.00", "40.00", "40.00")),
    "门诊限额用得只剩二十元": (VISIT, Used({"门诊": D("280")}), ("20.00", "0.00", "140.00", "40.00")),
    "半分进一分": (replace(VISIT, level="二级", total=D("0.07")), Used(), ("0.03", "0.00", "0.03", "0.01")),
}


@pytest.mark.parametrize(("bill", "used", "parts"), EXAMPLES.values(), ids=EXAMPLES)
def test_worked_examples(bill: Bill, used: Used, parts: Sequence[str]) -> None:
    found = settle(bill, used, FIGURES)
    assert [f"{a:.2f}" for a in (found.basic, found.catastrophic, found.assistance, found.own)] == list(parts)


def test_the_share_of_assistance_where_it_is_more_than_the_guarantee() -> None:
    own = {**FIGURES, **book(医疗救助住院比例特困="100", 医疗救助住院比例低保="80")}
    assert settle(replace(STAY, group="特困"), Used(), own).own == 0
    assert settle(replace(STAY, group="低保"), Used(), own).own == D("642.00")
    assert settle(STAY, Used(), own).own == D("1000.00")


def test_the_years_limit_of_assistance() -> None:
    own = {**FIGURES, **book(医疗救助年限额低保="3000")}
    bill = replace(STAY, group="低保")
    assert settle(bill, Used(assistance=D("2500")), own).assistance == D("500")
    assert settle(bill, Used(assistance=D("3100")), own).assistance == 0


def test_a_ceiling_of_catastrophic_insurance_once_somebody_sets_one() -> None:
    bill = replace(STAY, level="三级", total=D("50000"))
    assert settle(bill, Used(), {**FIGURES, **book(大病贫困封顶线="5000")}).catastrophic == D("5000")


REFUSED = {
    "没有总费用": (replace(STAY, total=D(0)), FIGURES, "总费用"),
    "自费比总费用多": (replace(STAY, outside=D("9000"), first=D("1000.01")), FIGURES, "不能超过总费用"),
    "不到一分": (replace(STAY, total=D("0.005")), FIGURES, "精确到分"),
    "负数": (replace(STAY, first=D("-1")), FIGURES, "不能小于 0"),
    "不是数": (replace(STAY, total=D("NaN")), FIGURES, "精确到分"),
    "没有这个等级": (replace(STAY, level="四级"), FIGURES, "都要选"),
    "这一天没有起付线": (
        STAY,
        {n: f for n, f in FIGURES.items() if "起付线" not in n},
        "“居民医保住院起付线二级”在这一天没有值",
    ),
    "比例写过了头": (STAY, {**FIGURES, **book(居民医保住院比例一档二级="101")}, "0 到 100"),
    "救助标准谁也没有定": (STAY, {n: f for n, f in FIGURES.items() if "自付上限" not in n}, "还没有定"),
}


@pytest.mark.parametrize(("bill", "figures", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_settled_says_why(bill: Bill, figures: Book, why: str) -> None:
    with pytest.raises(Unsettled, match=why):
        settle(bill, Used(), figures)


def test_every_step_names_its_figures() -> None:
    steps = {step.what: [figure.name for figure in step.figures] for step in settle(STAY, Used(), FIGURES).steps}
    assert list(steps) == ["政策范围内费用", "基本医保支付", "大病保险支付", "医疗救助支付", "个人自付"]
    assert steps["基本医保支付"] == ["居民医保住院起付线二级", "居民医保住院比例一档二级", "居民医保住院封顶线一档"]
    assert steps["大病保险支付"] == ["大病保险起付线", "大病贫困起付比例", "大病保险比例", "大病贫困提高"]


cents = st.integers(0, 30_000_000).map(lambda n: D(n).scaleb(-2))
percents = st.integers(0, 1_000).map(lambda n: D(n).scaleb(-1))


@st.composite
def figures(draw: st.DrawFn) -> Book:
    """Any figures: ratios from 0 to 100, amounts of any size, what may be missing there or not."""
    found = {}
    for name in FIGURES:
        amount = any(word in name for word in ("起付线", "封顶线", "限额"))
        found[name] = draw(cents if amount else percents)
    for group, kind in product(GROUPS, KINDS):
        if draw(st.booleans()):
            found[f"医疗救助{kind}比例{group}"] = draw(percents)
            found[f"医疗救助年限额{group}"] = draw(cents)
    if draw(st.booleans()):
        found["大病贫困封顶线"] = draw(cents)
    return {name: Figure(name, value, "", "") for name, value in found.items()}


@st.composite
def bills(draw: st.DrawFn) -> Bill:
    """Any bill that is one."""
    within, outside, first = draw(cents), draw(cents), draw(cents)
    total = max(within + outside + first, D("0.01"))
    kind, level, tier, group = (draw(st.sampled_from(words)) for words in (KINDS, LEVELS, TIERS, GROUPS))
    return Bill(kind, level, tier, group, total, outside, first)


def year(listed: Sequence[Bill], known: Book) -> list[tuple[Bill, Used, Parts]]:
    """The bills of a year, one after the other."""
    used, found = Used(), []
    for bill in listed:
        parts = settle(bill, used, known)
        found.append((bill, used, parts))
        used = used.after(bill, parts)
    return found


several = st.lists(bills(), min_size=1, max_size=5)


@given(several, figures())
def test_the_four_parts_are_the_bill_and_none_is_negative(listed: list[Bill], known: Book) -> None:
    for bill, _, parts in year(listed, known):
        four = (parts.basic, parts.catastrophic, parts.assistance, parts.own)
        assert sum(four) == bill.total
        assert min(four) >= 0
        assert parts.own >= bill.outside + bill.first
        assert all(amount == amount.quantize(D("0.01")) for amount in four)


@given(several, figures(), cents)
def test_who_is_charged_more_never_bears_less_and_never_gets_less(
    listed: list[Bill], known: Book, more: Decimal
) -> None:
    bill, used, less = year(listed, known)[-1]
    parts = settle(replace(bill, total=bill.total + more), used, known)
    assert less.own <= parts.own <= less.own + more
    assert parts.basic >= less.basic
    assert parts.catastrophic >= less.catastrophic
    assert bill.total + more - parts.own >= bill.total - less.own


@given(several, figures())
def test_a_year_gets_from_catastrophic_insurance_what_one_bill_of_all_would(listed: list[Bill], known: Book) -> None:
    stays = [(bill, parts) for bill, _, parts in year(listed, known) if bill.kind == "住院"]
    burden = sum((parts.burden for _, parts in stays), D(0))
    begins = (known["大病保险起付线"].value * known["大病贫困起付比例"].value / 100).quantize(
        D("0.01"), "ROUND_HALF_UP"
    )
    percent = min(known["大病保险比例"].value + known["大病贫困提高"].value, D(100))
    whole = (max(D(0), burden - begins) * percent / 100).quantize(D("0.01"), "ROUND_HALF_UP")
    if "大病贫困封顶线" in known:
        whole = min(whole, known["大病贫困封顶线"].value)
    assert sum((parts.catastrophic for _, parts in stays), D(0)) == whole


@given(several, figures())
def test_a_year_never_gets_more_than_its_ceilings(listed: list[Bill], known: Book) -> None:
    found = year(listed, known)
    for kind, ceiling in (("住院", "封顶线"), ("门诊", "限额")):
        paid = sum((parts.basic for bill, _, parts in found if bill.kind == kind), D(0))
        assert paid <= max(known[f"居民医保{kind}{ceiling}{tier}"].value for tier in TIERS)
    for group in GROUPS:
        if (most := known.get(f"医疗救助年限额{group}")) and {bill.group for bill in listed} == {group}:
            assert sum((parts.assistance for _, _, parts in found), D(0)) <= most.value
