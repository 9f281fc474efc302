"""An export that waits for another officer waits for some days and no longer, whoever decides, and in the database too."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from anju.exchange import export_jobs
from anju.exchange.actions.exporting import approve, ask, draft, lapsed, refuse
from anju.exchange.models import Export, Stage
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.register.actions import create_person
from anju.register.queries.lists import Filters
from tests.desk.cast import browser
from tests.exchange.cast import ORIGIN, VILLAGE
from tests.register.cast import number

pytestmark = pytest.mark.django_db
_second = timedelta(seconds=1)
_wait = timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS)


@pytest.fixture
def waiting(importer: Officer, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Two people in full, where more than one need somebody else."""
    monkeypatch.setattr(settings, "ANJU_MOST_FULL_ROWS_ALONE", 1)
    for order, name in enumerate(("向春来", "向秋月"), start=21):
        create_person(by=importer, name=name, number=number(order), origin=ORIGIN, destination=VILLAGE)
    export = draft(by=importer, kind="people", filters=Filters())
    return ask(by=importer, export=export.pk, full=True, purpose="核对名单")


def stored(export: Export) -> Export:
    with everything():
        return Export.objects.unscoped().get(pk=export.pk)


def at(monkeypatch: pytest.MonkeyPatch, export: Export, after: timedelta) -> None:
    """So long after the last moment at which it may be decided."""
    until = stored(export).decide_by
    assert until is not None
    monkeypatch.setattr(timezone, "now", lambda: until + after)


def clear_up() -> None:
    inspect.unwrap(export_jobs.remove_old.func)(Job())


def test_it_says_until_when(waiting: Export) -> None:
    found = stored(waiting)
    assert found.asked_at is not None
    assert found.decide_by == found.asked_at + _wait


@pytest.mark.parametrize(
    ("after", "stage"),
    [(-_second, Stage.WAITING), (timedelta(0), Stage.WAITING), (_second, Stage.LAPSED)],
    ids=["前一秒", "正好", "后一秒"],
)
def test_it_waits_so_long(
    waiting: Export, importer: Officer, monkeypatch: pytest.MonkeyPatch, after: timedelta, stage: str
) -> None:
    at(monkeypatch, waiting, after)
    clear_up()
    clear_up()
    monkeypatch.undo()
    assert stored(waiting).stage == stage
    noted = Entry.objects.filter(action="exchange.lapse_export", object_id=str(waiting.pk)).count()
    assert noted == (stage == Stage.LAPSED)
    page = browser(importer).get(reverse("exchange:export", args=[waiting.pk])).content.decode()
    assert ("这份导出不做了" in page) == (stage == Stage.LAPSED)


@pytest.mark.parametrize("swept", [False, True], ids=["还没扫到", "扫过了"])
def test_nobody_decides_it_afterwards(
    waiting: Export, second: Officer, monkeypatch: pytest.MonkeyPatch, *, swept: bool
) -> None:
    at(monkeypatch, waiting, _second)
    if swept:
        clear_up()
    why = lapsed if not swept else "没有这份导出"
    with pytest.raises(Refused, match=why):
        approve(by=second, export=waiting.pk)
    with pytest.raises(Refused, match=why):
        refuse(by=second, export=waiting.pk, because="晚了")
    assert stored(waiting).decided_by_id is None


def test_in_time_it_is_approved(waiting: Export, second: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, waiting, -_second)
    approve(by=second, export=waiting.pk)
    assert stored(waiting).stage == Stage.MAKING


@pytest.mark.parametrize("after", [timedelta(0), timedelta(microseconds=1)], ids=["正好", "过了"])
def test_the_database_holds_the_day(waiting: Export, second: Officer, after: timedelta) -> None:
    until = stored(waiting).decide_by
    assert until is not None
    with everything():
        rows = Export.objects.unscoped().filter(pk=waiting.pk)
        decided = {"stage": Stage.MAKING, "decided_by": second, "decided_at": until + after}
        if after:
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.update(**decided)
        else:
            assert rows.update(**decided) == 1


@pytest.mark.parametrize(
    "changes",
    [{"decide_by": None}, {"decide_by": timezone.now() + timedelta(days=400)}],
    ids=["没有期限", "期限往后改"],
)
def test_nobody_lets_it_wait_longer(waiting: Export, changes: dict[str, object]) -> None:
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.unscoped().filter(pk=waiting.pk).update(**changes)


def test_one_that_lapsed_stays_so(waiting: Export, second: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, waiting, _second)
    clear_up()
    monkeypatch.undo()
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.unscoped().filter(pk=waiting.pk).update(stage=Stage.WAITING)
