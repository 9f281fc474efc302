"""The pages say what was agreed: every word with its code, type and values, every decision with its results."""

import pytest

from anju.policy.model import Policy
from anju.policy.names import type_names
from tests.policy.vocabulary import Word, facts, outcomes


@pytest.mark.parametrize("fact", facts, ids=lambda fact: fact.name)
def test_a_recorded_fact_is_as_agreed(chongqing: Policy, fact: Word) -> None:
    term = chongqing.terms.get(fact.code)
    assert term is not None, f"no page declares {fact.name} {fact.code}"
    assert term.name == fact.name
    assert term.source == "ledger"
    assert term.kind == type_names[fact.kind]
    assert {(value.code, value.label) for value in term.values} == fact.values
    assert {special.label for special in term.specials} >= fact.specials
    assert term.common == (fact.clause == "0")
    if fact.blank:
        assert term.blank_as is (fact.blank == "是")


@pytest.mark.parametrize("outcome", outcomes, ids=lambda outcome: outcome.code)
def test_a_decision_has_exactly_the_agreed_results(chongqing: Policy, outcome: Word) -> None:
    decision = chongqing.decisions.get(outcome.code)
    assert decision is not None, f"no page decides {outcome.code}"
    assert decision.clause.startswith(outcome.clause)
    term = chongqing.terms[outcome.code]
    assert term.kind == type_names[outcome.kind]
    assert {(value.code, value.label) for value in term.values} == outcome.values


@pytest.mark.parametrize("outcome", [o for o in outcomes if o.values], ids=lambda outcome: outcome.code)
def test_every_agreed_result_is_some_row_s_conclusion(chongqing: Policy, outcome: Word) -> None:
    concluded = {row.result.value for row in chongqing.decisions[outcome.code].rows}
    assert concluded == {code for code, _ in outcome.values}
