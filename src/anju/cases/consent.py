"""代办: whoever has a case opened without coming has signed for it (domain 1.11). It waits at its first step until the signed paper, or a
photograph of it, lies in the case; one list of signatures serves all who are on it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from anju.cases.models import Case, Entry, Paper, PaperKind

lacking = "这一件是代办立的，还缺本人签字的授权书或照片：请补正，在“材料”里交上，再往下办。"


@dataclass(frozen=True, slots=True)
class Consent:
    """What was signed: a picture or PDF, and what it is in a few words."""

    about: str
    content: bytes


def opened_for(done: Sequence[Entry]) -> bool:
    """Whether a case was opened by somebody who acts for the person: what its first entry says."""
    return bool(done) and bool(json.loads(done[0].told.reveal()).get("absent"))


def lacks_consent(case: Case, done: Sequence[Entry]) -> bool:
    """Whether a case waits at its first step for what the person signed. Asked for nobody."""
    if case.step != 1 or not opened_for(done):
        return False
    return not Paper.objects.unscoped().filter(case=case, kind=PaperKind.CONSENT).exists()
