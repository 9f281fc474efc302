"""Every fact of the pages comes through one door, and comes out as it went in."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from anju.government.queries import Scope
from anju.government.second_wall import everything
from anju.policy.columns import dtype_of
from anju.policy.edition import Edition
from anju.policy.frames import Batch
from anju.policy.model import Fact, Term
from anju.register import documents
from anju.register.actions import record_facts, record_wish
from anju.register.facts import facts_by_subject, facts_frame, facts_in, provided, provides
from anju.register.guideline import guideline, recorded_terms
from anju.register.privacy import lines_of, may_see, sealed_terms
from anju.register.provided import moved
from anju.register.steps import steps_of
from tests.register.cast import clerk, household, zhang

TODAY = timezone.localdate()
KINDS = ("person", "household", "site", "county")
FOLLOW = {
    "person": {
        "birth_date", "origin_code", "destination_code", "move_scope", "hukou_moved", "hukou_moved_on", "party_moved",
        "membership_moved", "pension_moved", "medical_moved", "assistance_moved", "hukou_wish", "hukou_choice", "party_wish",
        "membership_applied", "membership_applied_on", "pension_wish", "medical_wish", "assistance_applied",
        "assistance_applied_on", "election_choice", "assistance_payers",
    },
    "household": {"origin_code", "destination_code", "move_scope"},
    "site": set(),
    "county": {"pension_compared_this_month", "coverage_compared_this_month"},
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_which_facts_follow_from_rows_is_known(kind: str) -> None:
    """Whoever adds a provider adds it here: everything else is recorded."""
    assert {term.code for term in recorded_terms(kind) if provided(kind, term.code)} == FOLLOW[kind]


@pytest.mark.parametrize(
    ("kind", "term"),
    [("person", "hukou_moved"), ("person", "hukou_route"), ("person", "pairing"), ("site", "no_such_term")],
    ids=["已经有了", "判定结果", "别的对象的", "没有的术语"],
)
def test_a_term_has_one_provider_and_is_a_recorded_fact(kind: str, term: str) -> None:
    with pytest.raises(ValueError, match="provider"):
        provides(kind, term)(lambda asked: pl.DataFrame())


def values(term: Term) -> st.SearchStrategy[Any]:
    """Every value that a term may have, special ones included."""
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "bool": st.booleans(),
        "int": st.integers(0, 10**9),
        "number": st.integers(0, 10**9).map(lambda n: n / 8),
        "date": st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        "text": st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    }
    plain = st.sampled_from([v.code for v in term.values]) if term.kind == "enum" else kinds[term.kind]
    return st.one_of(plain, *(st.just(special.code) for special in term.specials))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_document_says_what_was_written(kind: str, data: st.DataObject) -> None:
    terms = data.draw(st.lists(st.sampled_from(recorded_terms(kind)), unique_by=lambda term: term.code, max_size=12))
    facts = {term.code: data.draw(values(term)) for term in terms}
    document = documents.written(facts)
    open_part, hidden = documents.parted(document)
    assert documents.read(open_part | hidden) == facts
    assert not sealed_terms() & {key.partition(".")[0] for key in open_part}
    frame = documents.columns(kind, [documents.text(document)])
    assert facts_in(frame.row(0, named=True)) == facts
    assert all(frame.schema[term.code] == dtype_of(term) for term in terms)
    assert all(documents.fits(term, facts[term.code]) for term in terms)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_a_fact_of_a_period_says_nothing_in_a_later_one(kind: str, data: st.DataObject) -> None:
    terms = data.draw(st.lists(st.sampled_from(recorded_terms(kind)), unique_by=lambda term: term.code, max_size=12))
    facts = {term.code: data.draw(values(term)) for term in terms}
    on = TODAY + timedelta(days=data.draw(st.sampled_from([-400, -1, 0, 1, 31, 92, 366, 800])))
    lasting = {
        term.code: facts[term.code]
        for term in terms
        if documents.period_of(term, TODAY) >= documents.period_of(term, on)
    }
    document = documents.written(facts)
    assert documents.read(document, on) == lasting
    frame = documents.columns(kind, [documents.text(document)], on=on)
    assert facts_in(frame.row(0, named=True)) == lasting


@pytest.mark.parametrize(
    ("name", "day", "period"),
    [
        ("本年已代缴", date(2026, 12, 31), "2026"),
        ("本年已代缴", date(2027, 1, 1), "2027"),
        ("本季联席会议数", date(2026, 3, 31), "2026-Q1"),
        ("本季联席会议数", date(2026, 4, 1), "2026-Q2"),
        ("本月已比对参保", date(2026, 9, 30), "2026-09"),
        ("本月已比对参保", date(2026, 10, 1), "2026-10"),
        ("养老意愿", date(2026, 10, 1), ""),
    ],
)
def test_the_period_that_a_fact_is_about(name: str, day: date, period: str) -> None:
    term = next(term for term in guideline().terms.values() if term.name == name)
    assert documents.period_of(term, day) == period


@pytest.mark.parametrize("kind", KINDS)
def test_the_evaluation_reads_the_columns(kind: str) -> None:
    edition = Edition(guideline(), date(2026, 6, 30))
    frame = documents.columns(kind, ["{}"])
    answers = Batch(edition, edition.decisions(kind), frame.columns).select(frame.lazy()).collect()
    assert answers.height == 1


def test_what_the_pages_no_longer_know_is_unknown() -> None:
    assert documents.read({"rural_house": True, "left_over": 1, "hukou_type": "tent", "votes_for": 3}) == {
        "rural_house": True,
        "votes_for": 3,
    }


MOVED = [
    ("户在原村", "500154101201", "500154101201", "500235104202", False),
    ("户在新村", "500235104202", "500154101201", "500235104202", True),
    ("镇集体户", "500235104000", "500154101201", "500235104202", True),
    ("原镇集体户", "500154101000", "500154101201", "500235104202", False),
    ("在第三处", "500236101201", "500154101201", "500235104202", None),
    ("只知道县", "500235000000", "500154000000", "500235104202", True),
    ("同镇两村之间", "500235104201", "500235104201", "500235104202", False),
    ("同镇，户在镇上", "500235104000", "500235104201", "500235104202", None),
    ("同县，原籍只知道县", "500235104202", "500235000000", "500235104202", True),
    ("同县，户只知道县", "500235000000", "500235000000", "500235104202", False),
    ("同村", "500235104202", "500235104202", "500235104202", None),
    ("不知道原籍", "500235104202", "", "500235104202", True),
    ("没有人管", "", "500154101201", "500235104202", None),
]


@pytest.mark.parametrize(("_", "holder", "origin", "destination", "has"), MOVED, ids=[case[0] for case in MOVED])
def test_whether_a_relation_has_moved(_: str, holder: str, origin: str, destination: str, has: bool | None) -> None:
    assert moved(holder, origin, destination) is has


STEPS = [
    ("户口迁了，知道日子", {"hukou_moved": True, "hukou_moved_on": date(2020, 5, 1)}, [("hukou", "o"), ("hukou", "d")]),
    ("户口迁了，不知道日子", {"hukou_moved": True}, [("hukou", "d")]),
    ("户口没迁", {"hukou_moved": False}, [("hukou", "o")]),
    ("户口不知道", {"hukou_moved": None}, []),
    ("不是党员", {"party_member": False, "party_moved": True}, []),
    ("党员没转", {"party_member": True, "party_moved": False}, [("party", "o")]),
    ("养老没参保", {"pension_status": "uninsured", "pension_moved": False}, []),
    ("养老领取中", {"pension_status": "drawing", "pension_moved": False}, [("pension", "o")]),
    ("养老转入", {"pension_status": "contributing", "pension_moved": True}, [("pension", "d")]),
    ("医保转入", {"medical_status": "resident", "medical_moved": True}, [("medical", "d")]),
    ("没有救助", {"assistance_kind": "none", "assistance_moved": False}, []),
    ("低保已迁", {"assistance_kind": "dibao", "assistance_moved": True}, [("assistance", "d")]),
    ("集体身份在原地", {"membership_moved": False}, [("collective", "o")]),
]


@pytest.mark.parametrize(("_", "facts", "expected"), STEPS, ids=[case[0] for case in STEPS])
def test_facts_of_a_file_become_steps(_: str, facts: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    places = {"500154101201": "o", "500235104202": "d"}
    steps, kept = steps_of(facts, *places)
    assert [(step.kind, places[step.holder]) for step in steps] == expected
    told = {code for code in facts if code.endswith("_moved") or code == "hukou_moved_on"}
    assert (not told & set(kept)) is bool(expected)


@pytest.mark.parametrize(("origin", "destination"), [("", "500235104202"), ("500235104202", "500235104202")])
def test_without_two_places_a_file_s_word_is_kept(origin: str, destination: str) -> None:
    assert steps_of({"hukou_moved": True}, origin, destination) == ([], {"hukou_moved": True})


SEEN = [
    ("party_member", "organisation", True),
    ("party_member", "committee", True),
    ("party_member", "civil_affairs", False),
    ("medical_status", "medical_security", True),
    ("medical_status", "organisation", False),
    ("pension_status", "human_resources", True),
    ("pension_status", "public_security", False),
    ("hukou_moved", "culture", True),
    ("birth_date", "development", True),
]


@pytest.mark.parametrize(("code", "line", "seen"), SEEN, ids=[f"{code}-{line}" for code, line, _ in SEEN])
def test_a_line_sees_what_its_clauses_read(code: str, line: str, *, seen: bool) -> None:
    assert may_see([Scope(line, "county", "500235000000", "500236000000")], code) is seen


def test_every_fact_is_somebody_s() -> None:
    """A fact that no line sees could never be recorded."""
    unseen = [t.code for kind in KINDS for t in recorded_terms(kind) if lines_of(t.code) == frozenset()]
    assert unseen == []


@pytest.mark.django_db
def test_a_register_without_anybody_has_no_facts() -> None:
    for kind in KINDS:
        assert facts_frame(kind, None, on=date.today()).is_empty()
        assert facts_frame(
            kind,
            ["01900000-0000-7000-8000-000000000000"] if kind != "county" else ["500235000000"],
            on=date.today() + timedelta(1),
        ).is_empty()
    assert connection.vendor


@pytest.mark.django_db
def test_few_and_many_are_told_the_same() -> None:
    """What one subject and what everybody is judged by is read in two ways."""
    village = clerk("village")
    home = household(village)
    given: dict[str, Fact | None] = {"relocatee_kind": "concurrent", "party_member": True, "hukou_moved": True}
    given["days_since_visit"] = "never"  # of a household, so that it is no fact of a person
    people = [
        zhang(village, home, facts={**given, "pension_wish": "unstated"}),
        zhang(village, name="张二", order=3, relation="", facts={"pension_moved": True, "medical_status": "resident"}),
    ]
    record_facts(by=village, kind="household", subject=str(home.pk), facts={"settlement_mode": "dispersed"})
    record_wish(by=village, person=str(people[0].pk), kind="pension", choice="keep", on=date.today(), how="当面")
    for kind, ids in (("person", [str(person.pk) for person in people]), ("household", [str(home.pk)])):
        with everything():
            lines = facts_frame(kind, ids, on=date.today()).iter_rows(named=True)
            assert facts_by_subject(kind, ids, on=date.today()) == {line["@id"]: facts_in(line) for line in lines}
