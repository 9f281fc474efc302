"""What two guidelines say differently: parameters, terms, calculations, rows, duties, procedures and letters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Literal, Protocol, TypeVar

from anju.policy.diff.attributes import (
    Attributes,
    duty_says,
    effect_says,
    formula_says,
    guard_says,
    letter_says,
    parameter_says,
    row_says,
    step_says,
    term_says,
)
from anju.policy.diff.rows import pair_rows
from anju.policy.edition import Edition
from anju.policy.model import Decision, Effect, Parameter, Policy, Procedure, Step

Sort = Literal["added", "removed", "changed"]


class OfClause(Protocol):
    """A part of a page."""

    @property
    def clause(self) -> str:
        """The clause's number."""


Part = TypeVar("Part", bound=OfClause)


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``section`` is the heading under which it stands (``参数``, ``判定：公共服务站``).

    ``aspect`` is what changed about ``what`` (``期限``), "" where the whole was added or removed.
    """

    clause: str
    section: str
    sort: Sort
    what: str
    aspect: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Where changes belong: a clause, and a heading in it."""

    clause: str
    section: str


def compare(before: Edition, after: Edition) -> tuple[Change, ...]:
    """Every difference, in the order of the clauses and of the headings of a page."""
    one, other = before.policy, after.policy
    changes = chain(
        _parameters(before, after),
        _parts("术语", one.terms, other.terms, term_says, term_says),
        _parts(
            "计算",
            one.calculations,
            other.calculations,
            lambda part: {"名": one.terms[part.term].name, "算式": formula_says(part.formula, one)},
            lambda part: {"名": other.terms[part.term].name, "算式": formula_says(part.formula, other)},
        ),
        _decisions(before, after),
        _parts("应办", one.duties, other.duties, partial(duty_says, policy=one), partial(duty_says, policy=other)),
        _procedures(one, other),
        _parts("文书", one.letters, other.letters, letter_says, letter_says),
    )
    return tuple(sorted(changes, key=lambda change: change.clause))


def _parts(
    section: str,
    before: Mapping[str, Part],
    after: Mapping[str, Part],
    old_says: Callable[[Part], Attributes],
    new_says: Callable[[Part], Attributes],
) -> Iterator[Change]:
    """Changes of the parts of one sort, paired by code."""
    for code in dict.fromkeys((*before, *after)):
        heading = Heading((after if code in after else before)[code].clause, section)
        old = old_says(before[code]) if code in before else None
        new = new_says(after[code]) if code in after else None
        yield from changed(heading, (new or old or {}).get("名", code), old, new)


def changed(heading: Heading, what: str, before: Attributes | None, after: Attributes | None) -> Iterator[Change]:
    """The changes of one part: added or removed as a whole, else attribute by attribute."""
    if before is None:
        yield Change(heading.clause, heading.section, "added", what, "", "", _whole(after or {}))
    elif after is None:
        yield Change(heading.clause, heading.section, "removed", what, "", _whole(before), "")
    else:
        for label in dict.fromkeys((*before, *after)):
            old, new = before.get(label, ""), after.get(label, "")
            if old != new:
                yield Change(heading.clause, heading.section, "changed", what, label, old, new)


def _whole(says: Attributes) -> str:
    return "，".join(f"{label} {text}" for label, text in says.items() if text and text != "-" and label != "名")


def _parameters(before: Edition, after: Edition) -> Iterator[Change]:
    """A parameter's value on the two days, then what changes on other days, in other counties, or in its source."""
    one, other = before.policy.parameters, after.policy.parameters
    for name in dict.fromkeys((*one, *other)):
        heading = Heading((other if name in other else one)[name][0].clause, "参数")
        old, new = _in_force(before, name), _in_force(after, name)
        told = old is not None and new is not None and (old.value, old.unit) != (new.value, new.unit)
        if told and old is not None and new is not None:
            yield Change(heading.clause, heading.section, "changed", name, "", parameter_says(old), parameter_says(new))
        skipped = {_period(p) for p in (old, new) if told and p is not None}
        yield from _periods(heading, name, one.get(name, ()), other.get(name, ()), skipped)


def _in_force(edition: Edition, name: str) -> Parameter | None:
    """The period of the whole city that holds on the edition's day."""
    for period in edition.policy.parameters.get(name, ()):
        begun = period.since is None or period.since <= edition.on
        if begun and not period.county and (period.until is None or edition.on < period.until):
            return period
    return None


def _period(parameter: Parameter) -> tuple[str, str]:
    return parameter.county, str(parameter.since or "")


def _periods(
    heading: Heading,
    name: str,
    before: tuple[Parameter, ...],
    after: tuple[Parameter, ...],
    skipped: set[tuple[str, str]],
) -> Iterator[Change]:
    old, new = ({_period(p): {"值": parameter_says(p), "依据": p.source} for p in side} for side in (before, after))
    for key in dict.fromkeys((*old, *new)):
        for change in changed(heading, name, old.get(key), new.get(key)):
            if key not in skipped or change.aspect == "依据":
                yield change


def _decisions(before: Edition, after: Edition) -> Iterator[Change]:
    one, other = before.policy.decisions, after.policy.decisions
    for code in dict.fromkeys((*one, *other)):
        decision = other.get(code) or one[code]
        heading = Heading(decision.clause, f"判定：{decision.name}")
        old, new = _rows(one.get(code), before), _rows(other.get(code), after)
        for was, is_ in pair_rows([says for _, says in old], [says for _, says in new]):
            what = _row_name(None if was is None else old[was][0], None if is_ is None else new[is_][0])
            yield from changed(
                heading, what, None if was is None else old[was][1], None if is_ is None else new[is_][1]
            )


def _rows(decision: Decision | None, edition: Edition) -> list[tuple[int, Attributes]]:
    if decision is None:
        return []
    return [(r.number, row_says(r, decision.conditions, edition.policy, edition.on)) for r in decision.rows]


def _row_name(was: int | None, is_: int | None) -> str:
    if was is None or is_ is None or was == is_:
        return f"第 {is_ or was} 行"
    return f"原第 {was} 行、现第 {is_} 行"


def _procedures(before: Policy, after: Policy) -> Iterator[Change]:
    """Steps are paired by their name, so that an inserted step changes only those that lead to it."""
    one, other = before.procedures, after.procedures
    for code in dict.fromkeys((*one, *other)):
        procedure = other.get(code) or one[code]
        old, new = _steps(one.get(code)), _steps(other.get(code))
        heading = Heading(procedure.clause, f"流程：{procedure.name}")
        for name in dict.fromkeys((*old, *new)):
            yield from changed(heading, name, old.get(name), new.get(name))
        for said, of in _said.items():
            was, is_ = _effects(one.get(code), of), _effects(other.get(code), of)
            for what in dict.fromkeys((*was, *is_)):
                heading = Heading(procedure.clause, f"{said}：{procedure.name}")
                yield from changed(heading, what, was.get(what), is_.get(what))
        held = [_guards(before, one.get(code)), _guards(after, other.get(code))]
        heading = Heading(procedure.clause, f"把关：{procedure.name}")
        for what in dict.fromkeys((*held[0], *held[1])):
            yield from changed(heading, what, held[0].get(what), held[1].get(what))


_said: Mapping[str, Callable[[Procedure], tuple[Effect, ...]]] = {
    "生效": lambda procedure: tuple(e for e in procedure.effects if e.step),
    "办结": lambda procedure: tuple(e for e in procedure.effects if not e.step),
    "立件": lambda procedure: procedure.begins,
    "终止": lambda procedure: procedure.failures,
}


def _effects(procedure: Procedure | None, of: Callable[[Procedure], tuple[Effect, ...]]) -> dict[str, Attributes]:
    effects = of(procedure) if procedure else ()
    return {" ".join(filter(None, (e.step, e.action, e.what))): effect_says(e) for e in effects}


def _guards(policy: Policy, procedure: Procedure | None) -> dict[str, Attributes]:
    return {f"{g.step} {g.action}": guard_says(g, policy) for g in (procedure.guards if procedure else ())}


def _steps(procedure: Procedure | None) -> dict[str, Attributes]:
    if procedure is None:
        return {}
    names = [step.name for step in procedure.steps]

    def key(step: Step) -> str:
        return step.name if names.count(step.name) == 1 else f"{step.number} {step.name}"

    return {key(step): step_says(step, procedure) for step in procedure.steps}
