"""What the database holds of imports and exports beyond Django's constraints; and row-level security on PostgreSQL."""

from collections.abc import Mapping, Sequence

from anju.exchange.models import rows_gone, stages, steps
from anju.government.second_wall import policy
from anju.walls.wall import never_when, seen_within, stands


def _taken(column: str, allowed: Mapping[str, Sequence[str]]) -> str:
    pairs = ((before, after) for before, following in allowed.items() for after in following)
    return " OR ".join(f"(OLD.{column} = '{before}' AND NEW.{column} = '{after}')" for before, after in pairs)


_of_batch = f"EXISTS (SELECT 1 FROM exchange_batch AS b WHERE b.id = batch_id AND ({policy(['b.region'])}))"
_holds = " OR ".join(
    f"EXISTS (SELECT 1 FROM {table} AS t WHERE t.batch_id = NEW.id)"
    for table in ("exchange_stagedrow", "exchange_chunk")
)
_forgotten = "(EXISTS (SELECT 1 FROM exchange_batch AS b WHERE b.id = NEW.batch_id AND b.forgotten_at IS NOT NULL))"

_of_export = f"EXISTS (SELECT 1 FROM exchange_export AS e WHERE e.id = export_id AND ({policy(['e.region'])}))"
_undoing = "EXISTS (SELECT 1 FROM exchange_batch AS b WHERE b.state = 'undoing'{which})"
_joining = (
    "EXISTS (SELECT 1 FROM register_joining AS j JOIN register_person AS p ON p.id = j.goes_id "
    "WHERE p.id = OLD.person_id AND j.stage = 'joined' AND p.joined_into_id IS NULL)"
)

stands(
    never_when(
        "wish_only_taken_back",
        "register_wish",
        "DELETE",
        f"(NOT {_undoing.format(which=' AND b.merged_at = OLD.recorded_at')} AND NOT {_joining})",
        "表过的态不能从记录里去掉；改了主意，请登记新的意愿。",
    ),
    never_when(
        "formerly_only_taken_back",
        "register_formerly",
        "DELETE",
        f"(NOT {_undoing.format(which='')})",
        "曾用名和旧号码不能从记录里去掉。",
    ),
    never_when(
        "batch_steps_in_order",
        "exchange_batch",
        "UPDATE",
        f"(OLD.state <> NEW.state AND NOT ({_taken('state', steps)}))",
        "这一批刚刚有人处理过，请刷新再看。",
        columns="state",
    ),
    never_when(
        "batch_never_rewritten",
        "exchange_batch",
        "UPDATE",
        "(1 = 1)",
        "交上来的是什么、谁交的，不能改写。",
        columns="kind, digest, region, uploaded_by_id, uploaded_at",
    ),
    never_when(
        "batch_accepted_once",
        "exchange_batch",
        "UPDATE",
        "(OLD.accepted_by_id IS NOT NULL AND NEW.accepted_by_id IS NOT NULL AND NEW.accepted_by_id <> OLD.accepted_by_id)",
        "这一批刚刚有人接收了，请刷新再看。",
        columns="accepted_by_id",
    ),
    never_when(
        "batch_undo_asked_once",
        "exchange_batch",
        "UPDATE",
        "(OLD.undo_asked_by_id IS NOT NULL AND NEW.undo_asked_by_id IS NOT NULL AND (NEW.undo_asked_by_id <> OLD.undo_asked_by_id "
        "OR NEW.undo_because <> OLD.undo_because OR NEW.undone_by_id <> OLD.undone_by_id))",
        "这一批刚刚有人申请撤回，请刷新再看。",
        columns="undo_asked_by_id, undo_because, undone_by_id",
    ),
    never_when(
        "batch_forgotten_for_good",
        "exchange_batch",
        "UPDATE",
        "(OLD.forgotten_at IS NOT NULL)",
        rows_gone,
        columns="forgotten_at, ended_at, state",
    ),
    never_when(
        "batch_forgotten_whole",
        "exchange_batch",
        "UPDATE",
        f"(NEW.forgotten_at IS NOT NULL AND ({_holds}))",
        "这一批还有没删去的内容。",
        columns="forgotten_at",
    ),
    never_when("no_rows_of_forgotten_batch", "exchange_stagedrow", "INSERT", _forgotten, rows_gone, together=True),
    never_when("no_chunks_of_forgotten_batch", "exchange_chunk", "INSERT", _forgotten, rows_gone, together=True),
    seen_within("exchange_batch", policy(["region"])),
    seen_within("exchange_chunk", _of_batch),
    seen_within("exchange_stagedrow", _of_batch),
    never_when(
        "export_stages_in_order",
        "exchange_export",
        "UPDATE",
        f"(OLD.stage <> NEW.stage AND NOT ({_taken('stage', stages)}))",
        "这份导出刚刚有人处理过，请刷新再看。",
        columns="stage",
    ),
    never_when(
        "export_never_rewritten",
        "exchange_export",
        "UPDATE",
        "(OLD.stage <> 'draft')",
        "交了的导出要什么、为什么，不能改写。",
        columns='officer_id, kind, region, lines, "full", purpose, alone, asked_at, decide_by',
    ),
    never_when(
        "export_never_decided_again",
        "exchange_export",
        "UPDATE",
        "(OLD.decided_by_id IS NOT NULL)",
        "这份导出刚刚有人处理过，请刷新再看。",
        columns="decided_by_id",
    ),
    never_when(
        "export_never_erased",
        "exchange_export",
        "DELETE",
        "(OLD.stage <> 'draft')",
        "交了的导出不能从记录里去掉。",
    ),
    seen_within("exchange_export", policy(["region"])),
    seen_within("exchange_piece", _of_export),
)
