"""What must be true of the register whatever happened: questions whose answer is 0.

The database's own constraints keep most of it true; who restores a backup, moves to another engine or works on the tables by hand
asks again. Other floors list questions of their own with `proves`.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import F, OuterRef, Subquery

from anju.government.proving import counted, proves, questions
from anju.government.second_wall import looking_everywhere
from anju.jobs.actions import JobRefused, job
from anju.jobs.models import Job
from anju.register.models import Former, Relation
from anju.register.models.relations import Kind

__all__ = ["counted", "proves", "verify", "verify_register"]


def verify() -> dict[str, int]:
    """Every question with its answer."""
    answers: dict[str, int] = {}
    for sentence, question in questions().items():
        with looking_everywhere():
            answers[sentence] = question()
    return answers


@job
def verify_register(_: Job) -> None:
    """Ask everything, at night; whoever looks after the system sees which sentences do not hold."""
    broken = [f"{sentence}：{n} 处不是" for sentence, n in verify().items() if n]
    if broken:
        raise JobRefused("；".join(broken)[:300])


_statements = {
    "一个人同一天只在一户": (
        "SELECT count(*) FROM register_membership a JOIN register_membership b ON a.person_id = b.person_id "
        "AND a.id < b.id AND a.since < b.until AND b.since < a.until AND a.since < a.until AND b.since < b.until"
    ),
    "一户同一天只有一个户主": (
        "SELECT count(*) FROM register_membership a JOIN register_membership b ON a.household_id = b.household_id "
        "AND a.id < b.id AND a.relation = '户主' AND b.relation = '户主' AND a.since < b.until AND b.since < a.until "
        "AND a.since < a.until AND b.since < b.until"
    ),
    "关系的每一步都接着前一步": (
        "SELECT count(*) FROM register_relation a WHERE a.after IS NOT NULL AND NOT EXISTS (SELECT 1 FROM register_relation b "
        "WHERE b.person_id = a.person_id AND b.kind = a.kind AND b.since = a.after)"
    ),
    "每种关系只有一个开头，每一步后面只有一步": (
        "SELECT count(*) FROM (SELECT 1 FROM register_relation GROUP BY person_id, kind, after HAVING count(*) > 1) AS t"
    ),
    "养老、医保同一天只有一个参保地": (
        "SELECT count(*) FROM register_relation a JOIN register_relation b ON a.person_id = b.person_id AND a.kind = b.kind "
        "AND a.id < b.id WHERE a.kind IN ('pension', 'medical') AND a.holder <> '' AND b.holder <> '' AND a.since < COALESCE("
        "(SELECT min(n.since) FROM register_relation n WHERE n.person_id = b.person_id AND n.kind = b.kind "
        "AND n.after = b.since), '9999-12-31') AND b.since < COALESCE((SELECT min(n.since) FROM register_relation n "
        "WHERE n.person_id = a.person_id AND n.kind = a.kind AND n.after = a.since), '9999-12-31')"
    ),
    "户籍只因死亡或注销终止": (
        "SELECT count(*) FROM register_relation WHERE kind = 'hukou' AND holder = '' AND because NOT IN ('death', 'cancelled')"
    ),
    "一个证件号码只登记一个人": (
        "SELECT count(*) FROM (SELECT 1 FROM register_person WHERE number_index IS NOT NULL AND joined_into_id IS NULL "
        "GROUP BY number_index HAVING count(*) > 1) AS t"
    ),
    "并掉的档由两位干部并，并入的那一条还在": (
        "SELECT count(*) FROM register_person p WHERE p.joined_into_id IS NOT NULL AND (NOT EXISTS (SELECT 1 "
        "FROM register_joining j WHERE j.goes_id = p.id AND j.stage = 'joined' AND j.decided_by_id <> j.asked_by_id) "
        "OR NOT EXISTS (SELECT 1 FROM register_person s WHERE s.id = p.joined_into_id AND s.joined_into_id IS NULL))"
    ),
    "并掉的档哪里也没有，不在户里，没有关系和意愿": (
        "SELECT count(*) FROM register_person p WHERE p.joined_into_id IS NOT NULL AND (p.origin <> '' OR p.destination <> '' "
        "OR EXISTS (SELECT 1 FROM register_membership m WHERE m.person_id = p.id AND m.until > CURRENT_DATE AND m.since < m.until) "
        "OR EXISTS (SELECT 1 FROM register_relation r WHERE r.person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM register_partylife l WHERE l.person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM register_wish w WHERE w.person_id = p.id))"
    ),
    "注销了的人不再持有关系": (
        "SELECT count(*) FROM register_relation a JOIN register_person p ON p.id = a.person_id WHERE p.ended_on IS NOT NULL "
        "AND a.holder <> '' AND NOT EXISTS (SELECT 1 FROM register_relation b WHERE b.person_id = a.person_id "
        "AND b.kind = a.kind AND b.after = a.since)"
    ),
    "注销了的人不再在户里": (
        "SELECT count(*) FROM register_membership m JOIN register_person p ON p.id = m.person_id "
        "WHERE m.until > p.ended_on AND m.since < m.until"
    ),
    "党员不在隶属的地方另登记参加组织生活，同一处只登记一次": (
        "SELECT (SELECT count(*) FROM register_partylife a JOIN register_relation r ON r.person_id = a.person_id AND r.kind = 'party' "
        "AND (r.holder = a.place OR r.holder = '') WHERE a.until = '9999-12-31' AND NOT EXISTS "
        "(SELECT 1 FROM register_relation n WHERE n.person_id = r.person_id AND n.kind = 'party' AND n.after = r.since)) + "
        "(SELECT count(*) FROM register_partylife a JOIN register_partylife b ON a.person_id = b.person_id AND a.place = b.place "
        "AND a.id < b.id AND a.since < b.until AND b.since < a.until AND a.since < a.until AND b.since < b.until)"
    ),
    "注销了的人不再参加组织生活": (
        "SELECT count(*) FROM register_partylife a JOIN register_person p ON p.id = a.person_id "
        "WHERE a.until > p.ended_on AND a.since < a.until"
    ),
}
for _sentence, _sql in _statements.items():
    proves(_sentence)(counted(_sql))


@proves("已经领取养老待遇的，参保地没有再换")
def _drawn_and_moved() -> int:
    """Steps to another place that were registered while the person's document said that the pension is drawn (1.5-4)."""
    before = Relation.objects.unscoped().filter(person=OuterRef("person"), kind=Kind.PENSION, since=OuterRef("after"))
    moved = (
        Relation.objects.unscoped()
        .filter(kind=Kind.PENSION, after__isnull=False)
        .exclude(holder="")
        .annotate(came_from=Subquery(before.values("holder")[:1]))
        .exclude(came_from="")
        .exclude(came_from=F("holder"))
    )
    steps = moved.values_list("person_id", "recorded_at", "person__facts")
    found = 0
    for person, at, facts in steps.iterator():
        then = Former.objects.filter(subject_kind="person", subject_id=str(person), until__gt=at)
        former = then.order_by("until", "revision").values_list("facts", flat=True).first()
        found += (facts if former is None else former).get("pension_status") == "drawing"
    return found


@proves("没有指向空处的引用")
def _dangling() -> int:
    """References to rows that are not there; PostgreSQL, which lets none in, tells how many of its guards are off."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            return len(cursor.execute("PRAGMA foreign_key_check").fetchall())
    return counted(
        "SELECT (SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated) + (SELECT count(*) FROM pg_trigger "
        "WHERE tgisinternal AND tgenabled IN ('D', 'R'))"
    )()
