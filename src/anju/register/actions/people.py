"""Sites, households and people: registering them, who belongs together, and where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from stdnum.cn import ric

from anju.government.models import Officer, never
from anju.government.queries import Scope
from anju.government.refusals import Refused, one_deed
from anju.policy.model import Fact
from anju.register import documents
from anju.register.actions.facts import keep_former
from anju.register.actions.looks import giving
from anju.register.actions.within import (
    check_plain,
    check_reach,
    code,
    locked,
    note,
    open_scope,
    scopes_of,
)
from anju.register.changes import changed, changed_together
from anju.register.facts import today
from anju.register.models import Formerly, Household, Membership, Person, Relation, Site
from anju.register.names import pinyin_of, pinyin_of_person
from anju.register.provided import sites_of
from anju.register.steps import steps_of
from anju.sealing.blind_index import blind_index, normal_id_number
from anju.tables.identity import id_is_right, why_wrong


def create_site(*, by: Officer, name: str, region: str, facts: Mapping[str, Fact | None] | None = None) -> Site:
    """Register a resettlement site."""
    with one_deed():
        scopes = scopes_of(by)
        site = Site(name=name.strip(), region=code(region), facts=documents.written(facts or {}))
        site.initials, site.pinyin = pinyin_of(site.name)
        check_plain(site.name)
        check_reach(scopes, site.region)
        open_scope(scopes)
        site.clean_fields(exclude=["facts"])
        site.save(force_insert=True)
        note(by, "create_site", "site", site.pk)
        changed("site", [str(site.pk)])
    return site


def create_household(
    *,
    by: Officer,
    household_code: str,
    origin: str = "",
    destination: str = "",
    site: Site | None = None,
    address: str = "",
    facts: Mapping[str, Fact | None] | None = None,
) -> Household:
    """Register a household under its 户编号. Raises `Refused`, also where another one has it."""
    with giving(by, Household, household_code.strip()):
        scopes = scopes_of(by)
        household = Household(code=household_code.strip(), origin=code(origin), destination=code(destination))
        household.facts = documents.written(facts or {})
        household.site = locked(Site, by, site.pk) if site else None
        household.address = address.strip() or None
        check_plain(household.code)
        check_reach(scopes, household.origin, household.destination)
        open_scope(scopes)
        household.clean_fields(exclude=["address", "facts"])
        household.save(force_insert=True)
        note(by, "create_household", "household", household.pk)
        changed("household", [str(household.pk)])
    return household


def create_person(
    *,
    by: Officer,
    name: str,
    number: str = "",
    phone: str = "",
    birth_date: date | None = None,
    sex: str = "",
    people: str = "",
    household: Household | None = None,
    relation: str = "",
    origin: str = "",
    destination: str = "",
    facts: Mapping[str, Fact | None] | None = None,
) -> Person:
    """Register a person; places that are not given are the household's. Facts that are relations become relations.

    Raises:
        Refused: the ID number is wrong or registered, the places are out of reach, the household has a head already.
    """
    with giving(by, Person, _index(number)):
        scopes = scopes_of(by)
        home = locked(Household, by, household.pk) if household else None
        person = Person(
            name=name.strip(),
            sex=sex,
            people=people.strip(),
            birth_date=birth_date,
            origin=code(origin) or (home.origin if home else ""),
            destination=code(destination) or (home.destination if home else ""),
        )
        _number(person, number)
        person.phone = phone.strip() or None
        person.initials, person.pinyin = pinyin_of_person(person.name)
        check_plain(name, people, relation)
        check_reach(scopes, person.origin, person.destination)
        steps, kept = steps_of(facts or {}, person.origin, person.destination)
        open_part, hidden = documents.parted(documents.written(kept))
        person.facts, person.guarded = open_part, documents.text(hidden) if hidden else None
        open_scope(scopes)
        person.clean_fields(exclude=["number", "phone", "guarded", "facts"])
        person.save(force_insert=True)
        if home is not None:
            Membership.objects.create(person=person, household=home, relation=relation.strip(), since=today())
        _first_steps(person, steps)
        note(by, "create_person", "person", person.pk, household=str(home.pk) if home else "")
        changed_together({"person": [str(person.pk)], "site": sites_of([str(home.pk)] if home else [])})
    return person


def _first_steps(person: Person, steps: Any) -> None:
    last: dict[str, date] = {}
    for step in steps:
        Relation.objects.create(
            person=person,
            kind=step.kind,
            holder=step.holder,
            since=step.since,
            because=step.because,
            after=last.get(step.kind),
        )
        last[step.kind] = step.since


def change_person(*, by: Officer, person: str, changes: Mapping[str, Any], because: str = "") -> None:
    """Correct what stands in a person's own row: name, number, phone, birth_date, sex, people. Raises `Refused`."""
    allowed = {"name", "number", "phone", "birth_date", "sex", "people"}
    with giving(by, Person, _index(changes.get("number", ""))):
        scopes_of(by)
        found = locked(Person, by, person)
        if not set(changes) <= allowed:
            raise Refused("这里只改姓名、证件号码、电话、出生日期、性别和民族。")
        check_plain(*(changes[field] for field in ("name", "people") if field in changes))
        keep_former(found, "person")
        before = found.name, found.number.reveal() if found.number is not None else ""
        for field, value in changes.items():
            if field == "number":
                _number(found, value)
            elif field == "phone":
                found.phone = str(value).strip() or None
            else:
                setattr(found, field, value.strip() if isinstance(value, str) else value)
        found.initials, found.pinyin = pinyin_of_person(found.name)
        found.revision += 1
        found.clean_fields(exclude=["number", "phone", "guarded", "facts"])
        found.save()
        _remember(by, found, *before)
        note(by, "change_person", "person", found.pk, fields=sorted(changes), because=because)
        changed("person", [str(found.pk)])


def _remember(by: Officer, person: Person, name: str, number: str) -> None:
    """Keep the name and the ID number that a person has no longer, once each."""
    index = _index(number)
    known = Formerly.objects.visible_to(by, purpose="经办").filter(person=person)
    if name != person.name and not known.filter(name=name).exists():
        Formerly.objects.create(person=person, name=name)
    if index is not None and index != person.number_index and not known.filter(number_index=index).exists():
        former = Formerly(person=person, number_index=index)
        former.number = number
        former.save(force_insert=True)


def _index(number: str) -> str | None:
    """By which a number is found; None where there is none."""
    return blind_index(number) if number.strip() else None


def _number(person: Person, number: str) -> None:
    """Give a person an ID number, sealed and with its index; its birth date fills a blank one. Raises `Refused`."""
    if not number.strip():
        person.number, person.number_index = None, None
        return
    normal = normal_id_number(number)
    if not id_is_right(normal):
        raise Refused(f"证件号码不对：{why_wrong(normal)}")
    person.number, person.number_index = normal, _index(normal)
    person.birth_date = person.birth_date or ric.get_birth_date(normal)
    person.sex = person.sex or ("男" if int(normal[16]) % 2 else "女")


def join_household(*, by: Officer, person: str, household: str, relation: str, since: date) -> None:
    """Let a person belong to a household from a day on; the places stay the person's own.

    Raises:
        Refused: out of reach, somebody who has ended, a day that is yet to come, in a household already, a second head.
    """
    with one_deed():
        scopes_of(by)
        home, found = locked(Household, by, household), locked(Person, by, person)  # as `place_household` locks them
        check_plain(relation)
        if found.ended_on is not None:
            raise Refused("这个人已经注销，不能再入户。")
        if since > today():
            raise Refused("入户日不能晚于今天；到了那天再登记。")
        Membership.objects.create(person=found, household=home, relation=relation.strip(), since=since)
        note(by, "join_household", "person", found.pk, household=str(home.pk), since=str(since))
        homes = [str(home.pk)]
        changed_together({"person": [str(found.pk)], "household": homes, "site": sites_of(homes)})


def leave_household(*, by: Officer, person: str, until: date, because: str) -> None:
    """A person no longer belongs to a household from that day on. Raises `Refused`, also for a day that is yet to come."""
    with one_deed():
        scopes_of(by)
        found = locked(Person, by, person)
        present = Membership.objects.visible_to(by, purpose="经办").filter(person=found, until=never).first()
        if present is None:
            raise Refused("这个人现在不在哪一户里。")
        if until > today():
            raise Refused("离户日不能晚于今天；到了那天再登记。")
        if until <= present.since:  # one that ends on the day it began would be void
            raise Refused("离户的日子要晚于入户的日子。")
        present.until, present.ended_at = until, timezone.now()
        present.save(update_fields=["until", "ended_at"])
        note(by, "leave_household", "person", found.pk, household=str(present.household_id), because=because)
        homes = [str(present.household_id)]
        changed_together({"person": [str(found.pk)], "household": homes, "site": sites_of(homes)})


def place_person(*, by: Officer, person: str, origin: str, destination: str, because: str) -> None:
    """Correct where a person came from and is; at least one of the old and of the new places lies in the officer's reach."""
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Person, by, person)
        keep_former(found, "person")
        _move(found, scopes, code(origin), code(destination))
        note(
            by, "place_person", "person", found.pk, origin=found.origin, destination=found.destination, because=because
        )
        changed("person", [str(found.pk)])


def place_household(
    *, by: Officer, household: str, origin: str, destination: str, site: str | None, because: str
) -> None:
    """Correct the places of a household. Those who belong to it go along from the place that was the household's; who married in from
    elsewhere still came from there. Raises `Refused`.
    """
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Household, by, household)
        keep_former(found, "household")
        left = found.site_id
        found.site = locked(Site, by, site) if site else None
        members = list(
            Person.objects.visible_to(by, purpose="经办")
            .select_for_update(of=("self",))
            .filter(memberships__household=found, memberships__until=never)
            .order_by("pk")
        )
        before = found.origin, found.destination
        _move(found, scopes, code(origin), code(destination), "site")
        after, moving = (found.origin, found.destination), []
        for member in members:
            own = member.origin, member.destination
            new = [now if place == was else place for place, was, now in zip(own, before, after, strict=True)]
            if tuple(new) != own:
                keep_former(member, "person")
                _move(member, scopes, *new)
                moving.append(str(member.pk))
        note(by, "place_household", "household", found.pk, origin=found.origin, destination=found.destination)
        sites = [str(site) for site in {left, found.site_id} - {None}] if left != found.site_id else []
        changed_together({"household": [str(found.pk)], "person": moving, "site": sites})


def _move(subject: Any, scopes: Sequence[Scope], origin: str, destination: str, *fields: str) -> None:
    if not origin and not destination:
        raise Refused("迁出地、迁入地至少要填一个。")
    check_reach(scopes, origin, destination)
    subject.origin, subject.destination = origin, destination
    subject.revision += 1
    subject.save(update_fields=["origin", "destination", "revision", *fields])
