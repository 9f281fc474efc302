"""What was read is deleted some time after its batch ended, and is then gone for every page; the batch stays."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from anju.exchange.actions import decide, reject, take_problems
from anju.exchange.forgetting import forget
from anju.exchange.models import Batch, Chunk, Part, StagedRow, State
from anju.exchange.queries.batches import to_accept
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.actions import begin, end
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.register.actions import change_person
from anju.register.models import Person
from anju.walls.wall import missing
from tests.exchange.cast import ELSEWHERE, again, clerk, contents, done, handed_in, merged, undo, workbook, zhang
from tests.exchange.test_pages import address, page
from tests.government.pages.officer import Browser

DAYS = timedelta(days=180)
GONE = "到期删去"


def night(at: datetime | None = None) -> Job:
    """The night's job at a moment."""
    with pytest.MonkeyPatch.context() as clock:
        if at is not None:
            clock.setattr(timezone, "now", lambda: at)
        job = begin(forget, key=f"清理导入@{at}", owner="", title="清理导入")
        forget.func(str(job.pk))
        job.refresh_from_db()
    return job


@everything()
def held(batch: Batch) -> tuple[int, int]:
    """How many rows and chunks there are of it."""
    rows, chunks = (table.objects.unscoped().filter(batch=batch).count() for table in (StagedRow, Chunk))
    return rows, chunks


def long_after(batch: Batch) -> datetime:
    since = again(batch).ended_at
    assert since is not None
    return since + DAYS


def ended(how: str, importer: Officer, second: Officer, folder: Path) -> Batch:
    """A batch with a row to be read about, brought to its end."""
    path = workbook(folder / "一.xlsx", [zhang(1), zhang(2, 迁出地代码=ELSEWHERE, 迁入地代码=ELSEWHERE)])
    batch = handed_in(importer, path)
    if how == "rejected":
        reject(by=second, batch=batch.pk, because="缺户编号")
    if how in ("merged", "undone"):
        merged(batch, second)
    if how == "undone":
        undo(by=second, batch=batch.pk, because="交错了")
        done(batch)
    assert again(batch).state == how
    return again(batch)


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["merged", "undone", "rejected"], ids=["已并入", "已撤回", "已退回"])
def test_rows_are_kept_until_their_day_and_not_longer(
    importer: Officer, second: Officer, tmp_path: Path, how: str
) -> None:
    batch = ended(how, importer, second, tmp_path)
    before, registered, counts = held(batch), contents(), batch.counts
    assert min(before) > 0
    night(long_after(batch) - timedelta(seconds=1))
    assert (held(batch), again(batch).forgotten_at) == (before, None)
    at = long_after(batch)
    job = night(at)
    found = again(batch)
    assert (held(batch), found.forgotten_at, found.state, found.counts) == ((0, 0), at, how, counts)
    assert (job.state, job.done, job.total) == (Job.State.DONE, 1, 1)
    assert contents() == registered
    (entry,) = Entry.objects.filter(action="exchange.forget")
    noted = json.loads(entry.detail)
    assert (entry.object_id, entry.officer_name, noted["rows"]) == (str(batch.pk), "系统", before[0])
    assert night(at + DAYS).total == 0
    assert Entry.objects.filter(object_id=str(batch.pk), action="exchange.hand_in").exists()


@pytest.mark.django_db
def test_the_days_are_a_setting(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = ended("merged", importer, second, tmp_path)
    with pytest.MonkeyPatch.context() as few:
        few.setattr(settings, "ANJU_BATCHES_KEPT_DAYS", 30)
        night(long_after(batch) - timedelta(days=151))
        assert held(batch) != (0, 0)
        night(long_after(batch) - timedelta(days=150))
    assert held(batch) == (0, 0)


@pytest.mark.django_db
def test_what_waits_is_never_forgotten(importer: Officer, second: Officer, tmp_path: Path) -> None:
    waiting = handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)]))
    undoing = merged(handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(2)])), second)
    undo(by=second, batch=undoing.pk, because="交错了")
    before = [held(batch) for batch in (waiting, undoing)]
    assert night(timezone.now() + 20 * DAYS).total == 0
    assert [held(batch) for batch in (waiting, undoing)] == before
    assert [batch.pk for batch in to_accept(second)] == [waiting.pk]
    assert done(undoing).state == State.UNDONE
    assert again(undoing).ended_at == again(undoing).undone_at


@pytest.mark.django_db
def test_an_undo_that_failed_keeps_the_rows_no_longer(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = ended("merged", importer, second, tmp_path)
    change_person(by=importer, person=str(Person.objects.unscoped().get().pk), changes={"people": "苗族"})
    undo(by=second, batch=batch.pk, because="交错了")
    assert again(batch).ended_at is None
    assert done(batch).state == State.MERGED
    assert again(batch).ended_at == batch.merged_at


@pytest.mark.django_db
def test_what_is_forgotten_is_refused_in_a_sentence(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = ended("merged", importer, second, tmp_path)
    night(long_after(batch))
    before = contents()
    for deed in (
        lambda: undo(by=second, batch=batch.pk, because="交错了"),
        lambda: take_problems(by=second, batch=batch.pk),
        lambda: decide(by=importer, batch=batch.pk, numbers=[0], decision="file"),
    ):
        with pytest.raises(Refused, match=r"到期删去|已经处理过"):
            deed()
    assert (again(batch).state, contents()) == (State.MERGED, before)


@pytest.mark.django_db
def test_its_page_says_so(importer: Officer, second: Officer, theirs: Browser, tmp_path: Path) -> None:
    batch = ended("merged", importer, second, tmp_path)
    day = timezone.localtime(long_after(batch)).strftime("%Y-%m-%d")
    text = page(theirs.get(address(batch)))
    assert f"每行的内容留到 {day}" in text
    assert "申请撤回这一批…" in text
    night(long_after(batch))
    for asked in ("", "?verdict=new", "?kind=person&open=1"):
        text = page(theirs.get(address(batch) + asked))
        assert f"已在 {day} {GONE}" in text
        assert "新增" in text, "the counts stay"
        assert "张青山" not in text
        assert "申请撤回这一批…" not in text
    assert "张青山" not in page(theirs.get(address(batch), headers={"HX-Request": "true"}))
    for deed in ("problems.xlsx", "undo/"):
        assert GONE in page(theirs.get(address(batch, deed)), 422)
    assert GONE in page(theirs.post(address(batch, "undo/"), {"because": "交错了"}), 422)
    assert "一.xlsx" in page(theirs.get("/import/?list=others"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "wall"),
    [
        ({"ended_at": None}, "batch_ended_fits_state"),
        ({"forgotten_at": timezone.now()}, "batch_forgotten_whole"),
    ],
    ids=["结束没有时间", "还有内容就忘"],
)
def test_the_database_itself_forgets_nothing_too_early(
    importer: Officer, second: Officer, tmp_path: Path, values: dict[str, object], wall: str
) -> None:
    batch = ended("merged", importer, second, tmp_path)
    with pytest.raises(IntegrityError, match=wall), everything():
        Batch.objects.unscoped().filter(pk=batch.pk).update(**values)


@pytest.mark.django_db
def test_a_batch_that_waits_cannot_be_marked_forgotten(importer: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)]))
    StagedRow.objects.unscoped().filter(batch=batch).delete()
    Chunk.objects.unscoped().filter(batch=batch).delete()
    with pytest.raises(IntegrityError, match="batch_forgotten_has_ended"), everything():
        Batch.objects.unscoped().filter(pk=batch.pk).update(forgotten_at=timezone.now())


@pytest.mark.django_db
def test_the_database_itself_takes_no_rows_back(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = ended("rejected", importer, second, tmp_path)
    night(long_after(batch))
    other = handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(2)]))
    rows = [StagedRow(batch=one, kind="person", number=9, verdict="new") for one in (other, batch)]
    made = (
        lambda: StagedRow.objects.create(batch=batch, kind="person", number=1, verdict="new"),
        lambda: StagedRow.objects.bulk_create(rows),
        lambda: Chunk.objects.create(batch=batch, part=Part.NOTES, number=0, content=b"[]"),
        lambda: Batch.objects.unscoped().filter(pk=batch.pk).update(forgotten_at=None),
        lambda: Batch.objects.unscoped().filter(pk=batch.pk).update(ended_at=timezone.now()),
    )
    for deed in made:
        with pytest.raises(IntegrityError, match="forgotten"), everything():
            deed()


def test_a_killed_night_goes_on(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second of three batches fails: the first one stays forgotten, with one entry, and the next attempt does the others."""
    importer, second = clerk("importer"), clerk("second")
    batches = [ended("rejected", importer, second, tmp_path) for _ in range(3)]
    at = long_after(batches[-1])
    job = begin(forget, key="清理导入", owner="", title="清理导入")
    monkeypatch.setattr(timezone, "now", lambda: at)
    with monkeypatch.context() as broken:
        broken.setattr("anju.exchange.forgetting.note", _failing_the_second_time())
        with pytest.raises(Exception, match="RuntimeError"):
            forget.func(str(job.pk))
    assert sorted(held(batch) == (0, 0) for batch in batches) == [False, False, True]
    forget.func(str(job.pk))
    end(job=job, state=Job.State.DONE)
    assert [held(batch) for batch in batches] == [(0, 0)] * 3
    noted = Entry.objects.filter(action="exchange.forget").values_list("object_id", flat=True)
    assert sorted(noted) == sorted(str(batch.pk) for batch in batches)


def _failing_the_second_time() -> object:
    from anju.exchange.noting import note  # noqa: PLC0415 - the one that is replaced

    calls: list[object] = []

    def noted(by: Officer | None, action: str, batch: Batch, **detail: object) -> None:
        calls.append(batch)
        if len(calls) == 2:
            raise RuntimeError
        note(by, action, batch, **detail)

    return noted


def test_batches_from_before_say_since_when_they_have_ended(own_database: str, tmp_path: Path) -> None:
    """The migration back and forth, with batches and with walls that read other tables, which SQLite does not remake below them."""
    importer, second = clerk("importer"), clerk("second")
    batches = {how: ended(how, importer, second, tmp_path) for how in ("undone", "rejected", "merged")}
    waiting = handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(3)]))
    begun = timezone.now()
    call_command("migrate", "exchange", "0001_exchange", verbosity=0)
    call_command("migrate", verbosity=0)
    assert missing(connection) == []
    with transaction.atomic():
        assert again(batches["merged"]).ended_at == batches["merged"].merged_at
        assert again(batches["undone"]).ended_at == batches["undone"].undone_at
        since = again(batches["rejected"]).ended_at
        assert since is not None
        assert since >= begun - timedelta(seconds=1)
        assert again(waiting).ended_at is None
