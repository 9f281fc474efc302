"""What each decision on communities must answer: 二（一） to 二（五） and 三, each list in order of precedence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from math import ceil, floor

from tests.policy.question import (
    Aspect,
    Facts,
    Meaning,
    Question,
    Result,
    at_least,
    below,
    both,
    either,
    first,
    flags,
    no,
    one_of,
    otherwise,
    term,
    yes,
)

_concurrent = one_of("kind", "concurrent")
_kind = term("relocatee_kind", "registered_poor", "concurrent")

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


def _kind_of_groups(facts: Facts) -> Result:
    """The form where it is groups, else none: however the site is organised then, groups are not counted."""
    form = _form(facts)
    return form if form in ("villager_groups", "resident_groups") else "none"


def _groups(rounding: Callable[[float], int], villagers: int, residents: int) -> Callable[[Facts], Result]:
    """How many groups: one for so many persons, ``not applicable`` where groups are not the form."""

    def answer(facts: Facts) -> Result:
        size = {"villager_groups": villagers, "resident_groups": residents}.get(str(_kind_of_groups(facts)))
        persons = facts["persons"]
        assert isinstance(persons, int)
        return "not applicable" if size is None else rounding(persons / size)

    return answer


organisation = (
    Question("organisation_form", _site, _form),
    Question("groups_min", _site, _groups(ceil, 200, 400), rests_on=_kind_of_groups),
    Question("groups_max", _site, _groups(floor, 100, 200), rests_on=_kind_of_groups),
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

questions = (*organisation, *facilities, *self_government, *culture, *support)
