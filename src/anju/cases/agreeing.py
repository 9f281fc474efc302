"""What is written down has to agree with what else was: 注销日同确认日 is 确认日, 末发月 the month before 首发月, and land is not let for
longer than one has it oneself; and one takes part in the life of the party where it was said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from anju.cases.fields import Value
from anju.cases.models import Case, Entry
from anju.cases.procedures import Running
from anju.government.refusals import Refused
from anju.register.models import PartyLife
from anju.register.models.relations import Kind

_same = re.compile(r"(?P<name>.+)同(?P<other>.+日)")
_last, _first = "末发月", "首发月"
detached = "户籍脱钩"
_lets, _has, _first_end = "流转合同到期日", "承包期届满日", "最早到期日"

branch = "参加的支部"
_longest_branch = PartyLife._meta.get_field("place_name").max_length or 0
_place = "组织生活参加地"
_there: Mapping[str, tuple[str, str]] = {
    "在迁入地参加": ("destination", "迁入地"),
    "在迁出地参加": ("origin", "迁出地"),
}
"""Ways on from where the branch is settled → the place that they go on with."""


def expected(name: str, known: Mapping[str, Value]) -> Value | None:
    """What a field has to be by what was written down before; None where nothing says."""
    if name == _last and _first in known:
        return (date.fromisoformat(f"{known[_first]}-01") - timedelta(1)).isoformat()[: len("2026-11")]
    same = _same.fullmatch(name)
    return known.get(same["other"]) if same else None


def leaves_origin(case: Case, running: Running) -> bool:
    """Whether who gets what the case ends with has left the hukou of the place of origin, whatever was recorded before."""
    moves = any((e.kind, e.what) == ("relation", Kind.HUKOU) for e in running.procedure.effects)
    return moves and bool(case.origin and case.destination) and case.origin != case.destination


def check_detached(case: Case, running: Running, fields: Mapping[str, Value]) -> None:
    """Raise `Refused` for a hukou that moves to another place and would still be that of the origin."""
    if fields.get(detached) is False and leaves_origin(case, running):
        raise Refused(f"户口迁出去了，和迁出地就脱了钩：“{detached}”不能写“否”；没有迁的，不登记落户。")


def check_agreeing(fields: Mapping[str, Value], known: Mapping[str, Value]) -> None:
    """Raise `Refused` where what is written down now does not agree with what is ``known``."""
    if _lets in known and _has in known and str(known[_lets]) > str(known[_has]):
        raise Refused(f"流转的期限不能超过承包期：“{_lets}”写的是 {known[_lets]}，承包期到 {known[_has]} 为止。")
    if _first_end in known and _lets in known and str(known[_first_end]) > str(known[_lets]):
        raise Refused(f"这一份合同 {known[_lets]} 到期，“{_first_end}”不能比它晚：几份合同里写最早的一份。")
    for name, value in fields.items():
        wanted = expected(name, known)
        if wanted in (None, value):
            continue
        if name == _last:
            raise Refused(f"首发月是 {known[_first]}，末发月要是它的前一个月 {wanted}；首发月变了，先退回改。")
        raise Refused(f"“{name}”写的是 {value}，要和前面写的 {wanted} 是同一天。")


def check_branch(action: str, known: Mapping[str, Value], step: int, done: Sequence[Entry]) -> None:
    """Raise `Refused` for a way on to another side than the one that was said, or a branch with a name that the register cannot hold; and
    for what goes on after such a way, taken when nobody refused it yet.
    """
    side, name = _there.get(action, ("", ""))
    if side and known.get(_place, side) != side:
        said = next(label for code, label in _there.values() if code == known[_place])
        raise Refused(f"“{_place}”写的是“{said}”，不能“{action}”；要改在{name}参加的，先“换个地方”退回去，改了再办。")
    if side and len(str(known.get(branch, ""))) > _longest_branch:
        raise Refused(f"“{branch}”最多 {_longest_branch} 个字。")
    went = next((one for one in reversed(done) if one.action in _there), None)
    if went is None or step <= went.step or known.get(_place) in (None, _there[went.action][0]):
        return
    said = next(label for code, label in _there.values() if code == known[_place])
    raise Refused(
        f"“{_place}”写的是“{said}”，支部却是照“{went.action}”定的，不能这样登记：能退回的，先退回去换个地方；"
        "不能退回的，撤回这一件，照本人说的重新登记。"
    )
