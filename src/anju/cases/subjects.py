"""Whom cases are about, as letters name them: with what tells them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from anju.cases.models import Case
from anju.documents.content import Cell
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.register.models import Household, Membership, Person, Site

_purpose = "经办文书"
_missing = "（不在范围内）"
id_number = "身份证件号码"
"""What a column of ID numbers is called."""


@dataclass(frozen=True, slots=True)
class About:
    """A subject: its name, what counts it, and for each of its people, or for itself, what a row of a list says."""

    name: str
    unit: str
    rows: Sequence[Sequence[tuple[str, Cell]]]

    @property
    def facts(self) -> Sequence[tuple[str, Cell]]:
        """Those of the first row."""
        return self.rows[0]


def about(by: Officer, cases: Sequence[Case], on: date) -> list[About]:
    """The subjects of some cases, in their order; as far as the officer may see them."""
    ids: dict[str, list[str]] = {}
    for case in cases:
        ids.setdefault(case.subject_kind, []).append(case.subject_id)
    known: dict[tuple[str, str], About] = {}
    for kind, wanted in ids.items():
        known.update({(kind, key): found for key, found in _finders[kind](by, wanted, on).items()})
    gone = About(_missing, "", [[("名称", _missing)]])
    return [known.get((case.subject_kind, case.subject_id), gone) for case in cases]


def _people(by: Officer, ids: Sequence[str], _: date) -> Mapping[str, About]:
    found = Person.objects.visible_to(by, purpose=_purpose).filter(pk__in=ids)
    return {str(person.pk): About(person.name, "人", [_person(person)]) for person in found}


def _person(person: Person) -> list[tuple[str, Cell]]:
    number: Cell = {"id": person.number.reveal()} if person.number else "—"
    return [("姓名", person.name), (id_number, number)]


def _households(by: Officer, ids: Sequence[str], on: date) -> Mapping[str, About]:
    homes = Household.objects.visible_to(by, purpose=_purpose).filter(pk__in=ids)
    members = Membership.objects.of_people_seen_by(by, purpose=_purpose)
    members = members.filter(household__in=homes, since__lte=on, until__gt=on).select_related("person")
    by_home: dict[str, list[Membership]] = {}
    for member in members.order_by("pk"):
        by_home.setdefault(str(member.household_id), []).append(member)
    return {str(home.pk): _household(home, by_home.get(str(home.pk), [])) for home in homes}


def _household(home: Household, members: Sequence[Membership]) -> About:
    head = next((one for one in members if one.relation == "户主"), members[0] if members else None)
    rows = [[*_person(one.person), ("与户主关系", one.relation)] for one in members]
    empty: list[tuple[str, Cell]] = [("姓名", home.code), (id_number, "—"), ("与户主关系", "—")]
    return About(head.person.name if head else home.code, "户", rows or [empty])


def _sites(by: Officer, ids: Sequence[str], _: date) -> Mapping[str, About]:
    found = Site.objects.visible_to(by, purpose=_purpose).filter(pk__in=ids)
    return {str(site.pk): About(site.name, "个安置点", [[("安置点", site.name)]]) for site in found}


def _counties(_: Officer, ids: Sequence[str], on: date) -> Mapping[str, About]:
    names = Names(ids, on)
    return {code: About(names(code), "个区县", [[("区县", names(code))]]) for code in ids}


_finders = {"person": _people, "household": _households, "site": _sites, "county": _counties}
