"""What nobody had to pay is seen wherever the month is: long after a stop, or of the other kind of assistance."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.payments.actions import take_back
from anju.payments.models import Month, Payer
from anju.payments.months import first_day
from anju.payments.queries.month import Filters, InMonth
from anju.payments.queries.one import tracks
from anju.register.actions import end_person, record_facts
from anju.register.facts import today
from anju.register.models import Person
from anju.register.queries.paging import page
from anju.register.verification import verify
from tests.desk.cast import browser
from tests.payments.cast import AMOUNT, A, B, ago, asks, back, begun, civil, paid, poor, strip
from tests.payments.test_months import payers
from tests.payments.test_pages import text_of
from tests.register.cast import KAIZHOU, clerk

BOTH = "同一个月没有低保和特困都发了没追回的"
DEAD = "注销以后的月份没有发了没追回的"


def taken_back(by: Officer, person: Person, month: str, payer: str, kind: str) -> None:
    take_back(
        by=by, person=str(person.pk), kind=kind, month=month, payer=payer, amount=AMOUNT, on=today(), offset=False,
        reason="不该发",
    )  # fmt: skip


def offices(by: Officer, months: int) -> Sequence[tuple[str, int, int]]:
    """Each office of the officer's: how many months are double, and how many stray."""
    return [(one.code, one.double, one.stray) for one in InMonth(asks(by), Filters(back(months))).offices()]


def listed(by: Officer, months: int, show: str) -> list[object]:
    return [row.person_id for row in page(InMonth(asks(by), Filters(back(months), show=show)).listing()).rows]


def tones(by: Officer, person: Person) -> dict[str, str]:
    person.refresh_from_db()
    return {month.text: month.tone for track in tracks(asks(by), person) for month in track.months}


def unsound() -> dict[str, int]:
    return {sentence: n for sentence, n in verify().items() if n}


def double(person: Person) -> bool:
    with everything():
        return (
            Duty.objects.unscoped().owed().filter(subject_id=str(person.pk), kind="settle_double_assistance").exists()
        )


def stopped(person: Person, because: str) -> None:
    """开州 paid until five months ago, and the months after it were never set up but one."""
    with everything():
        Payer.objects.create(person=person, kind="dibao", payer=A, since=back(5), because="开始按月记发放")
        Month.objects.create(person=person, kind="dibao", payer=A, month=back(5))
        Payer.objects.create(person=person, kind="dibao", payer="", since=back(4), after=back(5), because=because)
        Month.objects.create(person=person, kind="dibao", month=back(4), state="stopped", reason=because)


STOPS = {"死亡": ("死亡", True), "不再享受": ("不再享受", False)}
GAPS = {"停发的那个月": 4, "下一个月": 3, "再下一个月": 2, "本月": 0}


@pytest.mark.parametrize("months", GAPS.values(), ids=GAPS)
@pytest.mark.parametrize(("because", "dead"), STOPS.values(), ids=STOPS)
def test_what_was_paid_long_after_a_stop_is_seen(origin: Officer, because: str, months: int, *, dead: bool) -> None:
    person = poor(clerk("village"), "dibao" if dead else "none")
    stopped(person, because)
    if dead:
        police = clerk("police", KAIZHOU, "county", "public_security")
        end_person(by=police, person=str(person.pk), on=first_day(back(5)), because="death")
    paid(origin, person, ago(5), ago(months))
    assert strip(person)[back(months)] == ("", "stopped")
    assert offices(origin, months) == [(A, 0, 1)]
    assert listed(origin, months, "stray") == [person.pk]
    assert tones(origin, person)[ago(months)] == ("late" if dead else "double")
    assert unsound() == ({DEAD: 1} if dead else {})
    said = text_of(browser(origin), f"/payments/?month={ago(months)}&show=stray")
    assert ("张青山" in said, because in said, "人已注销，应追回" in said) == (True, True, dead)
    taken_back(origin, person, ago(months), A, "dibao")
    assert (offices(origin, months), unsound()) == ([], {})


def test_a_stop_that_ends_takes_the_month_up(origin: Officer) -> None:
    """What was paid is the month's, once the office is to pay it again."""
    person = poor(clerk("village"))
    record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_kind": "none"})
    stopped(person, "不再享受")
    paid(origin, person, ago(5), ago(0))
    assert strip(person)[back(0)] == ("", "stopped")
    record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_kind": "dibao"})
    assert strip(person)[back(0)] == (A, "paid")
    assert unsound() == {}


Paid = tuple[str, str]
"""Which office paid which kind."""
DIBAO, TEKUN, THERE = (A, "dibao"), (A, "tekun"), (B, "tekun")
KINDS: dict[str, tuple[list[Paid], list[Paid], int, int, str]] = {
    "只发了该发的一种": ([DIBAO], [], 1, 0, "paid"),
    "两个乡镇各发一种": ([DIBAO, THERE], [], 2, 1, "double"),
    "先发了另一种": ([THERE, DIBAO], [], 2, 1, "double"),
    "一个乡镇发了两种": ([DIBAO, TEKUN], [], 2, 1, "double"),
    "另一种追回了": ([DIBAO, THERE], [THERE], 1, 0, "paid"),
    "两个乡镇都发了另一种": ([DIBAO, TEKUN, THERE], [], 3, 1, "double"),
    "三份追回了一份": ([DIBAO, TEKUN, THERE], [THERE], 2, 1, "double"),
    "没有发该发的": ([THERE], [], 0, 0, "gap"),
    "什么都没有发": ([], [], 0, 0, "gap"),
}


@pytest.mark.parametrize(("given", "taken", "n", "found", "tone"), KINDS.values(), ids=KINDS)
def test_of_a_month_one_kind_is_paid(
    origin: Officer,
    destination: Officer,
    person: Person,
    *,
    given: list[Paid],
    taken: list[Paid],
    n: int,
    found: int,
    tone: str,
) -> None:
    by = {A: origin, B: destination}
    begun(origin, ago(2))
    paid(origin, person, ago(2))
    for payer, kind in given:
        paid(by[payer], person, ago(1), payer=payer, kind=kind)
    for payer, kind in taken:
        taken_back(by[payer], person, ago(1), payer, kind)
    left = [one for one in given if one not in taken]
    assert (payers(person), double(person), unsound().get(BOTH, 0)) == (n, n > 1, found)
    stray = int(left == [THERE])
    assert offices(origin, 1) == [(A, found, stray)]
    assert offices(destination, 1) == ([(B, found, stray)] if THERE in left else [])
    assert listed(origin, 1, "double") == [person.pk] * found
    assert tones(origin, person)[ago(1)] == tone
    shown = [(amount.payer, track.kind) for track in tracks(asks(origin), person) for _, amount, _ in track.amounts]
    assert sorted(shown) == sorted([DIBAO, *given, *taken]), "whatever was paid is listed"
    said = text_of(browser(origin), f"/payments/?month={ago(1)}")
    assert ("（特困）" in said) is bool({TEKUN, THERE} & set(left))


def test_in_the_month_of_a_change_only_the_old_kind_is_paid(origin: Officer, person: Person) -> None:
    begun(origin, ago(1))
    paid(origin, person, ago(1), ago(0))
    record_facts(by=origin, kind="person", subject=str(person.pk), facts={"assistance_kind": "tekun"})
    assert (payers(person), unsound()) == (1, {})
    paid(origin, person, ago(0), kind="tekun")
    assert (payers(person), double(person), unsound()) == (2, True, {BOTH: 1})
    assert offices(origin, 0) == [(A, 1, 0)]


def test_whoever_paid_the_other_kind_takes_it_back_on_the_page(
    origin: Officer, destination: Officer, person: Person
) -> None:
    begun(origin, ago(1))
    paid(origin, person, ago(1))
    paid(destination, person, ago(1), payer=B, kind="tekun")
    there = browser(destination)
    assert "特困" in text_of(there, f"/payments/{person.pk}/")
    sent = {
        "kind": "tekun",
        "sort": "recovered",
        "month": ago(1),
        "payer": B,
        "amount": str(AMOUNT),
        "on": str(today()),
    }
    assert there.post(f"/payments/{person.pk}/amount/", {**sent, "reason": "和低保重了"}).status_code == 302
    assert (payers(person), unsound()) == (1, {})


def test_of_whoever_is_no_more_the_other_kind_has_to_come_back_too(origin: Officer, person: Person) -> None:
    begun(origin, ago(3))
    paid(origin, person, ago(3))
    police = clerk("police", KAIZHOU, "county", "public_security")
    end_person(by=police, person=str(person.pk), on=first_day(back(3)), because="death")
    paid(origin, person, ago(1), kind="tekun")
    assert offices(origin, 1) == [(A, 0, 1)]
    said = text_of(browser(civil("other", A)), f"/payments/?month={ago(1)}&show=stray")
    assert ("张青山" in said, "（特困）" in said, "人已注销，应追回" in said) == (True, True, True)
