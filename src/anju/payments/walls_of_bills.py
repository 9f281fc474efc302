"""What the database holds of settled bills and of premiums beyond Django's constraints, on both engines; and row-level security."""

from __future__ import annotations

from anju.government.second_wall import policy
from anju.payments.walls import together
from anju.register.walls import codes_are_digits
from anju.walls.wall import never_when, seen_within, stands

_table = "payments_settlement"
_amounts = ("total", "basic", "catastrophic", "assistance", "own")
_same = " AND ".join(
    f"s.{column} = NEW.{column}" for column in ("person_id", "insured", "year", "bill", "attempt", *_amounts)
)
_still = f"NOT EXISTS (SELECT 1 FROM {_table} AS r WHERE r.reverses_id = {{row}}.id)"
_stays = "结算过的不改写、不删除；算错了的，冲正以后重新结算。"
_batch = f"EXISTS (SELECT 1 FROM payments_batch AS b WHERE b.id = batch_id AND ({policy(['b.county'])}))"
_of_batch = "EXISTS (SELECT 1 FROM payments_batch AS b WHERE b.id = {row}.batch_id AND {what})"
_approved_stays = "复核过的一批不再变。"
_asked_first = "先写明为什么提出退回，再由另一位干部复核。"
_some = "EXISTS (SELECT 1 FROM payments_premium AS p WHERE p.batch_id = NEW.id)"

stands(
    together(
        "settlement_follows_its_own",
        _table,
        "INSERT",
        f"(NEW.seq <> 1 + COALESCE((SELECT max(s.seq) FROM {_table} AS s WHERE s.person_id = NEW.person_id "
        "AND s.year = NEW.year), 0))",
        "这个人这一年刚刚有人结算过，请打开最新的再看。",
        "person",
    ),
    together(
        "settlement_bill_stands_once",
        _table,
        "INSERT",
        f"(NEW.did = 'settled' AND (NEW.attempt <> 1 + (SELECT count(*) FROM {_table} AS s WHERE s.bill = NEW.bill "
        f"AND s.did = 'settled') OR EXISTS (SELECT 1 FROM {_table} AS s WHERE s.bill = NEW.bill AND s.did = 'settled' "
        f"AND {_still.format(row='s')})))",
        "这家机构的这张单据已经结算过；算错了的，先冲正。",
        "person",
    ),
    together(
        "settlement_last_goes_first",
        _table,
        "INSERT",
        f"(NEW.did = 'reversed' AND (NOT EXISTS (SELECT 1 FROM {_table} AS s WHERE s.id = NEW.reverses_id "
        f"AND s.did = 'settled' AND {_same}) OR EXISTS (SELECT 1 FROM {_table} AS s, {_table} AS o "
        "WHERE o.id = NEW.reverses_id AND s.person_id = o.person_id AND s.year = o.year AND s.seq > o.seq "
        f"AND s.did = 'settled' AND {_still.format(row='s')})))",
        "后面还有结算，它们接着这一笔算；要从最后一笔冲起，一笔一笔往前。",
        "person",
    ),
    never_when(
        "settlement_never_rewritten",
        _table,
        "UPDATE",
        "(1 = 1)",
        _stays,
        columns="person_id, insured, year, seq, did, reverses_id, bill, attempt, total, basic, catastrophic, assistance, own, "
        "case_id, by_id, key",  # what is sealed may be sealed anew
    ),
    never_when("settlement_never_deleted", _table, "DELETE", "(1 = 1)", _stays),
    codes_are_digits("payments", "settlement", ["insured"]),
    seen_within(_table, policy(["insured"])),
    never_when(
        "premium_batch_begins_waiting",
        "payments_batch",
        "INSERT",
        "(NEW.approved_at IS NOT NULL)",
        "先提出，再由另一位干部复核。",
    ),
    together(
        "premium_batch_stays",
        "payments_batch",
        "UPDATE",
        "(OLD.approved_at IS NOT NULL OR NEW.scheme <> OLD.scheme OR NEW.county <> OLD.county OR NEW.year <> OLD.year "
        f"OR NEW.asked_by_id <> OLD.asked_by_id OR NOT {_some})",
        _approved_stays,
    ),
    never_when("premium_batch_is_kept", "payments_batch", "DELETE", "(OLD.approved_at IS NOT NULL)", _approved_stays),
    together(
        "premium_into_a_waiting_batch",
        "payments_premium",
        "INSERT",
        f"(NOT {_of_batch.format(row='NEW', what='b.approved_at IS NULL AND b.scheme = NEW.scheme AND b.year = NEW.year')})",
        _approved_stays,
        "batch",
    ),
    never_when(
        "premium_never_rewritten",
        "payments_premium",
        "UPDATE",
        "(1 = 1)",
        "代缴的不改写；错了的，没有复核的撤回这一批，复核过的退回，再重新提。",
        columns='batch_id, person_id, scheme, year, "group", standard, state, own, recorded_at',
    ),
    never_when(
        "premium_begins_standing",
        "payments_premium",
        "INSERT",
        "(NEW.return_asked_at IS NOT NULL OR NEW.returned_at IS NOT NULL)",
        _asked_first,
    ),
    never_when(
        "premium_return_is_asked_first",
        "payments_premium",
        "UPDATE",
        "(NEW.returned_at IS NOT NULL AND (OLD.return_asked_at IS NULL OR NEW.return_asked_by_id <> OLD.return_asked_by_id "
        "OR NEW.return_asked_at <> OLD.return_asked_at OR NEW.because <> OLD.because))",
        _asked_first,
    ),
    never_when(
        "premium_returned_stays",
        "payments_premium",
        "UPDATE",
        "(OLD.returned_at IS NOT NULL)",
        "退回过的不再变；还要代缴的，重新提一批。",
    ),
    together(
        "premium_returned_was_approved",
        "payments_premium",
        "UPDATE",
        f"(NEW.return_asked_at IS NOT NULL AND {_of_batch.format(row='NEW', what='b.approved_at IS NULL')})",
        "还没有复核的一批不用退回，撤回就行。",
        "batch",
        columns="return_asked_at",
    ),
    together(
        "premium_is_kept",
        "payments_premium",
        "DELETE",
        f"({_of_batch.format(row='OLD', what='b.approved_at IS NOT NULL')})",
        _approved_stays,
        "batch",
    ),
    codes_are_digits("payments", "batch", ["county"]),
    seen_within("payments_batch", policy(["county"])),
    seen_within("payments_premium", _batch),
)
