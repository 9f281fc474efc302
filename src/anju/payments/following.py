"""Who pays follows the relation of assistance: where it goes, from the month after it, and never with a month between.

The relation says who looks after somebody from a day on; the money goes over with the next whole month, at the earliest with the first one
that nobody has paid. Who has died is paid for the month of the death and no longer (domain 1.9). What nobody knows changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform

from anju.cases.effects import with_relation
from anju.cases.fields import Value
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.duties.evaluate import look_again
from anju.government.refusals import Refused
from anju.payments.chain import direct, give_back, office_of, payer_in, steps_of
from anju.payments.models import Kind, Payer, ended
from anju.payments.months import earliest, month_of, read, shifted, text_of
from anju.register.among import Many
from anju.register.asking import Asked
from anju.register.changes import after_change
from anju.register.facts import today
from anju.register.models import Person, Relation
from anju.register.models.relations import Kind as Relations
from anju.walls.prepared import prepared

_kinds = frozenset(Kind.values)


@dataclass(frozen=True, slots=True)
class Entitled:
    """Who should pay somebody, by what the register knows: the office ``payer`` from the month ``since`` on.

    ``kind``: "" nothing that is paid monthly, None where it is not known.
    """

    person: str
    kind: str | None
    payer: str
    since: int
    because: str


def entitled(ids: Sequence[str]) -> Mapping[str, Entitled]:
    """What the register says of those people, as far as their assistance lies anywhere. Acts for nobody."""
    day = today()
    steps = Asked("person", ids, day).columns(_last, {"@id": "person_id", "holder": "holder", "since": "since"})
    last = {person: (holder, date.fromisoformat(since)) for person, holder, since in steps.iter_rows()}
    names = {"@id": "pk", "kind": "kind_of", "ended_on": "ended_on", "because": "ended_because"}
    people = Asked("person", list(last), day).columns(_kinds_of, names) if last else steps.clear()
    found: dict[str, Entitled] = {}
    for person, kind, ended_on, because in people.iter_rows():
        if ended_on is not None:
            since = shifted(month_of(date.fromisoformat(ended_on)))
            found[person] = Entitled(person, "", "", since, ended[because])
        else:
            found[person] = _entitled(person, kind, *last[person], month_of(day))
    return found


def _last(asked: Asked) -> QuerySet[Relation]:
    steps: Any = asked.of(Relation, "person_id")
    found: QuerySet[Relation] = steps.filter(kind=Relations.ASSISTANCE).last_steps()
    return found


def _kinds_of(asked: Asked) -> QuerySet[Person]:
    return asked.of(Person).annotate(kind_of=KeyTextTransform("assistance_kind", "facts"))


def _entitled(person: str, known: str | None, holder: str, since: date, now: int) -> Entitled:
    kind = known if known in _kinds else None if known is None else ""
    if not holder:
        return Entitled(person, "", "", shifted(month_of(since)), "救助终止")
    payer = office_of(holder)
    if kind == "":
        return Entitled(person, "", payer, shifted(now), "不再享受")
    return Entitled(person, kind, payer, first_month(since), "救助关系转接")


def first_month(day: date) -> int:
    """The first whole month from a day on; of what has always been so, the first that there is."""
    return 190001 if day == date.min else month_of(day) if day.day == 1 else shifted(month_of(day))


@after_change
def follow(kind: str, ids: Sequence[str]) -> None:
    """Let who pays follow what has changed, in the same transaction; and look again at what is owed to those whose months have changed."""
    if kind != "person" or not ids:
        return
    recorded: dict[str, dict[str, str]] = {}
    steps = Asked(kind, ids, today()).columns(
        _chains, {"@id": "person_id", **{n: n for n in ("kind", "since", "because")}}
    )
    for person, of, _, because in steps.sort("since").iter_rows():
        recorded.setdefault(person, {})[of] = because
    found = entitled(ids).values()
    known = keeping({one.payer for one in found if one.kind})
    moved: list[str] = []
    for one in found:
        last = recorded.get(one.person, {})
        back = [of for of in last if last[of] in ended.values() and one.because not in ended.values()]
        for of in back:
            give_back(one.person, of, "注销撤销")
        if _follow(one, set(last), known) or back:
            moved.append(one.person)
    if moved:
        look_again(kind, moved)


def _chains(asked: Asked) -> QuerySet[Payer]:
    return asked.of(Payer, "person_id")


def keeping(offices: set[str]) -> set[str]:
    """Those of some offices that keep their months here."""
    return set(_keeping(list(offices))) if offices else set()


@prepared
def _keeping(offices: Sequence[str]) -> QuerySet[Payer, str]:
    return Payer.objects.unscoped().filter(payer__among=Many(offices)).values_list("payer", flat=True).distinct()


@prepared
def _paid(person: UUID) -> QuerySet[Payer, str]:
    """The kinds of assistance that somebody has paid."""
    return Payer.objects.unscoped().filter(person_id=person).values_list("kind", flat=True)


def _follow(one: Entitled, recorded: set[str], keep: set[str]) -> bool:
    """Whether anything of who pays has changed."""
    moved = 0
    if one.kind is None:
        for kind in recorded:
            moved |= _lead_over(one, kind)
        return bool(moved)
    for kind in recorded - {one.kind}:
        since = one.since if not one.kind else shifted(month_of(today()))
        moved |= direct(
            one.person, kind, payer="", since=since, because=one.because if not one.kind else "改为另一种救助"
        )
    if one.kind in recorded:
        moved |= _lead_over(one, one.kind, again=recorded - {one.kind})
    elif one.kind and (recorded or one.payer in keep):
        moved |= _begin(one, one.kind, recorded)
    return bool(moved)


def _lead_over(one: Entitled, kind: str, *, again: set[str] | None = None) -> int:
    """The last step leads where the relation lies; a month that was put off stays put off. The month in which that begins, 0 for none.

    What was stopped begins again after the months of the kinds ``again``; with None, where the kind is not known, it stays stopped.
    """
    last = steps_of(one.person, kind)[-1]
    if last.payer == one.payer or (not last.payer and again is None):
        return 0
    since = one.since if last.payer else _after(one.person, _from_now(one), again or ())
    return direct(one.person, kind, payer=one.payer, since=since, because=one.because)


def _begin(one: Entitled, kind: str, recorded: set[str]) -> int:
    """Months begin with this one, or after the last month of another kind."""
    return direct(
        one.person, kind, payer=one.payer, since=_after(one.person, _from_now(one), recorded), because="开始享受"
    )


def _from_now(one: Entitled) -> int:
    return max(one.since, month_of(today()))


def _after(person: str, first: int, others: Iterable[str]) -> int:
    """The first month from this one on in which nobody pays another kind."""
    for other in others:
        while payer_in(steps_of(person, other), first):
            first = shifted(first)
    return first


@with_relation(Relations.ASSISTANCE)
def cut_over(case: Case, values: Mapping[str, Value], holder: str, since: date) -> None:
    """The transfer ends: the origin pays until the month before the first one of the destination, as both have written down.

    Where nobody has paid here by now, a destination that keeps its months begins with that month all the same, however late it is told.

    Raises:
        Refused: the two do not fit together, or are too long ago.
    """
    first, last = first_month(since), read(str(values.get("末发月", "")))
    if first < (oldest := earliest(month_of(today()))):
        raise Refused(f"首发月是 {text_of(first)}，太早了，最早写 {text_of(oldest)}；年份写错了，先退回改。")
    if last is not None and last != shifted(first, -1):
        raise Refused(
            f"首发月是 {text_of(first)}，末发月要是它的前一个月 {text_of(shifted(first, -1))}；首发月变了，先退回改。"
        )
    why = f"{Running.of(case).procedure.name}办结，首发月 {text_of(first)}"
    person, office = case.subject_id, office_of(holder)
    recorded = set(_paid(UUID(person)))
    pays = {kind: steps_of(person, kind)[-1].payer for kind in recorded}
    for kind, payer in pays.items():
        if payer not in ("", office):
            direct(person, kind, payer=office, since=first, because=why)
    if any(pays.values()) or not (recorded or keeping({office})):
        return
    one = entitled([person]).get(person)
    if one and one.kind:
        direct(person, one.kind, payer=office, since=_after(person, first, recorded - {one.kind}), because=why)
