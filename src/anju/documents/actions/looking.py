"""A letter with people in it is opened."""

from __future__ import annotations

from anju.documents.actions.within import note
from anju.documents.models import Letter
from anju.government.looks import full, too_many
from anju.government.models import Officer
from anju.government.refusals import one_deed


def look(*, by: Officer, letter: Letter) -> None:
    """Note that somebody opened a letter. Raises `Refused` beyond the files that an officer opens within an hour."""
    with one_deed():
        refused = full(by, str(letter.pk))
        note(by, "look", letter, result="refused" if refused else "done")
    if refused:
        raise too_many()
