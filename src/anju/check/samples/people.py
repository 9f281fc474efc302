"""搬迁群众台账: made-up people with the facts of clauses 1.1 to 1.7 and 2.5, in the terms of the pages."""

from __future__ import annotations

import random
from collections.abc import Sequence

from anju.check.samples.cast import Cell, Person, cast

_headers = (
    "户编号 户主姓名 姓名 证件号码 与户主关系 出生日期 搬迁类别 安置方式 搬迁跨度 户籍意愿 户籍已迁入 户籍迁入日 集中点居住 "
    "安置地农村住房 住房实际居住 安置地宅基地 安置地承包地 门牌已编 党员 组织关系已在迁入地 居住脱钩 户籍脱钩 集体身份脱钩 "
    "党员意见 跨集体 迁入地有集体 成员身份已取得 成员申请 成员申请日 公示 表决方式 应到 同意 原承包地亩数 原承包地已流转 "
    "迁入地流转土地 高效特色农业 流转亩数 养老状态 养老意愿 养老已转入 本年已代缴 医保状态 医保意愿 医保已转入 职工断缴月数 "
    "本年已资助 救助类别 救助迁移申请 救助迁移申请日 救助已迁移 在岗结对干部数 距上次走访天数 本年实事数"
).split()
_blank_now_and_then = ("户籍已迁入", "养老意愿", "医保意愿", "党员意见", "本年已代缴", "集体身份脱钩", "医保状态")


def table() -> tuple[Sequence[str], Sequence[Sequence[Cell]]]:
    """Headers and rows, one a person."""
    chance = random.Random(1377)  # noqa: S311 - the same ledger every time, nothing secret
    rows: list[list[Cell]] = []
    for household in cast():
        shared = _household(chance)
        for person in household:
            facts = {"户主姓名": household[0].name, **shared, **_person(chance, person, shared)}
            for header in _blank_now_and_then:
                if chance.random() < 0.04:
                    facts[header] = None
            rows.append([facts.get(header) for header in _headers])
    return _headers, rows


def _household(chance: random.Random) -> dict[str, Cell]:
    scope = chance.choice(("同乡镇", "区县内", "区县内", "市内跨区县", "市内跨区县", "跨省"))
    moved = chance.random() < 0.65
    centralized = chance.random() < 0.75
    visited: Cell = chance.choice((6, 18, 30, 31, 44, 75, "从未"))
    return {
        "搬迁类别": "建档立卡" if chance.random() < 0.8 else "同步搬迁",
        "安置方式": "集中" if centralized else "分散",
        "搬迁跨度": scope,
        "户籍意愿": "愿迁" if moved else chance.choice(("愿迁", "愿迁", "不愿", "未表态")),
        "户籍已迁入": _yes(moved),
        "户籍迁入日": f"20{chance.randint(19, 25)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}" if moved else None,
        "集中点居住": _yes(centralized),
        "安置地农村住房": _yes(not centralized),
        "住房实际居住": _yes(chance.random() < 0.8),
        "安置地宅基地": "否",
        "安置地承包地": _yes(chance.random() < 0.15),
        "门牌已编": _yes(chance.random() < 0.7),
        "跨集体": _yes(scope != "同乡镇"),
        "迁入地有集体": _yes(chance.random() < 0.7),
        "原承包地亩数": chance.choice((0, 2, 3, 5, 8)),
        "原承包地已流转": _yes(chance.random() < 0.4),
        "迁入地流转土地": _yes(chance.random() < 0.2),
        "高效特色农业": _yes(chance.random() < 0.6),
        "流转亩数": chance.choice((2, 4, 6)),
        "救助类别": chance.choice(("无", "无", "无", "低保", "特困")),
        "在岗结对干部数": chance.choice((0, 1, 1, 1, 1, 2)),
        "距上次走访天数": visited,
        "本年实事数": chance.choice((0, 1, 1, 2)),
    }


def _person(chance: random.Random, person: Person, shared: dict[str, Cell]) -> dict[str, Cell]:
    moved = shared["户籍已迁入"] == "是"
    party = person.age >= 20 and chance.random() < 0.15
    applied = shared["跨集体"] == "是" and shared["迁入地有集体"] == "是" and chance.random() < 0.4
    medical = chance.choice(("居民医保",) * 6 + ("职工医保", "职工医保断缴", "未参保"))
    poor = shared["救助类别"] != "无"
    asked = moved and poor and chance.random() < 0.6
    return {
        "户编号": person.household,
        "姓名": person.name,
        "证件号码": person.number,
        "与户主关系": person.relation,
        "出生日期": person.born.isoformat(),
        "党员": _yes(party),
        "组织关系已在迁入地": "否" if party else None,
        "居住脱钩": "是",
        "户籍脱钩": _yes(moved),
        "集体身份脱钩": _yes(chance.random() < 0.4),
        "党员意见": chance.choice(("愿转", "不转", "未征求")) if party else None,
        "成员身份已取得": "否",
        "成员申请": _yes(applied),
        **(_vote(chance) if applied else {}),
        "养老状态": _pension(chance, person.age),
        "养老意愿": chance.choice(("未表态", "未表态", "留原地", "转入")),
        "养老已转入": "否",
        "本年已代缴": _yes(chance.random() < 0.6),
        "医保状态": medical,
        "医保意愿": chance.choice(("未表态", "备案", "转移", "都不办")),
        "医保已转入": "否",
        "职工断缴月数": chance.choice((2, 3, 5)) if medical == "职工医保断缴" else None,
        "本年已资助": _yes(chance.random() < 0.7),
        "救助迁移申请": _yes(asked) if poor else None,
        "救助迁移申请日": chance.choice(("2026-05-31", "2026-06-12")) if asked else None,
        "救助已迁移": "否" if poor else None,
    }


def _vote(chance: random.Random) -> dict[str, Cell]:
    """How far an application for membership has come."""
    notice = chance.choice(("未公示", "公示中", "有异议", "无异议", "无异议", "无异议"))
    facts: dict[str, Cell] = {
        "成员申请日": chance.choice(("2025-04-18", "2026-03-05")),
        "公示": notice,
        "表决方式": "未表决",
    }
    if notice == "无异议":
        facts |= {
            "表决方式": chance.choice(("成员大会", "村民会议", "村民代表")),
            "应到": 30,
            "同意": chance.choice((19, 20, 26)),
        }
    return facts


def _pension(chance: random.Random, age: int) -> str:
    if age < 16:
        return "未参保"
    if age >= 60:
        return "已领取" if chance.random() < 0.8 else "缴费中"
    return chance.choice(("缴费中",) * 6 + ("职工养老", "未参保")) if age >= 18 else "不在范围"


def _yes(fact: bool) -> str:
    return "是" if fact else "否"
