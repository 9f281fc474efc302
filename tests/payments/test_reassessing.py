"""重新核定: a household of which a part moves is two parts from one month on; nobody is in both or in none, and two sides agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.documents.content import Content
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import Share, agree_reassessment, reassessing, withdraw_reassessment
from anju.payments.actions.assessed_form import draft_reassessment
from anju.payments.models import Part, Reassessment
from anju.register.actions import join_household, leave_household, move_relation, record_wish
from anju.register.actions.by_case import put_facts
from anju.register.facts import facts_of, today
from anju.register.models import Household, Person, Wish
from tests.desk.cast import browser as signed_in
from tests.payments.assessed import BASIS, drawn, halves, member, swapped
from tests.payments.cast import A, B, ago, back, begun, chain, civil, earlier, paid, poor, strip
from tests.register.cast import clerk, household, zhang

D3 = Decimal("300.00")


def test_from_the_month_on_it_is_two_parts(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    form = drawn(origin, home, halves(family))
    before = [strip(one) for one in family]
    assert facts_of("person", str(family[2].pk), on=today()).get("dibao_split_settled") is None
    agree_reassessment(by=destination, reassessment=form.pk)
    assert strip(family[0]) == {back(1): (A, "paid"), back(0): ("", "stopped"), back(-1): ("", "stopped")}
    assert strip(family[0], "tekun") == {back(0): (A, "expected"), back(-1): (A, "expected")}
    assert strip(family[2]) == before[2], "who pays is not changed by it"
    kinds = [facts_of("person", str(one.pk), on=today())["assistance_kind"] for one in family]
    assert kinds == ["tekun", "tekun", "dibao"]
    assert facts_of("person", str(family[2].pk), on=today())["dibao_split_settled"] is True


def test_each_month_of_each_has_one_payer_throughout(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(family)).pk)
    for one in family:
        both = [strip(one), strip(one, "tekun")]
        paying = [sum(1 for months in both if months.get(back(n), ("", ""))[0]) for n in (1, 0, -1)]
        assert paying == [1, 1, 1]


def test_who_does_not_count_any_more_stops_with_that_month(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    father, mother, son = (str(one.pk) for one in family)
    parts = halves(family, stays=Share(A, "dibao", Decimal("496.00"), [father], [mother]))
    agree_reassessment(by=destination, reassessment=drawn(origin, home, parts, ago(-1)).pk)
    assert chain(family[0]) == [(back(1), A)]
    assert chain(family[1]) == [(back(1), A), (back(-1), "")]
    assert facts_of("person", mother, on=today())["assistance_kind"] == "none"
    assert facts_of("person", son, on=today())["assistance_kind"] == "dibao"


@pytest.fixture
def unpaid(request: pytest.FixtureRequest, village: Officer, home: Household) -> list[Person]:
    """The same three, whose 低保 ended once: where their assistance lies is known, and nobody is paid."""
    people = [member(village, home, name, n, "子女") for n, name in enumerate(("张青山", "王秀英", "张小山"), 1)]
    with everything():
        for one in people:
            kind = getattr(request, "param", "none")
            put_facts(kind="person", subject=str(one.pk), facts={"assistance_kind": kind})
    return people


@pytest.mark.parametrize("first", [-1, 0, 2], ids=["下月", "本月", "前两个月"])
@pytest.mark.parametrize("unpaid", ["none", "other", None], ids=["不享受", "别的救助", "没有登记"], indirect=True)
def test_who_is_newly_counted_begins_with_that_month(
    village: Officer, origin: Officer, destination: Officer, home: Household, unpaid: list[Person], first: int
) -> None:
    poor(village, name="李四", order=9, code="9")
    begun(origin, ago(3))
    agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(unpaid), ago(first)).pk)
    assert [chain(unpaid[0], "tekun"), chain(unpaid[2])] == [[(back(first), A)], [(back(first), A)]]
    assert strip(unpaid[2]) == {back(n): (A, "expected") for n in range(first, -2, -1)}
    assert facts_of("person", str(unpaid[2].pk), on=today())["assistance_kind"] == "dibao"


def test_who_is_counted_by_an_office_that_keeps_no_months_has_none(
    origin: Officer, destination: Officer, home: Household, unpaid: list[Person]
) -> None:
    agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(unpaid), ago(-1)).pk)
    assert chain(unpaid[2]) == []


def test_the_household_is_locked_before_its_members_are_counted(
    origin: Officer, destination: Officer, home: Household, family: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    form, check, before = drawn(origin, home, halves(family)), reassessing._check_members, list[str]()

    def checked(*given: Any) -> None:
        before.extend(query["sql"] for query in asked.captured_queries)
        check(*given)

    monkeypatch.setattr(reassessing, "_check_members", checked)
    with CaptureQueriesContext(connection) as asked:
        agree_reassessment(by=destination, reassessment=form.pk)
    locks = [sql for sql in before if 'FROM "register_household" WHERE' in sql]
    assert locks
    if connection.features.has_select_for_update:
        assert "FOR UPDATE" in locks[-1]
    people = [sql for sql in before if 'FROM "register_person" WHERE' in sql and '"register_person"."id" =' in sql]
    assert before.index(locks[0]) < before.index(people[0]), (
        "as the register locks them, so that nobody waits in a ring"
    )


WRONG: dict[str, tuple[Callable[[list[Person]], dict[str, Any]], str]] = {
    "漏了一个人": (lambda f: {"stays": Share(A, "tekun", Decimal(806), [str(f[0].pk)])}, "还有 1 人没有写留下还是迁走"),
    "一个人在两份里": (
        lambda f: {"goes": Share(B, "dibao", Decimal(496), [str(f[2].pk), str(f[0].pk)])},
        "有人在两份里都有",
    ),
    "迁走的没有人": (lambda _: {"goes": Share(B, "dibao", Decimal(496), [])}, "迁走的一份没有人"),
    "有人没有钱": (lambda f: {"goes": Share(B, "dibao", Decimal(0), [str(f[2].pk)])}, "金额要大于 0"),
    "不再享受却有钱": (lambda f: {"goes": Share(B, "none", Decimal(1), [], [str(f[2].pk)])}, "金额写 0"),
    "没有这种救助": (lambda f: {"goes": Share(B, "other", Decimal(1), [str(f[2].pk)])}, "写低保、特困或者不再享受"),
    "不是乡镇": (lambda f: {"goes": Share("500235000000", "dibao", Decimal(1), [str(f[2].pk)])}, "由哪个乡镇发"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_not_whole_is_refused(origin: Officer, home: Household, family: list[Person], wrong: str) -> None:
    change, sentence = WRONG[wrong]
    with pytest.raises(Refused, match=sentence):
        drawn(origin, home, halves(family, **change(family)))
    assert not Reassessment.objects.unscoped().exists()


def test_it_begins_after_what_is_paid(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    """Paid before it is drawn up, or between that and the agreement."""
    with pytest.raises(Refused, match=f"{ago(1)} 的钱已经发了，起算月要在它以后"):
        drawn(origin, home, halves(family), ago(1))
    form = drawn(origin, home, halves(family))
    paid(origin, family[0], ago(0))
    with pytest.raises(Refused, match=f"{ago(0)} 的钱已经发了"):
        agree_reassessment(by=destination, reassessment=form.pk)
    withdraw_reassessment(by=destination, reassessment=form.pk)
    agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(family), ago(-1)).pk)


def test_the_other_side_agrees(origin: Officer, destination: Officer, home: Household, family: list[Person]) -> None:
    form = drawn(origin, home, halves(family))
    with pytest.raises(Refused, match="不在您的范围里"):
        agree_reassessment(by=civil("colleague", A), reassessment=form.pk)
    with pytest.raises(Refused):
        agree_reassessment(by=origin, reassessment=form.pk)
    with pytest.raises(Refused, match="没有这一条"):
        agree_reassessment(by=civil("stranger", "500240101000"), reassessment=form.pk)
    agree_reassessment(by=destination, reassessment=form.pk)
    with pytest.raises(Refused, match="已经复核过"):
        withdraw_reassessment(by=origin, reassessment=form.pk)


def test_within_one_township_another_officer_agrees_and_never_the_same(
    village: Officer, origin: Officer, home: Household, family: list[Person]
) -> None:
    form = drawn(origin, home, halves(family, goes=Share(A, "dibao", Decimal(496), [str(family[2].pk)])))
    assert form.asked_for == "both"
    with pytest.raises(Refused, match="提出核定表的人自己不能复核"):
        agree_reassessment(by=origin, reassessment=form.pk)
    agree_reassessment(by=civil("colleague", A), reassessment=form.pk)


def test_who_is_paid_nothing_yet_counts_by_where_the_relation_lies(
    origin: Officer, home: Household, unpaid: list[Person]
) -> None:
    with pytest.raises(Refused, match="留下的一份里有人由"):
        drawn(origin, home, swapped(unpaid))
    drawn(origin, home, halves(unpaid))


def test_an_application_after_it_asks_for_another_one(
    village: Officer, origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    son = str(family[2].pk)
    agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(family)).pk)
    record_wish(by=origin, person=son, kind="assistance", choice="yes", on=today(), how="当面")
    assert facts_of("person", son, on=today())["dibao_split_settled"] is True, "agreed on the day of the application"
    later = today() + timedelta(1)
    with everything():
        Wish.objects.create(person=family[2], kind="assistance", choice="yes", on=later, how="当面")
    assert facts_of("person", son, on=later)["dibao_split_settled"] is False, "that was another move"
    assert facts_of("person", str(family[0].pk), on=later)["dibao_split_settled"] is True


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE payments_reassessment SET goes_amount = 1",
        "UPDATE payments_reassessment SET agreed_by_id = NULL, agreed_at = NULL",
        "DELETE FROM payments_part",
        "UPDATE payments_part SET side = 'stays'",
    ],
)
def test_what_is_agreed_stays(
    origin: Officer, destination: Officer, home: Household, family: list[Person], sql: str
) -> None:
    agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(family)).pk)
    with pytest.raises(DatabaseError), transaction.atomic(), everything(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_database_counts_the_people(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    form = drawn(origin, home, halves(family))
    with everything():
        Part.objects.unscoped().filter(reassessment=form, side="goes").delete()
        with pytest.raises(DatabaseError), transaction.atomic():
            Reassessment.objects.unscoped().filter(pk=form.pk).update(agreed_by=destination, agreed_at=form.asked_at)


def test_the_pages_of_both_sides(origin: Officer, destination: Officer, home: Household, family: list[Person]) -> None:
    first, second, address = signed_in(origin), signed_in(destination), f"/reassessments/{home.pk}/"
    assert address in first.get(f"/households/{home.pk}/").content.decode()
    assert first.get(f"/reassessments/of/{family[2].pk}/").headers["Location"] == address
    given = {"since": ago(0), "basis": BASIS, "stays_payer": A, "stays_kind": "dibao", "stays_amount": "900.00"}
    given |= {"goes_payer": B, "goes_kind": "dibao", "goes_amount": "496.50"}
    given |= {f"side-{one.pk}": "stays" for one in family[:2]} | {f"counted-{one.pk}": "on" for one in family}
    lacking = first.post(f"{address}draw-up/", given)
    assert (lacking.status_code, "496.50" in lacking.content.decode()) == (422, True), "nothing that was typed is lost"
    assert first.post(f"{address}draw-up/", given | {f"side-{family[2].pk}": "goes"}).status_code == 302
    assert "复核无误" not in first.get(address).content.decode()
    page = second.get(address).content.decode()
    assert ("复核无误" in page, "张小山" in page, "496.50" in page) == (True, True, True)
    with everything():
        form = Reassessment.objects.unscoped().get()
    assert second.post(f"{address}agree/", {"form": str(form.pk)}).status_code == 302
    assert "已核定" in first.get(address).content.decode()
    paper = second.post(f"{address}paper/", {"form": str(form.pk)})
    assert paper.headers["Location"].startswith("/letters/")
    village = signed_in(clerk("other_village"))
    assert village.get(address).status_code == 404, "another line's work"


def test_the_paper_says_who_and_how_much(
    origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    form = agree_reassessment(by=destination, reassessment=drawn(origin, home, halves(family)).pk)
    letter = draft_reassessment(by=origin, reassessment=form.pk)
    assert draft_reassessment(by=origin, reassessment=form.pk).pk == letter.pk, "asked for twice it is one"
    content = Content.of(letter.content.reveal())
    assert [(row[0], *row[2:]) for row in content.rows] == [
        ("张青山", "留下的", "计入", "特困"),
        ("王秀英", "留下的", "计入", "特困"),
        ("张小山", "迁走的", "计入", "低保"),
    ]
    assert "核定 2 人，每月 1612.00 元" in content.text
    with pytest.raises(Refused, match="没有这一条"):
        draft_reassessment(by=civil("stranger", "500240101000"), reassessment=form.pk)


def split(village: Officer, person: Person, code: str = "5000000000000077", until: int = 2) -> Household:
    """The register lets somebody leave for a household of their own."""
    new = household(village, code)
    day = today() - timedelta(until)
    earlier(person)
    leave_household(by=village, person=str(person.pk), until=day, because="分户")
    join_household(by=village, person=str(person.pk), household=str(new.pk), relation="户主", since=day)
    return new


def test_who_has_a_household_of_their_own_by_now_is_worked_out_with_the_old_one(
    village: Officer, origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    son, new = family[2], split(village, family[2])
    only = signed_in(origin)
    assert only.get(f"/reassessments/of/{son.pk}/").headers["Location"] == f"/reassessments/{home.pk}/"
    page = only.get(f"/reassessments/{home.pk}/").content.decode()
    assert ("张小山（已经另立户）" in page, "有 1 人已经另立户" in page) == (True, True)
    form = drawn(origin, home, halves(family))
    agree_reassessment(by=destination, reassessment=form.pk)
    assert facts_of("person", str(son.pk), on=today())["dibao_split_settled"] is True
    assert strip(family[0], "tekun") == {back(0): (A, "expected"), back(-1): (A, "expected")}
    assert "已经另立户" not in only.get(f"/reassessments/{home.pk}/").content.decode(), "they are worked out now"
    assert only.get(f"/reassessments/of/{son.pk}/").headers["Location"] == f"/reassessments/{new.pk}/"


def test_who_left_may_stay_out_and_cannot_stay(
    village: Officer, origin: Officer, home: Household, family: list[Person]
) -> None:
    father, mother, son = (str(one.pk) for one in family)
    split(village, family[2])
    with pytest.raises(Refused, match="已经另立户的人不在这一户了"):
        drawn(origin, home, {"stays": Share(A, "tekun", D3, [father, son]), "goes": Share(B, "dibao", D3, [mother])})
    drawn(origin, home, {"stays": Share(A, "tekun", D3, [father]), "goes": Share(B, "dibao", D3, [mother])})


def test_who_belongs_nowhere_or_never_did_is_no_part_of_it(
    village: Officer, origin: Officer, home: Household, family: list[Person]
) -> None:
    stranger = poor(village, name="李四", order=9, code="9")
    goes = Share(B, "dibao", D3, [str(family[2].pk), str(stranger.pk)])
    with pytest.raises(Refused, match="有 1 人现在不在这一户"):
        drawn(origin, home, halves(family, goes=goes))
    earlier(family[2])
    leave_household(by=village, person=str(family[2].pk), until=today(), because="分户")
    with pytest.raises(Refused, match="有 1 人现在不在这一户"):
        drawn(origin, home, halves(family))


def test_who_counts_without_a_relation_of_assistance_is_named(
    village: Officer, origin: Officer, destination: Officer, home: Household, family: list[Person]
) -> None:
    uncle = zhang(village, home, name="张大山", order=7, relation="之兄", facts={"hukou_moved": True})
    stays = Share(A, "tekun", D3, [*(str(one.pk) for one in family[:2]), str(uncle.pk)])
    form, reader = drawn(origin, home, halves(family, stays=stays)), signed_in(destination)
    for _ in range(2):
        page = reader.get(f"/reassessments/{home.pk}/").content.decode()
        assert '<span lang="zh-Hans">张大山</span>：登记库里没有救助关系' in page
        if form.agreed_at is None:
            form = agree_reassessment(by=destination, reassessment=form.pk)
    assert chain(uncle, "tekun") == []
    move_relation(by=origin, person=str(uncle.pk), kind="assistance", holder=A, since=today(), because="recorded")
    assert [payer for _, payer in chain(uncle, "tekun")] == [A], "as the page says"
    assert "没有救助关系" not in reader.get(f"/reassessments/{home.pk}/").content.decode()
