"""What can be wrong with pages that read well: dead duties, endless procedures, uncited sentences and the like."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import pairwise

from anju.policy.endings import endings
from anju.policy.errors import Place, Problem
from anju.policy.force import forces, reached
from anju.policy.formula import terms_of
from anju.policy.model import Decision, Effect, Policy, Procedure
from anju.policy.names import withdrawn


def integrity(policy: Policy) -> tuple[Problem, ...]:
    """Every problem of the whole: see the functions of this module for what each looks for."""
    return (
        *_duties(policy),
        *endings(policy),
        *_deadlines(policy),
        *_procedures(policy),
        *_letters(policy),
        *_parameters(policy),
        *_figures(policy),
        *_sentences(policy),
        *_examples(policy),
    )


def cited(policy: Policy) -> frozenset[str]:
    """Sentences that a row of a decision, duty or procedure cites, or that stand in 不入程序."""
    found: set[str] = set()
    for decision in policy.decisions.values():
        found.update(s for row in decision.rows for s in row.sentences)
    for duty in policy.duties.values():
        found.update(duty.sentences)
    for procedure in policy.procedures.values():
        found.update(s for step in procedure.steps for s in step.sentences)
    found.update(s for outside in policy.outside for s in outside.sentences)
    return frozenset(found)


def uncited(policy: Policy) -> tuple[str, ...]:
    """Numbered sentences of the guideline that nothing cites."""
    known = cited(policy)
    every = (f"{c.number}-{n}" for c in policy.clauses.values() for n in range(1, c.sentences + 1))
    return tuple(sentence for sentence in every if sentence not in known)


def _duties(policy: Policy) -> Iterator[Problem]:
    """A duty that no decision opens; two duties of one code; a deadline counted 自申请 without a procedure."""
    opened = {code for decision in policy.decisions.values() for row in decision.rows for code in row.duties}
    for duty in policy.duties.values():
        if duty.code not in opened:
            yield Problem(duty.place, "应办", f"应办“{duty.name}”没有判定会开出", "写进某个判定的 应办 列，或者删去")
        if duty.deadline.anchor == "applied" and duty.ends[0] != "procedure":
            yield Problem(
                duty.place,
                "应办",
                f"应办“{duty.name}”的期限自申请，但它不由流程了结",
                "期限改成自开出，或者了结写 流程：名",
            )
        name = duty.deadline.parameter
        yield from _length(policy, name, duty.place, "应办")


def _length(policy: Policy, name: str, place: Place, kind: str) -> Iterator[Problem]:
    """A parameter that is a time must have a unit of time and be a whole number."""
    for parameter in policy.parameters[name] if name else ():
        if parameter.unit not in ("日", "工作日", "个月", "年"):
            found = f"期限用的参数“{name}”单位是“{parameter.unit}”"
            yield Problem(place, kind, found, "单位写 日、工作日、个月 或 年")
            return
        if not isinstance(parameter.value, Fraction) or parameter.value.denominator != 1:
            yield Problem(place, kind, f"期限用的参数“{name}”不是整数", "写一个整数，换一个单位也行")
            return


def _deadlines(policy: Policy) -> Iterator[Problem]:
    """A duty whose deadline counts from a day that the subject of the decision opening it does not have."""
    for decision in policy.decisions.values():
        for code in dict.fromkeys(code for row in decision.rows for code in row.duties):
            duty = policy.duties[code]
            term = policy.terms.get(duty.deadline.term)
            if term is not None and decision.subject not in term.subjects:
                found = f"应办“{duty.name}”的期限数自“{term.name}”，“{decision.name}”的对象没有这一天"
                yield Problem(duty.place, "应办", found, "换一个同一对象的日期，或者自开出")


def _procedures(policy: Policy) -> Iterator[Problem]:
    """Steps that nothing leads to or that cannot end, time limits that are no time, procedures that nothing starts."""
    started = {duty.ends[1] for duty in policy.duties.values() if duty.ends[0] == "procedure"}
    for procedure in policy.procedures.values():
        numbers = {step.number for step in procedure.steps}
        for step in procedure.steps:
            yield from _length(policy, step.limit, step.place, "流程")
            if step.days and step.days not in {
                name for one in procedure.steps[: step.number - 1] for name in one.fields
            }:
                found = f"“{procedure.name}”第 {step.number} 步的时限按“{step.days}”，前面的步没有填它"
                yield Problem(step.place, "流程", found, "写前面一步的须填")
            for move in step.moves:
                if move.target > 0 and move.target not in numbers:
                    yield Problem(
                        step.place,
                        "流程",
                        f"“{procedure.name}”第 {step.number} 步去往第 {move.target} 步，没有这一步",
                        "写一个有的步号",
                    )
        begun = reached(procedure, 1)
        ending = _ending(procedure)
        for step in procedure.steps:
            if step.number not in begun:
                yield Problem(
                    step.place,
                    "流程",
                    f"“{procedure.name}”第 {step.number} 步“{step.name}”走不到",
                    "从前面的步引过来，或者删去",
                )
            if step.number not in ending:
                yield Problem(
                    step.place,
                    "流程",
                    f"“{procedure.name}”第 {step.number} 步“{step.name}”之后没有尽头",
                    "写一条通向 办结 或 终止 的路",
                )
        if procedure.code not in started and not any(actor.person for actor in procedure.steps[0].actors):
            yield Problem(
                procedure.place,
                "流程",
                f"流程“{procedure.name}”没有应办会开始，第一步也不由本人",
                "在 应办 的了结写上它",
            )
        yield from _effects(policy, procedure)
        yield from forces(procedure)
        yield from _guards(policy, procedure)


def _ending(procedure: Procedure) -> set[int]:
    """Steps from which 办结 or 终止 can be reached."""
    found: set[int] = set()
    while True:
        more = {s.number for s in procedure.steps if any(m.target <= 0 or m.target in found for m in s.moves)} - found
        if not more:
            return found
        found |= more


def _effects(policy: Policy, procedure: Procedure) -> Iterator[Problem]:
    """An effect must name a day or value that the procedure, the ledger or its end gives."""
    filled = {field for step in procedure.steps for field in step.fields}
    for effect in procedure.begins:
        if effect.kind != "fact" or effect.since or effect.becomes in filled | {"办结日"}:
            yield Problem(effect.place, "流程", "立件时还没有这一项", "写 事实：术语 和它的值")
    yield from _failures(procedure)
    for effect in (*procedure.begins, *procedure.effects, *procedure.failures):
        if effect.kind == "relation" and not (effect.since and effect.becomes):
            yield Problem(effect.place, "流程", "关系改成什么、从哪天起没有写全", "写成 迁入·区县，自到账日")
        if effect.since and effect.since not in filled | {"办结日"} and not _is_date(policy, effect.since):
            yield Problem(
                effect.place, "流程", f"自“{effect.since}”不知道是哪一天", "写本流程的须填、办结日，或一个日期术语"
            )
        if effect.kind == "fact" and policy.terms[effect.what].source != "ledger":
            yield Problem(effect.place, "流程", f"“{policy.terms[effect.what].name}”是算出来的", "只改台账里的事实")
        elif effect.kind == "fact" and not _settable(policy, effect, filled):
            yield Problem(
                effect.place, "流程", f"“{effect.becomes}”不是这个事实的值", "写它的值、本流程的须填，或 办结日"
            )


def _failures(procedure: Procedure) -> Iterator[Problem]:
    """What changes when a procedure comes to nothing has to name a way out that leads to 终止, or 撤回 of any step; and facts."""
    ways = {(step.name, move.action) for step in procedure.steps for move in step.moves if move.target < 0}
    for effect in procedure.failures:
        if (effect.step, effect.action) not in ways | {("", withdrawn)}:
            found = f"“{procedure.name}”没有环节“{effect.step}”的动作“{effect.action}”通向终止"
            yield Problem(effect.place, "流程", found, f"照流程表里的写；本人撤回的，环节写 -，动作写 {withdrawn}")
        if effect.kind != "fact":
            yield Problem(effect.place, "流程", "没有办成，关系不改", "写 事实：术语 和它的值")


def _guards(policy: Policy, procedure: Procedure) -> Iterator[Problem]:
    """A guard must name a way out of a step, and facts of the subject that its decision is about."""
    ways = {(step.name, move.action) for step in procedure.steps for move in step.moves}
    for guard in procedure.guards:
        if (guard.step, guard.action) not in ways:
            found = f"“{procedure.name}”没有环节“{guard.step}”的动作“{guard.action}”"
            yield Problem(guard.place, "流程", found, "照流程表里的写")
        decided = policy.terms[guard.decision]
        for code, _ in guard.given:
            if not set(decided.subjects) & set(policy.terms[code].subjects):
                found = f"“{policy.terms[code].name}”说的不是“{decided.name}”的对象"
                yield Problem(guard.place, "流程", found, "此时 只写同一对象的事实")


def _is_date(policy: Policy, name: str) -> bool:
    term = policy.term(name)
    return term is not None and term.kind == "date"


def _settable(policy: Policy, effect: Effect, filled: set[str]) -> bool:
    term = policy.terms[effect.what]
    if effect.becomes in filled or (effect.becomes == "办结日" and term.kind == "date"):
        return True
    if term.kind == "bool":
        return effect.becomes in ("是", "否")
    if term.kind in ("int", "number"):
        return effect.becomes.replace(".", "", 1).isdigit()
    return any(effect.becomes in (v.label, v.code) for v in term.values)


def _letters(policy: Policy) -> Iterator[Problem]:
    """A letter that no step produces."""
    produced = {name for p in policy.procedures.values() for step in p.steps for name in step.letters}
    for letter in policy.letters.values():
        if letter.name not in produced:
            yield Problem(letter.place, "流程", f"文书“{letter.name}”没有哪一步会出", "写进某一步的 文书，或者删去")


def _parameters(policy: Policy) -> Iterator[Problem]:
    """Gaps between the dated values of a parameter."""
    for name, dated in policy.parameters.items():
        for county in {p.county for p in dated}:
            own = sorted((p for p in dated if p.county == county), key=lambda p: p.since or date.min)
            for earlier, later in pairwise(own):
                if earlier.until != later.since:
                    yield Problem(
                        later.place,
                        "参数",
                        f"参数“{name}”在 {earlier.until} 到 {later.since} 没有值",
                        "前一行的失效和后一行的生效接上",
                    )


def _figures(policy: Policy) -> Iterator[Problem]:
    """A decided figure that may not apply must not be read by anything else; every source term has its formula."""
    partial = {c for c, d in policy.decisions.items() if any(not row.result.applicable for row in d.rows)}
    for decision in policy.decisions.values():
        for code in sorted(partial & _reads(decision)):
            yield Problem(
                decision.place,
                "词",
                f"“{decision.name}”用到了可能不适用的“{policy.terms[code].name}”",
                "改用它所依据的判定或事实",
            )
    for calculation in policy.calculations.values():
        for code in sorted(partial & set(terms_of(calculation.formula))):
            yield Problem(
                calculation.place,
                "词",
                f"算式用到了可能不适用的“{policy.terms[code].name}”",
                "改用它所依据的判定或事实",
            )


def _reads(decision: Decision) -> set[str]:
    formulas = {c for row in decision.rows if row.result.formula for c in terms_of(row.result.formula)}
    return set(decision.conditions) | formulas


def _sentences(policy: Policy) -> Iterator[Problem]:
    """Sentences that nothing cites; clauses without a page; pages under another title than their clause's."""
    for clause in policy.clauses.values():
        page = policy.page(clause.number)
        if page is None:
            found = f"{clause.number} {clause.title}没有页面"
            yield Problem(Place(policy.pages[0].file, 1), "引用", found, f"写一页 {clause.number}-….md")
        elif page.title != clause.title:
            yield Problem(Place(page.file, 1), "引用", f"题目写着“{page.title}”", f"条文里是“{clause.title}”")
    for sentence in uncited(policy):
        clause_page = policy.page(sentence.partition("-")[0])
        if clause_page:
            yield Problem(
                Place(clause_page.file, 1),
                "引用",
                f"句 {sentence} 没有一行引用",
                "写进一行的 句，或者列入 不入程序 并说明",
            )


def _examples(policy: Policy) -> Iterator[Problem]:
    """A page with decisions has at least five worked examples."""
    for page in policy.pages:
        decides = any(d.clause == page.clause for d in policy.decisions.values())
        count = sum(e.clause == page.clause for e in policy.examples)
        if decides and count < 5:
            yield Problem(Place(page.file, 1), "算例", f"这一页只有 {count} 个算例", "至少写五个，门槛两边都有")
