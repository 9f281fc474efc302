"""Clauses 1.1 to 1.4 by hand: hukou, party membership, collective membership and land."""

from __future__ import annotations

from datetime import date

from polars import col

from benchmarks.by_hand.words import Needs, Rows, always, may

votes_wanted, votes_of = 2, 3
representatives_until = date(2025, 5, 1)


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
    land, let = col("original_land_mu"), col("original_land_transferred")
    gone = col("original_land_transferred_mu")
    left, some = land - gone, (land > 0) & let
    either_way = let.is_null() & ((gone <= 0) | ((gone > 0) & (left > 0)))
    rows = [
        (land <= 0, "none"),
        ((land > 0) & (~let | either_way), "guide"),
        (some & gone.is_null(), "transferred"),
        (some & (gone <= 0), "guide"),
        (some & (gone > 0) & (left <= 0), "transferred"),
        (some & (gone > 0) & (left > 0), "guide"),
    ]
    return rows, [("original_land_mu", always), ("original_land_transferred", always)]


def eco_project() -> tuple[Rows, Needs]:
    included, eligible = col("eco_included"), col("eco_eligible")
    gone, fits = col("eco_included_mu"), col("eco_eligible_mu")
    left, may_be = fits - gone, included | (included.is_null() & eligible)
    rows = [
        (included & gone.is_null(), "included"),
        (may_be & (gone <= 0), "include"),
        (included & (gone > 0) & fits.is_null(), "included"),
        (included & (gone > 0) & (fits <= 0), "included"),
        (included & (gone > 0) & (fits > 0) & (left <= 0), "included"),
        (may_be & (gone > 0) & (fits > 0) & (left > 0), "include"),
        (~included & eligible, "include"),
        (~included & ~eligible, "none"),
    ]
    return rows, [("eco_included", always), ("eco_eligible", may(~included))]


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
