"""The one door from rows to facts.

A term has one provider. Most facts are recorded and stand in the subject's document; the others follow from rows: whether the
hukou has moved follows from the relation, a wish from the last answer, the persons of a site from its households. Floors above
list providers of their own with :func:`provides`. Where a provider knows nothing, what was recorded stands (an office may know that
a pension was moved, and not from where).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db import models
from django.utils import timezone

from anju.policy.columns import dtype_of
from anju.policy.model import Fact, Term
from anju.register import documents
from anju.register.among import Many
from anju.register.asking import Asked, Span
from anju.register.guideline import guideline, recorded_terms
from anju.register.models import CountyFacts, Former, Household, Person, Site
from anju.register.privacy import sealed_terms
from anju.sealing.ciphertext import Opener, Sealed

Provider = Callable[[Asked], pl.DataFrame]
"""Subjects asked for → a frame with ``@id`` and the columns of the terms; null where nothing is known."""

Against = Callable[[str, Term, Fact | None], str]
"""A subject, and what is to be recorded of it: the sentence that refuses it, "" where nothing stands against it."""

_providers: dict[tuple[str, str], Provider] = {}
_in_front: set[tuple[str, str]] = set()
_recorded_too: set[tuple[str, str]] = set()
_specials_recorded: set[str] = set()
_only_yes: set[str] = set()
_against: dict[tuple[str, str], Against] = {}
_subjects: Mapping[str, type[models.Model]] = {
    "person": Person,
    "household": Household,
    "site": Site,
    "county": CountyFacts,
}


def provides(
    kind: str,
    *terms: str,
    in_front: bool = True,
    recorded_too: bool = False,
    specials_recorded: bool = False,
    only_yes: bool = False,
    against: Against | None = None,
) -> Callable[[Provider], Provider]:
    """List a provider of some terms. Raises `ValueError` for a term that has one, or that is no recorded fact.

    Args:
        in_front: what the provider knows stands before what was recorded; else it only fills what was not, and the facts are
            recorded as others are.
        recorded_too: of subjects of whom the provider knows nothing, the facts are recorded as others are.
        specials_recorded: of these subjects the special values of the terms are recorded (不按月发), and no number.
        only_yes: only a 是 of the provider stands before what was recorded; its 否 fills what was not.
        against: why something is not recorded that would change nothing, as the provider's rows stand before it.
    """

    def listed(provider: Provider) -> Provider:
        recorded = {term.code for term in recorded_terms(kind)}
        for term in terms:
            if term not in recorded or _providers.get((kind, term), provider) is not provider:
                raise ValueError(f"{kind} {term}: no recorded fact, or it has a provider")
            _providers[kind, term] = provider
            if in_front:
                _in_front.add((kind, term))
            if recorded_too:
                _recorded_too.add((kind, term))
            if specials_recorded:
                _specials_recorded.add(term)
            if only_yes:
                _only_yes.add(term)
            if against:
                _against[kind, term] = against
        return provider

    return listed


def provided(kind: str, term: str) -> bool:
    """Whether a fact follows from rows, so that it is changed there and not in the document."""
    return (kind, term) in _in_front - _recorded_too


def stands_against(kind: str, subject: str, term: Term, fact: Fact | None) -> str:
    """Why a fact is not recorded of a subject, in a sentence; "" where it may be."""
    asks = _against.get((kind, term.code))
    return asks(subject, term, fact) if asks else ""


def is_special_alone(term: str) -> bool:
    """Whether only the special values of a term are recorded, and its numbers follow from rows."""
    return term in _specials_recorded


def facts_frame(kind: str, who: Sequence[str] | Span | None, *, on: date, at: datetime | None = None) -> pl.DataFrame:
    """Everything that is known of subjects: ``@id`` and a column a recorded term of which anything is known.

    Acts for nobody: whoever shows it to an officer asks for the subject within the officer's scope first, and shows only what the
    officer's lines see (`anju.register.privacy`).
    """
    return frame_of(Asked(kind, who, on, at))


def frame_of(asked: Asked) -> pl.DataFrame:
    """The same for whoever asks more of the same subjects, and shares what was read (`Asked.read`)."""
    kind, frame = asked.kind, _recorded(asked)
    for provider in dict.fromkeys(p for (of, _), p in _providers.items() if of == kind):
        terms = [term for (of, term), p in _providers.items() if of == kind and p is provider]
        frame = _overlaid(frame, provider(asked), terms, kind)
    known = frame.select(pl.all().is_not_null().any()).row(0) if frame.height else ()
    return frame.select("@id", *(n for n, any_ in zip(frame.columns, known, strict=False) if any_ and n != "@id"))


def facts_by_subject(
    kind: str, ids: Sequence[str], *, on: date, only: Collection[str] | None = None
) -> dict[str, dict[str, Fact]]:
    """The same as `facts_frame` for a few subjects, by id: without frames as wide as the guideline has terms.

    Args:
        only: codes of the terms that are wanted; nothing else is asked for.
    """
    return by_subject_of(Asked(kind, ids, on), only)


def by_subject_of(asked: Asked, only: Collection[str] | None = None) -> dict[str, dict[str, Fact]]:
    """The same as `frame_of` for a few subjects."""
    kind, on = asked.kind, asked.on
    ids, texts, hidden = _documents(asked)
    shut: Sequence[str | None] = hidden or [None] * len(ids)
    recorded_here = {term.code for term in recorded_terms(kind) if only is None or term.code in only}
    found: dict[str, dict[str, Fact]] = {}
    for subject, text, sealed in zip(ids, texts, shut, strict=True):
        document = documents.loads(text) | (documents.loads(sealed) if sealed else {})
        found[subject] = {code: fact for code, fact in documents.read(document, on).items() if code in recorded_here}
    of_provider: dict[Provider, dict[str, bool]] = {}
    for (of, term), provider in _providers.items():
        if of == kind and term in recorded_here:
            of_provider.setdefault(provider, {})[term] = (of, term) in _in_front
    for provider, terms in of_provider.items():
        for line in provider(asked).iter_rows(named=True):
            recorded = found.get(line["@id"], {})
            given = {code: fact for code, fact in facts_in(line).items() if code in terms}
            recorded |= {
                code: fact
                for code, fact in given.items()
                if code not in recorded or (terms[code] and (fact or code not in _only_yes))
            }
    return found


def facts_of(kind: str, subject: str, *, on: date, at: datetime | None = None) -> dict[str, Fact]:
    """Everything that is known of one subject, special values as their code."""
    if at is None:
        return facts_by_subject(kind, [subject], on=on).get(subject, {})
    frame = facts_frame(kind, [subject], on=on, at=at)
    return facts_in(frame.row(0, named=True)) if frame.height else {}


def facts_in(line: Mapping[str, Any]) -> dict[str, Fact]:
    """The facts of a frame's row."""
    facts: dict[str, Fact] = {}
    for column, value in line.items():
        code, _, special = column.partition(".")
        if value is None or column.startswith("@") or (special and not value):
            continue
        facts[code] = special or value
    return facts


def _recorded(asked: Asked) -> pl.DataFrame:
    """The documents of the subjects, or those that stood at a moment."""
    ids, texts, hidden = _documents(asked)
    if asked.at is not None:
        texts, hidden = _former(asked, ids, texts, hidden)
    frame = documents.columns(asked.kind, texts, on=asked.on)
    if any(hidden):
        guarded = documents.columns(asked.kind, hidden, on=asked.on, only=sealed_terms())
        frame = frame.with_columns(guarded)
    return frame.insert_column(0, pl.Series("@id", ids, dtype=pl.String))


of_rows = {"origin_code": "origin", "destination_code": "destination", "birth_date": "birth_date"}
"""Facts of people that stand in columns of their own rows; read once with the documents, and whether they ended (`Asked.read`)."""


def _documents(asked: Asked) -> tuple[list[str], list[str], list[str | None]]:
    """Ids, the documents as text, and of people the sealed ones."""
    sealed = asked.kind == "person"
    names = {"@id": "pk", "facts": "facts"} | (
        {"guarded": "guarded", "ended_on": "ended_on", **of_rows} if sealed else {}
    )
    rows = asked.columns(_of_kind, names, sealed="guarded" if sealed else "")
    if sealed:
        asked.read["rows"] = rows.select("@id", *of_rows)
        asked.read["ended"] = rows.select("@id", "ended_on")
    ids, texts = rows["@id"].to_list(), rows["facts"].to_list()
    opener = Opener(Person._meta.db_table, "guarded")
    shut = zip(ids, rows["guarded"].to_list(), strict=True) if sealed else ()
    return ids, texts, [opener(one, value) if value is not None else None for one, value in shut]


def _of_kind(asked: Asked) -> models.QuerySet[models.Model]:
    return asked.of(_subjects[asked.kind])


def former_of(asked: Asked, ids: Sequence[str]) -> dict[str, Former]:
    """What stood instead of the present documents of some subjects at a moment, as far as they changed since."""
    stood: dict[str, Former] = {}
    if asked.at is not None:
        later = Former.objects.filter(subject_kind=asked.kind, subject_id__among=Many(ids), until__gt=asked.at)
        for former in later.order_by("-until", "-revision"):
            stood[former.subject_id] = former
    return stood


def _former(
    asked: Asked, ids: Sequence[str], texts: list[str], hidden: list[str | None]
) -> tuple[list[str], list[str | None]]:
    """The documents that stood at a moment: those of the first change after it, or the present ones."""
    stood = former_of(asked, ids)
    for at, subject in enumerate(ids):
        if subject in stood:
            texts[at] = documents.text(stood[subject].facts)
            if hidden:
                sealed: Sealed | None = stood[subject].guarded
                hidden[at] = sealed.reveal() if sealed else None
    return texts, hidden


def _overlaid(frame: pl.DataFrame, given: pl.DataFrame, terms: Sequence[str], kind: str) -> pl.DataFrame:
    """The frame with what a provider knows, in front of what was recorded or behind it."""
    names = [c for c in given.columns if c != "@id" and c.partition(".")[0] in terms]
    if not names or given.is_empty():
        return frame
    policy = guideline()
    joined = frame.join(given.select("@id", *(pl.col(n).alias(f"{n}+") for n in names)), on="@id", how="left")
    merged: list[pl.Expr] = []
    for name in names:
        known = [
            pl.col(f"{name}+").cast(_dtype(policy.terms, name)),
            *([pl.col(name)] if name in frame.columns else []),
        ]
        first = known if (kind, name.partition(".")[0]) in _in_front else known[::-1]
        if name in _only_yes:
            first = [pl.when(known[0]).then(pl.lit(value=True)), *known[::-1]]
        merged.append(pl.coalesce(first).alias(name))
        if first is known:  # a number takes the place of a special value
            specials = (c for c in frame.columns if c.startswith(f"{name}.") and c not in names)
            merged += [pl.when(pl.col(f"{name}+").is_null()).then(pl.col(c)).alias(c) for c in specials]
    return joined.with_columns(merged).drop(f"{name}+" for name in names)


def _dtype(terms: Mapping[str, Any], column: str) -> pl.DataType:
    code, _, special = column.partition(".")
    return pl.Boolean() if special else dtype_of(terms[code])


def today() -> date:
    """The day in China."""
    return timezone.localdate()
