"""What the database holds of letters beyond Django's constraints; and row-level security on PostgreSQL."""

from anju.documents.models import steps
from anju.government.second_wall import policy
from anju.walls.wall import Wall, never_when, seen_within, stands

_taken = " OR ".join(
    f"(OLD.state = '{before}' AND NEW.state = '{after}')" for before, following in steps.items() for after in following
)
_stays = "签发了的文书不能改；有错就作废，再拟一份。"
_of_letter = "EXISTS (SELECT 1 FROM documents_letter AS l WHERE l.id = letter_id)"
_to = f"EXISTS (SELECT 1 FROM documents_addressee AS a WHERE a.letter_id = documents_letter.id AND ({policy(['a.region'])}))"


def _open(row: str) -> str:
    return (
        f"(NOT EXISTS (SELECT 1 FROM documents_letter AS l WHERE l.id = {row}.letter_id "
        "AND l.state IN ('draft', 'checking')))"
    )


_named = "letterhead_name_of_one_region"
_one_region = Wall(
    _named,
    "documents_letterhead",
    "这个机关名称已经有别的地方的单位在用，请写您单位自己的全称。",
    {
        f"{_named}_{event}": f"CREATE TRIGGER {_named}_{event} BEFORE {event} ON documents_letterhead WHEN EXISTS (SELECT 1 "
        "FROM documents_letterhead AS other WHERE other.name = NEW.name AND other.region <> NEW.region) "
        f"BEGIN SELECT RAISE(ABORT, '{_named}'); END"
        for event in ("INSERT", "UPDATE")
    },
    {
        _named: f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{_named}') THEN "
        f"ALTER TABLE documents_letterhead ADD CONSTRAINT {_named} EXCLUDE USING gist (name WITH =, region WITH <>); "
        "END IF; END $$"
    },
)
"""The lines of one township may share its name; no trigger of PostgreSQL's would hold that when two name themselves at once."""

stands(
    _one_region,
    never_when("letter_begins_as_draft", "documents_letter", "INSERT", "(NEW.state <> 'draft')", "文书从拟稿开始。"),
    never_when(
        "letter_steps_in_order",
        "documents_letter",
        "UPDATE",
        f"(OLD.state <> NEW.state AND NOT ({_taken}))",
        "这份文书刚刚有人处理过，请刷新再看。",
        columns="state",
    ),
    never_when(
        "letter_never_rewritten",
        "documents_letter",
        "UPDATE",
        "(1 = 1)",
        "是什么文书、哪个单位的、谁拟的，不能改写；请另拟一份。",
        columns="kind, name, form, clause, lines, formal, line, level, region, office, answers_id, drafted_by_id, drafted_at, key",
    ),
    never_when(
        "letter_issued_stays",
        "documents_letter",
        "UPDATE",
        "(OLD.state IN ('issued', 'void'))",
        _stays,
        # what is sealed may be sealed anew: another content shows by the digest
        columns='sign, year, "number", revision, "rows", digest, revised_by_id, countersigned_by_id, countersigned_at, alone, '
        "issued_by_id, issued_at, issued_on",
    ),
    never_when(
        "letter_void_for_good",
        "documents_letter",
        "UPDATE",
        "(OLD.state = 'void')",
        "作废了的文书不再变。",
        columns="state, voided_by_id, voided_at",
    ),
    never_when("letter_never_deleted", "documents_letter", "DELETE", "(1 = 1)", "文书不删，只作废。"),
    never_when(
        "letter_number_is_counted",
        "documents_letter",
        "UPDATE",
        "(NEW.number IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents_counter AS c "
        "WHERE c.line = NEW.line AND c.region = NEW.region AND c.year = NEW.year AND c.last = NEW.number))",
        "文号由系统一个接一个地编，不能跳号。",
        columns='"number"',
    ),
    never_when("counter_begins_at_none", "documents_counter", "INSERT", "(NEW.last <> 0)", "文号从 1 号编起。"),
    never_when(
        "counter_one_by_one",
        "documents_counter",
        "UPDATE",
        "(NEW.last <> OLD.last + 1 OR NEW.line <> OLD.line OR NEW.region <> OLD.region OR NEW.year <> OLD.year)",
        "文号一个接一个地编，不能跳号。",
    ),
    never_when("counter_never_deleted", "documents_counter", "DELETE", "(1 = 1)", "编过的文号不退。"),
    *(
        never_when(f"{name}_{event.lower()}_while_open", f"documents_{name}", event, _open(row), _stays)
        for name in ("addressee", "matter")
        for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    ),
    never_when(
        "receipt_of_what_is_issued",
        "documents_receipt",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM documents_letter AS l JOIN documents_addressee AS a ON a.letter_id = l.id "
        "WHERE l.id = NEW.letter_id AND a.id = NEW.addressee_id AND l.state = 'issued'))",
        "没有签发的，或者不是发给这个单位的，收不到。",
    ),
    never_when("receipt_never_rewritten", "documents_receipt", "UPDATE", "(1 = 1)", "登记了的回执不改。"),
    never_when("receipt_never_deleted", "documents_receipt", "DELETE", "(1 = 1)", "登记了的回执不删。"),
    seen_within("documents_letter", f"({policy(['region'])}) OR (issued_at IS NOT NULL AND {_to})"),
    seen_within("documents_addressee", policy(["region", "issuer"])),
    seen_within("documents_matter", _of_letter),
    seen_within("documents_receipt", _of_letter),
)
