"""Cells by label: a text to the value of a term, or a sentence that says what to write instead.

Every reader works on one distinct text; columns are read by their distinct values. Codes of other systems ("2" for a
sex or a kind of relocation) mean different things in different systems and are never accepted.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from anju.policy.model import Term

Read: TypeAlias = bool | str | int | float | date | None
Reader: TypeAlias = Callable[[str], Read]

earliest = date(1900, 1, 1)
latest = date(2100, 12, 31)
largest_count = 10**12
_largest_amount = 10**7
outside_years = f"日期应在 {earliest.year} 年到 {latest.year} 年之间，请核对。"

yes_words = (
    "是 有 已 对 能 会 √ ✓ ✔ ☑ 🗹 v y yes true t 1 "
    "已办 已办理 已完成 完成 办结 已办结 具备 符合 同意 参加 已参加 享受 已享受"
).split()
no_words = (
    "否 无 未 没 没有 不 不是 不能 不会 × ✗ ✘ ☒ x n no false f 0 "
    "未办 未办理 未完成 不具备 不符合 不同意 未参加 不参加 未享受 不享受"
).split()
unknown_words = frozenset(
    "- -- — —— – / \\ 不详 不清楚 未知 不明 待核实 待核 待查 待定 空 n/a na null none nan #n/a ？ ?".split()
)
"""What officers write where they do not know: the same as a blank, unless the term has such a value."""

_unseen = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad\x00-\x1f]")
_iso_date = re.compile(
    r"(\d{4}) ?[-/.年] ?(\d{1,2}) ?[-/.月] ?(\d{1,2}) ?日?(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
)
_plain_date = re.compile(r"(\d{4})(\d{2})(\d{2})")
_month_only = re.compile(r"(?:19|20)\d{2}(?:[-/.年]?\d{1,2}月?|年)?")
_serial_day = re.compile(r"[1-7]\d{4}(?:\.\d+)?")
_whole = r"(?:\d{1,3}(?:,\d{3})+|\d+)"
_number = re.compile(rf"([+-]?{_whole}(?:\.\d+)?|[+-]?\.\d+)(.{{0,8}})")
_money = re.compile(rf"¥? ?({_whole})(?:\.(\d{{1,2}}))? ?元?", re.ASCII)
_month = re.compile(r"(\d{4}) ?[-年./]? ?(0?[1-9]|1[0-2])(?: ?月?|[-/.]0?1(?: .*)?)", re.ASCII)
_lost_zero = re.compile(r"(\d{4})\.1", re.ASCII)
_units = re.compile(
    r"个?(?:人|户|口|名|位|亩|分|公顷|m2|m²|㎡|平方米|平米|平方|平|元|块|张|票|岁|周岁|次|场|件|天|日|月|年|组|家|处|栋|套|%)?"
    r"(?:/.{1,4})?"
)


class CannotRead(ValueError):
    """A cell's text cannot be a value of the term; the message says in Chinese what to write instead."""


def clean(text: str) -> str:
    """The text without what the eye does not see: spaces around it, zero-width marks, a protecting apostrophe."""
    text = _unseen.sub("", text.replace("\xa0", " ").replace("\u3000", " ")).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.lstrip("'‘’").strip()


def half_width(text: str) -> str:
    """The text cleaned and in half width; spaces inside stay, for they part a date from a time of day."""
    return unicodedata.normalize("NFKC", clean(text))


def plain(text: str) -> str:
    """The text cleaned, in half width and without any space inside: the form in which labels are compared."""
    return re.sub(r"\s+", "", half_width(text))


def reader(term: Term, labels: Mapping[str, str], *, only_labels: bool = False) -> Reader:
    """The reader of a term's cells.

    `labels` are a header's further labels for the term's values (是/否 for a 是否); with `only_labels` they replace the
    usual words for 是 and 否, because the column asks something else (政治面貌).
    """
    read = _by_kind(term, labels, only_labels)

    def with_blanks(text: str) -> Read:
        word = plain(text)
        if not word:
            return None
        if word.lower() in unknown_words and not _names_value(term, word):
            if term.blank_as is not None:
                raise CannotRead(f"“{term.name}”空着算“{term.label(term.blank_as)}”，不知道请核实后填写。")
            return None
        return read(half_width(text) if term.kind == "date" else word)

    return with_blanks


def read_yes_no(word: str) -> bool:
    """是/否 in the many ways it is written."""
    lower = word.lower()
    if lower in yes_words:
        return True
    if lower in no_words:
        return False
    raise CannotRead("请写“是”或“否”，不知道就空着。")


def read_whole(word: str) -> int:
    """A count: no sign, no fraction; thousands separators and a unit after it are taken off."""
    value = read_number(word)
    if value != int(value):
        raise CannotRead("请写整数。")
    return int(value)


def read_number(word: str) -> float:
    """A figure that is not negative; thousands separators and a unit after it are taken off."""
    match = _number.fullmatch(word)
    if match is None or not _units.fullmatch(match[2]):
        raise CannotRead("请写阿拉伯数字，例如 12；不知道就空着。")
    value = float(match[1].replace(",", ""))
    if value < 0:
        raise CannotRead("不能是负数，请核对。")
    if value > largest_count:
        raise CannotRead("数字大得不正常，请核对。")
    return value


def read_cents(text: str) -> int:
    """An amount of money, in whole cents: 420.5, 1,234.50, with 元 or ¥. A comma or a space elsewhere may stand for a point."""
    match = _money.fullmatch(half_width(text))
    if match is None:
        raise CannotRead("请写成 420.50 或 1,234.50 这样，精确到分。")
    yuan = int(match[1].replace(",", ""))
    if yuan >= _largest_amount:
        raise CannotRead("大得不正常，请核对。")
    cents = yuan * 100 + int((match[2] or "").ljust(2, "0"))
    if not cents:
        raise CannotRead("要大于 0。")
    return cents


def read_month(text: str) -> int:
    """A month, 202603 for 2026-03, 2026年3月, 202603, or its first day. A number cell of 2026.10 arrives as 2026.1."""
    word = half_width(text)
    if lost := _lost_zero.fullmatch(word):
        raise CannotRead(
            f"分不清是 1 月还是 10 月，数字格式会丢掉最后的 0；请设成文本，写 {lost[1]}-01 或 {lost[1]}-10。"
        )
    match = _month.fullmatch(word)
    if match is None:
        raise CannotRead("请写成 2026-03 这样的月份。")
    return int(match[1]) * 100 + int(match[2])


def read_date(word: str) -> date:
    """A day: 2020-06-24, 2020/6/24, 2020.6.24, 20200624, 2020年6月24日, with or without a time of day."""
    match = _iso_date.fullmatch(word) or _plain_date.fullmatch(word)
    if match is None:
        if _month_only.fullmatch(word):
            raise CannotRead("日期要写到日，例如 2020-06-24；只知道年月就空着。")
        if _serial_day.fullmatch(word):
            raise CannotRead("这是日期的序号，不是日期；请把这一列设成日期格式，或写成 2020-06-24 这样。")
        raise CannotRead("请写成 2020-06-24 这样的日期；不知道就空着。")
    year, month, day = (int(group) for group in match.groups())
    try:
        value = date(year, month, day)
    except ValueError:
        raise CannotRead("没有这一天，请核对年月日。") from None
    if not earliest <= value <= latest:
        raise CannotRead(outside_years)
    return value


def _by_kind(term: Term, labels: Mapping[str, str], only_labels: bool) -> Reader:
    if term.kind == "enum":
        return _enumeration(term, labels)
    if term.kind == "bool":
        usual = {} if only_labels else {**dict.fromkeys(yes_words, "是"), **dict.fromkeys(no_words, "否")}
        return _labelled({**usual, **labels}, labels if only_labels else {})
    if term.kind == "date":
        return read_date
    if term.kind == "text":
        return str
    return _figure(term, read_whole if term.kind == "int" else read_number)


def _enumeration(term: Term, labels: Mapping[str, str]) -> Reader:
    known = {plain(value.label): value.code for value in term.values}
    known |= {value.code: value.code for value in term.values}
    known |= {plain(label): code for label, code in labels.items()}
    choice = "、".join(value.label for value in term.values)

    def read(word: str) -> str:
        code = known.get(word) or known.get(word.lower())
        if code is None:
            raise CannotRead(_choose(word, choice))
        return code

    return read


def _labelled(words: Mapping[str, str], labels: Mapping[str, str]) -> Reader:
    known = {plain(word).lower(): answer == "是" for word, answer in words.items()}

    def read(word: str) -> bool:
        answer = known.get(word.lower())
        if answer is None:
            choice = "、".join(labels)
            raise CannotRead(_choose(word, choice) if choice else "请写“是”或“否”，不知道就空着。")
        return answer

    return read


def _figure(term: Term, read_figure: Callable[[str], Read]) -> Reader:
    specials = {plain(name): special.code for special in term.specials for name in (special.label, special.code)}

    def read(word: str) -> Read:
        special = specials.get(word)
        if special is not None:
            return special
        try:
            return read_figure(word)
        except CannotRead as wrong:
            if not term.specials:
                raise
            also = "、".join(f"“{special.label}”" for special in term.specials)
            raise CannotRead(f"{wrong}也可以写{also}。") from None

    return read


def _choose(word: str, choice: str) -> str:
    if word.isdigit():
        return f"数字代码在各个系统里含义不同，不能用；请写文字：{choice}。"
    return f"请写其中一个：{choice}；不知道就空着。"


def _names_value(term: Term, word: str) -> bool:
    return any(word in (value.label, value.code) for value in (*term.values, *term.specials))
