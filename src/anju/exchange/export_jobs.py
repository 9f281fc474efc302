"""The background work of exports: making a file, and removing those whose hours are over.

It may be killed anywhere, and is then begun again; what it does happens once.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from anju.exchange.exporting import keeping
from anju.exchange.exporting.asked import asked_of
from anju.exchange.exporting.making import TooMany, make
from anju.exchange.exporting.noting import note
from anju.exchange.models import Export, Exports, Stage
from anju.government.second_wall import everything, looking_everywhere
from anju.jobs.actions import job, once, report
from anju.jobs.models import Job
from anju.tables.workbooks import private_folder

_no_post = "导出的人的岗位和申请的时候不一样了，没有做。"
_grown = "现在的行数比申请的时候多，超过了可以导出的行数，没有做；请重新导出。"
_room = 1.1
"""A list may have grown by a tenth since it was approved."""


@job
def make_file(work: Job) -> None:
    """Make the file of an export that was asked for, and approved if it had to be."""
    with looking_everywhere():
        found = Export.objects.unscoped().select_related("officer").get(pk=work.arguments["export"])
    if found.stage != Stage.MAKING:
        return
    asked = asked_of(found)
    if not asked.scopes or asked.lines != found.lines:
        _failed(work, found, _no_post)
        return
    with private_folder() as folder:
        path = folder / "export.xlsx"
        try:
            found.rows = make(
                asked,
                path,
                most=_most(found),
                told=lambda done: report(job=work, done=done, total=max(done, found.rows), message="写文件"),
            )
        except TooMany:
            _failed(work, found, _grown)
            return
        found.digest, found.size = keeping.digest_of(path), path.stat().st_size
        with everything():
            once(lambda: _ready(found, path), job=work, step="made")
    report(job=work, done=found.rows, total=found.rows)


@job
def remove_old(_: Job) -> None:
    """Remove the files whose hours are over, and what was begun and never asked for; let go what waited and nobody decided."""
    now = timezone.now()
    with everything():
        over = Export.objects.unscoped().filter(stage=Stage.READY, expires_at__lte=now)
        keys = list(over.values_list("pk", flat=True))
        old = now - timedelta(hours=settings.ANJU_EXPORTS_KEPT_HOURS)
        Export.objects.unscoped().filter(stage=Stage.DRAFT, begun_at__lte=old).delete()
        waited = Export.objects.unscoped().filter(stage=Stage.WAITING, decide_by__lt=now)
        nobody = list(waited.values_list("pk", flat=True))
    for key in nobody:
        with everything():
            export = Export.objects.unscoped().get(pk=key)
            if _rows(export).filter(stage=Stage.WAITING).update(stage=Stage.LAPSED):
                note(None, "lapse_export", export)
    for key in keys:
        with everything():
            export = Export.objects.unscoped().get(pk=key)
            if _rows(export).filter(stage=Stage.READY).update(stage=Stage.GONE):
                keeping.forget(export)
                note(None, "remove_export", export)


def _most(export: Export) -> int:
    """How many rows there may be: none more than need nobody else, unless somebody approved."""
    if export.full and export.decided_by_id is None:
        return export.alone
    return int(max(export.rows, export.alone) * _room)


def _ready(export: Export, path: Path) -> None:
    now = timezone.now()
    keeping.keep(export, path)
    export.stage = Stage.READY
    _rows(export).update(
        stage=Stage.READY,
        rows=export.rows,
        digest=export.digest,
        size=export.size,
        made_at=now,
        expires_at=now + timedelta(hours=settings.ANJU_EXPORTS_KEPT_HOURS),
    )
    note(export.officer, "make_export", export)


def _failed(work: Job, export: Export, why: str) -> None:
    def effect() -> None:
        _rows(export).update(stage=Stage.FAILED, message=why)
        note(export.officer, "make_export", export, result="failed")

    with everything():
        once(effect, job=work, step="failed")


def _rows(export: Export) -> Exports:
    return Export.objects.unscoped().filter(pk=export.pk)
