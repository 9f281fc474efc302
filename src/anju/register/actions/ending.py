"""How somebody ends: death or cancellation of the hukou, and how a mistake is taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.register.actions.facts import keep_former
from anju.register.actions.within import check_work, locked, not_there, note, scopes_of
from anju.register.changes import changed_together
from anju.register.facts import today
from anju.register.models import Membership, Person, Relation
from anju.register.models.people import Memberships
from anju.register.models.relations import Because
from anju.register.party_lives import settle
from anju.register.provided import sites_of

_step = ("kind", "holder", "place_name", "since", "after", "because", "evidence", "recorded_at")


def end_person(*, by: Officer, person: str, on: date, because: str) -> None:
    """Death 死亡 or 户口注销: every relation and the membership end on that day (domain.md §1.9); what was registered as later is void.

    What it takes away is kept with the person (`Person.ended_with`), for `restore_person`.

    Raises:
        Refused: another line's work, another reason, ended already, a day that is yet to come.
    """
    reasons = {Because.DEATH.value, Because.CANCELLED.value}
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Person, by, person)
        check_work(scopes, "1.1", found.origin, found.destination)  # whoever keeps the hukou says that it has ended
        if because not in reasons or found.ended_on is not None:
            raise Refused("只能因死亡或户口注销终止，而且只能一次。" if found.ended_on is None else not_there)
        if on > today():
            raise Refused("注销日不能晚于今天。")
        keep_former(found, "person")
        steps, homes = _take_back(by, found, on), _leave(found, on, timezone.now())
        held = Relation.objects.visible_to(by, purpose="经办").filter(person=found).exclude(holder="")
        for step in held.last_steps():
            Relation.objects.create(
                person=found, kind=step.kind, holder="", since=on, because=because, after=step.since
            )
        found.ended_on, found.ended_because, found.revision = on, because, found.revision + 1
        found.ended_with = {"steps": steps, "memberships": homes}
        found.save(update_fields=["ended_on", "ended_because", "ended_with", "revision"])
        settle([str(found.pk)])
        void = [{"relation": step["kind"], "holder": step["holder"], "since": step["since"]} for step in steps]
        note(by, "end_person", "person", found.pk, on=str(on), because=because, void=void)
        _tell(found, homes)


def _take_back(by: Officer, person: Person, on: date) -> list[dict[str, str | None]]:
    """Take back the steps of relations since a day, the last one first; what they said, the first one first."""
    steps = Relation.objects.visible_to(by, purpose="经办").filter(person=person, since__gte=on).order_by("-since")
    kept: list[dict[str, Any]] = [
        {name: None if value is None else str(value) for name, value in row.items()} for row in steps.values(*_step)
    ]
    for step in steps:
        Relation.objects.visible_to(by, purpose="经办").filter(pk=step.pk).delete()
    return kept[::-1]


def _of(person: Person) -> Memberships:
    """All memberships of a person who was found within the scope before: a household may lie out of it."""
    return Membership.objects.unscoped().filter(person=person)


def _leave(person: Person, on: date, at: datetime) -> list[dict[str, Any]]:
    """End the memberships on a day; one that began since then is void: it ends on the day it began. What their ends were."""
    later = _of(person).filter(until__gt=on).order_by("since")
    kept: list[dict[str, Any]] = [
        {"id": row.pk, "until": str(row.until), "ended_at": row.ended_at and row.ended_at.isoformat()} for row in later
    ]
    for row in kept:
        _of(person).filter(pk=row["id"]).update(until=Greatest(F("since"), on), ended_at=row["ended_at"] or at)
    return kept


def _tell(person: Person, homes: Sequence[dict[str, Any]]) -> None:
    of = _of(person).filter(pk__in=[row["id"] for row in homes]).values_list("household_id", flat=True)
    households = sorted({str(household) for household in of})
    changed_together({"person": [str(person.pk)], "household": households, "site": sites_of(households)})


def restore_person(*, by: Officer, person: str, because: str) -> None:
    """Take back a death or cancellation that was registered by mistake: what ended with it goes on where it was, what was void holds again.

    Cases that ended with it stay ended. Raises `Refused`.
    """
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Person, by, person)
        check_work(scopes, "1.1", found.origin, found.destination)
        if found.ended_on is None:
            raise Refused("这个人没有注销。")
        if not because.strip():
            raise Refused("恢复要写明为什么。")
        keep_former(found, "person")
        on, was, kept = found.ended_on, found.ended_because, found.ended_with or {"steps": [], "memberships": []}
        ends = Relation.objects.visible_to(by, purpose="经办").filter(person=found, since=on, because=was, holder="")
        for step in ends.last_steps():
            Relation.objects.visible_to(by, purpose="经办").filter(pk=step.pk).delete()
        found.ended_on, found.ended_because, found.revision = None, "", found.revision + 1
        found.ended_with = None
        found.save(update_fields=["ended_on", "ended_because", "ended_with", "revision"])
        for void in kept["steps"]:
            Relation.objects.create(person=found, **void)
        for row in kept["memberships"]:
            _of(found).filter(pk=row["id"]).update(until=row["until"], ended_at=row["ended_at"])
        settle([str(found.pk)])
        note(by, "restore_person", "person", found.pk, because=because.strip(), on=str(on), was=was)
        _tell(found, kept["memberships"])
