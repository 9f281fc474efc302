"""Random guidelines: both compilers against each other and against the definition of the language."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anju.policy.closures import Answer
from anju.policy.closures import Case as OneCase
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Fact as Known
from anju.policy.model import Policy
from anju.policy.proof import prove
from tests.policy.definition import Case, Table, cases, completed, guidelines, outcome, page
from tests.policy.library import DAY, small

_few = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def read(earlier: Table, later: Table) -> Policy:
    """The tables as the product reads them."""
    terms, parameters, body = page(earlier, later)
    return small(terms, body, parameters=parameters)


def check_case(tables: tuple[Table, Table], case: Case, answers: dict[str, Answer]) -> None:
    """The product's answers are those of the definition."""
    earlier, later = tables
    first = outcome(earlier, case, {})
    second = outcome(later, {**case, "earlier": first.conclusion}, {"earlier": first.missing})
    for table, wanted in ((earlier, first), (later, second)):
        answer = answers[table.code]
        came = (answer.value, answer.row, frozenset(answer.missing))
        assert came == (wanted.conclusion, wanted.row, wanted.missing), (table.code, case)
    agreed = completed(earlier, case)
    assert first.conclusion in agreed if first.conclusion else len(agreed) > 1 or _duties_differ(earlier)
    if first.conclusion:
        assert agreed == {first.conclusion}


def _duties_differ(table: Table) -> bool:
    return len({rule.duties for rule in table.rules}) > 1


@_few
@given(st.data())
def test_both_compilers_mean_what_the_definition_says(data: st.DataObject) -> None:
    tables = data.draw(guidelines())
    policy = read(*tables)
    edition = Edition(policy, DAY)
    recorded = {fact.code: fact for table in tables for fact in table.tested if fact.declared}
    drawn = data.draw(st.lists(cases(tuple(recorded.values())), min_size=1, max_size=25))
    one = OneCase(edition, ("earlier", "later"))
    answers = [one.answer(case) for case in drawn]
    for case, answer in zip(drawn, answers, strict=True):
        check_case(tables, case, answer)
    columns: dict[str, list[Known | None]] = {code: [case[code] for case in drawn] for code in recorded}
    frame = facts_frame(columns, policy.terms)
    everyone = Batch(edition, ("earlier", "later"), frame.columns).select(frame.lazy()).collect()
    for answer, row in zip(answers, everyone.iter_rows(named=True), strict=True):
        for code in ("earlier", "later"):
            came = (row[code], row[f"{code}.row"], missing_terms(row[f"{code}.missing"]))
            assert came == (answer[code].value, answer[code].row, answer[code].missing)


@_few
@given(guidelines())
def test_tables_that_share_out_everything_are_proved(tables: tuple[Table, Table]) -> None:
    problems = [problem for proof in prove(read(*tables), DAY) for problem in proof.problems]
    assert [p for p in problems if p.kind != "无用"] == []


@_few
@given(guidelines(), st.data())
def test_a_row_taken_out_is_a_gap_and_a_row_written_twice_an_overlap(
    tables: tuple[Table, Table], data: st.DataObject
) -> None:
    earlier, later = tables
    written = [rule for rule in earlier.rules if not rule.rest]
    at = data.draw(st.integers(0, len(written) - 1))
    for rules, kind in (((*written[:at], *written[at + 1 :]), "空缺"), ((*written, written[at]), "重叠")):
        broken = Table(earlier.code, earlier.tested, rules)
        found = {
            p.kind for proof in prove(read(broken, later), DAY) if proof.decision == "earlier" for p in proof.problems
        }
        assert kind in found
