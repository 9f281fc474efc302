"""A premium that was paid and did not arrive, or was wrong: one officer wants it returned, another one confirms that, and it is due again.

The premium itself stays as it was; what was told of its return is never rewritten once it is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.premiums import batch_for, purpose
from anju.payments.actions.within import hold_people, note, reason_of
from anju.payments.models import Batch, Premium
from anju.payments.models.premiums import Premiums
from anju.register.actions.within import not_there
from anju.register.changes import changed

most = 100
_seen_otherwise = "勾选的里有人的退回刚刚有人办过，请打开最新的再看。"


def ask_return(*, by: Officer, batch: UUID | str, premiums: Sequence[int], because: str) -> None:
    """Want premiums of a batch that was approved returned; nothing changes until another officer confirms it.

    Raises:
        Refused: out of reach, a batch that waits, no reason, none or too many of them, asked for or returned already.
    """
    with one_deed():
        why = reason_of(because)
        found, rows, people = _chosen(by, batch, premiums, waiting=False)
        rows.update(return_asked_by=by, return_asked_at=timezone.now(), because=why)
        note(by, "ask_return", "premiums", found.pk, people=people, because=why)


def confirm_return(*, by: Officer, batch: UUID | str, premiums: Sequence[int]) -> None:
    """Another officer agrees: the premiums are returned, and owed again where they still are.

    Raises:
        Refused: as `ask_return`; one's own, given up or returned already.
    """
    with one_deed():
        found, rows, people = _chosen(by, batch, premiums, waiting=True)
        rows.update(returned_by=by, returned_at=timezone.now())
        note(by, "confirm_return", "premiums", found.pk, people=people)
        with everything():
            changed("person", people)


def withdraw_return(*, by: Officer, batch: UUID | str, premiums: Sequence[int]) -> None:
    """They are not returned after all: the premiums stand as before. Raises `Refused` as `confirm_return` does, but for one's own."""
    with one_deed():
        found, rows, people = _chosen(by, batch, premiums, waiting=True)
        rows.update(return_asked_by=None, return_asked_at=None, because="")
        note(by, "withdraw_return", "premiums", found.pk, people=people)


def _chosen(
    by: Officer, batch: UUID | str, keys: Sequence[int], *, waiting: bool
) -> tuple[Batch, Premiums, Sequence[str]]:
    """The batch, locked, the premiums of it that were chosen, and whose they are. Raises `Refused`."""
    found = batch_for(by, batch)
    if found.approved_at is None:
        raise Refused("这一批还没有复核，不用退回，撤回就行。")
    if not 0 < len(set(keys)) <= most:
        raise Refused(f"先勾选人，一次最多 {most} 人。")
    rows = Premium.objects.visible_to(by, purpose=purpose).filter(batch=found, pk__in=keys)
    state = list(rows.order_by("person_id").values_list("person_id", "return_asked_at", "returned_at"))
    if len(state) != len(set(keys)):
        raise Refused(not_there)
    if any((asked is not None) is not waiting or returned is not None for _, asked, returned in state):
        raise Refused(_seen_otherwise)
    people = [str(person) for person, *_ in state]
    with everything():
        hold_people(people)
    return found, rows, people
