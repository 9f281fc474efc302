"""Whether something is owed to somebody, as far as an officer sees."""

from __future__ import annotations

from anju.cases.queries.lists import purpose
from anju.duties.models import Duty
from anju.government.models import Officer


def owes(officer: Officer, duty: str, subject: str) -> bool:
    """Whether a duty (its code) is owed to a subject now."""
    seen = Duty.objects.visible_to(officer, purpose=purpose).owed()
    return seen.filter(subject_id=subject, kind=duty).exists()
