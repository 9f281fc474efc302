"""Exports that an officer may see: the own ones, and those of others that wait for somebody to approve them, or that he decided."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from anju.exchange.models import Export, Exports, Stage
from anju.government.models import Officer
from anju.jobs.queries import Progress, progress_of

_purpose = "导出"


def exports(officer: Officer) -> Exports:
    """All of them. One whose region none of the officer's posts covers is gone with the post."""
    mine = Q(officer=officer)
    to_decide = Q(stage=Stage.WAITING) | Q(decided_by=officer)
    seen = Export.objects.visible_to(officer, purpose=_purpose).filter(mine | to_decide)
    return seen.select_related("officer", "decided_by")


def mine(officer: Officer) -> Exports:
    """Those that the officer asked for."""
    return exports(officer).filter(officer=officer).exclude(stage=Stage.DRAFT)


def to_approve(officer: Officer) -> Exports:
    """Those that wait for somebody else than who asked."""
    return exports(officer).filter(stage=Stage.WAITING).exclude(officer=officer)


def decided(officer: Officer) -> Exports:
    """Those that the officer approved or refused."""
    return exports(officer).filter(decided_by=officer)


def seen_export(officer: Officer, key: str | UUID) -> Export | None:
    """One of them."""
    try:
        return exports(officer).filter(pk=UUID(str(key))).first()
    except ValueError:
        return None


def work_of(export: Export) -> Progress | None:
    """How far the background work is; none where it is not known any more."""
    return progress_of(export.job) if export.job else None
