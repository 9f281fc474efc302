"""Run the worked examples of the pages, by both compilers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from anju.policy.closures import Answer, Case
from anju.policy.edition import Edition
from anju.policy.errors import PolicyError, Problem
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Example, Expected, Policy


def run_examples(policy: Policy) -> tuple[Problem, ...]:
    """The examples that do not come out, each with what came out instead."""
    groups: dict[tuple[object, ...], list[Example]] = {}
    for example in policy.examples:
        groups.setdefault((example.on, *example.facts, None, *example.expected), []).append(example)
    found = (problem for examples in groups.values() for problem in _run(policy, examples))
    return tuple(sorted(found, key=lambda problem: (problem.place.file, problem.place.line)))


def _run(policy: Policy, examples: Sequence[Example]) -> Iterator[Problem]:
    """Examples of one day with the same facts and questions: compiled once, asked one by one and all together."""
    first = examples[0]
    try:
        edition = Edition(policy, first.on)
    except PolicyError as error:
        yield from error.problems
        return
    derived = [policy.terms[code].name for code in first.expected if code not in policy.decisions]
    if derived:
        found = f"算例“{first.title}”问的“{'、'.join(derived)}”不是判定"
        yield Problem(first.place, "算例", found, "= 后面写判定的术语")
        return
    case = Case(edition, first.expected)
    answered = [case.answer(example.facts) for example in examples]
    for example, answers in zip(examples, answered, strict=True):
        differences = (_differs(policy, example, code, answer) for code, answer in answers.items())
        yield from (problem for problem in differences if problem)
        yield from _duties_differ(policy, example, answers)
    yield from _batch_differs(edition, examples, answered)


def _duties_differ(policy: Policy, example: Example, answers: Mapping[str, Answer]) -> Iterator[Problem]:
    opened = {duty for answer in answers.values() for duty in answer.duties}
    if example.duties is not None and opened != set(example.duties):
        names = "、".join(policy.duties[d].name for d in sorted(opened)) or "无"
        yield Problem(example.place, "算例", f"算例“{example.title}”的应办是 {names}", "改算例，或者改规则")


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


def _batch_differs(
    edition: Edition, examples: Sequence[Example], answered: Sequence[Mapping[str, Answer]]
) -> Iterator[Problem]:
    """Examples that the batch answers otherwise than the single case."""
    codes = [code for code in examples[0].facts if code != "as_of"]
    if not codes:
        return
    facts = facts_frame({code: [e.facts[code] for e in examples] for code in codes}, edition.policy.terms)
    frame = Batch(edition, examples[0].expected, facts.columns).select(facts.lazy()).collect()
    for example, answers, row in zip(examples, answered, frame.iter_rows(named=True), strict=True):
        for code, answer in answers.items():
            came = (row[code], row[f"{code}.row"], missing_terms(row[f"{code}.missing"]))
            if came != (answer.value, answer.row, answer.missing):
                found = f"算例“{example.title}”的“{code}”批量得 {came}"
                yield Problem(example.place, "两算不一", found, "这是程序的错，请报告")
