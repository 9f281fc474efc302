"""Questions that are put into SQL once: what Django itself would answer, for whatever is asked about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from anju.government.models import Officer, Post, PostHolding, never
from anju.government.scoped import ScopeMissing
from anju.government.second_wall import everything
from anju.register.among import Many
from anju.register.models import Person
from anju.walls.prepared import change, insert, prepared
from tests.government.cast import DESTINATION, ELSEWHERE, ORIGIN, SINCE, hold, officer, post
from tests.register.cast import clerk, household, zhang

pytestmark = pytest.mark.django_db
made: list[str] = []
nothing: Any = None


@prepared
def of_region(region: str) -> QuerySet[Post]:
    made.append("of_region")
    return Post.objects.filter(region=region)


@prepared
def held_by(who: UUID, on: date) -> QuerySet[PostHolding]:
    return PostHolding.objects.filter(officer=who, since__lte=on, until__gt=on).select_related("post").order_by("pk")


@prepared
def of_regions(regions: Sequence[str], level: str) -> QuerySet[Post]:
    return Post.objects.filter(region__among=Many(regions), level=level).order_by("region")


@prepared
def known(person: UUID) -> QuerySet[Person]:
    return Person.objects.unscoped().filter(pk=person)


@prepared
def known_among(people: Sequence[str]) -> QuerySet[Person]:
    return Person.objects.unscoped().filter(pk__among=Many(people))


@prepared
def chosen_before(moment: datetime) -> QuerySet[Officer]:
    return Officer.objects.filter(password_since__lt=moment)


@prepared
def codes_of(level: str) -> QuerySet[Post, str]:
    return Post.objects.filter(level=level).order_by("region").values_list("region", flat=True)


@prepared
def of_nobody(_region: str) -> QuerySet[Post]:
    return Post.objects.filter(pk__in=[])


@prepared
def without_scope(person: UUID) -> QuerySet[Person]:
    return Person.objects.filter(pk=person)


@prepared
def looked_at(regions: Sequence[str]) -> QuerySet[Post]:
    return Post.objects.filter(region__in=list(regions))


def test_it_is_put_into_sql_once_and_asked_about_anything() -> None:
    there, here = post(ORIGIN, "township"), post(DESTINATION, "township")
    of_region(ORIGIN)
    made.clear()
    assert [of_region(code) for code in (ORIGIN, DESTINATION, ELSEWHERE)] == [[there], [here], []]
    later = post(ELSEWHERE, "county")
    assert of_region(ELSEWHERE) == [later], "what has changed is read"
    assert made == []


def test_several_values_of_several_kinds() -> None:
    who, day = officer("李干部"), timezone.localdate()
    holding = hold(who, post(ORIGIN, "township"))
    hold(officer("王干部"), post(DESTINATION, "township"))
    for on, found in ((day, [holding]), (holding.since, [holding]), (holding.since - timedelta(1), [])):
        assert held_by(who.pk, on) == found
    with CaptureQueriesContext(connection) as asked:
        assert held_by(who.pk, day)[0].post.region == ORIGIN
    assert len(asked) == 1, "what stands beside it is read with it"


def test_many_values_and_none() -> None:
    for code in (ORIGIN, DESTINATION):
        post(code, "township")
    for regions in ([], [ORIGIN], [ORIGIN, DESTINATION, ELSEWHERE]):
        assert [one.region for one in of_regions(regions, "township")] == sorted({*regions} & {ORIGIN, DESTINATION})
    assert of_regions([ORIGIN], "county") == []


def test_rows_with_a_scope_by_their_uuid() -> None:
    who = clerk("village")
    home = household(who)
    names = (("张青山", "户主"), ("李碧水", "配偶"))
    first, second = (zhang(who, home, name=n, order=at, relation=r) for at, (n, r) in enumerate(names, start=1))
    with everything():
        for person in (first, second):
            assert known(person.pk) == [person]
            assert known(person.pk)[0].facts == person.facts
            assert known_among([str(person.pk)]) == [person]
    with everything(), pytest.raises(ScopeMissing):
        without_scope(first.pk)


def test_moments_and_texts_alone() -> None:
    who, now = officer("李干部"), timezone.now()
    Officer.objects.filter(pk=who.pk).update(password_since=now)
    for moment, found in ((now, []), (now + timedelta(microseconds=1), [who])):
        assert chosen_before(moment) == found
    post(ORIGIN, "township")
    assert codes_of("township") == [ORIGIN]


def test_what_nothing_can_answer_is_answered_by_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert (of_nobody(ORIGIN), of_nobody(DESTINATION)) == ([], [])
    assert len(asked) == 0


@pytest.mark.parametrize("many", [0, 1, 3, 600], ids=["没有", "一行", "几行", "一条语句写不下"])
def test_rows_are_inserted_and_changed_as_they_are_given(many: int) -> None:
    codes = [f"50023612{7001 + at}" for at in range(many)]
    given = [Post(line="civil_affairs", level="village", region=code, since=SINCE) for code in codes]
    insert(given)
    rows = Post.objects.filter(level="village").order_by("region")
    assert list(rows) == given, "they know their numbers"
    assert list(rows.values_list("region", "since", "until")) == [(code, SINCE, never) for code in codes]
    keys = [one.pk for one in rows][1:]
    change(Post, keys, until=date(2030, 1, 1), line="human_resources")
    assert list(rows.filter(until=date(2030, 1, 1), line="human_resources").values_list("pk", flat=True)) == keys
    assert rows.filter(until=never, line="civil_affairs").count() == min(many, 1)


@pytest.mark.parametrize(
    "ask", [lambda: looked_at([ORIGIN]), lambda: of_region(nothing)], ids=["看了是哪些", "拿空值去比"]
)
def test_what_would_be_answered_wrongly_for_good_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(RuntimeError):
        ask()
