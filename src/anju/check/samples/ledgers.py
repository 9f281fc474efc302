"""Samples in the header rows of real ledgers. The headers are those that offices use; the people are made up."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from importlib.resources import files

from anju.check.samples.cast import Cell, Person, cast

Table = tuple[Sequence[str], Sequence[Sequence[Cell]]]

_exited = (
    "序号 数据日期 县(市、区、旗) 乡(镇) 行政村 自然村 户编号 人编号 姓名 证件号码 人数 与户主关系 民族 文化程度 在校生状况 "
    "健康状况 劳动技能 务工时间（月） 是否参加大病保险 致贫原因1 危房户 是否解决安全饮用水 人均纯收入 户联系电话 人联系电话 "
    "首次识别时间 人员识别时间 户类型 易返贫致贫户(监测对象)类型 风险是否消除 风险识别时间 风险消除时间"
).split()
_full = (
    "县 乡 村 户编号 人口编号 姓名 证件号码 与户主关系 性别 证件类型 出生日期 民族 家庭成员联系电话 文化程度 在校生状况 劳动技能 "
    "务工时间（月） 健康状况 政治面貌 是否参加城乡居民基本医疗保险 是否参加城乡居民基本养老保险 是否领取养老待遇 是否会讲普通话 "
    "是否接受医疗救助 是否参加城镇职工基本医疗保险 是否享受农村居民最低生活保障 享受特困供养政策情况 户类型 户主证件号码 户主姓名"
).split()
_site = (
    "安置点编号 家庭编号 户主 楼栋房号 年度搬迁任务 搬迁类型 迁出地市 迁出地县 迁出地详细地址 家庭受益人口 住房面积 自筹资金 "
    "搬迁入住时间 实际入住时间 是否实际入住满两年 拆除旧房 复垦复绿 脱贫情况 户口迁移 房子证办理 联系电话"
).split()
_pairing = "区县 乡镇 行政村 户编号 户主姓名 证件号码 单位 帮扶责任人 帮扶人手机号 联系电话 结对起始时间 最近走访日期 本年实事数".split()
_officers = ("贺一鸣", "丁向阳", "苏静", "孟长安")


def exited_poverty() -> Table:
    """已脱贫人口名单, a row a person."""
    chance = _chance()
    rows: list[list[Cell]] = []
    for household in cast():
        kind = chance.choice(("一般脱贫户", "一般脱贫户", "低保户", "特困供养户"))
        for person in household:
            facts = _common(person, chance) | {
                "序号": len(rows) + 1, "数据日期": "2026-06", "县(市、区、旗)": "虚构县", "乡(镇)": "安居镇",
                "行政村": "新桥村", "人数": len(household), "户类型": kind, "危房户": "否", "人均纯收入": 12000,
                "是否参加大病保险": "是", "是否解决安全饮用水": "是", "致贫原因1": chance.choice(("因病", "缺技术", "交通条件落后")),
            }  # fmt: skip
            rows.append([facts.get(header) for header in _exited])
    return _exited, rows


def full_fields() -> Table:
    """全字段人口表, a row a person."""
    chance = _chance()
    rows: list[list[Cell]] = []
    for household in cast():
        dibao = chance.random() < 0.25
        for person in household:
            employed = 18 <= person.age < 60 and chance.random() < 0.15
            grown = person.age >= 16
            facts = _common(person, chance) | {
                "县": "虚构县", "乡": "安居镇", "村": "新桥村", "人口编号": f"{person.household}{person.number[14:17]}",
                "性别": "男" if person.male else "女", "证件类型": "居民身份证", "出生日期": person.born.isoformat(),
                "政治面貌": "中共党员" if grown and chance.random() < 0.12 else "群众",
                "是否参加城乡居民基本医疗保险": "否" if employed or chance.random() < 0.1 else "是",
                "是否参加城镇职工基本医疗保险": "是" if employed else "否",
                "是否参加城乡居民基本养老保险": "是" if grown and not employed and chance.random() < 0.9 else "否",
                "是否领取养老待遇": "是" if person.age >= 60 and chance.random() < 0.85 else "否",
                "是否会讲普通话": "是", "是否接受医疗救助": "否",
                "是否享受农村居民最低生活保障": "是" if dibao else "否", "享受特困供养政策情况": "否",
                "户类型": "低保户" if dibao else "一般户",
                "户主证件号码": household[0].number, "户主姓名": household[0].name,
            }  # fmt: skip
            rows.append([facts.get(header) for header in _full])
    return _full, rows


def site_households() -> Table:
    """安置点住户台账, a row a household; one cell of 户口迁移 says what no reader can know."""
    chance = _chance()
    rows: list[list[Cell]] = []
    for at, household in enumerate(cast()):
        facts: Mapping[str, Cell] = {
            "安置点编号": "AJ-01", "家庭编号": household[0].household, "户主": household[0].name,
            "楼栋房号": f"{at // 4 + 1}栋{at % 4 + 1}0{at % 3 + 1}", "年度搬迁任务": "2018",
            "搬迁类型": chance.choice(("建档立卡", "建档立卡", "建档立卡", "同步搬迁")), "迁出地市": "重庆市",
            "迁出地县": chance.choice(("开州区", "云阳县", "奉节县")), "家庭受益人口": len(household),
            "住房面积": 25 * len(household), "自筹资金": 3000 * len(household), "搬迁入住时间": "2018-12-01",
            "实际入住时间": "2019-01-15", "是否实际入住满两年": "是", "拆除旧房": "是", "复垦复绿": "是", "脱贫情况": "已脱贫",
            "户口迁移": "正在办" if at == 5 else chance.choice(("已迁移", "未迁移", "未迁移", None)), "房子证办理": "已办",
        }  # fmt: skip
        rows.append([facts.get(header) for header in _site])
    return _site, rows


def pairing() -> Table:
    """结对帮扶台账, a row a household; visits are some days before the day on which the sample is made."""
    chance = _chance()
    today = date.today()
    rows: list[list[Cell]] = []
    for household in cast():
        officer = chance.choice((*_officers, None))
        facts: Mapping[str, Cell] = {
            "区县": "虚构县", "乡镇": "安居镇", "行政村": "新桥村", "户编号": household[0].household,
            "户主姓名": household[0].name, "证件号码": household[0].number, "单位": "安居镇政府", "帮扶责任人": officer,
            "结对起始时间": "2020-07-01" if officer else None,
            "最近走访日期": _visited(chance, today) if officer else None,
            "本年实事数": chance.choice((0, 1, 2)),
        }  # fmt: skip
        rows.append([facts.get(header) for header in _pairing])
    return _pairing, rows


def sites() -> Table:
    """安置点名录: names and figures of the 253 sites of a published directory."""
    text = (files("anju.check.samples") / "sites.csv").read_text(encoding="utf-8")
    headers, *rows = csv.reader(text.splitlines())
    return headers, [[int(cell) if cell.isdigit() else cell for cell in row] for row in rows]


def _common(person: Person, chance: random.Random) -> dict[str, Cell]:
    """What both lists of people say of a person."""
    child = person.age < 16
    return {
        "户编号": person.household,
        "姓名": person.name,
        "证件号码": person.number,
        "与户主关系": person.relation,
        "民族": chance.choice(("汉族", "汉族", "土家族", "苗族")),
        "文化程度": "小学" if child else chance.choice(("小学", "初中", "高中")),
        "在校生状况": "小学" if 6 <= person.age < 16 else "非在校生",
        "健康状况": chance.choice(("健康", "健康", "健康", "长期慢性病", "残疾,长期慢性病")),
        "劳动技能": "无劳动力" if child or person.age > 75 else "普通劳动力",
        "务工时间（月）": 0 if child else chance.choice((0, 6, 10)),
    }


def _visited(chance: random.Random, today: date) -> str:
    days = chance.choice((5, 18, 30, 44, 75, None))
    return "从未" if days is None else (today - timedelta(days=days)).isoformat()


def _chance() -> random.Random:
    return random.Random(168)  # noqa: S311 - the same ledger every time, nothing secret
