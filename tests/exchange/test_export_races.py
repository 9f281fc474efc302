"""Many at once: one decision about an export, and no more in a day than its measure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from time import sleep

from django.db import transaction
from django.test import override_settings

from anju.exchange.actions.exporting import approve, ask, draft, refuse
from anju.exchange.models import Export, Stage
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.models import Job
from anju.register.actions import create_person
from anju.register.queries.lists import Filters
from tests.exchange.cast import ORIGIN, VILLAGE, clerk
from tests.exchange.test_exports import again_of, made, names, tidied
from tests.race import race


def _register() -> Officer:
    """Who exports, and two people."""
    who = clerk("importer")
    for name in ("向春来", "向秋月"):
        create_person(by=who, name=name, origin=ORIGIN, destination=VILLAGE)
    return who


def test_each_step_stands_in_a_transaction_of_its_own(own_database: str, tmp_path: Path) -> None:
    who = _register()
    export = draft(by=who, kind="people", filters=Filters(text="向"))
    ask(by=who, export=export.pk, full=True, purpose="核对")
    ready = made(export)
    with transaction.atomic():
        assert names(who, ready, tmp_path / "一.xlsx") == ["向春来", "向秋月"]
    with everything():
        Export.objects.unscoped().update(made_at=ready.begun_at, expires_at=ready.begun_at + timedelta(seconds=1))
    sleep(1)
    tidied()
    assert again_of(export).stage == Stage.GONE


def test_one_of_many_decides(own_database: str) -> None:
    who = _register()
    others = [clerk(f"other{n}") for n in range(8)]
    with override_settings(ANJU_MOST_FULL_ROWS_ALONE=1):
        export = ask(by=who, export=draft(by=who, kind="people", filters=Filters()).pk, full=True, purpose="核对")

    def decide(n: int) -> bool:
        by = others[n % len(others)]
        if n % 2:
            approve(by=by, export=export.pk)
        else:
            refuse(by=by, export=export.pk, because="不清楚")
        return True

    ended = race(16, decide)
    assert ended.won == 1, ended.raised
    assert ended.only_raised(Refused)
    with everything():
        found = Export.objects.unscoped().get(pk=export.pk)
    assert found.stage in (Stage.MAKING, Stage.REFUSED)
    assert Job.objects.count() == (found.stage == Stage.MAKING)


def test_nobody_asks_past_the_day_by_asking_at_once(own_database: str) -> None:
    who = _register()
    drafts = [draft(by=who, kind="people", filters=Filters()) for _ in range(8)]
    with override_settings(ANJU_MOST_EXPORTS_A_DAY=3):
        ended = race(8, lambda n: ask(by=who, export=drafts[n].pk, full=False, purpose=""))
    assert ended.won == 3, ended.raised
    assert ended.only_raised(Refused)
    assert Job.objects.count() == 3
