"""What comes back: an office that a letter is for has it, or answers it with a letter of its own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from anju.documents.actions.within import addressees, locked, note, purpose
from anju.documents.models import Letter, Receipt, State
from anju.documents.offices import Office, writes_for
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed


def receive(*, by: Officer, letter: UUID | str, on: date) -> Receipt:
    """An office that an issued letter is for has it since a day. Raises `Refused`."""
    with one_deed():
        found, today = locked(by, letter), timezone.localdate()
        if found.state != State.ISSUED or found.issued_on is None:
            raise Refused("没有签发的，或者作废了的文书，不登记收到。")
        if not found.issued_on <= on <= today:
            raise Refused(f"收到日要在 {found.issued_on} 到今天之间。")
        to = addressees(by, found)
        mine = [one for one in to if writes_for(by, Office(one.line, one.level, one.region), today)]
        if not mine:
            raise Refused("这份文书不是发给您单位的。")
        receipt = Receipt(letter=found, addressee=mine[0], on=on, by=by)
        receipt.save(force_insert=True)
        note(by, "receive", found, on=str(on))
    return receipt


def answered(by: Officer, letter: Letter) -> None:
    """Note the receipt of the letter that an issued one answers, unless it was noted before."""
    before = letter.answers
    if before is None or before.state != State.ISSUED or letter.issued_on is None:
        return
    own = [one for one in addressees(by, before) if (one.line, one.region) == (letter.line, letter.region)]
    noted = Receipt.objects.visible_to(by, purpose=purpose).filter(addressee__in=own)
    if own and not noted.exists():
        Receipt(letter=before, addressee=own[0], on=letter.issued_on, by=by, answer=letter).save(force_insert=True)
