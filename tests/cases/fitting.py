"""People whom a procedure is for: what the register knows of somebody, so that the pages' 把关 lets the case on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from anju.register.models import Person

SAME_COUNTY, SAME_TOWNSHIP = "500235101201", "500235104201"
"""Villages of 云阳: of another township than the destination's, and of the same."""
_hukou: Mapping[str, Fact] = {
    "hukou_moved": False,
    "rural_house": False,
    "lives_in_house": False,
    "homestead": False,
    "contracted_land": False,
    "lives_at_site": False,
}
_party: Mapping[str, Fact] = {
    "party_member": True,
    "party_moved": False,
    "residence_detached": True,
    "hukou_detached": True,
    "membership_detached": False,
}
_medical: Mapping[str, Fact] = {
    "relocatee_kind": "registered_poor",
    "medical_moved": False,
    "medical_status": "resident",
    "remote_care_filed": False,
}
_assistance: Mapping[str, Fact] = {"assistance_kind": "dibao", "assistance_moved": False, "hukou_moved": True}
_renting: Mapping[str, Fact] = {"rents_land": True, "efficient_agriculture": True}
VOTER: Mapping[str, Fact] = {
    "election_day": today() + timedelta(60),
    "hukou_moved": False,
    "destination_body": "community",
    "moved_in_on": today() - timedelta(400),
    "assembly_consent": False,
    "voter_registrations": 0,
}
"""Of age, with the hukou in the old village, and not registered as a voter yet."""
FITTING: Mapping[str, Mapping[str, Fact]] = {
    "move_hukou": {**_hukou, "contracted_land": True},
    "move_to_collective_household": _hukou,
    "confirm_membership": {"crosses_collective": True, "destination_collective": True, "membership_moved": False},
    "transfer_party": _party,
    "register_dual_life": _party,
    "transfer_pension": {
        "relocatee_kind": "registered_poor",
        "pension_status": "contributing",
        "pension_moved": False,
        "hukou_moved": True,
        "age_at_hukou_move": 40,
    },
    "enrol_resident_pension": {"relocatee_kind": "registered_poor", "pension_status": "uninsured", "hukou_moved": True},
    "file_remote_care": _medical,
    "transfer_medical": _medical,
    "leave_collective_household": {
        **_hukou,
        "hukou_moved": True,
        "hukou_type": "collective",
        "contracted_land": True,
    },
    "mobilise_coverage": {"relocatee_kind": "registered_poor", "medical_status": "uninsured"},
    "transfer_medical_out": {**_medical, "insured_at_destination": True},
    "transfer_original_land": {"original_land_mu": 3, "original_land_transferred": False},
    "include_in_eco_project": {"eco_eligible": True, "eco_included": False},
    "pay_rent_subsidy_flow": _renting,
    "apply_industry_fund": {**_renting, "industry_funded": False},
    "take_over_land_right": {
        "membership_moved": True,
        "offered_by_own_collective": True,
        "same_terms": True,
        "other_priority_claimants": False,
    },
    "register_voter_at_destination": VOTER,
    "register_voter_at_origin": VOTER,
    "update_assistance_address": _assistance,
    "transfer_assistance_by_notice": _assistance,
    "transfer_assistance_by_letter": _assistance,
}

ORIGINS: Mapping[str, str] = {
    "transfer_medical_out": "422801101201",
    "update_assistance_address": SAME_TOWNSHIP,
    "transfer_assistance_by_notice": SAME_COUNTY,
}
"""From where somebody has to come, if it is not the origin of the family."""


def fit(person: str, *procedures: str) -> None:
    """Let the register know of a person what procedures ask, beside what they wish."""
    with everything():
        for procedure in procedures:
            put_facts(kind="person", subject=person, facts=FITTING.get(procedure, {}))


def voter(person: Person, **but: Fact) -> None:
    """Let the register know of a person what an election asks, but for some facts."""
    with everything():
        put_facts(kind="person", subject=str(person.pk), facts={**VOTER, **but})
