"""What follows for cases when facts change: a case of somebody who has ended ends."""

from __future__ import annotations

from collections.abc import Sequence

from anju.cases.actions.leaving import end_for_nobody
from anju.cases.models import Case
from anju.government.second_wall import everything
from anju.register.among import Many
from anju.register.changes import after_change
from anju.register.models import Person


@after_change
def end_with_the_person(kind: str, ids: Sequence[str]) -> None:
    """Cases of people who have died or were cancelled end, in the same transaction (domain 1.9)."""
    if kind != "person":
        return
    with everything():
        ended = Person.objects.unscoped().filter(pk__among=Many(ids), ended_on__isnull=False)
        gone = [str(pk) for pk in ended.values_list("pk", flat=True)]
        if not gone:
            return
        running = (
            Case.objects.unscoped()
            .select_for_update(of=("self",))
            .filter(subject_kind="person", subject_id__in=gone, closed_at=None)
        )
        for case in running.order_by("pk"):
            end_for_nobody(case, "人已注销。")
