"""Fonts: what Chinese is set with, and what to say where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import typst

from anju.documents.refusals import NoChineseFont

body: Sequence[str] = (
    "FangSong_GB2312", "FangSong", "STFangsong", "FandolFang R", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC", "SimSun",
)  # fmt: skip
heading: Sequence[str] = (
    "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "SimHei", "FandolHei", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC",
)  # fmt: skip
missing = (
    "这台服务器上没有中文字体，出不了 PDF。请装一种，例如在 Debian 上运行 apt install fonts-noto-cjk，"
    "再重新启动 Anju；.docx 不受影响。"
)


@cache
def known() -> typst.Fonts:
    """The fonts of this machine, looked for once."""
    return typst.Fonts()


@cache
def families() -> frozenset[str]:
    """Their names."""
    return frozenset(known().families())


def can_print() -> bool:
    """Whether there is a font for Chinese."""
    return bool(families() & {*body})


def check_fonts() -> None:
    """Raise `NoChineseFont` unless there is one."""
    if not can_print():
        raise NoChineseFont(missing)


def present(wanted: Sequence[str]) -> list[str]:
    """Those of some fonts that are here, and whatever prints Chinese behind them."""
    return [name for name in dict.fromkeys((*wanted, *body)) if name in families()]
