"""What must be true of duties whatever happened: questions whose answer is 0 (`anju.register.verification`)."""

from __future__ import annotations

from django.utils import timezone

from anju.duties.everyone import differing, steps
from anju.register.guideline import guideline
from anju.register.verification import counted, proves

_statements = {
    "同一对象同一件应办只开着一件": (
        "SELECT count(*) FROM (SELECT 1 FROM duties_duty WHERE closed_on IS NULL "
        "GROUP BY subject_kind, subject_id, kind HAVING count(*) > 1) AS t"
    ),
    "了结的应办都有日期和原因": (
        "SELECT count(*) FROM duties_duty WHERE (closed_on IS NULL) <> (closed_because = '') OR closed_on < opened_on"
    ),
    "应办都留着开出它的那一版指导意见": (
        "SELECT count(*) FROM duties_duty d WHERE NOT EXISTS "
        "(SELECT 1 FROM duties_guidelineversion v WHERE v.version = d.version_id)"
    ),
    "注销了的人没有开着的应办": (
        "SELECT count(*) FROM duties_duty d JOIN register_person p ON d.subject_kind = 'person' "
        "AND replace(d.subject_id, '-', '') = replace(CAST(p.id AS text), '-', '') "
        "WHERE d.closed_on IS NULL AND p.ended_on <= CURRENT_DATE"
    ),
    "并掉的档没有开着的应办": (
        "SELECT count(*) FROM duties_duty d JOIN register_person p ON d.subject_kind = 'person' "
        "AND replace(d.subject_id, '-', '') = replace(CAST(p.id AS text), '-', '') "
        "WHERE d.closed_on IS NULL AND p.joined_into_id IS NOT NULL"
    ),
    "区县的参数同一天只有一个值": (
        "SELECT count(*) FROM duties_countyvalue a JOIN duties_countyvalue b ON a.county = b.county "
        "AND a.parameter = b.parameter AND a.id < b.id AND a.since < b.until AND b.since < a.until"
    ),
}
for _sentence, _sql in _statements.items():
    proves(_sentence)(counted(_sql))


@proves("开着的应办正是事实要求的")
def _as_the_facts_ask() -> int:
    """Subjects for whom something would be opened, closed or changed; after a night, and after every change of facts, nobody."""
    on, pages = timezone.localdate(), guideline()
    return sum(len(differing(kind, span, on, pages)) for kind, span in steps())
