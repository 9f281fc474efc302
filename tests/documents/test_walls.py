"""What somebody at the database's own prompt cannot do to letters, on both engines; and that the nightly questions notice the rest."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import IntegrityError, connection, transaction

from anju.documents.actions import receive, take, void
from anju.documents.models import Letter
from anju.documents.refusals import ContentChanged
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.verification import verify
from tests.documents.cast import drafted, issued

ATTACKS: Mapping[str, tuple[str, str]] = {
    "换一个文号": ('UPDATE documents_letter SET "number" = 9', "letter_"),
    "收回文号": ('UPDATE documents_letter SET "number" = NULL, year = NULL', "letter_"),
    "换摘要": ("UPDATE documents_letter SET digest = 'x'", "letter_issued_stays"),
    "换成文日期": ("UPDATE documents_letter SET issued_on = '2020-01-01'", "letter_issued_stays"),
    "换签发人": ("UPDATE documents_letter SET issued_by_id = countersigned_by_id", "letter_issued_stays"),
    "换最后改稿的人": ("UPDATE documents_letter SET revised_by_id = drafted_by_id", "letter_issued_stays"),
    "退回拟稿": ("UPDATE documents_letter SET state = 'draft'", "letter_steps_in_order"),
    "换单位": ("UPDATE documents_letter SET region = '500236000000'", "letter_never_rewritten"),
    "换看得见的条线": ("UPDATE documents_letter SET lines = ' culture '", "letter_never_rewritten"),
    "换拟稿人": ("UPDATE documents_letter SET drafted_by_id = countersigned_by_id", "letter_never_rewritten"),
    "没有人的作废": ("UPDATE documents_letter SET state = 'void'", "letter_voided_by_somebody"),
    "删文书": ("DELETE FROM documents_letter", "letter_never_deleted|FOREIGN KEY"),
    "删主送": ("DELETE FROM documents_addressee", "addressee_delete_while_open"),
    "换主送": ("UPDATE documents_addressee SET region = '500236000000'", "addressee_update_while_open"),
    "换所办的事": ("UPDATE documents_matter SET key = '3'", "matter_update_while_open"),
    "号簿跳号": ("UPDATE documents_counter SET last = last + 2", "counter_one_by_one"),
    "号簿退号": ("UPDATE documents_counter SET last = last - 1", "counter_one_by_one"),
    "删号簿": ("DELETE FROM documents_counter", "counter_never_deleted"),
    "换回执": ("UPDATE documents_receipt SET \"on\" = '2020-01-01'", "receipt_never_rewritten"),
    "删回执": ("DELETE FROM documents_receipt", "receipt_never_deleted"),
}


def run(sql: str) -> None:
    with everything(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(("sql", "wall"), ATTACKS.values(), ids=ATTACKS)
def test_an_issued_letter_stays(sql: str, wall: str, by: Officer, other: Officer, there: Officer) -> None:
    receive(by=there, letter=issued(by, other).pk, on=today())
    with pytest.raises(IntegrityError, match=wall), transaction.atomic():
        run(sql)


def test_a_void_letter_stays_void(by: Officer, other: Officer) -> None:
    void(by=by, letter=issued(by, other).pk, because="错了")
    with pytest.raises(IntegrityError, match="letter_"), transaction.atomic():
        run("UPDATE documents_letter SET state = 'issued', voided_by_id = NULL, voided_at = NULL")


ISSUE = (
    "UPDATE documents_letter SET state = 'issued', issued_by_id = drafted_by_id, issued_at = drafted_at, "
    "issued_on = '2026-01-01', digest = 'x'"
)
RECEIVE = (
    'INSERT INTO documents_receipt (letter_id, addressee_id, "on", by_id, at) '
    "SELECT letter_id, a.id, '2026-01-01', l.drafted_by_id, l.drafted_at "
    "FROM documents_addressee a JOIN documents_letter l ON l.id = a.letter_id"
)
HEAD = "INSERT INTO documents_letterhead (line, level, region, name, sign) VALUES "
BY_HAND: Mapping[str, tuple[str, str]] = {
    "别处单位的名称": (
        f"{HEAD} ('culture', 'county', '500236000000', '某局', '奉节文'), ('culture', 'county', '500235000000', '某局', '云阳文')",
        "letterhead_name_of_one_region",
    ),
    "别的单位的代字": (
        f"{HEAD} ('culture', 'county', '500236000000', '某局', '某文'), ('collective', 'county', '500236000000', '某局', '某文')",
        "letterhead_sign_once|documents_letterhead.sign",
    ),
    "不编号就签发": (
        f"{ISSUE}, alone = (1 = 1)",
        "letter_numbered_when_issued",
    ),
    "自己编号": (
        f"{ISSUE}, \"number\" = 5, year = 2026, sign = 'x', alone = (1 = 1)",
        "letter_number_is_counted",
    ),
    "自己核稿": (
        "UPDATE documents_letter SET countersigned_by_id = drafted_by_id, countersigned_at = drafted_at",
        "letter_two_people",
    ),
    "核自己改的稿": (
        (
            "UPDATE documents_letter SET revised_by_id = o.id, countersigned_by_id = o.id, countersigned_at = drafted_at "
            "FROM government_officer AS o WHERE o.account = 'second'"
        ),
        "letter_two_people",
    ),
    "一下子就签发了的": (
        "INSERT INTO documents_letter SELECT * FROM documents_letter",
        "UNIQUE|unique|letter_begins",
    ),
    "没有文书的回执": (
        RECEIVE,
        "receipt_of_what_is_issued",
    ),
    "从 5 号编起": (
        "INSERT INTO documents_counter (line, region, year, last) VALUES ('culture', '500236000000', 2026, 5)",
        "counter_begins_at_none",
    ),
}


@pytest.mark.parametrize(("sql", "wall"), BY_HAND.values(), ids=BY_HAND)
def test_a_draft_is_not_issued_by_hand(sql: str, wall: str, by: Officer, other: Officer) -> None:
    drafted(by)
    with pytest.raises(IntegrityError, match=wall), transaction.atomic():
        run(sql)


def test_an_office_is_not_renamed_like_one_elsewhere(db: None) -> None:
    run(
        f"{HEAD} ('culture', 'county', '500236000000', '甲局', '奉节文'), ('culture', 'county', '500235000000', '乙局', '云阳文')"
    )
    with pytest.raises(IntegrityError, match="letterhead_name_of_one_region"), transaction.atomic():
        run("UPDATE documents_letterhead SET name = '某局'")


def test_the_night_finds_a_number_that_nobody_has(by: Officer, other: Officer) -> None:
    issued(by, other)
    assert {sentence: n for sentence, n in verify().items() if n} == {}
    run("UPDATE documents_counter SET last = last + 1")
    assert verify()["文号从 1 号编起，一个不缺"] == 1


def test_an_older_content_put_back_is_not_printed(by: Officer, other: Officer) -> None:
    letter = issued(by, other)
    with everything():
        row = Letter.objects.unscoped().get(pk=letter.pk)
        row.content = row.content.reveal().replace("特此函告", "不必办了")
        Letter.objects.unscoped().filter(pk=row.pk).update(content=row.content)
    with pytest.raises(ContentChanged, match="不一样"):
        take(by=by, letter=letter.pk, file="pdf")
