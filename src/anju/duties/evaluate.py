"""Evaluate subjects by the guideline, compare with what was owed, keep the difference.

Whoever evaluates acts for nobody: a fact that an officer of one county records may open a duty of another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils import timezone

from anju.duties.difference import Difference, Kept, Opening, difference, why_left
from anju.duties.editions import Counties
from anju.duties.judging import Found, judge, unanswered
from anju.duties.models import Because, Duty
from anju.duties.owed import fill_in
from anju.duties.subjects import Placed, Whom, households_of, lock, members_of, placed
from anju.duties.versions import keep, policy_of
from anju.duties.writing import change_duties, close_duties, open_duties
from anju.government.second_wall import everything
from anju.policy.model import Policy
from anju.register.changes import after_change
from anju.register.facts import Span, facts_frame
from anju.register.guideline import guideline


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


@after_change
def look_again(kind: str, ids: Sequence[str]) -> None:
    """Facts have changed: evaluate these subjects, and those whose facts follow from theirs, in the same transaction."""
    on = timezone.localdate()
    with everything():
        if kind == "person":
            subjects = {"person": ids, "household": households_of(ids, on)}
        elif kind == "household":
            subjects = {"person": members_of(ids, on), "household": ids}
        else:
            subjects = {kind: ids}
        lock([(of, subject) for of, found in subjects.items() for subject in found])
        for of, found in subjects.items():
            evaluate(of, found, on)


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
        known = Known.of(kind, who, on, pages)
        found = known.difference(Opening(kind, pages, on, timezone.now()))
        return known.settle(found, on)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of subjects: their facts, where they are, what is open."""

    kind: str
    facts: pl.DataFrame
    places: Mapping[str, Placed]
    kept: Sequence[Kept]
    counties: Counties

    @staticmethod
    def of(kind: str, who: Whom, on: date, policy: Policy) -> Known:
        """Read it."""
        places = placed(kind, who, on)
        facts = facts_frame(kind, who, on=on)
        county = pl.Series("@county", [places[subject].destination[:6] for subject in facts["@id"]], dtype=pl.String)
        living = pl.Series([not places[subject].ended for subject in facts["@id"]], dtype=pl.Boolean)
        return Known(
            kind, facts.with_columns(county).filter(living), places, open_duties_of(kind, who), Counties.of(policy, on)
        )

    def difference(self, opening: Opening) -> Difference:
        """What is owed beside what was."""
        owed = judge(self.kind, self.facts, self.counties)
        return difference(opening, map(Found._make, owed.iter_rows()), self.kept, self.places)

    def settle(self, found: Difference, on: date) -> Changed:
        """Write a difference."""
        open_duties(found.opened)
        change_duties(found.changed)
        close_duties(self.reasons(found.left), on)
        return Changed(len(found.opened), len(found.left), len(found.changed))

    def reasons(self, left: Sequence[Kept]) -> list[tuple[int, Because]]:
        """Why duties are no longer owed: asked of the facts, and of the pages that opened them."""
        version = self.counties.policy.version
        alive = [duty for duty in left if self._lives(duty.subject)]
        asked = [(duty.subject, duty.decision) for duty in alive if duty.kind != fill_in]
        open_ones = unanswered(self.kind, self.facts, self.counties, asked) if asked else set()
        by_old_pages = {
            owed
            for old in {duty.version for duty in alive} - {version}
            for owed in self._owed_by(policy_of(old), {duty.subject for duty in alive if duty.version == old})
        }
        return [
            (
                duty.pk,
                why_left(
                    duty,
                    version=version,
                    ended=not self._lives(duty.subject),
                    still_by_old_pages=(duty.subject, duty.kind) in by_old_pages,
                    unanswered=(duty.subject, duty.decision) in open_ones,
                ),
            )
            for duty in left
        ]

    def _owed_by(self, policy: Policy, subjects: set[str]) -> set[tuple[str, str]]:
        """What subjects would owe today by other pages: subject and kind."""
        facts = self.facts.filter(pl.col("@id").is_in(list(subjects)))
        owed = judge(self.kind, facts, Counties.of(policy, self.counties.on))
        return set(owed.select("subject", "kind").iter_rows())

    def _lives(self, subject: str) -> bool:
        place = self.places.get(subject)
        return place is not None and not place.ended


def open_duties_of(kind: str, who: Whom) -> list[Kept]:
    """What is owed so far."""
    rows = Duty.objects.unscoped().owed().filter(subject_kind=kind)
    if isinstance(who, Span):
        rows = rows.filter(subject_id__gte=who.first, subject_id__lt=who.end)
    else:
        rows = rows.filter(subject_id__in=who)
    names = ("pk", "subject_id", "kind", "decision", "version_id", "opened_on", "counts_from", "terms")
    places = ("household", "origin", "destination", "insured")
    return [Kept._make(row) for row in rows.values_list(*names, *places).iterator(chunk_size=5000)]
