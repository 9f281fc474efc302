"""Looking at a person leaves a trace, and showing something in full asks for a purpose."""

from __future__ import annotations

from anju.government.looks import full, too_many
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.register.actions.within import locked, note, scopes_of
from anju.register.models import Household, Person
from anju.sealing.ciphertext import Sealed

_fields = {"number": "证件号码", "phone": "联系电话", "address": "住址"}


def reveal(*, by: Officer, kind: str, subject: str, field: str, purpose: str) -> str:
    """One sealed field in full; the page asks for the second factor first (`door.confirmed_again`). Raises `Refused`."""
    with one_deed():
        scopes_of(by)
        if not purpose.strip():
            raise Refused("看完整的要先写明用途。")
        if kind not in ("person", "household") or field not in _fields:
            raise Refused("没有这一项。")
        found = locked(Person if kind == "person" else Household, by, subject)
        sealed: Sealed | None = getattr(found, field, None)
        if sealed is None:
            raise Refused(f"没有登记{_fields[field]}。")
        note(by, "reveal", kind, found.pk, purpose=purpose.strip(), field=field)
        return sealed.reveal()


def look(*, by: Officer, kind: str, subject: str, purpose: str = "经办") -> None:
    """Note that somebody opened a file about a person or a household that may show sensitive facts.

    Raises:
        Refused: the officer has opened as many within an hour as ``settings.ANJU_MOST_FILES_AN_HOUR`` allows. That stands in the
            journal, where the auditor sees it.
    """
    with one_deed():
        refused = full(by, subject)
        note(by, "look", kind, subject, result="refused" if refused else "done", purpose=purpose)
    if refused:
        raise too_many()
