"""Transfers, late receipts, deaths, holds and closings in whatever order: every month has one payer or a lawful stop.

``ANJU_FUZZ_EXAMPLES=350`` makes it 4,200 deeds.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.government.models import Officer
from anju.government.proving import questions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments import actions
from anju.payments.chain import horizon
from anju.payments.expecting import lacking, set_up
from anju.payments.models import Amount, Closing, Kind, Month, Payer, gives
from anju.payments.months import from_to, read
from anju.register.actions import end_person, move_relation, record_facts, restore_person
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.payments.cast import A, B, ago, begun, chain, civil, poor, strip
from tests.register.cast import KAIZHOU, clerk

C = "500236101000"
EXAMPLES = int(os.environ.get("ANJU_FUZZ_EXAMPLES", "15"))
DEEDS = 12
FIRST = 4
OURS = [question for sentence, question in questions().items() if "应办" not in sentence and "没追回" not in sentence]
Fixed = Mapping[tuple[UUID, str, int], str]
Deed = Callable[[st.DataObject], None]


class Undone(Exception):
    """Ends an example's transaction."""


class Family:
    """Two of a dibao household, the offices of three townships, and everything that may happen to them."""

    def __init__(self) -> None:
        self.village = clerk("village")
        self.offices: Mapping[str, Officer] = {code: civil(f"office{code[3:6]}", code) for code in (A, B, C)}
        self.second = {code: civil(f"second{code[3:6]}", code) for code in (A, B, C)}
        self.police = clerk("police", KAIZHOU, "county", "public_security")
        self.people = [poor(self.village), poor(self.village, name="张远", order=3, code="2")]
        begun(self.offices[A], ago(FIRST))
        self.deeds: Mapping[str, Deed] = {
            "转接": self.move, "发": self.pay, "追回": self.take_back, "推迟": self.postpone, "缓发": self.hold,
            "变类别": self.change, "死亡": self.die, "注销撤销": self.live, "关账": self.close, "夜里": self.night,
        }  # fmt: skip

    def somebody(self, data: st.DataObject) -> Person:
        return data.draw(st.sampled_from(self.people), "谁")

    def move(self, data: st.DataObject) -> None:
        office = data.draw(st.sampled_from([A, B]), "到")
        day = date.fromisoformat(f"{ago(data.draw(st.integers(0, FIRST), '几个月前'))}-01")
        since = day + timedelta(data.draw(st.integers(0, 1), "几天"))
        by = self.offices[office]
        move_relation(by=by, person=str(self.somebody(data).pk), kind="assistance", holder=office, since=since)

    def pay(self, data: st.DataObject) -> None:
        office, kind = data.draw(st.sampled_from([A, B])), data.draw(st.sampled_from(Kind.values))
        month, amount = ago(data.draw(st.integers(0, FIRST))), Decimal(data.draw(st.integers(1, 99_999))).scaleb(-2)
        back = data.draw(st.booleans(), "补发")
        person = str(self.somebody(data).pk)
        actions.pay(
            by=self.offices[office],
            person=person,
            kind=kind,
            month=month,
            payer=office,
            amount=amount,
            on=today(),
            back=back,
            reason="漏发" if back else "",
        )

    def take_back(self, data: st.DataObject) -> None:
        with everything():
            paid = list(Amount.objects.unscoped().order_by("pk"))
        if not paid:
            return
        one = data.draw(st.sampled_from(paid))
        actions.take_back(
            by=self.offices[one.payer], person=str(one.person_id), kind=one.kind, month=f"{one.month // 100}-{one.month % 100:02}",
            payer=one.payer, amount=one.amount, on=today(), offset=data.draw(st.booleans()), returned=data.draw(st.booleans(), "退汇"),
            reason="多发或者退汇",
        )  # fmt: skip

    def postpone(self, data: st.DataObject) -> None:
        month = ago(data.draw(st.integers(-1, FIRST)))
        by = self.offices[data.draw(st.sampled_from([A, B]))]
        kind = data.draw(st.sampled_from(Kind.values))
        actions.postpone(by=by, person=str(self.somebody(data).pk), kind=kind, month=month, reason="来不及")

    def hold(self, data: st.DataObject) -> None:
        with everything():
            month = data.draw(st.sampled_from(list(Month.objects.unscoped().order_by("pk"))))
        by = self.offices.get(month.payer, self.offices[A])
        if month.unconfirmed and data.draw(st.booleans()):
            actions.confirm_hold(by=self.second.get(month.payer, self.second[A]), month=str(month.pk))
        elif month.state == "held":
            actions.release_month(by=by, month=str(month.pk))
        else:
            actions.hold_month(by=by, month=str(month.pk), reason="核查")

    def change(self, data: st.DataObject) -> None:
        facts = {"assistance_kind": data.draw(st.sampled_from(["dibao", "tekun", "other", "none", None]))}
        record_facts(by=self.offices[A], kind="person", subject=str(self.somebody(data).pk), facts=facts)

    def die(self, data: st.DataObject) -> None:
        on = today() - timedelta(data.draw(st.integers(0, 120)))
        end_person(by=self.police, person=str(self.somebody(data).pk), on=on, because="death")

    def live(self, data: st.DataObject) -> None:
        restore_person(by=self.police, person=str(self.somebody(data).pk), because="同名同姓")

    def close(self, data: st.DataObject) -> None:
        office, month = data.draw(st.sampled_from([A, B])), ago(data.draw(st.integers(0, FIRST)))
        closing = actions.ask_closing(by=self.offices[office], payer=office, month=month)
        actions.close_month(by=self.second[office], closing=str(closing.pk))

    def night(self, data: st.DataObject) -> None:
        set_up(lacking())

    def check(self, before: Fixed) -> Fixed:
        """What holds always; and nothing that was paid, and that the bank did not return, or closed is another's now."""
        with everything():
            assert [question() for question in OURS] == [0] * len(OURS)
            closed = dict(Closing.objects.unscoped().exclude(closed_at=None).values_list("payer", "month"))
            rows = list(Month.objects.unscoped())
            amounts = list(Amount.objects.unscoped().order_by("recorded_at"))
            held = set(Payer.objects.unscoped().values_list("person_id", "kind"))
        left, last = Counter[tuple[object, ...]](), dict[tuple[object, ...], str]()
        for one in amounts:
            key = (one.person_id, one.kind, one.month, one.payer)
            left[key] += int(one.amount * 100) * (1 if one.sort in gives else -1)
            last[key] = one.sort
        paying = Counter((str(person), month) for (person, _, month, _), cents in left.items() if cents > 0)
        for person in self.people:
            lawful = {m.month for m in rows if m.person_id == person.pk and m.payer}
            if any(n > 1 and of == str(person.pk) and month in lawful for (of, month), n in paying.items()):
                told = facts_of("person", str(person.pk), on=today()).get("assistance_payers")
                assert told != 1, "what was paid twice, of whichever kind, is found"
        returned = {key for key, sort in last.items() if sort == "returned" and not left[key]}
        fixed = {
            (m.person_id, m.kind, m.month): m.payer
            for m in rows
            if m.state == "paid" or m.month <= closed.get(m.payer, 0)
        }
        assert all(fixed.get(key) == payer for key, payer in before.items() if (*key, payer) not in returned)
        for person in self.people:
            months: dict[int, list[str]] = {}
            for kind in Kind.values:
                steps, strip_of = chain(person, kind), strip(person, kind)
                if (person.pk, kind) not in held:
                    assert strip_of == {}
                    continue
                for month in from_to(steps[0][0], horizon()):
                    payer = [who for since, who in steps if since <= month][-1]
                    assert payer == "" or strip_of[month][0] == payer, "one payer, and the month is there"
                    months.setdefault(month, []).extend([payer] if payer else [])
            assert all(len(payers) <= 1 for payers in months.values()), "of one kind"
            assert set(from_to(read(ago(FIRST)) or 0, horizon())) <= set(months), "no month is lost"
        return fixed


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_every_month_has_one_payer_or_a_lawful_stop(data: st.DataObject) -> None:
    try:
        with transaction.atomic():
            play(data)
            raise Undone
    except Undone:
        pass


def play(data: st.DataObject) -> None:
    family = Family()
    fixed = family.check({})
    for _ in range(DEEDS):
        deed = data.draw(st.sampled_from(sorted(family.deeds)), "deed")
        with suppress(Refused), transaction.atomic():
            family.deeds[deed](data)
        fixed = family.check(fixed)
