"""张青山's family, whom the guides follow: moved from 开州 to 云阳 in 2019, and half of what should have come along has not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from anju.demo.life import Life
from anju.demo.lives import Member, Numbers, chance_of
from anju.demo.moves import Move
from anju.demo.places import sites
from anju.demo.recorded.self_government import election_day
from anju.policy.model import Fact

told: Mapping[str, Mapping[str, Fact]] = {
    "梨园小区": {
        "new_community": True, "has_service_centre": True, "has_day_care": False, "has_grocery": False,
        "has_service_station": False, "facility_area": 61.5, "culture_households": 0, "township_checks_this_quarter": 0,
    },
    "500235000000": {"hukou_online": True, "hukou_convenience": False},
}  # fmt: skip
"""What is told of their site and their county as it is, not left to chance."""
origin, destination = "500154126901", "500235001901"
"""满月镇满月坪村 in 开州, 双江街道梨园社区 in 云阳."""
_moved_in = date(2019, 3, 16)


def zhang_move() -> Move:
    """The family's move."""
    (site,) = (site for site in sites() if site.name == "梨园小区")
    return Move("5009990000000000", origin, destination, site, _moved_in, True, "汉族", "梨园小区3栋2单元502")


def zhang_family(numbers: Numbers, on: date) -> Sequence[Life]:
    """张青山, whom nobody has asked about his hukou; his wife, a party member who has left the old village in every way; his
    mother, who draws a pension; and their daughter, who goes to school."""
    zhang = _begun(_member(numbers, on, "张青山", "户主", 46), on)
    qin = _begun(_member(numbers, on, "秦碧水", "配偶", 44), on, hukou_on=date(2023, 6, 12))
    tan = _begun(_member(numbers, on, "谭月桂", "母", 72), on)
    child = _begun(_member(numbers, on, "张晓禾", "女", 13), on)
    for life, status in ((zhang, "contributing"), (qin, "contributing"), (tan, "drawing")):
        _grown_up(life, status)
    zhang.facts |= {"original_land_mu": 4.2, "original_land_transferred": False, "original_land_idle": True}
    zhang.facts |= {"eco_eligible": False, "eco_included": False, "rents_land": False}
    zhang.facts["hukou_wish"] = child.facts["hukou_wish"] = tan.facts["hukou_wish"] = "unstated"
    zhang.facts["medical_wish"] = qin.facts["medical_wish"] = child.facts["medical_wish"] = "unstated"
    _three_detached(qin)
    tan.say("medical", "filing", on - timedelta(days=400))
    tan.facts["remote_care_filed"] = True
    child.facts["pension_status"] = "exempt"
    return zhang, qin, tan, child


def zhang_household(on: date) -> dict[str, Fact | None]:
    """The officer who is paired with them has not come for 38 days."""
    return {
        "relocatee_kind": "registered_poor",
        "settlement_mode": "centralized",
        "household_moved_in_on": _moved_in,
        "transition_reviewed": True,
        "has_open_difficulty": False,
        "paired_officers": 1,
        "days_since_visit": 38,
        "visit_topics_covered": True,
        "deeds_this_year": 0 if on.month < 12 else 1,
    }


def _member(numbers: Numbers, on: date, name: str, relation: str, age: int) -> Member:
    born, male = date(on.year - age, 1, 6 + len(relation)), name == "张青山"
    return Member(relation, male, born, name, numbers(born, male=male))


def _begun(member: Member, on: date, hukou_on: date | None = None) -> Life:
    """What is alike for all of them; nothing here is left to chance."""
    life = Life(member, zhang_move(), on, chance_of(member.name), hukou_on)
    life.hold("hukou", date.min, *([(destination, hukou_on, "moved")] if hukou_on else []))
    life.hold("collective", date.min, *([(destination, date(2024, 4, 20), "confirmed")] if hukou_on else []))
    life.hold("medical", date(2013, 1, 1), because="enrolled")
    life.facts |= {
        "rural_house": False, "homestead": False, "contracted_land": False, "lives_at_site": True, "lives_in_house": True,
        "address_assigned": True, "crosses_collective": True, "destination_collective": True, "party_member": False,
        "membership_applied": False,
        "medical_status": "resident", "medical_aided": True, "medical_insured_twice": False, "city_care_unsettled": False,
        "assistance_kind": "none", "origin_unit_named": True, "destination_unit_named": True,
    }  # fmt: skip
    return life


def _grown_up(life: Life, pension: str) -> None:
    life.hold("pension", date(2012, 7, 1), because="enrolled")
    life.facts |= {"pension_status": pension, "moved_in_on": _moved_in, "election_day": election_day(life.on)}
    life.facts |= {"destination_body": "community", "voter_registrations": 0, "voter_appeal": "not_published"}
    if not life.hukou_on:
        life.facts["election_choice"] = "unstated"
    if pension == "contributing":
        life.facts["premium_paid"] = True


def _three_detached(life: Life) -> None:
    """Home, hukou and membership of the collective are in 云阳; the party still counts her in 开州."""
    life.say("hukou", "willing", date(2023, 4, 2))
    life.say("membership", "yes", date(2023, 9, 5))
    life.party_since = date(2009, 7, 1)
    life.hold("party", life.party_since)
    life.facts |= {
        "hukou_type": "street_address", "age_at_hukou_move": life.member.age(date(2023, 6, 12)), "party_member": True,
        "residence_detached": True, "hukou_detached": True, "membership_detached": True, "residence_detached_on": _moved_in,
        "party_wish": "unasked", "offered_by_own_collective": False,
        "party_letter_issued": False, "party_life_missed_months": 2, "party_dues_missed_months": 0,
    }  # fmt: skip
