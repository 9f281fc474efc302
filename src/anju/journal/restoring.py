"""A restored backup: what the anchors know and the journal lacks is said once, with its reason, and verification goes on from there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction

from anju.journal.actions import JournalRefused, record, system
from anju.journal.anchors import Anchor, Restored, anchor, read_anchors
from anju.journal.models import Entry, Head, Verification
from anju.journal.verification import verify, vouched

_longest = 300
_at_once = 1_000


class NotRestored(Exception):
    """There is nothing that a restored backup would explain; the text says why, in Chinese."""


def gone(anchors: Sequence[Anchor]) -> str:
    """A sentence where an earlier reading had an anchor that the file does not have, and nothing in it explains that; else ""."""
    there, explained = {one.at for one in anchors}, max((one.at for one in anchors if one.restored), default=None)
    known = set(Verification.objects.exclude(anchored_at=None).values_list("anchored_at", flat=True)) - there
    if not any(explained is None or (at and at > explained) for at in known):
        return ""
    file = "锚定文件不见了" if not anchors else "锚定文件不是原来那一份"
    return f"{file}：以前核对时有过锚定，这里没有。请找回来；确实找不回，用 anju journal restored --because 说明。"


def restored(path: Path, because: str) -> Anchor:
    """Say that a backup was restored, or the file of anchors lost: in the journal, then by an anchor from which verification goes on.

    Raises:
        NotRestored: no reason is given, nothing is lacking, or the journal is not whole in itself, which no backup explains.
        anju.journal.anchors.AnchorsBroken: the file of anchors was changed.
        OSError: it cannot be written.
    """
    if not because.strip() or len(because) > _longest:
        raise NotRestored(f"写明为什么恢复，最多 {_longest} 个字。")
    anchors = read_anchors(path)
    if found := verify().findings:
        raise NotRestored(
            f"日志本身有 {len(found)} 处不对，不是恢复备份造成的；请先运行 anju journal verify 查明原因。"
        )
    lost = {shard: pair for shard in _chains(anchors) if (pair := _lost(anchors, shard))}
    ours = path == settings.ANJU_ANCHORS  # another file never had the anchors that were read before
    if not lost and not (ours and gone(anchors)):
        raise NotRestored("没有要说明的：锚定过的日志都在。")
    detail = {"lost": {str(shard): list(pair) for shard, pair in lost.items()}}
    try:
        with transaction.atomic():
            record(
                actor=system, action="journal.restored", object_kind="journal", purpose=because.strip(), detail=detail
            )
    except JournalRefused as refused:
        raise NotRestored(str(refused)) from refused
    return anchor(path, Restored(because.strip(), lost))


def _chains(anchors: Sequence[Anchor]) -> list[int]:
    return sorted({shard for one in anchors for shard in one.heads})


def _lost(anchors: Sequence[Anchor], shard: int) -> tuple[int, int] | None:
    """The last entry up to which all anchors are right, and the last one that they know; None where they are right about all."""
    wanted = vouched(anchors, shard)
    head = Head.objects.filter(shard=shard).values_list("seq", flat=True).first() or 0
    kept = 0
    known = sorted(wanted)
    for start in range(0, len(known), _at_once):
        some = known[start : start + _at_once]
        there = dict(Entry.objects.filter(shard=shard, seq__in=some, seq__lte=head).values_list("seq", "digest"))
        for seq in some:
            if set(wanted[seq]) != {there.get(seq)}:
                return kept, known[-1]
            kept = seq
    return None
