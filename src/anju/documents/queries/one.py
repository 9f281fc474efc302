"""One letter: what it says, who had a hand in it, what came back, and what the officer may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from anju.documents.actions.taking import opened
from anju.documents.actions.within import addressees, office_of, party_to
from anju.documents.content import Content
from anju.documents.forms import form_of
from anju.documents.matters import found
from anju.documents.models import Addressee, Letter, Matter, Receipt, State
from anju.documents.offices import Office, head_of, others_of, writes_for
from anju.documents.queries.lists import purpose, seen
from anju.documents.refusals import ContentChanged
from anju.government.models import Officer


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter as an officer sees it; ``deeds``: what may be done with it now. ``to``: the offices, each with its receipt, and whether one
    is still wanted: of a choice one is enough. ``changed``: why it cannot be shown, if somebody changed what lies sealed. ``unnamed``: the
    office has no sign for a number yet. ``alone``: nobody else of the office could countersign it. ``full``: it is to be had with numbers
    in full.
    """

    letter: Letter
    paper: Mapping[str, Any]
    content: Content | None
    to: Sequence[tuple[Addressee, Receipt | None, bool]]
    matters: Sequence[tuple[str, str]]
    more: int
    deeds: frozenset[str]
    alone: bool
    unnamed: bool
    full: bool
    changed: str


def seen_letter(officer: Officer, key: UUID | str) -> Letter | None:
    """A letter, if the officer may see it; foreign and missing are one."""
    people = ("drafted_by", "countersigned_by", "issued_by", "voided_by")
    return seen(officer).select_related(*people).filter(pk=key).first()


def shown(officer: Officer, letter: Letter, on: date) -> Shown:
    """Everything about a letter."""
    to = addressees(officer, letter)
    receipts = Receipt.objects.visible_to(officer, purpose=purpose).filter(letter=letter).select_related("by", "answer")
    back = {receipt.addressee_id: receipt for receipt in receipts}
    changed, paper, content = "", {}, None
    try:
        whole = opened(officer, letter)
        content, paper = whole.content, dict(whole.data(full=False))
    except ContentChanged as refusal:
        changed = str(refusal)
    office = office_of(letter)
    writes = writes_for(officer, office, on)
    alone = writes and letter.formal and not others_of(office, officer, on)
    mine = any(one.pk not in back and writes_for(officer, Office(one.line, one.level, one.region), on) for one in to)
    keys = list(Matter.objects.visible_to(officer, purpose=purpose).filter(letter=letter).values_list("kind", "key"))
    by_kind: dict[str, list[str]] = {}
    for kind, key in keys:
        by_kind.setdefault(kind, []).append(key)
    matters = found(officer, by_kind)
    deeds = _deeds(officer, letter, alone=alone) if writes else frozenset[str]()
    if mine and letter.state == State.ISSUED:
        deeds |= {"receive"}
    full = letter.state == State.ISSUED and bool(content and content.numbered) and not form_of(letter.form).open
    full = full and party_to(officer, office, to, on)
    return Shown(
        letter, paper, content, _wanted(to, back), matters, len(keys) - len(matters),
        deeds, alone, letter.formal and writes and not head_of(office, on).sign, full, changed,
    )  # fmt: skip


def _wanted(to: Sequence[Addressee], back: Mapping[int, Receipt]) -> list[tuple[Addressee, Receipt | None, bool]]:
    answered = {one.choice for one in to if one.pk in back and one.choice is not None}
    return [(one, back.get(one.pk), one.pk not in back and one.choice not in answered) for one in to]


def _deeds(officer: Officer, letter: Letter, *, alone: bool) -> frozenset[str]:
    own = letter.drafted_by_id == officer.pk
    wrote = own or letter.revised_by_id == officer.pk
    signed = letter.countersigned_by_id is not None
    may = {
        "revise": letter.state == State.DRAFT,
        "hand_over": letter.state == State.DRAFT and letter.formal and not alone,
        "countersign": letter.state == State.CHECKING and not signed and not wrote,
        "send_back": letter.state == State.CHECKING,
        "issue": (letter.state == State.DRAFT and (not letter.formal or (alone and own)))
        or (letter.state == State.CHECKING and (signed or (alone and own))),
        "void": letter.state in (State.DRAFT, State.CHECKING, State.ISSUED),
    }  # fmt: skip
    return frozenset(name for name, yes in may.items() if yes)
