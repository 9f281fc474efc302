"""What somebody at the database's own prompt cannot do to cases, on both engines."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from anju.cases.actions import open_case
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.register.cast import YUNYANG

pytestmark = pytest.mark.django_db
ATTACKS = {
    "改写做过的": ("UPDATE cases_entry SET action = '同意' WHERE seq = 1", "entry_never_rewritten"),
    "改做的日子": ("UPDATE cases_entry SET \"on\" = '2020-01-01'", "entry_never_rewritten"),
    "删掉做过的": ("DELETE FROM cases_entry", "entry_never_deleted"),
    "删掉件": ("DELETE FROM cases_case", "case_never_deleted"),
    "不留一笔就改件": ("UPDATE cases_case SET step = 4", "case_moves_on"),
    "换掉对象": ("UPDATE cases_case SET subject_id = 'x', entries = entries + 1", "case_moves_on"),
    "换掉指导意见": ("UPDATE cases_case SET version_id = 'x', entries = entries + 1", "case_moves_on"),
    "换掉条": ("UPDATE cases_case SET clause = '1.7', entries = entries + 1", "case_moves_on"),
    "改申请日": ("UPDATE cases_case SET applied_on = '2020-01-01', entries = entries + 1", "case_moves_on"),
    "改立件的时间": (
        "UPDATE cases_case SET opened_at = '2020-01-01 00:00:00+00:00', entries = entries + 1",
        "case_moves_on",
    ),
    "办结了还停在一步": ("UPDATE cases_case SET state = 'done', entries = entries + 1", "case_stands_somewhere"),
    "挂起没有复查日": ("UPDATE cases_case SET state = 'suspended', entries = entries + 1", "case_stands_somewhere"),
    "删掉轮到过谁": ("DELETE FROM cases_turn", "turn_never_deleted"),
    "换掉轮到的单位": ("UPDATE cases_turn SET region = '500236000000'", "turn_never_rewritten"),
    "改轮到的日子": ("UPDATE cases_turn SET since = '2020-01-01'", "turn_never_rewritten"),
    "换掉时限": ("UPDATE cases_turn SET \"limit\" = ''", "turn_never_rewritten"),
    "办完的又轮到": ("UPDATE cases_turn SET until_entry = NULL WHERE until_entry IS NOT NULL", "turn_ends_once"),
    "改办完时逾期没有": ("UPDATE cases_turn SET ended_late = true WHERE until_entry IS NOT NULL", "turn_ends_once"),
    "没办完就说逾期": ("UPDATE cases_turn SET ended_late = true WHERE until_entry IS NULL", "turn_late_once_ended"),
    "办完了不说逾期没有": ("UPDATE cases_turn SET until_entry = 9 WHERE until_entry IS NULL", "turn_late_once_ended"),
    "改办完的一笔": ("UPDATE cases_turn SET until_entry = 9 WHERE until_entry IS NOT NULL", "turn_ends_once"),
}


@pytest.mark.parametrize(("statement", "wall"), ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses(statement: str, wall: str, person: Person, offices: Offices) -> None:
    by = offices.at("human_resources", "county", YUNYANG)
    case = open_case(by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="本人到场")
    step_on(case, offices, "提交")
    with everything(), connection.cursor() as cursor, pytest.raises(IntegrityError, match=wall), transaction.atomic():
        cursor.execute(statement)
