"""What the chain cannot prove by itself: that its end is still there, and that nobody with the key has written it anew.

An anchor is one line with the head of every chain, appended to a file that lies elsewhere (another machine, a medium that is
written once, a print-out at another department). Anchors are chained as well, so that one cannot be taken out of the middle.

A database that was restored from a backup lacks what was anchored since. An anchor says so once, with the reason and how far the
older ones hold; it stands among them for good (`anju.journal.restoring`).
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.utils import timezone

from anju.journal.chain import keyed, sm3
from anju.journal.models import Head
from anju.sealing.keys import KeysRefused, key_ring

_first = sm3(b"anju anchors")
_longest_line = 16_384


class AnchorsBroken(Exception):
    """The file of anchors was changed; the text names the line."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup was restored: why, and of each chain that lacks something the last entry that older anchors vouch for, and the last
    one that they knew.
    """

    because: str
    lost: Mapping[int, tuple[int, int]]

    def __str__(self) -> str:
        chains = "；".join(
            f"第 {shard} 链第 {kept + 1} 到第 {last} 条" for shard, (kept, last) in sorted(self.lost.items())
        )
        return f"说明过恢复备份（{self.because}），这之前锚定的这些日志不再作数：{chains or '无'}。"


@dataclass(frozen=True, slots=True)
class Anchor:
    """The heads as they stood at one moment: chain → (how many entries, digest of the last one)."""

    at: datetime
    heads: Mapping[int, tuple[int, str]]
    mark: str
    """SM3 of the whole line: short enough to be read out or stamped, and what the next anchor continues."""
    restored: Restored | None = None

    def said(self) -> str:
        """What a reading of the journal tells of a restored backup; "" where none was."""
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} {self.restored}" if self.restored else ""


def anchor(path: Path, restored: Restored | None = None) -> Anchor:
    """Append the present heads to the file; it is on the disk when this returns.

    Raises:
        AnchorsBroken: what stands in the file is not what was written.
        OSError: the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(
        os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600), "r+", encoding="ascii", errors="replace"
    ) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        before, end = _read(file)
        file.truncate(end)  # half a line of a power cut was never acknowledged
        heads = {head.shard: (head.seq, head.digest) for head in Head.objects.order_by("shard")}
        number = key_ring().current("journal")
        words: dict[str, Any] = {
            "at": timezone.now().isoformat(),
            "heads": {str(shard): head for shard, head in heads.items()},
            "previous": before[-1].mark if before else _first,
            "key_number": number,
        }
        if restored is not None:
            lost = {str(shard): pair for shard, pair in restored.lost.items()}
            words["restored"] = {"because": restored.because, "lost": lost}
        text = json.dumps({**words, "code": keyed(number, _signed(words))})
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    return Anchor(datetime.fromisoformat(str(words["at"])), heads, sm3(text.encode()), restored)


def read_anchors(path: Path) -> list[Anchor]:
    """Every anchor of the file, oldest first; none when there is no file.

    Raises:
        AnchorsBroken: a line was changed, taken out or put in.
    """
    try:
        with path.open(encoding="ascii", errors="replace") as file:
            return _read(file)[0]
    except FileNotFoundError:
        return []


def last_anchor(path: Path) -> Anchor | None:
    """The last one alone, without proving what stands before it: for a page, where the whole file would be too long.

    Raises:
        AnchorsBroken: the line was changed.
        OSError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - _longest_line))
            whole, newline, _ = file.read().rpartition(b"\n")
    except FileNotFoundError:
        return None
    text = whole.rpartition(b"\n")[2].decode("ascii", "replace")
    if not newline:
        return None
    try:
        return _parse(text)
    except _Strange as strange:
        raise AnchorsBroken("锚定文件的最后一行被改动过。") from strange


def _read(file: IO[str]) -> tuple[list[Anchor], int]:
    """The anchors, and where the last whole line ends."""
    whole, newline, _ = file.read().rpartition("\n")
    found: list[Anchor] = []
    previous = _first
    for place, text in enumerate(whole.splitlines(), start=1):
        try:
            found.append(_parse(text, previous))
        except _Strange as strange:
            raise AnchorsBroken(f"锚定文件第 {place} 行被改动过，或者前面少了一行。") from strange
        previous = found[-1].mark
    return found, len(whole) + len(newline)


class _Strange(Exception):
    """A line that is not as it was written."""


def _parse(text: str, previous: str | None = None) -> Anchor:
    """The anchor of a line, which continues the one with the mark `previous`, if that is known. Raises `_Strange`."""
    try:
        words = json.loads(text)
        code = words.pop("code")
        heads = {int(shard): (int(seq), str(digest)) for shard, (seq, digest) in words["heads"].items()}
        restored = _restored(words["restored"]) if "restored" in words else None
        true = code == keyed(int(words["key_number"]), _signed(words))
        true = true and previous in {None, words["previous"]}
        at = datetime.fromisoformat(words["at"])
    except (ValueError, KeyError, TypeError, AttributeError, KeysRefused) as strange:
        raise _Strange from strange
    if not true:
        raise _Strange
    return Anchor(at, heads, sm3(text.encode()), restored)


def _restored(words: Mapping[str, Any]) -> Restored:
    lost = {int(shard): (int(kept), int(last)) for shard, (kept, last) in words["lost"].items()}
    return Restored(str(words["because"]), lost)


def _signed(words: Mapping[str, object]) -> bytes:
    return json.dumps(words, sort_keys=True).encode()
