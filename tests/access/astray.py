"""Rows that only their own scope holds back: they lie elsewhere than whom they are about, or are hidden from a line that sees the rest."""

from __future__ import annotations

from django.utils import timezone

from anju.cases.actions import open_case
from anju.cases.models import Case, Turn
from anju.duties.models import Because, Duty
from anju.government.models import Officer
from anju.payments.models import Amount, Batch, Month, Payer, Premium, RentGrant
from anju.payments.months import month_of
from anju.register.models import Person
from tests.cases.cast import moved


def overdue(keeper: Officer, person: Person) -> None:
    """A case of party membership that has climbed as far as it goes, by years."""
    today = timezone.localdate()
    case = open_case(by=keeper, procedure="transfer_party", subject=str(person.pk), applied_on=today, how="支部提过")
    turns = Turn.objects.unscoped().filter(case=case)
    long_ago = [moved(turn, since_entry=2, since=today.replace(year=today.year - 2, day=1)) for turn in turns]
    turns.update(until_entry=2, ended_late=False)
    Turn.objects.unscoped().bulk_create(long_ago)


def gone(case: Case, far: Person) -> None:
    """The duty that led to a case has moved away with its subject, and is closed there."""
    owed = Duty.objects.unscoped().filter(subject_kind="person").exclude(kind="fill_in").earliest("pk")
    Duty.objects.create(
        subject_kind=case.subject_kind,
        subject_id=case.subject_id,
        kind=case.procedure,
        decision="pension_route",
        row=1,
        clause=case.clause,
        strength="must",
        origin=far.origin,
        destination=far.destination,
        opened_on=timezone.localdate(),
        version=owed.version,
        closed_on=timezone.localdate(),
        closed_because=Because.GONE,
    )


def moved_away(batch: Batch, far: Person) -> None:
    """Somebody stands in a county's batch of premiums who has long lived elsewhere."""
    amounts = {"standard": 380, "state": 300, "own": 80}
    Premium.objects.create(batch=batch, person=far, scheme=batch.scheme, year=batch.year, group="低保", **amounts)


def crossed(own: Person, far: Person) -> None:
    """Somebody of the own place whom the far one has to pay this month; the own place paid instead."""
    month, payer = month_of(timezone.localdate()), f"{far.origin[:9]}000"
    person = Person.objects.create(name="麃先前", origin=own.origin, destination=own.destination)
    Payer.objects.create(person=person, kind="dibao", payer=payer, since=month, because="核对")
    Month.objects.create(person=person, kind="dibao", month=month, payer=payer)
    Amount.objects.create(
        person=person, kind="dibao", month=month, payer=f"{own.origin[:9]}000", sort="paid", amount=420,
        on=timezone.localdate(),
    )  # fmt: skip


def beside(rent: RentGrant, far: Person, village: str) -> None:
    """Plots of another village of the same county, of this year and the one before, of somebody whom nobody there sees."""
    names = ("household", "county", "mu", "whole", "rate", "amount", "basis", "asked_by")
    same = {name: getattr(rent, name) for name in names}
    for year in (rent.year, rent.year - 1):
        RentGrant.objects.create(**same, person=far, destination=village, village=village, plot="邻地", year=year)
