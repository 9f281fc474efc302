"""What the database holds of cases beyond Django's constraints; and row-level security on PostgreSQL."""

from anju.government.second_wall import policy
from anju.walls.wall import never_when, seen_within, stands

_case = (
    "EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = case_id AND "
    f"({policy(['c.origin', 'c.destination', 'c.insured'])}))"
)
_done = "做过的不改写，也不删；办错了，请在件里补一笔说明。"

stands(
    never_when(
        "entry_follows_its_case",
        "cases_entry",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = NEW.case_id AND c.entries = NEW.seq))",
        "这一步刚刚有人办过，请打开最新的再看。",
    ),
    never_when(
        "entry_never_rewritten",
        "cases_entry",
        "UPDATE",
        "(1 = 1)",
        _done,
        columns="case_id, seq, did, step, action, target, part, by_id, office, at, key",  # what is sealed may be sealed anew
    ),
    never_when("entry_never_deleted", "cases_entry", "DELETE", "(1 = 1)", _done),
    never_when(
        "case_moves_on",
        "cases_case",
        "UPDATE",
        "(OLD.closed_at IS NOT NULL OR NEW.entries <> OLD.entries + 1 OR NEW.procedure <> OLD.procedure "
        "OR NEW.version_id <> OLD.version_id OR NEW.subject_kind <> OLD.subject_kind OR NEW.subject_id <> OLD.subject_id "
        "OR NEW.origin <> OLD.origin OR NEW.destination <> OLD.destination OR NEW.insured <> OLD.insured)",
        "结束了的件不再变；在办的件每变一次都有一笔。",
    ),
    never_when("case_never_deleted", "cases_case", "DELETE", "(1 = 1)", "办过的件不删。"),
    seen_within("cases_case", policy(["origin", "destination", "insured"])),
    seen_within("cases_entry", _case),
    seen_within("cases_turn", _case),
)
