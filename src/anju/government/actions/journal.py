"""Taking the journal out: the auditor alone, with a purpose, and written down before it is out."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet

from anju.government.actions.allowed import allowed, write
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.journal.models import Entry

most = 50_000
"""Entries of one export."""


def export_journal(*, by: Officer, wanted: QuerySet[Entry], asked: Mapping[str, str], purpose: str) -> Sequence[Entry]:
    """The entries of a question, to be taken along. What was asked and why stands in the journal."""
    with allowed(by, Officer.Duty.AUDIT):
        if not purpose.strip():
            raise Refused("导出要写明事由。")
        count = wanted.count()
        if count > most:
            raise Refused(f"一共 {count:,} 条，一次最多导出 {most:,} 条，请缩小日期范围。")
        found = list(wanted)
        write(by, "journal.export", "journal", "", purpose=purpose.strip(), count=str(len(found)), **asked)
    return found
