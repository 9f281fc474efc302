"""Insurers' lists: handed in by one, accepted by another, compared with the ledger; what they prove, and what they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError

from anju.duties.evaluate import evaluate
from anju.exchange import storage
from anju.exchange.models import Part, State
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import compare_again, follow_list
from anju.payments.models import Comparison, Finding, Insurance, ListRow
from anju.payments.months import shifted, text_of
from anju.policy.model import Fact
from anju.register.actions import create_household, create_person, end_person
from anju.register.facts import facts_of, today
from anju.register.models import CountyFacts, Former, Relation
from anju.register.verification import verify
from tests.exchange.cast import done, merged, undo, verdicts
from tests.exchange.lists import LAST, NOW, found, listed, office, one_of, owed, poor, row, taken
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, clerk, number


@pytest.fixture
def importer(db: None) -> Officer:
    return office("importer")


@pytest.fixture
def second(db: None) -> Officer:
    return office("second")


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


Case = tuple[dict[str, Fact | None], list[dict[str, Any]], set[str]]
LISTS: dict[str, Case] = {
    "两边都说参保，资助到了": ({"medical_status": "resident", "medical_aided": True}, [row(1, 资助到账="是")], set()),
    "名单说未参保": ({"medical_status": "resident", "medical_aided": True}, [row(1, "未参保")], {"uninsured", "differs"}),
    "两边都说未参保": ({"medical_status": "uninsured"}, [row(1, "未参保")], {"uninsured"}),
    "台账说未参保，名单里没有": ({"medical_status": "uninsured"}, [row(9)], {"uninsured"}),
    "台账说参保，名单里没有": ({"medical_status": "resident"}, [row(9)], {"absent"}),
    "台账空着，名单里没有": ({}, [row(9)], {"absent"}),
    "台账空着，名单说参保": ({"medical_aided": True}, [row(1)], {"differs"}),
    "职工停保": (
        {"medical_status": "employee_lapsed", "lapsed_months": 4}, [row(1, "停保", 断缴月数=4)], {"lapsed"},
    ),
    "职工停保，断了多久不知道": ({"medical_status": "employee_lapsed"}, [row(1, "停保")], {"lapsed"}),
    "停保又续上了": ({"medical_status": "employee_lapsed", "lapsed_months": 4}, [row(1, "职工医保")], {"differs"}),
    "两份都在保": (
        {"medical_status": "employee", "medical_insured_twice": True}, [row(1), row(1, "职工医保")], {"twice"},
    ),
    "一份在保一份停保": ({"medical_status": "resident", "medical_aided": True}, [row(1), row(1, "停保")], set()),
    "名单自己写了重复": ({"medical_status": "employee"}, [row(1, "职工医保", 重复参保="是")], {"twice", "differs"}),
    "资助没有到账": ({"medical_status": "resident", "medical_aided": False}, [row(1, 资助到账="否")], {"unaided"}),
    "台账说资助了，名单说没有到": ({"medical_status": "resident", "medical_aided": True}, [row(1, 资助到账="否")], {"unaided"}),
    "台账说没有资助，名单说到了": ({"medical_status": "resident", "medical_aided": False}, [row(1, 资助到账="是")], {"differs"}),
    "职工医保不问资助": ({"medical_status": "employee", "medical_aided": False}, [row(1, "职工医保")], set()),
}  # fmt: skip


@pytest.mark.parametrize("case", LISTS.values(), ids=LISTS)
def test_the_ledger_beside_the_list(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path, case: Case
) -> None:
    facts, rows, sorts = case
    poor(village, 1, **facts)
    taken(importer, second, tmp_path, *rows)
    assert {sort for sort, name in found() if name} == sorts


PENSION: dict[str, Case] = {
    "正在缴费，代缴到了": ({"pension_status": "contributing", "premium_paid": True}, [row(1, "缴费中", 代缴到账="是")], set()),
    "名单说未参保": ({"pension_status": "contributing", "premium_paid": True}, [row(1, "未参保")], {"uninsured", "differs"}),
    "代缴没有到账": ({"pension_status": "contributing", "premium_paid": False}, [row(1, "缴费中", 代缴到账="否")], {"unaided"}),
    "台账说缴费，名单里没有": ({"pension_status": "contributing"}, [row(9, "缴费中")], {"absent"}),
    "职工养老不在居民名单里": ({"pension_status": "employee"}, [row(9, "缴费中")], set()),
    "两个地方都在缴": (
        {"pension_status": "contributing", "premium_paid": True},
        [row(1, "缴费中", 参保地代码=YUNYANG), row(1, "缴费中", 参保地代码=KAIZHOU)],
        {"twice"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PENSION.values(), ids=PENSION)
def test_old_age_insurance(village: Officer, tmp_path: Path, case: Case) -> None:
    facts, rows, sorts = case
    poor(village, 1, **facts)
    first, other = office("rs1", line="human_resources"), office("rs2", line="human_resources")
    taken(first, other, tmp_path, *rows, kind="pension_list")
    assert {sort for sort, name in found(insurance="pension") if name} == sorts


@pytest.mark.parametrize(("born", "sorts"), [(60, {"undrawn"}), (59, set())], ids=["满六十", "五十九"])
def test_who_is_old_enough_and_draws_nothing(village: Officer, tmp_path: Path, born: int, sorts: set[str]) -> None:
    home = create_household(
        by=village, household_code="1", origin=ORIGIN, destination=DESTINATION,
        facts={"relocatee_kind": "registered_poor"},
    )  # fmt: skip
    day = today().replace(day=1, year=today().year - born)
    facts: dict[str, Fact | None] = {"pension_status": "contributing", "premium_paid": True}
    create_person(by=village, name="张青山", number=number(1, day), household=home, relation="户主", facts=facts)
    first, other = office("rs1", line="human_resources"), office("rs2", line="human_resources")
    line = {**row(1, "缴费中", 代缴到账="是"), "证件号码": number(1, day)}
    taken(first, other, tmp_path, line, kind="pension_list")
    assert {sort for sort, _ in found(insurance="pension")} == sorts


def test_only_the_registered_poor_are_compared(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1, relocatee_kind="concurrent", medical_status="uninsured")
    taken(importer, second, tmp_path, row(1, "未参保"))
    assert found() == set()


def test_two_people_and_only_then_it_counts(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1, medical_status="uninsured")
    batch = listed(importer, tmp_path, row(1, "未参保"), row(9))
    assert verdicts(batch, "insured") == ["new", "new"]
    with everything():
        assert not ListRow.objects.unscoped().exists()
    with pytest.raises(Refused):
        merged(batch, importer)
    merged(batch, second)
    assert found() == {("uninsured", "张青山"), ("stranger", "")}
    told = one_of("stranger").told.reveal()
    assert "外人9" in told
    assert number(9) not in told, "of somebody who is not registered the number is kept masked"
    comparison = Comparison.objects.get()
    assert (comparison.people, comparison.rows) == (1, 2)


def test_the_same_list_again_changes_nothing(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1, medical_status="resident")
    rows = [row(1), row(1, "职工医保"), row(9)]
    taken(importer, second, tmp_path, *rows)
    assert verdicts(listed(importer, tmp_path, *reversed(rows)), "insured") == ["same", "same", "same"]
    assert verdicts(listed(importer, tmp_path, row(1)), "insured") == ["new"], "one of two is another list"
    assert verdicts(listed(importer, tmp_path, row(1), row(1)), "insured") == ["new", "refused"]


def test_a_corrected_list_takes_the_place_of_the_one_before(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1, medical_status="resident", medical_aided=True)
    poor(village, 2, medical_status="resident", medical_aided=True)
    taken(importer, second, tmp_path, row(1, "未参保"), row(2))
    batch = taken(importer, second, tmp_path, row(1))
    assert found() == set()
    undo(by=importer, batch=batch.pk, because="交错了")
    assert done(batch).state == State.UNDONE
    assert found() == {("uninsured", "张青山"), ("differs", "张青山")}


def test_what_was_merged_is_undone_and_the_month_is_not_compared_any_more(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1, medical_status="uninsured")
    batch = taken(importer, second, tmp_path, row(1, "未参保"))
    assert facts_of("county", YUNYANG, on=today())["coverage_compared_this_month"] is True
    undo(by=importer, batch=batch.pk, because="交错了")
    assert done(batch).state == State.UNDONE
    with everything():
        assert not ListRow.objects.unscoped().exists()
    assert found() == set()
    assert facts_of("county", YUNYANG, on=today())["coverage_compared_this_month"] is False
    assert owed("compare_coverage", YUNYANG)


def test_not_compared_is_work_and_comparing_ends_it(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    with everything():
        CountyFacts.objects.unscoped().create(code=YUNYANG)
    evaluate("county", [YUNYANG], today())
    assert owed("compare_coverage", YUNYANG)
    assert owed("compare_pension", YUNYANG)
    taken(importer, second, tmp_path, row(9, 参保月份=LAST))
    assert owed("compare_coverage", YUNYANG), "last month's list is not this month's"
    taken(importer, second, tmp_path, row(9))
    assert not owed("compare_coverage", YUNYANG)
    assert owed("compare_pension", YUNYANG)
    next_month = today().replace(year=today().year + 1, month=1, day=1)
    assert facts_of("county", YUNYANG, on=next_month)["coverage_compared_this_month"] is False


def test_insured_in_two_counties_is_found_by_whoever_comes_last(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1, medical_status="resident", medical_aided=True)
    there, also = office("kz1", KAIZHOU), office("kz2", KAIZHOU)
    taken(importer, second, tmp_path, row(1))
    assert found() == set()
    batch = taken(there, also, tmp_path, row(1), region=KAIZHOU)
    assert found() == {("twice", "张青山"), ("differs", "张青山")}
    assert found(KAIZHOU) == set(), "the county where somebody is insured answers"
    undo(by=there, batch=batch.pk, because="交错了")
    done(batch)
    assert found() == set()


def test_the_county_that_holds_the_insurance_answers(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    person = poor(village, 1, medical_status="resident")
    with everything():
        Relation.objects.create(
            person=person, kind="medical", holder=KAIZHOU, since=today().replace(month=1, day=1), because="recorded"
        )
    taken(importer, second, tmp_path, row(9))
    assert found() == {("stranger", "")}
    taken(office("kz1", KAIZHOU), office("kz2", KAIZHOU), tmp_path, row(9), region=KAIZHOU)
    assert ("absent", "张青山") in found(KAIZHOU)


def test_what_the_list_proves_goes_into_the_register_with_its_source(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    person = poor(village, 1, medical_status="resident", medical_aided=True)
    taken(importer, second, tmp_path, row(1, "未参保"))
    assert not owed("mobilise_coverage", str(person.pk)), "nothing goes in by itself"
    assert facts_of("person", str(person.pk), on=today())["medical_status"] == "resident"
    key = one_of("differs").pk
    assert follow_list(by=importer, findings=[key]) == {key: ""}
    assert facts_of("person", str(person.pk), on=today())["medical_status"] == "uninsured"
    assert owed("mobilise_coverage", str(person.pk))
    assert found() == {("uninsured", "张青山")}
    with everything():
        assert Former.objects.filter(subject_id=str(person.pk)).exists(), "what was known before stays known"


def test_whose_work_it_is_not_takes_nothing_over(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    person = poor(village, 1, medical_status="resident")
    taken(importer, second, tmp_path, row(1, "未参保"))
    key = one_of("differs").pk
    for stranger in (office("mz", line="civil_affairs"), office("wx", "500236000000")):
        with pytest.raises(Refused, match="没有这一条"):
            follow_list(by=stranger, findings=[key])
        with pytest.raises(Refused, match="没有这一条"):
            compare_again(by=stranger, comparison=Comparison.objects.get().pk)
    assert facts_of("person", str(person.pk), on=today())["medical_status"] == "resident"


def test_compared_again_by_what_the_ledger_says_now(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    taken(importer, second, tmp_path, row(1, "未参保"))
    assert found() == {("stranger", "")}
    poor(village, 1, medical_status="uninsured")
    compare_again(by=importer, comparison=Comparison.objects.get().pk)
    assert found() == {("uninsured", "张青山")}, "who was registered since is no stranger any more"


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "没有状态": ({**row(1), "参保状态": None}, "没有写医保状态"),
    "没有到的月份": (row(1, 参保月份=text_of(shifted(NOW))), "还没有到"),
    "不是月份": (row(1, 参保月份="十月"), "写成 2026-03"),
    "丢了零的月份": (row(1, 参保月份=2025.10), "写 2025-01 或 2025-10"),
    "不是月数": (row(1, 缴费月数="一年"), "写整数"),
    "别的名字": ({**row(1), "姓名": "李青山"}, "另一个名字"),
    "没有谁": ({"参保状态": "居民医保"}, "认不出"),
}


@pytest.mark.parametrize(("wrong", "why"), WRONG.values(), ids=WRONG)
def test_a_row_that_cannot_be_taken_says_why(
    importer: Officer, village: Officer, tmp_path: Path, wrong: dict[str, Any], why: str
) -> None:
    poor(village, 1)
    batch = listed(
        importer, tmp_path, {**dict.fromkeys(("姓名", "证件号码")), **wrong}, row(9, 参保月份=LAST, 缴费月数="3")
    )
    assert verdicts(batch, "insured") == ["refused", "new"]
    with everything():
        notes = storage.whole(batch, Part.ROWS, "insured")["@notes"].drop_nulls().to_list()
    assert any(why in note for note in notes), notes


def test_somebody_who_has_ended_is_told(importer: Officer, village: Officer, tmp_path: Path) -> None:
    end_person(by=village, person=str(poor(village, 1).pk), on=today(), because="death")
    assert verdicts(listed(importer, tmp_path, row(1)), "insured") == ["refused"]


def test_a_list_is_a_county_s_and_of_its_own_line(importer: Officer, village: Officer, tmp_path: Path) -> None:
    poor(village, 1)
    rows = (row(1), row(9))
    assert verdicts(listed(importer, tmp_path, *rows), "insured") == ["new", "new"]
    assert verdicts(listed(office("rs", line="human_resources"), tmp_path, *rows), "insured") == ["refused", "refused"]
    town = clerk("town", "500235104000", "township", "medical_security")
    assert verdicts(listed(town, tmp_path, *rows, region="500235104000"), "insured") == ["refused", "refused"]


def test_a_list_that_was_taken_is_never_rewritten_and_each_has_its_comparison(
    importer: Officer, second: Officer, village: Officer, tmp_path: Path
) -> None:
    poor(village, 1)
    taken(importer, second, tmp_path, row(1))
    assert not any(verify().values())
    with pytest.raises(IntegrityError), everything():
        ListRow.objects.unscoped().update(month=NOW - 1)
    with everything():
        Finding.objects.unscoped().delete()
        Comparison.objects.all().delete()
    assert verify()["名单收下的月份都比对过"] == 1
    Comparison.objects.create(insurance="pension", county=YUNYANG, month=NOW)
    assert verify()["比对过的月份都有名单"] == 1


def test_each_insurance_says_its_own_words() -> None:
    assert [one.clause for one in Insurance] == ["1.6", "1.5"]
    assert [one.aid for one in Insurance] == ["medical_aided", "premium_paid"]
