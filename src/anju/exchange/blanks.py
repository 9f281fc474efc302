"""Empty workbooks to fill in for each kind of import, with the columns that the officer's lines work with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from anju.exchange.heads import head_number
from anju.exchange.kinds import ImportKind
from anju.exchange.reading import kept_terms
from anju.government.queries import Scope
from anju.payments.models import Kind as Paid
from anju.register.actions.wishes import choices
from anju.register.guideline import guideline
from anju.register.models.relations import Because, Kind
from anju.register.models.wishes import WishKind
from anju.register.provided import wish_terms
from anju.tables import blank
from anju.tables.blank import Column

_code = "统计用区划代码，6、9 或 12 位，按文本填写"
_person = (
    Column("姓名", "谁", text=True),
    Column("证件号码", "18 位，按文本填写；没有的，写姓名和出生年月日", text=True),
)
_born = Column("出生年月日", "日期，比如 1980-05-06；有证件号码可以不填")
_home = Column("户编号", "同一户写同一个编号，按文本填写", text=True)
_places = (
    Column("迁出地代码", f"从哪里搬来：{_code}", text=True),
    Column("迁入地代码", f"搬到哪里：{_code}；空着就是这一批的地区", text=True),
)
_at_site = (
    Column("集中安置点名称", "安置点的名字，和登记的一样；分散安置的空着", text=True),
    Column("住址", "门牌号", text=True),
)
_who: Mapping[str, Sequence[Column]] = {
    "people": (
        *_person,
        _born,
        Column("性别", "男 或 女；有证件号码可以不填", choices=("男", "女")),
        Column("民族", "族名"),
        Column("联系电话", "手机号码", text=True),
        _home,
        Column("与户主关系", "户主、配偶、之子……"),
        *_places,
        *_at_site,
    ),
    "households": (
        _home,
        Column("户主姓名", "户主是谁，和登记的核对；户主本人在人员名单里交", text=True),
        *_places,
        *_at_site,
    ),
    "sites": (Column("集中安置点名称", "安置点的名字", text=True),),
    "relations": (*_person, _born),
    "wishes": (*_person, _born),
    "paid": (*_person, _born),
    "medical_list": (*_person, _born),
    "pension_list": (*_person, _born),
}
_about: Mapping[str, str] = {
    "@holder_code": f"转到哪里：{_code}；终止的空着",
    "@holder_place": "不知道代码的，写区县和乡镇，比如 云阳县双江街道；写了代码就空着",
    "destination_code": f"安置点在哪里：{_code}",
    "@destination_place": "不知道代码的，写区县和乡镇；写了代码就空着",
    "@unit": "党支部、村集体、经办机构；可以空着",
    "@since": "从哪天起，比如 2026-06-30",
    "@because": "空着就是转接；终止的，写死亡、注销、情况变化或本人退出",
    "@evidence": "户口簿、介绍信或文号；不写证件号码",
    "@on": "哪天说的，比如 2026-06-30",
    "@month": "哪个月的，写成 2026-03",
    "@amount": "元，精确到分",
    "@months": "一共缴了多少个月，写整数；可以空着",
    "@place_code": f"在哪里参保：{_code}；空着就是这一批的区县",
    "@place_place": "不知道代码的，写区县；写了代码就空着",
    "@payer_code": f"哪个乡镇发的：{_code}；空着就是这一批的乡镇",
    "@payer_place": "不知道代码的，写区县和乡镇；写了代码就空着",
    "@how": "当面、电话或书面；不写证件号码",
}
_days = frozenset({"@since", "@on"})
_labels: Mapping[str, Sequence[str]] = {"relations": Kind.labels, "wishes": WishKind.labels, "paid": Paid.labels}


def write(kind: ImportKind, scopes: Sequence[Scope], path: Path) -> None:
    """Write the empty workbook of a kind for an officer with these posts."""
    blank.write(columns(kind, scopes), path)


def columns(kind: ImportKind, scopes: Sequence[Scope]) -> list[Column]:
    """The columns of a kind's files for an officer with these posts: who and where, what only this kind has, facts."""
    policy = guideline()
    codes = [code for code in kept_terms(kind.facts, scopes) if not kind.terms or code in kind.terms]
    facts = (blank.of_term(policy, policy.terms[code]) for code in codes)
    return [*_who[kind.code], *_own(kind), *facts]


def _own(kind: ImportKind) -> Iterator[Column]:
    """The columns that only this kind has."""
    for header in kind.headers:
        if header.gives in (*kind.terms, head_number.gives):
            continue  # another word for a fact that has a column, or for whom a row is about
        if header.gives == "@kind":
            yield Column(header.name, "哪一种，从列表里选", choices=tuple(map(str, _labels[kind.code])))
        elif header.gives == "@because":
            yield Column(header.name, _about[header.gives], choices=tuple(map(str, Because.labels)))
        elif header.gives == "@choice":
            yield Column(header.name, "；".join(_choices()))
        else:
            yield Column(header.name, _about[header.gives], text=header.gives not in _days)


def _choices() -> Iterator[str]:
    """What may be chosen of each wish, as one reads it."""
    for kind in wish_terms:
        yield f"{WishKind(kind).label}：{'、'.join(label for _, label in choices(kind))}"
