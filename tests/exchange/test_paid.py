"""What an office paid, as a list: two people, then the months are settled; a gap, a double, a wrong payer and a stranger are found."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from anju.exchange import storage
from anju.exchange.models import Batch, Part, State
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import begin_months, pay, take_back
from anju.payments.chain import direct
from anju.payments.models import Amount, Month
from anju.payments.months import month_of, shifted, text_of
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.exchange.cast import ORIGIN, TOWN, clerk, handed_in, merged, undo, verdicts, workbook, zhang
from tests.register.cast import number

LAST = text_of(shifted(month_of(today()), -1))
THERE = f"{ORIGIN[:9]}000"


@pytest.fixture
def people(importer: Officer, second: Officer, tmp_path: Path) -> list[Person]:
    """Three who get dibao from the town."""
    rows = [zhang(order, 救助类别="低保", 救助已迁移="是", 户籍已迁入="是") for order in (1, 2, 3)]
    merged(handed_in(importer, workbook(tmp_path / "人.xlsx", rows)), second)
    with everything():
        return [Person.objects.unscoped().get(name=row["姓名"]) for row in rows]


def row(order: int, amount: Any = "420.50", month: Any = LAST, **more: Any) -> dict[str, Any]:
    """A line of the list."""
    return {
        "姓名": zhang(order)["姓名"], "证件号码": number(order), "救助": "低保", "发放月份": month, "金额": amount,
        "发放日期": today(), **more,
    }  # fmt: skip


def listed(by: Officer, tmp_path: Path, *rows: dict[str, Any]) -> Batch:
    return handed_in(by, workbook(tmp_path / "发放.xlsx", list(rows)), "paid")


def payers(person: Person) -> object:
    return facts_of("person", str(person.pk), on=today()).get("assistance_payers")


def states() -> list[str]:
    with everything():
        months = Month.objects.unscoped().filter(month=shifted(month_of(today()), -1))
        return [month.state for month in months.order_by("person__number_index")]


def test_a_list_settles_its_months_and_finds_who_is_lacking(
    importer: Officer, second: Officer, people: list[Person], tmp_path: Path
) -> None:
    begin_months(by=importer, payer=TOWN, month=LAST)
    batch = listed(importer, tmp_path, row(1), row(2, 1234.5))
    assert verdicts(batch, "paid") == ["new", "new"]
    with everything():
        assert not Amount.objects.unscoped().exists(), "a second officer has to accept it"
    with pytest.raises(Refused):
        merged(batch, importer)
    batch = merged(batch, second)
    with everything():
        assert sorted(Amount.objects.unscoped().values_list("amount", "batch", "by")) == [
            (Decimal("420.50"), batch.pk, second.pk),
            (Decimal("1234.50"), batch.pk, second.pk),
        ]
    assert sorted(states()) == ["expected", "paid", "paid"]
    assert [payers(person) for person in people] == [1, 1, 0]


def test_who_pays_a_month_of_another_makes_it_double(
    importer: Officer, second: Officer, people: list[Person], tmp_path: Path
) -> None:
    begin_months(by=importer, payer=TOWN, month=LAST)
    there = clerk("there", THERE)
    pay(by=there, person=str(people[0].pk), kind="dibao", month=LAST, payer=THERE, amount=Decimal(300), on=today())
    merged(listed(importer, tmp_path, row(1)), second)
    assert payers(people[0]) == 2


def test_an_office_that_kept_no_months_begins_with_its_list(
    importer: Officer, second: Officer, people: list[Person], tmp_path: Path
) -> None:
    assert payers(people[0]) is None
    merged(listed(importer, tmp_path, row(1)), second)
    assert states() == ["paid"]


WRONG = {
    "不认得的人": (row(4), "没有登记这个人"),
    "没有到的月份": (row(1, month=text_of(shifted(month_of(today())))), "还没有到"),
    "太早的月份": (row(1, month="1926-10"), "太早了"),
    "早一个月": (row(1, month=text_of(shifted(month_of(today()), -37))), "太早了"),
    "不是月份": (row(1, month="十月"), "写成 2026-03"),
    "零元": (row(1, "0"), "金额要大于 0"),
    "不到一分": (row(1, "420.505"), "精确到分"),
    "没有金额": (row(1, None), "没有写金额"),
    "没有月份": ({**row(1), "发放月份": None}, "没有写发放月份"),
    "逗号当小数点": (row(1, "420,50"), "金额请写成 420.50 或 1,234.50 这样"),
    "丢了零的月份": (row(1, month=2026.10), "写 2026-01 或 2026-10"),
    "没有日期": ({**row(1), "发放日期": None}, "发放日期"),
    "按月发以外的": (row(1, 救助="其他"), "请写其中一个"),
    "别的地方": (row(1, 发放地代码=THERE), "不在这一批的地区里"),
}


@pytest.mark.parametrize(("wrong", "why"), WRONG.values(), ids=WRONG)
def test_a_row_that_cannot_be_taken_says_why(
    importer: Officer, people: list[Person], tmp_path: Path, wrong: dict[str, Any], why: str
) -> None:
    batch = listed(importer, tmp_path, wrong, row(2))
    assert verdicts(batch, "paid") == ["refused", "new"]
    with everything():
        notes = storage.whole(batch, Part.ROWS, "paid")["@notes"].drop_nulls().to_list()
    assert any(why in note for note in notes), notes


def test_full_width_and_thousands_are_read_as_they_are_meant(
    importer: Officer, second: Officer, people: list[Person], tmp_path: Path
) -> None:
    wide = str.maketrans("0123456789-.,", "０１２３４５６７８９－．，")
    rows = row(1, "420.50".translate(wide), month=LAST.translate(wide)), row(2, "￥1,234.5"), row(3, "12，345元")
    merged(listed(importer, tmp_path, *rows), second)
    with everything():
        paid = Amount.objects.unscoped().order_by("amount")
        assert [str(one.amount) for one in paid] == ["420.50", "1234.50", "12345.00"]
        assert {text_of(one.month) for one in paid} == {LAST}


def test_the_same_list_again_changes_nothing_and_another_amount_is_refused(
    importer: Officer, second: Officer, people: list[Person], tmp_path: Path
) -> None:
    merged(listed(importer, tmp_path, row(1)), second)
    assert verdicts(listed(importer, tmp_path, row(1)), "paid") == ["same"]
    assert verdicts(listed(importer, tmp_path, row(1, "500")), "paid") == ["refused"]
    assert verdicts(listed(importer, tmp_path, row(2), row(2)), "paid") == ["new", "refused"]


def test_what_was_paid_is_not_undone(importer: Officer, second: Officer, people: list[Person], tmp_path: Path) -> None:
    batch = merged(listed(importer, tmp_path, row(1, month=text_of(month_of(today())))), second)
    assert batch.state == State.MERGED
    with pytest.raises(Refused, match="不撤回"):
        undo(by=importer, batch=batch.pk, because="弄错了")


RETURNED = {
    "银行退汇": ("420.50", True, "new", 1),
    "退了一部分": ("400.00", True, "same", 1),
    "不该发，追回": ("420.50", False, "same", 1),
}


@pytest.mark.parametrize(("amount", "returned", "verdict", "n"), RETURNED.values(), ids=RETURNED)
def test_what_the_bank_returned_is_paid_again_by_the_next_list(
    importer: Officer,
    second: Officer,
    people: list[Person],
    tmp_path: Path,
    *,
    amount: str,
    returned: bool,
    verdict: str,
    n: int,
) -> None:
    begin_months(by=importer, payer=TOWN, month=LAST)
    merged(listed(importer, tmp_path, row(1)), second)
    take_back(
        by=importer, person=str(people[0].pk), kind="dibao", month=LAST, payer=TOWN, amount=Decimal(amount), on=today(),
        offset=False, returned=returned, reason="账号错",
    )  # fmt: skip
    again = listed(importer, tmp_path, row(1))
    assert verdicts(again, "paid") == [verdict]
    if verdict == "new":
        assert payers(people[0]) == 0
        merged(again, second)
        assert verdicts(listed(importer, tmp_path, row(1)), "paid") == ["same"], "and once"
        with everything():
            assert sorted(Amount.objects.unscoped().values_list("sort", flat=True)) == ["back", "paid", "returned"]
    assert payers(people[0]) == n


NOTED = {
    "补发过": (["420.50"], [], "已经补发了 420.5 元，并入后一共 841.0 元"),
    "补发了两次": (["400", "20.50"], [], "已经补发了 420.5 元，并入后一共 841.0 元"),
    "补发又追回": (["420.50"], ["420.50"], ""),
    "没有补发": ([], [], ""),
}


@pytest.mark.parametrize(("belated", "taken_back", "note"), NOTED.values(), ids=NOTED)
def test_what_was_paid_belatedly_is_noted_on_the_list(
    importer: Officer, people: list[Person], tmp_path: Path, *, belated: list[str], taken_back: list[str], note: str
) -> None:
    """It may be the same money: the officer who accepts looks at it."""
    begin_months(by=importer, payer=TOWN, month=LAST)
    given: dict[str, Any] = {"by": importer, "person": str(people[0].pk), "kind": "dibao", "month": LAST, "payer": TOWN}
    for amount in belated:
        pay(**given, amount=Decimal(amount), on=today(), back=True, reason="漏发")
    for amount in taken_back:
        take_back(**given, amount=Decimal(amount), on=today(), offset=False, reason="不该补")
    batch = listed(importer, tmp_path, row(1), row(2))
    assert verdicts(batch, "paid") == ["new", "new"]
    with everything():
        notes = storage.whole(batch, Part.ROWS, "paid").sort("@at")["@notes"].to_list()
    assert (note in (notes[0] or ""), notes[0] is None, notes[1]) == (True, not note, None)


KIND = "低保和特困只发一种"
AMISS: dict[str, tuple[str, list[dict[str, Any]], str]] = {
    "该发的": ("", [row(1)], ""),
    "停发了一个月": ("停发", [row(1)], "已经停发（不再享受）；并入后要追回"),
    "停发了半年": ("停发过", [row(1)], "已经停发（不再享受）；并入后要追回"),
    "停发的前一个月": ("停发", [row(1, month=text_of(shifted(month_of(today()), -2)))], ""),
    "发放地没有记过": ("没有", [row(1)], ""),
    "该发低保，发了特困": ("", [row(1, 救助="特困")], KIND),
    "低保发过了，又发特困": ("发过", [row(1, 救助="特困")], KIND),
    "一张名单里两种": ("没有", [row(1), row(1, 救助="特困")], KIND),
    "不同的月份两种": ("没有", [row(1, month=text_of(shifted(month_of(today()), -2))), row(1, 救助="特困")], ""),
}


@pytest.mark.parametrize(("before", "rows", "note"), AMISS.values(), ids=AMISS)
def test_what_should_not_be_paid_is_noted_before_it_is_taken(
    importer: Officer, people: list[Person], tmp_path: Path, *, before: str, rows: list[dict[str, Any]], note: str
) -> None:
    person, two_ago = str(people[0].pk), shifted(month_of(today()), -2)
    if before != "没有":
        begin_months(by=importer, payer=TOWN, month=text_of(two_ago))
    if before == "发过":
        given: dict[str, Any] = {"by": importer, "person": person, "kind": "dibao", "month": LAST, "payer": TOWN}
        pay(**given, amount=Decimal("420.50"), on=today())
    with everything():
        if before == "停发":
            direct(person, "dibao", payer="", since=shifted(two_ago), because="不再享受")
        if before == "停发过":
            direct(person, "dibao", payer="", since=two_ago, because="不再享受")
            for month in Month.objects.unscoped().filter(person=people[0]).order_by("-month"):
                Month.objects.unscoped().filter(pk=month.pk).delete()
    batch = listed(importer, tmp_path, *rows)
    assert verdicts(batch, "paid") == ["new"] * len(rows)
    with everything():
        notes = storage.whole(batch, Part.ROWS, "paid")["@notes"].to_list()
    assert all(note in (one or "") for one in notes)
    assert note or notes == [None] * len(rows)
