"""Whose work a gap or a double is: of the office that has to pay, or that paid without having to; wherever the person lives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from anju.duties.evaluate import evaluate
from anju.duties.everyone import differing
from anju.duties.models import Duty
from anju.duties.queries import Desk
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import hold_month, pay, take_back
from anju.payments.models import Amount, Month
from anju.payments.queries.own import own_months
from anju.register.actions.by_case import put_step
from anju.register.asking import Span
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Person
from tests.desk.cast import browser
from tests.payments.cast import AMOUNT, A, B, ago, back, begun, civil, paid, strip
from tests.payments.test_months import payers, sound
from tests.payments.test_pages import text_of
from tests.portal.cast import as_resident
from tests.register.cast import KAIZHOU, YUNYANG, clerk

C, FENGJIE = "500236101000", "500236000000"
"""A township of a third county, where nobody of the family lives."""
GAP, DOUBLE = "pay_missed_assistance", "settle_double_assistance"


def mine(by: Officer, kind: str) -> bool:
    """Whether a duty of the kind is in an officer's inbox."""
    return Desk(by).mine().filter(kind=kind).exists()


def goes_to(person: Person, holder: str, months: int) -> None:
    """The relation of assistance goes to an office, whether or not the person lives there."""
    with everything():
        since = date.fromisoformat(f"{ago(months)}-01")
        put_step(person=str(person.pk), kind="assistance", holder=holder, since=since, because="moved", evidence="核对")
        changed("person", [str(person.pk)])


def duty(person: Person, kind: str = GAP) -> Duty:
    with everything():
        return Duty.objects.unscoped().owed().get(subject_id=str(person.pk), kind=kind)


WHO: Mapping[str, Callable[[], Officer]] = {
    "迁出镇": lambda: civil("a", A), "迁出县": lambda: civil("ca", KAIZHOU, "county"),
    "迁入镇": lambda: civil("b", B), "迁入县": lambda: civil("cb", YUNYANG, "county"),
    "第三镇": lambda: civil("c", C), "第三县": lambda: civil("cc", FENGJIE, "county"),
    "第三镇医保": lambda: clerk("cm", C, "township", "medical_security"),
}  # fmt: skip
HOLDERS = {
    "还在迁出地": (A, {"迁出镇", "迁出县"}),
    "到了迁入地": (B, {"迁入镇", "迁入县"}),
    "在第三个乡镇": (C, {"第三镇", "第三县"}),
}


@pytest.fixture
def sent(origin: Officer, person: Person) -> Person:
    """开州 paid him three months ago."""
    begun(origin, ago(3))
    paid(origin, person, ago(3))
    return person


@pytest.mark.parametrize(("holder", "whose"), HOLDERS.values(), ids=HOLDERS)
def test_a_gap_is_the_work_of_whoever_has_to_pay(sent: Person, holder: str, whose: set[str]) -> None:
    if holder != A:
        goes_to(sent, holder, 2)
    assert strip(sent)[back(2)] == (holder, "expected")
    assert duty(sent).insured == holder
    assert {name for name, who in WHO.items() if mine(who(), GAP)} == whose


def test_where_nobody_keeps_months_it_is_the_work_of_whoever_holds_the_assistance(person: Person) -> None:
    with everything():
        Person.objects.unscoped().filter(pk=person.pk).update(facts={**person.facts, "assistance_payers": 0})
        changed("person", [str(person.pk)])
        assert duty(person).insured == A, "of whom nobody recorded it the origin goes on"
    goes_to(person, C, 0)
    assert duty(person).insured == C


def test_it_goes_on_to_the_next_who_did_not_pay(origin: Officer, sent: Person) -> None:
    goes_to(sent, B, 1)
    first = duty(sent)
    assert first.insured == A
    paid(origin, sent, ago(2))
    assert (duty(sent).pk, duty(sent).insured) == (first.pk, B)


def test_one_that_earlier_pages_opened_follows(sent: Person) -> None:
    """They told nobody's place: the night finds it, and the duty stays the same."""
    goes_to(sent, B, 2)
    before = duty(sent)
    with everything():
        Duty.objects.unscoped().filter(pk=before.pk).update(insured="")
    span = Span("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")
    assert differing("person", span, today(), guideline()) == [str(sent.pk)]
    evaluate("person", [str(sent.pk)], today())
    assert (duty(sent).pk, duty(sent).insured) == (before.pk, B)
    assert sound()


DOUBLES = {
    "迁入地不该发": (A, B, {"迁出镇", "迁出县", "迁入镇", "迁入县"}),
    "迁出地不该发": (B, A, {"迁出镇", "迁出县", "迁入镇", "迁入县"}),
    "第三个乡镇不该发": (A, C, {"迁出镇", "迁出县", "迁入镇", "迁入县", "第三镇"}),
}


@pytest.mark.parametrize(("right", "wrong", "whose"), DOUBLES.values(), ids=DOUBLES)
def test_a_double_is_the_work_of_whoever_paid_too(sent: Person, right: str, wrong: str, whose: set[str]) -> None:
    if right != A:
        goes_to(sent, right, 2)
    with everything():
        for payer in (right, wrong):
            Amount.objects.create(
                person=sent, kind="dibao", month=back(2), payer=payer, sort="paid", amount=AMOUNT, on=today()
            )
        Month.objects.unscoped().filter(person=sent, month=back(2)).update(state="paid")
        changed("person", [str(sent.pk)])
    assert duty(sent, DOUBLE).insured == wrong
    assert {name for name, who in WHO.items() if mine(who(), DOUBLE)} == whose


@pytest.fixture
def there(sent: Person) -> Person:
    """奉节 has to pay him since two months ago, who lives in 云阳."""
    goes_to(sent, C, 2)
    return sent


def given(person: Person, months: int) -> dict[str, Any]:
    return {
        "person": str(person.pk),
        "kind": "dibao",
        "month": ago(months),
        "payer": C,
        "amount": AMOUNT,
        "on": today(),
    }


def test_the_payer_reads_whom_and_which_month(there: Person) -> None:
    home = browser(civil("c", C))
    said = text_of(home, "/desk/")
    assert ("张青山" in said, f"当月补上）：{ago(2)} " in said) == (True, True)
    page = home.get("/desk/").content.decode()
    assert f"/payments/?month={ago(2)}&amp;office={C}&amp;show=expected" in page
    assert f"/people/{there.pk}/" not in page
    near = text_of(browser(civil("b", B)), f"/people/{there.pk}/")
    assert f"当月补上）：{ago(2)} " in near, "both sides read it on his page"


def test_the_payer_writes_it_down_by_hand(there: Person) -> None:
    office = civil("c", C)
    home = browser(office)
    address = f"/payments/?month={ago(2)}"
    page = home.get(address).content.decode()
    assert f'action="/payments/{there.pk}/amount/"' in page
    sent = {"kind": "dibao", "sort": "paid", "month": ago(2), "payer": C, "amount": "420.50", "on": str(today())}
    refused = home.post(f"/payments/{there.pk}/amount/", {**sent, "reason": "写错了"})
    assert (refused.status_code, "发放不写" in refused.content.decode()) == (422, True)
    empty = home.post(f"/payments/{there.pk}/amount/", {**sent, "amount": ""})
    assert (empty.status_code, strip(there)[back(2)]) == (422, (C, "expected"))
    assert home.post(f"/payments/{there.pk}/amount/", sent)["Location"] == f"/payments/?month={ago(2)}&saved=written"
    assert strip(there)[back(2)] == (C, "paid")
    assert "记下了" in text_of(home, f"{address}&saved=written")
    assert f"当月补上）：{ago(1)} " in text_of(home, "/desk/"), "the next month"
    pay(by=office, **given(there, 1))
    assert (payers(there), mine(office, GAP), sound()) == (1, False, True)
    assert home.get(f"/payments/{there.pk}/").status_code == 404, "no page, as before"


def test_the_payer_takes_back_and_holds(there: Person) -> None:
    office, second = civil("c", C), civil("c2", C)
    home, other = browser(office), browser(second)
    pay(by=office, **given(there, 2))
    take_back(by=office, **given(there, 2), offset=False, returned=True, reason="账号错")
    assert strip(there)[back(2)] == (C, "expected")
    told = {"kind": "dibao", "month": ago(2)}
    assert home.post(f"/payments/{there.pk}/hold/", {**told, "reason": "核对账号"}).status_code == 302
    assert strip(there)[back(2)] == (C, "held")
    assert "缓发的人不能自己复核" in home.post(f"/payments/{there.pk}/hold/", {**told, "confirm": "1"}).content.decode()
    assert other.post(f"/payments/{there.pk}/hold/", {**told, "confirm": "1", "shelf": "1"}).status_code == 302
    with everything():
        assert Month.objects.unscoped().get(person=there, month=back(2)).confirmed_by == second


def test_whoever_paid_what_was_not_theirs_takes_it_back(sent: Person) -> None:
    with everything():
        told = {"person": sent, "kind": "dibao", "month": back(2), "sort": "paid", "amount": AMOUNT, "on": today()}
        for payer in (A, C):
            Amount.objects.create(**told, payer=payer)
        Month.objects.unscoped().filter(person=sent, month=back(2)).update(state="paid")
        changed("person", [str(sent.pk)])
    office = civil("c", C)
    home = browser(office)
    address = f"/payments/?month={ago(2)}&amp;office={C}&amp;show=double"
    assert mine(office, DOUBLE)
    assert address in home.get("/desk/").content.decode(), "led to where it is put right"
    page = text_of(home, address.replace("&amp;", "&"))
    assert ("本来不归这里发的" in page, "张青山" in page) == (True, True)
    with pytest.raises(Refused):
        pay(by=office, **{**given(sent, 2), "amount": Decimal(1)})
    form = {
        "kind": "dibao",
        "sort": "recovered",
        "month": ago(2),
        "payer": C,
        "amount": str(AMOUNT),
        "on": str(today()),
    }
    for region in (A, B):
        other = clerk(f"x{region}", region, "township", "civil_affairs")
        with pytest.raises(Refused):
            take_back(by=other, **given(sent, 2), offset=False, reason="重发了")
    assert home.post(f"/payments/{sent.pk}/amount/", {**form, "reason": "重发了"}).status_code == 302
    assert (strip(sent)[back(2)], mine(office, DOUBLE), sound()) == ((A, "paid"), False, True)
    assert "本来不归这里发的" not in text_of(home, address.replace("&amp;", "&"))


def by_another(person: Person, kind: str, payer: str) -> None:
    """An office wrote down that it paid him two months ago, though it was not for it to pay."""
    with everything():
        Amount.objects.create(
            person=person, kind=kind, month=back(2), payer=payer, sort="paid", amount=AMOUNT, on=today()
        )
        changed("person", [str(person.pk)])


D = f"{FENGJIE[:6]}102000"
BESIDE = {
    "一个县的两镇，另一镇发": (D, D, "dibao", lambda: clerk("cc", FENGJIE, "county", "civil_affairs")),
    "同一镇，另一种救助": (C, C, "tekun", lambda: civil("c", C)),
}


@pytest.mark.parametrize(("right", "due", "kind", "who"), BESIDE.values(), ids=BESIDE)
def test_what_was_not_theirs_is_taken_back_beside_a_month_of_their_own(
    sent: Person, right: str, due: str, kind: str, who: Callable[[], Officer]
) -> None:
    goes_to(sent, right, 2)
    by_another(sent, kind, C)
    home = browser(who())
    page = home.get(f"/payments/?month={ago(2)}").content.decode()
    assert (page.count("本来不归这里发的"), f'id="{sent.pk}-{kind}-{C}-amount"' in page) == (1, True)
    assert strip(sent)[back(2)] == (due, "expected")
    form = {"kind": kind, "sort": "recovered", "month": ago(2), "payer": C, "amount": str(AMOUNT), "on": str(today())}
    answer = home.post(f"/payments/{sent.pk}/amount/", {**form, "reason": "不该发"})
    assert (answer.status_code, sound()) == (302, True)
    page = home.get(f"/payments/?month={ago(2)}").content.decode()
    assert "本来不归这里发的" not in page
    part = home.get(f"/payments/?month={ago(2)}&kind=dibao", headers={"HX-Request": "true"})
    assert part.status_code == 200


def test_who_got_the_money_does_not_read_that_there_was_none(there: Person) -> None:
    told = {row.text: (row.state, row.paid) for row in own_months(as_resident(there), today())}
    assert told[ago(2)] == ("没有发", Decimal(0))
    by_another(there, "dibao", A)
    told = {row.text: (row.state, row.paid) for row in own_months(as_resident(there), today())}
    assert told[ago(2)] == ("已发", AMOUNT)


def test_more_than_was_paid_is_not_taken_back_from_one_s_own_month(there: Person) -> None:
    with pytest.raises(Refused, match="追回"):
        take_back(by=civil("c", C), **given(there, 2), offset=False, reason="多发了")


NOT_THEIRS = {
    "外县民政": ("500240101000", "township", "civil_affairs", 2, "500240101000"),
    "外县民政写成第三镇发": ("500240101000", "township", "civil_affairs", 2, C),
    "第三镇的医保": (C, "township", "medical_security", 2, C),
    "第三镇写迁出地的月份": (C, "township", "civil_affairs", 3, A),
    "第三镇写自己没有的月份": (C, "township", "civil_affairs", 3, C),
}


@pytest.mark.parametrize(("region", "level", "line", "months", "payer"), NOT_THEIRS.values(), ids=NOT_THEIRS)
def test_nobody_else_writes_anything_down(
    there: Person, *, region: str, level: str, line: str, months: int, payer: str
) -> None:
    other = clerk("other", region, level, line)
    with pytest.raises(Refused):
        pay(by=other, **{**given(there, months), "payer": payer, "amount": Decimal(1)})
    with everything():
        month = Month.objects.unscoped().get(person=there, month=back(2))
        assert not Amount.objects.unscoped().filter(amount=1).exists()
    with pytest.raises(Refused):
        pay(by=civil("kind", C), **{**given(there, 2), "kind": "tekun"})
    if region != C or line != "civil_affairs":
        with pytest.raises(Refused):
            hold_month(by=other, month=str(month.pk), reason="核查")
        assert browser(other).post(f"/payments/{there.pk}/amount/", {"kind": "dibao"}).status_code == 404
