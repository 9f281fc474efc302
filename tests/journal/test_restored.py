"""恢复了备份：说明一次，日志从那里接着核对；说明以前少的一直写着，说明以后再少的照样查得出来。"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from anju.journal.anchors import anchor, read_anchors
from anju.journal.models import Entry, Verification
from anju.journal.nightly import put_down_heads, verify_everything
from anju.journal.restoring import NotRestored, gone, restored
from anju.journal.verification import verify
from tests.journal.conftest import write
from tests.journal.test_nightly import do
from tests.journal.test_verification import (
    SHARD,
    add_properly_without_key,
    cut_the_tail,
    delete,
    edit,
    end_at_the_last,
    mine,
    rewrite_with_the_key,
    without_walls,
)

OFFICE = "office 0"
WHY = "服务器坏了，用昨晚的备份恢复"


@pytest.fixture(autouse=True)
def elsewhere(anchors: Path, settings: Settings) -> Path:
    """Where heads are put down."""
    settings.ANJU_ANCHORS = anchors
    return anchors


def findings(anchors: Path) -> list[str]:
    return [str(one) for one in verify(read_anchors(anchors)).findings]


def cut_to(last: int) -> None:
    """As an older backup has it."""

    def cut() -> None:
        Entry.objects.filter(shard=SHARD, seq__gt=last).delete()
        end_at_the_last()

    without_walls(cut)


@pytest.fixture
def older(written: None, anchors: Path) -> None:
    """Anchored at twenty entries, and at 23; then a backup that was made at 21 is restored."""
    anchor(anchors)
    for _ in range(3):
        write(office=OFFICE)
    anchor(anchors)
    cut_to(21)
    assert findings(anchors) == [f"第 {SHARD} 链第 21 条：锚定时有 23 条，末尾少了 2 条"]


@pytest.mark.usefixtures("older")
def test_what_was_lost_is_said_once_and_stands_for_good(anchors: Path) -> None:
    made = restored(anchors, WHY)
    assert findings(anchors) == []
    assert made.said().endswith(f"{WHY}），这之前锚定的这些日志不再作数：第 {SHARD} 链第 21 到第 23 条。")
    entry = Entry.objects.latest("pk")
    assert (entry.action, entry.purpose, entry.detail) == (
        "journal.restored",
        WHY,
        f'{{"lost": {{"{SHARD}": [20, 23]}}}}',
    )
    assert read_anchors(anchors)[-1] == made
    for _ in range(4):  # past what the older anchors knew
        write(office=OFFICE)
        anchor(anchors)
    assert findings(anchors) == []
    do(verify_everything)
    found = Verification.objects.get()
    assert found.whole
    assert found.sentences == [made.said()]


@pytest.mark.usefixtures("older")
def test_it_is_said_too_after_work_has_gone_on(anchors: Path) -> None:
    """The hours before somebody thinks of it, heads are put down that contradict the older ones."""
    for _ in range(5):
        write(office=OFFICE)
        anchor(anchors)
    assert findings(anchors), "the same numbers, other entries"
    restored(anchors, WHY)
    assert findings(anchors) == []
    assert anchor(anchors).restored is None


LATER: dict[str, Callable[[], object]] = {
    "末尾又少了": lambda: cut_to(21),
    "说明以前的也少了": lambda: cut_to(19),
    "整条链没了": lambda: without_walls(cut_the_tail),
    "拿密钥重写": lambda: without_walls(rewrite_with_the_key),
    "改了一条": lambda: without_walls(edit),
    "删了一条": lambda: without_walls(delete),
    "添了一条": lambda: without_walls(add_properly_without_key),
}


@pytest.mark.usefixtures("older")
@pytest.mark.parametrize("attack", LATER.values(), ids=LATER)
def test_what_happens_afterwards_is_found(anchors: Path, attack: Callable[[], object]) -> None:
    restored(anchors, WHY)
    write(office=OFFICE)
    anchor(anchors)
    assert findings(anchors) == []
    attack()
    assert findings(anchors)


@pytest.mark.usefixtures("older")
def test_a_second_restore_is_said_again(anchors: Path) -> None:
    restored(anchors, WHY)
    write(office=OFFICE)
    anchor(anchors)
    cut_to(21)
    assert findings(anchors)
    restored(anchors, "又坏了")
    assert findings(anchors) == []
    assert len([one for one in read_anchors(anchors) if one.restored]) == 2


REFUSED: dict[str, tuple[Callable[[], object], str, str]] = {
    "没有少什么": (lambda: None, WHY, "没有要说明的"),
    "没有原因": (lambda: None, "  ", "写明为什么"),
    "原因太长": (lambda: None, "坏" * 301, "最多 300 个字"),
    "日志被改过": (lambda: without_walls(edit), WHY, "不是恢复备份造成的"),
    "原因里有证件号": (lambda: cut_to(8), "恢复 500999198005060010 的", "不能写身份证号"),
}


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(("before", "because", "says"), REFUSED.values(), ids=REFUSED)
def test_what_no_backup_explains(anchors: Path, before: Callable[[], object], because: str, says: str) -> None:
    anchor(anchors)
    before()
    stood = anchors.read_bytes(), Entry.objects.count()
    with pytest.raises(NotRestored, match=says):
        restored(anchors, because)
    assert (anchors.read_bytes(), Entry.objects.count()) == stood


@pytest.mark.usefixtures("written")
def test_another_file_never_had_the_anchors(anchors: Path, tmp_path: Path) -> None:
    do(put_down_heads, "1")
    do(verify_everything, "1")
    stood, mistyped = Entry.objects.count(), tmp_path / "写错了.jsonl"
    with pytest.raises(NotRestored, match="没有要说明的"):
        restored(mistyped, WHY)
    assert (Entry.objects.count(), mistyped.exists(), anchors.exists()) == (stood, False, True)


@pytest.mark.usefixtures("written")
def test_anchors_that_are_gone_are_noticed(anchors: Path) -> None:
    do(put_down_heads, "1")
    do(verify_everything, "1")
    assert Verification.objects.latest("pk").whole
    kept = anchors.read_bytes()
    anchors.unlink()
    do(verify_everything, "2")
    found = Verification.objects.latest("pk")
    assert (found.whole, found.findings) == (False, 1)
    assert "锚定文件不见了" in found.sentences[0]
    do(put_down_heads, "2")  # another file begins, and is not taken for the old one
    do(verify_everything, "3")
    assert "不是原来那一份" in Verification.objects.latest("pk").sentences[0]
    with pytest.raises(CommandError, match="1 处不对"):
        call_command("journal", "verify")
    anchors.write_bytes(kept)
    assert gone(read_anchors(anchors)) != "", "older than the last reading"


@pytest.mark.usefixtures("written")
def test_lost_anchors_are_said_and_begin_anew(anchors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    do(put_down_heads)
    do(verify_everything, "1")
    anchors.unlink()
    call_command("journal", "restored", because="放锚定文件的盘坏了")
    assert "放锚定文件的盘坏了" in capsys.readouterr().out
    call_command("journal", "verify")
    assert "全部完好" in capsys.readouterr().out
    do(verify_everything, "2")
    assert Verification.objects.latest("pk").whole
    cut_to(len(mine()) - 1)
    assert findings(anchors)


@pytest.mark.usefixtures("older")
def test_the_command_says_what_it_wrote(anchors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("journal", "restored", because=WHY)
    assert read_anchors(anchors)[-1].mark in capsys.readouterr().out
    call_command("journal", "verify")
    told = capsys.readouterr().out
    assert WHY in told
    assert "全部完好" in told
    with pytest.raises(CommandError, match="没有要说明的"):
        call_command("journal", "restored", because=WHY)
