"""What the database holds of the register beyond Django's constraints, on both engines; and row-level security on PostgreSQL."""

from anju.government.second_wall import policy
from anju.walls.wall import Wall, never_when, no_overlap, seen_within, stands

_rewritten = "关系的历史不能改写；登记错了，请撤回最后一条再登记。"
_person = (
    f"EXISTS (SELECT 1 FROM register_person AS p WHERE p.id = person_id AND ({policy(['p.origin', 'p.destination'])}))"
)
_household = (
    "EXISTS (SELECT 1 FROM register_household AS h WHERE h.id = household_id AND "
    f"({policy(['h.origin', 'h.destination'])}))"
)
_former = " OR ".join(
    f"(subject_kind = '{kind}' AND EXISTS (SELECT 1 FROM register_{table} AS s WHERE s.{key} = "
    f"CASE WHEN subject_kind = '{kind}' THEN subject_id{cast} END AND ({policy([f's.{c}' for c in columns])})))"
    for kind, table, key, cast, columns in (
        ("person", "person", "id", "::uuid", ("origin", "destination")),
        ("household", "household", "id", "::uuid", ("origin", "destination")),
        ("site", "site", "id", "::uuid", ("region",)),
        ("county", "countyfacts", "code", "", ("code",)),
    )
)
_two_heads = (
    "(EXISTS (SELECT 1 FROM register_membership AS o WHERE o.household_id = NEW.household_id AND o.relation = '户主' "
    "AND o.since < NEW.until AND NEW.since < o.until AND o.since < o.until AND o.id <> NEW.id))"
)
"""On any day of the past, too; of those who become head at the same moment the index `membership_one_head` lets one."""
_of_a_head = "(NEW.relation = '户主' AND NEW.since < NEW.until)"
_has_head = "这一户已经有户主了。"
_at_home = (
    "(EXISTS (SELECT 1 FROM register_relation AS r WHERE r.person_id = NEW.person_id AND r.kind = 'party' AND r.holder = NEW.place "
    "AND NOT EXISTS (SELECT 1 FROM register_relation AS n WHERE n.person_id = r.person_id AND n.kind = 'party' AND n.after = r.since)))"
)
"""Where the one affiliation is, nobody takes part beside it."""
_ended = (
    "(EXISTS (SELECT 1 FROM register_person AS p WHERE p.id = NEW.person_id AND p.ended_on IS NOT NULL) AND NOT EXISTS (SELECT 1 "
    "FROM register_joining AS j JOIN register_person AS g ON g.id = j.goes_id WHERE j.stays_id = NEW.person_id "
    "AND j.stage = 'joined' AND g.joined_into_id IS NULL))"
)
"""But while another record of the same person is being joined into this one, whose history it takes over."""
_pension_goes_on = "(NEW.kind = 'pension' AND NEW.holder <> '' AND NEW.after IS NOT NULL)"
_drawn_and_moved = (
    "(EXISTS (SELECT 1 FROM register_person AS p WHERE p.id = NEW.person_id AND p.facts ->> 'pension_status' = 'drawing') "
    "AND EXISTS (SELECT 1 FROM register_relation AS b WHERE b.person_id = NEW.person_id AND b.kind = 'pension' AND b.since = NEW.after "
    "AND b.holder NOT IN ('', NEW.holder)))"
)
_still_takes_part = "(NEW.until = '9999-12-31')"
_beside_alone = "党员就隶属在这个地方，不用另外登记参加组织生活。"
_codes = {
    "site": ["region"],
    "household": ["origin", "destination"],
    "person": ["origin", "destination"],
    "relation": ["holder"],
    "partylife": ["place"],
    "countyfacts": ["code"],
}


def codes_are_digits(app: str, table: str, columns: list[str]) -> Wall:
    """Row-level security reads codes as numbers, so that PostgreSQL lets nothing but digits in."""
    name = f"{table}_codes_are_digits"
    condition = " AND ".join(f"{column} ~ '^([0-9]{{12}})?$'" for column in columns)
    statement = (
        f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN "
        f"ALTER TABLE {app}_{table} ADD CONSTRAINT {name} CHECK ({condition}); END IF; END $$"
    )
    return Wall(name, f"{app}_{table}", "统计用区划代码是 12 位数字，请核对。", {}, {name: statement})


stands(
    *(codes_are_digits("register", table, columns) for table, columns in _codes.items()),
    never_when(
        "relation_follows_its_own",
        "register_relation",
        "INSERT",
        "(NOT EXISTS (SELECT 1 FROM register_relation AS p WHERE p.person_id = NEW.person_id "
        "AND p.kind = NEW.kind AND p.since = NEW.after))",
        "下一条要接着这个人这种关系现有的一条。",
        among="(NEW.after IS NOT NULL)",
    ),
    never_when(
        "relation_of_nobody_who_ended",
        "register_relation",
        "INSERT",
        _ended,
        "这个人已经注销，关系不再变动。",
        together=True,
        locking="register_person",
    ),
    never_when(
        "relation_drawn_pension_stays",
        "register_relation",
        "INSERT",
        _drawn_and_moved,
        "已经领取养老待遇的，养老关系不再转移，由原来的参保地继续发。",
        among=_pension_goes_on,
        together=True,
        locking="register_person",
    ),
    never_when(
        "relation_never_rewritten",
        "register_relation",
        "UPDATE",
        "(1 = 1)",
        _rewritten,
        columns="person_id, kind, holder, since, after, because",
    ),
    never_when(
        "relation_kept_in_the_middle",
        "register_relation",
        "DELETE",
        "(EXISTS (SELECT 1 FROM register_relation AS n WHERE n.person_id = OLD.person_id AND n.kind = OLD.kind "
        "AND n.after = OLD.since))",
        "后面已经有新的记录，只能从最后一条撤起。",
    ),
    never_when(
        "wish_never_rewritten", "register_wish", "UPDATE", "(1 = 1)", "表过的态不改写；改了主意，请登记新的意愿。"
    ),
    never_when(
        "former_never_rewritten",
        "register_former",
        "UPDATE",
        "(1 = 1)",
        "事实的历史不能改写。",
        columns="subject_kind, subject_id, until, facts, revision",  # what is sealed is sealed anew by another key
    ),
    never_when("former_never_deleted", "register_former", "DELETE", "(1 = 1)", "事实的历史不能删除。"),
    never_when(
        "formerly_never_rewritten",
        "register_formerly",
        "UPDATE",
        "(1 = 1)",
        "曾用名和旧号码不改写。",
        columns="person_id, name, number_index, until",  # what is sealed is sealed anew by another key
    ),
    *(
        never_when(
            f"person_joined_by_two_{event.lower()}",
            "register_person",
            event,
            "(NOT EXISTS (SELECT 1 FROM register_joining AS j WHERE j.goes_id = NEW.id AND j.stage = 'joined'))",
            "并档要一位干部申请、另一位确认。",
            columns="joined_into_id" if event == "UPDATE" else "",
            among="(NEW.joined_into_id IS NOT NULL)",
        )
        for event in ("INSERT", "UPDATE")
    ),
    never_when(
        "person_joined_into_one_that_stands",
        "register_person",
        "UPDATE",
        "(EXISTS (SELECT 1 FROM register_person AS p WHERE p.id = NEW.joined_into_id AND p.joined_into_id IS NOT NULL) "
        "OR EXISTS (SELECT 1 FROM register_person AS p WHERE p.joined_into_id = NEW.id))",
        "留下的那一条刚刚也并了，请打开最新的再看。",
        columns="joined_into_id",
        among="(NEW.joined_into_id IS NOT NULL)",
    ),
    never_when(
        "person_joined_for_good",
        "register_person",
        "UPDATE",
        "(OLD.joined_into_id IS NOT NULL AND NEW.joined_into_id IS NULL)",
        "并了的档不再分开。",
        columns="joined_into_id",
    ),
    never_when(
        "joining_steps_in_order",
        "register_joining",
        "UPDATE",
        "(OLD.stage <> 'waiting')",
        "这次并档刚刚有人处理过，请刷新再看。",
        columns="stage, decided_by_id, decided_at",
    ),
    never_when(
        "joining_never_rewritten",
        "register_joining",
        "UPDATE",
        "(1 = 1)",
        "申请并的是什么、谁申请的，不能改写。",
        columns='goes_id, stays_id, "right", because, asked_by_id, asked_at, decide_by',
    ),
    never_when("joining_never_erased", "register_joining", "DELETE", "(1 = 1)", "并档的申请不能从记录里去掉。"),
    no_overlap(
        "membership_no_overlap", "register_membership", ["person_id"], "这个人在这段时间里已经在一户里，请核对起止日。"
    ),
    never_when(
        "membership_of_nobody_who_ended",
        "register_membership",
        "INSERT",
        _ended,
        "这个人已经注销，不能再加入一户。",
        together=True,
        locking="register_person",
    ),
    never_when(
        "membership_of_who_ended_grows",
        "register_membership",
        "UPDATE",
        _ended,
        "这个人已经注销，不能在户里待得更久。",
        columns="until, person_id",
        among="(NEW.until > OLD.until OR NEW.person_id <> OLD.person_id)",  # of two at one moment the night tells
    ),
    never_when(
        "membership_head_a_day",
        "register_membership",
        "INSERT",
        _two_heads,
        _has_head,
        among=_of_a_head,
        together=True,
    ),
    never_when(
        "membership_head_still_one",
        "register_membership",
        "UPDATE",
        _two_heads,
        _has_head,
        columns="household_id, relation, since, until",
        among=_of_a_head,
    ),
    no_overlap(
        "party_life_no_overlap", "register_partylife", ["person_id", "place"], "这个参加地在这段时间里已经登记了。"
    ),
    never_when(
        "party_life_beside_affiliation",
        "register_partylife",
        "INSERT",
        _at_home,
        _beside_alone,
        among=_still_takes_part,
    ),
    never_when(
        "party_life_still_beside",
        "register_partylife",
        "UPDATE",
        _at_home,
        _beside_alone,
        columns="person_id, place, until",
        among=_still_takes_part,
    ),
    seen_within("register_site", policy(["region"])),
    seen_within("register_household", policy(["origin", "destination"])),
    seen_within("register_person", policy(["origin", "destination"])),
    seen_within("register_countyfacts", policy(["code"])),
    seen_within("register_membership", f"{_person} OR {_household}"),
    seen_within("register_relation", _person),
    seen_within("register_partylife", _person),
    seen_within("register_wish", _person),
    seen_within("register_formerly", _person),
    seen_within("register_joining", _person.replace("person_id", "stays_id")),
    seen_within("register_former", _former),
)
