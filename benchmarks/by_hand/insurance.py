"""Clauses 1.5 to 1.7 by hand: pension, medical insurance and social assistance."""

from __future__ import annotations

from polars import col

from benchmarks.by_hand.words import Needs, Rows, always, may, scope

school_leaving, pension_age, arrears_months = 16, 60, 3
poor, concurrent = col("relocatee_kind") == "registered_poor", col("relocatee_kind") == "concurrent"


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
    pending, next_year = (col(name).fill_null(False) for name in ("medical_pending", "medical_next_year"))
    insured = col("medical_status").is_in(["resident", "employee"])
    here = poor & ~moved & insured
    inside, out = here & scope.is_in(["same_county", "cross_county"]), here & (scope == "cross_province")
    rows = [
        (concurrent, "out_of_clause"),
        (poor & moved, "moved"),
        (poor & ~moved & ~insured, "enrol_first"),
        (out & ~pending & ~next_year, "transfer_out"),
        (out & ~pending & next_year, "transfer_out"),
        (out & pending, "transfer_out"),
        (here & scope.is_in(["same_village", "same_township"]), "no_need"),
        (inside & (wish == "unstated"), "ask_wish"),
        (inside & (wish == "filing"), "file_remote_care"),
        (inside & (wish == "move") & ~pending, "transfer"),
        (inside & (wish == "move") & pending, "transfer"),
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
    asks, settled = here & hukou & applied, col("assistance_settled").fill_null(False)
    rows = [
        (kind == "none", "none"),
        ((kind != "none") & moved, "moved"),
        (here & ~hukou, "origin_manages"),
        (here & hukou & ~applied, "remind"),
        (asks & scope.is_in(["same_village", "same_township"]), "update_address"),
        (asks & (scope == "same_county") & ~settled, "notice"),
        (asks & (scope == "same_county") & settled, "notice"),
        (asks & (scope == "cross_county") & ~settled, "letter"),
        (asks & (scope == "cross_county") & settled, "letter"),
        (asks & (scope == "cross_province") & ~settled, "letter_other_province"),
        (asks & (scope == "cross_province") & settled, "letter_other_province"),
    ]
    needs = [
        ("assistance_kind", always),
        ("assistance_moved", always),
        ("hukou_moved", may(~moved)),
        ("assistance_applied", may(~moved) & may(hukou)),
        ("move_scope", may(~moved) & may(hukou) & may(applied)),
    ]
    return rows, needs
