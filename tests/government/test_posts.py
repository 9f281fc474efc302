"""Who holds which post, what that reaches, and what the database itself refuses, whoever writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.government.lines import Level, Line
from anju.government.models import Officer, Post, PostHolding, never
from anju.government.queries import Scope, asking_once, reaching, visible_regions
from tests.government.cast import DESTINATION, ORIGIN, SINCE, hold, officer, post

TODAY = date(2026, 6, 30)
SEPARATE = [duty for duty in Officer.Duty if duty != Officer.Duty.HANDLER]


@contextmanager
def checked_at_once() -> Iterator[None]:
    """A transaction that asks for its foreign keys before it ends, as a commit would."""
    with transaction.atomic():
        yield
        connection.check_constraints()


def as_stored(who: Officer) -> str | UUID:
    """The officer's id as the engine keeps it."""
    return who.pk.hex if connection.vendor == "sqlite" else who.pk


@pytest.mark.django_db
class TestReach:
    """What an officer sees on a day."""

    def test_an_officer_without_a_post_sees_nothing(self) -> None:
        assert visible_regions(officer("li"), TODAY) == ()

    def test_a_post_reaches_its_region(self) -> None:
        who = officer("li")
        hold(who, post())
        assert visible_regions(who, TODAY) == (Scope("civil_affairs", "township", "500236127000", "500236128000"),)

    def test_two_posts_reach_two_regions(self) -> None:
        who = officer("li")
        hold(who, post(ORIGIN))
        hold(who, post(DESTINATION, line=Line.ORGANISATION))
        assert {(scope.line, scope.lo) for scope in visible_regions(who, TODAY)} == {
            ("civil_affairs", ORIGIN),
            ("organisation", DESTINATION),
        }

    def test_a_line_held_elsewhere_gives_nothing_here(self) -> None:
        who = officer("li")
        hold(who, post(ORIGIN))
        hold(who, post(DESTINATION, line=Line.ORGANISATION))
        held = visible_regions(who, TODAY)
        assert [scope.line for scope in reaching(held, ORIGIN)] == [Line.CIVIL_AFFAIRS]
        assert [scope.line for scope in reaching(held, "", DESTINATION)] == [Line.ORGANISATION]
        assert reaching(held, "", "500154000000") == ()
        assert set(reaching(held, ORIGIN, DESTINATION)) == set(held)

    def test_a_page_that_changes_nothing_asks_once(self) -> None:
        who = officer("li")
        hold(who, post())
        with CaptureQueriesContext(connection) as asked, asking_once():
            first = visible_regions(who, TODAY)
            assert visible_regions(who, TODAY) == first
            assert visible_regions(officer("wang"), TODAY) == ()
        assert sum("postholding" in query["sql"] for query in asked.captured_queries) == 2
        PostHolding.objects.all().delete()
        assert visible_regions(who, TODAY) == ()

    @pytest.mark.parametrize(
        ("since", "until", "sees"),
        [
            (date(2026, 6, 30), never, True),
            (date(2026, 7, 1), never, False),
            (SINCE, date(2026, 7, 1), True),
            (SINCE, date(2026, 6, 30), False),
        ],
        ids=["当天上任", "明天上任", "明天卸任", "当天卸任"],
    )
    def test_a_post_reaches_on_its_days_only(self, since: date, until: date, *, sees: bool) -> None:
        who = officer("li")
        hold(who, post(), since, until)
        assert bool(visible_regions(who, TODAY)) is sees

    def test_a_post_that_has_ended_reaches_nothing(self) -> None:
        who = officer("li")
        hold(who, post())
        Post.objects.update(until=TODAY)
        assert visible_regions(who, TODAY) == ()

    def test_a_disabled_account_reaches_nothing(self) -> None:
        who = officer("li")
        hold(who, post())
        Officer.objects.update(is_active=False)
        assert visible_regions(who, TODAY) == ()

    @pytest.mark.parametrize("duty", SEPARATE)
    def test_a_separate_duty_reaches_nothing(self, duty: str) -> None:
        assert visible_regions(officer("audit", duty=duty), TODAY) == ()


@pytest.mark.django_db
class TestWalls:
    """What is refused on both engines, by the ORM and by SQL written by hand."""

    @pytest.mark.parametrize("duty", SEPARATE)
    def test_a_separate_duty_is_given_no_post(self, duty: str) -> None:
        who, what = officer("audit", duty=duty), post()
        with pytest.raises(IntegrityError), transaction.atomic():
            PostHolding.objects.create(officer=who, post=what, since=SINCE)
        assert not PostHolding.objects.exists()

    @pytest.mark.parametrize("duty", SEPARATE)
    def test_a_holder_of_a_post_is_given_no_separate_duty(self, duty: str) -> None:
        who = officer("li")
        hold(who, post(), SINCE, date(2024, 2, 1))  # even a past one
        with pytest.raises(IntegrityError), transaction.atomic():
            Officer.objects.filter(pk=who.pk).update(duty=duty)
        who.duty = duty
        with pytest.raises(IntegrityError), checked_at_once():
            who.save()

    @pytest.mark.parametrize("duty", SEPARATE)
    def test_no_hand_writes_a_post_for_a_separate_duty(self, duty: str) -> None:
        who, what = officer("audit", duty=duty), post()
        with pytest.raises(IntegrityError), checked_at_once(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO government_postholding (officer_id, post_id, since, until) VALUES (%s, %s, %s, %s)",
                [as_stored(who), what.pk, SINCE, never],
            )

    @pytest.mark.parametrize(
        "statement",
        ["handler = id", "duty = 'handler'", "duty = 'handler', handler = NULL", "duty = 'x', handler = id"],
    )
    def test_no_hand_makes_a_separate_duty_a_handler(self, statement: str) -> None:
        officer("audit", duty=Officer.Duty.AUDIT)
        with pytest.raises(IntegrityError), checked_at_once(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE government_officer SET {statement}")

    def test_there_is_no_other_duty(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            officer("root", duty="superuser")

    @pytest.mark.parametrize(
        ("since", "until", "refused"),
        [
            (date(2025, 1, 1), date(2025, 6, 1), True),
            (date(2024, 12, 31), date(2025, 1, 2), True),
            (date(2025, 5, 31), date(2026, 1, 1), True),
            (date(2025, 2, 1), date(2025, 3, 1), True),
            (date(2024, 1, 1), date(2025, 1, 1), False),
            (date(2025, 6, 1), date(2026, 1, 1), False),
        ],
        ids=["同一段", "盖住头一天", "盖住末一天", "在里面", "接在前面", "接在后面"],
    )
    def test_the_same_post_is_not_held_twice_on_a_day(self, since: date, until: date, *, refused: bool) -> None:
        who, what = officer("li"), post()
        hold(who, what, date(2025, 1, 1), date(2025, 6, 1))
        if refused:
            with pytest.raises(IntegrityError, match="holding_no_overlap"), transaction.atomic():
                hold(who, what, since, until)
        else:
            hold(who, what, since, until)

    def test_a_change_does_not_make_two_holdings_overlap(self) -> None:
        who, what = officer("li"), post()
        hold(who, what, date(2025, 1, 1), date(2025, 6, 1))
        later = hold(who, what, date(2025, 6, 1), date(2026, 1, 1))
        with pytest.raises(IntegrityError, match="holding_no_overlap"), transaction.atomic():
            PostHolding.objects.filter(pk=later.pk).update(since=date(2025, 5, 31))

    @pytest.mark.parametrize(
        ("level", "region", "fits"),
        [
            (Level.COUNTY, "500236000000", True),
            (Level.COUNTY, "500236127000", False),
            (Level.COUNTY, "500000000000", False),
            (Level.TOWNSHIP, "500236127000", True),
            (Level.TOWNSHIP, "500236000000", False),
            (Level.TOWNSHIP, "500236127201", False),
            (Level.VILLAGE, "500236127201", True),
            (Level.VILLAGE, "500236127000", False),
            (Level.CITY, "500000000000", True),
            (Level.CITY, "500236000000", False),
        ],
    )
    def test_the_level_of_a_post_fits_its_region(self, level: str, region: str, *, fits: bool) -> None:
        if fits:
            post(region, level)
        else:
            with pytest.raises(IntegrityError, match="post_level_fits_region"), transaction.atomic():
                post(region, level)


def at_once(calls: int, call: Callable[[], object]) -> list[str]:
    """Run something in as many threads, released together; the name of each outcome's class, or ``ok``."""
    gate, outcomes = threading.Barrier(calls), []

    def run() -> None:
        gate.wait()
        try:
            with transaction.atomic():
                call()
            outcomes.append("ok")
        except Error as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_one_of_many_who_give_the_same_post_at_once_wins(own_database: str) -> None:
    who, what = officer("li"), post()
    ends = iter([date(2026, 1, day) for day in range(1, 9)])
    outcomes = at_once(8, lambda: hold(who, what, SINCE, next(ends)))
    assert outcomes.count("ok") == 1
    assert PostHolding.objects.count() == 1
