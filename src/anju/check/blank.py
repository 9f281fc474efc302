"""Empty ledgers to fill in: the terms of a subject as headers, behind the columns that say who a row is about."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from anju.policy.model import Policy
from anju.tables import blank
from anju.tables.blank import Column

titles: Mapping[str, str] = {
    "person": "空白模板-人",
    "household": "空白模板-户",
    "site": "空白模板-安置点",
    "county": "空白模板-区县",
}
_identity: Mapping[str, tuple[tuple[str, str], ...]] = {
    "person": (
        ("姓名", "谁"),
        ("证件号码", "18 位，按文本填写；有它可以不填出生日期"),
        ("户编号", "同一户写同一个编号"),
        ("与户主关系", "户主、配偶、之子……"),
    ),
    "household": (("户编号", "一户一个编号"), ("户主姓名", "户主是谁")),
    "site": (("集中安置点名称", "安置点的名字"),),
    "county": (("区县", "区县的名字"),),
}
_unasked = frozenset({"key", "as_of"})


def write(policy: Policy, subject: str, path: Path) -> None:
    """Write the empty workbook of a subject: a sheet to fill in and a sheet that explains each column."""
    terms = (
        t for t in policy.terms.values() if t.source == "ledger" and subject in t.subjects and t.code not in _unasked
    )
    identity = (Column(name, about, text=True) for name, about in _identity[subject])
    blank.write([*identity, *(blank.of_term(policy, term) for term in terms)], path)
