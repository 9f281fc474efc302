"""An oracle for every agreed decision, written from the guideline's order of precedence and not from the pages.

A question lists what its facts can mean and how each meaning stands in a ledger; its results stand in order: the first
whose condition holds applies. Where facts are blank, the result is what all completions agree in, else nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from math import ceil, floor

from anju.policy.model import Fact

Given = Mapping[str, Fact | None]
"""Facts by term code, as a ledger gives them; a blank is left out."""
Meaning = bool | int | float | str | None
"""What a fact means for the question, None = unknown."""
Aspect = tuple[tuple[Meaning, Given], ...]
"""Every meaning of one aspect of a case with the facts that give it."""
Facts = Mapping[str, Meaning]
Condition = Callable[[Facts], bool]
Result = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A decision, the aspects that it depends on, what it must answer, and the day that is asked for.

    ``rests_on``: the answer of another decision that is needed first; while that is open, so is this.
    """

    decision: str
    aspects: Mapping[str, Aspect]
    answer: Callable[[Facts], Result]
    on: date = date(2026, 6, 30)
    rests_on: Callable[[Facts], Result] | None = None

    @property
    def name(self) -> str:
        """The decision, with the day where it matters."""
        return self.decision if self.on == date(2026, 6, 30) else f"{self.decision} {self.on}"


def cases(question: Question) -> Iterator[tuple[Given, Result]]:
    """Every combination of meanings, blanks included, with what must come out."""
    names = tuple(question.aspects)
    complete = {
        name: tuple(dict.fromkeys(m for m, _ in aspect if m is not None)) for name, aspect in question.aspects.items()
    }

    @cache
    def agreed(answer: Callable[[Facts], Result], meanings: tuple[Meaning, ...]) -> Result:
        if None not in meanings:
            return answer(dict(zip(names, meanings, strict=True)))
        at = meanings.index(None)
        answers = {agreed(answer, (*meanings[:at], known, *meanings[at + 1 :])) for known in complete[names[at]]}
        return answers.pop() if len(answers) == 1 else None

    for combination in product(*question.aspects.values()):
        given: dict[str, Fact | None] = {}
        for _, facts in combination:
            given.update(facts)
        meanings = tuple(meaning for meaning, _ in combination)
        waits = question.rests_on is not None and agreed(question.rests_on, meanings) is None
        yield given, None if waits else agreed(question.answer, meanings)


def first(*results: tuple[str, Condition]) -> Callable[[Facts], Result]:
    """The first result whose condition holds."""

    def answer(facts: Facts) -> Result:
        return next(result for result, holds in results if holds(facts))

    return answer


def otherwise(_: Facts) -> bool:
    """The last result of a list."""
    return True


def yes(name: str) -> Condition:
    """The aspect is so."""
    return lambda facts: bool(facts[name])


def no(name: str) -> Condition:
    """The aspect is not so."""
    return lambda facts: not facts[name]


def one_of(name: str, *values: str) -> Condition:
    """The aspect is one of these."""
    return lambda facts: facts[name] in values


def at_least(name: str, least: int) -> Condition:
    """The figure reaches a threshold."""

    def holds(facts: Facts) -> bool:
        figure = facts[name]
        return isinstance(figure, (int, float)) and figure >= least

    return holds


def below(name: str, least: int) -> Condition:
    """The figure does not reach a threshold."""
    return lambda facts: not at_least(name, least)(facts)


def both(*conditions: Condition) -> Condition:
    """All conditions hold."""
    return lambda facts: all(condition(facts) for condition in conditions)


def either(*conditions: Condition) -> Condition:
    """Some condition holds."""
    return lambda facts: any(condition(facts) for condition in conditions)


def term(code: str, *values: str | float | bool) -> Aspect:
    """A fact that means what it says, or is blank."""
    return (*((value, {code: value}) for value in values), (None, {}))


def flag(code: str) -> Aspect:
    """A fact of type 是否."""
    return term(code, True, False)


def flags(*codes: str) -> dict[str, Aspect]:
    """Several facts of type 是否, each named by its code."""
    return {code: flag(code) for code in codes}


_kind = term("relocatee_kind", "registered_poor", "concurrent")
_scope = term("move_scope", "same_village", "same_township", "same_county", "cross_county", "cross_province")
_concurrent = one_of("kind", "concurrent")
_within_township = one_of("scope", "same_village", "same_township")


# --- 1.1 ------------------------------------------------------------------------------------------------------------
# 落实了农村住房并实际居住，或者落实了宅基地、承包地 → 村组；在集中点实际居住 → 门牌；都没有 → 集体户。

_in_village = either(both(yes("rural_house"), yes("lives_in_house")), yes("homestead"), yes("contracted_land"))

hukou_route = Question(
    "hukou_route",
    {
        **flags("hukou_moved", "rural_house", "lives_in_house", "homestead", "contracted_land", "lives_at_site"),
        "wish": term("hukou_wish", "willing", "unwilling", "unstated"),
    },
    first(
        ("moved", yes("hukou_moved")),
        ("ask_wish", one_of("wish", "unstated")),
        ("respect_refusal", one_of("wish", "unwilling")),
        ("either", both(_in_village, yes("lives_at_site"))),
        ("village_group", _in_village),
        ("street_address", yes("lives_at_site")),
        ("collective_household", otherwise),
    ),
)

# --- 1.2 ------------------------------------------------------------------------------------------------------------

party_route = Question(
    "party_route",
    {
        **flags("party_member", "party_moved", "residence_detached", "hukou_detached", "membership_detached"),
        "wish": term("party_wish", "transfer", "stay", "unasked"),
    },
    first(
        ("not_applicable", no("party_member")),
        ("moved", yes("party_moved")),
        ("must_transfer", both(yes("residence_detached"), yes("hukou_detached"), yes("membership_detached"))),
        ("ask_wish", one_of("wish", "unasked")),
        ("may_transfer", one_of("wish", "transfer")),
        ("dual_life", otherwise),
    ),
)

# --- 1.3 ------------------------------------------------------------------------------------------------------------
# 村民代表表决，只到 2025-05-01 以前的申请。三分之二含本数：30 人里 20 人够，29 人里 19 人不够。

_late: Aspect = (
    (False, {"membership_applied_on": date(2025, 4, 30)}),
    (True, {"membership_applied_on": date(2025, 5, 1)}),
    (None, {}),
)
_votes: Aspect = (
    (True, {"votes_eligible": 30, "votes_for": 20}),
    (False, {"votes_eligible": 29, "votes_for": 19}),
    (None, {"votes_eligible": 30}),
    (None, {"votes_for": 20}),
)

membership_route = Question(
    "membership_route",
    {
        **flags("crosses_collective", "destination_collective", "membership_moved", "membership_applied"),
        "late": _late,
        "notice": term("notice_state", "none", "running", "objection", "clear"),
        "body": term("vote_body", "none", "members", "villagers", "representatives"),
        "enough": _votes,
    },
    first(
        ("unaffected", no("crosses_collective")),
        ("keep_only", no("destination_collective")),
        ("moved", yes("membership_moved")),
        ("may_apply", no("membership_applied")),
        ("publish", one_of("notice", "none")),
        ("wait_notice", one_of("notice", "running")),
        ("resolve_objection", one_of("notice", "objection")),
        ("vote", one_of("body", "none")),
        ("invalid_body", both(one_of("body", "representatives"), yes("late"))),
        ("confirm", yes("enough")),
        ("not_confirmed", otherwise),
    ),
)

# --- 1.4 ------------------------------------------------------------------------------------------------------------

_rate: Aspect = ((True, {"subsidy_rate": 200}), (False, {"subsidy_rate": "unknown"}), (False, {}))
_efficient_rent = both(yes("rents_land"), yes("efficient_agriculture"))

land = (
    Question(
        "land_use",
        {"mu": term("original_land_mu", 0, 0.5), **flags("original_land_transferred")},
        first(
            ("none", no("mu")),
            ("transferred", yes("original_land_transferred")),
            ("guide", otherwise),
        ),
    ),
    Question(
        "eco_project",
        flags("eco_eligible", "eco_included"),
        first(("included", yes("eco_included")), ("include", yes("eco_eligible")), ("none", otherwise)),
    ),
    Question(
        "rent_subsidy",
        {**flags("rents_land", "efficient_agriculture"), "rate": _rate},
        first(("not_due", lambda facts: not _efficient_rent(facts)), ("rate_missing", no("rate")), ("due", otherwise)),
    ),
    Question(
        "industry_fund",
        flags("rents_land", "efficient_agriculture", "industry_funded"),
        first(
            ("not_due", lambda facts: not _efficient_rent(facts)),
            ("funded", yes("industry_funded")),
            ("due", otherwise),
        ),
    ),
    Question(
        "land_priority",
        flags("membership_moved", "offered_by_own_collective", "same_terms"),
        first(
            ("none", either(no("offered_by_own_collective"), no("membership_moved"))),
            ("priority", yes("same_terms")),
            ("equal", otherwise),
        ),
    ),
)

# --- 1.5 ------------------------------------------------------------------------------------------------------------

_status = term("pension_status", "uninsured", "contributing", "drawing", "employee", "exempt")
_age = term("age", 15, 16, 59, 60)
_in_residents_pension = one_of("status", "contributing", "uninsured")

pension = (
    Question(
        "pension_route",
        {
            "kind": _kind,
            "status": _status,
            "age": term("age", 15, 16),
            "scope": _scope,
            **flags("hukou_moved", "pension_moved"),
            "age_then": term("age_at_hukou_move", 59, 60),
            "wish": term("pension_wish", "keep", "move", "unstated"),
        },
        first(
            ("out_of_clause", _concurrent),
            ("not_applicable", one_of("status", "employee", "exempt")),
            ("not_applicable", both(one_of("status", "uninsured"), below("age", 16))),
            ("enrol", one_of("status", "uninsured")),
            ("no_transfer", one_of("scope", "same_village", "same_township", "same_county")),
            ("keep", either(one_of("status", "drawing"), no("hukou_moved"))),
            ("manual", at_least("age_then", 60)),
            ("moved", yes("pension_moved")),
            ("must_transfer", one_of("scope", "cross_province")),
            ("choice", one_of("wish", "unstated")),
            ("keep_by_choice", one_of("wish", "keep")),
            ("move_by_choice", otherwise),
        ),
    ),
    Question(
        "premium_support",
        {"kind": _kind, "status": _status, "age": _age, **flags("premium_paid")},
        first(
            ("out_of_clause", _concurrent),
            ("none", either(below("age", 16), at_least("age", 60), lambda facts: not _in_residents_pension(facts))),
            ("paid", yes("premium_paid")),
            ("due", otherwise),
        ),
    ),
    Question(
        "pension_payment",
        {"kind": _kind, "status": _status, "age": _age},
        first(
            ("out_of_clause", _concurrent),
            ("paying", one_of("status", "drawing")),
            ("check", both(_in_residents_pension, at_least("age", 60))),
            ("not_yet", _in_residents_pension),
            ("none", otherwise),
        ),
    ),
)

# --- 1.6 ------------------------------------------------------------------------------------------------------------

_medical = term("medical_status", "resident", "employee", "employee_lapsed", "uninsured")

medical = (
    Question(
        "medical_route",
        {
            "kind": _kind,
            "status": _medical,
            "scope": _scope,
            **flags("medical_moved"),
            "wish": term("medical_wish", "filing", "move", "neither", "unstated"),
        },
        first(
            ("out_of_clause", _concurrent),
            ("moved", yes("medical_moved")),
            ("enrol_first", one_of("status", "uninsured", "employee_lapsed")),
            ("transfer_out", one_of("scope", "cross_province")),
            ("no_need", _within_township),
            ("ask_wish", one_of("wish", "unstated")),
            ("file_remote_care", one_of("wish", "filing")),
            ("transfer", one_of("wish", "move")),
            ("no_action", otherwise),
        ),
    ),
    Question(
        "medical_coverage",
        {"kind": _kind, "status": _medical, "months": term("lapsed_months", 3, 4)},
        first(
            ("out_of_clause", _concurrent),
            ("covered", one_of("status", "resident", "employee")),
            ("pay_arrears", both(one_of("status", "employee_lapsed"), below("months", 4))),
            ("mobilise", otherwise),
        ),
    ),
    Question(
        "medical_aid",
        {"kind": _kind, "status": _medical, **flags("medical_aided")},
        first(
            ("out_of_clause", _concurrent),
            ("aided", yes("medical_aided")),
            ("due", one_of("status", "resident", "uninsured", "employee_lapsed")),
            ("none", otherwise),
        ),
    ),
)

# --- 1.7 ------------------------------------------------------------------------------------------------------------

assistance_route = Question(
    "assistance_route",
    {
        "aid": term("assistance_kind", "none", "dibao", "tekun", "other"),
        "scope": _scope,
        **flags("hukou_moved", "assistance_applied", "assistance_moved"),
    },
    first(
        ("none", one_of("aid", "none")),
        ("moved", yes("assistance_moved")),
        ("origin_manages", no("hukou_moved")),
        ("remind", no("assistance_applied")),
        ("update_address", _within_township),
        ("notice", one_of("scope", "same_county")),
        ("letter", one_of("scope", "cross_county")),
        ("letter_other_province", otherwise),
    ),
)

# --- 2.1 ------------------------------------------------------------------------------------------------------------

_groups_suit: Aspect = ((True, {"suits_groups": True}), (False, {"suits_groups": False}), (True, {}))
_site = {
    "site": term("site_kind", "rural", "urban", "dispersed"),
    "persons": term("persons", 99, 100, 199, 200, 250, 401, 999, 1000, 1999, 2000),
    "groups_suit": _groups_suit,
    **flags("suits_separate"),
}
_rural, _urban = one_of("site", "rural"), one_of("site", "urban")

_form = first(
    ("join_local", either(one_of("site", "dispersed"), no("groups_suit"))),
    ("join_local", either(both(_rural, below("persons", 100)), both(_urban, below("persons", 200)))),
    ("village", both(_rural, at_least("persons", 1000), yes("suits_separate"))),
    ("community", both(_urban, at_least("persons", 2000), yes("suits_separate"))),
    ("villager_groups", _rural),
    ("resident_groups", otherwise),
)


def _groups(rounding: Callable[[float], int], villagers: int, residents: int) -> Callable[[Facts], Result]:
    """How many groups: one for so many persons, ``not applicable`` where groups are not the form."""

    def answer(facts: Facts) -> Result:
        size = {"villager_groups": villagers, "resident_groups": residents}.get(str(_form(facts)))
        persons = facts["persons"]
        assert isinstance(persons, int)
        return "not applicable" if size is None else rounding(persons / size)

    return answer


organisation = (
    Question("organisation_form", _site, _form),
    Question("groups_min", _site, _groups(ceil, 200, 400), rests_on=_form),
    Question("groups_max", _site, _groups(floor, 100, 200), rests_on=_form),
    Question(
        "party_body",
        {"members": term("full_party_members", 0, 1, 2, 3)},
        first(("branch", at_least("members", 3)), ("party_group", at_least("members", 1)), ("none", otherwise)),
    ),
)

# --- 2.2 ------------------------------------------------------------------------------------------------------------

_six = flags(
    "has_service_centre", "has_police_room", "has_health_station", "has_day_care", "has_culture_room", "has_grocery"
)


def _area(facts: Facts) -> float:
    return 30 * _number(facts["households"]) / 100


def _number(meaning: Meaning) -> float:
    assert isinstance(meaning, (int, float))
    return meaning


facilities = (
    Question(
        "service_station",
        {"persons": term("persons", 799, 800), **flags("has_service_station")},
        first(("present", yes("has_service_station")), ("not_required", below("persons", 800)), ("missing", otherwise)),
    ),
    Question("facilities_missing", _six, lambda facts: sum(not facts[name] for name in _six)),
    Question("area_required", {"households": term("households", 0, 101, 250, 300)}, _area),
    Question(
        "area_shortfall",
        {"households": term("households", 101, 250, 300, 301), "area": term("facility_area", 30, 60, 89.5, 90)},
        lambda facts: round(max(0, _area(facts) - _number(facts["area"])), 6),
    ),
)

# --- 2.3 ------------------------------------------------------------------------------------------------------------
# 选举日 2021-12-20：满十八周岁、住满一年都算到那一天。

_day = date(2021, 12, 20)
_adult: Aspect = (
    (True, {"birth_date": date(2003, 12, 20), "election_day": _day}),
    (False, {"birth_date": date(2003, 12, 21), "election_day": _day}),
    (None, {"election_day": _day}),
)
_resided: Aspect = (
    (True, {"moved_in_on": date(2020, 12, 20)}),
    (False, {"moved_in_on": date(2020, 12, 21)}),
    (None, {}),
)
_in_village_body = one_of("body", "village")

self_government = (
    Question(
        "election_place",
        {
            "adult": _adult,
            **flags("hukou_moved", "assembly_consent"),
            "choice": term("election_choice", "origin", "destination", "unstated"),
            "body": term("destination_body", "village", "community"),
            "resided": _resided,
        },
        first(
            ("not_voter", no("adult")),
            ("destination", yes("hukou_moved")),
            ("ask", one_of("choice", "unstated")),
            ("origin", one_of("choice", "origin")),
            ("needs_residence", both(_in_village_body, no("resided"))),
            ("needs_consent", both(_in_village_body, no("assembly_consent"))),
            ("destination", otherwise),
        ),
    ),
    Question("covenant", flags("covenant_revised"), first(("revised", yes("covenant_revised")), ("revise", otherwise))),
    Question(
        "councils",
        {"present": term("councils_present", 0, 3, 4), "mixed": term("councils_with_relocated", 0, 3, 4)},
        first(("set_up", below("present", 4)), ("include_relocated", below("mixed", 4)), ("complete", otherwise)),
    ),
)

# --- 2.4, 2.5, 3 ----------------------------------------------------------------------------------------------------

_performed = {"shows": term("performances_this_year", 0, 1)}
_visited: Aspect = (
    *((days, {"days_since_visit": days}) for days in (0, 30, 31, 60, 61)),
    (9999, {"days_since_visit": "never"}),
    (None, {}),
)

culture = (
    Question("performance", _performed, first(("done", at_least("shows", 1)), ("due", otherwise)), date(2026, 9, 30)),
    Question(
        "performance", _performed, first(("done", at_least("shows", 1)), ("warning", otherwise)), date(2026, 10, 1)
    ),
    Question(
        "culture_household",
        {"hosts": term("culture_households", 0, 1)},
        first(("done", at_least("hosts", 1)), ("missing", otherwise)),
    ),
)

support = (
    Question(
        "pairing",
        {"kind": _kind, "officers": term("paired_officers", 0, 1, 2)},
        first(
            ("not_required", _concurrent),
            ("unpaired", below("officers", 1)),
            ("paired", below("officers", 2)),
            ("over_paired", otherwise),
        ),
    ),
    Question(
        "visit",
        {"kind": _kind, "days": _visited},
        first(
            ("not_required", _concurrent),
            ("on_time", below("days", 31)),
            ("due", below("days", 61)),
            ("overdue", otherwise),
        ),
    ),
    Question(
        "deeds",
        {"kind": _kind, "deeds": term("deeds_this_year", 0, 1)},
        first(("not_required", _concurrent), ("met", at_least("deeds", 1)), ("unmet", otherwise)),
    ),
    Question(
        "meeting",
        {"meetings": term("meetings_this_quarter", 0, 1)},
        first(("held", at_least("meetings", 1)), ("due", otherwise)),
    ),
)

questions: Sequence[Question] = (
    hukou_route,
    party_route,
    membership_route,
    *land,
    *pension,
    *medical,
    assistance_route,
    *organisation,
    *facilities,
    *self_government,
    *culture,
    *support,
)
