"""What must be true of the tables whatever happened: questions whose answer is 0, listed by the floors that know them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django.db import connection

Question = Callable[[], int]
Q = TypeVar("Q", bound=Question)
_questions: dict[str, Question] = {}


def proves(sentence: str) -> Callable[[Q], Q]:
    """List a question: how many break what the sentence says. It is asked for all regions, and writes nothing."""

    def listed(question: Q) -> Q:
        if _questions.get(sentence, question) is not question:
            raise ValueError(f"“{sentence}”有两问")
        _questions[sentence] = question
        return question

    return listed


def counted(sql: str) -> Question:
    """The question that a statement with one number answers."""

    def question() -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.fetchone()[0])

    return question


def questions() -> Mapping[str, Question]:
    """All that are listed."""
    return _questions
