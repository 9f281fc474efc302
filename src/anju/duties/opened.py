"""Which duties open because facts of subjects change: asked by whoever changes them, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.utils import timezone

from anju.duties.models import Duty
from anju.duties.subjects import depending, lock
from anju.government.second_wall import everything
from anju.register.among import Many


@contextmanager
def opening_for(kind: str, ids: Sequence[str]) -> Iterator[list[tuple[int, Sequence[str]]]]:
    """The duties that open within, each with those of the subjects (of one kind) that it follows from; told when the block ends.

    Nobody else evaluates these subjects, or those whose facts follow from theirs, until the transaction ends: what is newer than the
    last duty of before is of this one.
    """
    found: list[tuple[int, Sequence[str]]] = []
    with everything():
        follow = depending(kind, ids, timezone.localdate())
        lock([(of, subject) for of, subjects in follow.items() for subject in subjects])
        last = Duty.objects.unscoped().order_by("-pk").values_list("pk", flat=True).first() or 0
    yield found
    with everything():
        for of, subjects in follow.items():
            opened = Duty.objects.unscoped().filter(
                pk__gt=last, subject_kind=of, subject_id__among=Many(list(subjects))
            )
            found += [(pk, subjects[subject]) for pk, subject in opened.values_list("pk", "subject_id").order_by("pk")]
