"""The words of the page language for kinds, subjects, strengths and relations, and the codes that stand for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal["bool", "enum", "int", "number", "date", "text"]
Source = Literal["ledger", "decision", "calculation"]

type_names: Mapping[str, Kind] = {
    "是否": "bool",
    "枚举": "enum",
    "整数": "int",
    "数": "number",
    "日期": "date",
    "文本": "text",
}
subject_names: Mapping[str, str] = {"人": "person", "户": "household", "点": "site", "县": "county"}
strength_names: Mapping[str, str] = {"必须": "must", "原则上": "principle", "可以": "may", "鼓励": "encourage"}
due_kind_names: Mapping[str, str] = {"法定": "legal", "原则上": "principle", "内控": "internal"}
withdrawn = "撤回"
"""The way out that every procedure has: the person takes the application back."""
relation_names: Mapping[str, str] = {
    "户籍": "hukou",
    "党组织": "party",
    "集体成员": "membership",
    "养老": "pension",
    "医保": "medical",
    "救助": "assistance",
    "选举": "election",
}
