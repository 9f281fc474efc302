"""How many files with somebody's data an officer opens within an hour: people, households and letters count together, and whom one learns
of by a number that is taken.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.journal.queries import entries

deeds = ("register.look", "register.meet", "documents.look")
"""The journal's words for a file that was opened, or that was learned of."""


def full(by: Officer, file: str = "") -> bool:
    """Whether the officer has opened as many files other than that within the last hour as ``settings.ANJU_MOST_FILES_AN_HOUR`` allows."""
    lately = entries(officer=str(by.pk), since=timezone.now() - timedelta(hours=1)).order_by()
    opened = lately.filter(action__in=deeds, result="done").exclude(object_id=file)
    return opened.values("object_id").distinct().count() >= settings.ANJU_MOST_FILES_AN_HOUR


def too_many() -> Refused:
    """What the officer is told, once it stands in the journal."""
    most = settings.ANJU_MOST_FILES_AN_HOUR
    return Refused(f"一小时里最多打开 {most} 份档案，您已经到数了。请过一会儿再看；这件事已经记入日志，审计员会看到。")
