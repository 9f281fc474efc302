"""Whose work the rows of a batch are: what is another line's is neither shown to an officer nor accepted by him."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl
from django.utils import timezone

from anju.exchange.models import Batch
from anju.exchange.staging import scopes_of, taken_up
from anju.exchange.subjects import titles
from anju.government.models import Officer
from anju.government.queries import Scope, reaching, visible_regions
from anju.payments import models as payments
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline
from anju.register.privacy import hidden_terms, works_on
from anju.register.provided import wish_terms

not_yours = "这一行归别的条线办，内容这里不显示。"
not_all_yours = "这一行有话要说，由看得到全部列的干部看。"


def posts_at(officer: Officer, batch: Batch) -> tuple[Scope, ...]:
    """The officer's posts that reach a batch's region."""
    return reaching(visible_regions(officer, timezone.localdate()), batch.region)


def is_others(scopes: Sequence[Scope], batch: Batch, subject: str, line: Mapping[str, Any]) -> bool:
    """Whether a row is about a relation, a wish, a payment or an insurance that none of the posts works on."""
    clause = _clauses(subject).get(str(line.get("@kind") or batch.kind))
    return clause is not None and not works_on(scopes, clause)


def sees_all(officer: Officer, scopes: Sequence[Scope], batch: Batch) -> bool:
    """Whether the officer sees every term that whoever handed the batch in does: remarks quote what cells say."""
    return officer.pk == batch.uploaded_by_id or hidden_terms(scopes) <= hidden_terms(scopes_of(batch))


def others_chosen(scopes: Sequence[Scope], batch: Batch) -> int:
    """How many of the rows that are to be merged are other lines' work."""
    return sum(_others(scopes, subject, batch) for subject in titles.keys() & batch.counts if _clauses(subject))


def unseen_chosen(officer: Officer, scopes: Sequence[Scope], batch: Batch) -> int:
    """How many of the rows that are to be merged say something new of a fact that the officer does not see."""
    if sees_all(officer, scopes, batch):
        return 0
    hidden = hidden_terms(scopes)
    return sum(
        _unseen(taken_up(batch, subject), hidden) for subject in titles.keys() & batch.counts if not _clauses(subject)
    )


def _unseen(frame: pl.DataFrame, hidden: Collection[str]) -> int:
    told = [c for c in frame.columns if c.partition(".")[0] in hidden]
    before = {c: pl.col(f"<{c}") if f"<{c}" in frame.columns else pl.lit(None) for c in told}
    news = [pl.col(c).is_not_null() & pl.col(c).ne_missing(before[c]) for c in told]
    return frame.filter(pl.col("@chosen") & pl.any_horizontal(news)).height if told else 0


def _others(scopes: Sequence[Scope], subject: str, batch: Batch) -> int:
    chosen = taken_up(batch, subject).filter("@chosen")
    if "@kind" not in chosen.columns:  # an insurer's list is one line's work as a whole
        return chosen.height if is_others(scopes, batch, subject, {}) else 0
    counted = chosen.group_by("@kind").len().iter_rows(named=True)
    return sum(line["len"] for line in counted if is_others(scopes, batch, subject, line))


def _clauses(subject: str) -> Mapping[str, str]:
    """The clause by what stands as the kind of a row, or of an insurer's list; of subjects whose rows are columns of facts none."""
    terms = guideline().terms
    return {
        "relation": {str(kind.value): clause for kind, clause in clauses.items()},
        "wish": {kind: terms[term].clause for kind, (term, _) in wish_terms.items()},
        "paid": dict.fromkeys(payments.Kind.values, payments.clause),
        "insured": {f"{insurance.value}_list": insurance.clause for insurance in payments.Insurance},
    }.get(subject, {})
