"""Asking the journal: for auditors alone, who see no case data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from anju.journal.anchors import AnchorsBroken, last_anchor
from anju.journal.chain import digest_of, genesis
from anju.journal.models import Entry, Head, Verification
from anju.sealing.keys import KeysRefused

_at_once = 50
_anchor_due = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of entries, newest first, and where the older ones go on; "" at the first entry of all."""

    entries: Sequence[Entry]
    older: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far the chain can be relied on: the last reading of it, the last anchor, and what no anchor covers yet."""

    verification: Verification | None
    anchored_at: datetime | None
    uncovered: int
    problem: str = ""

    @property
    def anchor_late(self) -> bool:
        """Whether no anchor was put down for longer than the schedule wants."""
        return self.anchored_at is not None and self.anchored_at < timezone.now() - _anchor_due


def entries(
    *,
    officer: str | None = None,
    officers: Sequence[str] | None = None,
    action: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    result: str | None = None,
) -> QuerySet[Entry]:
    """Entries that fit everything that is given, newest first; ``since`` is included, ``until`` is not."""
    wanted = {
        "officer": officer,
        "officer__in": officers,
        "action": action,
        "object_kind": object_kind,
        "object_id": object_id,
        "at__gte": since,
        "at__lt": until,
        "result": result,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return Entry.objects.filter(**given).order_by("-at", "-id")


def page(wanted: QuerySet[Entry], *, after: str = "") -> Listed:
    """The next entries of a question, after the one that the page before ended with. Raises `ValueError` for no such place."""
    if after:
        moment, _, key = after.partition("|")
        at, last = datetime.fromisoformat(moment), int(key)
        wanted = wanted.filter(at__lte=at).exclude(Q(at=at, id__gte=last))
    rows = list(wanted[: _at_once + 1])
    if len(rows) <= _at_once:
        return Listed(rows)
    end = rows[_at_once - 1]
    return Listed(rows[:_at_once], f"{end.at.isoformat()}|{end.pk}")


def is_true(entry: Entry) -> bool:
    """Whether the entry is as it was written and continues the one before it; the nightly reading asks this of all."""
    before = Entry.objects.filter(shard=entry.shard, seq=entry.seq - 1).first()
    previous = before.digest if before else genesis(entry.shard)
    try:
        return entry.previous == previous and digest_of(entry) == entry.digest
    except KeysRefused:
        return False


def reach(path: Path | None = None) -> Reach:
    """How far the chain can be relied on now."""
    verification = Verification.objects.order_by("-at").first()
    total = Head.objects.aggregate(total=Sum("seq"))["total"] or 0
    try:
        anchor = last_anchor(path or settings.ANJU_ANCHORS)
    except AnchorsBroken as broken:
        return Reach(verification, None, total, str(broken))
    except OSError as unreadable:
        return Reach(verification, None, total, f"读不了锚定文件：{unreadable.strerror}。")
    if anchor is None:
        return Reach(verification, None, total)
    return Reach(verification, anchor.at, max(0, total - sum(seq for seq, _ in anchor.heads.values())))


def deeds() -> Mapping[str, str]:
    """What an officer calls each action: every app lists its own as `deeds` in its configuration."""
    return _listed("deeds")


def object_kinds() -> Mapping[str, str]:
    """What an officer calls what it was done to: every app lists its own as `object_kinds`."""
    return _listed("object_kinds")


def _listed(name: str) -> Mapping[str, str]:
    return {code: str(word) for app in apps.get_app_configs() for code, word in getattr(app, name, {}).items()}
