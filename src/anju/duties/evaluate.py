"""Evaluate subjects by the guideline, compare with what was owed, keep the difference.

Whoever evaluates acts for nobody: a fact that an officer of one county records may open a duty of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from anju.duties.difference import Difference, difference, kept_columns, why_left
from anju.duties.editions import Counties
from anju.duties.judging import few, judge, judge_many, lines, prepare, unanswered
from anju.duties.models import Because, Duty
from anju.duties.owed import applied_in, fill_in
from anju.duties.subjects import Whom, depending, lock, most_locks, parts_of, places_of
from anju.duties.versions import keep, policy_of
from anju.duties.writing import change_duties, close_duties, open_duties
from anju.government.second_wall import everything
from anju.policy.model import Fact, Policy
from anju.register.ahead import NoDatabase, ahead
from anju.register.asking import Asked, Span, Wording
from anju.register.changes import after_change, before_changes
from anju.register.facts import by_subject_of, frame_of
from anju.register.guideline import guideline

portion = 20_000
"""Subjects that are held in memory at once."""


@dataclass(frozen=True, slots=True)
class Changed:
    """How many duties an evaluation opened, closed, and let follow the facts."""

    opened: int = 0
    closed: int = 0
    followed: int = 0

    def __add__(self, other: Changed) -> Changed:
        return Changed(self.opened + other.opened, self.closed + other.closed, self.followed + other.followed)

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed or self.followed)


@before_changes
def hold(subjects: Mapping[str, Sequence[str]]) -> None:
    """Lock all whose facts follow from those of subjects of several kinds at once, in one order (`lock`)."""
    if connection.vendor == "postgresql":
        if sum(map(len, subjects.values())) > most_locks:  # whose else does not matter: everybody waits
            lock(None)
            return
        on = timezone.localdate()
        with everything():
            found = [depending(kind, ids, on) for kind, ids in subjects.items() if ids]
            lock([(of, subject) for depends in found for of, some in depends.items() for subject in some])


@after_change
def look_again(kind: str, ids: Sequence[str]) -> None:
    """Facts have changed: evaluate these subjects, and those whose facts follow from theirs, in the same transaction."""
    on = timezone.localdate()
    with everything():
        subjects = depending(kind, ids, on)
        lock([(of, subject) for of, found in subjects.items() for subject in found])
        for of, found in subjects.items():
            evaluate(of, list(found), on)


def evaluate(kind: str, who: Whom, on: date, policy: Policy | None = None) -> Changed:
    """Evaluate subjects of a kind, in one transaction: write what the facts owe and was not owed, and close what they no longer do.

    Args:
        who: ids, or a span of ids.
        policy: the pages, by default those that run.
    """
    pages = policy or guideline()
    with everything():
        if not who:
            return Changed()
        lock(None if isinstance(who, Span) else [(kind, subject) for subject in who])
        keep(pages, on)
        if isinstance(who, Span) or len(who) <= portion:
            return Known(kind, who, on, pages).settle(timezone.now())
        return _by_portions(kind, who, on, pages)


def _by_portions(kind: str, ids: Sequence[str], on: date, pages: Policy) -> Changed:
    """The same for so many that memory would not hold them: while some are compared, the next are read and those before written."""
    prepare([kind], Counties.now(pages, on))
    at, done = timezone.now(), Changed()
    for some, found in ahead(_compared, _read(kind, ids, on, pages)):
        done += some.write(some.difference() if found is None else found, at)
    return done


def _read(kind: str, ids: Sequence[str], on: date, pages: Policy) -> Iterator[Known]:
    """What is known of subjects in portions. What the first ones made necessary to ask is asked of the others in advance."""
    asked: list[Wording] = []
    for some in parts_of(kind, ids, portion):
        known = Known(kind, some, on, pages)
        if asked:
            known.asked.ask(asked)
        else:
            asked = known.follow()
        yield known


def _compared(some: Known) -> tuple[Known, Difference | None]:
    """With what differs, or None where that depends on what was not asked yet."""
    try:
        return some, some.difference()
    except NoDatabase:
        return some, None


class Known:
    """What is known of subjects: their facts, where they are, what is open. Read once, in the transaction that writes."""

    def __init__(self, kind: str, who: Whom, on: date, policy: Policy) -> None:
        self.kind, self.policy, self.on = kind, policy, on
        self.asked, self.many = Asked(kind, who, on), isinstance(who, Span) or len(who) > few
        self.kept = open_duties_of(self.asked)
        self.counties = Counties.now(policy, on)
        self.followed = False

    def follow(self) -> list[Wording]:
        """See what follows from the register: facts, and where subjects are. What was asked for that."""
        asked = self.asked
        known = _dated(frame_of(asked), asked) if self.many else _dated_few(by_subject_of(asked), asked)
        self.places = places_of(asked)
        self.living = self.places.filter(~pl.col("ended")).select(
            pl.col("subject").alias("@id"), pl.col("destination").str.slice(0, 6).alias("@county")
        )
        self.frame = (
            known.join(self.living, on="@id", how="inner") if isinstance(known, pl.DataFrame) else pl.DataFrame()
        )
        self.few = [] if isinstance(known, pl.DataFrame) else self._few(known)
        self.followed, wordings = True, list(asked.answers)
        asked.answers.clear()
        asked.read.clear()
        return wordings

    def _few(self, found: Mapping[str, Mapping[str, Fact]]) -> list[tuple[str, str, Mapping[str, Fact]]]:
        county = dict(self.living.iter_rows())
        return [(subject, county[subject], facts) for subject, facts in found.items() if subject in county]

    def difference(self) -> Difference:
        """What is owed beside what was."""
        if not self.followed:
            self.follow()
        if self.many:
            owed = judge_many(self.kind, self.frame, self.counties)
        else:
            owed = judge(self.kind, self.few, self.counties)
        return difference(self.policy, owed, self.kept, self.places)

    def settle(self, at: datetime) -> Changed:
        """Compare, and write the difference."""
        return self.write(self.difference(), at)

    def write(self, found: Difference, at: datetime) -> Changed:
        """Open, change and close what differs."""
        open_duties(found.opened, kind=self.kind, policy=self.policy, on=self.on, at=at)
        change_duties(found.changed)
        close_duties(self.reasons(found.left), self.on)
        return Changed(found.opened.height, found.left.height, found.changed.height)

    def reasons(self, left: pl.DataFrame) -> list[tuple[int, Because]]:
        """Why duties are no longer owed: asked of the facts, and of the pages that opened them."""
        if left.is_empty():
            return []
        grounds = Duty.objects.unscoped().filter(pk__in=left["id"].to_list())
        rows = list(grounds.values_list("pk", "subject_id", "kind", "decision", "version_id"))
        living = set(self.living["@id"])
        facts = list(self._facts_of({subject for _, subject, *_ in rows}))
        asked = [(subject, decision) for _, subject, kind, decision, _ in rows if kind != fill_in]
        open_ones = unanswered(self.kind, facts, self.counties, asked)
        by_old_pages: set[tuple[str, str]] = set()
        for version in {version for *_, version in rows} - {self.policy.version}:
            subjects = {subject for _, subject, _, _, opened_by in rows if opened_by == version}
            then = Counties.now(policy_of(version), self.on)
            owed = judge(self.kind, [line for line in facts if line[0] in subjects], then)
            by_old_pages.update(owed.select("subject", "kind").iter_rows())
        return [
            (
                pk,
                why_left(
                    by_now=version == self.policy.version,
                    ended=subject not in living,
                    still_by_old_pages=(subject, kind) in by_old_pages,
                    unanswered=(subject, decision) in open_ones,
                ),
            )
            for pk, subject, kind, decision, version in rows
        ]

    def _facts_of(self, subjects: set[str]) -> Iterable[tuple[str, str, Mapping[str, Fact]]]:
        if self.many:
            return lines(self.frame.filter(pl.col("@id").is_in(list(subjects))))
        return (line for line in self.few if line[0] in subjects)


def _dated(known: pl.DataFrame, asked: Asked) -> pl.DataFrame:
    """The facts, with since when applications are under way."""
    procedures = asked.applied["procedure"].unique().sort()
    days = (pl.col("applied_on").filter(pl.col("procedure") == one).last().alias(applied_in(one)) for one in procedures)
    return known.join(asked.applied.group_by("@id").agg(days), on="@id", how="left")


def _dated_few(known: dict[str, dict[str, Fact]], asked: Asked) -> dict[str, dict[str, Fact]]:
    """The same for a few."""
    for subject, procedure, day in asked.applied.iter_rows():
        known[subject][applied_in(procedure)] = day
    return known


def open_duties_of(asked: Asked) -> pl.DataFrame:
    """What is owed so far."""
    names = {"@household" if name == "household" else name: name for name in kept_columns} | {"subject": "subject_id"}
    found = asked.columns(_open, names).rename({"@household": "household"})
    days = (pl.col(name).str.to_date("%Y-%m-%d") for name in ("opened_on", "counts_from"))
    return found.with_columns(pl.col("id").cast(pl.Int64), *days)


def _open(asked: Asked) -> QuerySet[Duty]:
    return asked.of(Duty, "subject_id").filter(subject_kind=asked.kind, closed_on=None)
