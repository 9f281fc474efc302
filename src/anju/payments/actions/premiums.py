"""Premiums that the government pays: who is due is drawn up as a batch, and another officer approves it.

A year is judged by its last day once it is over: by what was owed then, the figures of that day, and as whom assistance knew somebody then.
On the day after nothing of it is owed any more, although it was not paid.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from anju.duties.models import Duties, Duty
from anju.government.lines import Level
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.regions.reach import scope_of
from anju.government.second_wall import everything
from anju.payments.actions.within import hold_people, note
from anju.payments.figures import book
from anju.payments.models import Batch, Premium, Scheme, lines_of_scheme
from anju.payments.one_stop import GROUPS, Book
from anju.register.actions.within import not_there, scopes_of
from anju.register.among import Many
from anju.register.asking import Asked
from anju.register.changes import changed
from anju.register.facts import former_of, today
from anju.register.models import Person, Relation
from anju.register.queries.whom import whom

_groups = {"tekun": "特困", "dibao": "低保", "other": "贫困人员", "none": "贫困人员"}
_cent = Decimal("0.01")
most, most_named, _most_told = 20_000, 50, 3
purpose = "代缴"


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


@dataclass(frozen=True, slots=True)
class Approved:
    """A batch that was approved, and the people who were ``left_out`` of it."""

    batch: Batch
    left_out: Sequence[str]


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
    left = _left(scheme, county, year)[: most + 1]
    found = _shares_of(left, year, shares(scheme, county, year))
    return Due(found, [one for one in left if one not in found])


def counted(scheme: Scheme, county: str, year: int, by_group: Mapping[str, Share]) -> Counted:
    """How many are due, as `due` would find them; of this year the database counts. Acts for nobody."""
    if year < today().year:
        late = due(scheme, county, year)
        return Counted(Counter(share.group for share in late.shares.values()), len(late.unknown), 0, ())
    left, group_of = _left(scheme, county, year), _Groups(by_group)
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


def _left(scheme: Scheme, county: str, year: int) -> list[str]:
    """Who is owed it in the county and is in no batch of the year yet."""
    lo, hi = scope_of(county)
    owed = _owed(scheme, year)
    ids = set(owed.filter(insured__gte=lo, insured__lt=hi).values_list("subject_id", flat=True))
    if year < today().year:
        moved = _held_at_the_end(scheme, year)
        here = [person for person, holder in moved.items() if lo <= holder < hi]
        then = owed.filter(subject_id__among=Many(here)).values_list("subject_id", flat=True)
        ids = _living({one for one in ids if one not in moved} | set(then))
    there = Premium.objects.unscoped().filter(scheme=scheme, year=year, person__among=Many(sorted(ids)))
    return sorted(ids - {str(person) for person in there.values_list("person_id", flat=True)})


def _owed(scheme: Scheme, year: int) -> Duties:
    """The duties that are owed, or were at the end of a year that is over."""
    every = Duty.objects.unscoped().filter(kind=scheme.duty, subject_kind="person")
    return every.owed() if year == today().year else every.owed_on(day_of(year))


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


def _shares_of(people: Sequence[str], year: int, by_group: Mapping[str, Share]) -> Mapping[str, Share]:
    """What is paid for each of some people for a year; of whom it is not known, or nobody has set it, is not there."""
    group_of, now = _Groups(by_group), Person.objects.unscoped().filter(pk__among=Many(people))
    kinds = {str(one): kind for one, kind in now.values_list("pk", KeyTextTransform("assistance_kind", "facts"))}
    if year < today().year:  # what was not known by then is as it was told later
        evening = timezone.make_aware(datetime.combine(day_of(year) + timedelta(days=1), time.min))
        stood = former_of(Asked("person", people, day_of(year), evening), people)
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
    owed = _owed(Scheme(batch.scheme), batch.year).filter(subject_id__among=Many(people))
    return set(people) - _living(set(owed.values_list("subject_id", flat=True)))


def draw_up(*, by: Officer, scheme: str, county: str, year: int | None = None) -> Batch:
    """List a year's premiums of everybody who is due in the county, for another officer to approve.

    Args:
        year: None for this one; the one before while its first months last (`years`).

    Raises:
        Refused: another county or line, a year that is over for good, figures that nobody has set, nobody due, more than go at once, a
            batch that waits already.
    """
    with one_deed():
        if scheme not in Scheme.values:
            raise Refused("没有这种代缴。")
        of = Scheme(scheme)
        _check_pays(by, of, county)
        of_year = today().year if year is None else year
        if of_year not in years(of, county):
            raise Refused(
                f"{of_year} 年的{of.label}现在不能提：提今年的；上一年没有代缴完的，过了年只在“{of.late}”的那几个月里还能补提。"
            )
        with everything():
            if not shares(of, county, of_year):
                raise Refused(f"“{of.standard}”或者“{of.share}…”{of_year} 年还没有值；先在“本区县的参数”里登记。")
            hold_people(_left(of, county, of_year))
            found = due(of, county, of_year).shares
            if not found:
                raise Refused("现在没有应当代缴、又知道是哪一类人的人。")
            if len(found) > most:
                raise Refused(f"一批最多 {most:,} 人。")
            batch = Batch.objects.create(scheme=of, county=county, year=of_year, asked_by=by)
            Premium.objects.unscoped().bulk_create(_premium(batch, one, share) for one, share in sorted(found.items()))
            note(by, "draw_up", "premiums", batch.pk, **_told(batch, len(found)))
    return batch


def approve(*, by: Officer, batch: UUID | str) -> Approved:
    """Another officer agrees: the premiums of the batch are paid, and nobody owes them any more.

    Whoever has died meanwhile, or is no longer owed a premium, is left out. Whoever dies while it is approved comes after it.

    Raises:
        Refused: out of reach, one's own, approved already, nobody left who is owed one, figures or a group that are other ones by now.
    """
    with one_deed():
        found = _waiting(by, batch)
        with everything():
            listed = [str(one) for one in _people(found)]
            hold_people(listed)
            gone = no_longer_due(found, listed)
            people = [one for one in listed if one not in gone]
            if not people:
                raise Refused("这一批里现在没有人还应当代缴：去世了、不再符合，或者已经缴了。请撤回这一批。")
            _check_as_drawn_up(by, found, people)
            Premium.objects.unscoped().filter(batch=found, person__among=Many(sorted(gone))).delete()
            found.approved_by, found.approved_at = by, timezone.now()
            found.save(update_fields=["approved_by", "approved_at"])
            note(by, "approve", "premiums", found.pk, **_told(found, len(people)), left_out=len(gone))
            changed("person", people)
    return Approved(found, sorted(gone))


def _check_as_drawn_up(by: Officer, batch: Batch, people: Sequence[str]) -> None:
    """Raise `Refused` where a premium would be another one if it were drawn up now: a figure was put right, or somebody's group."""
    now = _shares_of(people, batch.year, shares(Scheme(batch.scheme), batch.county, batch.year))
    rows = Premium.objects.unscoped().filter(batch=batch, person__among=Many(people)).order_by("person_id")
    figures, others = dict[str, str](), list[tuple[str, str]]()
    for row in rows:
        was, share = Share(row.group, row.standard, row.state), now.get(str(row.person_id))
        if share is not None and share.group == was.group:
            if share != was:
                figures[was.group] = f"“{was.group}”照{_said(was)}提的，现在是{_said(share)}"
        else:
            told = f"现在是“{share.group}”" if share else "现在不知道按哪一类，或者那一类没有标准了"
            others.append((str(row.person_id), f"按“{was.group}”提的，{told}"))
    if figures or others:
        named = whom(by, [("person", one) for one, _ in others[:_most_told]], today())
        first = (
            f"{named['person', one].name if ('person', one) in named else '有一个人'}{told}"
            for one, told in others[:_most_told]
        )
        more = f"，一共 {len(others)} 人" if len(others) > _most_told else ""
        raise Refused(f"提出以后有变化：{'；'.join([*figures.values(), *first])}{more}。请撤回这一批，照现在的重新提。")


def _said(share: Share) -> str:
    return f"标准 {share.standard} 元、政府负担 {share.state} 元"


def withdraw(*, by: Officer, batch: UUID | str) -> None:
    """A batch that waits is given up; whoever stood in it is due again. Raises `Refused`."""
    with one_deed():
        found = _waiting(by, batch)
        with everything():
            people = len(_people(found))
            note(by, "withdraw", "premiums", found.pk, **_told(found, people))
            Premium.objects.unscoped().filter(batch=found).delete()
            Batch.objects.unscoped().filter(pk=found.pk).delete()


def _waiting(by: Officer, key: UUID | str) -> Batch:
    """A batch that waits, within the officer's reach, locked. Raises `Refused`."""
    seen = Batch.objects.visible_to(by, purpose=purpose).select_for_update(of=("self",))
    found = seen.filter(pk=key).first()
    if found is None:
        raise Refused(not_there)
    _check_pays(by, Scheme(found.scheme), found.county)
    if found.approved_at is not None:
        raise Refused("这一批已经复核过了。")
    return found


def _people(batch: Batch) -> list[UUID]:
    return list(
        Premium.objects.unscoped().filter(batch=batch).order_by("person_id").values_list("person_id", flat=True)
    )


def _check_pays(by: Officer, scheme: Scheme, county: str) -> None:
    lines = lines_of_scheme(scheme)
    mine = [scope for scope in scopes_of(by) if scope.line in lines and scope.level == Level.COUNTY]
    if not any(scope.lo == county for scope in mine):
        raise Refused("代缴由参保地的区县办，不在您的范围里。")


def _premium(batch: Batch, person: str, share: Share) -> Premium:
    return Premium(
        batch=batch,
        person_id=person,
        scheme=batch.scheme,
        year=batch.year,
        group=share.group,
        standard=share.standard,
        state=share.state,
        own=share.own,
    )


def _amounts(share: Share) -> tuple[Decimal, Decimal]:
    return share.standard, share.state


def _told(batch: Batch, people: int) -> dict[str, str | int]:
    return {"scheme": str(batch.scheme), "county": batch.county, "year": batch.year, "people": people}
