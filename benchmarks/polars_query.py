"""The decisions written by hand as a Polars query, the way an analyst who knows Polars well would write them.

Each decision is a list of conditions with their value (row numbers count from 1) and a list of facts with the condition
under which a blank is in the way. A comparison with a blank is null and null is not true, so a row is hit only by what
is known; `may` turns null into true.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import product

import polars as pl

Rows = list[tuple[pl.Expr, str]]
Needs = list[tuple[str, pl.Expr]]

school_leaving, pension_age, arrears_months, votes_wanted, votes_of = 16, 60, 3, 2, 3
representatives_until = date(2025, 5, 1)
always = pl.lit(True)
col = pl.col


def may(condition: pl.Expr) -> pl.Expr:
    """True or unknown."""
    return condition.fill_null(True)


poor, concurrent = col("relocatee_kind") == "registered_poor", col("relocatee_kind") == "concurrent"
scope = col("move_scope")


def hukou_route() -> tuple[Rows, Needs]:
    moved, wish, at_site = col("hukou_moved"), col("hukou_wish"), col("lives_at_site")
    land, house = col("homestead") | col("contracted_land"), col("rural_house")
    eligible = land | (house & col("lives_in_house"))
    willing = ~moved & (wish == "willing")
    rows = [
        (moved, "moved"),
        (~moved & (wish == "unstated"), "ask_wish"),
        (~moved & (wish == "unwilling"), "respect_refusal"),
        (willing & eligible & at_site, "either"),
        (willing & eligible & ~at_site, "village_group"),
        (willing & ~eligible & at_site, "street_address"),
        (willing & ~eligible & ~at_site, "collective_household"),
    ]
    open_land = may(wish == "willing") & eligible.is_null()
    needs = [
        ("hukou_moved", always),
        ("hukou_wish", always),
        ("homestead", open_land),
        ("contracted_land", open_land),
        ("rural_house", open_land),
        ("lives_in_house", open_land & may(house)),
        ("lives_at_site", may(wish == "willing")),
    ]
    return rows, needs


def party_route() -> tuple[Rows, Needs]:
    member, moved, wish = col("party_member"), col("party_moved"), col("party_wish")
    detached = col("residence_detached") & col("hukou_detached") & col("membership_detached")
    here = member & ~moved
    rows = [
        (~member, "not_applicable"),
        (member & moved, "moved"),
        (here & detached, "must_transfer"),
        (here & ~detached & (wish == "unasked"), "ask_wish"),
        (here & ~detached & (wish == "transfer"), "may_transfer"),
        (here & ~detached & (wish == "stay"), "dual_life"),
    ]
    open_ties = may(~moved) & detached.is_null()
    needs = [
        ("party_member", always),
        ("party_moved", always),
        ("residence_detached", open_ties),
        ("hukou_detached", open_ties),
        ("membership_detached", open_ties),
        ("party_wish", may(~moved) & may(~detached)),
    ]
    return rows, needs


def membership_route() -> tuple[Rows, Needs]:
    crosses, there, moved = col("crosses_collective"), col("destination_collective"), col("membership_moved")
    applied, notice, body = col("membership_applied"), col("notice_state"), col("vote_body")
    late = col("membership_applied_on") >= representatives_until
    carried = votes_of * col("votes_for") >= votes_wanted * col("votes_eligible")
    asks = crosses & there & ~moved & applied
    clear = asks & (notice == "clear")
    by_few, by_all = clear & (body == "representatives"), clear & body.is_in(["members", "villagers"])
    rows = [
        (~crosses, "unaffected"),
        (crosses & ~there, "keep_only"),
        (crosses & there & moved, "moved"),
        (crosses & there & ~moved & ~applied, "may_apply"),
        (asks & (notice == "none"), "publish"),
        (asks & (notice == "running"), "wait_notice"),
        (asks & (notice == "objection"), "resolve_objection"),
        (clear & (body == "none"), "vote"),
        (by_few & late, "invalid_body"),
        (by_few & ~late & carried, "confirm"),
        (by_few & ~late & ~carried, "not_confirmed"),
        (by_all & carried, "confirm"),
        (by_all & ~carried, "not_confirmed"),
    ]
    may_ask = may(there) & may(~moved) & may(applied)
    may_vote = may_ask & may(notice == "clear")
    counts = may_vote & (may(body.is_in(["members", "villagers"])) | may((body == "representatives") & ~late))
    needs = [
        ("crosses_collective", always),
        ("destination_collective", always),
        ("membership_moved", may(there)),
        ("membership_applied", may(there) & may(~moved)),
        ("notice_state", may_ask),
        ("vote_body", may_vote),
        ("membership_applied_on", may_vote & may(body == "representatives")),
        ("votes_for", counts),
        ("votes_eligible", counts),
    ]
    return rows, needs


def land_use() -> tuple[Rows, Needs]:
    has_land, transferred = col("original_land_mu") > 0, col("original_land_transferred")
    rows = [(~has_land, "none"), (has_land & transferred, "transferred"), (has_land & ~transferred, "guide")]
    return rows, [("original_land_mu", always), ("original_land_transferred", always)]


def eco_project() -> tuple[Rows, Needs]:
    included, eligible = col("eco_included"), col("eco_eligible")
    rows = [(included, "included"), (~included & eligible, "include"), (~included & ~eligible, "none")]
    return rows, [("eco_included", always), ("eco_eligible", always)]


def rent_subsidy() -> tuple[Rows, Needs]:
    rents, farms, rate = col("rents_land"), col("efficient_agriculture"), col("subsidy_rate")
    rows = [
        (~rents | (rents.is_null() & ~farms), "not_due"),
        (rents & ~farms, "not_due"),
        (rents & farms & rate.is_null(), "rate_missing"),
        (rents & farms & (rate > 0), "due"),
        (rents & farms & (rate <= 0), "due"),
    ]
    return rows, [("rents_land", always), ("efficient_agriculture", always)]


def industry_fund() -> tuple[Rows, Needs]:
    rents, farms, funded = col("rents_land"), col("efficient_agriculture"), col("industry_funded")
    rows = [
        (~rents | (rents.is_null() & ~farms), "not_due"),
        (rents & ~farms, "not_due"),
        (rents & farms & funded, "funded"),
        (rents & farms & ~funded, "due"),
    ]
    return rows, [("rents_land", always), ("efficient_agriculture", always), ("industry_funded", always)]


def land_priority() -> tuple[Rows, Needs]:
    offered, member, same = col("offered_by_own_collective"), col("membership_moved"), col("same_terms")
    rows = [
        (~offered | (offered.is_null() & ~member), "none"),
        (offered & ~member, "none"),
        (offered & member & same, "priority"),
        (offered & member & ~same, "equal"),
    ]
    return rows, [("offered_by_own_collective", always), ("membership_moved", always), ("same_terms", always)]


def pension_route() -> tuple[Rows, Needs]:
    status, hukou, moved, wish = col("pension_status"), col("hukou_moved"), col("pension_moved"), col("pension_wish")
    uninsured, paying, adult = status == "uninsured", status == "contributing", col("age") >= school_leaving
    near = scope.is_in(["same_village", "same_township", "same_county"])
    far, young = ~near, col("age_at_hukou_move") < pension_age
    may_move = poor & paying & far & hukou
    chooses = may_move & young & ~moved & (scope == "cross_county")
    rows = [
        (concurrent, "out_of_clause"),
        (poor & status.is_in(["employee", "exempt"]), "not_applicable"),
        (poor & uninsured & ~adult, "not_applicable"),
        (poor & uninsured & adult, "enrol"),
        (poor & status.is_in(["contributing", "drawing"]) & near, "no_transfer"),
        (poor & (status == "drawing") & far, "keep"),
        (poor & paying & far & ~hukou, "keep"),
        (may_move & ~young, "manual"),
        (may_move & young & moved, "moved"),
        (may_move & young & ~moved & (scope == "cross_province"), "must_transfer"),
        (chooses & (wish == "unstated"), "choice"),
        (chooses & (wish == "keep"), "keep_by_choice"),
        (chooses & (wish == "move"), "move_by_choice"),
    ]
    far_paying = may(paying) & may(far)
    needs = [
        ("relocatee_kind", always),
        ("pension_status", always),
        ("age", may(uninsured)),
        ("move_scope", may(status.is_in(["contributing", "drawing"]))),
        ("hukou_moved", far_paying),
        ("age_at_hukou_move", far_paying & may(hukou)),
        ("pension_moved", far_paying & may(hukou) & may(young)),
        ("pension_wish", far_paying & may(hukou) & may(young) & may(~moved) & may(scope == "cross_county")),
    ]
    return rows, needs


def premium_support() -> tuple[Rows, Needs]:
    status, paid, age = col("pension_status"), col("premium_paid"), col("age")
    active, payer = status.is_in(["uninsured", "contributing"]), age.is_between(school_leaving, pension_age - 1)
    rows = [
        (concurrent, "out_of_clause"),
        (poor & (~active | (status.is_null() & ~payer)), "none"),
        (poor & active & (age < school_leaving), "none"),
        (poor & active & (age >= pension_age), "none"),
        (poor & active & payer & paid, "paid"),
        (poor & active & payer & ~paid, "due"),
    ]
    needs = [
        ("relocatee_kind", always),
        ("pension_status", always),
        ("age", may(active)),
        ("premium_paid", may(active) & may(payer)),
    ]
    return rows, needs


def pension_payment() -> tuple[Rows, Needs]:
    status, old = col("pension_status"), col("age") >= pension_age
    active = status.is_in(["uninsured", "contributing"])
    rows = [
        (concurrent, "out_of_clause"),
        (poor & (status == "drawing"), "paying"),
        (poor & active & old, "check"),
        (poor & active & ~old, "not_yet"),
        (poor & status.is_in(["employee", "exempt"]), "none"),
    ]
    return rows, [("relocatee_kind", always), ("pension_status", always), ("age", may(active))]


def medical_route() -> tuple[Rows, Needs]:
    moved, wish = col("medical_moved"), col("medical_wish")
    insured = col("medical_status").is_in(["resident", "employee"])
    here = poor & ~moved & insured
    inside = here & scope.is_in(["same_county", "cross_county"])
    rows = [
        (concurrent, "out_of_clause"),
        (poor & moved, "moved"),
        (poor & ~moved & ~insured, "enrol_first"),
        (here & (scope == "cross_province"), "transfer_out"),
        (here & scope.is_in(["same_village", "same_township"]), "no_need"),
        (inside & (wish == "unstated"), "ask_wish"),
        (inside & (wish == "filing"), "file_remote_care"),
        (inside & (wish == "move"), "transfer"),
        (inside & (wish == "neither"), "no_action"),
    ]
    may_move = may(~moved) & may(insured)
    needs = [
        ("relocatee_kind", always),
        ("medical_moved", always),
        ("medical_status", may(~moved)),
        ("move_scope", may_move),
        ("medical_wish", may_move & may(scope.is_in(["same_county", "cross_county"]))),
    ]
    return rows, needs


def medical_coverage() -> tuple[Rows, Needs]:
    status, short = col("medical_status"), col("lapsed_months") <= arrears_months
    lapsed = status == "employee_lapsed"
    rows = [
        (concurrent, "out_of_clause"),
        (poor & status.is_in(["resident", "employee"]), "covered"),
        (poor & lapsed & short, "pay_arrears"),
        (poor & lapsed & ~short, "mobilise"),
        (poor & (status == "uninsured"), "mobilise"),
    ]
    return rows, [("relocatee_kind", always), ("medical_status", always), ("lapsed_months", may(lapsed))]


def medical_aid() -> tuple[Rows, Needs]:
    aided, employee = col("medical_aided"), col("medical_status") == "employee"
    rows = [
        (concurrent, "out_of_clause"),
        (poor & aided, "aided"),
        (poor & ~aided & ~employee, "due"),
        (poor & ~aided & employee, "none"),
    ]
    return rows, [("relocatee_kind", always), ("medical_aided", always), ("medical_status", may(~aided))]


def assistance_route() -> tuple[Rows, Needs]:
    kind, moved, hukou, applied = (
        col("assistance_kind"),
        col("assistance_moved"),
        col("hukou_moved"),
        col("assistance_applied"),
    )
    here = (kind != "none") & ~moved
    asks = here & hukou & applied
    rows = [
        (kind == "none", "none"),
        ((kind != "none") & moved, "moved"),
        (here & ~hukou, "origin_manages"),
        (here & hukou & ~applied, "remind"),
        (asks & scope.is_in(["same_village", "same_township"]), "update_address"),
        (asks & (scope == "same_county"), "notice"),
        (asks & (scope == "cross_county"), "letter"),
        (asks & (scope == "cross_province"), "letter_other_province"),
    ]
    needs = [
        ("assistance_kind", always),
        ("assistance_moved", always),
        ("hukou_moved", may(~moved)),
        ("assistance_applied", may(~moved) & may(hukou)),
        ("move_scope", may(~moved) & may(hukou) & may(applied)),
    ]
    return rows, needs


decisions = {
    d.__name__: d
    for d in (
        hukou_route, party_route, membership_route, land_use, eco_project, rent_subsidy, industry_fund, land_priority,
        pension_route, premium_support, pension_payment, medical_route, medical_coverage, medical_aid, assistance_route,
    )
}  # fmt: skip


def query(people: pl.LazyFrame, codes: tuple[str, ...]) -> pl.LazyFrame:
    """The key, and for each decision its value, its row and what is missing."""
    answers = [_Answer.of(code) for code in codes]
    found = people.with_columns(e for a in answers for e in (a.row, a.blanks))
    return found.select("key", *(e for a in answers for e in a.columns()))


@dataclass(frozen=True, slots=True)
class _Answer:
    """A decision's row (0 where none is hit) and its blanks as bits, then the columns looked up by them."""

    code: str
    values: tuple[str, ...]
    facts: tuple[str, ...]
    row: pl.Expr
    blanks: pl.Expr

    @classmethod
    def of(cls, code: str) -> _Answer:
        rows, needs = decisions[code]()
        row: pl.Expr = pl.lit(0, dtype=pl.UInt8)
        for number, (condition, _) in enumerate(rows, start=1):
            row = pl.when(condition).then(pl.lit(number, dtype=pl.UInt8)).otherwise(row)
        bits = [
            (col(fact).is_null() & needed).cast(pl.UInt16) * pl.lit(1 << at, dtype=pl.UInt16)
            for at, (fact, needed) in enumerate(needs)
        ]
        facts, values = tuple(fact for fact, _ in needs), tuple(value for _, value in rows)
        return cls(code, values, facts, row.alias(f"{code}.row"), pl.sum_horizontal(bits).alias(f"{code}.missing"))

    def columns(self) -> tuple[pl.Expr, ...]:
        row, blanks = col(f"{self.code}.row"), col(f"{self.code}.missing")
        kinds = pl.Enum(list(dict.fromkeys(self.values)))
        values = pl.Series([self.values[0], *self.values], dtype=kinds)
        combinations = product((False, True), repeat=len(self.facts))
        texts = [",".join(f for f, b in zip(self.facts, reversed(bits), strict=True) if b) for bits in combinations]
        missing = pl.Series(texts, dtype=pl.Enum(texts))
        return (
            pl.when(row != 0).then(pl.lit(values).gather(row)).alias(self.code),
            pl.when(row != 0).then(row),
            pl.when(row == 0).then(pl.lit(missing).gather(blanks)).alias(f"{self.code}.missing"),
        )
