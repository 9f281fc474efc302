"""Sixteen at once on one month: exactly one payer, paid once, closed once; on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError

from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import (
    ask_closing,
    begin_months,
    close_month,
    confirm_hold,
    hold_month,
    pay,
    postpone,
    take_back,
)
from anju.payments.comparing import compare
from anju.payments.models import Amount, Closing, Comparison, Finding, Insurance, ListRow, Month, Payer
from anju.register.actions import move_relation, record_facts
from anju.register.facts import today
from anju.register.models.subjects import new_id
from anju.register.verification import verify
from tests.payments.cast import AMOUNT, A, B, ago, back, begun, chain, civil, poor, strip
from tests.race import race
from tests.register.cast import KAIZHOU, YUNYANG, clerk, household, zhang

RUNNERS = 16


def test_one_pays(own_database: str) -> None:
    village, origin = clerk("village"), civil("origin", A)
    person = poor(village)
    begun(origin, ago(0))

    def run(_: int) -> bool:
        pay(by=origin, person=str(person.pk), kind="dibao", month=ago(0), payer=A, amount=AMOUNT, on=today())
        return True

    found = race(RUNNERS, run)
    assert (found.won, found.only_raised(Refused)) == (1, True)
    with everything():
        assert Amount.objects.unscoped().count() == 1
    assert strip(person)[back(0)] == (A, "paid")


def test_what_is_sent_many_times_is_one(own_database: str) -> None:
    """A double click: everybody is told that it is done, and it is done once."""
    village, origin = clerk("village"), civil("origin", A)
    person, key = poor(village), new_id()
    begun(origin, ago(0))
    given: dict[str, Any] = {
        "by": origin,
        "person": str(person.pk),
        "kind": "dibao",
        "month": ago(0),
        "payer": A,
        "on": today(),
    }
    pay(**given, amount=AMOUNT)

    def run(number: int) -> bool:
        if number % 2:
            pay(**given, amount=AMOUNT, back=True, reason="少发", key=key)
        else:
            take_back(**given, amount=AMOUNT, offset=True, reason="多发", key=other)
        return True

    other = new_id()
    found = race(RUNNERS, run)
    assert (found.won, found.raised) == (RUNNERS, [])
    with everything():
        assert sorted(Amount.objects.unscoped().values_list("sort", flat=True)) == ["back", "offset", "paid"]


def test_one_of_two_payers_has_the_month(own_database: str) -> None:
    """Eight offices on either side write the month themselves, round every action."""
    village, origin = clerk("village"), civil("origin", A)
    person = poor(village)
    begun(origin, ago(0))

    def run(number: int) -> bool:
        with everything():
            Month.objects.create(person=person, kind="dibao", month=back(-2), payer=(A, B)[number % 2])
        return True

    found = race(RUNNERS, run)
    assert (found.won, found.only_raised(IntegrityError)) == (1, True)
    assert strip(person)[back(-2)] == (A, "expected")


def test_months_and_who_pays_go_together(own_database: str) -> None:
    """Half of them let another office pay from a month on, half write that month as it was: never a month of one under the other."""
    village, origin = clerk("village"), civil("origin", A)
    person = poor(village)
    begun(origin, ago(0))
    month = back(-2)

    def run(number: int) -> bool:
        with everything():
            if number % 2:
                Month.objects.create(person=person, kind="dibao", month=month, payer=A)
            else:
                first = back(0)
                Payer.objects.create(person=person, kind="dibao", payer=B, since=month, after=first, because="转接")
        return True

    assert race(RUNNERS, run).won == 1
    assert not [sentence for sentence, n in verify().items() if n]


def test_transfers_and_payments_leave_one_payer(own_database: str) -> None:
    village, origin, destination = clerk("village"), civil("origin", A), civil("destination", B)
    person = poor(village)
    begun(origin, ago(2))
    key, first = str(person.pk), date.fromisoformat(f"{ago(1)}-01")

    def run(number: int) -> bool:
        by, payer = ((origin, A), (destination, B))[number % 2]
        if number < 4:
            move_relation(by=destination, person=key, kind="assistance", holder=B, since=first)
        elif number < 12:
            pay(by=by, person=key, kind="dibao", month=ago(number % 3), payer=payer, amount=AMOUNT, on=today())
        else:
            postpone(by=by, person=key, kind="dibao", month=ago(-1), reason="来不及")
        return True

    found = race(RUNNERS, run)
    assert found.only_raised(Refused)
    assert sorted(strip(person)) == [back(n) for n in (2, 1, 0, -1)]
    assert not [sentence for sentence, n in verify().items() if n and "应办" not in sentence]
    assert chain(person)[0] == (back(2), A)


def test_one_closes_and_nobody_slips_in(own_database: str) -> None:
    village, origin = clerk("village"), civil("origin", A)
    others = [civil(f"origin{n}", A) for n in range(8)]
    poor(village)
    begun(origin, ago(1))
    with everything():
        month = Month.objects.unscoped().get(month=back(1))
    hold_month(by=origin, month=str(month.pk), reason="核查")
    confirm_hold(by=others[0], month=str(month.pk))
    closing = ask_closing(by=origin, payer=A, month=ago(1))

    def run(number: int) -> bool:
        if number < 8:
            close_month(by=others[number], closing=str(closing.pk))
            return True
        late = poor(village, name="李二", order=number, code=f"{number}")
        begin_months(by=origin, payer=A, month=ago(1))
        return bool(strip(late))

    found = race(RUNNERS, run)
    assert found.only_raised(Refused)
    with everything():
        assert Closing.objects.unscoped().filter(closed_at__isnull=False).count() == 1
        assert not Month.objects.unscoped().filter(month=back(1), payer=A, state="expected").exists()
    assert not [sentence for sentence, n in verify().items() if n and "应办" not in sentence]


def test_two_counties_that_compare_at_once_find_who_is_insured_in_both(own_database: str) -> None:
    """Whoever comes last sees the list of the other one; whose insurance it is has it among what was found, once."""
    village = clerk("village")
    home = household(village)
    record_facts(by=village, kind="household", subject=str(home.pk), facts={"relocatee_kind": "registered_poor"})
    person = zhang(village, home, facts={"medical_status": "resident"})

    def run(number: int) -> bool:
        county = (YUNYANG, KAIZHOU)[number % 2]
        with everything():
            row = ListRow(insurance="medical", county=county, month=back(0), person=person)
            row.told = '{"facts": {"medical_status": "resident"}}'
            row.save(force_insert=True)
            compare(Insurance.MEDICAL, county, back(0))
        return True

    assert race(2, run).won == 2
    with everything():
        found = Finding.objects.unscoped().filter(sort="twice").values_list("county", "key")
        assert list(found) == [(YUNYANG, str(person.pk))]
        assert Comparison.objects.count() == 2
