"""How many rows with ID numbers in full an officer takes along in a day without anybody else: exports and letters count together."""

from __future__ import annotations

import json
from datetime import datetime, time

from django.conf import settings
from django.utils import timezone

from anju.government.models import Officer
from anju.journal.queries import entries

deeds = ("exchange.ask_export", "documents.take")
"""The journal's words for rows that go out. In their details stand ``rows``, ``full``, and ``alone``: nobody else agreed."""


def left_alone(by: Officer, *, but: str = "") -> int:
    """So many more full rows the officer may take alone today; ``but``: the letter or export that is asked for, which counts once.

    Whoever writes such an entry locks the officer's row first, so that what is asked for at once is counted one after the other.
    """
    begun = datetime.combine(timezone.localdate(), time.min, timezone.get_current_timezone())
    taken: dict[str, int] = {}
    asked = entries(officer=str(by.pk), since=begun, result="done").filter(action__in=deeds).exclude(object_id=but)
    for whose, told in asked.order_by().values_list("object_id", "detail"):
        detail = json.loads(told)
        if detail["full"] and detail.get("alone"):
            taken[whose] = max(detail["rows"], 1)  # a letter about one person has no rows
    return max(settings.ANJU_MOST_FULL_ROWS_ALONE - sum(taken.values()), 0)
