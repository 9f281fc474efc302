"""What the database holds of cases beyond Django's constraints; and row-level security on PostgreSQL."""

from anju.government.second_wall import policy
from anju.walls.wall import goes_with_its_last, never_when, seen_within, stands

_case = (
    "EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = case_id AND "
    f"({policy(['c.origin', 'c.destination', 'c.insured'])}))"
)
_followed = "哪一件带来哪件应办，记下了就不改，也不删。"
_turned = "什么时候轮到过谁，不改写，也不删。"
_done = "做过的不改写，也不删；办错了，请在件里补一笔说明。"


def _of(table: str, column: str) -> str:
    """The condition for rows that belong to a row of a case."""
    seen = policy(["c.origin", "c.destination", "c.insured"])
    return f"EXISTS (SELECT 1 FROM {table} AS t JOIN cases_case AS c ON t.case_id = c.id WHERE t.id = {column} AND ({seen}))"


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
        columns='case_id, seq, did, step, action, target, part, by_id, office, "on", at, key, sent',  # what is sealed may be sealed anew
    ),
    never_when("entry_never_deleted", "cases_entry", "DELETE", "(1 = 1)", _done),
    never_when(
        "case_moves_on",
        "cases_case",
        "UPDATE",
        "(OLD.closed_at IS NOT NULL OR NEW.entries <> OLD.entries + 1 OR NEW.procedure <> OLD.procedure "
        "OR NEW.version_id <> OLD.version_id OR NEW.subject_kind <> OLD.subject_kind OR NEW.subject_id <> OLD.subject_id "
        "OR NEW.origin <> OLD.origin OR NEW.destination <> OLD.destination OR NEW.insured <> OLD.insured "
        "OR NEW.clause <> OLD.clause OR NEW.applied_on <> OLD.applied_on OR NEW.opened_at <> OLD.opened_at)",
        "结束了的件不再变；在办的件每变一次都有一笔。",
    ),
    never_when(
        "case_in_force_stays",
        "cases_case",
        "UPDATE",
        "(OLD.in_force_at IS NOT NULL AND (NEW.in_force_at IS NULL OR NEW.in_force_at <> OLD.in_force_at "
        "OR NEW.state IN ('withdrawn', 'terminated')))",
        "已经登记生效的件不再撤回、终止；余下的照办。",
    ),
    never_when("case_never_deleted", "cases_case", "DELETE", "(1 = 1)", "办过的件不删。"),
    never_when(
        "turn_never_rewritten",
        "cases_turn",
        "UPDATE",
        "(1 = 1)",
        _turned,
        columns='case_id, since_entry, step, part, resident, line, level, region, since, "limit", valid_until',
    ),
    never_when(
        "turn_ends_once",
        "cases_turn",
        "UPDATE",
        "(OLD.until_entry IS NOT NULL)",
        "这一步刚刚有人办过，请打开最新的再看。",
        columns="until_entry, ended_late",
    ),
    never_when("turn_never_deleted", "cases_turn", "DELETE", "(1 = 1)", _turned),
    never_when(
        "paper_follows_its_case",
        "cases_paper",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = NEW.case_id AND c.entries = NEW.after AND c.closed_at IS NULL))",
        "这一件刚刚有人办过，请打开最新的再交材料。",
    ),
    never_when(
        "paper_never_rewritten",
        "cases_paper",
        "UPDATE",
        "(1 = 1)",
        "交上来的材料不改写。",
        columns="case_id, after, step, kind, scan_id, by_id, office, at",
    ),
    never_when(
        "paper_stays_with_its_case",
        "cases_paper",
        "DELETE",
        "(EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = OLD.case_id AND c.closed_at IS NULL))",
        "件还在办，材料不能删。",
    ),
    goes_with_its_last("scan_goes_with_its_last_paper", "cases_scan", "cases_paper", "scan_id"),
    never_when(
        "scan_never_rewritten",
        "cases_scan",
        "UPDATE",
        "(1 = 1)",
        "交上来的材料不改写。",
        columns="id, media, size, digest",
    ),
    never_when(
        "notice_follows_its_case",
        "cases_notice",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = NEW.case_id AND c.entries = NEW.after AND c.step = NEW.step))",
        "这一件刚刚有人办过，请打开最新的再公示。",
    ),
    never_when(
        "notice_never_rewritten",
        "cases_notice",
        "UPDATE",
        "(1 = 1)",
        "贴出来的公示不改写；要改，重新公示。",
        columns="case_id, after, step, since, until, place, by_id, office, at, recorded_on, paper",
    ),
    never_when(
        "notice_proven_once",
        "cases_notice",
        "UPDATE",
        "(OLD.proven_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM cases_paper AS p WHERE p.id = NEW.proof "
        "AND p.case_id = NEW.case_id AND p.kind = 'evidence' AND p.after >= NEW.after))",
        "公示贴出的日子只证实一次，凭这一件里的照片或扫描件。",
        columns="proven_until, proof, proven_by_id, proven_at",
    ),
    never_when(
        "notice_not_proven_beforehand",
        "cases_notice",
        "INSERT",
        "(NEW.proven_at IS NOT NULL OR NEW.recorded_on IS NULL)",
        "公示登记了，才由另一位干部证实。",
    ),
    never_when("notice_never_deleted", "cases_notice", "DELETE", "(1 = 1)", _done),
    never_when(
        "objection_while_it_hangs",
        "cases_objection",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_notice AS n WHERE n.id = NEW.notice_id "
        'AND NEW."on" BETWEEN n.since AND COALESCE(n.proven_until, n.until)))',
        "异议要在公示期里提出。",
    ),
    never_when(
        "objection_never_rewritten",
        "cases_objection",
        "UPDATE",
        "(1 = 1)",
        "登记的异议不改写。",
        columns='notice_id, "on", how, recorded_by_id, recorded_at, key',
    ),
    never_when(
        "objection_decided_once",
        "cases_objection",
        "UPDATE",
        "(OLD.outcome <> '')",
        "这一条异议刚刚有人处理了，请打开最新的再看。",
        columns="outcome, decided_by_id, decided_on",
    ),
    never_when("objection_never_deleted", "cases_objection", "DELETE", "(1 = 1)", _done),
    never_when(
        "vote_follows_its_case",
        "cases_vote",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = NEW.case_id AND c.entries = NEW.after AND c.step = NEW.step))",
        "这一件刚刚有人办过，请打开最新的再通知开会。",
    ),
    never_when(
        "vote_after_the_notice",
        "cases_vote",
        "INSERT",
        "(EXISTS (SELECT 1 FROM cases_notice AS n WHERE n.case_id = NEW.case_id AND n.step < NEW.step "
        'AND COALESCE(n.proven_until, n.until) >= NEW."on" '
        "AND n.after = (SELECT max(m.after) FROM cases_notice AS m WHERE m.case_id = NEW.case_id)))",
        "会议要开在公示期满以后。",
    ),
    never_when(
        "vote_never_rewritten",
        "cases_vote",
        "UPDATE",
        "(1 = 1)",
        "开会的通知和名单定了，不改写。",
        columns='case_id, after, step, body, notified_on, "on", eligible, by_id, office, at, first_id',
    ),
    never_when(
        "vote_of_the_same_meeting",
        "cases_vote",
        "INSERT",
        "(NEW.first_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM cases_vote AS f WHERE f.id = NEW.first_id AND f.first_id IS NULL "
        'AND f.body = NEW.body AND f."on" = NEW."on" AND f.notified_on = NEW.notified_on AND f.eligible = NEW.eligible '
        "AND f.counted_at IS NULL))",
        "一次会只有一份名单：由谁表决、哪天开、应到多少，都要一样。",
    ),
    never_when(
        "vote_counted_once",
        "cases_vote",
        "UPDATE",
        "(OLD.counted_at IS NOT NULL)",
        "这一次表决已经计过票，不能再改。",
        columns="present, agreed, against, abstained, counted_by_id, counted_at",
    ),
    never_when("vote_never_deleted", "cases_vote", "DELETE", "(1 = 1)", _done),
    never_when(
        "roster_stays",
        "cases_voter",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_vote AS v WHERE v.id = NEW.vote_id AND NEW.number <= v.eligible "
        "AND v.counted_at IS NULL))",
        "名单定了，不再加人。",
    ),
    never_when(
        "roster_is_that_of_the_meeting",
        "cases_voter",
        "INSERT",
        "(EXISTS (SELECT 1 FROM cases_vote AS v WHERE v.id = NEW.vote_id AND v.first_id IS NOT NULL AND NOT EXISTS "
        "(SELECT 1 FROM cases_voter AS f WHERE f.vote_id = v.first_id AND f.number = NEW.number "
        "AND (f.person = NEW.person OR (f.person IS NULL AND NEW.person IS NULL)))))",
        "一次会只有一份名单：名单上没有这一位。",
    ),
    never_when(
        "roster_never_rewritten",
        "cases_voter",
        "UPDATE",
        "(1 = 1)",
        "名单定了，不再换人。",
        columns="vote_id, number, person",
    ),
    never_when(
        "ballot_before_the_count",
        "cases_voter",
        "UPDATE",
        "(EXISTS (SELECT 1 FROM cases_vote AS v WHERE v.id = OLD.vote_id AND v.counted_at IS NOT NULL))",
        "这一次表决已经计过票，不能再改。",
        columns="voted_at",
    ),
    never_when("roster_never_shorter", "cases_voter", "DELETE", "(1 = 1)", "名单定了，不再减人。"),
    never_when(
        "consequence_of_what_is_done",
        "cases_consequence",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.id = NEW.case_id "
        "AND (c.state = 'done' OR c.in_force_at IS NOT NULL)))",
        "办结了或者生效了的件才有后续。",
    ),
    never_when("consequence_never_rewritten", "cases_consequence", "UPDATE", "(1 = 1)", _followed),
    never_when("consequence_never_deleted", "cases_consequence", "DELETE", "(1 = 1)", _followed),
    never_when(
        "portion_done_once",
        "cases_portion",
        "UPDATE",
        "(OLD.done_at IS NOT NULL)",
        "这一批已经办完了。",
        columns="refused, case_id, done_at",
    ),
    seen_within("cases_case", policy(["origin", "destination", "insured"])),
    seen_within("cases_entry", _case),
    seen_within("cases_turn", _case),
    seen_within("cases_paper", _case),
    seen_within("cases_scan", "EXISTS (SELECT 1 FROM cases_paper AS p WHERE p.scan_id = cases_scan.id)"),
    seen_within("cases_notice", _case),
    seen_within("cases_objection", _of("cases_notice", "notice_id")),
    seen_within(
        "cases_consequence",
        f"{_case} AND EXISTS (SELECT 1 FROM duties_duty AS d WHERE d.id = duty_id AND "
        f"({policy(['d.origin', 'd.destination', 'd.insured'])}))",
    ),
    seen_within("cases_vote", _case),
    seen_within("cases_voter", _of("cases_vote", "vote_id")),
)
