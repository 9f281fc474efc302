"""A file is handed in."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePath

from django.utils import timezone

from anju.exchange import storage
from anju.exchange.jobs import read_file
from anju.exchange.kinds import kinds
from anju.exchange.models import Batch
from anju.exchange.noting import note
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.jobs.actions import begin

_long_number = re.compile(r"[0-9０-９]{6,}[0-9０-９XxＸｘ]*")


def hand_in(*, by: Officer, kind: str, region: str, path: Path, file_name: str) -> Batch:
    """Keep a file and begin to read it; ``region`` is one of the officer's posts'. The file itself is the caller's.

    Raises:
        Refused: no such kind, or not the region of one of the officer's posts.
    """
    title = next((known.title for known in kinds() if known.code == kind), None)
    if title is None:
        raise Refused("没有这种导入。")
    today = timezone.localdate()
    if not any(scope.lo == region for scope in visible_regions(by, today)):
        raise Refused("归口地区要是您自己的一个岗位所在的地区。")
    batch = Batch(
        kind=kind,
        file_name=shown_name(file_name),
        digest=_digest(path),
        size=path.stat().st_size,
        region=region,
        on=today,
        uploaded_by=by,
    )
    with one_deed(), everything():
        later = ("merged_at", "undone_at", "ended_at", "forgotten_at")
        batch.clean_fields(exclude=["uploaded_by", "counts", "job", *later])
        batch.save(force_insert=True)
        storage.keep_file(batch, path)
        work = begin(
            read_file,
            key=f"exchange.read:{batch.pk}",
            owner=str(by.pk),
            title=f"导入{title}",
            arguments={"batch": str(batch.pk)},
        )
        Batch.objects.unscoped().filter(pk=batch.pk).update(job=work.pk)
        note(by, "hand_in", batch, size=batch.size)
    return batch


def shown_name(name: str) -> str:
    """A file's name as it is kept: without its folder, and without long numbers, which may be somebody's."""
    path = PurePath(name.replace("\\", "/"))
    return f"{_long_number.sub('…', path.stem)[:150]}{path.suffix[:10]}"


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
