"""Every agreed decision against an oracle that knows nothing of the pages, over the whole domain and all blanks."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame
from anju.policy.model import Fact, Policy
from tests.policy import communities, rights
from tests.policy.question import Given, Question, Result, cases
from tests.policy.vocabulary import outcomes

questions = (*rights.questions, *communities.questions)


@cache
def every_case(name: str) -> tuple[tuple[Given, Result], ...]:
    """The cases of the question of that name, worked out once."""
    return tuple(cases(next(question for question in questions if question.name == name)))


def differences(policy: Policy, question: Question) -> Iterator[str]:
    """Cases in which the pages and the oracle disagree, blanks included."""
    expected = every_case(question.name)
    codes = list(dict.fromkeys(code for given, _ in expected for code in given))
    columns: dict[str, list[Fact | None]] = {code: [given.get(code) for given, _ in expected] for code in codes}
    frame = facts_frame(columns, policy.terms)
    batch = Batch(Edition(policy, question.on), (question.decision,), frame.columns)
    answers = batch.select(frame.lazy()).collect()
    for (given, wanted), (value, row, missing) in zip(expected, answers.iter_rows(), strict=True):
        came = "not applicable" if value is None and row is not None else value
        if came != wanted or (came is None) != (missing is not None):
            yield f"{given}: {came} instead of {wanted}, row {row}, missing {missing}"


@pytest.mark.parametrize("question", questions, ids=lambda question: question.name)
def test_everyone_gets_what_precedence_says(chongqing: Policy, question: Question) -> None:
    assert question.decision in chongqing.decisions, f"no page decides {question.decision}"
    assert list(differences(chongqing, question)) == []


@pytest.mark.parametrize("code", sorted({outcome.code for outcome in outcomes if outcome.values}))
def test_no_row_could_conclude_anything_else(chongqing: Policy, code: str) -> None:
    """The oracle's cases reach every row: a page with another conclusion in a single row is noticed."""
    decision = chongqing.decisions[code]
    values = [value.code for value in chongqing.terms[code].values]
    for at, row in enumerate(decision.rows):
        other = next(value for value in values if value != row.result.value)
        changed = replace(row, result=replace(row.result, value=other))
        rows = (*decision.rows[:at], changed, *decision.rows[at + 1 :])
        policy = replace(chongqing, decisions={**chongqing.decisions, code: replace(decision, rows=rows)})
        asked = (question for question in questions if question.decision == code)
        assert any(any(differences(policy, question)) for question in asked), f"row {row.number}"


@pytest.mark.parametrize("question", questions, ids=lambda question: question.name)
def test_one_case_gets_what_precedence_says(chongqing: Policy, question: Question) -> None:
    """Every seventh case: the two compilers are proved equal elsewhere."""
    case = Case(Edition(chongqing, question.on), (question.decision,))
    for given, wanted in every_case(question.name)[::7]:
        answer = case.answer(given)[question.decision]
        came = answer.value if answer.applicable else "not applicable"
        assert came == wanted, f"{given}: rows {answer.verdict.possible}, missing {answer.missing}"


def test_no_agreed_decision_lacks_an_oracle() -> None:
    amounts = {"rent_subsidy_amount"}  # a product, tested with the other figures
    assert {question.decision for question in questions} == {outcome.code for outcome in outcomes} - amounts
