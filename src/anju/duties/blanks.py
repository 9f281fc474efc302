"""What nobody has recorded and somebody should: the blanks that leave a decision open which is under way. Without a database.

In a ledger an absent column is no question. In the register every fact that nobody recorded is a blank, and most people have
dozens; so a blank is asked for only where it matters (docs/adr/0013): a decision is under way for a subject if at least one of
its own facts, other than those of 0-terms, is recorded for that subject, and its blanks are those that its possible rows test.
A subject's blanks are one text, by clause: ``1.5 hukou_moved,pension_wish;1.6 medical_wish``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from anju.duties.owed import Owed
from anju.policy.closures import Answer
from anju.policy.edition import Edition
from anju.policy.model import Fact, Policy


@dataclass(frozen=True, slots=True)
class Asking:
    """What a subject's decisions may ask for.

    ``decisions``: those whose blanks are asked for, each with its own facts. ``recordable``: facts that somebody can record
    (not those that follow from parameters alone).
    """

    edition: Edition
    decisions: Mapping[str, tuple[str, ...]]
    recordable: frozenset[str]

    @staticmethod
    def about(edition: Edition, subject: str) -> Asking:
        """What the edition may ask about a subject."""
        terms, all_of_it = edition.policy.terms, edition.decisions(subject)
        asked = [code for code in all_of_it if not only_feeds(edition, code, all_of_it)]
        own = {code: tuple(f for f in edition.inputs(code) if not terms[f].common) for code in asked}
        facts = {f for code in asked for f in edition.inputs(code)}
        facts |= {day for code in all_of_it for day in dates_of(edition, code)}
        return Asking(edition, own, frozenset(f for f in facts if _recordable(edition, f)))

    def of_frame(self, frame: pl.DataFrame, duties: pl.DataFrame) -> pl.DataFrame:
        """The rows of an answered frame that have blanks to fill in: ``#`` and ``terms``.

        ``frame`` as for `anju.duties.owed.owed`, besides with ``code.missing`` and a flag column for each special value;
        ``duties`` are those that it owes.
        """
        texts = [text for code in self.decisions if (text := self._open(frame, code)) is not None]
        open_texts = frame.select(
            "#", pl.concat_str(*texts, pl.lit(None), separator=";", ignore_nulls=True).alias("terms")
        )
        return self._tidied(pl.concat([open_texts.filter(pl.col("terms") != ""), self._dates_of(duties)]))

    def of_case(self, answers: Mapping[str, Answer], facts: Mapping[str, Fact | None], duties: Iterable[Owed]) -> str:
        """One case's blanks, like `of_frame`; an empty text where nothing is missing."""
        texts = [
            f"{answers[code].decision.clause} {','.join(answers[code].missing)}"
            for code, own in self.decisions.items()
            if answers[code].missing and any(facts.get(fact) is not None for fact in own)
        ]
        for duty in duties:
            kind = self.edition.policy.duties[duty.kind]
            if kind.deadline.term and duty.counts_from is None:
                texts.append(f"{kind.clause} {kind.deadline.term}")
        return self._tidy(";".join(texts))

    def _open(self, frame: pl.DataFrame, code: str) -> pl.Expr | None:
        """What a decision under way misses, as text; None where no row of the frame has it under way."""
        specials = (
            f"{fact}.{s.code}" for fact in self.decisions[code] for s in self.edition.policy.terms[fact].specials
        )
        recorded = [pl.col(fact).is_not_null() for fact in self.decisions[code] if fact in frame.columns]
        recorded += [pl.col(flag).fill_null(False) for flag in specials if flag in frame.columns]
        if not recorded:
            return None
        clause = self.edition.policy.decisions[code].clause
        text = pl.lit(f"{clause} ") + pl.col(f"{code}.missing").cast(pl.String)
        return pl.when(pl.any_horizontal(recorded)).then(text).alias(code)

    def _dates_of(self, duties: pl.DataFrame) -> pl.DataFrame:
        """The dates that owed duties count from and nobody has recorded."""
        kinds = {
            k.code: f"{k.clause} {k.deadline.term}" for k in self.edition.policy.duties.values() if k.deadline.term
        }
        undated = duties.filter(pl.col("counts_from").is_null() & pl.col("kind").is_in(list(kinds)))
        texts = pl.col("kind").replace_strict(list(kinds), list(kinds.values()), return_dtype=pl.String)
        return undated.select("#", texts.alias("terms"))

    def _tidied(self, texts: pl.DataFrame) -> pl.DataFrame:
        joined = texts.group_by("#", maintain_order=True).agg(pl.col("terms").str.join(";"))
        known = joined["terms"].unique().to_list()
        tidy = pl.col("terms").replace_strict(known, [self._tidy(text) for text in known], return_dtype=pl.String)
        return joined.select("#", tidy).filter(pl.col("terms") != "")

    def _tidy(self, text: str) -> str:
        """Each clause once, in the order of the pages; each term once in it, in the order of the terms."""
        policy = self.edition.policy
        by_clause: dict[str, set[str]] = {}
        for clause, terms in by_clause_of(text):
            by_clause.setdefault(clause, set()).update(self.recordable.intersection(terms))
        order = {code: at for at, code in enumerate(policy.terms)}
        listed = {c: sorted(by_clause[c], key=order.__getitem__) for c in policy.clauses if by_clause.get(c)}
        return ";".join(f"{clause} {','.join(terms)}" for clause, terms in listed.items())


def by_clause_of(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A subject's blanks as clauses with the terms that each misses."""
    parts = (part.partition(" ") for part in text.split(";") if part)
    return tuple((clause, tuple(terms.split(","))) for clause, _, terms in parts)


def only_feeds(edition: Edition, decision: str, decisions: Sequence[str]) -> bool:
    """Whether a decision opens no duty and another one asked rests on it."""
    if any(rule.row.duties for rule in edition.tables[decision].rules):
        return False
    return any(decision in edition.plan(edition.reads(other)) for other in decisions if other != decision)


def dates_of(edition: Edition, decision: str) -> tuple[str, ...]:
    """Date terms from which deadlines of the decision's duties count."""
    rules = edition.tables[decision].rules
    kinds = (edition.policy.duties[duty] for rule in rules for duty in rule.row.duties)
    return tuple(dict.fromkeys(kind.deadline.term for kind in kinds if kind.deadline.term))


def _recordable(edition: Edition, fact: str) -> bool:
    """Whether the fact stands somewhere, or is computed from one that does."""
    if edition.calculation(fact) is None:
        return fact != "as_of"
    return any(_recordable(edition, read) for read in edition.reads(fact))


def names(policy: Policy, terms: Iterable[str]) -> str:
    """Terms by their names: 户籍已迁入、养老意愿."""
    return "、".join(policy.terms[term].name if term in policy.terms else term for term in terms)
