"""表头：每一种真实台账的表头都认得，每一个都写着说明，没有两个说同一个词。"""

from collections import Counter
from pathlib import Path

import pytest

from anju.policy.model import Policy
from anju.tables.headers import declared, folded, recognise, vocabulary
from anju.tables.headers_page import page

ROOT = Path(__file__).parents[2]

REAL = (ROOT / "tests/tables/real_headers.txt").read_text(encoding="utf-8")
LISTS = dict(line.split("：", 1) for line in REAL.splitlines())


@pytest.mark.parametrize(("name", "headers"), LISTS.items(), ids=LISTS)
def test_every_header_of_a_real_list_is_known(policy: Policy, name: str, headers: str) -> None:
    words = vocabulary(policy)
    unknown = [header for header in headers.split("｜") if recognise(header, words) is None]
    assert not unknown, name


@pytest.mark.parametrize(
    "text",
    [
        "养老状态",
        "pension_status",
        "养 老 状 态",
        "养老状态*",
        "养老状态：",
        "养老状态（必填）",
        "养老\n状态",
        "Pension_Status",
    ],
)
def test_a_term_by_name_or_code_however_written(policy: Policy, text: str) -> None:
    known = recognise(text, vocabulary(policy))
    assert known is not None
    assert known.header.gives == "pension_status"


def test_an_unknown_header_is_not_guessed(policy: Policy) -> None:
    assert recognise("养老", vocabulary(policy)) is None
    assert recognise("（必填）", vocabulary(policy)) is None


def test_no_two_declared_headers_claim_a_word() -> None:
    counts = Counter(folded(text) for header in declared() for text in (header.name, *header.aliases))
    assert [word for word, count in counts.items() if count > 1] == []


def test_every_declared_header_gives_something_that_exists(policy: Policy) -> None:
    for header in declared():
        assert header.help, header.name
        if header.reads == "术语":
            term = policy.terms[header.gives]
            answers = {"是", "否"} if term.kind == "bool" else {value.code for value in term.values}
            assert set(header.labels.values()) <= answers, header.name
        else:
            assert header.gives == "-" or header.gives[0] in "@~" or header.gives in policy.terms, header.name


def test_a_declared_header_never_hides_a_term(policy: Policy) -> None:
    words = vocabulary(policy)
    for term in policy.terms.values():
        if term.source == "ledger" and term.code != "key":
            assert words[folded(term.name)].header.gives == term.code, term.name
            assert words[folded(term.code)].header.gives == term.code, term.code


def test_the_page_of_headers_is_the_table() -> None:
    assert (ROOT / "docs/headers.md").read_text(encoding="utf-8") == page()
