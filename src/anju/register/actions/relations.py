"""A relation goes from one holder to the next, or ends."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.within import check_plain, check_work, code, locked, note, scopes_of
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.models import Person, Relation
from anju.register.models.relations import Because, Kind
from anju.register.party_lives import settle

clauses = {
    Kind.HUKOU: "1.1",
    Kind.PARTY: "1.2",
    Kind.COLLECTIVE: "1.3",
    Kind.PENSION: "1.5",
    Kind.MEDICAL: "1.6",
    Kind.ASSISTANCE: "1.7",
    Kind.ELECTION: "2.3",
}
"""The clause whose work a relation is."""
drawn_stays = "已经领取养老待遇的，养老关系不再转移，由原来的参保地继续发。"


def move_relation(
    *,
    by: Officer,
    person: str,
    kind: str,
    holder: str,
    since: date,
    because: str = Because.MOVED,
    evidence: str = "",
    place_name: str = "",
    seen: str | None = None,
) -> Relation:
    """Take the next step of a relation: from that day on another place holds it, or with ``holder=""`` nobody.

    Args:
        seen: the id of the last step that the officer saw ("" for none): another one now means that somebody was faster.

    Raises:
        Refused: out of reach, another line's work, a day not after the last step, a holder and a reason that contradict, a
            pension that is drawn.
    """
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Person, by, person)
        if kind not in clauses:
            raise Refused("没有这种关系。")
        check_work(scopes, clauses[Kind(kind)], found.origin, found.destination)
        _check_open(found, since)
        check_plain(evidence, place_name)
        steps = Relation.objects.visible_to(by, purpose="经办").filter(person=found, kind=kind)
        last = steps.order_by("-since").first()
        if seen is not None and seen != (str(last.pk) if last else ""):
            raise Refused("这种关系刚刚有人办过，请打开最新的再看。")
        check_not_drawn(found, kind, last, code(holder))
        step = Relation(
            person=found,
            kind=kind,
            holder=code(holder),
            since=since,
            because=because,
            evidence=evidence.strip(),
            place_name=place_name.strip(),
            after=last.since if last else None,
        )
        step.clean_fields(exclude=["person", "holder"])
        step.save(force_insert=True)
        if kind == Kind.PARTY:
            settle([str(found.pk)])
        note(
            by,
            "move_relation",
            "person",
            found.pk,
            relation=kind,
            holder=step.holder,
            since=str(since),
            because=because,
        )
        changed("person", [str(found.pk)])
    return step


def _check_open(person: Person, since: date) -> None:
    if person.ended_on is not None:
        raise Refused("这个人已经注销，关系不再变动。")
    if since > today():
        raise Refused("生效日不能晚于今天；到了那天再登记。")


def check_not_drawn(person: Person, kind: str, last: Relation | None, holder: str) -> None:
    """Raise `Refused` for a pension that is drawn and would go to another place: whoever pays it goes on (1.5-4, domain.md §1.5 E3, E6)."""
    drawn = kind == Kind.PENSION and person.facts.get("pension_status") == "drawing"
    if drawn and holder and last is not None and last.holder not in ("", holder):
        raise Refused(drawn_stays)


def withdraw_relation(*, by: Officer, relation: str, because: str) -> None:
    """Take back the last step, which was registered by mistake; what it said stays in the journal. Raises `Refused`."""
    with one_deed():
        scopes = scopes_of(by)
        _lock_person_of(relation)
        step = locked(Relation, by, relation)
        check_work(scopes, clauses[Kind(step.kind)], step.person.origin, step.person.destination)
        if not because.strip():
            raise Refused("撤回要写明为什么。")
        person = str(step.person_id)
        was: dict[str, Any] = {
            "relation": step.kind,
            "holder": step.holder,
            "since": str(step.since),
            "evidence": step.evidence,
        }
        Relation.objects.visible_to(by, purpose="经办").filter(pk=step.pk).delete()
        if was["relation"] == Kind.PARTY:
            settle([person])
        note(by, "withdraw_relation", "person", person, because=because.strip(), **was)
        changed("person", [person])


def _lock_person_of(relation: str) -> None:
    """Lock the person before the step, as whoever writes anything of somebody does; who may, is asked of the step."""
    with suppress(ValidationError, ValueError), everything():
        Person.objects.unscoped().select_for_update(of=("self",)).filter(relations__pk=relation).first()
