"""The lines and levels of posts are the words by which the guideline's pages say who acts."""

from anju.government.lines import Level, Line
from anju.policy.load import load


def test_the_lines_are_those_of_the_pages() -> None:
    assert {line.value: line.label for line in Line} == {
        word.code: name for name, word in load("chongqing").lines.items()
    }


def test_the_levels_are_those_of_the_pages() -> None:
    words = load("chongqing").levels
    assert {level.value: level.label for level in Level} == {word.code: name for name, word in words.items()}
