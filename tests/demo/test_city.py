"""The synthetic city in the database, on both engines: complete, within all walls, only in an empty one, and sealed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.auth.hashers import is_password_usable
from django.db import connection, transaction
from django.db.models import Count

from anju.demo.actions import City, is_there, make_city
from anju.demo.cast import cast
from anju.demo.officers import seconds
from anju.demo.places import sites, villages
from anju.duties.models import Duty
from anju.government.lines import Level
from anju.government.models import Officer, Post, PostHolding, Region
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.register.facts import facts_of
from anju.register.guideline import guideline
from anju.register.models import (
    CountyFacts,
    Household,
    Membership,
    PartyLife,
    Person,
    Relation,
    Site,
    Wish,
)
from tests.government.cast import officer

TODAY = date(2026, 6, 30)
SEALED = {"number", "number_index", "phone", "guarded", "address"}
TABLES: tuple[Any, ...] = (Site, CountyFacts, Household, Person, Membership, Relation, PartyLife, Wish)


def rows() -> list[list[dict[str, Any]]]:
    """What is stored, without what differs in every installation."""
    found = []
    for table in TABLES:
        names = [f.attname for f in table._meta.concrete_fields if f.name not in SEALED | {"recorded_at"}]
        key = "pk" if table._meta.pk.name != "id" or table in (Site, Household, Person) else None
        columns = names if key else [name for name in names if name != "id"]
        found.append(sorted(table.objects.unscoped().values(*columns), key=str))
    return found


def made(people: int, seed: int) -> list[list[dict[str, Any]]]:
    """The rows of a city that is undone at once."""
    with transaction.atomic():
        with everything():
            make_city(people=people, seed=seed, on=TODAY)
            found = rows()
        transaction.set_rollback(True)
    return found


@pytest.mark.usefixtures("own_database")
def test_the_same_seed_on_the_same_day_is_the_same_city() -> None:
    first = made(90, 3)
    assert made(90, 3) == first
    assert made(90, 4) != first


@pytest.mark.django_db
def test_what_was_made_is_there(city: City) -> None:
    with everything():
        counts = {table.__name__: table.objects.unscoped().count() for table in TABLES}
        numbers = Person.objects.unscoped().exclude(number_index=None).values("number_index").distinct().count()
    assert counts["Person"] == city.people == numbers == 120
    assert counts["Household"] == city.households
    assert counts["Site"] == len(sites()) == 40
    assert counts["CountyFacts"] == 3
    assert counts["Membership"] == 120
    assert counts["Relation"] > 4 * 120
    assert Officer.objects.count() == city.officers
    assert Region.objects.filter(level=Region.Kind.VILLAGE).count() == len(villages())
    assert is_there()


@pytest.mark.django_db
def test_the_journal_says_that_it_was_made(city: City) -> None:
    (entry,) = Entry.objects.all()
    assert (entry.action, entry.officer_name) == ("demo.make_city", "演示")
    assert '"people": 120' in entry.detail


@pytest.mark.django_db
def test_what_the_facts_owe_is_known_some_of_it_for_long(city: City) -> None:
    with everything():
        days = Duty.objects.unscoped().values("opened_on").annotate(n=Count("pk"))
        kinds = {duty["subject_kind"] for duty in Duty.objects.unscoped().values("subject_kind")}
        assert len(days) >= 4
        assert kinds == {"person", "household", "site", "county"}


@pytest.mark.django_db
def test_the_family_zhang_owes_what_their_story_tells(city: City) -> None:
    with everything():
        family = {
            person.name: str(person.pk)
            for person in Person.objects.unscoped().filter(memberships__household__code="5009990000000000")
        }
        owed = {name: duties(subject) for name, subject in family.items()}
        (home,) = Household.objects.unscoped().filter(code="5009990000000000")
        visits = duties(str(home.pk))
    assert "ask_hukou_wish" in owed["张青山"]
    assert "transfer_party_duty" in owed["秦碧水"]
    assert "move_hukou_duty" not in owed["张青山"] | owed["谭月桂"]
    assert "pay_visit" in visits
    assert facts_of("person", family["谭月桂"], on=date.today())["pension_status"] == "drawing"


def duties(subject: str) -> set[str]:
    return {duty.kind for duty in Duty.objects.unscoped().owed().filter(subject_id=subject)}


@pytest.mark.django_db
def test_every_line_that_has_work_has_a_post_wherever_it_works(city: City) -> None:
    actors = {(a.line, a.level) for duty in guideline().duties.values() for a in duty.actors if not a.person}
    posts = set(Post.objects.values_list("line", "level"))
    assert actors <= posts
    per_village = Post.objects.filter(level=Level.VILLAGE, line="committee").values_list("region", flat=True)
    assert set(per_village) == set(villages())
    assert PostHolding.objects.count() == Post.objects.count() + len(seconds)
    assert not Post.objects.exclude(pk__in=PostHolding.objects.values("post")).exists()


@pytest.mark.django_db
def test_nobody_can_come_in_by_a_password_or_a_code(city: City) -> None:
    officers = list(Officer.objects.all())
    assert not [who.account for who in officers if is_password_usable(who.password)]
    assert Authenticator.objects.count() == len(officers), "the door asks everybody for a second factor"
    secrets = list(Authenticator.objects.values_list("data__secret", flat=True))
    assert len(set(secrets)) == len(officers)


@pytest.mark.django_db
def test_the_cast_are_officers_of_the_city(city: City) -> None:
    assert set(cast().by_account) <= set(Officer.objects.values_list("account", flat=True))
    places = {role.account.partition(".")[2] for role in cast().by_account.values()}
    assert len({place[:6] for place in places if place}) == 3, "here, where they came from, and a stranger's county"


def test_there_is_a_role_for_every_line_and_level_with_work() -> None:
    actors = {(a.line, a.level) for duty in guideline().duties.values() for a in duty.actors if not a.person}
    titles = {role.title for role in cast().by_account.values()}
    levels, lines = dict(Level.choices), dict(Post._meta.get_field("line").choices or ())
    assert {f"{levels[level]} · {lines[line]}" for line, level in actors} <= titles
    assert {"系统管理员", "安全管理员", "审计员"} <= titles


@pytest.mark.django_db
@pytest.mark.parametrize("before", ["一名干部", "一座城市"])
def test_nothing_made_up_is_mixed_with_what_is_there(before: str, request: pytest.FixtureRequest) -> None:
    if before == "一名干部":
        officer("li")
    else:
        request.getfixturevalue("city")
    officers = Officer.objects.count()
    with pytest.raises(Refused, match="只往空库里放"):
        make_city(people=5, seed=1, on=TODAY)
    assert Officer.objects.count() == officers


@pytest.mark.django_db
@pytest.mark.parametrize("people", [0, -1])
def test_a_city_has_people(people: int) -> None:
    with pytest.raises(Refused, match="至少"):
        make_city(people=people, seed=1, on=TODAY)
    assert not is_there()


NUMBER = re.compile(rb"500999[12][0-9]{3}[01][0-9][0-3][0-9][0-9]{3}[0-9X]")


def test_no_id_number_and_no_phone_lies_open_in_the_database(own_database: str) -> None:
    make_city(people=300, seed=1, on=TODAY)
    found = b"".join(stored())
    assert "张青山".encode() in found, "this is where it would be"
    assert not NUMBER.search(found)
    with everything():
        sealed = [value for pair in Person.objects.unscoped().values_list("number", "phone") for value in pair]
        told = [one.reveal() for person in Person.objects.unscoped() for one in (person.number, person.phone) if one]
    assert len(told) == len([value for value in sealed if value]) > 500
    assert not [value for value in told if value.encode() in found]
    assert "3栋2单元502".encode() not in found


def stored() -> Iterator[bytes]:
    """Everything that the database has on its disk, or tells."""
    if connection.vendor == "sqlite":
        file = str(connection.settings_dict["NAME"])
        yield from (Path(f"{file}{end}").read_bytes() for end in ("", "-wal") if Path(f"{file}{end}").exists())
        return
    with everything(), connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f"SELECT t::text FROM {model._meta.db_table} AS t")
            yield from (row[0].encode() for row in cursor.fetchall())
