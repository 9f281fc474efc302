"""Asking the journal: for auditors alone, who see no case data."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from anju.journal.models import Entry


def entries(
    *,
    officer: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Entry]:
    """Entries that fit everything that is given, newest first; ``since`` is included, ``until`` is not."""
    wanted = {
        "officer": officer,
        "object_kind": object_kind,
        "object_id": object_id,
        "at__gte": since,
        "at__lt": until,
    }
    given = {name: value for name, value in wanted.items() if value is not None}
    return Entry.objects.filter(**given).order_by("-at", "-id")
