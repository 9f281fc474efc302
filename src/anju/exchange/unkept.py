"""What a file says and no row keeps: an import never loses a cell without a word."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import polars as pl

from anju.exchange.shaping import beyond as names_more
from anju.exchange.subjects import Field
from anju.policy.model import Term
from anju.tables.derivation import sources_of
from anju.tables.ledger import Sheet

_parts = ("province", "city", "county", "township", "village", "place")
_nowhere = "这些列认得，但这种名单没有地方放，写的都没有留下：{}。"
_nothing_followed = "这些列里，有的格子推不出能登记的情况，没有留下：{}。"
_more = "“{}”有 {} 行写的名称比区划表细（村、重庆以外的乡镇），只登记到认得出的一级，更细的没有留下；要留下，请写 12 位代码。"
_only_counted = {"~officer": "paired_officers"}
"""Sources of which something is kept: of names how many they are, which is a household's fact."""


def columns_of(fields: Iterable[Field]) -> frozenset[str]:
    """The columns of a file that these fields are read from; a place stands in several."""
    found: set[str] = set()
    for field in fields:
        found.add(field.column)
        if field.place:
            side = field.column.removeprefix("@")
            found |= {f"{side}_code", f"@{side}_code", *(f"@{side}_{part}" for part in _parts)}
    return frozenset(found)


def told(sheets: Sequence[Sheet], kept: Collection[str], facts: Collection[str]) -> Iterator[str]:
    """Of which columns nothing is kept, and of which not everything.

    ``kept``: the columns besides facts that the kind of file is read for; ``facts`` it keeps; of which it does not is told elsewhere.
    """
    nowhere = dict.fromkeys(text for sheet in sheets for text in _nowhere_kept(sheet, kept))
    if nowhere:
        yield _nowhere.format("、".join(nowhere))
    counts: dict[str, int] = {}
    for sheet in sheets:
        for gives, many in sheet.unspent.items():
            counts[sheet.headers[gives]] = counts.get(sheet.headers[gives], 0) + many
    if counts:
        yield _nothing_followed.format("、".join(f"{text}（{many} 行）" for text, many in counts.items()))
    for gives, fact in _only_counted.items():
        if fact in facts:
            said = (_counted(sheet, gives, fact) for sheet in sheets if gives in sheet.headers)
            yield from dict.fromkeys(text for text in said if text)


def beyond(fields: Iterable[Field], frame: pl.DataFrame) -> Iterator[str]:
    """Of which places the rows name more than the register keeps: below a township (elsewhere a county) it takes codes alone."""
    for field in fields:
        if f"{field.column}{names_more}" in frame.columns and (many := frame[f"{field.column}{names_more}"].sum()):
            yield _more.format(field.label, many)


def without(frame: pl.DataFrame, kept: Collection[str]) -> pl.DataFrame:
    """The rows without columns besides facts that the kind is not read for: rows that differ in nothing else are the same."""
    return frame.drop(c for c in frame.columns if c.startswith("@") and c not in kept and c not in _of_rows)


def named(codes: Iterable[str], sheets: Sequence[Sheet], terms: Mapping[str, Term]) -> str:
    """Facts as the file calls them: by its own header, or by those from which they followed."""
    return "、".join(_named(code, sheets, terms) for code in codes)


_of_rows = ("@row", "@key", "@part", "@sheet")


def _nowhere_kept(sheet: Sheet, kept: Collection[str]) -> Iterator[str]:
    for gives, text in sheet.headers.items():
        if (
            (gives[0] == "@" or gives in never_stored)
            and gives not in kept
            and gives in sheet.frame
            and sheet.frame[gives].is_not_null().any()
        ):
            yield text


def _counted(sheet: Sheet, gives: str, fact: str) -> str:
    """What is kept of a source whose fact followed in some row: nothing where no such row names a household."""
    if fact in sheet.headers or fact not in sheet.terms or sheet.frame[fact].is_null().all():
        return ""
    homes = sheet.frame["@household"].is_not_null() if "@household" in sheet.frame else None
    counted = homes is not None and (homes & sheet.frame[fact].is_not_null()).any()
    return f"“{sheet.headers[gives]}”{'只记了这一户有几位，姓名没有留下' if counted else '要有户编号才记有几位，没有留下'}。"


def _named(code: str, sheets: Sequence[Sheet], terms: Mapping[str, Term]) -> str:
    own = dict.fromkeys(sheet.headers[code] for sheet in sheets if code in sheet.headers)
    if own:
        return "、".join(own)
    sources = dict.fromkeys(s.headers[source] for s in sheets for source in sources_of(code) if source in s.headers)
    return f"{terms[code].name}（看{'、'.join(sources)}）" if sources else terms[code].name


never_stored = frozenset({"as_of", "move_scope", "origin_code", "destination_code"})
"""Facts of a ledger that the register tells by places and days."""
