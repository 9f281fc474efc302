"""Many who accept, give back or undo the same batch at the same moment: one of them does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import IntegrityError, connection

from anju.exchange import beside, merging
from anju.exchange.actions import accept, approve_undo, ask_undo, reject
from anju.exchange.models import Batch, State
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.models import Job
from anju.journal.models import Entry
from tests.exchange.cast import again, clerk, contents, done, handed_in, merged, workbook, zhang
from tests.race import race

FASTER = "这一批刚刚有人处理过，请刷新再看。"
MANY = 16


@pytest.fixture
def batch(own_database: str, tmp_path: Path) -> Batch:
    """Three of a family who wait."""
    return handed_in(clerk("importer"), workbook(tmp_path / "张家.xlsx", [zhang(order) for order in (1, 2, 3)]))


@pytest.fixture
def others(own_database: str) -> list[Officer]:
    """Those who may accept it."""
    return [clerk(f"second{number}") for number in range(MANY)]


def entries(deed: str) -> int:
    return Entry.objects.filter(action=f"exchange.{deed}").count()


def test_sixteen_accept_and_one_of_them_has_accepted(batch: Batch, others: list[Officer]) -> None:
    outcome = race(MANY, lambda number: accept(by=others[number], batch=batch.pk, revision=batch.revision))
    assert (outcome.won, [str(error) for error in outcome.raised]) == (1, [FASTER] * (MANY - 1))
    assert outcome.only_raised(Refused)
    assert Job.objects.filter(key__startswith="exchange.merge:").count() == 1
    found = done(batch)
    assert (found.state, found.accepted_by in others) == (State.MERGED, True)
    registered = contents()
    assert [len(registered[table]) for table in ("people", "households", "memberships")] == [3, 1, 3]
    assert (entries("accept"), entries("merge")) == (1, 1)


def test_the_database_lets_nobody_take_over_what_another_has_accepted(batch: Batch, others: list[Officer]) -> None:
    accept(by=others[0], batch=batch.pk, revision=batch.revision)
    with pytest.raises(IntegrityError, match="batch_accepted_once"), everything():
        Batch.objects.unscoped().filter(pk=batch.pk).update(accepted_by=others[1])


def test_some_accept_while_others_give_back(batch: Batch, others: list[Officer]) -> None:
    def either(number: int) -> bool:
        if number % 2:
            reject(by=others[number], batch=batch.pk, because="缺户编号")
        else:
            accept(by=others[number], batch=batch.pk, revision=batch.revision)
        return True

    outcome = race(MANY, either)
    assert (outcome.won, {str(error) for error in outcome.raised}) == (1, {FASTER})
    assert entries("accept") + entries("reject") == 1
    assert (again(batch).state == State.REJECTED) == bool(entries("reject"))


def test_others_may_write_while_a_refused_row_is_searched_for(
    batch: Batch, others: list[Officer], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two tries no transaction holds SQLite's only lock; and nothing of a try stays."""
    merged(batch, others[0])
    listed = workbook(tmp_path / "二.xlsx", [zhang(4, 与户主关系="户主"), zhang(3, 联系电话="13800000003")])
    monkeypatch.setattr(beside, "heads", lambda homes: pl.DataFrame(schema={"@home": pl.String, "@chief": pl.String}))
    before = contents()
    tried: list[bool] = []
    real = merging._refused

    def free(*given: Any) -> bool:
        tried.append(connection.in_atomic_block)
        return real(*given)

    monkeypatch.setattr(merging, "_refused", free)
    found = merged(handed_in(batch.uploaded_by, listed), others[0])
    assert "不能并入的是下面标出的那一行" in found.message
    assert (found.state, contents() == before) == (State.READY, True)
    assert (any(tried), len(tried) > 1) == (False, True)


def test_both_ask_at_once_and_it_is_undone_once(batch: Batch, others: list[Officer]) -> None:
    before = contents()
    merged(batch, others[0])
    both = (batch.uploaded_by, others[0])

    def asked(number: int) -> bool:
        ask_undo(by=both[number % 2], batch=batch.pk, because="交错了")
        return True

    outcome = race(MANY, asked)
    approve_undo(by=others[1], batch=batch.pk)
    assert (outcome.won, {str(error) for error in outcome.raised}) == (1, {FASTER})
    assert done(batch).state == State.UNDONE
    assert (contents(), entries("ask_undo"), entries("undo")) == (before, 1, 1)
