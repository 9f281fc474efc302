"""What a person says is kept as it was said; nothing voluntary begins without it (I8)."""

from __future__ import annotations

from datetime import date

from anju.government.refusals import Refused, one_deed
from anju.government.residents import Resident, Somebody
from anju.register.actions.within import check_plain, check_work, locked, note, scopes_of
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Person, Wish
from anju.register.models.wishes import WishKind
from anju.register.new_term import asked_on, unsaid
from anju.register.provided import sayable, wish_terms


def choices(kind: str) -> tuple[tuple[str, str], ...]:
    """What may be chosen: code and label. 是否 is yes and no; 未表态 is no choice."""
    term = guideline().terms[wish_terms[kind][0]]
    if term.kind == "bool":
        return (("yes", "申请"), ("no", "不申请"))
    return tuple((value.code, value.label) for value in sayable(term))


def record_wish(*, by: Somebody, person: str, kind: str, choice: str, on: date, how: str) -> Wish:
    """Register what a person wished on a day, and how it was said (当面, 电话, 书面…); a resident says it here. Raises `Refused`."""
    with one_deed():
        scopes = () if isinstance(by, Resident) else scopes_of(by)
        found = locked(Person, by, person)
        if kind not in wish_terms:
            raise Refused("没有这种意愿。")
        if not isinstance(by, Resident):
            check_work(scopes, guideline().terms[wish_terms[kind][0]].clause, found.origin, found.destination)
        if choice not in dict(choices(kind)):
            raise Refused(f"“{WishKind(kind).label}”没有这个选择，请重选。")
        if on > today() or found.ended_on is not None:
            raise Refused("表态日不能晚于今天；已经注销的人不再登记意愿。")
        check_plain(how)
        wish = say(person=found, kind=kind, choice=choice, on=on, how=how.strip())
        if wish is None:
            raise Refused("同一天同样的意愿已经登记了。")
        note(by, "record_wish", "person", found.pk, wish=kind, choice=choice, on=str(on))
        changed("person", [str(found.pk)])
    return wish


def say(*, person: Person, kind: str, choice: str, on: date, how: str) -> Wish | None:
    """Keep what was said, within the transaction that holds the person; None where it was what the person said last on that day."""
    that_day = list(Wish.objects.unscoped().filter(person=person, kind=kind, on=on).order_by("pk"))
    if that_day and that_day[-1].choice == choice:
        return None
    again = sum(wish.choice == choice for wish in that_day)
    return Wish.objects.create(person=person, kind=kind, choice=choice, on=on, how=how, again=again)


def unsay(*, person: Person, kind: str, until: date, how: str) -> None:
    """Let what somebody said until a day count for nothing any more, within the transaction that holds the person."""
    last = Wish.objects.unscoped().filter(person=person, kind=kind).order_by("-on", "-pk").first()
    if last is not None and last.on <= until and last.choice != unsaid:
        say(person=person, kind=kind, choice=unsaid, on=asked_on(until, today()), how=how)
