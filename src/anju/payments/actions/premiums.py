"""Premiums that the government pays: who is due is drawn up as a batch, and another officer approves it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from anju.duties.models import Duty
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
from anju.register.changes import changed
from anju.register.facts import facts_by_subject, today
from anju.register.guideline import guideline
from anju.register.models import Person, Relation

_groups = {"tekun": "特困", "dibao": "低保", "other": "贫困人员", "none": "贫困人员"}
_cent = Decimal("0.01")
most, most_named = 20_000, 50
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


def shares(scheme: Scheme, county: str, known: Book | None = None) -> Mapping[str, Share]:
    """What is paid for each group today; a group whose figures nobody has set is not there."""
    clause = guideline().duties[scheme.duty].clause
    figures = book(clause, county, today()) if known is None else known
    found = {}
    for group in GROUPS:
        standard, share = figures.get(scheme.standard), figures.get(f"{scheme.share}{group}")
        if standard is not None and share is not None and standard.value > 0 and 0 < share.value <= 100:
            whole = standard.value.quantize(_cent, ROUND_HALF_UP)
            state = (whole * share.value / 100).quantize(_cent, ROUND_HALF_UP)
            found[group] = Share(group, whole, state)
    return found


def due(scheme: Scheme, county: str) -> Due:
    """Whom the county owes this year's premium, and is in no batch yet. Acts for nobody."""
    left, group_of = _left(scheme, county)[: most + 1], _Groups(shares(scheme, county))
    facts = facts_by_subject("person", left, on=today()) if left else {}
    found: dict[str, Share] = {}
    for one in left:
        share = group_of(facts.get(one, {}).get("assistance_kind"))
        if share is not None:
            found[one] = share
    return Due(found, [one for one in left if one not in found])


def counted(scheme: Scheme, county: str, by_group: Mapping[str, Share]) -> Counted:
    """How many are due, as `due` would find them; the database counts. Acts for nobody."""
    left, group_of = _left(scheme, county), _Groups(by_group)
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


def _left(scheme: Scheme, county: str) -> list[str]:
    """Who is owed it in the county and is in no batch of this year yet."""
    lo, hi = scope_of(county)
    owed = (
        Duty.objects.unscoped().owed().filter(kind=scheme.duty, subject_kind="person", insured__gte=lo, insured__lt=hi)
    )
    ids = sorted(set(owed.values_list("subject_id", flat=True)))
    there = Premium.objects.unscoped().filter(scheme=scheme, year=today().year, person__among=Many(ids))
    listed = {str(person) for person in there.values_list("person_id", flat=True)}
    return [one for one in ids if one not in listed]


class _Groups:
    """What is paid for somebody of a kind of assistance; of whom it is not known, only where all are paid alike."""

    def __init__(self, by_group: Mapping[str, Share]) -> None:
        self.by_group = by_group
        self.alike = len(set(map(_amounts, by_group.values()))) == 1 and len(by_group) == len(GROUPS)

    def __call__(self, kind: object) -> Share | None:
        return self.by_group.get(GROUPS[-1] if kind is None and self.alike else _groups.get(str(kind), ""))


def no_longer_due(batch: Batch, people: Sequence[str]) -> set[str]:
    """Which people of a batch that waits are owed no premium any more, wherever: they died, it was paid, or need not be. Acts for nobody.

    Whoever has moved on meanwhile stays in the batch: one place pays, the one that drew it up.
    """
    owed = Duty.objects.unscoped().owed().filter(kind=Scheme(batch.scheme).duty, subject_kind="person")
    return set(people) - set(owed.filter(subject_id__among=Many(people)).values_list("subject_id", flat=True))


def draw_up(*, by: Officer, scheme: str, county: str) -> Batch:
    """List this year's premiums of everybody who is due in the county, for another officer to approve.

    Raises:
        Refused: another county or line, figures that nobody has set, nobody due, more than go at once, a batch that waits already.
    """
    with one_deed():
        if scheme not in Scheme.values:
            raise Refused("没有这种代缴。")
        of = Scheme(scheme)
        _check_pays(by, of, county)
        with everything():
            if not shares(of, county):
                raise Refused(f"“{of.standard}”或者“{of.share}…”今年还没有值；先在“本区县的参数”里登记。")
            hold_people(_left(of, county))
            found = due(of, county).shares
            if not found:
                raise Refused("现在没有应当代缴、又知道是哪一类人的人。")
            if len(found) > most:
                raise Refused(f"一批最多 {most:,} 人。")
            batch = Batch.objects.create(scheme=of, county=county, year=today().year, asked_by=by)
            Premium.objects.unscoped().bulk_create(_premium(batch, one, share) for one, share in sorted(found.items()))
            note(by, "draw_up", "premiums", batch.pk, **_told(batch, len(found)))
    return batch


def approve(*, by: Officer, batch: UUID | str) -> Approved:
    """Another officer agrees: the premiums of the batch are paid, and nobody owes them any more.

    Whoever has died meanwhile, or is no longer owed a premium, is left out.

    Raises:
        Refused: out of reach, one's own, approved already, nobody left who is owed one.
    """
    with one_deed():
        found = _waiting(by, batch)
        with everything():
            listed = [str(one) for one in _people(found)]
            gone = no_longer_due(found, listed)
            people = [one for one in listed if one not in gone]
            if not people:
                raise Refused("这一批里现在没有人还应当代缴：去世了、不再符合，或者已经缴了。请撤回这一批。")
            Premium.objects.unscoped().filter(batch=found, person__among=Many(sorted(gone))).delete()
            found.approved_by, found.approved_at = by, timezone.now()
            found.save(update_fields=["approved_by", "approved_at"])
            note(by, "approve", "premiums", found.pk, **_told(found, len(people)), left_out=len(gone))
            changed("person", people)
    return Approved(found, sorted(gone))


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
