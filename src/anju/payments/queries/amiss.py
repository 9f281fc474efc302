"""Which month of people is not in order, and which office has to see to it: what a duty to pay, or to get back, is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anju.payments.months import text_of
from anju.payments.provided import amiss
from anju.register.asking import Asked
from anju.register.facts import today


@dataclass(frozen=True, slots=True)
class Amiss:
    """A month (2026-03) that nobody paid, or that was paid ``twice``; ``office`` has to see to it, "" where nobody knows who."""

    month: str
    office: str
    twice: bool


def months_amiss(people: Sequence[str]) -> dict[str, Amiss]:
    """The earliest month of some people that is not in order. Acts for nobody: whoever asks has found the people, or duties about them,
    within the scope.
    """
    if not people:
        return {}
    found = amiss(Asked("person", people, today())).select("@id", "month", "paying", "told")
    return {person: Amiss(text_of(month), office, told > 1) for person, month, office, told in found.iter_rows()}
