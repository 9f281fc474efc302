"""What other work rests on subjects that an import wrote: whoever deletes them would leave it about nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import ForeignObjectRel, Q

from anju.cases.models import Case, Voter
from anju.exchange.writing.ops import tables
from anju.register.among import Many


def rests_on(
    subjects: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]], *, since: datetime | None
) -> dict[str, set[str]]:
    """Of subjects by kind those that others have worked with.

    Args:
        subjects: all that were written. A case that was opened for one of them ``since`` then goes by what was written.
        new: those that would go. Any case counts, running or ended, and with it its letters; a place on the list of a vote; and every
            row that points to them: months, premiums, rents, settled bills, party life, findings.
    """
    found = {kind: set(_cases(kind, subjects[kind], new[kind], since)) for kind in subjects}
    for kind, ids in new.items():
        for other in _pointing(tables[kind]):
            found[kind].update(_of(other.related_model, other.field.attname, ids))
    found["person"].update(_of(Voter, "person", new["person"]))
    return {kind: ids for kind, ids in found.items() if ids}


def _cases(kind: str, ids: Sequence[str], new: Sequence[str], since: datetime | None) -> Iterator[str]:
    counts = Q(subject_id__among=Many(new)) | Q(subject_id__among=Many(ids), opened_at__gte=since)
    cases = Case.objects.unscoped().filter(counts, subject_kind=kind)
    return cases.values_list("subject_id", flat=True).iterator()


def _pointing(table: type[Any]) -> list[ForeignObjectRel]:
    """The references to a table's rows, but for those that an import writes itself."""
    others = (f for f in table._meta.get_fields(include_hidden=True) if isinstance(f, ForeignObjectRel))
    return [one for one in others if one.related_model not in tables.values()]


def _of(table: Any, column: str, ids: Sequence[str]) -> set[str]:
    rows = table.objects.unscoped().filter(**{f"{column.removesuffix('_id')}__among": Many(ids)})
    return {str(key) for key in rows.values_list(column, flat=True).distinct()}
