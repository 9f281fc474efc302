"""What the database holds of assistance months beyond Django's constraints, on both engines; and row-level security on PostgreSQL.

These walls read other tables than their own. On SQLite one writes at a time. On PostgreSQL each first locks the person whose months
they are, and whoever closes an office's month waits for those who write months of that office; and it sees all rows, whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from anju.government.second_wall import everywhere, policy
from anju.register.walls import codes_are_digits
from anju.walls.wall import Wall, never_when, seen_within, stands

_locks: Mapping[str, str] = {
    "person": "PERFORM 1 FROM register_person WHERE id = {row}.person_id FOR NO KEY UPDATE;",
    "office": "PERFORM pg_advisory_xact_lock_shared(hashtext('payments'), hashtext({row}.payer));",
    "closing": "PERFORM pg_advisory_xact_lock(hashtext('payments'), hashtext({row}.payer));",
    "budget": "PERFORM pg_advisory_xact_lock(hashtext('rents'), hashtext({row}.county || {row}.year::text));",
    "batch": "PERFORM 1 FROM payments_batch WHERE id = {row}.batch_id FOR SHARE;",
}
_told = "DECLARE told text := COALESCE(current_setting('anju.ranges', true), '');"
_see_all = f"PERFORM set_config('anju.ranges', '{everywhere}', true);"
_see_again = "PERFORM set_config('anju.ranges', told, true);"


def together(name: str, table: str, event: str, condition: str, sentence: str, *locks: str, columns: str = "") -> Wall:
    """A wall as `never_when` makes it, whose condition may rest on other tables: on PostgreSQL what it rests on is locked first."""
    wall = never_when(name, table, event, condition, sentence, columns=columns)
    row = "OLD" if event == "DELETE" else "NEW"
    locking = " ".join(_locks[lock].format(row=row) for lock in locks)
    (statement,) = wall.postgresql.values()
    seeing = statement.replace("$$ BEGIN", f"$$ {_told} BEGIN {_see_all} {locking}").replace(
        "END IF;", f"END IF; {_see_again}"
    )
    return replace(wall, postgresql={name: seeing})


def _at(row: str, column: str = "month") -> str:
    return f"m.person_id = {row}.person_id AND m.kind = {row}.kind AND m.month >= {row}.{column}"


def _closed(payer: str, month: str) -> str:
    """Whether an office has closed a month; whoever closes one has closed those before it."""
    return (
        f"EXISTS (SELECT 1 FROM payments_closing AS c WHERE c.payer = {payer} AND c.month >= {month} "
        "AND c.closed_at IS NOT NULL)"
    )


def _before(month: str) -> str:
    """The month before."""
    return f"({month} - CASE WHEN {month} - {month} / 100 * 100 = 1 THEN 89 ELSE 1 END)"


def _paying(row: str, month: str) -> str:
    """Who pays in a month, "-" where nothing is recorded."""
    return (
        f"COALESCE((SELECT p.payer FROM payments_payer AS p WHERE p.person_id = {row}.person_id AND p.kind = {row}.kind "
        f"AND p.since <= {month} ORDER BY p.since DESC LIMIT 1), '-')"
    )


_was_paid = (
    "EXISTS (SELECT 1 FROM payments_amount AS a WHERE a.person_id = NEW.person_id AND a.kind = NEW.kind "
    "AND a.month = NEW.month AND a.payer = NEW.payer AND a.sort IN ('paid', 'back'))"
)
_open = (
    "EXISTS (SELECT 1 FROM payments_month AS m WHERE m.payer = NEW.payer AND m.month <= NEW.month "
    "AND (m.state = 'expected' OR m.state = 'held' AND m.confirmed_at IS NULL))"
)
_lacking = (
    "EXISTS (SELECT 1 FROM payments_payer AS p LEFT JOIN payments_payer AS n ON n.person_id = p.person_id "
    "AND n.kind = p.kind AND n.after = p.since WHERE p.payer = NEW.payer AND p.since <= NEW.month "
    "AND NOT EXISTS (SELECT 1 FROM payments_month AS m WHERE m.person_id = p.person_id AND m.kind = p.kind AND m.month = "
    f"CASE WHEN n.since IS NULL OR n.since > NEW.month THEN NEW.month ELSE {_before('n.since')} END))"
)
_net = (
    "COALESCE((SELECT sum(CASE WHEN a.sort IN ('paid', 'back') THEN a.amount ELSE -a.amount END) FROM payments_amount AS a "
    "WHERE a.person_id = NEW.person_id AND a.kind = NEW.kind AND a.month = NEW.month AND a.payer = NEW.payer), 0)"
)
_came_back = (
    f"({_net} = 0 AND EXISTS (SELECT 1 FROM payments_amount AS a WHERE a.person_id = NEW.person_id AND a.kind = NEW.kind "
    "AND a.month = NEW.month AND a.payer = NEW.payer AND a.sort = 'returned'))"
)
_payer_before = (
    "(SELECT p.payer FROM payments_payer AS p WHERE p.person_id = OLD.person_id AND p.kind = OLD.kind "
    "AND p.since = OLD.after)"
)
_person = (
    f"({policy(['payer'])}) OR EXISTS (SELECT 1 FROM register_person AS p WHERE p.id = person_id "
    f"AND ({policy(['p.origin', 'p.destination'])}))"
)
_paid_stays = "发了的月份不改写；多发、少发的，登记追回、抵扣或补发。"
_closed_stays = "这个月已经关账，不能再改；缓发的补上，请登记补发。"
_amount_stays = "发过的钱不改写、不删除；错了的，登记追回、抵扣或补发。"
_chain_stays = "由谁发的历史不能改写；要改，从最后一条起重新定。"

stands(
    together(
        "payer_follows_its_own",
        "payments_payer",
        "INSERT",
        "(NEW.after IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_payer AS p WHERE p.person_id = NEW.person_id "
        "AND p.kind = NEW.kind AND p.since = NEW.after))",
        "下一条要接着这个人这种救助现有的一条。",
        "person",
    ),
    together(
        "payer_before_its_months",
        "payments_payer",
        "INSERT",
        f"(EXISTS (SELECT 1 FROM payments_month AS m WHERE {_at('NEW', 'since')}))",
        "这个月起已经定了由谁发，先撤下还没有发的月份再改。",
        "person",
    ),
    together(
        "payer_not_into_closed",
        "payments_payer",
        "INSERT",
        f"(NEW.payer <> '' AND {_closed('NEW.payer', 'NEW.since')})",
        "那里这个月已经关账，从没有关账的月份起。",
        "person",
        "office",
    ),
    never_when("payer_never_rewritten", "payments_payer", "UPDATE", "(1 = 1)", _chain_stays),
    together(
        "payer_kept_in_the_middle",
        "payments_payer",
        "DELETE",
        "(EXISTS (SELECT 1 FROM payments_payer AS n WHERE n.person_id = OLD.person_id AND n.kind = OLD.kind "
        "AND n.after = OLD.since))",
        _chain_stays,
        "person",
    ),
    together(
        "payer_kept_under_its_months",
        "payments_payer",
        "DELETE",
        f"(EXISTS (SELECT 1 FROM payments_month AS m WHERE {_at('OLD', 'since')}))",
        "这一条下面还有月份，先撤下还没有发的月份再改。",
        "person",
    ),
    together(
        "payer_not_back_into_closed",
        "payments_payer",
        "DELETE",
        f"({_closed(_payer_before, 'OLD.since')})",
        "接着发的那一方这个月已经关账，不能退给它。",
        "person",
        "office",
    ),
    together(
        "month_payer_is_the_one",
        "payments_month",
        "INSERT",
        f"({_paying('NEW', 'NEW.month')} <> NEW.payer)",
        "这个月该由另一方发，请打开最新的再看。",
        "person",
    ),
    together(
        "month_after_month",
        "payments_month",
        "INSERT",
        f"(NEW.payer <> '' AND {_paying('NEW', _before('NEW.month'))} NOT IN ('', '-') "
        "AND NOT EXISTS (SELECT 1 FROM payments_month AS m WHERE m.person_id = NEW.person_id AND m.kind = NEW.kind "
        f"AND m.month = {_before('NEW.month')}))",
        "前一个月还没有定由谁发，月份要一个接一个。",
        "person",
    ),
    together(
        "month_last_goes_first",
        "payments_month",
        "DELETE",
        "(EXISTS (SELECT 1 FROM payments_month AS m WHERE m.person_id = OLD.person_id AND m.kind = OLD.kind "
        "AND m.month > OLD.month))",
        "后面还有月份，只能从最后一个月撤起。",
        "person",
    ),
    never_when(
        "month_stays_whose_it_is",
        "payments_month",
        "UPDATE",
        "(1 = 1)",
        "月份归谁不改写；要改由谁发，重新定。",
        columns="person_id, kind, month, payer",
    ),
    together(
        "month_paid_stays",
        "payments_month",
        "UPDATE",
        f"(OLD.state = 'paid' AND NOT (NEW.state = 'expected' AND {_came_back}))",
        _paid_stays,
        "person",
        columns="state, reason",
    ),
    never_when(
        "month_held_is_confirmed_once",
        "payments_month",
        "UPDATE",
        "(OLD.confirmed_at IS NOT NULL AND NEW.state = 'held')",
        "缓发复核过了，不改写；要改，先不再缓发。",
        columns="held_by_id, held_at, confirmed_by_id, confirmed_at",
    ),
    never_when("month_paid_is_kept", "payments_month", "DELETE", "(OLD.state = 'paid')", _paid_stays),
    *(
        together(
            f"month_was_paid_{event.lower()}",
            "payments_month",
            event,
            f"(NEW.state = 'paid' AND NOT {_was_paid})",
            "没有发放的记录，不能算已发。",
            "person",
            columns="state" if event == "UPDATE" else "",
        )
        for event in ("INSERT", "UPDATE")
    ),
    together(
        "month_not_into_closed",
        "payments_month",
        "INSERT",
        f"({_closed('NEW.payer', 'NEW.month')})",
        _closed_stays,
        "office",
    ),
    together(
        "month_closed_stays",
        "payments_month",
        "UPDATE",
        f"({_closed('OLD.payer', 'OLD.month')} AND NOT (OLD.state = 'held' AND NEW.state = 'paid'))",
        _closed_stays,
        "office",
        columns="state, reason",
    ),
    together(
        "month_closed_is_kept",
        "payments_month",
        "DELETE",
        f"({_closed('OLD.payer', 'OLD.month')})",
        _closed_stays,
        "office",
    ),
    never_when("amount_never_rewritten", "payments_amount", "UPDATE", "(1 = 1)", _amount_stays),
    never_when("amount_never_deleted", "payments_amount", "DELETE", "(1 = 1)", _amount_stays),
    together(
        "amount_taken_back_was_given",
        "payments_amount",
        "INSERT",
        f"(NEW.sort IN ('recovered', 'offset', 'returned') AND NEW.amount > {_net})",
        "追回、抵扣、退汇的不能比发出的还多。",
        "person",
    ),
    *(
        together(
            f"closing_has_nothing_open_{event.lower()}",
            "payments_closing",
            event,
            f"(NEW.closed_at IS NOT NULL AND ({_open} OR {_lacking}))",
            "这个月还有应发没有发的人：发了、缓发（另一位干部复核过）或停发都定下来，才能关账。",
            "closing",
        )
        for event in ("INSERT", "UPDATE")
    ),
    never_when(
        "closing_stays_closed",
        "payments_closing",
        "UPDATE",
        "(OLD.closed_at IS NOT NULL OR NEW.payer <> OLD.payer OR NEW.month <> OLD.month OR NEW.asked_by_id <> OLD.asked_by_id)",
        "关了账的月份不再打开。",
    ),
    never_when(
        "closing_closed_is_kept", "payments_closing", "DELETE", "(OLD.closed_at IS NOT NULL)", "关了账的月份不再打开。"
    ),
    *(codes_are_digits("payments", table, ["payer"]) for table in ("payer", "month", "amount", "closing")),
    *(seen_within(f"payments_{table}", _person) for table in ("payer", "month", "amount")),
    seen_within("payments_closing", policy(["payer"])),
)
