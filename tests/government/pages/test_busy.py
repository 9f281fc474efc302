"""Two deeds that wait for each other: the database gives one of them up, and its officer is told to try again, not that we failed."""

from __future__ import annotations

import json
import logging
import threading
from contextlib import suppress

import pytest
from django.db import OperationalError, connection, transaction
from django.db.models import F

from anju.exchange.queries import waiting
from anju.government.models import Officer
from anju.government.refusals import collided
from tests.desk.cast import browser
from tests.exchange.calling import System
from tests.government.cast import client, officer
from tests.race import race
from tests.register.cast import clerk


class Told(Exception):
    """What the database's driver raises."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def raised(text: str, sqlstate: str) -> OperationalError:
    error = OperationalError(text)
    error.__cause__ = Told(sqlstate)
    return error


ERRORS = {
    "互相等着": (raised("deadlock detected", "40P01"), 503),
    "排不出先后": (raised("could not serialize access", "40001"), 503),
    "文件有人占着": (raised("database is locked", ""), 503),
    "数据库没有了": (raised("the connection is closed", "57P01"), 500),
    "别的错": (ValueError("database is locked"), 500),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("error", "status"), ERRORS.values(), ids=ERRORS)
def test_who_was_let_go_is_asked_to_try_again(
    error: Exception, status: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(logging.getLogger("django.request"), "handlers", [caplog.handler])
    monkeypatch.setattr(waiting, "steps", fails)
    monkeypatch.setattr("anju.desk.pages.home.asking", fails)
    home = browser(clerk("village"))
    home.raise_request_exception = False
    page = home.get("/desk/")
    assert (page.status_code, "请返回，再按一次" in page.content.decode()) == (status, status == 503)
    system = System(client()[1])
    system.raise_request_exception = False
    told = system.get("/api/v1/steps/")
    failed = {one.getMessage(): one.exc_info[1] for one in caplog.records if one.exc_info}
    assert list(failed.values()) == [error] * 2, "who keeps the site running reads of both"
    assert (told.status_code, json.loads(told.content)["code"]) == (status, "busy" if status == 503 else "fault")


def test_one_of_two_that_wait_for_each_other(own_database: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    keys = [officer(f"某{n}").pk for n in range(2)]
    both = threading.Barrier(2)

    def run(number: int) -> bool:
        with transaction.atomic():
            for turn in (number, 1 - number):
                Officer.objects.filter(pk=keys[turn]).update(name=F("name"))
                with suppress(threading.BrokenBarrierError):
                    both.wait(5)
        return True

    found = race(2, run)
    assert (found.won, [collided(error) for error in found.raised]) == (1, [True])
