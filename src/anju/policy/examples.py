"""Run the worked examples of the pages, by both compilers."""

from __future__ import annotations

from collections.abc import Mapping

from anju.policy.closures import Answer, Case
from anju.policy.edition import Edition
from anju.policy.errors import PolicyError, Problem
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Example, Expected, Policy


def run_examples(policy: Policy) -> tuple[Problem, ...]:
    """The examples that do not come out, each with what came out instead."""
    return tuple(problem for example in policy.examples for problem in _run(policy, example))


def _run(policy: Policy, example: Example) -> tuple[Problem, ...]:
    try:
        edition = Edition(policy, example.on)
    except PolicyError as error:
        return error.problems
    asked = [c for c in example.expected if c in policy.decisions]
    derived = [c for c in example.expected if c not in policy.decisions]
    if derived:
        names = "、".join(policy.terms[c].name for c in derived)
        return (Problem(example.place, "算例", f"算例“{example.title}”问的“{names}”不是判定", "= 后面写判定的术语"),)
    answers = Case(edition, asked).answer(example.facts)
    problems = [_differs(policy, example, code, answer) for code, answer in answers.items()]
    problems.append(_batch_differs(edition, example, answers))
    if example.duties is not None:
        opened = {duty for answer in answers.values() for duty in answer.duties}
        if opened != set(example.duties):
            names = "、".join(policy.duties[d].name for d in sorted(opened)) or "无"
            problems.append(
                Problem(example.place, "算例", f"算例“{example.title}”的应办是 {names}", "改算例，或者改规则")
            )
    return tuple(p for p in problems if p)


def _differs(policy: Policy, example: Example, code: str, answer: Answer) -> Problem | None:
    expected = example.expected[code]
    if _matches(expected, answer):
        return None
    terms = policy.terms
    if answer.missing:
        came = "缺：" + "、".join(terms[c].name for c in answer.missing)
    else:
        came = answer.label if answer.applicable else "不适用"
    return Problem(
        example.place,
        "算例",
        f"算例“{example.title}”的“{terms[code].name}”得 {came}（第 {answer.row} 行）",
        "改算例，或者改规则",
    )


def _matches(expected: Expected, answer: Answer) -> bool:
    if expected.missing:
        return answer.value is None and set(answer.missing) == set(expected.missing)
    if not expected.applicable:
        return not answer.applicable
    return not answer.missing and answer.applicable and answer.value == expected.value


def _batch_differs(edition: Edition, example: Example, answers: Mapping[str, Answer]) -> Problem | None:
    facts = facts_frame(
        {code: [value] for code, value in example.facts.items() if code != "as_of"}, edition.policy.terms
    )
    if facts.width == 0:
        return None
    frame = Batch(edition, answers, facts.columns).select(facts.lazy()).collect()
    for code, answer in answers.items():
        came = (frame[code][0], frame[f"{code}.row"][0], missing_terms(frame[f"{code}.missing"][0]))
        if came != (answer.value, answer.row, answer.missing):
            return Problem(
                example.place, "两算不一", f"算例“{example.title}”的“{code}”批量得 {came}", "这是程序的错，请报告"
            )
    return None
