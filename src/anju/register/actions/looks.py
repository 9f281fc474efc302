"""Looking at a person leaves a trace, as does learning that there is one; showing something in full asks for a purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from anju.government.looks import full, too_many
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import locked, note, scopes_of
from anju.register.models import Household, Person
from anju.sealing.ciphertext import Sealed

_taken = {
    "person_number_once": "这个证件号码已经登记了，同一个人不能登记两次。先在“人员”里按证件号码找；找不到的，请同别处核对。",
    "household_code_once": "这个户编号已经有一户用了。先在“户”里按户编号找；找不到的，请同别处核对。",
}
_written_down = "这一次已经记入日志，审计员会看到。"
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


@contextmanager
def giving(by: Officer, kind: type[Person | Household], key: str | None) -> Iterator[None]:
    """One deed that gives somebody the blind index or the 户编号 ``key``, which nobody else may have; as `one_deed`, where it is None.

    Who has it already may be anybody's in the city. That it is taken has to be said, and alike of all; so whoever learns it has looked at
    a file, as the journal and the hour have it.

    Raises:
        Refused: also beyond the files that an officer opens within an hour, whether it is taken or not.
    """
    what = "person" if kind is Person else "household"
    if key is not None and full(by):
        with one_deed():
            note(by, "meet", what, "", result="refused")
        raise too_many()
    try:
        with one_deed():
            yield
    except Refused as refused:
        if refused.constraint not in _taken:
            raise
        with one_deed(), everything():
            of = {"number_index" if kind is Person else "code": key}
            note(by, "meet", what, kind.objects.unscoped().get(**of).pk)
        raise Refused(f"{_taken[refused.constraint]}{_written_down}") from refused
