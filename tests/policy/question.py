"""An oracle for every agreed decision, written from the guideline's order of precedence and not from the pages.

A question lists what its facts can mean and how each meaning stands in a ledger; its results stand in order: the first
whose condition holds applies. Where facts are blank, the result is what all completions agree in, else nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product

from anju.policy.model import Fact

Given = Mapping[str, Fact | None]
"""Facts by term code, as a ledger gives them; a blank is left out."""
Meaning = bool | int | float | str | None
"""What a fact means for the question, None = unknown."""
Aspect = tuple[tuple[Meaning, Given], ...]
"""Every meaning of one aspect of a case with the facts that give it."""
Facts = Mapping[str, Meaning]
Condition = Callable[[Facts], bool]
Result = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Question:
    """A decision, the aspects that it depends on, what it must answer, and the day that is asked for.

    ``rests_on``: what must be known of another decision's answer first; while that is open, so is this.
    """

    decision: str
    aspects: Mapping[str, Aspect]
    answer: Callable[[Facts], Result]
    on: date = date(2026, 6, 30)
    rests_on: Callable[[Facts], Result] | None = None

    @property
    def name(self) -> str:
        """The decision, with the day where it matters."""
        return self.decision if self.on == date(2026, 6, 30) else f"{self.decision} {self.on}"


def cases(question: Question) -> Iterator[tuple[Given, Result]]:
    """Every combination of meanings, blanks included, with what must come out."""
    names = tuple(question.aspects)
    complete = {
        name: tuple(dict.fromkeys(m for m, _ in aspect if m is not None)) for name, aspect in question.aspects.items()
    }

    @cache
    def agreed(answer: Callable[[Facts], Result], meanings: tuple[Meaning, ...]) -> Result:
        if None not in meanings:
            return answer(dict(zip(names, meanings, strict=True)))
        at = meanings.index(None)
        answers = {agreed(answer, (*meanings[:at], known, *meanings[at + 1 :])) for known in complete[names[at]]}
        return answers.pop() if len(answers) == 1 else None

    for combination in product(*question.aspects.values()):
        given: dict[str, Fact | None] = {}
        for _, facts in combination:
            given.update(facts)
        meanings = tuple(meaning for meaning, _ in combination)
        waits = question.rests_on is not None and agreed(question.rests_on, meanings) is None
        yield given, None if waits else agreed(question.answer, meanings)


def first(*results: tuple[str, Condition]) -> Callable[[Facts], Result]:
    """The first result whose condition holds."""

    def answer(facts: Facts) -> Result:
        return next(result for result, holds in results if holds(facts))

    return answer


def otherwise(_: Facts) -> bool:
    """The last result of a list."""
    return True


def yes(name: str) -> Condition:
    """The aspect is so."""
    return lambda facts: bool(facts[name])


def no(name: str) -> Condition:
    """The aspect is not so."""
    return lambda facts: not facts[name]


def one_of(name: str, *values: str) -> Condition:
    """The aspect is one of these."""
    return lambda facts: facts[name] in values


def at_least(name: str, least: int) -> Condition:
    """The figure reaches a threshold."""

    def holds(facts: Facts) -> bool:
        figure = facts[name]
        return isinstance(figure, (int, float)) and figure >= least

    return holds


def below(name: str, least: int) -> Condition:
    """The figure does not reach a threshold."""
    return lambda facts: not at_least(name, least)(facts)


def both(*conditions: Condition) -> Condition:
    """All conditions hold."""
    return lambda facts: all(condition(facts) for condition in conditions)


def either(*conditions: Condition) -> Condition:
    """Some condition holds."""
    return lambda facts: any(condition(facts) for condition in conditions)


def term(code: str, *values: str | float | bool) -> Aspect:
    """A fact that means what it says, or is blank."""
    return (*((value, {code: value}) for value in values), (None, {}))


def flag(code: str) -> Aspect:
    """A fact of type 是否."""
    return term(code, True, False)


def flags(*codes: str) -> dict[str, Aspect]:
    """Several facts of type 是否, each named by its code."""
    return {code: flag(code) for code in codes}
