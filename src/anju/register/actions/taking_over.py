"""What becomes of a record that is joined into another one of the same person. One rule for everything: what the record that stays says
stands, and what it says nothing of it takes over; a history is taken over as a whole or not at all (of homes see `_homes`).

Nothing of the register lies under the record that goes afterwards. What was not taken over is kept with the joining (`Joining.kept`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, Max
from django.utils import timezone

from anju.government.models import never
from anju.register import documents
from anju.register.actions.facts import document_of, keep_former
from anju.register.models import Formerly, Joining, Membership, PartyLife, Person, Relation, Wish
from anju.register.models.relations import Kind

_step = ("kind", "holder", "place_name", "since", "after", "because", "evidence", "recorded_at")
_wish = ("kind", "choice", "on", "again", "how", "recorded_at")
_life = ("place", "place_name", "since", "until")
_own = ("birth_date", "sex", "people", "origin", "destination")


def take_over(joining: Joining, goes: Person, stays: Person) -> list[str]:
    """Let the record that stays take over, and the other one be nowhere; within a transaction that may write anywhere.

    Returns:
        the households of which somebody was or is now another one.
    """
    keep_former(goes, "person")
    keep_former(stays, "person")
    homes, left = _homes(goes, stays)
    free = not Relation.objects.unscoped().filter(person=stays, kind=Kind.PARTY).exists()
    kept: dict[str, Any] = {
        "homes": left,
        "steps": _chains(goes, stays),
        "wishes": _wishes(goes, stays),
        "lives": _lives(goes, stays, with_affiliation=free),
        **_row(joining, goes, stays),
    }
    _names(goes, stays)
    joined = Person.objects.unscoped_with_joined()
    joined.filter(joined_into=goes).update(joined_into=stays)
    joined.filter(pk=goes.pk).update(joined_into=stays, origin="", destination="", revision=F("revision") + 1)
    stays.revision += 1
    stays.save()
    joining.kept = documents.text(kept)
    Joining.objects.unscoped().filter(pk=joining.pk).update(kept=joining.kept)
    return homes


def _row(joining: Joining, goes: Person, stays: Person) -> Mapping[str, Any]:
    """Fill what the own row of the record that stays leaves blank; what the other one said otherwise."""
    other = {name: getattr(goes, name) for name in _own}
    instead = {name: str(getattr(stays, name)) for name, right in joining.right.items() if right == "goes"}
    for name, value in other.items():
        if joining.right.get(name) == "goes" or not getattr(stays, name):
            setattr(stays, name, value)
    if stays.number is None and goes.number is not None:
        stays.number, stays.number_index = goes.number.reveal(), goes.number_index
    if stays.phone is None and goes.phone is not None:
        stays.phone = goes.phone.reveal()
    before, given = document_of(stays), document_of(goes)
    told = {key.partition(".")[0] for key in before}
    taken = {key: value for key, value in given.items() if key.partition(".")[0] not in told}
    open_part, hidden = documents.parted(before | taken)
    stays.facts, stays.guarded = open_part, documents.text(hidden) if hidden else None
    facts = {key: value for key, value in given.items() if key not in taken and before.get(key) != value}
    own = {name: str(value) for name, value in other.items() if value and value != getattr(stays, name)}
    name = goes.name if goes.name != stays.name else ""
    return {"name": name, "own": own, "instead": instead, "facts": facts}


def _names(goes: Person, stays: Person) -> None:
    """Other names and numbers of the record that goes are former ones of the one that stays."""
    known = Formerly.objects.unscoped().filter(person=stays)
    names, indexes = set(known.values_list("name", flat=True)), set(known.values_list("number_index", flat=True))
    now = timezone.now()
    former = [Formerly(name=goes.name, until=now), *Formerly.objects.unscoped().filter(person=goes).order_by("until")]
    for one in former:
        if one.name and one.name != stays.name and one.name not in names:
            Formerly.objects.create(person=stays, name=one.name, until=one.until)
            names.add(one.name)
        if one.number_index and one.number_index not in (*indexes, stays.number_index):
            again = Formerly(person=stays, number_index=one.number_index, until=one.until)
            again.number = one.number.reveal()
            again.save(force_insert=True)


def _chains(goes: Person, stays: Person) -> list[dict[str, Any]]:
    """Take the steps of the relations away from the record that goes, the last one first; what is not taken over."""
    steps = Relation.objects.unscoped().filter(person=goes).order_by("since")
    rows = list(steps.values(*_step))
    has = set(Relation.objects.unscoped().filter(person=stays).values_list("kind", flat=True))
    for key in list(steps.order_by("-since").values_list("pk", flat=True)):
        Relation.objects.unscoped().filter(pk=key).delete()
    for row in rows:
        if row["kind"] not in has:
            Relation.objects.create(person=stays, **row)
    return [_text(row) for row in rows if row["kind"] in has]


def _wishes(goes: Person, stays: Person) -> list[dict[str, Any]]:
    said = Wish.objects.unscoped().filter(person=goes)
    rows = list(said.order_by("on", "pk").values(*_wish))
    has = set(Wish.objects.unscoped().filter(person=stays).values_list("kind", flat=True))
    said.delete()
    for row in rows:
        if row["kind"] not in has:
            Wish.objects.create(person=stays, **row)
    return [_text(row) for row in rows if row["kind"] in has]


def _lives(goes: Person, stays: Person, *, with_affiliation: bool) -> list[dict[str, Any]]:
    """Where somebody takes part goes with the affiliation that it is beside (`anju.register.party_lives`)."""
    lives = PartyLife.objects.unscoped().filter(person=goes)
    if with_affiliation and not PartyLife.objects.unscoped().filter(person=stays).exists():
        lives.update(person=stays)
        return []
    rows = [_text(row) for row in lives.order_by("since").values(*_life)]
    lives.delete()
    return rows


def _homes(goes: Person, stays: Person) -> tuple[list[str], list[dict[str, Any]]]:
    """The households concerned; and the memberships that are not taken over. A present one is void then, since nobody was there twice; of
    who has only left another household it is taken over from that day on.
    """
    of_goes = Membership.objects.unscoped().filter(person=goes)
    of_stays = Membership.objects.unscoped().filter(person=stays)
    homes = sorted({str(key) for key in of_goes.values_list("household_id", flat=True)})
    if not of_stays.exists():
        of_goes.update(person=stays)
        return homes, []
    rows = list(of_goes.filter(since__lt=F("until")).select_related("household").order_by("since"))
    present = of_goes.filter(until=never)
    if of_stays.filter(until=never).exists():
        present.update(until=F("since"), ended_at=timezone.now())
        return homes, [_home(row, row.until) for row in rows]
    left = of_stays.filter(since__lt=F("until")).aggregate(last=Max("until"))["last"] or date.min
    kept = [
        _home(row, left if row.until == never else row.until) for row in rows if row.until != never or row.since < left
    ]
    for row in rows:
        if row.until == never:
            present.update(person=stays, since=max(row.since, left))
    return homes, kept


def _home(row: Membership, until: date) -> dict[str, Any]:
    said = {"since": row.since, "until": until}
    return {**_text(said), "household": row.household.code, "relation": row.relation}


def _text(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: None if value is None else str(value) for name, value in row.items()}
