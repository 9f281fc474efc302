"""One bill in any spelling is settled once, and those that were settled before are told again by the same spelling."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection

from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.payments.actions import Charged, reverse, settle_bill
from anju.payments.models import Settlement
from anju.register.models import Person
from anju.register.verification import verify
from anju.walls.wall import missing
from tests.payments.bills import BILL, bill, insured, medical, of_year
from tests.register.cast import clerk

BRACKETS = replace(BILL, institution="云阳县人民医院（本部）")
SPELLINGS: dict[str, tuple[Charged, Charged, bool]] = {
    "照原样": (BILL, BILL, True),
    "小写、空格": (BILL, bill(" zy-00 01"), True),
    "全角": (BILL, bill("ＺＹ－０００１"), True),
    "长横": (BILL, bill("ZY—0001"), True),
    "破折号": (BILL, bill("ZY——0001"), True),
    "减号": (BILL, bill("ZY−0001"), True),
    "机构名的全角括号": (BRACKETS, replace(BILL, institution="云阳县人民医院(本部)"), True),
    "没有横": (BILL, bill("ZY0001"), False),
    "另一个号": (BILL, bill("ZY-0002"), False),
    "另一家机构": (BILL, BRACKETS, False),
}


@pytest.mark.parametrize(("before", "after", "same"), SPELLINGS.values(), ids=SPELLINGS)
def test_a_bill_is_settled_once_in_any_spelling(village: Officer, before: Charged, after: Charged, same: bool) -> None:
    officer, patient = medical(), insured(village)
    settle_bill(by=officer, person=patient.pk, charged=before)
    if same:
        with pytest.raises(Refused, match="这张单据已经结算过"):
            settle_bill(by=officer, person=patient.pk, charged=after)
    else:
        settle_bill(by=officer, person=patient.pk, charged=after)
    assert len(of_year(patient)) == (1 if same else 2)


def told_again(person: Person) -> list[tuple[str, int]]:
    return [(row.bill, row.attempt) for row in of_year(person)]


def test_bills_that_were_settled_before_are_told_again_by_the_same_spelling(own_database: str) -> None:
    officer, patient = medical(), insured(clerk("village"))
    settle_bill(by=officer, person=patient.pk, charged=bill("ＺＹ－０００１"))
    wrong = settle_bill(by=officer, person=patient.pk, charged=bill("ＺＹ－０００２"))
    reverse(by=officer, settlement=wrong.pk, reason="录错了")
    now = told_again(patient)
    call_command("migrate", "payments", "0007_held_by_two", verbosity=0)
    before = told_again(patient)
    assert not {bill for bill, _ in now} & {bill for bill, _ in before}
    assert before[1] == before[2], "what took one back goes with it"
    call_command("migrate", verbosity=0)
    assert (told_again(patient), missing(connection)) == (now, [])
    with pytest.raises(Refused, match="这张单据已经结算过"):
        settle_bill(by=officer, person=patient.pk, charged=BILL)


def test_a_bill_that_was_settled_twice_is_named_until_one_is_taken_back(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, patient = medical(), insured(clerk("village"))
    with monkeypatch.context() as before:  # every spelling was a bill of its own
        before.setattr("anju.payments.actions.settling.one_spelling", str)
        settle_bill(by=officer, person=patient.pk, charged=bill("ＺＹ－０００１"))
        twice: Settlement = settle_bill(by=officer, person=patient.pk, charged=BILL)
    call_command("migrate", "payments", "0007_held_by_two", verbosity=0)
    call_command("migrate", verbosity=0)
    assert [attempt for _, attempt in told_again(patient)] == [1, 2]
    assert [sentence for sentence, n in verify().items() if n] == ["每张单据算数的结算只有一笔"]
    reverse(by=officer, settlement=twice.pk, reason="结算了两次")
    assert not [sentence for sentence, n in verify().items() if n]
    with pytest.raises(Refused, match="这张单据已经结算过"):
        settle_bill(by=officer, person=patient.pk, charged=BILL)
