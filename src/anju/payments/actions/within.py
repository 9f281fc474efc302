"""Within what an officer may do: the months of the offices that a post of this work reaches; and the journal's entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anju.government.acting import acting
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.actions import record
from anju.payments.chain import locked
from anju.payments.models import Kind, Month, clause
from anju.payments.months import earliest, month_of, read, so_far_back, text_of
from anju.register.actions.within import check_plain, not_there, scopes_of
from anju.register.among import Many
from anju.register.facts import today
from anju.register.models import Person
from anju.register.privacy import works_on

longest = 200


def check_office(by: Officer, *payers: str) -> None:
    """Raise `Refused` unless a post of this work reaches one of the offices."""
    working = [scope for scope in scopes_of(by) if works_on([scope], clause)]
    if not any(scope.lo <= payer < scope.hi for scope in working for payer in payers if payer):
        raise Refused("救助由发放地的民政办，不在您的范围里。")


def hold_people(people: Sequence[str]) -> None:
    """Lock people in one order before it is asked who of them is due: whoever is joined into another record or ends meanwhile comes first,
    and nothing is written under a record that is gone. Acts for nobody.
    """
    list(
        Person.objects.unscoped()
        .select_for_update(of=("self",))
        .filter(pk__among=Many(people))
        .order_by("pk")
        .values_list("pk")
    )


def month_for(by: Officer, key: str) -> Month:
    """A month of the officer's own office, wherever the person lives; the person is locked. Raises `Refused`."""
    seen = Month.objects.visible_to(by, purpose="经办")
    found = seen.filter(pk=key).first() if key.isascii() and key.isdigit() else None
    if found is None:
        raise Refused(not_there)
    check_office(by, found.payer)
    with everything():
        locked(str(found.person_id))
    return seen.get(pk=found.pk)


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises `Refused`."""
    check_plain(text)
    if not text.strip() or len(text.strip()) > longest:
        raise Refused(f"要写明为什么，最多 {longest} 个字。")
    return text.strip()


def month_from(text: str, *, latest: int | None = None, ever: bool = False) -> int:
    """A month that an officer wrote: not after the latest, by default this one, nor too long ago, but with ``ever``. Raises `Refused`."""
    month = read(text)
    if month is None:
        raise Refused(f"“{text}”不是月份，要写成 {text_of(month_of(today()))} 这样。")
    if month > (latest or month_of(today())):
        raise Refused(f"{text_of(month)} 还没有到。")
    if month < (oldest := earliest(month_of(today()))) and not ever:
        raise Refused(
            f"{text_of(month)} 太早了，最早写 {text_of(oldest)}（{so_far_back} 个月以内）；请看看年份写对没有。"
        )
    return month


def kind_from(text: str) -> Kind:
    """A kind of assistance that is paid monthly. Raises `Refused`."""
    if text not in Kind.values:
        raise Refused("按月发的救助只有低保和特困。")
    return Kind(text)


def note(by: Officer, action: str, of: str, key: object, **detail: Any) -> None:
    """Write the entry of a deed."""
    record(actor=acting(by), action=f"payments.{action}", object_kind=of, object_id=str(key), detail=detail)
