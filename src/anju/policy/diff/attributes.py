"""What each part of a page says, attribute by attribute and in the page's own words, for comparing two versions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from anju.policy.formula import Call, Fetch, Formula, Literal, Operation, Setting, written
from anju.policy.model import (
    DutyKind,
    Effect,
    Fact,
    Guard,
    Letter,
    Move,
    Parameter,
    Policy,
    Procedure,
    Row,
    Step,
    Term,
)
from anju.policy.names import due_kind_names, strength_names, subject_names, type_names
from anju.policy.show import spoken

Attributes = Mapping[str, str]
"""Label → text, "" for nothing."""

_sources = {"ledger": "台账", "decision": "判定", "calculation": "计算"}
_subjects = {code: name for name, code in subject_names.items()}
_types = {code: name for name, code in type_names.items()}
_strengths = {code: name for name, code in strength_names.items()}
_due_kinds = {code: name for name, code in due_kind_names.items()}
_ends = {0: "办结", -1: "终止"}


def term_says(term: Term) -> Attributes:
    """对象, 类型, 取值 and 来源 of a term."""
    values = "、".join(f"{value.code} {value.label}" for value in (*term.values, *term.specials))
    blank = f"空白作{term.label(term.blank_as)}" if term.blank_as is not None else ""
    return {
        "名": term.name,
        "对象": "、".join(_subjects[subject] for subject in term.subjects),
        "类型": _types[term.kind],
        "取值": "；".join(part for part in (values, blank) if part),
        "来源": _sources[term.source],
    }


def parameter_says(parameter: Parameter) -> str:
    """A period of a parameter: 2020-06-01 起 800 人."""
    since = f"{parameter.since} 起" if parameter.since else ""
    until = f"（{parameter.until} 起失效）" if parameter.until else ""
    county = f"（{parameter.county}）" if parameter.county else ""
    value = "待定" if parameter.value is None else f"{spoken(parameter.value)} {parameter.unit}"
    return f"{since} {value}{until}{county}".strip()


def row_says(row: Row, conditions: tuple[str, ...], policy: Policy, on: date) -> Attributes:
    """A row of a decision: its conditions by term, then 结论, 应办, 说明, its days and its sentences."""
    says = {policy.terms[code].name: cell.text for code, cell in zip(conditions, row.cells, strict=True)}
    says |= {
        "结论": row.result.text,
        "应办": "、".join(policy.duties[code].name for code in row.duties),
        "说明": row.reason,
        "生效": str(row.since or ""),
        "失效": str(row.until or ""),
        "句": "、".join(row.sentences),
    }
    if row.since or row.until:
        begun, ended = row.since is None or row.since <= on, row.until is not None and row.until <= on
        says["当日"] = "已失效" if ended else "有效" if begun else "还没有生效"
    return says


def duty_says(duty: DutyKind, policy: Policy) -> Attributes:
    """A kind of duty."""
    kind, what = duty.ends
    records = "、".join(policy.terms[code].name if code in policy.terms else code for code in duty.records)
    return {
        "名": duty.name,
        "强度": _strengths[duty.strength],
        "由谁": duty.who,
        "期限": duty.deadline.text,
        "期限性质": _due_kinds[duty.due_kind],
        "了结": f"{'流程' if kind == 'procedure' else '登记'}：{what}",
        "登记": records,
        "句": "、".join(duty.sentences),
    }


def step_says(step: Step, procedure: Procedure) -> Attributes:
    """A step of a procedure; its ways out name the next step, so that a new number alone is no change."""
    return {
        "由谁": step.who,
        "动作": "；".join(f"{move.action} → {_target(move, procedure)}" for move in step.moves),
        "须填": "、".join(step.fields),
        "文书": "、".join(step.letters),
        "时限": (f"{step.days}，至多" if step.days else "") + (f"{{{step.limit}}}" if step.limit else ""),
        "句": "、".join(step.sentences),
    }


def _target(move: Move, procedure: Procedure) -> str:
    return _ends.get(move.target) or procedure.steps[move.target - 1].name


def effect_says(effect: Effect) -> Attributes:
    """What changes when a procedure ends."""
    return {"成为": effect.becomes, "自": effect.since}


def guard_says(guard: Guard, policy: Policy) -> Attributes:
    """What a way out of a step must agree with."""
    term = policy.terms[guard.decision]
    given = (f"{policy.terms[code].name} {_given_says(policy.terms[code], fact)}" for code, fact in guard.given)
    return {"判定": term.name, "结论": "、".join(map(term.label, guard.values)), "此时": "、".join(given)}


def _given_says(term: Term, fact: Fact | None) -> str:
    return "申请日" if fact is None else term.label(fact)


def letter_says(letter: Letter) -> Attributes:
    """A letter."""
    return {"文种": letter.form, "句": "、".join(letter.sentences)}


def formula_says(formula: Formula, policy: Policy) -> str:
    """A formula as a page writes it, with every operation inside another in brackets."""
    if isinstance(formula, Literal):
        return written(formula.value)
    if isinstance(formula, Fetch):
        return policy.terms[formula.code].name
    if isinstance(formula, Setting):
        return f"{{{formula.name}}}"
    if isinstance(formula, Call):
        return f"{formula.name}({', '.join(formula_says(a, policy) for a in formula.arguments)})"
    sides = [formula_says(side, policy) for side in (formula.left, formula.right)]
    inner = [isinstance(side, Operation) for side in (formula.left, formula.right)]
    left, right = (f"({text})" if nested else text for text, nested in zip(sides, inner, strict=True))
    return f"{left} {formula.op} {right}"
