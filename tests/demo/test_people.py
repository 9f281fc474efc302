"""The people of the synthetic city: always the same ones, nobody's numbers, and shares that look like life. Without a database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from itertools import islice, pairwise

import pytest

from anju.demo.city import Family, families, first_people
from anju.demo.life import Life
from anju.demo.places import counties, full_name, sites, villages
from anju.government.regions.table import by_code
from anju.policy.model import Fact
from anju.register.documents import fits
from anju.register.facts import provided
from anju.register.guideline import guideline, recorded_terms
from anju.register.models.relations import Kind
from anju.register.models.wishes import WishKind
from anju.tables.identity import id_is_right

TODAY = date(2026, 6, 30)
MANY = 5000


@cache
def city(people: int = MANY, seed: int = 1, on: date = TODAY) -> Sequence[Family]:
    return tuple(first_people(families(seed, on), people))


@cache
def everybody() -> Sequence[Life]:
    return tuple(life for family in city() for life in family.lives)


def told(found: Sequence[Family]) -> list[object]:
    """Everything about some families."""
    lives = (
        (life.member, life.facts, life.steps, life.wishes, life.died_on) for family in found for life in family.lives
    )
    return [*((family.move, family.facts) for family in found), *lives]


def test_the_same_seed_on_the_same_day_is_the_same_city() -> None:
    assert told(tuple(first_people(families(1, TODAY), 600))) == told(tuple(first_people(families(1, TODAY), 600)))
    assert told(city(600)) != told(city(600, seed=2))


def test_a_larger_city_begins_with_the_people_of_a_smaller_one() -> None:
    smaller = city(300)[:-1]
    assert told(smaller) == told(city(600)[: len(smaller)])


@pytest.mark.parametrize("people", [1, 2, 3, 4, 5, 100, 101, 102, 103])
def test_there_are_exactly_as_many_as_one_wants(people: int) -> None:
    assert sum(len(family.lives) for family in city(people)) == people


def test_every_number_is_true_is_given_once_and_belongs_to_a_region_that_does_not_exist() -> None:
    numbers = [life.member.number for life in everybody()]
    assert len(set(numbers)) == MANY
    assert all(id_is_right(number) for number in numbers[:300])
    assert {number[:6] for number in numbers} == {"500999"}
    assert "500999" not in by_code()
    assert all((int(life.member.number[16]) % 2 == 1) is life.member.male for life in everybody())
    assert all(life.member.number[6:14] == f"{life.member.born:%Y%m%d}" for life in everybody())


def grown_up(life: Life) -> bool:
    return life.age >= 18


def has_fact(code: str, *values: Fact) -> Callable[[Life], bool]:
    return lambda life: life.facts.get(code) in values


def known(code: str) -> Callable[[Life], bool]:
    return lambda life: code in life.facts


def anybody(life: Life) -> bool:
    return True


def moved(*scopes: str) -> Callable[[Life], bool]:
    return lambda life: life.move.scope in scopes


# among whom, of whom, at least and at most how many of a hundred
SHARES: dict[str, tuple[Callable[[Life], bool], Callable[[Life], bool], float, float]] = {
    "集中安置": (anybody, lambda life: life.move.site is not None, 70, 80),
    "建档立卡": (anybody, lambda life: life.move.registered_poor, 78, 86),
    "区县内": (anybody, moved("same_county", "same_township"), 62, 80),
    "同乡镇": (anybody, moved("same_township"), 4, 18),
    "跨区县": (anybody, moved("cross_county"), 18, 32),
    "跨省": (anybody, moved("cross_province"), 1, 7),
    "女性": (anybody, lambda life: not life.member.male, 45, 53),
    "未成年": (anybody, lambda life: life.age < 18, 15, 32),
    "六十岁以上": (anybody, lambda life: life.age >= 60, 15, 32),
    "户口已迁": (anybody, lambda life: life.hukou_on is not None, 45, 65),
    "成年人里的党员": (grown_up, has_fact("party_member", True), 5, 7),
    "六十岁以上领养老金": (lambda life: life.age >= 60 and "pension_status" in life.facts, has_fact("pension_status", "drawing"), 90, 98),
    "没到六十就领": (lambda life: life.age < 60, has_fact("pension_status", "drawing"), 0, 0),
    "不到十六就缴费": (lambda life: life.age < 16, has_fact("pension_status", "contributing", "employee"), 0, 0),
    "参加医保": (known("medical_status"), has_fact("medical_status", "resident", "employee"), 96, 98.5),
    "低保": (known("assistance_kind"), has_fact("assistance_kind", "dibao"), 5, 12),
    "特困": (known("assistance_kind"), has_fact("assistance_kind", "tekun"), 0.2, 2.5),
    "去世": (anybody, lambda life: life.died_on is not None, 0.2, 1.5),
    "改过主意": (anybody, lambda life: len({s.choice for s in life.wishes if s.kind == "hukou"}) > 1, 2, 12),
    "医保状态没登记": (anybody, lambda life: "medical_status" not in life.facts, 0.5, 4),
}  # fmt: skip


@pytest.mark.parametrize(("among", "of", "least", "most"), SHARES.values(), ids=SHARES)
def test_shares_look_like_life(
    among: Callable[[Life], bool], of: Callable[[Life], bool], least: float, most: float
) -> None:
    chosen = [life for life in everybody() if among(life)]
    share = 100 * sum(of(life) for life in chosen) / len(chosen)
    assert least <= share <= most, f"{share:.1f}"


def test_households_have_a_head_and_ages_that_fit() -> None:
    sizes = Counter(len(family.lives) for family in city()[:-1])
    assert 3.2 <= sum(size * n for size, n in sizes.items()) / sum(sizes.values()) <= 4.0
    assert max(sizes) <= 8
    for family in city():
        ages = defaultdict(list)
        for life in family.lives:
            ages[life.member.relation].append(life.age)
            assert 0 <= life.age <= 100
        (head,) = ages["户主"]
        assert all(head - 46 <= child <= head - 17 for child in ages["子"] + ages["女"])
        assert all(parent >= head + 16 for parent in ages["父"] + ages["母"])
        assert all(child <= head - 35 for child in ages["孙子"] + ages["孙女"])
        assert len({life.member.name for life in family.lives}) == len(family.lives)


def test_sites_are_as_unequal_as_they_are_in_life() -> None:
    """domain.md §4: of 506 sites two in five have fewer than 200 people, and one in forty has more than 10,000."""
    sizes = sorted(site.size for site in sites())
    assert len(sizes) == 40
    assert sum(size < 200 for size in sizes) == 16
    assert sum(size >= 10_000 for size in sizes) == 1
    lived_in = Counter(life.move.site.name for life in everybody() if life.move.site)
    assert set(lived_in) == {site.name for site in sites()}
    assert lived_in["梨园小区"] >= 1000
    assert sum(n < 100 for n in lived_in.values()) >= 20
    assert any(100 <= n < 200 for n in lived_in.values())


def test_places_are_real_down_to_the_township_and_made_up_below() -> None:
    for village in villages().values():
        assert f"{village.county}000000" in counties
        assert {len(village.township), len(village.code)} == {9, 12}
        assert village.township in by_code()
        assert village.code[9] == "9"
        assert full_name(village.code, TODAY).endswith(village.name)


def test_the_steps_of_a_relation_follow_each_other() -> None:
    for life in everybody():
        steps = defaultdict(list)
        for step in life.steps:
            steps[step.kind].append(step)
        assert set(steps) <= set(Kind.values)
        assert steps["hukou"], "everybody has a hukou"
        for chain in steps.values():
            assert chain[0].after is None
            assert all(later.after == sooner.since < later.since for sooner, later in pairwise(chain))
            assert all(step.since <= TODAY for step in chain)
            assert (chain[-1].holder == "") is (life.died_on is not None)


def test_every_fact_is_one_that_the_pages_know() -> None:
    terms = {term.code: term for term in recorded_terms("person")}
    unsaid = {
        "hukou_wish",
        "party_wish",
        "pension_wish",
        "medical_wish",
        "election_choice",
        "membership_applied",
        "assistance_applied",
    }
    for life in islice(everybody(), 2000):
        for code, value in life.facts.items():
            assert fits(terms[code], value), (code, value)
            assert code in unsaid or not provided("person", code), code
        assert {said.kind for said in life.wishes} <= set(WishKind.values)
        assert all(life.facts.get(term) in (None, "unstated", "unasked", False) for term in unsaid)
        assert all(said.on <= TODAY for said in life.wishes)
    homes = {term.code: term for term in recorded_terms("household")}
    assert all(value is None or fits(homes[c], value) for family in city() for c, value in family.facts.items())


def test_nobody_who_said_something_is_kept_as_silent() -> None:
    said = {"hukou": "hukou_wish", "party": "party_wish", "pension": "pension_wish", "medical": "medical_wish"}
    for life in everybody():
        assert not [kind for kind, term in said.items() if term in life.facts and kind in {s.kind for s in life.wishes}]


def test_the_family_of_the_guides_is_there_whatever_the_seed() -> None:
    zhang, qin, tan, child = city(4, seed=7)[0].lives
    assert [life.member.name for life in (zhang, qin, tan, child)] == ["张青山", "秦碧水", "谭月桂", "张晓禾"]
    assert zhang.hukou_on is None
    assert zhang.facts["hukou_wish"] == "unstated"
    assert all(
        qin.facts[code] for code in ("party_member", "residence_detached", "hukou_detached", "membership_detached")
    )
    assert [step.holder[:6] for step in qin.steps if step.kind == "party"] == ["500154"]
    assert tan.facts["pension_status"] == "drawing"
    assert child.age == 13
    assert zhang.move.scope == "cross_county"
    names = Counter(life.member.name for life in everybody())
    assert [names[life.member.name] for life in (zhang, qin, tan, child)] == [1, 1, 1, 1]


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2028, 2, 29), date(2030, 12, 31)], ids=str)
def test_a_city_can_be_made_on_any_day(on: date) -> None:
    lives = [life for family in city(400, on=on) for life in family.lives]
    assert all(step.since <= on for life in lives for step in life.steps)
    assert all(life.member.born <= on for life in lives)


def test_the_pages_still_know_every_term_that_is_told() -> None:
    assert {code for life in everybody() for code in life.facts} <= set(guideline().terms)
