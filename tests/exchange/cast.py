"""Who imports: a clerk at the destination, a second one who accepts, a stranger; and the files that they hand in."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import polars as pl
import xlsxwriter
from django.utils import timezone

from anju.exchange import jobs
from anju.exchange.actions import accept, approve_undo, ask_undo, hand_in
from anju.exchange.models import Batch, StagedRow, State
from anju.government.models import Officer
from anju.government.second_wall import everything, looking_everywhere
from anju.jobs.actions import end
from anju.jobs.models import Job
from anju.register.models import Household, Membership, Person, Relation, Site, Wish
from tests.government.cast import SINCE, hold, officer, post
from tests.register.cast import number

TOWN = "500235104000"
VILLAGE = "500235104202"
ORIGIN = "500154101201"
ELSEWHERE = "500236127000"
LINES = ("committee", "civil_affairs")
TODAY = timezone.localdate()


def clerk(account: str, region: str = TOWN, level: str = "township", lines: Sequence[str] = LINES) -> Officer:
    """An officer who holds a post of each line."""
    who = officer(account)
    for line in lines:
        hold(who, post(region, level, line), SINCE)
    return who


def workbook(path: Path, rows: Sequence[Mapping[str, Any]], name: str = "名单") -> Path:
    """A workbook with these rows; the columns are those of the first one, texts as texts."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        headers = list(dict.fromkeys(header for row in rows for header in row))
        sheet.write_row(0, 0, headers)
        for at, row in enumerate(rows, start=1):
            for column, header in enumerate(headers):
                value = row.get(header)
                if isinstance(value, date):
                    sheet.write_datetime(at, column, value, day)
                elif value is not None:
                    sheet.write(at, column, value)
    return path


def zhang(order: int = 1, **more: Any) -> dict[str, Any]:
    """One of the family, as a list of people has them."""
    names = ("张青山", "李秀英", "张长河", "张小河")
    relations = ("户主", "配偶", "之子", "之女")
    return {
        "姓名": names[order - 1],
        "证件号码": number(order),
        "户编号": "5000000000000001",
        "与户主关系": relations[order - 1],
        "迁出地代码": ORIGIN,
        "迁入地代码": VILLAGE,
        **more,
    }


def handed_in(by: Officer, path: Path, kind: str = "people", region: str = TOWN) -> Batch:
    """A file is handed in and read."""
    batch = hand_in(by=by, kind=kind, region=region, path=path, file_name=path.name)
    return done(batch)


def done(batch: Batch) -> Batch:
    """What the batch waits for in the background is done."""
    found = again(batch)
    work = {State.READING: jobs.read_file, State.MERGING: jobs.merge_batch, State.UNDOING: jobs.undo_batch}
    job = Job.objects.get(pk=str(found.job))
    # round the queue, which tells of an exception no more than its kind
    inspect.unwrap(work[State(found.state)].func)(job)
    end(job=job, state=Job.State.DONE)
    return again(batch)


def merged(batch: Batch, by: Officer) -> Batch:
    """The chosen rows are accepted and merged."""
    found = again(batch)
    accept(by=by, batch=found.pk, revision=found.revision)
    return done(batch)


def undo(*, by: Officer, batch: UUID, because: str) -> None:
    """Whoever handed a batch in, or accepted it, asks for it to be undone, and the other of the two agrees."""
    ask_undo(by=by, batch=batch, because=because)
    with looking_everywhere():
        found = Batch.objects.unscoped().select_related("uploaded_by", "accepted_by").get(pk=batch)
    other = found.accepted_by if by == found.uploaded_by else found.uploaded_by
    assert other is not None
    approve_undo(by=other, batch=batch)


def again(batch: Batch) -> Batch:
    """The batch as it is stored."""
    with looking_everywhere():
        return Batch.objects.unscoped().select_related("uploaded_by", "accepted_by").get(pk=batch.pk)


@everything()
def verdicts(batch: Batch, kind: str = "person") -> list[str]:
    """The verdicts of the rows in the order of the file; conflicts by their code."""
    rows = StagedRow.objects.unscoped().filter(batch=batch, kind=kind).order_by("number")
    return [conflict or verdict for verdict, conflict in rows.values_list("verdict", "conflict")]


def contents() -> dict[str, list[Any]]:
    """What the register holds, without ids and moments, so that two registers can be compared."""
    with looking_everywhere():
        people = {p.pk: p for p in Person.objects.unscoped()}

        def who(pk: Any) -> Any:
            one = people[pk]
            return (one.name, one.number.reveal() if one.number else "", str(one.birth_date))

        return {
            "people": sorted(
                [
                    *who(p.pk),
                    p.initials,
                    p.pinyin,
                    p.number_index or "",
                    p.phone.reveal() if p.phone else "",
                    p.sex,
                    p.people,
                    p.origin,
                    p.destination,
                    sorted(p.facts.items()),
                    p.guarded.reveal() if p.guarded else "",
                    p.revision,
                ]
                for p in people.values()
            ),
            "households": sorted(
                [h.code, h.origin, h.destination, h.site.name if h.site else "", sorted(h.facts.items()), h.revision]
                for h in Household.objects.unscoped().select_related("site")
            ),
            "sites": sorted([s.name, s.region, sorted(s.facts.items())] for s in Site.objects.unscoped()),
            "memberships": sorted(
                [who(m.person_id), m.household.code, m.relation, str(m.since), str(m.until)]
                for m in Membership.objects.unscoped().select_related("household")
            ),
            "relations": sorted(
                [who(r.person_id), r.kind, r.holder, str(r.since), r.because, str(r.after), r.place_name]
                for r in Relation.objects.unscoped()
            ),
            "wishes": sorted([who(w.person_id), w.kind, w.choice, str(w.on), w.how] for w in Wish.objects.unscoped()),
        }


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows as a frame, for files of other formats."""
    return pl.DataFrame(rows)


def filled(book: openpyxl.Workbook, *rows: Mapping[str, Any], path: Path, choices: bool = False) -> Path:
    """The template with rows: what is given, and of every list its first choice, if wanted."""
    sheet = book["台账"]
    headers = {cell.value: at for at, cell in enumerate(sheet[1], start=1)}
    chosen = {
        column.coord.split(":")[0]: str(rule.formula1).strip('"').split(",")[0]
        for rule in sheet.data_validations.dataValidation
        for column in rule.sqref.ranges
    }
    for place, choice in chosen.items() if choices else ():
        sheet[place] = choice
    for at, row in enumerate(rows, start=2):
        for header, value in row.items():
            sheet.cell(row=at, column=headers[header], value=value)
    book.save(path)
    return path
