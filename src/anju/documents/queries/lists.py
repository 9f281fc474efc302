"""Letters as a register has them: what my offices write, what came in, what waits for me."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from anju.documents.content import Content
from anju.documents.models import Addressee, Letter, Letters, State
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.residents import Somebody
from anju.sealing.ciphertext import SealBroken

purpose = "收发文登记"


@dataclass(frozen=True, slots=True)
class Row:
    """A letter with its title and whom it is for."""

    letter: Letter
    title: str
    to: Sequence[str]


def seen(officer: Somebody) -> Letters:
    """All letters that the officer may see."""
    return Letter.objects.visible_to(officer, purpose=purpose)


def _own(scopes: Iterable[Scope]) -> Q:
    own = Q(pk__in=[])
    for scope in scopes:
        own |= Q(line=scope.line, level=scope.level, region=scope.lo)
    return own


def opened(officer: Officer, scopes: Sequence[Scope]) -> Letters:
    """Drafts of my offices, and what is being checked there."""
    return seen(officer).filter(_own(scopes), state__in=[State.DRAFT, State.CHECKING])


def to_check(officer: Officer, scopes: Sequence[Scope]) -> Letters:
    """What waits for me to countersign it."""
    waiting = seen(officer).filter(_own(scopes), state=State.CHECKING, countersigned_by=None)
    return waiting.exclude(drafted_by=officer).exclude(revised_by=officer)


def received(officer: Officer, scopes: Sequence[Scope]) -> Letters:
    """Issued letters to my offices."""
    to = Addressee.objects.visible_to(officer, purpose=purpose).filter(_own(scopes)).values("letter")
    return seen(officer).filter(pk__in=to, state=State.ISSUED)


def sent(officer: Officer, scopes: Sequence[Scope]) -> Letters:
    """What my offices have issued."""
    return seen(officer).filter(_own(scopes), state=State.ISSUED)


def voided(officer: Officer, scopes: Sequence[Scope]) -> Letters:
    """What my offices made void."""
    return seen(officer).filter(_own(scopes), state=State.VOID)


def everything(officer: Officer, _: Sequence[Scope]) -> Letters:
    """All in my reach."""
    return seen(officer)


shelves: Mapping[str, Callable[[Officer, Sequence[Scope]], Letters]] = {
    "check": to_check,
    "open": opened,
    "received": received,
    "sent": sent,
    "void": voided,
    "all": everything,
}
"""What the register lists, by name."""


def rows(officer: Officer, letters: Sequence[Letter]) -> list[Row]:
    """The letters with their titles; one more question."""
    asked = Addressee.objects.visible_to(officer, purpose=purpose).filter(letter__in=[one.pk for one in letters])
    to: dict[object, list[str]] = {}
    for one in asked.order_by("pk"):
        to.setdefault(one.letter_id, []).append(one.name)
    return [Row(letter, _title(letter), to.get(letter.pk, [])) for letter in letters]


def _title(letter: Letter) -> str:
    try:
        return Content.of(letter.content.reveal()).shown(full=False).title
    except SealBroken:
        return letter.name
