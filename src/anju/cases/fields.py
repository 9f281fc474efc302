"""What is written down at a step: the page names it, and what kind of thing it is follows from the name and from what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from anju.policy.model import Fact, Policy, Procedure, Step, Term
from anju.policy.model import Value as TermValue
from anju.register.provided import sayable

FieldKind = Literal["text", "day", "month", "whole", "number", "yes", "choice", "paper"]
_by_name: Sequence[tuple[str, FieldKind]] = (
    (r"(?<!每)(日|日期|哪天|止日同确认日|注销日同确认日)$", "day"),
    (r"月$", "month"),
    (r"亩数$", "number"),
    (r"^(?!每).*(数|次|人数|应到|实到|赞成|同意|反对|弃权|天数)$", "whole"),
    (r"(面积|金额|余额|储存额|价款|费用|支付|自付|资金|合计|融资|发放标准)$", "number"),
    (r"(身份证|户口簿|证明|原件|证件|新户口簿|流转合同)$", "paper"),
)
_by_kind: Mapping[str, FieldKind] = {
    "bool": "yes",
    "enum": "choice",
    "int": "whole",
    "number": "number",
    "date": "day",
    "text": "text",
}
_texts = frozenset({"社会资本", "规划和资金", "资金来源", "就医起止日", "地块和亩数"})
"""Names that sound like a figure or a day, and are told in words; the last one by cases that run by pages from before."""
_ahead = re.compile(
    r"(止日|到期日|满日|起日|起始日|开始日|生效日|接续日|参保日|完工日|完成日|开放日|开门日|会议日|公布日|演出日期|到哪天)$"
)
"""Days that may still lie ahead when they are written down; of any other somebody says that it was done."""
Value = bool | int | float | str
most_words = 1000
"""So long may a text be that is written down."""


@dataclass(frozen=True, slots=True)
class Field:
    """``name`` as the page has it. ``choices``: code and label of what may be written down; ``labels``: of everything that may have been.
    ``paper``: that it was shown is confirmed, and a copy may lie with it.
    """

    name: str
    kind: FieldKind
    choices: tuple[tuple[str, str], ...] = ()
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def ahead(self) -> bool:
        """Whether a day may still lie ahead when it is written down."""
        return bool(_ahead.search(self.name))

    def told(self, value: Value) -> str:
        """A value in words."""
        if self.kind == "paper":
            return "已交验"
        if self.kind == "yes":
            return "是" if value else "否"
        return dict(self.labels).get(str(value), str(value))


def fields_of(policy: Policy, procedure: Procedure, step: Step) -> tuple[Field, ...]:
    """What is to be written down at a step."""
    return tuple(field_of(policy, procedure, name) for name in step.fields)


def field_of(policy: Policy, procedure: Procedure, name: str) -> Field:
    """A field: of the kind of the term that it is or becomes, else as its name says."""
    term = _term(policy, procedure, name)
    if term is not None:
        return Field(name, _by_kind[term.kind], *map(_labelled, (sayable(term), term.values)))
    if any(effect.since == name for effect in procedure.effects):
        return Field(name, "month" if name.endswith("月") else "day")
    found = (kind for pattern, kind in _by_name if name not in _texts and re.search(pattern, name))
    return Field(name, next(found, "text"))


def _labelled(values: Sequence[TermValue]) -> tuple[tuple[str, str], ...]:
    return tuple((value.code, value.label) for value in values)


def _term(policy: Policy, procedure: Procedure, name: str) -> Term | None:
    term = policy.term(name)
    if term is not None and term.source == "ledger":
        return term
    becomes = next((e.what for e in procedure.effects if e.kind == "fact" and e.becomes == name), None)
    return None if becomes is None else policy.terms[becomes]


def fact_of(term: Term, value: Value) -> Fact | None:
    """What was written down as a fact of a term, None where it cannot be one."""
    if term.kind == "date":
        return date.fromisoformat(str(value))
    if term.kind == "bool":
        return value if isinstance(value, bool) else {"是": True, "否": False}.get(str(value))
    if term.kind == "enum":
        return next((v.code for v in (*term.values, *term.specials) if str(value) in (v.code, v.label)), None)
    if term.kind in ("int", "number"):
        return _number(value)
    return str(value)


def _number(value: Any) -> int | float | None:
    try:
        figure = float(value)
    except ValueError:
        return None
    return int(figure) if figure.is_integer() else figure
