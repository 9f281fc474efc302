"""One column of texts to typed values, with a sentence for every cell that cannot be read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from anju.policy.model import Term
from anju.tables import identity
from anju.tables.headers import Header
from anju.tables.values import (
    CannotRead,
    Read,
    clean,
    earliest,
    half_width,
    largest_count,
    latest,
    outside_years,
    plain,
    read_date,
    read_number,
    read_whole,
    read_yes_no,
    reader,
    unknown_words,
)

_kinds: Mapping[str, pl.DataType] = {
    "bool": pl.Boolean(),
    "int": pl.Int64(),
    "number": pl.Float64(),
    "date": pl.Date(),
    "text": pl.String(),
}
_long_number_advice = "编码是数字格式，最后几位已经丢失；请把这一列设成“文本”格式，再从原系统重新导出。"
_code_advice = "统计用区划代码应是 6、9 或 12 位数字，请核对；不知道就空着，另填区县和乡镇名称。"
never = "@never"
_whole = re.compile(r"(?<=\d)\.0+$")
"""What other programs write after a whole number that they took for a fraction."""
_rounded = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A column read: its values, a sentence for each unreadable cell (null elsewhere), special values as masks."""

    values: pl.Series
    advice: pl.Series
    specials: Mapping[str, pl.Series] = field(default_factory=dict)


def dtype_of(term: Term) -> pl.DataType:
    """The Polars type of a term's column."""
    if term.kind == "enum":
        return pl.Enum([value.code for value in term.values])
    return _kinds[term.kind]


def read_column(raw: pl.Series, header: Header, term: Term | None) -> Parsed:
    """Read one column as its header declares; `raw` holds texts, or the file's own types (Parquet)."""
    if header.reads == "身份证":
        return _read_ids(raw)
    free = term is not None and term.kind == "text" and header.reads == "术语"
    if free or header.reads in ("文本", "地点", "编码"):
        return _read_texts(raw, header.reads == "编码")
    if header.reads == "代码":
        return by_distinct(_as_text(raw), _read_code, pl.String())
    if term is not None:
        return _read_term(raw, header, term)
    read, dtype = _readers[header.reads]
    return by_distinct(_as_text(raw), read, dtype)


def by_distinct(
    raw: pl.Series, read: Callable[[str], Read], dtype: pl.DataType, specials: tuple[str, ...] = ()
) -> Parsed:
    """Read every distinct text once and put the values back in their places."""
    # A quarter of a million cells of a ledger hold a few dozen texts, or a few thousand days.
    good: dict[str, Read] = {}
    bad: dict[str, str] = {}
    for text in raw.drop_nulls().unique().to_list():
        try:
            good[text] = read(text)
        except CannotRead as wrong:
            bad[text] = str(wrong)
    special = {code: [text for text, value in good.items() if value == code] for code in specials}
    plain_values = {text: value for text, value in good.items() if value not in specials} if specials else good
    return Parsed(
        _replace(raw, plain_values, dtype),
        _replace(raw, bad, pl.String()),
        {code: raw.is_in(texts).fill_null(value=False) for code, texts in special.items() if texts},
    )


def _replace(raw: pl.Series, values: Mapping[str, object], dtype: pl.DataType) -> pl.Series:
    if not values:
        return pl.Series(raw.name, [None], dtype).new_from_index(0, len(raw))
    new = pl.Series(list(values.values()), dtype=dtype)
    return raw.replace_strict(pl.Series(list(values), dtype=pl.String), new, default=None, return_dtype=dtype)


def _read_term(raw: pl.Series, header: Header, term: Term) -> Parsed:
    dtype = dtype_of(term)
    typed = _typed(raw, term)
    if typed is not None:
        return typed
    read = reader(term, header.labels, only_labels=header.only_labels)
    return by_distinct(_as_text(raw), read, dtype, tuple(special.code for special in term.specials))


def _typed(raw: pl.Series, term: Term) -> Parsed | None:
    """A column whose own type already is the term's (Parquet); None if its texts have to be read."""
    dtype = dtype_of(term)
    if term.kind == "bool" and raw.dtype == pl.Boolean:
        return Parsed(raw, _nothing(raw))
    if term.kind == "date" and raw.dtype in (pl.Date, pl.Datetime):
        days = raw.cast(pl.Date)
        outside = ~days.is_between(earliest, latest)
        return Parsed(days, pl.select(pl.when(outside).then(pl.lit(outside_years))).to_series())
    if term.kind in ("int", "number") and raw.dtype.is_numeric():
        values = raw.cast(dtype, strict=False)
        wrong = (raw < 0) | values.is_null() | (values > largest_count)
        if term.kind == "int" and not raw.dtype.is_integer():
            wrong |= values.cast(pl.Float64) != raw.cast(pl.Float64)
        right = f"应是不小于 0 的{'整数' if term.kind == 'int' else '数'}，请核对。"
        advice = pl.select(pl.when(wrong & raw.is_not_null()).then(pl.lit(right))).to_series()
        return Parsed(values, advice)
    return None


def _read_ids(raw: pl.Series) -> Parsed:
    if raw.dtype.is_float():
        wrong = pl.select(pl.when(raw.is_not_null()).then(pl.lit(identity.number_advice))).to_series()
        return Parsed(pl.Series(raw.name, [None], pl.String).new_from_index(0, len(raw)), wrong)
    text = pl.DataFrame({"id": _as_text(raw)}).with_columns(id=identity.normal_ids())
    known = ~pl.col("id").str.to_lowercase().is_in(["", *unknown_words])
    checked = text.with_columns(id=pl.when(known).then("id")).with_columns(ok=identity.id_valid())
    wrong = checked.select(pl.when(~pl.col("ok").fill_null(value=False)).then("id")).to_series()
    reasons = {number: identity.why_wrong(number) for number in wrong.drop_nulls().unique().to_list()}
    return Parsed(checked["id"], _replace(wrong, reasons, pl.String()))


def _read_texts(raw: pl.Series, numbers_matter: bool) -> Parsed:
    text = _as_text(raw).str.replace_all(r"[\u200b-\u200f\u2060\ufeff\x00-\x1f]", "").str.strip_prefix("'")
    text = text.str.strip_chars()
    text = pl.select(pl.when(text != "").then(text)).to_series()
    if not numbers_matter:
        return Parsed(text, _nothing(raw))
    lost = text.str.contains(r"^[0-9](\.[0-9]+)?[Ee]\+?[0-9]+$")
    advice = pl.select(pl.when(lost).then(pl.lit(_long_number_advice))).to_series()
    return Parsed(text, advice)


def number_advice(reads: str) -> str | None:
    """What to say of a cell of this way of reading that holds a number of 16 or more digits instead of text."""
    return {"身份证": identity.number_advice, "编码": _long_number_advice}.get(reads)


def _as_text(raw: pl.Series) -> pl.Series:
    """Texts without spaces around them; nothing but spaces is a blank."""
    if raw.dtype.is_float():
        # Programs that know no blank among whole numbers store codes as 500236.0.
        whole = raw.cast(pl.Int64, strict=False)
        raw = raw.cast(pl.String).zip_with((whole != raw).fill_null(value=True), whole.cast(pl.String))
    text = (raw if raw.dtype == pl.String else raw.cast(pl.String)).str.strip_chars()
    return pl.select(pl.when(text != "").then(text)).to_series()


def _nothing(raw: pl.Series) -> pl.Series:
    return pl.Series("advice", [None], pl.String).new_from_index(0, len(raw))


def _read_code(text: str) -> str | None:
    word = _whole.sub("", plain(text))
    if not word or word in unknown_words:
        return None
    if _rounded.fullmatch(word):
        raise CannotRead(_long_number_advice)
    if not word.isdigit() or len(word) not in (2, 4, 6, 9, 12):
        raise CannotRead(_code_advice)
    return word


def _blank_or(read: Callable[[str], Read]) -> Callable[[str], Read]:
    def read_or_blank(text: str) -> Read:
        word = plain(text)
        return None if not word or word.lower() in unknown_words else read(word)

    return read_or_blank


def _read_tekun(word: str) -> bool:
    if word in ("集中供养", "分散供养", "特困供养", "特困"):
        return True
    return read_yes_no(word)


def _read_household_type(word: str) -> str | None:
    """dibao or tekun where the type says so; any other type says nothing about assistance."""
    if word.isdigit():
        raise CannotRead("数字代码在各个系统里含义不同，不能用；请写文字，例如低保户、特困供养户、一般贫困户。")
    if any(name in word for name in ("特困", "五保")):
        return "tekun"
    return "dibao" if "低保" in word and not word.startswith(("非", "原")) else None


def _read_day(text: str) -> date | None:
    word = half_width(text)
    return None if not word or word in unknown_words else read_date(word)


def _read_visit(text: str) -> str | None:
    """The day of the last visit as ISO text, or the mark for 从未."""
    word = half_width(text)
    if not word or word in unknown_words:
        return None
    return never if word in ("从未", "从未走访", "未走访") else read_date(word).isoformat()


_readers: Mapping[str, tuple[Callable[[str], Read], pl.DataType]] = {
    "是否": (_blank_or(read_yes_no), pl.Boolean()),
    "特困": (_blank_or(_read_tekun), pl.Boolean()),
    "人数": (_blank_or(read_whole), pl.Int64()),
    "数": (_blank_or(read_number), pl.Float64()),
    "户类型": (_blank_or(_read_household_type), pl.String()),
    "走访": (_read_visit, pl.String()),
    "日期": (_read_day, pl.Date()),
    "人名": (lambda text: clean(text) or None, pl.String()),
    "性别": (_blank_or(identity.read_sex), pl.String()),
    "民族": (_blank_or(identity.read_people), pl.String()),
    "关系": (_blank_or(identity.read_relation), pl.String()),
    "多值": (identity.read_several, pl.String()),
}
