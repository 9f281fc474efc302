"""每小时锚定，每夜从头核对：结果留给审计员，做两遍也只留一条。"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from anju.jobs.actions import JobTask, begin
from anju.jobs.models import Job
from anju.journal.anchors import AnchorsBroken, anchor, last_anchor, read_anchors
from anju.journal.models import Entry, Verification
from anju.journal.nightly import put_down_heads, verify_everything
from anju.journal.queries import reach
from anju.sealing.keys import make_keys
from tests.journal.conftest import write
from tests.journal.test_verification import edit, without_walls


@pytest.fixture(autouse=True)
def elsewhere(anchors: Path, settings: Settings) -> Path:
    """Where the jobs put heads down."""
    settings.ANJU_ANCHORS = anchors
    return anchors


def do(work: JobTask, key: str = "1") -> Job:
    """Do the job at once, as a worker would."""
    job = begin(work, key=f"{work.name}@{key}", owner="", title="夜里")
    work.func(str(job.pk))
    job.refresh_from_db()
    return job


def test_a_whole_journal_is_found_whole(written: None, elsewhere: Path) -> None:
    do(put_down_heads)
    write()
    assert do(verify_everything).state == Job.State.DONE
    found = Verification.objects.get()
    assert (found.entries, found.findings, found.after_anchor, found.problem) == (41, 0, 1, "")
    assert found.whole
    assert found.anchored_at == read_anchors(elsewhere)[-1].at
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.result, entry.officer_name) == ("journal.verify", "done", "系统")


def test_what_was_changed_is_kept_in_sentences(written: None) -> None:
    without_walls(edit)
    assert do(verify_everything).state == Job.State.DONE
    found = Verification.objects.get()
    assert not found.whole
    assert found.findings == 1
    assert "内容被改动过" in found.sentences[0]
    assert Entry.objects.latest("pk").result == "failed"


def test_a_job_that_is_begun_again_keeps_one_result(written: None) -> None:
    job = do(verify_everything)
    Job.objects.filter(pk=job.pk).update(state=Job.State.OPEN, ended_at=None)
    verify_everything.func(str(job.pk))
    assert Verification.objects.count() == 1
    assert Entry.objects.filter(action="journal.verify").count() == 1


def test_a_changed_file_of_anchors_is_a_problem_and_a_refusal(written: None, elsewhere: Path) -> None:
    do(put_down_heads)
    elsewhere.write_text(elsewhere.read_text().replace("previous", "previoux"))
    assert do(put_down_heads, "2").state == Job.State.FAILED
    do(verify_everything)
    found = Verification.objects.get()
    assert "锚定文件第 1 行被改动过" in found.problem
    assert found.entries == 40
    assert not found.whole
    assert "最后一行被改动过" in reach().problem


def test_without_its_keys_nothing_is_called_changed(written: None, settings: Settings, tmp_path: Path) -> None:
    settings.ANJU_KEYS = tmp_path / "keys"
    make_keys(settings.ANJU_KEYS)
    before = Entry.objects.count()
    for work in (put_down_heads, verify_everything):
        job = do(work)
        assert job.state == Job.State.FAILED
        assert "放回" in job.message
    assert "放回" in Verification.objects.get().problem
    assert Entry.objects.count() == before, "an entry under another key would break the chain"


def test_a_place_that_cannot_be_written_is_named(written: None, settings: Settings, tmp_path: Path) -> None:
    settings.ANJU_ANCHORS = tmp_path
    job = do(put_down_heads)
    assert job.state == Job.State.FAILED
    assert "写不了锚定文件" in job.message
    assert "读不了锚定文件" in reach().problem


def test_the_last_anchor_is_read_alone(written: None, elsewhere: Path) -> None:
    assert last_anchor(elsewhere) is None
    for _ in range(30):
        anchor(elsewhere)
    assert last_anchor(elsewhere) == read_anchors(elsewhere)[-1]
    with elsewhere.open("a") as file:
        file.write('{"at": "half a line')
    assert last_anchor(elsewhere) == read_anchors(elsewhere)[-1]


def test_a_changed_last_anchor_is_not_believed(written: None, elsewhere: Path) -> None:
    anchor(elsewhere)
    elsewhere.write_text(elsewhere.read_text().replace('"at": "2', '"at": "3'))
    with pytest.raises(AnchorsBroken, match="最后一行"):
        last_anchor(elsewhere)


def test_how_far_the_chain_can_be_relied_on(written: None, elsewhere: Path) -> None:
    assert (reach().verification, reach().anchored_at, reach().uncovered) == (None, None, 40)
    do(put_down_heads)
    write()
    do(verify_everything)
    now = reach()
    assert now.verification == Verification.objects.get()
    assert now.anchored_at is not None
    assert now.anchored_at <= timezone.now()
    assert now.uncovered == 2, "one that was written, one that says that the journal was read"
    assert not now.anchor_late


def test_what_an_auditor_asks_for_is_indexed(db: None) -> None:
    with connection.cursor() as cursor:
        standing = set(connection.introspection.get_constraints(cursor, "journal_entry"))
    assert {"entry_at", "entry_officer", "entry_object", "entry_action", "entry_result"} <= standing
