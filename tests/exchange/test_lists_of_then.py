"""Lists of months that are over: what they say of then is not recorded as of now, and what is newer is not overwritten by it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from anju.government.models import Officer
from anju.payments import comparing
from anju.payments.actions import compare_again, follow_list
from anju.payments.models import Comparison, Finding
from anju.payments.months import shifted, text_of
from anju.policy.model import Fact
from anju.register.facts import facts_of, today
from anju.register.models import Person
from tests.desk.cast import browser
from tests.exchange.lists import LAST, NOW, found, office, one_of, owed, poor, row, taken
from tests.register.cast import KAIZHOU, YUNYANG, clerk

THIS, BEFORE = f"{today().year}-01", f"{today().year - 1}-12"
PARTS = {
    "医保": ("medical_list", "medical_security", "medical_status", "resident", "居民医保", "未参保", "资助到账"),
    "养老": ("pension_list", "human_resources", "pension_status", "contributing", "缴费中", "未参保", "代缴到账"),
}
DUTIES = {"medical_list": ("medical_aided", "pay_medical_aid"), "pension_list": ("premium_paid", "pay_premium")}


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


def fact(person: Person, code: str) -> object:
    return facts_of("person", str(person.pk), on=today()).get(code)


def month_of_text(text: str) -> int:
    return int(text.replace("-", ""))


@pytest.mark.parametrize(("month", "taken_over"), [(THIS, True), (BEFORE, False)], ids=["今年一月", "去年十二月"])
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_aid_of_another_year_is_not_this_year_s(
    village: Officer, tmp_path: Path, part: tuple[str, ...], month: str, taken_over: bool
) -> None:
    kind, line, status, code, word, without, header = part
    aid, duty = DUTIES[kind]
    first, second = office("first", line=line), office("second", line=line)
    facts: dict[str, Fact | None] = {status: code, aid: False}
    person = poor(village, 1, **facts)
    taken(first, second, tmp_path, row(1, word, 参保月份=month, **{header: "是"}), kind=kind)
    here = found(month=month_of_text(month), insurance=kind.removesuffix("_list"))
    assert here == ({("differs", "张青山")} if taken_over else set())
    taken(first, second, tmp_path, row(1, without, 参保月份=month, **{header: "是"}), kind=kind)
    key = one_of("differs").pk
    assert follow_list(by=first, findings=[key]) == {key: ""}
    assert fact(person, status) == "uninsured", "the status is recorded from either"
    assert fact(person, aid) is taken_over
    assert owed(duty, str(person.pk)) is not taken_over


def test_what_was_found_last_year_is_not_recorded_as_this_year_s(
    village: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = office("first"), office("second")
    person = poor(village, 1, medical_status="resident", medical_aided=False)
    with monkeypatch.context() as then:
        then.setattr(comparing, "period_of", lambda term, on: "")
        taken(first, second, tmp_path, row(1, 资助到账="是", 参保月份=BEFORE))
        assert found(month=month_of_text(BEFORE)) == {("differs", "张青山")}
    key = one_of("differs").pk
    assert "说的是那一年" in follow_list(by=first, findings=[key])[key]
    assert fact(person, "medical_aided") is False
    compare_again(by=first, comparison=Comparison.objects.get().pk)
    assert found(month=month_of_text(BEFORE)) == set()


AID = {
    "名单说没有到，今年的资助了": (True, "否", {"unaided"}),
    "名单说没有到，今年的没有": (False, "否", {"unaided"}),
    "名单没有说，今年的没有": (False, None, set()),
    "名单说到了，今年的没有": (False, "是", set()),
}


@pytest.mark.parametrize(("this_year", "said", "sorts"), AID.values(), ids=AID)
def test_aid_that_did_not_arrive_last_year_is_traced_and_is_no_duty_of_this_year(
    village: Officer, tmp_path: Path, this_year: bool, said: str | None, sorts: set[str]
) -> None:
    first, second = office("first"), office("second")
    poor(village, 1, medical_status="resident", medical_aided=this_year)
    taken(first, second, tmp_path, row(1, 资助到账=said, 参保月份=BEFORE))
    assert {sort for sort, _ in found(month=month_of_text(BEFORE))} == sorts
    if sorts:
        assert one_of("unaided").kind == ""
        shown = browser(first).get("/comparisons/", {"month": BEFORE}).content.decode()
        assert "说的是名单那一年" in shown
        assert "落实参保资助：" not in shown


LATER = {
    "下个月的名单有他": (row(1), YUNYANG, "比这一份新"),
    "下个月的名单没有他": (row(9), YUNYANG, ""),
    "下个月别的区县的名单有他": (row(1), KAIZHOU, "比这一份新"),
    "下个月的名单只有姓名和出生日期": (
        {**row(1), "证件号码": None, "出生日期": date(1980, 5, 6)},
        YUNYANG,
        "比这一份新",
    ),
}


@pytest.mark.parametrize(("later", "county", "why"), LATER.values(), ids=LATER)
def test_a_list_is_not_followed_where_a_later_one_names_the_person(
    village: Officer, tmp_path: Path, later: dict[str, object], county: str, why: str
) -> None:
    first, second = office("first"), office("second")
    person = poor(village, 1, medical_status="resident", medical_aided=True)
    taken(first, second, tmp_path, row(1, "未参保", 参保月份=LAST))
    key = one_of("differs").pk
    taken(office("third", county), office("fourth", county), tmp_path, later, region=county)
    told = follow_list(by=first, findings=[key])[key]
    assert why in told
    assert bool(told) is bool(why)
    assert fact(person, "medical_status") == ("resident" if why else "uninsured")


def test_who_was_a_stranger_on_the_later_list_is_named_by_it_too(village: Officer, tmp_path: Path) -> None:
    first, second = office("first"), office("second")
    taken(first, second, tmp_path, row(1))
    poor(village, 1, medical_status="resident", medical_aided=True)
    taken(first, second, tmp_path, row(1, "未参保", 参保月份=LAST))
    key = one_of("differs").pk
    assert f"{text_of(NOW)} 的名单也说到这个人" in follow_list(by=first, findings=[key])[key]


def test_the_latest_of_several_is_followed_and_named(village: Officer, tmp_path: Path) -> None:
    first, second = office("first"), office("second")
    person = poor(village, 1, medical_status="resident", medical_aided=True)
    months = [shifted(NOW, -2), shifted(NOW, -1), NOW]
    for month in months:
        taken(first, second, tmp_path, row(1, "未参保", 参保月份=text_of(month)))
    rows = Finding.objects.visible_to(first, purpose="比对").filter(sort="differs")
    keys = {one.month: one.pk for one in rows}
    told = follow_list(by=first, findings=list(keys.values()))
    assert [bool(told[keys[month]]) for month in months] == [True, True, False]
    assert all(text_of(NOW) in told[keys[month]] for month in months[:2])
    assert fact(person, "medical_status") == "uninsured"
