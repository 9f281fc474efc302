"""A step may be due by days that were written down: a letter of introduction says itself how long it is good (1.2-4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from anju.cases.fields import Value
from anju.cases.letters import letters_of, matter
from anju.cases.models import Case, Turn
from anju.cases.procedures import Running
from anju.documents.content import Content
from anju.documents.models import Letter, State
from anju.government.refusals import Refused
from anju.policy.model import Step


def valid_until(
    case: Case, left: Step, step: Step, running: Running, values: Mapping[str, Value], *, since: date, on: date
) -> date | None:
    """The last day of a step whose days were written down; None where the page has another limit.

    Args:
        left: the step before it. Where that one does not ask for the days, the letter is the one of before, and is good as long as it was.
        values: what was written down.
        since: since when the step waited that wrote them down; the letter was issued then or later.
        on: from when they count where no letter was issued here.
    """
    days = values.get(step.days) if step.days else None
    if not isinstance(days, int):
        return None
    if step.days not in left.fields:
        before = Turn.objects.unscoped().filter(case=case, step=step.number, valid_until__isnull=False)
        if (last := before.order_by("-since_entry").first()) is not None:
            return last.valid_until
    letter = _issued(case, running, step.days, since)
    return (letter.issued_on if letter and letter.issued_on else on) + timedelta(days)


def check_letter(case: Case, running: Running, step: Step, fields: Mapping[str, Value], since: date) -> None:
    """Raise `Refused` where days are written down other than the issued letter says."""
    for name in {one.days for one in running.procedure.steps if one.days} & fields.keys() & set(step.fields):
        letter = _issued(case, running, name, since)
        said = Content.of(letter.content.reveal()).given.get(name) if letter else None
        if letter is not None and said not in (None, fields[name]):
            told = f"{letter.number_text}写的{name}是 {said}"
            raise Refused(f"{told}，不是 {fields[name]}；照信写，写错了先把信作废再重开。")


def _issued(case: Case, running: Running, name: str, since: date) -> Letter | None:
    """The latest letter of the step that asks for a field, issued since a day and not void."""
    kinds = {
        letter.code for step in running.procedure.steps if name in step.fields for letter in letters_of(running, step)
    }
    about = Letter.objects.unscoped().filter(matters__kind=matter, matters__key=str(case.pk), kind__in=kinds)
    return about.filter(state=State.ISSUED, issued_on__gte=since).order_by("-issued_on", "-pk").first()
