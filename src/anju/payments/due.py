"""Whom a county owes the premiums that the government pays, and how much of them. Acts for nobody.

A year is judged by its last day once it is over: by what was owed then, the figures of that day, and as whom assistance knew somebody then.
On the day after nothing of it is owed any more, although it was not paid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from anju.duties.editions import Counties
from anju.duties.judging import judge
from anju.duties.models import Because, Duties, Duty
from anju.government.regions.reach import scope_of
from anju.payments.figures import book
from anju.payments.listed import aid_told
from anju.payments.models import Batch, Insurance, Premium, Scheme
from anju.payments.one_stop import GROUPS, Book
from anju.register.actions.facts import document_of
from anju.register.among import Many
from anju.register.asking import Asked
from anju.register.documents import stamp_of
from anju.register.facts import facts_frame, facts_in, former_of, today
from anju.register.guideline import guideline
from anju.register.models import Person, Relation
from anju.register.privacy import sealed_terms

_groups = {"tekun": "特困", "dibao": "低保", "other": "贫困人员", "none": "贫困人员"}
_cent = Decimal("0.01")
most, most_named = 20_000, 50


@dataclass(frozen=True, slots=True)
class Share:
    """What is paid for a person of a group: the standard, and the government's part of it."""

    group: str
    standard: Decimal
    state: Decimal

    @property
    def own(self) -> Decimal:
        """What the person pays."""
        return self.standard - self.state


@dataclass(frozen=True, slots=True)
class Due:
    """Who is due in a county, with the share of each; ``unknown``: of whom the group is not known, and shares differ."""

    shares: Mapping[str, Share]
    unknown: Sequence[str]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many are due of each group, and of how many it is not known. ``by_hukou``: so many have no place of insurance on record, so
    that the county of their hukou pays; ``first``: the first of them.
    """

    of_group: Mapping[str, int]
    unknown: int
    by_hukou: int
    first: Sequence[str]


def years(scheme: Scheme, county: str) -> tuple[int, ...]:
    """The years of which a batch may be drawn up today: this one, and in its first months, as many as the page or the county says, the
    one before.
    """
    months, now = _book(scheme, county, today()).get(scheme.late), today()
    return (now.year, now.year - 1) if months is not None and now.month <= months.value else (now.year,)


def shares(scheme: Scheme, county: str, year: int, known: Book | None = None) -> Mapping[str, Share]:
    """What is paid for each group of a year; a group whose figures nobody has set is not there."""
    figures = _book(scheme, county, day_of(year)) if known is None else known
    found = {}
    for group in GROUPS:
        standard, share = figures.get(scheme.standard), figures.get(f"{scheme.share}{group}")
        if standard is not None and share is not None and standard.value > 0 and 0 < share.value <= 100:
            whole = standard.value.quantize(_cent, ROUND_HALF_UP)
            state = (whole * share.value / 100).quantize(_cent, ROUND_HALF_UP)
            found[group] = Share(group, whole, state)
    return found


def _book(scheme: Scheme, county: str, on: date) -> Book:
    return book(scheme.clause, county, on)


def day_of(year: int) -> date:
    """The day by which a year is judged: today, or the last one of a year that is over."""
    return min(today(), date(year, 12, 31))


def due(scheme: Scheme, county: str, year: int) -> Due:
    """Whom the county owes a year's premium, and is in no batch of it yet. Acts for nobody."""
    left = left_over(scheme, county, year)[: most + 1]
    found = shares_of(left, year, shares(scheme, county, year))
    return Due(found, [one for one in left if one not in found])


def counted(scheme: Scheme, county: str, year: int, by_group: Mapping[str, Share]) -> Counted:
    """How many are due, as `due` would find them; of this year the database counts. Acts for nobody."""
    if year < today().year:
        late = due(scheme, county, year)
        return Counted(Counter(share.group for share in late.shares.values()), len(late.unknown), 0, ())
    left, group_of = left_over(scheme, county, year), _Groups(by_group)
    people = Person.objects.unscoped().filter(pk__among=Many(left))
    found: Counter[str] = Counter()
    for kind, n in people.values_list(KeyTextTransform("assistance_kind", "facts")).annotate(n=Count("pk")).order_by():
        share = group_of(kind)
        found[share.group if share else ""] += n
    steps = Relation.objects.unscoped().filter(kind=scheme.value).last_steps().exclude(holder="")
    nowhere = people.filter(~Exists(steps.filter(person=OuterRef("pk"))))
    first = [str(one) for one in nowhere.order_by("pk").values_list("pk", flat=True)[:most_named]]
    unknown = found.pop("", 0)
    return Counted(found, unknown, nowhere.count() if len(first) == most_named else len(first), first)


def left_over(scheme: Scheme, county: str, year: int) -> list[str]:
    """Who is owed it in the county and is in no batch of the year yet."""
    lo, hi = scope_of(county)
    owed = _owed(scheme, year)
    ids = set(owed.filter(insured__gte=lo, insured__lt=hi).values_list("subject_id", flat=True))
    if year < today().year:
        moved = _held_at_the_end(scheme, year)
        here = [person for person, holder in moved.items() if lo <= holder < hi]
        then = owed.filter(subject_id__among=Many(here)).values_list("subject_id", flat=True)
        ids = _still_due(scheme, year, {one for one in ids if one not in moved} | set(then))
    there = Premium.objects.unscoped().standing().filter(scheme=scheme, year=year, person__among=Many(sorted(ids)))
    return sorted(ids - {str(person) for person in there.values_list("person_id", flat=True)})


def _owed(scheme: Scheme, year: int) -> Duties:
    """The duties that are owed, or were at the end of a year that is over, or ought to have been (`_owed_after_all`)."""
    every = Duty.objects.unscoped().filter(kind=scheme.duty, subject_kind="person")
    if year == today().year:
        return every.owed()
    return every.owed_on(day_of(year)) | every.filter(pk__in=_owed_after_all(every, scheme, year))


def _owed_after_all(every: Duties, scheme: Scheme, year: int) -> Sequence[int]:
    """Duties that were closed by the last day of a year that is over because of a premium that was returned after it, or of an end that was
    none: the last one of each person, where the pages ask for it by the facts of that day as they were known on it, the premium left out.
    """
    last, evening = day_of(year), _evening(year)
    returned = Premium.objects.unscoped().filter(scheme=scheme, year=year, returned_at__gte=evening)
    ended = every.filter(closed_because=Because.SUBJECT_ENDED, closed_on__year=year)
    people = {str(one) for one in returned.values_list("person_id", flat=True)}
    people |= _living(set(ended.values_list("subject_id", flat=True)))
    closed = every.filter(subject_id__among=Many(sorted(people)), opened_on__lte=last).order_by("opened_on", "pk")
    last_of = {duty.subject_id: duty for duty in closed}
    if not last_of:
        return ()
    facts = facts_frame("person", list(last_of), on=last, at=evening)
    known = (
        (one["@id"], last_of[one["@id"]].destination[:6], {**facts_in(one), scheme.fact: False})
        for one in facts.iter_rows(named=True)
    )
    found = judge("person", known, Counties.of(guideline(), last))
    owed = set(found.filter(pl.col("kind") == scheme.duty)["subject"])
    return [last_of[one].pk for one in sorted(owed)]


def _evening(year: int) -> datetime:
    """The end of a year."""
    return timezone.make_aware(datetime.combine(date(year + 1, 1, 1), time.min))


def _still_due(scheme: Scheme, year: int, people: set[str]) -> set[str]:
    """Of people who were owed it at the end of a year that is over, those who live and for whom nobody else is known to have paid it."""
    living = _living(people)
    return living - _paid_elsewhere(scheme, year, sorted(living))


def _paid_elsewhere(scheme: Scheme, year: int, people: Sequence[str]) -> set[str]:
    """Of whom the insurers' last list of the year that tells it, or an entry of that year, says that the premium was paid. A list that came
    in after the year cannot be recorded any more: what is recorded now is about this year (ADR 20). One that came in before a premium was
    returned tells of that one.
    """
    insurance, term = Insurance(scheme.value), guideline().terms[scheme.fact]
    since = Premium.objects.unscoped().filter(person=OuterRef("person"), scheme=scheme, year=year)
    told = aid_told(insurance, year, people, Q(~Exists(since.filter(returned_at__gte=OuterRef("recorded_at")))))
    stamped = {scheme.fact: True, stamp_of(term): str(year)}
    rows, hidden = Person.objects.unscoped().filter(pk__among=Many(people)), scheme.fact in sealed_terms()
    documents = ((one, document_of(one) if hidden else one.facts) for one in rows.only("pk", "facts", "guarded"))
    recorded = {str(one.pk) for one, document in documents if stamped.items() <= document.items()}
    return recorded | {one for one, arrived in told.items() if arrived}


def _living(people: set[str]) -> set[str]:
    """Those who have not ended since, nor were joined into another record."""
    found = Person.objects.unscoped().filter(pk__among=Many(sorted(people)), ended_on=None)
    return {str(one) for one in found.values_list("pk", flat=True)}


def _held_at_the_end(scheme: Scheme, year: int) -> Mapping[str, str]:
    """Where the insurance lay at the end of a year, of those whom another place has taken over since: what is owed follows them there, and
    the premium of a year is paid where they were insured in it.
    """
    last = day_of(year)
    steps = Relation.objects.unscoped().filter(kind=scheme.value)
    before = steps.filter(person=OuterRef("person"), since=OuterRef("after")).values("holder")
    since = steps.filter(since__gt=last, after__lte=last).annotate(held=Subquery(before))
    return {str(person): held for person, held in since.exclude(held="").values_list("person_id", "held")}


def shares_of(people: Sequence[str], year: int, by_group: Mapping[str, Share]) -> Mapping[str, Share]:
    """What is paid for each of some people for a year; of whom it is not known, or nobody has set it, is not there."""
    group_of, now = _Groups(by_group), Person.objects.unscoped().filter(pk__among=Many(people))
    kinds = {str(one): kind for one, kind in now.values_list("pk", KeyTextTransform("assistance_kind", "facts"))}
    if year < today().year:  # what was not known by then is as it was told later
        stood = former_of(Asked("person", people, day_of(year), _evening(year)), people)
        kinds |= {one: kind for one in stood if (kind := stood[one].facts.get("assistance_kind")) is not None}
    found = ((one, group_of(kinds.get(one))) for one in people)
    return {one: share for one, share in found if share is not None}


class _Groups:
    """What is paid for somebody of a kind of assistance; of whom it is not known, only where all are paid alike."""

    def __init__(self, by_group: Mapping[str, Share]) -> None:
        self.by_group = by_group
        self.alike = len(set(map(_amounts, by_group.values()))) == 1 and len(by_group) == len(GROUPS)

    def __call__(self, kind: object) -> Share | None:
        return self.by_group.get(GROUPS[-1] if kind is None and self.alike else _groups.get(str(kind), ""))


def no_longer_due(batch: Batch, people: Sequence[str]) -> set[str]:
    """Which people of a batch that waits are owed no premium of its year any more, wherever: they died, it was paid, or need not be. Acts
    for nobody.

    Whoever has moved on meanwhile stays in the batch: one place pays, the one that drew it up.
    """
    scheme, year = Scheme(batch.scheme), batch.year
    owed = set(_owed(scheme, year).filter(subject_id__among=Many(people)).values_list("subject_id", flat=True))
    return set(people) - (_still_due(scheme, year, owed) if year < today().year else _living(owed))


def _amounts(share: Share) -> tuple[Decimal, Decimal]:
    return share.standard, share.state
