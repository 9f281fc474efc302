"""What is recorded of sites (clauses 2.1 to 2.5, 3.1 to 3.3) and of counties (1.1, 1.6, 3.1 to 3.3)."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date

from anju.demo.lives import pick
from anju.demo.places import SitePlan, sites
from anju.policy.model import Fact

_large = 800
_shares: Mapping[str, float] = {
    "suits_groups": 0.92, "organisation_settled": 0.75, "site_party_body_set": 0.8, "party_posts_this_year": 0.8,
    "party_service_this_year": 0.85, "has_service_centre": 0.85, "has_police_room": 0.75, "has_health_station": 0.85,
    "has_day_care": 0.6, "has_culture_room": 0.85, "has_grocery": 0.9, "covenant_revised": 0.85,
    "covenant_on_hygiene": 0.95, "covenant_on_customs": 0.92, "covenant_on_neighbours": 0.85, "suits_deliberation": 0.6,
    "has_deliberation_hall": 0.55, "standalone_site": 0.3, "has_courtyard_committee": 0.2, "has_library": 0.7,
    "has_multipurpose_room": 0.55, "shares_culture_venues": 0.4, "suits_square": 0.6, "has_square": 0.55,
    "has_work_team": 0.92, "has_support_rules": 0.88, "settling_in_service": 0.75, "counselling_service": 0.55,
    "neighbour_service": 0.8, "elder_care_service": 0.6, "has_errand_service": 0.88, "staffing_secured": 0.75,
    "running_costs_secured": 0.8, "premises_secured": 0.9, "receives_from_elsewhere": 0.9, "coordination_agreed": 0.8,
}  # fmt: skip
"""How many of a hundred sites have it."""
_counts: Mapping[str, tuple[float, ...]] = {
    "performances_this_year": (25, 50, 25), "culture_households": (20, 50, 30), "culture_leaders": (20, 50, 30),
    "singing_events_this_year": (20, 50, 30), "mobile_museum_this_year": (30, 60, 10),
    "mobile_culture_this_year": (20, 50, 30), "festivals_this_year": (20, 40, 40),
    "township_checks_this_quarter": (25, 60, 15), "deliberations_this_year": (20, 30, 50),
}  # fmt: skip
"""How often it was there never, once, twice."""
_blank = 0.05


def site_facts(site: SitePlan, families: int, party_members: int, chance: random.Random) -> dict[str, Fact | None]:
    """What is recorded of a site with so many households and party members."""
    facts: dict[str, Fact | None] = {"site_kind": site.kind}
    facts |= {code: chance.random() < share for code, share in _shares.items()}
    facts |= {code: pick(chance, *enumerate(shares)) for code, shares in _counts.items()}
    households = families + (chance.randint(20, 180) if site.size < _large else 0)
    councils = pick(chance, (4, 70), (3, 20), (2, 10))
    large = site.size >= _large
    facts |= {
        "suits_separate": large and chance.random() < 0.5,
        "new_community": large and chance.random() < 0.5,
        "has_service_station": chance.random() < (0.75 if large else 0.15),
        "households": households,
        "facility_area": round(households * 0.3 * chance.uniform(0.6, 1.9), 1),
        "full_party_members": party_members,
        "councils_present": councils,
        "councils_with_relocated": chance.randint(max(0, councils - 2), councils),
        "governance_participation_this_year": pick(chance, (0, 15), (chance.randint(3, 60), 85)),
        "relocated_attendance_this_year": chance.randint(0, 200),
        "community_culture_this_year": chance.randint(0, 6),
        "is_large_site": large,
        "cadre_selected": large and chance.random() < 0.8,
    }
    return {code: None if chance.random() < _blank else fact for code, fact in facts.items()}


def county_facts(code: str, on: date, chance: random.Random) -> dict[str, Fact | None]:
    """What is recorded of a county."""
    total = len({site.village.code for site in sites() if site.village.code.startswith(code[:6])})
    townships = len({site.village.township for site in sites() if site.village.code.startswith(code[:6])})
    cases = chance.randint(20, 90)
    last_year = chance.randint(200, 900) * 10_000
    facts: dict[str, Fact | None] = {
        "hukou_online": True,
        "hukou_convenience": chance.random() < 0.8,
        "hukou_cases": cases,
        "hukou_online_cases": chance.randint(3, cases),
        "agenda_items_this_year": chance.randint(0, 2) if on.month < 10 else 1,
        "dispatches_this_quarter": chance.randint(0, 1),
        "lead_department_named": True,
        "departments_assigned": chance.choice((9, 9, 8)),
        "townships_with_sites": townships,
        "townships_deployed": townships - chance.choice((0, 0, 1)),
        "townships_pledged": townships - chance.choice((0, 1)),
        "facilities_in_unified_plan": chance.random() < 0.8,
        "communities_total": total,
        "communities_covered": total - chance.randint(0, 2),
        "budget_funds_arranged": chance.random() < 0.8,
        "relocation_finance_arranged": chance.random() < 0.5,
        "surplus_funds": chance.choice((0, 1_200_000, 3_400_000)),
        "surplus_funds_arranged": chance.random() < 0.4,
        "social_capital_arranged": chance.random() < 0.3,
        "support_funds_this_year": int(last_year * chance.uniform(0.9, 1.2)),
        "support_funds_last_year": last_year,
        "differentiated_plan_made": chance.random() < 0.8,
        "meeting_rules_made": True,
        "meetings_this_quarter": chance.randint(0, 1),
        "problems_to_study": chance.randint(0, 3),
        "supervisions_this_year": chance.randint(0, 2),
        "findings_open": chance.randint(0, 2),
        "rules_reviewed_this_year": chance.random() < 0.5,
    }
    return {term: None if chance.random() < _blank else fact for term, fact in facts.items()}
