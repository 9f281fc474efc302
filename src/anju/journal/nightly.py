"""What the journal does by itself: put its heads down every hour, and prove every night that it is whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import timezone

from anju.jobs.actions import JobRefused, job, once
from anju.jobs.models import Job
from anju.journal.actions import Result, record, system
from anju.journal.anchors import Anchor, AnchorsBroken, anchor, read_anchors
from anju.journal.models import Verification
from anju.journal.restoring import gone
from anju.journal.verification import verify
from anju.sealing.agreement import agree_on_keys
from anju.sealing.keys import KeysRefused

_kept_sentences = 50


@job
def put_down_heads(_: Job) -> None:
    """Append an anchor. A job that is begun again appends another one, which does no harm."""
    try:
        agree_on_keys()
        anchor(settings.ANJU_ANCHORS)
    except (AnchorsBroken, KeysRefused) as problem:
        raise JobRefused(str(problem)) from problem
    except OSError as problem:
        raise JobRefused(f"写不了锚定文件：{problem.strerror}。") from problem


@job
def verify_everything(taken: Job) -> None:
    """Read the journal from its first entry on and keep what was found for the auditor; the journal notes that it was read."""
    try:
        agree_on_keys()  # with other keys, everything would look changed, and nothing may be written
    except KeysRefused as refused:
        _keep(taken, {"problem": str(refused)[:300]})
        raise JobRefused(str(refused)) from refused
    _keep(taken, _verified(), noted=True)


def _keep(taken: Job, result: Mapping[str, Any], *, noted: bool = False) -> None:
    def keep() -> None:
        found = Verification.objects.create(at=timezone.now(), **result)
        if noted:
            detail = {"entries": found.entries, "findings": found.findings, "after_anchor": found.after_anchor}
            outcome: Result = "done" if found.whole else "failed"
            record(actor=system, action="journal.verify", object_kind="journal", result=outcome, detail=detail)

    once(keep, job=taken, step="result")


def _verified() -> Mapping[str, Any]:
    """The fields of a `Verification`."""
    anchors: list[Anchor] = []
    problem = ""
    try:
        anchors = read_anchors(settings.ANJU_ANCHORS)
    except (AnchorsBroken, OSError) as broken:
        problem = str(broken) if isinstance(broken, AnchorsBroken) else f"读不了锚定文件：{broken.strerror}。"
    found = verify(anchors)
    lost = "" if problem else gone(anchors)
    said = [one.said() for one in anchors]
    findings = [*filter(None, [lost]), *map(str, found.findings)]
    sentences = [*filter(None, said), *findings]
    return {
        "entries": found.entries,
        "findings": len(findings),
        "sentences": sentences[:_kept_sentences],
        "after_anchor": found.after_anchor,
        "anchored_at": anchors[-1].at if anchors else None,
        "problem": problem[:300],
    }
