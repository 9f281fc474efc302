"""The slip of a settled bill, a letter of the office that settled it."""

from __future__ import annotations

import json
from uuid import UUID, uuid5

from anju.documents.actions.drafting import Kind, draft
from anju.documents.content import Cell, Content
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.government.lines import Level
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.payments.actions.settling import patient, purpose
from anju.payments.models import Did, Settlement, settling_lines
from anju.register.actions.within import not_there
from anju.register.guideline import guideline

_code = "one_stop_statement"


def draft_slip(*, by: Officer, settlement: UUID) -> Letter:
    """Draft the slip; what is asked for twice is one letter. Raises `Refused`."""
    seen = Settlement.objects.visible_to(by, purpose=purpose)
    row = seen.filter(pk=settlement, did=Did.SETTLED, reversal=None).first()
    person = patient(by, str(row.person_id)) if row else None
    if row is None or person is None:
        raise Refused(not_there)
    told = json.loads(row.told.reveal())
    paper = next(letter for letter in guideline().letters.values() if letter.code == _code)
    number: list[tuple[str, Cell]] = [("证件号码", {"id": person.number.reveal()})] if person.number else []
    facts: list[tuple[str, Cell]] = [
        ("姓名", person.name),
        *number,
        ("定点医疗机构", told["institution"]),
        ("单据号", told["number"]),
        ("出院或就诊日", told["on"]),
        ("就医类别", f"{told['kind']}，{told['level']}医院，居民医保{told['tier']}"),
        ("总费用", told["total"]),
        *((step["what"], step["amount"]) for step in told["steps"]),
    ]
    content = Content(title=paper.name, facts=facts, signers=("本人", "经办人"))
    (line,) = settling_lines()
    return draft(
        by=by,
        office=Office(line, Level.COUNTY, row.insured),
        kind=Kind(paper.code, paper.name, paper.form, paper.clause, settling_lines()),
        content=content,
        matters=[("person", str(row.person_id)), *([("case", str(row.case_id))] if row.case_id else [])],
        key=uuid5(row.pk, str(by.pk)),
    )
