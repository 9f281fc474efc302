"""Who applies for somebody who is not of age: a guardian, who is named with what he is to the child (1.3-2)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from anju.calendar.periods import add_years
from anju.cases.fields import Value
from anju.cases.models import Case, Entry, for_guardians
from anju.cases.procedures import Running
from anju.duties.editions import Counties
from anju.government.refusals import Refused
from anju.government.residents import Resident, Somebody
from anju.policy.model import Step
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Formerly, Membership, Person
from anju.register.models.people import head

guardian, kinship = "监护人", "监护关系"
_age = "成员申请年龄"
_spouse = "配偶"
_no_family = ("", "其他")


def unasked(case: Case, running: Running, step: Step, on: date) -> frozenset[str]:
    """The fields of a step that are not asked on a day: who the guardian is, of somebody who is of age. Asked for nobody."""
    if guardian not in step.fields or case.subject_kind != "person" or _minor(case, running, on):
        return frozenset()
    return frozenset({guardian, kinship})


def check_guardian(by: Somebody | None, case: Case, running: Running, fields: Mapping[str, Value], on: date) -> None:
    """Raise `Refused` for a guardian who is a child himself by the register, or who names another one in his stead."""
    name = str(fields.get(guardian, "")).strip()
    if isinstance(by, Resident) and by.guardian is not None and name not in ("", by.guardian.name):
        raise Refused(f"您替孩子申请，监护人就是您本人（{by.guardian.name}）。")
    if not name or not _minor(case, running, on):
        return
    same = [one for one in _household(case, on) if one.name == name]
    if same and not any(_is_adult(one, running, case, on) for one in same):
        raise Refused(f"{name}还没有成年，不能当监护人；请写一位成年的监护人。")


def likely_guardian(case: Case, running: Running, on: date) -> str | None:
    """Of somebody who is not of age the adult of the household who stands first: its head, the head's spouse, the eldest. Asked for nobody:
    show it to those who see the person.
    """
    family = [one for one in _members(case, on) if one.relation not in _no_family]
    adults = [one for one in family if _is_adult(one.person, running, case, on)]
    order = sorted(adults, key=lambda one: (one.relation != head, one.relation != _spouse, one.person.birth_date))
    return order[0].person.name if order and _minor(case, running, on) else None


def check_by_himself(by: Resident, case: Case, running: Running) -> None:
    """Raise `Refused` where a child would begin what its guardian begins, or a guardian what he may not begin for a child."""
    guarded = case.procedure in for_guardians(running.policy.version)
    if by.guardian is not None and not guarded:
        raise Refused("这件事要本人来办，不能在这里替孩子申请；请到村（社区）问。")
    if by.guardian is None and guarded and _minor(case, running, today()):
        raise Refused(
            "还没有成年，由监护人申请：请家里的监护人用他自己的手机进“我的安居”，替您申请；或者到村（社区）办。"
        )


def is_anothers(by: Resident, case: Case) -> bool:
    """Whether another guardian is named in a child's case, under what he is called or was. Asked for nobody."""
    if by.guardian is None:
        return False
    entries = Entry.objects.unscoped().filter(case=case).order_by("-seq")
    named = (json.loads(one.told.reveal()).get("fields", {}).get(guardian) for one in entries)
    name = next(filter(None, named), "")
    before = Formerly.objects.unscoped().filter(person=by.guardian.person, name=name)
    return name not in ("", by.guardian.name) and not before.exists()


def wards(person: Person, on: date) -> list[Person]:
    """The children of the household of somebody of the family who is of age, for whom he may act; nobody who only lodges there, or of whom
    nobody wrote what he is to its head, acts or is acted for. Asked for nobody: show them to nobody else.
    """
    years = Counties.of(guideline(), on).edition(person.destination[:6]).parameters.get(_age)
    if person.birth_date is None or years is None or isinstance(years, date):
        return []
    last = add_years(on, -int(years))
    if person.birth_date > last:
        return []
    rows = Membership.objects.unscoped().filter(since__lte=on, until__gt=on)
    home = rows.filter(person=person).exclude(relation__in=_no_family).values("household")
    children = rows.filter(household__in=home, person__ended_on=None, person__birth_date__gt=last)
    children = children.exclude(relation__in=_no_family)
    return [one.person for one in children.select_related("person").order_by("person__birth_date", "pk")]


def _minor(case: Case, running: Running, on: date) -> bool:
    child = Person.objects.unscoped().filter(pk=case.subject_id, birth_date__isnull=False).first()
    return child is not None and not _is_adult(child, running, case, on)


def _is_adult(person: Person, running: Running, case: Case, on: date) -> bool:
    years = Counties.of(running.policy, on).edition(case.destination[:6]).parameters.get(_age)
    if person.birth_date is None or years is None or isinstance(years, date):
        return False
    return person.birth_date <= add_years(on, -int(years))


def _household(case: Case, on: date) -> list[Person]:
    return [one.person for one in _members(case, on)]


def _members(case: Case, on: date) -> list[Membership]:
    """Who belongs to the household of the case's subject on a day."""
    rows = Membership.objects.unscoped().filter(since__lte=on, until__gt=on)
    home = rows.filter(person=UUID(case.subject_id)).values("household")
    return list(rows.filter(household__in=home, person__ended_on=None).select_related("person"))
