"""What single cells say: conditions, actors, deadlines, ways out of a step."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping

from anju.policy.errors import CellError, Place
from anju.policy.markdown import Text
from anju.policy.model import Actor, Bound, Cell, Deadline, Move, Term
from anju.policy.page import Word

_width = str.maketrans(
    {"（": "(", "）": ")", "：": ":", "；": ";", "，": ",", "｛": "{", "｝": "}", "＜": "<", "＞": ">", "＝": "="}
)
_comparison = re.compile(r"^(≥|≤|≠|>|<|=)\s*(.+)$")
_interval = re.compile(r"^([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])$")
_deadline_after = re.compile(r"^\{(?P<parameter>[^{}]+)\}自(?P<anchor>.+)$")
_deadline_before = re.compile(r"^(?P<anchor>.+)前\{(?P<parameter>[^{}]+)\}$")
_deadline_day = re.compile(r"^本年(?P<month>\d{1,2})月(?P<day>\d{1,2})日$")
_ends = {"办结": 0, "终止": -1}
_step_number = re.compile(r"^[1-9]\d*$")
_common_year = 2021
"""A year without 29 February."""
_person = Actor("person", "person", "person", "本人")


def narrow(text: str) -> str:
    """The text with half-width brackets, colons and signs, ``>=`` written ``≥``, outer blanks gone."""
    return text.translate(_width).replace(">=", "≥").replace("<=", "≤").replace("!=", "≠").strip()


def split(text: str) -> tuple[str, ...]:
    """The items of a list written with 、 (blank → none)."""
    return tuple(item.strip() for item in text.split("、") if item.strip())


def condition(cell: Text, term: Term, parameter: Callable[[str], str], *, may_be_rest: bool) -> Cell:
    """A condition cell of a decision about ``term``. Raises `CellError`."""
    text = narrow(cell.text)
    if text == "其余" and may_be_rest:
        return Cell(text, cell.place, rest=True, any=True)
    if text == "-":
        return Cell(text, cell.place, any=True)
    if term.kind == "bool":
        return Cell(text, cell.place, values=frozenset({_yes_no(text, term)}))
    if term.kind == "enum":
        return Cell(text, cell.place, values=frozenset(value_code(item, term) for item in split(text)) or _blank(term))
    if term.kind == "text":
        raise CellError(f"“{term.name}”是文本", "文本不能作条件，去掉这一列")
    return _figure(text, cell.place, term, parameter)


def value_code(text: str, term: Term) -> str:
    """The code of a value given by label or code. Raises `CellError` naming the labels."""
    wanted = narrow(text)
    for value in (*term.values, *term.specials):
        if wanted in (narrow(value.label), value.code):
            return value.code
    raise CellError(
        f"“{text}”不是{term.name}的值", "可以写 " + "、".join(v.label for v in (*term.values, *term.specials)), "词"
    )


def _blank(term: Term) -> frozenset[bool | str]:
    raise CellError(f"{term.name}这一格空着", "无关写 -，否则写出值")


def _yes_no(text: str, term: Term) -> bool:
    if text in ("是", "否"):
        return text == "是"
    raise CellError(f"{term.name}这一格写着“{text}”", "可以写 是、否 或 -")


def _figure(text: str, place: Place, term: Term, parameter: Callable[[str], str]) -> Cell:
    labels = {name for value in term.specials for name in (narrow(value.label), value.code)}
    items = split(text)
    if items and all(item in labels for item in items):
        return Cell(text, place, values=frozenset(value_code(item, term) for item in items))
    if match := _interval.match(text):
        low, high = _bound(match[2], parameter), _bound(match[3], parameter)
        return Cell(text, place, low=low, low_in=match[1] == "[", high=high, high_in=match[4] == "]")
    if match := _comparison.match(text):
        op, bound = match[1], _bound(match[2], parameter)
        if op == "≠":
            return Cell(text, place, not_equal=bound)
        if op == "=":
            return Cell(text, place, low=bound, high=bound)
        if op in ("≥", ">"):
            return Cell(text, place, low=bound, low_in=op == "≥")
        return Cell(text, place, high=bound, high_in=op == "≤")
    raise CellError(f"{term.name}这一格写着“{text}”", "可以写 - ≥ > ≤ < = ≠ 加 {参数}，或者 [{下限}..{上限})")


def _bound(text: str, parameter: Callable[[str], str]) -> Bound:
    text = text.strip()
    if text in ("0", "1"):
        return Bound(number=int(text))
    if text.startswith("{") and text.endswith("}"):
        return Bound(parameter=parameter(text[1:-1].strip()))
    raise CellError(f"数“{text}”写在了格子里", "数写进 参数 表，这里写 {参数名}；格子里只能直接写 0 和 1")


def actors(text: str, words: tuple[Mapping[str, Word], Mapping[str, Word], Mapping[str, Word]]) -> tuple[Actor, ...]:
    """``侧·层级·条线`` or 本人, several separated by 、. ``words`` are sides, levels and lines by name."""
    found: list[Actor] = []
    for item in split(text):
        if item == "本人":
            found.append(_person)
            continue
        parts = item.split("·")
        if len(parts) != 3:
            raise CellError(f"由谁写着“{item}”", "写成 侧·层级·条线，比如 迁入·乡镇·民政，或者 本人")
        codes: list[str] = []
        for part, known, what in zip(parts, words, ("侧", "层级", "条线"), strict=True):
            if part not in known:
                raise CellError(f"没有叫“{part}”的{what}", f"{what}可以写 " + "、".join(known), "词")
            codes.append(known[part].code)
        found.append(Actor(codes[0], codes[1], codes[2], item))
    if not found:
        raise CellError("由谁空着", "写成 侧·层级·条线，或者 本人")
    return tuple(found)


def deadline(text: str, parameter: Callable[[str], str], date_term: Callable[[str], str]) -> Deadline:
    """A 期限 cell. ``date_term`` gives the code of a date term. Raises `CellError`."""
    plain = narrow(text)
    if plain in ("", "-"):
        return Deadline(plain)
    if match := _deadline_day.match(plain):
        month, day = int(match["month"]), int(match["day"])
        if not 1 <= month <= 12 or not 1 <= day <= monthrange(_common_year, month)[1]:
            raise CellError(f"没有每年都有的“{month}月{day}日”", "写一个每年都有的日子，比如 本年12月31日")
        return Deadline(plain, "day", month=month, day=day)
    if plain in ("本季末", "本月末"):
        return Deadline(plain, "quarter_end" if plain == "本季末" else "month_end")
    if match := _deadline_after.match(plain):
        name = parameter(match["parameter"].strip())
        anchor = match["anchor"].strip()
        if anchor == "开出":
            return Deadline(plain, "after", name)
        if anchor == "申请":
            return Deadline(plain, "after", name, "applied")
        return Deadline(plain, "after", name, "term", date_term(anchor))
    if match := _deadline_before.match(plain):
        return Deadline(
            plain, "before", parameter(match["parameter"].strip()), "term", date_term(match["anchor"].strip())
        )
    raise CellError(
        f"期限写着“{text}”",
        "可以写 {参数}自开出、{参数}自申请、{参数}自某日期、某日期前{参数}、本年12月31日、本季末、本月末，或空着",
    )


def moves(text: str) -> tuple[Move, ...]:
    """``受理 → 3；补正 → 1`` with targets 步号, 办结 or 终止. Raises `CellError`."""
    found: list[Move] = []
    for item in re.split("[;；]", text):
        if not item.strip():
            continue
        action, arrow, target = item.replace("->", "→").partition("→")
        target = narrow(target).strip()
        if not arrow or not action.strip() or not (_step_number.match(target) or target in _ends):
            raise CellError(f"动作写着“{item.strip()}”", "写成 动作 → 步号，下一步也可以是 办结 或 终止")
        found.append(Move(action.strip(), _ends[target] if target in _ends else int(target)))
    if not found:
        raise CellError("动作空着", "写成 动作 → 步号，下一步也可以是 办结 或 终止")
    return tuple(found)
