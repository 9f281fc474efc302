"""Codes of the pages as the words that officers know."""

from collections.abc import Mapping, Sequence

from django import template

from anju.check.explanation import Condition
from anju.check.queries import guideline
from anju.check.worklist import due_kind_label, strength_label
from anju.policy.model import Parameter
from anju.policy.show import spoken

register = template.Library()

register.filter("strength", strength_label)
register.filter("due_kind", due_kind_label)


@register.filter
def clause_title(number: str) -> str:
    """1.5 → 一（五）养老保险关系转接."""
    clause = guideline().clauses.get(number)
    return clause.title if clause else number


@register.filter
def place(row: Mapping[str, int]) -> int:
    """The number of a listed row in its subject's frame."""
    return row["#"]


@register.filter
def end_of(target: int) -> str:
    """Where a move of a procedure leads: a step, 办结 or 终止."""
    return {0: "办结", -1: "终止"}.get(target, f"第 {target} 步")


@register.filter
def named(conditions: Sequence[Condition], name: str) -> Condition | None:
    """A row's condition on the term of that name, if it has one."""
    return next((condition for condition in conditions if condition.term == name), None)


@register.filter
def at(items: Sequence[str], number: int) -> str:
    """One item of a sequence."""
    return items[number]


@register.filter
def parameter_value(parameter: Parameter) -> str:
    """A parameter's value as people write it; 未定 where only counties set it."""
    return "未定" if parameter.value is None else spoken(parameter.value)
