"""What must be true of assistance months whatever happened: questions whose answer is 0 (`anju.register.verification`)."""

from __future__ import annotations

from anju.register.verification import counted, proves

_statements = {
    "每个人每种救助每个月恰有一方发": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_month GROUP BY person_id, kind, month HAVING count(*) > 1) AS t"
    ),
    "同一个月低保和特困只发一种": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_month WHERE payer <> '' GROUP BY person_id, month "
        "HAVING count(*) > 1) AS t"
    ),
    "每个月由该发的那一方发": (
        "SELECT count(*) FROM payments_month m WHERE m.payer <> COALESCE((SELECT p.payer FROM payments_payer p "
        "WHERE p.person_id = m.person_id AND p.kind = m.kind AND p.since <= m.month ORDER BY p.since DESC LIMIT 1), '-')"
    ),
    "由谁发的每一步都接着前一步": (
        "SELECT count(*) FROM payments_payer p WHERE p.after IS NOT NULL AND NOT EXISTS (SELECT 1 FROM payments_payer b "
        "WHERE b.person_id = p.person_id AND b.kind = p.kind AND b.since = p.after)"
    ),
    "由谁发只有一个开头，每一步后面只有一步": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_payer GROUP BY person_id, kind, after HAVING count(*) > 1) AS t"
    ),
    "一个人的月份从头到尾一个不缺": (
        "SELECT count(*) FROM (SELECT COALESCE(n.since, l.last + 1) AS until, p.person_id, p.kind, p.since "
        "FROM payments_payer p LEFT JOIN payments_payer n ON n.person_id = p.person_id AND n.kind = p.kind "
        "AND n.after = p.since JOIN (SELECT person_id, kind, max(month) AS last FROM payments_month GROUP BY person_id, kind) l "
        "ON l.person_id = p.person_id AND l.kind = p.kind WHERE p.payer <> '' AND p.since <= l.last) AS s "
        "WHERE (SELECT count(*) FROM payments_month m WHERE m.person_id = s.person_id AND m.kind = s.kind "
        "AND m.month >= s.since AND m.month < s.until) "
        "<> s.until / 100 * 12 + (s.until - s.until / 100 * 100) - s.since / 100 * 12 - (s.since - s.since / 100 * 100)"
    ),
    "算已发的月份都有发放的记录": (
        "SELECT count(*) FROM payments_month m WHERE m.state = 'paid' AND NOT EXISTS (SELECT 1 FROM payments_amount a "
        "WHERE a.person_id = m.person_id AND a.kind = m.kind AND a.month = m.month AND a.payer = m.payer "
        "AND a.sort IN ('paid', 'back'))"
    ),
    "追回和抵扣的不比发出的多": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_amount GROUP BY person_id, kind, month, payer HAVING "
        "sum(CASE WHEN sort IN ('paid', 'back') THEN amount ELSE -amount END) < 0) AS t"
    ),
    "注销以后的月份没有发了没追回的": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_amount a JOIN register_person p ON p.id = a.person_id "
        "WHERE p.ended_on IS NOT NULL AND a.month > CAST(replace(substr(CAST(p.ended_on AS text), 1, 7), '-', '') AS integer) "
        "GROUP BY a.person_id, a.kind, a.month, a.payer "
        "HAVING sum(CASE WHEN a.sort IN ('paid', 'back') THEN a.amount ELSE -a.amount END) > 0) AS t"
    ),
    "同一个月没有低保和特困都发了没追回的": (
        "SELECT count(*) FROM (SELECT 1 FROM (SELECT a.person_id, a.month, a.kind FROM payments_amount a "
        "GROUP BY a.person_id, a.month, a.kind "
        "HAVING sum(CASE WHEN a.sort IN ('paid', 'back') THEN a.amount ELSE -a.amount END) > 0) AS n "
        "GROUP BY n.person_id, n.month HAVING count(*) > 1) AS t"
    ),
    "停发以后发的钱都有那个月": (
        "SELECT count(*) FROM payments_amount a WHERE COALESCE((SELECT p.payer FROM payments_payer p "
        "WHERE p.person_id = a.person_id AND p.kind = a.kind AND p.since <= a.month ORDER BY p.since DESC LIMIT 1), '-') = '' "
        "AND NOT EXISTS (SELECT 1 FROM payments_month m WHERE m.person_id = a.person_id AND m.kind = a.kind "
        "AND m.month = a.month)"
    ),
    "关了账的月份没有应发未发的": (
        "SELECT count(*) FROM payments_month m WHERE m.state = 'expected' AND EXISTS (SELECT 1 FROM payments_closing c "
        "WHERE c.payer = m.payer AND c.month >= m.month AND c.closed_at IS NOT NULL)"
    ),
    "关账的不是提出的人": "SELECT count(*) FROM payments_closing WHERE closed_by_id = asked_by_id",
    "复核缓发的不是缓发的人": "SELECT count(*) FROM payments_month WHERE confirmed_by_id = held_by_id",
}
_statements |= {
    "结算的四项加起来等于总费用": (
        "SELECT count(*) FROM payments_settlement WHERE total <> basic + catastrophic + assistance + own "
        "OR basic < 0 OR catastrophic < 0 OR assistance < 0 OR own < 0"
    ),
    "每张单据算数的结算只有一笔": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_settlement s WHERE s.did = 'settled' AND NOT EXISTS "
        "(SELECT 1 FROM payments_settlement r WHERE r.reverses_id = s.id) GROUP BY s.bill HAVING count(*) > 1) AS t"
    ),
    "一个人一年的结算一笔接一笔": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_settlement GROUP BY person_id, year HAVING max(seq) <> count(*)) AS t"
    ),
    "冲正的和原来一样多，后面没有算数的": (
        "SELECT count(*) FROM payments_settlement r WHERE r.did = 'reversed' AND (NOT EXISTS (SELECT 1 FROM "
        "payments_settlement s WHERE s.id = r.reverses_id AND s.person_id = r.person_id AND s.year = r.year AND s.total = r.total "
        "AND s.basic = r.basic AND s.catastrophic = r.catastrophic AND s.assistance = r.assistance AND s.seq < r.seq) "
        "OR EXISTS (SELECT 1 FROM payments_settlement s, payments_settlement o WHERE o.id = r.reverses_id "
        "AND s.person_id = o.person_id AND s.year = o.year AND s.did = 'settled' AND s.seq > o.seq AND s.seq < r.seq "
        "AND NOT EXISTS (SELECT 1 FROM payments_settlement q WHERE q.reverses_id = s.id AND q.seq < r.seq)))"
    ),
    "一个人一年只代缴一次": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_premium WHERE returned_at IS NULL "
        "GROUP BY person_id, scheme, year HAVING count(*) > 1) AS t"
    ),
    "代缴的两部分加起来等于标准": (
        "SELECT count(*) FROM payments_premium WHERE standard <> state + own OR state <= 0 OR own < 0"
    ),
    "比对过的月份都有名单": (
        "SELECT count(*) FROM payments_comparison c WHERE NOT EXISTS (SELECT 1 FROM payments_listrow l "
        "WHERE l.insurance = c.insurance AND l.county = c.county AND l.month = c.month)"
    ),
    "名单收下的月份都比对过": (
        "SELECT count(*) FROM payments_listrow l WHERE NOT EXISTS (SELECT 1 FROM payments_comparison c "
        "WHERE l.insurance = c.insurance AND l.county = c.county AND l.month = c.month)"
    ),
    "代缴的复核不是提出的人": "SELECT count(*) FROM payments_batch WHERE approved_by_id = asked_by_id",
    "退回代缴的复核不是提出的人": "SELECT count(*) FROM payments_premium WHERE returned_by_id = return_asked_by_id",
}
_statements |= {
    "同一块地一年只补一次流转费": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_rentgrant WHERE state IN ('proposed', 'granted') "
        "GROUP BY village, plot, year HAVING count(*) > 1) AS t"
    ),
    "流转费补助等于标准乘亩数": "SELECT count(*) FROM payments_rentgrant WHERE amount <> (mu * rate + 50) / 100 OR amount <= 0",
    "流转费补助合计不超过预算": (
        "SELECT count(*) FROM (SELECT g.county, g.year, sum(g.amount) AS granted FROM payments_rentgrant g "
        "WHERE g.state = 'granted' GROUP BY g.county, g.year) AS t WHERE t.granted > COALESCE((SELECT b.amount "
        "FROM payments_rentbudget b WHERE b.county = t.county AND b.year = t.year ORDER BY b.seq DESC LIMIT 1), 0)"
    ),
    "一户补助的亩数不比流转的多": (
        "SELECT count(*) FROM (SELECT 1 FROM payments_rentgrant WHERE state IN ('proposed', 'granted') "
        "GROUP BY person_id, year HAVING sum(mu) > max(whole)) AS t"
    ),
    "并掉的档没有钱": (
        "SELECT count(*) FROM register_person p WHERE p.joined_into_id IS NOT NULL AND ("
        "EXISTS (SELECT 1 FROM payments_payer WHERE person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM payments_month WHERE person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM payments_amount WHERE person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM payments_premium WHERE person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM payments_settlement WHERE person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM payments_rentgrant WHERE person_id = p.id) "
        "OR EXISTS (SELECT 1 FROM payments_part WHERE person_id = p.id))"
    ),
    "流转费补助的复核不是提出的人": "SELECT count(*) FROM payments_rentgrant WHERE approved_by_id = asked_by_id",
}
for _sentence, _sql in _statements.items():
    proves(_sentence)(counted(_sql))
