"""Codes of the pages as the words that officers know."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from django import template
from django.urls import reverse

from anju.check.explanation import DutyShown, figure
from anju.check.queries import edition_on, guideline
from anju.duties.owed import due_kind_label, strength_label
from anju.policy.model import Parameter
from anju.policy.show import spoken

register = template.Library()
_setting = re.compile(r"\{([^{}|]+)\}")

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
def filled(text: str) -> str:
    """``{征询期限}自开出`` → 30 日自开出, with today's figures."""
    return _setting.sub(_figure, text)


@register.filter
def length_of_time(name: str) -> str:
    """A parameter's figure on its own: 5 工作日."""
    return filled(f"{{{name}}}")


@register.filter
def duty_url(duty: DutyShown) -> str:
    """Where the guideline says what a duty is: its page and row."""
    clause = guideline().duties[duty.code].clause
    return f"{reverse('check:clause', args=[clause])}#{duty.code}"


@register.filter
def at(items: Sequence[str], number: int) -> str:
    """One item of a sequence."""
    return items[number]


@register.filter
def parameter_value(parameter: Parameter) -> str:
    """A parameter's value as people write it; 未定 where only counties set it."""
    return "未定" if parameter.value is None else spoken(parameter.value)


def _figure(match: re.Match[str]) -> str:
    if match[1] not in guideline().parameters:
        return match[0]
    shown = figure(edition_on(date.today()), match[1])
    return f"{shown.value or shown.name} {shown.unit}"
