"""低保重新核定表 on paper: a form of the office that the officer writes for, of what one drew up and another one agreed to."""

from __future__ import annotations

from uuid import UUID, uuid5

from anju.documents.actions.drafting import Kind, draft
from anju.documents.content import Cell, Content
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.payments.actions.reassessing import purpose
from anju.payments.models import Assessed, Part, Reassessment, Side, clause
from anju.payments.months import text_of
from anju.register.actions.within import not_there, scopes_of
from anju.register.facts import today
from anju.register.models import Household, Person
from anju.register.privacy import lines_of_clause, works_on

name = "低保重新核定表"


def draft_reassessment(*, by: Officer, reassessment: UUID) -> Letter:
    """Draft the form for signing; what is asked for twice is one letter. Raises `Refused`."""
    seen = Reassessment.objects.visible_to(by, purpose=purpose).select_related("asked_by", "agreed_by")
    row = seen.filter(pk=reassessment).first()
    home = Household.objects.visible_to(by, purpose=purpose).filter(pk=row.household_id).first() if row else None
    if row is None or home is None:
        raise Refused(not_there)
    scope = next((one for one in scopes_of(by) if works_on([one], clause)), None)
    if scope is None:
        raise Refused(not_there)
    rows = _rows(by, row)
    agreed = f"{row.agreed_by.name} {row.agreed_at:%Y-%m-%d}" if row.agreed_by and row.agreed_at else "等复核"
    text = (
        f"户编号 {home.code}，从 {text_of(row.since)} 起按下列两份发放，以前按原来的一户发放。"
        f"依据：{row.basis}。提出：{row.asked_by.name} {row.asked_at:%Y-%m-%d}；复核：{agreed}。\n{_told(row)}"
    )
    return draft(
        by=by,
        office=Office(scope.line, scope.level, scope.lo),
        kind=Kind("dibao_reassessment_form", name, "名单", clause, lines_of_clause(clause)),
        content=Content(title=name, text=text, columns=_columns, rows=rows, signers=("提出人", "复核人")),
        matters=[("household", str(home.pk))],
        key=uuid5(row.pk, f"{by.pk} {row.agreed_at}"),
    )


_columns = ("姓名", "身份证件号码", "哪一份", "计不计入", "救助")


def _rows(by: Officer, row: Reassessment) -> list[list[Cell]]:
    parts = list(Part.objects.visible_to(by, purpose=purpose).filter(reassessment=row).order_by("-side", "pk"))
    people = Person.objects.visible_to(by, purpose=purpose).filter(pk__in=[part.person_id for part in parts])
    known = {person.pk: person for person in people}
    if len(known) < len(parts):
        raise Refused("有人不在您的范围里，请另一方出这张表。")
    rows: list[list[Cell]] = []
    for part in parts:
        person = known[part.person_id]
        number: Cell = {"id": person.number.reveal()} if person.number else "—"
        kind = getattr(row, f"get_{part.side}_kind_display")() if part.counted else Assessed.NONE.label
        rows.append([person.name, number, part.get_side_display(), "计入" if part.counted else "不计入", str(kind)])
    return rows


def _told(row: Reassessment) -> str:
    """What each part gets, a line each."""
    places = Names([row.stays_payer, row.goes_payer], today())
    return "\n".join(
        f"{side.label}一份：由{places(getattr(row, f'{side.value}_payer'))}发，{getattr(row, f'get_{side.value}_kind_display')()}，"
        f"核定 {getattr(row, f'{side.value}_people')} 人，每月 {getattr(row, f'{side.value}_amount'):.2f} 元。"
        for side in Side
    )
