"""One-stop settlement of a medical bill (guideline 1.6-5): basic insurance, then catastrophic insurance, then medical assistance, and what
is left is the person's own share. No Django, no figure of its own: each stands on the page, with its days and its source.

Each part is rounded to the cent, half a cent up, when it is computed; the next one begins with what is left, so that the four parts are the
bill to the cent. What a year has used up goes on from bill to bill: two bills get from catastrophic insurance what one of both would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

LEVELS = ("一级", "二级", "三级")
TIERS = ("一档", "二档")
KINDS = ("住院", "门诊")
GROUPS = ("特困", "低保", "贫困人员")
"""Words of the page's parameters: of an institution, of what is paid for resident insurance, of the care, of who gets assistance."""

_nothing, _cent, _percent = Decimal(0), Decimal("0.01"), Decimal("0.01")


class Unsettled(Exception):
    """A bill that cannot be settled; the message is a Chinese sentence for the officer."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A parameter as it holds on the day of the bill. ``source``: where it comes from. ``own``: it is the county's."""

    name: str
    value: Decimal
    unit: str
    source: str
    own: bool = False


Book = Mapping[str, Figure]
"""The figures that hold on the day of a bill, by name; what nobody has set is not there."""


@dataclass(frozen=True, slots=True)
class Bill:
    """What the institution charged. ``outside``: for what insurance does not know. ``first``: what the person pays of it before insurance
    counts. The three are yuan to the cent. ``group``: as whom medical assistance knows the person.
    """

    kind: str
    level: str
    tier: str
    group: str
    total: Decimal
    outside: Decimal = _nothing
    first: Decimal = _nothing

    def check(self) -> None:
        """Raise `Unsettled` for a bill that is none."""
        known = (self.kind in KINDS, self.level in LEVELS, self.tier in TIERS, self.group in GROUPS)
        if not all(known):
            raise Unsettled("就医类别、医院等级、参保档次和救助对象都要选。")
        amounts = (self.total, self.outside, self.first)
        if any(not amount.is_finite() or amount < 0 or amount != amount.quantize(_cent) for amount in amounts):
            raise Unsettled("金额不能小于 0，精确到分。")
        if self.total == 0:
            raise Unsettled("总费用要大于 0。")
        if self.outside + self.first > self.total:
            raise Unsettled("目录外自费和先行自付加起来不能超过总费用。")


@dataclass(frozen=True, slots=True)
class Used:
    """What the bills of the year before this one have used up. ``basic``: paid by basic insurance, by kind. ``burden``: of stays in
    hospital, what basic insurance left over.
    """

    basic: Mapping[str, Decimal] = field(default_factory=dict)
    burden: Decimal = _nothing
    catastrophic: Decimal = _nothing
    assistance: Decimal = _nothing

    def after(self, bill: Bill, parts: Parts) -> Used:
        """With one more bill."""
        basic = {**self.basic, bill.kind: self.basic.get(bill.kind, _nothing) + parts.basic}
        return Used(
            basic,
            self.burden + parts.burden,
            self.catastrophic + parts.catastrophic,
            self.assistance + parts.assistance,
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the working: what came out, how, and by which figures."""

    what: str
    amount: Decimal
    how: str
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts of a bill, what it adds to the year's burden, and the steps by which they came out."""

    basic: Decimal
    catastrophic: Decimal
    assistance: Decimal
    own: Decimal
    burden: Decimal
    steps: tuple[Step, ...]


def settle(bill: Bill, used: Used, book: Book) -> Parts:
    """Work out the parts of a bill.

    Raises:
        Unsettled: a bill that is none, a figure that nobody has set or that is no percentage.
    """
    bill.check()
    within = bill.total - bill.outside - bill.first
    scope = Step("政策范围内费用", within, "总费用 − 目录外自费 − 先行自付")
    basic = _basic(bill, within, used, book)
    left = within - basic.amount
    burden = left if bill.kind == "住院" else _nothing
    catastrophic = _catastrophic(burden, used, book)
    left -= catastrophic.amount
    assistance = _assistance(bill, within, left, used, book)
    own = bill.total - basic.amount - catastrophic.amount - assistance.amount
    rest = Step("个人自付", own, "总费用 − 以上三项")
    return Parts(
        basic.amount,
        catastrophic.amount,
        assistance.amount,
        own,
        burden,
        (scope, basic, catastrophic, assistance, rest),
    )


def _basic(bill: Bill, within: Decimal, used: Used, book: Book) -> Step:
    if bill.kind == "住院":
        deductible = _needed(book, f"居民医保住院起付线{bill.level}")
        ratio = _ratio(book, f"居民医保住院比例{bill.tier}{bill.level}")
        most = _needed(book, f"居民医保住院封顶线{bill.tier}")
        counts, how = max(_nothing, within - deductible.value), "（范围内 − 起付线）× 比例"
        figures: tuple[Figure, ...] = (deductible, ratio, most)
    else:
        ratio = _ratio(book, f"居民医保门诊比例{bill.level}")
        most = _needed(book, f"居民医保门诊限额{bill.tier}")
        counts, how, figures = within, "范围内 × 比例", (ratio, most)
    before = used.basic.get(bill.kind, _nothing)
    amount = min(_cents(counts * ratio.value * _percent), max(_nothing, most.value - before))
    return Step("基本医保支付", amount, f"{how}，全年不超过封顶线；本年已付 {before:.2f}", figures)


def _catastrophic(burden: Decimal, used: Used, book: Book) -> Step:
    """What the year's burden gives with this bill, less what it gave without; nothing for a visit that is no stay in hospital."""
    if not burden:
        return Step("大病保险支付", _nothing, "没有进入大病保险的费用")
    threshold, half = _needed(book, "大病保险起付线"), _ratio(book, "大病贫困起付比例")
    ratio, more = _ratio(book, "大病保险比例"), _ratio(book, "大病贫困提高")
    most = book.get("大病贫困封顶线")
    begins = _cents(threshold.value * half.value * _percent)
    percent = min(ratio.value + more.value, Decimal(100))
    year = _cents(max(_nothing, used.burden + burden - begins) * percent * _percent)
    if most is not None:
        year = min(year, most.value)
    amount = min(max(_nothing, year - used.catastrophic), burden)
    whole, before = used.burden + burden, used.catastrophic
    how = f"全年住院范围内自付 {whole:.2f}，超过起付线 {begins:.2f} 的 × {percent.normalize():f}%，减去本年已付 {before:.2f}"
    return Step("大病保险支付", amount, how, tuple(f for f in (threshold, half, ratio, more, most) if f is not None))


def _assistance(bill: Bill, within: Decimal, left: Decimal, used: Used, book: Book) -> Step:
    """A share of what is left, or what is left beyond the most that the person shall bear, whichever is more; within the year's limit."""
    share, bears = f"医疗救助{bill.kind}比例{bill.group}", f"贫困人口{bill.kind}自付上限"
    if share not in book and bears not in book:
        raise Unsettled(f"“{share}”还没有定，算不出医疗救助；先在“本区县的参数”里登记。")
    ways, figures = [_nothing], []
    if share in book:
        figures.append(_ratio(book, share))
        ways.append(_cents(left * figures[-1].value * _percent))
    if bears in book:
        figures.append(_ratio(book, bears))
        ways.append(left - _cents(within * figures[-1].value * _percent))
    most = book.get(f"医疗救助年限额{bill.group}")
    amount = max(ways)
    if most is not None:
        figures.append(most)
        amount = min(amount, max(_nothing, most.value - used.assistance))
    how = f"还剩 {left:.2f}，按比例救助，或者补到自付上限，取多的；本年已救助 {used.assistance:.2f}"
    return Step("医疗救助支付", amount, how, tuple(figures))


def _needed(book: Book, name: str) -> Figure:
    if name not in book:
        raise Unsettled(f"“{name}”在这一天没有值；先在“本区县的参数”里登记公布的标准。")
    return book[name]


def _ratio(book: Book, name: str) -> Figure:
    figure = _needed(book, name)
    if not 0 <= figure.value <= 100:
        raise Unsettled(f"“{name}”是 {figure.value:f}，比例要在 0 到 100 之间。")
    return figure


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(_cent, ROUND_HALF_UP)
