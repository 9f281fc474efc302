"""The glossary and the pages say the same of a word."""

from __future__ import annotations

from pathlib import Path

from anju.policy.load import load

glossary = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_a_word_that_a_page_also_has_names_its_code() -> None:
    lines = [line for line in glossary.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    rows = {word: line for line in lines for word in line.split("|")[1].strip().split("、")}
    codes = {term.name: term.code for term in load().terms.values()}
    wrong = {word: codes[word] for word, line in rows.items() if word in codes and codes[word] not in line}
    assert not wrong
