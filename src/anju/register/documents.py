"""Facts as they are stored: a JSON document by the term's code, and how it is read again.

A day stands as ISO text, a value of an enumeration as its code. A special value beside numbers (从未) stands as
``"days_since_visit.never": true`` instead of the number. What is not in the document is unknown.

A fact of 本年, 本季 or 本月 is about the period in which it is recorded, which stands beside it as ``"premium_paid.@": "2026"``. In a later
period it says nothing any more, so that the year's premium is owed anew.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
from django.utils import timezone

from anju.policy.columns import dtype_of
from anju.policy.model import Fact, Term
from anju.register.guideline import guideline, recorded_terms
from anju.register.privacy import sealed_terms

Document = dict[str, Any]
_stamp = "@"


def period_of(term: Term, on: date) -> str:
    """The period that a recorded fact is about on a day: 2026, 2026-Q4, 2026-11; "" for what is about none."""
    return {"本年": f"{on:%Y}", "本季": f"{on:%Y}-Q{(on.month + 2) // 3}", "本月": f"{on:%Y-%m}"}.get(term.name[:2], "")


def stamp_of(term: Term) -> str:
    """The key beside a fact that says which period it is about."""
    return f"{term.code}.{_stamp}"


def written(facts: Mapping[str, Fact | None]) -> Document:
    """The document of some facts, those of a period as of the present one; a blank is left out."""
    terms, today = guideline().terms, timezone.localdate()
    document: Document = {}
    for code, fact in facts.items():
        if fact is None:
            continue
        if isinstance(fact, str) and any(fact == special.code for special in terms[code].specials):
            document[f"{code}.{fact}"] = True
        else:
            document[code] = fact.isoformat() if isinstance(fact, date) else fact
        if period := period_of(terms[code], today):
            document[stamp_of(terms[code])] = period
    return document


def parted(document: Mapping[str, Any]) -> tuple[Document, Document]:
    """The part that lies open and the part that lies sealed."""
    sealed = sealed_terms()
    hidden = {key: value for key, value in document.items() if key.partition(".")[0] in sealed}
    return {key: value for key, value in document.items() if key not in hidden}, hidden


def read(document: Mapping[str, Any], on: date | None = None) -> dict[str, Fact]:
    """The facts of a document; what the pages no longer know is left out, and with a day what an earlier period was about."""
    terms = guideline().terms
    facts: dict[str, Fact] = {}
    for key, value in document.items():
        code, _, special = key.partition(".")
        term = terms.get(code)
        if term is None or term.source != "ledger" or special == _stamp:
            continue
        if on is not None and (period := document.get(stamp_of(term))) and period < period_of(term, on):
            continue
        fact = special if special and value else _fact(term, value)
        if fact is not None:
            facts[code] = fact
    return facts


def columns(
    kind: str, texts: Sequence[str | None], *, on: date | None = None, only: Collection[str] | None = None
) -> pl.DataFrame:
    """Documents as JSON texts → a column a recorded term, in the dtypes that `anju.policy.frames.Batch` reads.

    Args:
        on: leaves out what an earlier period than that of the day was about.
        only: the codes of the terms to read; by default all of the kind.
    """
    terms = [term for term in recorded_terms(kind) if only is None or term.code in only]
    frame = pl.Series(texts, dtype=pl.String).str.json_decode(_shape(terms)).struct.unnest()
    found: list[pl.Expr] = []
    for term in terms:
        column = pl.col(term.code)
        if term.kind == "enum":
            column = column.cast(dtype_of(term), strict=False)
        elif term.kind == "date":
            column = column.str.to_date("%Y-%m-%d", strict=False)
        of_term = [column, *(pl.col(f"{term.code}.{special.code}") for special in term.specials)]
        period = period_of(term, on) if on is not None else ""
        if period:
            holds = (pl.col(stamp_of(term)) >= period).fill_null(value=True)
            of_term = [pl.when(holds).then(one).alias(one.meta.output_name()) for one in of_term]
        found += of_term
    return frame.select(found)


def loads(text: str) -> Document:
    """The document of a JSON text."""
    document: Document = json.loads(text)
    return document


def fits(term: Term, fact: Fact) -> bool:
    """Whether a term may have that value."""
    if isinstance(fact, str) and any(fact == special.code for special in term.specials):
        return True
    if term.kind == "enum":
        return any(fact == value.code for value in term.values)
    if term.kind in ("int", "number"):
        if isinstance(fact, bool) or not isinstance(fact, (int, float)):
            return False
        return fact >= 0 and (isinstance(fact, int) or term.kind == "number")
    kinds: Mapping[str, type] = {"bool": bool, "date": date, "text": str}
    return isinstance(fact, kinds[term.kind])


def text(document: Mapping[str, Any]) -> str:
    """A document as JSON."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _shape(terms: Sequence[Term]) -> pl.Struct:
    plain = {"bool": pl.Boolean(), "int": pl.Int64(), "number": pl.Float64()}
    fields: dict[str, pl.DataType] = {term.code: plain.get(term.kind, pl.String()) for term in terms}
    fields |= {f"{term.code}.{special.code}": pl.Boolean() for term in terms for special in term.specials}
    fields |= {stamp_of(term): pl.String() for term in terms if period_of(term, date.min)}
    return pl.Struct(fields)


def _fact(term: Term, value: Any) -> Fact | None:
    if term.kind == "enum":
        return value if any(value == known.code for known in term.values) else None
    if term.kind == "date":
        return date.fromisoformat(value)
    if term.kind == "bool":
        return value if isinstance(value, bool) else None
    fact: Fact | None = value
    return fact
