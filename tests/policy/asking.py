"""Ask a policy about one case in the words of the pages; both compilers must give the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from anju.policy.closures import Answer, Case
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame, missing_terms
from anju.policy.model import Policy
from anju.policy.reading.examples import fact
from tests.policy.library import DAY


def answered(policy: Policy, decision: str, facts: Mapping[str, str], *, on: date = DAY, county: str = "") -> Answer:
    """The answer to a decision (by code) about facts given by their Chinese names and labels."""
    terms = {name: term for name in facts if (term := policy.term(name)) is not None}
    assert terms.keys() == facts.keys(), facts.keys() - terms.keys()
    known = {term.code: fact(facts[name], term) for name, term in terms.items()}
    edition = Edition(policy, on, county)
    answer = Case(edition, (decision,)).answer(known)[decision]
    absent = [code for code in edition.inputs(decision) if code not in known and code != "as_of"]
    frame = facts_frame({code: [known.get(code)] for code in (*known, *absent)}, policy.terms)
    ((value, row, missing),) = Batch(edition, (decision,), frame.columns).select(frame.lazy()).collect().rows()
    assert (value, row, missing_terms(missing)) == (answer.value, answer.row, answer.missing)
    return answer


def ask(policy: Policy, decision: str, facts: Mapping[str, str], *, on: date = DAY, county: str = "") -> str:
    """What comes out as an example writes it: a label or figure, 不适用, or 缺：术语、术语."""
    answer = answered(policy, decision, facts, on=on, county=county)
    if answer.missing:
        return "缺：" + "、".join(policy.terms[code].name for code in answer.missing)
    assert answer.row is not None
    return answer.label if answer.applicable else "不适用"
