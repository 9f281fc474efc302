"""Settling bills and taking them back: by whom, after which, and what stays in the database; one winner, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection
from django.utils import timezone

from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.actions import Charged, reverse, settle_bill, work_out
from anju.payments.actions.slip import draft_slip
from anju.payments.figures import book
from anju.payments.models import Settlement
from anju.payments.replaying import differing
from anju.register.actions import move_relation
from anju.register.facts import today
from anju.register.models import Former, Person, Relation
from anju.register.models.subjects import new_id
from anju.register.verification import verify
from tests.payments.bills import BILL, bill, ceilings, insured, medical, of_year
from tests.race import race
from tests.register.cast import ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, clerk

D = Decimal
DEEP = bill("ZY-深", level="三级", total=D("60000"))
"""More than the halved threshold of catastrophic insurance."""


@pytest.fixture
def officer(db: None) -> Officer:
    return medical()


@pytest.fixture
def patient(village: Officer) -> Person:
    return insured(village)


def four(row: Settlement) -> tuple[Decimal, ...]:
    return row.basic, row.catastrophic, row.assistance, row.own


def sound() -> bool:
    return not [sentence for sentence, n in verify().items() if n]


def test_a_bill_is_settled_by_the_page(officer: Officer, patient: Person) -> None:
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    assert four(row) == (D("6790.00"), D(0), D("2210.00"), D("1000.00"))
    assert (row.year, row.seq, row.insured) == (today().year, 1, YUNYANG)
    assert sound()


def test_a_years_bills_go_on_from_one_another(officer: Officer, patient: Person) -> None:
    first = settle_bill(by=officer, person=patient.pk, charged=DEEP)
    second = settle_bill(by=officer, person=patient.pk, charged=bill("ZY-2", total=D("1300.00")))
    assert first.catastrophic > 0
    assert second.catastrophic == D("390.00"), "the threshold of the year is used up"
    assert sound()


def test_the_county_s_own_figure_comes_first_and_says_so(officer: Officer, patient: Person) -> None:
    CountyValue.objects.create(
        county=YUNYANG, parameter="医疗救助住院比例低保", value=D(80), since=today(), basis="云阳医保发〔2026〕1号"
    )
    worked = work_out(by=officer, person=patient.pk, charged=BILL)
    assert worked.parts.own == D("642.00")
    figures = {figure.name: figure for step in worked.parts.steps for figure in step.figures}
    assert (figures["医疗救助住院比例低保"].own, figures["医疗救助住院比例低保"].source) == (
        True,
        "云阳医保发〔2026〕1号",
    )
    assert "待核" in figures["居民医保住院起付线二级"].source
    assert of_year(patient) == []


@pytest.mark.parametrize(
    ("on", "own", "source"),
    [(date(2021, 12, 31), "10", "2019–2021 年健康扶贫口径，待核"), (date(2022, 1, 1), None, None)],
    ids=["2021 年最后一天", "2022 年第一天"],
)
@pytest.mark.django_db
def test_the_ceiling_of_the_page_ends_with_2021(on: date, own: str | None, source: str | None) -> None:
    figure = book("1.6", YUNYANG, on).get("贫困人口住院自付上限")
    assert (figure and str(figure.value), figure and figure.source) == (own, source)
    ceilings(YUNYANG)
    figure = book("1.6", YUNYANG, on)["贫困人口住院自付上限"]
    assert (figure.value, figure.own) == (D(10), own is None)
    assert "贫困人口住院自付上限" not in book("1.6", KAIZHOU, date(2022, 1, 1))


def test_without_a_ceiling_the_share_alone_is_paid(officer: Officer, patient: Person) -> None:
    CountyValue.objects.filter(parameter__startswith="贫困人口").delete()
    with pytest.raises(Refused, match="“医疗救助住院比例低保”还没有定"):
        work_out(by=officer, person=patient.pk, charged=BILL)
    CountyValue.objects.create(
        county=YUNYANG,
        parameter="医疗救助住院比例低保",
        value=D(65),
        since=today(),
        basis="示例：云阳医保发〔2026〕1号",
    )
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    assert four(row) == (D("6790.00"), D(0), D("2086.50"), D("1123.50"))
    ceilings(YUNYANG)
    row = settle_bill(by=officer, person=patient.pk, charged=bill("ZY-0002"))
    assert four(row) == (D("6790.00"), D(0), D("2210.00"), D("1000.00"))
    assert sound()


def test_the_same_bill_is_settled_once_however_it_is_written(
    officer: Officer, patient: Person, village: Officer
) -> None:
    settle_bill(by=officer, person=patient.pk, charged=BILL)
    other = insured(village, order=3, code="3", name="王秀英")
    for person in (patient, other):
        with pytest.raises(Refused, match="已经结算过"):
            settle_bill(by=officer, person=person.pk, charged=bill(" zy-0001 "))
    settle_bill(by=officer, person=other.pk, charged=replace(BILL, institution="双龙镇卫生院"))


def test_a_bill_is_settled_where_the_person_was_insured_on_its_day(officer: Officer, patient: Person) -> None:
    move_relation(by=officer, person=str(patient.pk), kind="medical", holder=ORIGIN, since=today())
    there, yesterday = medical("there", KAIZHOU), today() - timedelta(days=1)
    with pytest.raises(Refused, match="不在您的范围里"):
        settle_bill(by=officer, person=patient.pk, charged=BILL)
    with pytest.raises(Refused, match="不在您的范围里"):
        work_out(by=there, person=patient.pk, charged=bill("ZY-昨天", on=yesterday))
    assert (
        work_out(by=officer, person=patient.pk, charged=bill("ZY-早", on=today() - timedelta(days=400))).insured
        == YUNYANG
    )
    before = settle_bill(by=officer, person=patient.pk, charged=bill("ZY-昨天", on=yesterday))
    after = settle_bill(by=there, person=patient.pk, charged=BILL)
    assert (before.insured, after.insured) == (YUNYANG, KAIZHOU)


@pytest.mark.parametrize(("days", "group"), [(0, "贫困人员"), (1, "低保"), (2, "低保")])
def test_a_bill_is_settled_by_the_group_of_its_day(officer: Officer, patient: Person, days: int, group: str) -> None:
    """Who got dibao until this morning was of that group the day before; what was never told otherwise is as it is known now."""
    document = Person.objects.unscoped().get(pk=patient.pk).facts
    morning = timezone.make_aware(datetime.combine(today(), time(0, 1)))
    Former.objects.create(
        subject_kind="person", subject_id=str(patient.pk), until=morning, facts=document, revision=900
    )
    Person.objects.unscoped().filter(pk=patient.pk).update(facts={**document, "assistance_kind": "none"})
    worked = work_out(by=officer, person=patient.pk, charged=bill("ZY-早", on=today() - timedelta(days=days)))
    assert worked.bill.group == group


def test_what_is_sent_twice_is_settled_once(officer: Officer, patient: Person) -> None:
    key = new_id()
    rows = [settle_bill(by=officer, person=patient.pk, charged=BILL, key=key) for _ in range(2)]
    assert rows[0] == rows[1]
    assert len(of_year(patient)) == 1


def test_it_is_taken_back_and_settled_anew(officer: Officer, patient: Person) -> None:
    wrong = settle_bill(by=officer, person=patient.pk, charged=DEEP)
    reverse(by=officer, settlement=wrong.pk, reason="等级录错了")
    with pytest.raises(Refused, match="已经冲正"):
        reverse(by=officer, settlement=wrong.pk, reason="再冲一次")
    right = settle_bill(by=officer, person=patient.pk, charged=replace(DEEP, level="二级"))
    assert [(row.did, row.seq, row.attempt) for row in of_year(patient)] == [
        ("settled", 1, 1),
        ("reversed", 2, 1),
        ("settled", 3, 2),
    ]
    assert right.catastrophic > 0, "nothing of the wrong one is used up"
    assert sound()


def test_the_last_one_goes_first(officer: Officer, patient: Person) -> None:
    first = settle_bill(by=officer, person=patient.pk, charged=DEEP)
    second = settle_bill(by=officer, person=patient.pk, charged=BILL)
    with pytest.raises(Refused, match="从最后一笔冲起"):
        reverse(by=officer, settlement=first.pk, reason="等级录错了")
    reverse(by=officer, settlement=second.pk, reason="先冲后面的")
    reverse(by=officer, settlement=first.pk, reason="等级录错了")
    assert sound()


REFUSED = {
    "同步搬迁": ({"relocatee_kind": "concurrent"}, BILL, "只管建档立卡"),
    "职工医保": ({"medical_status": "employee"}, BILL, "只结算居民医保"),
    "救助类别不知道": ({"assistance_kind": None}, BILL, "“救助类别”还没有登记"),
    "明天的单据": ({}, replace(BILL, on=today() + timedelta(1)), "不能晚于今天"),
    "没有单据号": ({}, replace(BILL, number=" "), "单据号要写"),
    "单据号里写了证件号码": ({}, replace(BILL, number="11010519491231002X"), "不能写证件号码"),
    "自费太多": ({}, replace(BILL, outside=D("10000.01")), "不能超过总费用"),
    "那时还没有标准": ({}, replace(BILL, on=today().replace(year=2023)), "在这一天没有值"),
}


@pytest.mark.parametrize(("facts", "charged", "why"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_settled_says_why(
    officer: Officer, village: Officer, facts: dict[str, Any], charged: Charged, why: str
) -> None:
    person = insured(village, **facts)
    with pytest.raises(Refused, match=why):
        settle_bill(by=officer, person=person.pk, charged=charged)
    assert of_year(person) == []


def test_only_the_insurer_s_own_line_settles_or_sees(officer: Officer, patient: Person, village: Officer) -> None:
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    others = {
        "elsewhere": medical("elsewhere", ELSEWHERE),
        "origin": medical("origin", KAIZHOU),
        "civil": clerk("civil", YUNYANG, "county", "civil_affairs"),
        "village": village,
        "city": clerk("city", "500000000000", "city", "medical_security"),
    }
    for who in others.values():
        with pytest.raises(Refused, match="没有这一条" if who == others["elsewhere"] else "不在您的范围里"):
            settle_bill(by=who, person=patient.pk, charged=bill("ZY-9"))
        with pytest.raises(Refused, match="不在您的范围里" if who == others["city"] else "没有这一条"):
            reverse(by=who, settlement=row.pk, reason="看看")
        seen = Settlement.objects.visible_to(who, purpose="经办").exists()
        assert seen is (who == others["city"]), "the city looks on"
    assert Settlement.objects.visible_to(officer, purpose="经办").get() == row


def test_a_slip_needs_the_bill_and_the_person_within_reach(officer: Officer, patient: Person) -> None:
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    with pytest.raises(Refused, match="没有这一条"):  # sees the person, not the bill
        draft_slip(by=medical("origin", KAIZHOU), settlement=row.pk)
    with everything():
        Person.objects.unscoped().filter(pk=patient.pk).update(origin=ELSEWHERE, destination=ELSEWHERE)
    assert draft_slip(by=officer, settlement=row.pk).pk is not None, "insures the person still"
    with everything():
        held = Relation.objects.unscoped().get(person=patient, kind="medical")
        Relation.objects.create(
            person=patient, kind="medical", holder=ELSEWHERE, since=today(), because="moved", after=held.since
        )
    with pytest.raises(Refused, match="没有这一条"):  # sees the bill, the person no longer
        draft_slip(by=officer, settlement=row.pk)


def test_where_somebody_was_treated_lies_sealed_and_in_no_journal(officer: Officer, patient: Person) -> None:
    row = settle_bill(by=officer, person=patient.pk, charged=BILL)
    reverse(by=officer, settlement=row.pk, reason="等级录错了")
    with everything(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM payments_settlement")
        stored = repr(cursor.fetchall())
    told = repr(list(Entry.objects.values_list("detail", "object_id", "purpose")))
    for word in ("人民医院", "ZY-0001", "二级", "等级录错了"):
        assert word not in stored + told


def test_what_was_worked_out_comes_out_again(officer: Officer, patient: Person) -> None:
    settle_bill(by=officer, person=patient.pk, charged=DEEP)
    assert differing() == 0
    with everything(), connection.cursor() as cursor:
        connection.check_constraints()
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE payments_settlement DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER settlement_never_rewritten")
        cursor.execute("UPDATE payments_settlement SET own = own - 1, assistance = assistance + 1")
        assert differing() == 1


def test_sixteen_with_one_bill(own_database: str) -> None:
    village, officer = clerk("village"), medical()
    patient = insured(village)
    found = race(16, lambda _: settle_bill(by=officer, person=patient.pk, charged=BILL))
    assert (found.won, found.only_raised(Refused)) == (1, True)
    assert len(of_year(patient)) == 1


def test_sixteen_bills_use_up_one_threshold(own_database: str) -> None:
    village, officer = clerk("village"), medical()
    patient = insured(village)
    charged = [bill(f"ZY-{number}", level="三级", total=D("5000")) for number in range(16)]
    found = race(16, lambda number: settle_bill(by=officer, person=patient.pk, charged=charged[number]))
    assert (found.won, found.raised) == (16, [])
    rows = of_year(patient)
    burden = 16 * D("2900.00")  # half of what is beyond 800 yuan, and these 800
    assert sum(row.catastrophic for row in rows) == ((burden - D("9928")) * D("0.65")).quantize(D("0.01"))
    assert [row.seq for row in rows] == [*range(1, 17)]
    assert sound()


def copied(person: Person, **given: object) -> None:
    """Another row with the amounts of the first one."""
    first = of_year(person)[0]
    names = ("insured", "year", "total", "basic", "catastrophic", "assistance", "own", "by")
    whole = {**{name: getattr(first, name) for name in names}, "seq": 2, "bill": "f" * 64, "attempt": 1, **given}
    row = Settlement(person=person, **whole)
    row.told = "{}"
    row.save(force_insert=True)


def raw(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


ATTACKS: dict[str, Callable[[Person], object]] = {
    "改写金额": lambda p: raw("UPDATE payments_settlement SET own = 0, assistance = assistance + own"),
    "四项加起来不对": lambda p: copied(p, own=D(1)),
    "负数": lambda p: copied(p, own=D("2001"), assistance=D("-1"), basic=D("8000")),
    "删掉": lambda p: raw("DELETE FROM payments_settlement"),
    "换一个人": lambda p: raw("UPDATE payments_settlement SET seq = 7"),
    "同一张单据再算一次": lambda p: copied(p, bill=of_year(p)[0].bill, attempt=2),
    "同一张单据，同一次": lambda p: copied(p, bill=of_year(p)[0].bill),
    "插在前面": lambda p: copied(p, seq=1),
    "跳过一笔": lambda p: copied(p, seq=3),
    "冲正没有指明": lambda p: copied(p, did="reversed"),
    "结算带着冲正": lambda p: copied(p, reverses=of_year(p)[0]),
    "冲得不一样多": lambda p: copied(
        p, did="reversed", reverses=of_year(p)[0], bill=of_year(p)[0].bill, own=D("999"), basic=D("6791")
    ),
    "参保地不是代码": lambda p: copied(p, insured="云阳"),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_the_database_itself_refuses(officer: Officer, patient: Person, attack: Callable[[Person], object]) -> None:
    settle_bill(by=officer, person=patient.pk, charged=BILL)
    with pytest.raises((IntegrityError, DataError)):
        carried_out(attack, patient)


def carried_out(attack: Callable[[Person], object], person: Person) -> None:
    with everything():
        attack(person)
        connection.check_constraints()


def test_what_the_attacks_begin_with_is_allowed(officer: Officer, patient: Person) -> None:
    settle_bill(by=officer, person=patient.pk, charged=BILL)
    with everything():
        copied(patient)
        second = of_year(patient)[1]
        copied(patient, did="reversed", reverses=second, seq=3)
        copied(patient, seq=4, attempt=2)
