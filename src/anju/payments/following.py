"""Who pays follows the relation of assistance: where it goes, from the month after it, and never with a month between.

The relation says who looks after somebody from a day on; the money goes over with the next whole month, at the earliest with the first one
that nobody has paid. Who has died is paid for the month of the death and no longer (domain 1.9). What nobody knows changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anju.cases.effects import with_relation
from anju.cases.fields import Value
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.chain import direct, office_of, payer_in, steps_of
from anju.payments.models import Kind, Payer
from anju.payments.months import month_of, read, shifted, text_of
from anju.register.among import Many
from anju.register.changes import after_change
from anju.register.facts import today
from anju.register.models import Person, Relation
from anju.register.models.relations import Kind as Relations

_dead = {"death": "死亡", "cancelled": "户口注销"}


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
    steps = Relation.objects.unscoped().filter(kind=Relations.ASSISTANCE, person__among=Many(ids)).last_steps()
    last = {step.person_id: step for step in steps}
    people = Person.objects.unscoped().filter(pk__in=list(last))
    return {str(person.pk): _entitled(person, last[person.pk]) for person in people}


def _entitled(person: Person, step: Relation) -> Entitled:
    known = person.facts.get("assistance_kind")
    kind = known if known in Kind.values else None if known is None else ""
    if person.ended_on is not None:
        since, because = shifted(month_of(person.ended_on)), _dead[person.ended_because]
        return Entitled(str(person.pk), "", "", since, because)
    if not step.holder:
        return Entitled(str(person.pk), "", "", shifted(month_of(step.since)), "救助终止")
    payer = office_of(step.holder)
    if kind == "":
        return Entitled(str(person.pk), "", payer, shifted(month_of(today())), "不再享受")
    return Entitled(str(person.pk), kind, payer, first_month(step.since), "救助关系转接")


def first_month(day: date) -> int:
    """The first whole month from a day on; of what has always been so, the first that there is."""
    return 190001 if day == date.min else month_of(day) if day.day == 1 else shifted(month_of(day))


@after_change
def follow(kind: str, ids: Sequence[str]) -> None:
    """Let who pays follow what has changed, in the same transaction."""
    if kind != "person" or not ids:
        return
    with everything():
        chains = Payer.objects.unscoped().filter(person__among=Many(ids))
        recorded: dict[str, set[str]] = {}
        for person, of in chains.values_list("person_id", "kind").distinct():
            recorded.setdefault(str(person), set()).add(of)
        for one in entitled(ids).values():
            _follow(one, recorded.get(one.person, set()))


def _follow(one: Entitled, recorded: set[str]) -> None:
    if one.kind is None and not recorded:
        return
    if one.kind is None:
        for kind in recorded:
            _lead_over(one, kind)
        return
    for kind in recorded - {one.kind}:
        since = one.since if not one.kind else shifted(month_of(today()))
        direct(one.person, kind, payer="", since=since, because=one.because if not one.kind else "改为另一种救助")
    if not one.kind:
        return
    if one.kind in recorded:
        _lead_over(one, one.kind)
    elif recorded or Payer.objects.unscoped().filter(payer=one.payer).exists():  # an office that keeps its months here
        _begin(one, one.kind, recorded)


def _lead_over(one: Entitled, kind: str) -> None:
    """The last step leads where the relation lies; a month that was put off stays put off."""
    steps = steps_of(one.person, kind)
    if steps[-1].payer == one.payer:
        return
    since = one.since if steps[-1].payer else max(one.since, month_of(today()))
    direct(one.person, kind, payer=one.payer, since=since, because=one.because)


def _begin(one: Entitled, kind: str, recorded: set[str]) -> None:
    """Months begin with this one, or after the last month of another kind."""
    first = max(one.since, month_of(today()))
    for other in recorded:
        while payer_in(steps_of(one.person, other), first):
            first = shifted(first)
    direct(one.person, kind, payer=one.payer, since=first, because="开始享受")


@with_relation(Relations.ASSISTANCE)
def cut_over(case: Case, values: Mapping[str, Value], holder: str, since: date) -> None:
    """The transfer ends: the origin pays until the month before the first one of the destination, as both have written down.

    Raises:
        Refused: the two do not fit together.
    """
    first, last = first_month(since), read(str(values.get("末发月", "")))
    if last is not None and last != shifted(first, -1):
        raise Refused(
            f"首发月是 {text_of(first)}，末发月要是它的前一个月 {text_of(shifted(first, -1))}；首发月变了，先退回改。"
        )
    why = f"{Running.of(case).procedure.name}办结，首发月 {text_of(first)}"
    for kind in Payer.objects.unscoped().filter(person_id=case.subject_id).values_list("kind", flat=True).distinct():
        if (steps := steps_of(case.subject_id, kind)) and steps[-1].payer not in ("", office_of(holder)):
            direct(case.subject_id, kind, payer=office_of(holder), since=first, because=why)
