"""Evaluate everyone: at night, on demand, or when the pages change. Most owe what they owed; only the difference is written.

In spans of the register, so that memory stays bounded. A span is first compared without a lock; where something differs, those
subjects are evaluated once more, while nobody else does, and what differs then is written. So nothing rests on facts that
somebody was just changing, and nobody waits for a night in which nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from django.db import connection
from django.utils import timezone

from anju.duties.editions import Counties
from anju.duties.evaluate import Changed, Known, evaluate
from anju.duties.judging import prepare
from anju.duties.models import Duty, GuidelineVersion
from anju.duties.subjects import kinds, spans
from anju.duties.versions import keep
from anju.government.second_wall import everything, looking_everywhere
from anju.policy.model import Policy
from anju.register.asking import Asked, Span
from anju.register.guideline import guideline

span_size = 25_000
"""Subjects that are held in memory at once."""
_most_alone = 5_000
"""So many subjects that differ are evaluated again by their ids; of more, the whole span."""
_at_once = 500
"""In one transaction."""

_at_a_time = 2

Steps = list[tuple[str, Span]]
Differing = list[Sequence[str] | Span]


def steps() -> Steps:
    """The spans to evaluate one after the other: people, households, sites, counties."""
    with everything():
        return [(kind, span) for kind in kinds for span in spans(kind, span_size)]


def evaluate_all(on: date, report: Callable[[int, int], None] | None = None) -> Changed:
    """Evaluate everyone.

    Args:
        report: is told after each span how many of how many are done.
    """
    pages, todo, done = guideline(), steps(), Changed()
    keep(pages, on)
    for at, differing in enumerate(_compared(todo, on, pages)):
        for whom in differing:
            done += evaluate(todo[at][0], whom, on, pages)
        if report is not None:
            report(at + 1, len(todo))
    GuidelineVersion.objects.filter(pk=pages.version).update(evaluated_at=timezone.now())
    return done


def _compared(todo: Steps, on: date, policy: Policy) -> Iterator[Differing]:
    """Who differs in each span. Two spans at a time: while the one waits for the database, the other computes."""
    prepare({kind for kind, _ in todo}, Counties.of(policy, on))
    if connection.in_atomic_block:  # what this transaction wrote, only this connection sees
        yield from (_differing(kind, span, on, policy) for kind, span in todo)
        return
    with ThreadPoolExecutor(_at_a_time, thread_name_prefix="anju-duties") as threads:
        yield from threads.map(lambda step: _alone(step, on, policy), todo)


def _alone(step: tuple[str, Span], on: date, policy: Policy) -> Differing:
    try:
        return _differing(*step, on, policy)
    finally:
        connection.close()


def evaluate_span(kind: str, span: Span, on: date, policy: Policy | None = None) -> Changed:
    """Evaluate the subjects of a span and write what differs."""
    pages = policy or guideline()
    done = Changed()
    for whom in _differing(kind, span, on, pages):
        done += evaluate(kind, whom, on, pages)
    return done


def _differing(kind: str, span: Span, on: date, policy: Policy) -> Differing:
    """The subjects for which something is to be written, in parts: the span itself where nothing is owed yet, or most differ."""
    with looking_everywhere():
        of_these = Asked(kind, span, on).of(Duty, "subject_id").filter(subject_kind=kind, closed_on=None)
        if not of_these.exists():
            return [span]
        subjects = differing(kind, span, on, policy)
    if len(subjects) > _most_alone:
        return [span]
    return [subjects[at : at + _at_once] for at in range(0, len(subjects), _at_once)]


def differing(kind: str, span: Span, on: date, policy: Policy) -> list[str]:
    """The subjects of a span for which an evaluation would write something."""
    return Known(kind, span, on, policy).difference().subjects()
