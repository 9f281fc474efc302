"""核对：改、删、调换、截尾、拿到密钥整个重写，都查得出来；十六个人同时写，不分叉不断号。"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings

from anju.cli import main
from anju.journal import walls
from anju.journal.anchors import AnchorsBroken, anchor, read_anchors
from anju.journal.chain import digest_of, genesis, shard_of
from anju.journal.models import Entry, Head
from anju.journal.verification import Verified, verify
from anju.sealing.keys import make_keys
from tests.journal.conftest import write

SHARD = shard_of("office 0")
"""The chain that the attacks are made on."""


def without_walls(change: Callable[[], object]) -> None:
    """What somebody can do who owns the database, and puts everything back as it looked."""
    with connection.cursor() as cursor:
        for name in walls._postgresql if connection.vendor == "postgresql" else walls._sqlite:
            table = "journal_entry" if "entry" in name else "journal_head"
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    change()
    walls.build(connection)


def mine() -> list[Entry]:
    return list(Entry.objects.filter(shard=SHARD).order_by("seq"))


def edit() -> None:
    Entry.objects.filter(shard=SHARD, seq=3).update(purpose="事后改的")


def change_time() -> None:
    Entry.objects.filter(shard=SHARD, seq=3).update(at=mine()[0].at)


def forge_digest() -> None:
    Entry.objects.filter(shard=SHARD, seq=3).update(digest="0" * 64)


def delete() -> None:
    Entry.objects.filter(shard=SHARD, seq=3).delete()


def close_the_gap() -> None:
    delete()
    for entry in mine()[2:]:
        Entry.objects.filter(pk=entry.pk).update(seq=entry.seq - 1)
    end_at_the_last()


def delete_first() -> None:
    Entry.objects.filter(shard=SHARD, seq=1).delete()


def reorder() -> None:
    Entry.objects.filter(shard=SHARD, seq=2).update(seq=1000)
    Entry.objects.filter(shard=SHARD, seq=3).update(seq=2)
    Entry.objects.filter(shard=SHARD, seq=1000).update(seq=3)


def add() -> None:
    entry = mine()[-1]
    entry.pk, entry.seq = None, entry.seq + 1
    entry.save(force_insert=True)


def add_properly_without_key() -> None:
    add()
    end_at_the_last()


def move_to_another_chain() -> None:
    entry = mine()[-1]
    Entry.objects.filter(pk=entry.pk).update(shard=(SHARD + 1) % 16, seq=999)


def forget_head() -> None:
    Head.objects.filter(shard=SHARD).delete()


def cut_without_head() -> None:
    Entry.objects.filter(shard=SHARD, seq__gt=4).delete()


def end_at_the_last() -> None:
    last = mine()[-1] if mine() else None
    Head.objects.filter(shard=SHARD).update(seq=last.seq if last else 0, digest=last.digest if last else genesis(SHARD))


def cut_the_tail() -> None:
    cut_without_head()
    end_at_the_last()


def cut_everything() -> None:
    Entry.objects.filter(shard=SHARD).delete()
    end_at_the_last()


def rewrite_with_the_key() -> None:
    """With the stolen key, everything from the third entry on is written anew, head included."""
    previous = mine()[1].digest
    for entry in mine()[2:]:
        entry.purpose, entry.previous = "从来如此", previous
        entry.digest = previous = digest_of(entry)
        entry.save(force_update=True)
    end_at_the_last()


FOUND_BY_THE_CHAIN = [
    edit, change_time, forge_digest, delete, close_the_gap, delete_first, reorder, add, add_properly_without_key,
    move_to_another_chain, forget_head, cut_without_head,
]  # fmt: skip
FOUND_BY_AN_ANCHOR = [cut_the_tail, cut_everything, rewrite_with_the_key]


def test_an_untouched_journal_is_whole(written: None, anchors: Path) -> None:
    assert verify() == Verified(40, [], 40)
    anchor(anchors)
    write()
    assert verify(read_anchors(anchors)) == Verified(41, [], 1)


@pytest.mark.parametrize("attack", FOUND_BY_THE_CHAIN, ids=lambda attack: attack.__name__)
def test_the_chain_alone_finds(written: None, attack: Callable[[], None]) -> None:
    without_walls(attack)
    findings = verify().findings
    assert findings
    assert {finding.shard for finding in findings} <= {SHARD, (SHARD + 1) % 16}


@pytest.mark.parametrize("attack", FOUND_BY_AN_ANCHOR, ids=lambda attack: attack.__name__)
def test_an_anchor_finds(written: None, anchors: Path, attack: Callable[[], None]) -> None:
    anchor(anchors)
    without_walls(attack)
    assert not verify().findings, "without an anchor nobody can know: this is why there are anchors"
    assert {finding.shard for finding in verify(read_anchors(anchors)).findings} == {SHARD}


def test_what_came_after_the_last_anchor_can_vanish(written: None, anchors: Path) -> None:
    """The promise reaches as far as the last anchor; the command says so."""
    anchor(anchors)
    before = len(mine())
    write(office="office 0")
    without_walls(lambda: Entry.objects.filter(shard=SHARD, seq__gt=before).delete())
    without_walls(end_at_the_last)
    assert not verify(read_anchors(anchors)).findings


def test_a_finding_names_chain_and_entry(written: None) -> None:
    without_walls(edit)
    (finding,) = verify().findings
    assert str(finding) == f"第 {SHARD} 链第 3 条：内容被改动过"


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: [lines[0].replace('"heads"', '"Heads"', 1), *lines[1:]],
        lambda lines: [lines[0], lines[2]],
        lambda lines: [lines[1], lines[0], lines[2]],
        lambda lines: lines[1:],
        lambda lines: [json.dumps({**json.loads(lines[0]), "at": "2020-01-01T00:00:00+00:00"}), *lines[1:]],
        lambda lines: [*lines, "乱写"],
    ],
    ids=["改一处", "抽掉中间", "调换", "抽掉最早", "改时间", "添一行"],
)
def test_a_changed_file_of_anchors_is_noticed(
    written: None, anchors: Path, change: Callable[[list[str]], list[str]]
) -> None:
    for _ in range(3):
        anchor(anchors)
        write()
    lines = anchors.read_text(encoding="ascii").splitlines()
    anchors.write_text("".join(text + "\n" for text in change(lines)), encoding="utf-8")
    with pytest.raises(AnchorsBroken):
        read_anchors(anchors)
    with pytest.raises(CommandError):
        call_command("journal", "anchor", anchors=anchors)


def test_half_a_line_of_a_power_cut_is_written_over(written: None, anchors: Path) -> None:
    first = anchor(anchors)
    with anchors.open("a", encoding="ascii") as file:
        file.write('{"at": "2026')
    assert [one.mark for one in read_anchors(anchors)] == [first.mark]
    second = anchor(anchors)
    assert [one.mark for one in read_anchors(anchors)] == [first.mark, second.mark]


def test_anchors_are_private(written: None, anchors: Path) -> None:
    anchor(anchors)
    assert anchors.stat().st_mode & 0o077 == 0


def test_the_commands_say_what_they_found(written: None, anchors: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("journal", "verify", anchors=anchors)
    assert "核对了 40 条，全部完好。还没有锚定过，之后的 40 条" in capsys.readouterr().out
    call_command("journal", "anchor", anchors=anchors)
    assert read_anchors(anchors)[-1].mark in capsys.readouterr().out
    without_walls(rewrite_with_the_key)
    with pytest.raises(CommandError, match="有 1 处不对。最后一次锚定在") as refused:
        call_command("journal", "verify", anchors=anchors)
    assert refused.value.returncode == 1
    assert "整个重写过" in capsys.readouterr().err


def test_a_file_that_cannot_be_written_is_named(written: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="写不了锚定文件") as refused:
        call_command("journal", "anchor", anchors=tmp_path)
    assert refused.value.returncode == 2


def test_without_its_keys_nothing_is_called_changed(
    written: None, anchors: Path, settings: Settings, tmp_path: Path
) -> None:
    anchor(anchors)
    settings.ANJU_KEYS = tmp_path / "nowhere" / "keys"
    for keys in (None, make_keys):
        if keys:
            keys(settings.ANJU_KEYS)
        with pytest.raises(CommandError, match="放回") as refused:
            call_command("journal", "verify", anchors=anchors)
        assert refused.value.returncode == 2


def test_a_database_without_tables_is_named(committed: str, anchors: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE journal_head")
    with pytest.raises(CommandError, match="请先运行 anju migrate") as refused:
        call_command("journal", "verify", anchors=anchors)
    assert refused.value.returncode == 2


@pytest.mark.parametrize("offices", [1, 40], ids=["同一个单位", "四十个单位"])
def test_sixteen_writers_leave_no_fork_and_no_gap(own_database: str, offices: int) -> None:
    each, start = 12, Barrier(16)

    def lane(number: int) -> None:
        try:
            start.wait(60)
            for turn in range(each):
                write(office=f"office {(number * each + turn) % offices}", object_id=f"{number}-{turn}")
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as writers:
        list(writers.map(lane, range(16)))
    assert verify() == Verified(16 * each, [], 16 * each)
    assert Entry.objects.values("object_id").distinct().count() == 16 * each
    assert sum(Head.objects.values_list("seq", flat=True)) == 16 * each


def test_the_anju_command_reaches_it_even_where_no_start_would_pass(
    committed: str, anchors: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A start is refused while a trigger is missing, and then says that one should look here first."""
    with connection.cursor() as cursor:
        on = " ON journal_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER journal_entry_update{on}")
    assert main(["journal", "verify", "--anchors", str(anchors)]) == 0
    assert "全部完好" in capsys.readouterr().out
    assert main(["keys", "reseal"]) == 2
    assert "anju journal verify" in capsys.readouterr().err
