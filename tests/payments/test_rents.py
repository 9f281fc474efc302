"""The land-rent subsidy: who is owed it, rate times area, once a plot and year, never more than the budget; on both engines."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from anju.cases.plots import plot_of
from anju.duties.models import CountyValue
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.payments.actions import approve_rent, propose_rent, reverse_rent, set_rent_budget, withdraw_rent
from anju.payments.models import RentGrant
from anju.payments.rents import amount_of
from anju.register.actions import end_person, record_facts
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.payments.rents import RATE, budget, farming, granted, owed, paid, rate, sound, tenant
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk

D = Decimal
SIBLING = "500235104203"


@pytest.fixture
def first(db: None) -> Officer:
    return farming("first")


@pytest.fixture
def second(db: None) -> Officer:
    return farming("second", line="rural_revitalisation")


@pytest.fixture
def person(village: Officer, first: Officer) -> Person:
    """Of a county with a rate and a budget."""
    rate()
    budget(first)
    return tenant(village)


def test_what_one_proposes_and_another_approves_ends_the_duty(first: Officer, second: Officer, person: Person) -> None:
    assert (owed(person), paid(person)) == (True, None)
    row = propose_rent(by=first, person=person.pk, plot="脆李园 A－０３")
    assert (row.plot, row.mu, row.whole, row.rate, row.amount) == ("脆李园A-03", D("4.5"), D("4.5"), D(200), D(900))
    assert (row.village, row.destination, row.county, row.basis) == (
        DESTINATION,
        DESTINATION,
        YUNYANG,
        "云农发〔2026〕3号",
    )
    assert (owed(person), paid(person)) == (True, None), "nothing is paid yet"
    with pytest.raises(Refused, match="另一位干部"):
        approve_rent(by=first, grant=row.pk, paid_on=today())
    approve_rent(by=second, grant=row.pk, paid_on=today())
    assert (owed(person), paid(person)) == (False, True)
    with pytest.raises(Refused, match="已补助"):
        approve_rent(by=second, grant=row.pk, paid_on=today())
    deeds = (
        Entry.objects.filter(object_kind="rent", object_id=str(row.pk)).order_by("pk").values_list("action", flat=True)
    )
    assert list(deeds) == ["payments.propose_rent", "payments.approve_rent"]
    assert sound()


def test_of_two_plots_the_first_leaves_the_duty_standing(first: Officer, second: Officer, person: Person) -> None:
    granted(first, second, person, "东坡", mu=D("2.5"))
    assert (owed(person), paid(person)) == (True, False)
    with pytest.raises(Refused, match=r"还可以提 2\.00 亩"):
        propose_rent(by=first, person=person.pk, plot="西坡", mu=D("2.01"))
    granted(first, second, person, "西坡")
    assert (owed(person), paid(person)) == (False, True)


LEDGER: dict[str, tuple[str, float | None, bool]] = {
    "少到已补的": ("2", 2.0, True),
    "少到差一厘": ("2", 2.01, False),
    "多了两亩": ("4.5", 6.5, False),
    "多了不到一厘": ("4.5", 4.509, True),
    "删了，全补过": ("4.5", None, True),
    "删了，没补完": ("2", None, False),
}


@pytest.mark.parametrize("case", LEDGER)
def test_what_the_ledger_says_now_is_what_is_owed(
    first: Officer, second: Officer, person: Person, village: Officer, case: str
) -> None:
    mu, later, ends = LEDGER[case]
    granted(first, second, person, "东坡", mu=D(mu))
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"rented_mu": later})
    assert (owed(person), paid(person)) == (not ends, ends)


def test_what_is_rented_more_in_the_year_is_granted_too(
    first: Officer, second: Officer, person: Person, village: Officer
) -> None:
    granted(first, second, person, "东坡")
    before = timezone.now()
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"rented_mu": 6.5})
    assert facts_of("person", str(person.pk), on=today(), at=before)["rent_subsidy_paid"] is True
    row = granted(first, second, person, "西坡")
    assert (row.mu, row.whole, owed(person), paid(person)) == (D(2), D("6.5"), False, True)
    with pytest.raises(Refused, match="已经补过了"):
        propose_rent(by=first, person=person.pk, plot="北坡")
    assert sound()


@pytest.mark.parametrize(("written", "whole"), [(0.285, "0.28"), (4.999, "4.99"), (4.99, "4.99")])
def test_less_than_a_hundredth_of_a_mu_is_not_subsidised(
    first: Officer, village: Officer, written: float, whole: str
) -> None:
    rate()
    budget(first)
    assert propose_rent(by=first, person=tenant(village, rented_mu=written).pk, plot="A-03").mu == D(whole)


def test_next_year_it_is_owed_again(first: Officer, second: Officer, person: Person) -> None:
    granted(first, second, person)
    next_year = today().replace(year=today().year + 1, month=1, day=1)
    assert facts_of("person", str(person.pk), on=next_year)["rent_subsidy_paid"] is False


def test_what_is_taken_back_is_owed_again_and_the_plot_is_free(first: Officer, second: Officer, person: Person) -> None:
    row = granted(first, second, person)
    with pytest.raises(Refused, match="为什么"):
        reverse_rent(by=first, grant=row.pk, reason=" ")
    reverse_rent(by=first, grant=row.pk, reason="地块写错了")
    assert (owed(person), paid(person)) == (True, False)
    with pytest.raises(Refused, match="已冲回"):
        reverse_rent(by=first, grant=row.pk, reason="再来一次")
    granted(first, second, person)
    assert (owed(person), sound()) == (False, True)


def test_what_was_known_before_stays_known(first: Officer, second: Officer, person: Person) -> None:
    row = granted(first, second, person)
    reverse_rent(by=first, grant=row.pk, reason="地块写错了")
    with everything():
        row = RentGrant.objects.unscoped().get(pk=row.pk)
    assert row.approved_at is not None
    known = {
        at: facts_of("person", str(person.pk), on=today(), at=at)
        for at in (row.asked_at, row.approved_at, row.ended_at)
    }
    assert [facts.get("rent_subsidy_paid") for facts in known.values()] == [None, True, False]


def test_a_proposal_that_is_given_up_frees_the_plot(first: Officer, village: Officer, person: Person) -> None:
    other = tenant(village, order=3, code="3", name="李二")
    row = propose_rent(by=first, person=person.pk, plot="A-03")
    with pytest.raises(Refused, match="同一块地一年只补一次"):
        propose_rent(by=first, person=other.pk, plot="ａ 03".replace(" ", "—"))
    withdraw_rent(by=first, grant=row.pk)
    assert propose_rent(by=first, person=other.pk, plot="a-03").plot == "A-03"


def test_the_same_plot_of_another_village_is_another_one(first: Officer, village: Officer, person: Person) -> None:
    other = tenant(village, order=3, code="3", name="李二")
    propose_rent(by=first, person=person.pk, plot="A-03")
    assert propose_rent(by=first, person=other.pk, plot="A-03", place=SIBLING).village == SIBLING


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"rents_land": False}, "没有在迁入地流转土地"),
        ({"efficient_agriculture": False}, "没有发展特色高效农业"),
        ({"efficient_agriculture": None}, "缺高效特色农业"),
        ({"rented_mu": None}, "“流转亩数”没有登记"),
        ({"rent_subsidy_paid": True}, "已经补过了"),
    ],
    ids=["没有流转", "一般庄稼", "没有认定", "亩数没有登记", "今年补过"],
)
def test_only_who_is_owed_it_gets_it(first: Officer, village: Officer, facts: dict[str, Any], sentence: str) -> None:
    rate()
    budget(first)
    with pytest.raises(Refused, match=sentence):
        propose_rent(by=first, person=tenant(village, **facts).pk, plot="A-03")


def test_without_the_county_s_rate_no_amount_is_counted(first: Officer, village: Officer) -> None:
    budget(first)
    rate(county=KAIZHOU)
    by_hand = tenant(village, subsidy_rate=200)
    with pytest.raises(Refused, match="还没有定“流转费补助标准”"):
        propose_rent(by=first, person=by_hand.pk, plot="A-03")
    rate("0")
    with pytest.raises(Refused, match="还没有定“流转费补助标准”"):
        propose_rent(by=first, person=by_hand.pk, plot="A-03")


def test_a_rate_with_a_part_of_a_cent_is_refused(first: Officer, village: Officer) -> None:
    budget(first)
    rate("200.005")
    with pytest.raises(Refused, match="精确到分"):
        propose_rent(by=first, person=tenant(village).pk, plot="A-03")


def test_without_a_budget_nothing_is_granted(first: Officer, village: Officer) -> None:
    rate()
    with pytest.raises(Refused, match="还没有登记预算"):
        propose_rent(by=first, person=tenant(village).pk, plot="A-03")


@pytest.mark.parametrize(("amount", "fits"), [("900.00", True), ("899.99", False)], ids=["刚好", "差一分"])
def test_the_budget_to_the_cent(first: Officer, village: Officer, amount: str, fits: bool) -> None:
    rate()
    budget(first, amount)
    person = tenant(village)
    if fits:
        assert propose_rent(by=first, person=person.pk, plot="A-03").amount == D(900)
    else:
        with pytest.raises(Refused, match=r"只剩 899\.99 元"):
            propose_rent(by=first, person=person.pk, plot="A-03")


def test_what_was_granted_meanwhile_is_no_longer_in_the_budget(
    first: Officer, second: Officer, village: Officer
) -> None:
    rate()
    budget(first, "1000")
    people = [tenant(village, order=n, code=str(n), name=f"李{n}") for n in (3, 5)]
    rows = [propose_rent(by=first, person=one.pk, plot=one.name) for one in people]
    approve_rent(by=second, grant=rows[0].pk, paid_on=today())
    with pytest.raises(Refused, match=r"只剩 100\.00 元"):
        approve_rent(by=second, grant=rows[1].pk, paid_on=today())
    reverse_rent(by=first, grant=rows[0].pk, reason="发错了")
    approve_rent(by=second, grant=rows[1].pk, paid_on=today())
    with pytest.raises(Refused, match=r"已经补助了 900\.00 元"):
        budget(first, "899.99")
    assert budget(first, "900").seq == 2
    assert sound()


def test_a_budget_is_the_county_s_agriculture_s(first: Officer, second: Officer) -> None:
    given: dict[str, Any] = {
        "county": YUNYANG,
        "year": today().year,
        "amount": D(1),
        "on": today(),
        "basis": "云财农〔2026〕12号",
    }
    township = farming("township", f"{DESTINATION[:9]}000", level="township")
    for who in (second, township, farming("there", KAIZHOU), clerk("civil", YUNYANG, "county", "civil_affairs")):
        with pytest.raises(Refused, match="不在您的范围里"):
            set_rent_budget(by=who, **given)
    for wrong, sentence in (
        ({"year": today().year - 1}, "不再登记"),
        ({"on": today() + timedelta(1)}, "还没有到"),
        ({"basis": " "}, "写明依据"),
        ({"amount": D(0)}, "大于 0"),
    ):
        with pytest.raises(Refused, match=sentence):
            set_rent_budget(by=first, **{**given, **wrong})
    row = set_rent_budget(by=first, **given)
    told = json.loads(Entry.objects.get(action="payments.set_rent_budget", object_id=str(row.pk)).detail)
    assert (told["amount"], told["basis"]) == ("1.00", "云财农〔2026〕12号")


def test_who_is_no_longer_owed_it_is_not_approved(
    first: Officer, second: Officer, person: Person, village: Officer
) -> None:
    row = propose_rent(by=first, person=person.pk, plot="A-03")
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"efficient_agriculture": False})
    with pytest.raises(Refused, match="请撤回这一笔"):
        approve_rent(by=second, grant=row.pk, paid_on=today())
    record_facts(
        by=village, kind="person", subject=str(person.pk), facts={"efficient_agriculture": True, "rented_mu": 4.4}
    )
    with pytest.raises(Refused, match=r"现在是 4\.40 亩"):
        approve_rent(by=second, grant=row.pk, paid_on=today())
    end_person(
        by=clerk("police", KAIZHOU, "county", "public_security"), person=str(person.pk), on=today(), because="death"
    )
    with pytest.raises(Refused, match="已经注销"):
        approve_rent(by=second, grant=row.pk, paid_on=today())
    withdraw_rent(by=second, grant=row.pk)


def test_a_rate_that_no_longer_holds_is_not_approved(first: Officer, second: Officer, person: Person) -> None:
    row = propose_rent(by=first, person=person.pk, plot="A-03")
    with everything():
        CountyValue.objects.filter(parameter=RATE).update(value=D(150))
    with pytest.raises(Refused, match=r"现在是 150\.00 元，这一笔是照 200\.00 元提的；请撤回这一笔"):
        approve_rent(by=second, grant=row.pk, paid_on=today())
    withdraw_rent(by=first, grant=row.pk)
    assert granted(first, second, person).amount == D(675)


@pytest.mark.parametrize("days", [-1, 1], ids=["提出以前", "明天"])
def test_a_day_on_which_it_cannot_have_been_paid(first: Officer, second: Officer, person: Person, days: int) -> None:
    row = propose_rent(by=first, person=person.pk, plot="A-03")
    with pytest.raises(Refused, match="发放日"):
        approve_rent(by=second, grant=row.pk, paid_on=today() + timedelta(days))


def test_who_proposes_who_approves_and_who_only_sees(second: Officer, person: Person, village: Officer) -> None:
    township = farming("township", f"{DESTINATION[:9]}000", level="township")
    with pytest.raises(Refused, match="不在您的范围里"):
        propose_rent(by=village, person=person.pk, plot="A-03")
    row = propose_rent(by=township, person=person.pk, plot="A-03", place=SIBLING)
    other = farming("other", f"{DESTINATION[:9]}000", level="township")
    for who in (village, other, farming("by", SIBLING, level="village", line="collective")):
        assert RentGrant.objects.visible_to(who, purpose="经办").exists()
        with pytest.raises(Refused, match="复核在区县"):
            approve_rent(by=who, grant=row.pk, paid_on=today())
    strangers = (
        farming("there", KAIZHOU),
        farming("origin", ORIGIN, level="village"),
        farming("near", "500235105000", level="township"),
        clerk("civil", YUNYANG, "county", "civil_affairs"),
    )
    for who in strangers:
        assert not RentGrant.objects.visible_to(who, purpose="经办").exists()
        with pytest.raises(Refused, match="没有这一条"):
            withdraw_rent(by=who, grant=row.pk)
    approve_rent(by=second, grant=row.pk, paid_on=today())


def test_what_is_sent_twice_is_proposed_once(first: Officer, person: Person) -> None:
    key = person.pk
    rows = [propose_rent(by=first, person=person.pk, plot="A-03", key=key).pk for _ in range(2)]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "other",
    [{"plot": "A-04"}, {"mu": D("1.5")}, {"place": SIBLING}, {"person": "another"}],
    ids=["别的地块", "别的亩数", "别的村", "别的人"],
)
def test_something_else_with_the_same_key_is_refused(
    first: Officer, person: Person, village: Officer, other: dict[str, Any]
) -> None:
    another = tenant(village, order=3, code="3", name="李二")
    given: dict[str, Any] = {"by": first, "person": person.pk, "plot": "A-03", "mu": D("2.5"), "key": person.pk}
    row = propose_rent(**given)
    assert propose_rent(**given | {"plot": "ａ－０３", "mu": D("2.50"), "place": DESTINATION}).pk == row.pk
    if "person" in other:
        other = {"person": another.pk}
    with pytest.raises(Refused, match="和现在写的不一样"):
        propose_rent(**given | other)
    with everything():
        assert RentGrant.objects.unscoped().count() == 1


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"plot": " "}, "照流转合同"),
        ({"plot": "地" * 61}, "最多 60 个字"),
        ({"plot": "500999198005060011"}, "不能写证件号码"),
        ({"mu": D(0)}, "亩数大于 0"),
        ({"mu": D("0.001")}, "最多两位小数"),
        ({"mu": D("4.51")}, "还可以提 4.50 亩"),
        ({"place": f"{DESTINATION[:9]}000"}, "要写到村"),
        ({"place": ORIGIN}, "迁入的区县里"),
    ],
    ids=["没有地块", "太长", "证件号码", "零亩", "三位小数", "比流转的多", "只到乡镇", "别的区县"],
)
def test_what_was_written_wrong(first: Officer, person: Person, given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        propose_rent(by=first, person=person.pk, **{"plot": "A-03", **given})


@pytest.mark.parametrize(
    ("text", "same"),
    [("ａ－０３", "A-03"), (" 东 坡　１号 ", "东坡1号"), ("A—3", "A-3"), ("（二）组", "(二)组")],
    ids=["全角", "空格", "破折号", "括号"],
)
def test_a_plot_is_written_one_way(text: str, same: str) -> None:
    assert plot_of(text) == same


@pytest.mark.parametrize(
    ("mu", "per_mu", "amount"),
    [("4.5", "200", "900.00"), ("0.33", "150.5", "49.67"), ("0.35", "0.1", "0.04"), ("0.01", "0.5", "0.01")],
    ids=["整数", "四舍", "半分进一", "半分"],
)
def test_an_amount_to_the_cent(mu: str, per_mu: str, amount: str) -> None:
    assert amount_of(D(mu), D(per_mu)) == D(amount)
