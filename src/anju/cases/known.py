"""What the ledger knows of fields that are no facts themselves: 居住地, 户籍迁移, 研判结论, 有效天数 … A clerk confirms or corrects it.

Only what follows from facts that the officer's lines work with; where anything is not known the field stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from anju.cases.agreeing import detached, leaves_origin
from anju.cases.fields import Field, Value
from anju.cases.guardians import likely_guardian
from anju.cases.land import going
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.cases.provided import member_since
from anju.duties.editions import Counties
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.policy.closures import Answer
from anju.policy.model import Fact, Step
from anju.register.privacy import may_see
from anju.register.queries.one import homes_at


@dataclass(frozen=True)
class Knowing:
    """A case as an officer with some posts sees it: ``facts`` of its subject, ``how`` one knows of the application."""

    case: Case
    running: Running
    step: Step
    scopes: Sequence[Scope]
    facts: Mapping[str, Fact]
    on: date
    how: str = ""
    values: Mapping[str, Value] = field(default_factory=lambda: MappingProxyType({}))

    def fact(self, code: str) -> Fact | None:
        """A fact of the subject, None for one that is not known or is another line's."""
        return self.facts.get(code) if may_see(self.scopes, code) else None

    def label(self, code: str) -> str | None:
        """A fact in words."""
        known = self.fact(code)
        return None if known is None else self.running.policy.terms[code].label(known)

    @cached_property
    def _answers(self) -> Mapping[str, Answer]:
        judge = Counties.of(self.running.policy, self.on).judge(self.case.destination[:6])
        return judge.case(self.case.subject_kind).answer(self.facts)

    def decided(self, code: str) -> Answer | None:
        """What the pages decide; None while it is open, does not apply, or is another line's."""
        answer = self._answers.get(code) if may_see(self.scopes, code) else None
        return None if answer is None or answer.missing or not answer.applicable else answer

    def figure(self, code: str) -> Value | None:
        """A figure that the pages work out."""
        answer = self.decided(code)
        value = answer.value if answer else None
        if value is None or isinstance(value, (bool, str, date)):
            return None
        return int(value) if value == int(value) else float(value)

    @cached_property
    def _names(self) -> Names:
        return Names((self.case.origin, self.case.destination), self.on)

    @property
    def origin(self) -> str:
        """The place of origin by name."""
        return self._names(self.case.origin)

    @property
    def destination(self) -> str:
        """The destination by name."""
        return self._names(self.case.destination)

    def guarded(self) -> Answer | None:
        """What the decision says that guards the way on from the step."""
        found = (guard.decision for guard in self.running.procedure.guards if guard.step == self.step.name)
        return next((answer for code in found if (answer := self.decided(code))), None)


def _residence(known: Knowing) -> str | None:
    detached = known.fact("residence_detached")
    return None if detached is None else f"已搬到{known.destination}" if detached else f"还住在{known.origin}"


def _lives(known: Knowing) -> str | None:
    """Where somebody lives: of one who has not moved yet the place of origin."""
    detached = known.fact("residence_detached")
    return None if detached is None else (known.destination if detached else known.origin) or None


def _registered(known: Knowing) -> str | None:
    """The address in the new household register, once there is one."""
    return known.destination or None if known.fact("hukou_moved") else None


def _choice(known: Knowing) -> str | None:
    """Which of the two somebody has chosen, else the only one that there is a right to."""
    answer = known.decided("hukou_route")
    given = (known.fact("hukou_choice"), answer.value if answer else None)
    return next((str(one) for one in given if one in ("village_group", "street_address")), None)


def _insurance(known: Knowing) -> str | None:
    """The insurance that the case enrols in, as its page says, else the one that is carried over."""
    effects = known.running.procedure.effects
    enrolled = next((e.becomes for e in effects if (e.kind, e.what) == ("fact", "medical_status")), None)
    return enrolled or known.label("medical_status")


def _hukou(known: Knowing) -> str | None:
    moved, day = known.fact("hukou_moved"), known.fact("hukou_moved_on")
    if moved is None:
        return None
    return f"已迁入{known.destination}" + (f"（{day}）" if day else "") if moved else f"没有迁，还在{known.origin}"


def _membership(known: Knowing) -> str | None:
    moved, detached = known.fact("membership_moved"), known.fact("membership_detached")
    if moved:
        return f"已取得{known.destination}的成员身份"
    if detached is None:
        return None if moved is None else f"还在{known.origin}"
    return "已和迁出地脱钩" if detached else f"还在{known.origin}"


def _member_here(known: Knowing) -> str | None:
    moved = known.fact("membership_moved")
    return None if moved is None else "已是本集体成员" if moved else "还不是本集体成员"


def _since(known: Knowing) -> str | None:
    """From which day on the membership at the origin is on record."""
    if not may_see(known.scopes, "membership_moved"):
        return None
    day = member_since(known.case.subject_id, known.case.origin, known.on)
    return day.isoformat() if day else None


def _guardian(known: Knowing) -> str | None:
    return likely_guardian(known.case, known.running, known.on)


def _decided(known: Knowing) -> str | None:
    answer = known.guarded()
    return answer.label if answer else None


def _why(known: Knowing) -> str | None:
    answer = known.guarded()
    return answer.reason or None if answer else None


def _day(code: str) -> Callable[[Knowing], Value | None]:
    def told(known: Knowing) -> Value | None:
        fact = known.fact(code)
        return fact.isoformat() if isinstance(fact, date) else None

    return told


def _plot(known: Knowing) -> Value | None:
    """How large a plot may be: all that is left, as far as it is known."""
    land, whole = going(known.running), known.fact("original_land_mu")
    left = land.left(known.fact) if land else None
    return left if left is not None else whole if isinstance(whole, (int, float)) else None


def _together(known: Knowing) -> Value | None:
    land = going(known.running)
    return land.after(known.fact, known.values) if land else None


def _first_end(known: Knowing) -> Value | None:
    """The day on which the first of several contracts ends: what is let already, and what the case lets."""
    before = known.fact("land_contract_ends_on") if known.fact("original_land_transferred") else None
    own = known.values.get("流转合同到期日")
    return min(str(day) for day in (before, own) if day) if before or own else None


def _homes(known: Knowing) -> frozenset[str]:
    """The households at the site, by their codes; none where how many live there is another line's."""
    works = known.case.subject_kind == "site" and may_see(known.scopes, "persons")
    return homes_at(known.case.subject_id, known.on) if works else frozenset()


def _placed(known: Knowing) -> int | None:
    """How many households of the site stand in the list of who belongs to which group, by their codes."""
    listed = str(known.values.get("每户所属小组", ""))
    if not listed:
        return None
    alone = (rf"(?<![\w-]){re.escape(code)}(?![\w-])" for code in _homes(known))
    return sum(bool(re.search(code, listed, re.ASCII)) for code in alone) or None


_known: Mapping[str, Callable[[Knowing], Value | None]] = {
    "居住地": _residence,
    "户籍迁移": _hukou,
    "监护人": _guardian,
    "集体经济身份": _membership,
    "成员身份": _member_here,
    "原身份起始日": _since,
    "研判结论": _decided,
    "核对结果": _decided,
    "理由": _why,
    "落户选择": _choice,
    "户籍迁入日期": _day("hukou_moved_on"),
    "救助种类": lambda known: known.label("assistance_kind"),
    "申请方式": lambda known: known.how or None,
    "新地址": _registered,
    "现居住地": _lives,
    "转入省和区县": lambda known: known.destination or None,
    "参保险种": _insurance,
    "有效天数": lambda known: known.figure("party_letter_days"),
    "亩数": _plot,
    "累计流转亩数": _together,
    "累计纳入亩数": _together,
    "最早到期日": _first_end,
    "汇总亩数": lambda known: known.values.get("亩数"),
    "实地核实亩数": lambda known: known.values.get("流转亩数"),
    "补助金额": lambda known: known.figure("rent_subsidy_amount"),
    "组数": lambda known: known.figure("groups_min"),
    "安置户数": lambda known: len(_homes(known)) or None,
    "已定户数": _placed,
    "差多少面积": lambda known: known.figure("area_shortfall"),
    "拟设形式": lambda known: answer.label if (answer := known.decided("party_body")) else None,
}
"""Field → what is known of it."""
not_today = frozenset({"原身份起始日", "户籍迁入日期"})
"""Days of long ago: where nobody knows them, today would be wrong."""
_one_more = ("本年累计", "本季累计", "现有文化中心")
"""Counts that the case itself adds one to."""


def will_be(known: Knowing, one: Field) -> Value | None:
    """What a field will be once the step is taken, whatever the fact was: who gets a hukou elsewhere has left that of the origin."""
    return True if one.name == detached and leaves_origin(known.case, known.running) else None


def known_of(known: Knowing, one: Field) -> Value | None:
    """What is known of a field; of one that becomes a fact by the case, what the fact is now."""
    if one.name in _known and (value := _known[one.name](known)) is not None:
        return value
    effects = known.running.procedure.effects
    becomes = next((e.what for e in effects if e.kind == "fact" and e.becomes == one.name), None)
    fact = known.fact(becomes) if becomes else None
    if isinstance(fact, int) and not isinstance(fact, bool) and one.name.startswith(_one_more):
        return fact + 1
    return None if isinstance(fact, date) else fact
