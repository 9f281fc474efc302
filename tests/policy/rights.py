"""What each decision on people's rights must answer: clauses 一（一） to 一（七）, each list in order of precedence."""

from __future__ import annotations

from datetime import date

from tests.policy.question import (
    Aspect,
    Question,
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

_rate: Aspect = (
    (True, {"subsidy_rate": 200}),
    (True, {"subsidy_rate": 0}),
    (False, {"subsidy_rate": "unknown"}),
    (False, {}),
)
_let: Aspect = (
    (True, {}),
    (True, {"original_land_transferred_mu": "unknown"}),
    (True, {"original_land_transferred_mu": 0.5}),
    (False, {"original_land_transferred_mu": 0.25}),
    (False, {"original_land_transferred_mu": 0}),
)
"""Whether all of half a mu is let, where any is: all that is not known to be less."""
_included: Aspect = (
    (True, {}),
    (True, {"eco_eligible_mu": 0.5}),
    (True, {"eco_included_mu": 0.25}),
    (True, {"eco_included_mu": 0.25, "eco_eligible_mu": 0}),
    (True, {"eco_included_mu": 0.5, "eco_eligible_mu": 0.5}),
    (False, {"eco_included_mu": 0.25, "eco_eligible_mu": 0.5}),
    (False, {"eco_included_mu": 0}),
)
_efficient_rent = both(yes("rents_land"), yes("efficient_agriculture"))

land = (
    Question(
        "land_use",
        {"mu": term("original_land_mu", 0, 0.5), **flags("original_land_transferred"), "all": _let},
        first(
            ("none", no("mu")),
            ("transferred", both(yes("original_land_transferred"), yes("all"))),
            ("guide", otherwise),
        ),
    ),
    Question(
        "eco_project",
        {**flags("eco_eligible", "eco_included"), "all": _included},
        first(
            ("included", both(yes("eco_included"), yes("all"))),
            ("include", either(yes("eco_eligible"), yes("eco_included"))),
            ("none", otherwise),
        ),
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
            **flags("medical_moved", "medical_pending", "medical_next_year"),
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
        **flags("hukou_moved", "assistance_applied", "assistance_moved", "assistance_settled"),
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

questions = (hukou_route, party_route, membership_route, *land, *pension, *medical, assistance_route)
