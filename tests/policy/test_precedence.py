"""Every agreed decision against an oracle that knows nothing of the pages, over the whole domain and all blanks."""

import pytest

from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame
from anju.policy.model import Fact, Policy
from tests.policy import communities, rights
from tests.policy.question import Question, cases
from tests.policy.vocabulary import outcomes

questions = (*rights.questions, *communities.questions)


@pytest.mark.parametrize("question", questions, ids=lambda question: question.name)
def test_everyone_gets_what_precedence_says(chongqing: Policy, question: Question) -> None:
    assert question.decision in chongqing.decisions, f"no page decides {question.decision}"
    expected = list(cases(question))
    codes = list(dict.fromkeys(code for given, _ in expected for code in given))
    columns: dict[str, list[Fact | None]] = {code: [given.get(code) for given, _ in expected] for code in codes}
    frame = facts_frame(columns, chongqing.terms)
    batch = Batch(Edition(chongqing, question.on), (question.decision,), frame.columns)
    answers = batch.select(frame.lazy()).collect()
    for (given, wanted), (value, row, missing) in zip(expected, answers.iter_rows(), strict=True):
        came = "not applicable" if value is None and row is not None else value
        assert came == wanted, f"{given}: row {row}, missing {missing}"
        assert (came is None) == (missing is not None), f"{given}: {missing}"


@pytest.mark.parametrize("question", questions, ids=lambda question: question.name)
def test_one_case_gets_what_precedence_says(chongqing: Policy, question: Question) -> None:
    """Every seventh case: the two compilers are proved equal elsewhere."""
    case = Case(Edition(chongqing, question.on), (question.decision,))
    for given, wanted in list(cases(question))[::7]:
        answer = case.answer(given)[question.decision]
        came = answer.value if answer.applicable else "not applicable"
        assert came == wanted, f"{given}: rows {answer.verdict.possible}, missing {answer.missing}"


def test_no_agreed_decision_lacks_an_oracle() -> None:
    amounts = {"rent_subsidy_amount"}  # a product, tested with the other figures
    assert {question.decision for question in questions} == {outcome.code for outcome in outcomes} - amounts
