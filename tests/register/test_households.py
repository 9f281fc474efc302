"""Who belongs to a household, and where the two are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.register.actions import (
    create_site,
    end_person,
    join_household,
    leave_household,
    place_household,
    place_person,
)
from anju.register.models import Membership, Person
from tests.government.cast import SINCE, hold, post
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, clerk, household, zhang

TODAY = timezone.localdate()


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


def test_who_married_in_keeps_her_own_origin(village: Officer) -> None:
    home = household(village)
    own, wife = zhang(village, home), zhang(village, home, name="李秀兰", order=2, relation="配偶")
    place_person(by=village, person=str(wife.pk), origin=ELSEWHERE, destination=DESTINATION, because="婚入")

    def moved(origin: str, destination: str, site: str | None = None) -> list[tuple[str, str, int]]:
        place_household(
            by=village, household=str(home.pk), origin=origin, destination=destination, site=site, because="核对过"
        )
        people = [Person.objects.unscoped().get(pk=one.pk) for one in (own, wife)]
        return [(one.origin, one.destination, one.revision) for one in people]

    site = create_site(by=village, name="安居新村", region=DESTINATION)
    before = [(ORIGIN, DESTINATION, 1), (ELSEWHERE, DESTINATION, 2)]
    assert moved(ORIGIN, DESTINATION, str(site.pk)) == before
    assert moved(KAIZHOU, DESTINATION) == [(KAIZHOU, DESTINATION, 2), before[1]]
    origin = clerk("origin", KAIZHOU, "county", "agriculture")
    hold(origin, post(DESTINATION, "village", "committee"), SINCE)
    both = DESTINATION[:9] + "203"
    with pytest.raises(Refused, match="不在您的范围里"):
        place_household(
            by=origin, household=str(home.pk), origin=KAIZHOU, destination=both, site=None, because="换了村"
        )
    hold(origin, post(both, "village", "committee"), SINCE)
    place_household(by=origin, household=str(home.pk), origin=KAIZHOU, destination=both, site=None, because="换了村")
    placed = Person.objects.unscoped().order_by("pk").values_list("origin", "destination")
    assert list(placed) == [(KAIZHOU, both), (ELSEWHERE, both)]


TOMORROW = TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("since", "sentence"),
    [(TODAY, "已经注销，不能再入户"), (TOMORROW, "入户日不能晚于今天")],
    ids=["注销的人", "明天"],
)
def test_nobody_comes_so(village: Officer, since: date, sentence: str) -> None:
    person, home = zhang(village), household(village)
    if since == TODAY:
        end_person(by=village, person=str(person.pk), on=TODAY, because="death")
    with pytest.raises(Refused, match=sentence):
        join_household(by=village, person=str(person.pk), household=str(home.pk), relation="", since=since)


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [(SINCE, TOMORROW, "离户日不能晚于今天"), (TODAY, TODAY, "要晚于入户的日子")],
    ids=["明天", "入户当天"],
)
def test_nobody_goes_on_such_a_day(village: Officer, since: date, until: date, sentence: str) -> None:
    person, home = zhang(village), household(village)
    join_household(by=village, person=str(person.pk), household=str(home.pk), relation="", since=since)
    with pytest.raises(Refused, match=sentence):
        leave_household(by=village, person=str(person.pk), until=until, because="分户")


def test_who_comes_today_and_goes_the_next_day_belonged(village: Officer) -> None:
    person, home = zhang(village), household(village)
    since = TODAY - timedelta(days=1)
    join_household(by=village, person=str(person.pk), household=str(home.pk), relation="", since=since)
    leave_household(by=village, person=str(person.pk), until=TODAY, because="分户")
    member = Membership.objects.unscoped().get()
    assert (member.since, member.until) == (since, TODAY)
