"""What must be true of cases whatever happened: questions whose answer is 0 (`anju.register.verification`)."""

from __future__ import annotations

from anju.register.verification import counted, proves

_statements = {
    "同一对象同一种办件只有一件在办": (
        "SELECT count(*) FROM (SELECT 1 FROM cases_case WHERE closed_at IS NULL GROUP BY subject_kind, subject_id, procedure, origin "
        "HAVING count(*) > 1) AS t"
    ),
    "同一次提交只办一笔": (
        "SELECT count(*) FROM (SELECT 1 FROM cases_entry WHERE key IS NOT NULL GROUP BY by_id, key HAVING count(*) > 1) AS t"
    ),
    "在办的件都轮到一个单位，结束的件不再轮到谁": (
        "SELECT count(*) FROM cases_case c WHERE (c.closed_at IS NULL) <> "
        "EXISTS (SELECT 1 FROM cases_turn t WHERE t.case_id = c.id AND t.until_entry IS NULL)"
    ),
    "轮到的单位都在件停着的那一步": (
        "SELECT count(*) FROM cases_turn t JOIN cases_case c ON t.case_id = c.id "
        "WHERE t.until_entry IS NULL AND t.step <> c.step"
    ),
    "件办过的一笔不少": (
        "SELECT count(*) FROM cases_case c WHERE c.entries <> (SELECT count(*) FROM cases_entry e WHERE e.case_id = c.id) "
        "OR c.entries <> (SELECT max(e.seq) FROM cases_entry e WHERE e.case_id = c.id)"
    ),
    "办件都留着它开始的那一版指导意见": (
        "SELECT count(*) FROM cases_case c WHERE NOT EXISTS "
        "(SELECT 1 FROM duties_guidelineversion v WHERE v.version = c.version_id)"
    ),
    "表决名单上的人数就是应到": (
        "SELECT count(*) FROM cases_vote v WHERE v.eligible <> "
        "(SELECT count(*) FROM cases_voter w WHERE w.vote_id = COALESCE(v.first_id, v.id) AND w.number <= v.eligible)"
    ),
    "一次会的名单，在各人的票里是同一份": (
        "SELECT count(*) FROM cases_vote v WHERE v.first_id IS NOT NULL AND EXISTS (SELECT 1 FROM cases_voter w WHERE w.vote_id = v.id) "
        "AND v.eligible <> (SELECT count(*) FROM cases_voter w JOIN cases_voter f ON f.vote_id = v.first_id AND f.number = w.number "
        "AND (f.person = w.person OR (f.person IS NULL AND w.person IS NULL)) WHERE w.vote_id = v.id)"
    ),
    "办结的件没有没处理的公示异议": (
        "SELECT count(*) FROM cases_objection o JOIN cases_notice n ON o.notice_id = n.id "
        "JOIN cases_case c ON n.case_id = c.id WHERE o.outcome = '' AND c.state = 'done'"
    ),
    "生效了的件没有撤回、终止": (
        "SELECT count(*) FROM cases_case WHERE in_force_at IS NOT NULL AND state IN ('withdrawn', 'terminated')"
    ),
    "办件的对象都在": (
        "SELECT count(*) FROM (SELECT subject_kind, replace(subject_id, '-', '') FROM cases_case WHERE subject_kind <> 'county' "
        "EXCEPT SELECT 'person', replace(CAST(id AS text), '-', '') FROM register_person "
        "EXCEPT SELECT 'household', replace(CAST(id AS text), '-', '') FROM register_household "
        "EXCEPT SELECT 'site', replace(CAST(id AS text), '-', '') FROM register_site) AS t"
    ),
    "注销了的人没有在办的件": (
        "SELECT count(*) FROM cases_case c JOIN register_person p ON c.subject_kind = 'person' "
        "AND replace(c.subject_id, '-', '') = replace(CAST(p.id AS text), '-', '') "
        "WHERE c.closed_at IS NULL AND p.ended_on <= CURRENT_DATE"
    ),
    "并掉的档没有在办的件": (
        "SELECT count(*) FROM cases_case c JOIN register_person p ON c.subject_kind = 'person' "
        "AND replace(c.subject_id, '-', '') = replace(CAST(p.id AS text), '-', '') "
        "WHERE c.closed_at IS NULL AND p.joined_into_id IS NOT NULL"
    ),
}
for _sentence, _sql in _statements.items():
    proves(_sentence)(counted(_sql))
