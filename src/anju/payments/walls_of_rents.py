"""What the database holds of the land-rent subsidy beyond Django's constraints, on both engines; and row-level security.

Whoever grants in a county and year, or sets its budget, waits for the others who do (on SQLite one writes at a time anyhow).
"""

from __future__ import annotations

from anju.government.second_wall import policy
from anju.payments.walls import together
from anju.register.walls import codes_are_digits
from anju.walls.wall import never_when, seen_within, stands

_table, _budgets = "payments_rentgrant", "payments_rentbudget"
_budget = (
    "COALESCE((SELECT b.amount FROM payments_rentbudget AS b WHERE b.county = NEW.county AND b.year = NEW.year "
    "ORDER BY b.seq DESC LIMIT 1), 0)"
)
_granted = (
    "COALESCE((SELECT sum(g.amount) FROM payments_rentgrant AS g WHERE g.county = NEW.county AND g.year = NEW.year "
    "AND g.state = 'granted'), 0)"
)
_of_household = (
    "COALESCE((SELECT sum(g.mu) FROM payments_rentgrant AS g WHERE g.person_id = NEW.person_id AND g.year = NEW.year "
    "AND g.state IN ('proposed', 'granted')), 0)"
)
_so_far = (
    "COALESCE((SELECT max(b.seq) FROM payments_rentbudget AS b WHERE b.county = NEW.county AND b.year = NEW.year), 0)"
)
_grant_stays = "提过的补助不改写、不删除；提错了的撤回，发错了的冲回，再照对的提。"
_budget_stays = "登记过的预算不改写、不删除；有变动的，再登记一次。"
_same = "person_id, household_id, county, destination, village, plot, year, mu, whole, rate, basis, amount, asked_by_id, asked_at, key"

stands(
    together(
        "rent_budget_follows_its_own",
        _budgets,
        "INSERT",
        f"(NEW.seq <> 1 + {_so_far})",
        "这一年的预算刚刚有人改过，请打开最新的再看。",
        "budget",
    ),
    together(
        "rent_budget_covers_what_is_granted",
        _budgets,
        "INSERT",
        f"(NEW.amount < {_granted})",
        "预算不能比已经补助的还少。",
        "budget",
    ),
    never_when("rent_budget_never_rewritten", _budgets, "UPDATE", "(1 = 1)", _budget_stays),
    never_when("rent_budget_never_deleted", _budgets, "DELETE", "(1 = 1)", _budget_stays),
    never_when("rent_begins_proposed", _table, "INSERT", "(NEW.state <> 'proposed')", "先提出，再由另一位干部复核。"),
    never_when(
        "rent_amount_is_rate_times_mu",
        _table,
        "INSERT",
        "(NEW.amount <> (NEW.mu * NEW.rate + 50) / 100)",
        "补助金额要等于标准乘亩数。",
    ),
    together(
        "rent_within_what_is_rented",
        _table,
        "INSERT",
        f"({_of_household} + NEW.mu > NEW.whole)",
        "这一户今年提出和补助的亩数，加起来不能比登记的流转亩数多。",
        "person",
    ),
    together(
        "rent_within_the_budget",
        _table,
        "UPDATE",
        f"(NEW.state = 'granted' AND OLD.state <> 'granted' AND {_granted} + NEW.amount > {_budget})",
        "加上这一笔就超过这一年的预算了，不能补助。",
        "budget",
        columns="state",
    ),
    never_when(
        "rent_goes_one_way",
        _table,
        "UPDATE",
        "(NOT (OLD.state = 'proposed' AND NEW.state IN ('granted', 'withdrawn') "
        "OR OLD.state = 'granted' AND NEW.state = 'reversed'))",
        "这一笔刚刚有人办过，请打开最新的再看。",
    ),
    never_when("rent_never_rewritten", _table, "UPDATE", "(1 = 1)", _grant_stays, columns=_same),
    never_when(
        "rent_approval_stays",
        _table,
        "UPDATE",
        "(OLD.state = 'granted' AND (NEW.approved_by_id <> OLD.approved_by_id OR NEW.approved_at <> OLD.approved_at "
        "OR NEW.paid_on <> OLD.paid_on))",
        _grant_stays,
    ),
    never_when("rent_never_deleted", _table, "DELETE", "(1 = 1)", _grant_stays),
    codes_are_digits("payments", "rentgrant", ["county", "destination", "village"]),
    codes_are_digits("payments", "rentbudget", ["county"]),
    seen_within(_table, policy(["destination", "village"])),
)
