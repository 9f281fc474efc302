"""What another office's system does: it asks what waits, answers a step, and asks for a number in full. Each stands in the journal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from anju.cases.actions import take_step
from anju.cases.models import Entry, Turn
from anju.cases.queries.one import entry_sent
from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.journal.actions import record
from anju.register.actions import look, reveal
from anju.register.models import Person


class KeyReused(Refused):
    """The sender's number was that of something else."""


def note_asked(*, by: Officer, steps: int) -> None:
    """Note that the waiting steps were taken along, and how many."""
    with one_deed():
        record(
            actor=acting(by),
            action="exchange.ask_waiting",
            object_kind="client",
            object_id=str(by.pk),
            detail={"steps": steps},
        )


def sent_before(*, by: Officer, case: UUID, key: UUID, sent: str) -> Entry | None:
    """What the same answer became before. Raises `KeyReused` where the number was another's."""
    entry = entry_sent(by, key)
    if entry is not None and (entry.case_id, entry.sent) != (case, sent):
        raise KeyReused("这个 Idempotency-Key 已经用在别的答复上；换一件事要换一个。")
    return entry


def answer(*, by: Officer, turn: Turn, key: UUID, sent: str, told: dict[str, Any]) -> Entry:
    """Take the step, as whoever sits there does on a page. Raises `Refused` as `take_step` does."""
    take_step(by=by, case=turn.case_id, key=key, sent=sent, **told)
    entry = entry_sent(by, key)
    assert entry is not None
    return entry


def identify(*, by: Officer, person: Person, purpose: str) -> str:
    """A person's ID number in full, for a purpose. Raises `Refused`, also for more people in an hour than anybody may open."""
    look(by=by, kind="person", subject=str(person.pk), purpose=purpose)
    return reveal(by=by, kind="person", subject=str(person.pk), field="number", purpose=purpose)
