"""Where party members take part in organisational life beside their affiliation 一方隶属、参加多重组织生活 (1.2-2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from anju.government.lines import Line
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.refusals import Refused, one_deed
from anju.register.actions.facts import document_of, replace_document
from anju.register.actions.within import check_plain, code, locked, not_there, note, scopes_of
from anju.register.changes import changed
from anju.register.facts import facts_of, today
from anju.register.models import PartyLife, Person
from anju.register.party_lives import affiliation, held_on, near, settle
from anju.register.provided import party_life_terms


def keeps_party_life(scopes: Sequence[Scope], *places: str) -> bool:
    """Whether one of the posts that reach one of the places is the organisation line's: it arranges where members take part."""
    return any(scope.line == Line.ORGANISATION for scope in reaching(scopes, *places))


def begin_party_life(
    *, by: Officer, person: str, place: str, since: date, place_name: str = "", evidence: str = ""
) -> PartyLife:
    """A member takes part at a place from a day on; the affiliation stays where it is.

    Raises:
        Refused: out of reach, another line's work, no party member, a place of neither side, the place of the affiliation, a day to come.
    """
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Person, by, person)
        at = code(place)
        _check_line(scopes, found, at)
        if facts_of("person", str(found.pk), on=today()).get("party_member") is not True:
            raise Refused(
                "这个人没有登记为党员，不能登记参加组织生活；是党员的，先在“一（二）党组织关系转接”的事实里登记。"
            )
        check_plain(place_name, evidence)
        row = take_part(found, at, since, place_name=place_name, evidence=evidence)
        note(by, "begin_party_life", "person", found.pk, place=at, since=str(since))
        changed("person", [str(found.pk)])
    return row


def take_part(person: Person, place: str, since: date, *, place_name: str = "", evidence: str = "") -> PartyLife:
    """Write the row, within the transaction that holds the person; on the authority of an officer or of a case. Raises `Refused`."""
    if person.ended_on is not None:
        raise Refused("这个人已经注销，不再登记参加组织生活。")
    if since > today():
        raise Refused("起日不能晚于今天；到了那天再登记。")
    if not place or not any(near(place, home) for home in (person.origin, person.destination)):
        raise Refused("参加地要在迁出地或迁入地的乡镇（街道）里：就近就便，在迁出地或迁入地的党组织参加。")
    steps = affiliation(str(person.pk))
    if place in (held_on(steps, since), steps[-1][1] if steps else None):
        raise Refused("组织关系就在这个地方，不用另外登记参加组织生活。")
    if steps and not steps[-1][1]:
        raise Refused("组织关系已经终止，不能登记参加组织生活；终止登记错了的，先撤回那一条。")
    row = PartyLife(person=person, place=place, since=since, place_name=place_name.strip(), evidence=evidence.strip())
    row.clean_fields(exclude=["person", "place"])
    row.save(force_insert=True)
    _forget_said(person)
    settle([str(person.pk)])
    return row


def end_party_life(*, by: Officer, person: str, row: str, on: date, because: str) -> None:
    """A member does not take part at a place any more, from a day on; the day it began, where it was registered by mistake.

    Raises:
        Refused: out of reach, another line's work, one that has ended, a day before it began or to come, no reason.
    """
    with one_deed():
        scopes = scopes_of(by)
        member = locked(Person, by, person)
        found = locked(PartyLife, by, row)
        if found.person_id != member.pk:
            raise Refused(not_there)
        _check_line(scopes, member, found.place)
        if found.until <= today():
            raise Refused("这一处已经不参加了，请看最新的。")
        if on > today() or on < found.since:
            raise Refused(f"不再参加的日子要在 {found.since} 到今天之间；登记错了的，写 {found.since}。")
        if not because.strip():
            raise Refused("请写明为什么不再参加。")
        check_plain(because)
        leave(found, on)
        note(
            by,
            "end_party_life",
            "person",
            member.pk,
            place=found.place,
            since=str(found.since),
            on=str(on),
            because=because,
        )
        changed("person", [str(member.pk)])


def leave(row: PartyLife, on: date) -> None:
    """Write that it ends, within the transaction that holds the person."""
    row.left_on = on
    row.until, row.ended_at = min(row.until, on), row.ended_at or timezone.now()
    PartyLife.objects.unscoped().filter(pk=row.pk).update(left_on=on, until=row.until, ended_at=row.ended_at)
    settle([str(row.person_id)])


def _forget_said(person: Person) -> None:
    """What was recorded of it follows from the row from now on."""
    before = document_of(person)
    after = {key: value for key, value in before.items() if key not in party_life_terms}
    if after != before:
        replace_document(person, "person", after)


def _check_line(scopes: Sequence[Scope], person: Person, place: str) -> None:
    if not keeps_party_life(scopes, person.origin, person.destination, place):
        raise Refused("参加组织生活由组织部门登记，请转给乡镇（街道）党委或区县委组织部。")
