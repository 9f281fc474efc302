"""What is shown while nobody has given a purpose: enough to recognise, too little to use.

Provinces differ, so how much stays readable is a table: ``settings.ANJU_MASKS`` may hold other pairs (first, last) for the same
kinds. Of an ID number the birth date and the region mostly stand beside it, so that its end is its secret: with the last four digits
whoever reads a list could put every number together. Its check digit alone leaves some fifty for one person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from django.conf import settings

Kind = Literal["id_number", "phone", "bank_card"]
default_masks: Mapping[Kind, tuple[int, int]] = {"id_number": (3, 1), "phone": (3, 4), "bank_card": (0, 4)}
"""How many characters stay at the beginning and at the end."""

_compound_surnames = frozenset(
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 "
    "钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 "
    "东郭 南门 羊舌 微生 公户 公玉 梁丘 左丘 东门 西门 第五".split()
)
_village = re.compile(r".+?(?:社区|(?:居|村)委会|(?<!新)村(?!镇|乡|路|街))")
_township = re.compile(r".+?(?:街道|镇|乡)")


def mask(kind: Kind, text: str) -> str:
    """The text with stars in its middle; one too short to hide anything becomes all stars."""
    overrides: Mapping[str, tuple[int, int]] = getattr(settings, "ANJU_MASKS", {})
    first, last = overrides.get(kind, default_masks[kind])
    hidden = len(text) - first - last
    if hidden < 1:
        return "*" * len(text)
    return text[:first] + "*" * hidden + text[len(text) - last :]


def mask_name(name: str) -> str:
    """张三 → 张*, 欧阳娜娜 → 欧阳**; of a name with a dot, such as 阿依古丽·买买提, only the first character."""
    if re.search("[·•・]", name):
        return name[:1] + "**"
    surname = name[:2] if name[:2] in _compound_surnames and len(name) > 2 else name[:1]
    return surname + "*" * max(len(name) - len(surname), 1)


def mask_address(address: str) -> str:
    """The address down to the village, or to the township when it names no village; otherwise nothing of it."""
    found = _village.match(address) or _township.match(address)
    return (found[0] if found else "") + "***"
