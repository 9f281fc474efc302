"""Workers that are killed in the middle of an import, as real processes: nothing is half done, and the next one does it once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from anju.exchange.actions import accept, hand_in
from anju.exchange.models import Batch, Chunk, StagedRow, State
from anju.government.models import Officer
from anju.government.second_wall import everything, looking_everywhere
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.journal.verification import verify as verify_journal
from anju.register.models import Membership, Person
from anju.register.verification import verify as verify_register
from tests.exchange.cast import TOWN, again, clerk, contents, handed_in, merged, undo, workbook, zhang
from tests.house.tracked import ROOT
from tests.race import anju, kill

pytestmark = pytest.mark.faults
FIRST = [zhang(1, 户口迁移="否"), zhang(2)]
LATER = [
    zhang(1, 户口迁移="是", 户口迁移时间=date(2026, 3, 1), 联系电话="13800000001"),
    *(zhang(order, 户籍意愿="愿意") for order in (2, 3, 4)),
]


def waited(until: Callable[[], object]) -> None:
    end = time.monotonic() + 120
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def stored(batch: Batch) -> dict[str, Any]:
    """All that a batch has done so far; asked for while a worker holds SQLite's only lock, too."""
    found = again(batch)
    rows = StagedRow.objects.unscoped().filter(batch=batch).order_by("number")
    chunks = Chunk.objects.unscoped().filter(batch=batch).order_by("part", "kind", "number")
    with looking_everywhere():
        return {
            "batch": (found.state, found.counts, found.merged_at, found.undone_at, found.ended_at, found.message),
            "rows": list(rows.values_list("number", "verdict", "chosen", "left", "touched")),
            "chunks": list(chunks.values_list("pk", flat=True)),
            "entries": list(Entry.objects.order_by("pk").values_list("action", "object_id")),
            "register": contents(),
        }


@everything()
def only_in_one() -> tuple[set[str], int]:
    """Batches of which the journal says that they stand in the register, but the register does not, or the other way round; and of how
    many people one of both knows.
    """
    noted = {deed: set(_noted(deed).values_list("object_id", flat=True)) for deed in ("merge", "undo")}
    merges = Batch.objects.unscoped().filter(merged_at__in=Membership.objects.unscoped().values("recorded_at"))
    standing = {str(batch.pk) for batch in merges}
    new = sum(batch.counts["merged"]["person"].get("new", 0) for batch in merges)
    return (noted["merge"] - noted["undo"]) ^ standing, new - Person.objects.unscoped().count()


def _noted(deed: str) -> Any:
    return Entry.objects.filter(action=f"exchange.{deed}")


@pytest.fixture
def officers(own_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Officer, Officer]:
    """Who hands in and who accepts; their workers have a runtime folder of their own, and the keys of the tests."""
    monkeypatch.setenv("ANJU_KEYS", str(settings.ANJU_KEYS))
    monkeypatch.setenv("ANJU_RUNTIME", str(tmp_path / "runtime"))
    return clerk("importer"), clerk("second")


def under_way(work: str, importer: Officer, second: Officer, folder: Path) -> Batch:
    """A second list of the family, waiting for a worker."""
    merged(handed_in(importer, workbook(folder / "一.xlsx", FIRST)), second)
    path = workbook(folder / "二.xlsx", LATER)
    if work == "reading":
        return again(hand_in(by=importer, kind="people", region=TOWN, path=path, file_name=path.name))
    batch = handed_in(importer, path)
    if work == "undoing":
        merged(batch, second)
        undo(by=second, batch=batch.pk, because="交错了")
    else:
        accept(by=second, batch=batch.pk, revision=batch.revision)
    return again(batch)


def halted(database: str, folder: Path, place: str, call: int) -> subprocess.Popen[bytes]:
    """A worker that has come to the call of a function, and waits there."""
    module, _, function = place.rpartition(".")
    environment = {
        **os.environ,
        "ANJU_DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "anju.config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    command = [sys.executable, "-m", "tests.exchange.halting", str(folder), module, function, str(call)]
    process = subprocess.Popen([*command, "work", "--lease", "1"], env=environment)
    try:
        waited(lambda: (folder / "halted").exists() or process.poll() is not None)
        assert process.poll() is None
    except BaseException:
        kill(process)
        raise
    return process


PLACES = {
    "读-读完文件": ("reading", ("anju.exchange.staging.read", 1), State.READY),
    "读-存了一半": ("reading", ("anju.register.mass.insert", 2), State.READY),
    "并-写了一张表": ("merging", ("anju.register.mass.insert", 1), State.MERGED),
    "并-都写了": ("merging", ("anju.exchange.merging.tell", 1), State.MERGED),
    "并-记了日志": ("merging", ("anju.exchange.jobs.note", 1), State.MERGED),
    "撤-删了一张表": ("undoing", ("anju.register.mass.delete", 1), State.UNDONE),
    "撤-都撤了": ("undoing", ("anju.exchange.undoing._tell", 1), State.UNDONE),
    "撤-记了日志": ("undoing", ("anju.exchange.jobs.note", 1), State.UNDONE),
}


@pytest.mark.parametrize(("work", "place", "state"), PLACES.values(), ids=PLACES)
def test_a_killed_worker_leaves_nothing_half_done(
    own_database: str,
    officers: tuple[Officer, Officer],
    tmp_path: Path,
    work: str,
    place: tuple[str, int],
    state: State,
) -> None:
    batch = under_way(work, *officers, tmp_path)
    before = stored(batch)
    worker = halted(own_database, tmp_path, *place)
    try:
        assert stored(batch) == before, "nobody sees half of it"
    finally:
        kill(worker)
    assert stored(batch) == before
    assert only_in_one() == (set(), 0)
    with anju(own_database, "work", "--lease", "1"):
        waited(lambda: Job.objects.get(pk=str(batch.job)).state == Job.State.DONE)
    after = stored(batch)
    assert after["batch"][0] == state
    deed = {State.MERGED: "merge", State.UNDONE: "undo", State.READY: "hand_in"}[state]
    assert after["entries"].count((f"exchange.{deed}", str(batch.pk))) == 1
    people = {State.READY: 2, State.MERGED: 4, State.UNDONE: 2}[state]
    assert [len(after["register"][table]) for table in ("people", "memberships")] == [people, people]
    assert [row[1] for row in after["rows"]] == ["same", "change", "change", "new", "new"]
    assert only_in_one() == (set(), 0)
    assert set(verify_register().values()) == {0}
    assert not verify_journal([]).findings
    imports = tmp_path / "runtime" / "imports"
    assert not imports.exists() or not list(imports.iterdir()), "no file is left in the clear"
