"""Random guidelines: both compilers against each other and against the definition of the language."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.policy.closures import Answer
from anju.policy.closures import Case as OneCase
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Fact as Known
from anju.policy.model import Policy
from anju.policy.proof import prove
from tests.policy.definition import Case, Guideline, cases, completed, guidelines, outcomes, page
from tests.policy.library import DAY, small

_few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read(guideline: Guideline) -> Policy:
    """The tables as the product reads them."""
    terms, parameters, body = page(guideline)
    return small(terms, body, parameters=parameters)


def check_case(guideline: Guideline, case: Case, answers: dict[str, Answer]) -> None:
    """The product's answers are those of the definition, and what every completion of the blanks gives."""
    wanted = outcomes(guideline, case)
    for code, answer in answers.items():
        came = (answer.value, answer.row, frozenset(answer.missing))
        assert came == (wanted[code].conclusion, wanted[code].row, wanted[code].missing), (code, case)
    agreed = completed(guideline, case)
    for code, conclusions in agreed.items():
        assert conclusions <= wanted[code].possible, (code, case)
    first = guideline[0]
    assert agreed[first.code] == wanted[first.code].possible, "a table that tests recorded facts alone knows exactly"


@_few
@given(st.data())
def test_both_compilers_mean_what_the_definition_says(data: st.DataObject) -> None:
    guideline = data.draw(guidelines())
    policy = read(guideline)
    edition = Edition(policy, DAY)
    codes = [table.code for table in guideline]
    recorded = {fact.code: fact for table in guideline for fact in table.tested if fact.declared}
    drawn = data.draw(st.lists(cases(tuple(recorded.values())), min_size=1, max_size=25))
    one = OneCase(edition, codes)
    answers = [one.answer(case) for case in drawn]
    for case, answer in zip(drawn, answers, strict=True):
        check_case(guideline, case, answer)
    columns: dict[str, list[Known | None]] = {code: [case[code] for case in drawn] for code in recorded}
    frame = facts_frame(columns, policy.terms)
    everyone = Batch(edition, codes, frame.columns).select(frame.lazy()).collect()
    for answer, row in zip(answers, everyone.iter_rows(named=True), strict=True):
        for code in codes:
            came = (row[code], row[f"{code}.row"], missing_terms(row[f"{code}.missing"]))
            assert came == (answer[code].value, answer[code].row, answer[code].missing)


@_few
@given(guidelines())
def test_tables_that_share_out_everything_are_proved(guideline: Guideline) -> None:
    problems = [problem for proof in prove(read(guideline), DAY) for problem in proof.problems]
    assert [p for p in problems if p.kind != "无用"] == []


@_few
@given(guidelines(), st.data())
def test_a_row_taken_out_is_a_gap_and_a_row_written_twice_an_overlap(guideline: Guideline, data: st.DataObject) -> None:
    first, *others = guideline
    written = [rule for rule in first.rules if not rule.rest]
    at = data.draw(st.integers(0, len(written) - 1))
    for rules, kind in (((*written[:at], *written[at + 1 :]), "空缺"), ((*written, written[at]), "重叠")):
        proofs = prove(read((replace(first, rules=rules), *others)), DAY)
        assert kind in {p.kind for proof in proofs if proof.decision == first.code for p in proof.problems}
