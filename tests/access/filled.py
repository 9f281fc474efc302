"""More of the families for whoever sees them both: what lies in tables that stay empty in the world of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from anju.cases.actions import keep_paper, note_votes, record_objection
from anju.cases.models import Case, Consequence, Entry, Paper, State, Vote
from anju.documents.actions import Kind, draft, issue, receive
from anju.documents.content import Content
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.duties.models import Duty
from anju.government.models import Officer
from anju.government.residents import own_hand
from anju.government.second_wall import everything
from anju.payments.models import Amount, Assessed, Closing, Month, Part, Payer, Reassessment, Side
from anju.payments.months import month_of, shifted
from anju.register.models import Formerly, Household, Joining, Membership, Person
from anju.register.models.joinings import Stage
from anju.register.models.subjects import new_id
from anju.sealing.blind_index import blind_index
from tests.access.world import LONG_AGO, YESTERDAY, Family
from tests.register.cast import number

KEY = UUID("01900000-0000-7000-8000-000000000001")
"""What the forms that are pressed send along (`tests.access.posting`)."""


def before_of(of: Family) -> str:
    """The ID number that the person of the family had before."""
    return number(950 + int(of.household.code[-1]))


def filled(of: Family, keeper: Officer, other: Officer) -> Family:
    """The family with a letter that has arrived."""
    with everything():
        _called_otherwise(of, keeper, other)
        _left(of)
        _paid(of, keeper)
        _assessed(of, keeper)
    _about_cases(of, keeper)
    return replace(of, letter=_arrived(of, keeper, other))


def _called_otherwise(of: Family, keeper: Officer, other: Officer) -> None:
    """Names and numbers of before, and people who look like the same one."""
    places = {"origin": of.origin, "destination": of.destination, "birth_date": of.person.birth_date}
    for name in (f"{of.person.name[0]}旧名", of.person.name):
        Formerly.objects.create(person=of.person, name=name)
    former = Formerly(person=of.person, number_index=blind_index(before_of(of)))
    former.number = before_of(of)
    former.save(force_insert=True)
    Person.objects.create(name=f"{of.person.name[0]}旧名", **places)
    cousin = Person.objects.create(name=f"{of.person.name[0]}同日", **places)
    Membership.objects.create(person=cousin, household=of.household, relation="之侄", since=LONG_AGO)
    twin = Person.objects.create(name=of.person.name, **places)
    now = timezone.now()
    Joining.objects.create(
        goes=twin, stays=of.person, because="核对", asked_by=keeper, decide_by=now + timedelta(days=1), decided_at=now,
        decided_by=other, stage=Stage.REFUSED, message="是两个人",
    )  # fmt: skip


def _left(of: Family) -> None:
    """Somebody has left the household for another one."""
    person = Person.objects.create(name=f"{of.person.name[0]}分户", origin=of.origin, destination=of.destination)
    home = Household.objects.create(code=f"97{of.household.code[2:]}", origin=of.origin, destination=of.destination)
    Membership.objects.create(
        person=person, household=of.household, relation="之子", since=LONG_AGO, until=YESTERDAY, ended_at=timezone.now()
    )
    Membership.objects.create(person=person, household=home, relation="户主", since=YESTERDAY)


def _paid(of: Family, keeper: Officer) -> None:
    """An amount for somebody who was no more."""
    payer, before = f"{of.origin[:9]}000", shifted(month_of(timezone.localdate()), -1)
    late = Person.objects.create(
        name=f"{of.person.name[0]}已故",
        origin=of.origin,
        destination=of.destination,
        ended_on=LONG_AGO,
        ended_because="death",
    )
    same = {"person": late, "kind": "dibao", "month": before, "payer": payer}
    Payer.objects.create(person=late, kind="dibao", payer=payer, since=before, because="核对")
    Amount.objects.create(**same, sort="paid", amount=420, on=timezone.localdate())
    Month.objects.create(**same, state="paid")
    Closing.objects.create(payer=payer, month=before, asked_by=keeper)


def _assessed(of: Family, keeper: Officer) -> None:
    """A form of the household's that waits: the person goes, somebody else stays."""
    payers = {"stays_payer": f"{of.origin[:9]}000", "goes_payer": f"{of.destination[:9]}000"}
    half = {"kind": Assessed.DIBAO, "people": 1, "amount": 300}
    halves = {f"{side}_{name}": value for side in ("stays", "goes") for name, value in half.items()}
    form = Reassessment.objects.create(
        household=of.household, since=month_of(timezone.localdate()), basis="核对", asked_by=keeper, asked_for="both",
        **payers, **halves,
    )  # fmt: skip
    Part.objects.create(reassessment=form, person=of.person, side=Side.GOES, counted=True)


def _about_cases(of: Family, keeper: Officer) -> None:
    """A proof of the notice, a vote that is noted, an objection under the forms' own key, and a duty that followed."""
    keep_paper(by=keeper, case=of.noticed.pk, kind="evidence", about="公示照片", content=b"%PDF-1.4\nphoto\n%%EOF")
    today = timezone.localdate()
    record_objection(by=keeper, case=of.noticed.pk, on=today, how="spoken", who="某人", told="不同意", key=KEY)
    with everything():
        vote = Vote.objects.unscoped().get(case=of.voting)
        duty = Duty.objects.unscoped().filter(subject_id=str(of.person.pk), closed_on=None).earliest("pk")
        done = another(of.case, state=State.DONE, step=0, closed_at=timezone.now())
        Consequence.objects.create(case=done, duty=duty)
        paper = Paper.objects.unscoped().get(pk=of.paper.pk)
        paper.pk, paper.case, paper.by, paper.office = new_id(), of.noticed, None, own_hand
        paper.kind = "evidence"
        now = Case.objects.unscoped().get(pk=of.noticed.pk)
        paper.after, paper.step, paper.about = now.entries, now.step, "自己交的"
        paper.save(force_insert=True)
        another(of.case, procedure="take_over_land_right", plot="东坡")
    note_votes(by=keeper, case=of.voting.pk, vote=vote.pk, choices={1: "agree"})


def another(case: Case, entries: Mapping[int, Mapping[str, object]] | None = None, **other: Any) -> Case:
    """A case like another one, with its entries; something in it, or in the entries by their number, is
    otherwise."""
    copy, told = (
        Case.objects.unscoped().get(pk=case.pk),
        list(Entry.objects.unscoped().filter(case=case).order_by("seq")),
    )
    copy.pk, copy.entries = new_id(), 1
    for name, value in other.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    for entry in told:
        said = {"told": entry.told.reveal(), "key": None, **(entries or {}).get(entry.seq, {})}
        entry.pk, entry.case = new_id(), copy
        for name, value in said.items():
            setattr(entry, name, value)
        if entry.seq > 1:
            Case.objects.unscoped().filter(pk=copy.pk).update(entries=entry.seq)
        entry.save(force_insert=True)
    return Case.objects.unscoped().get(pk=copy.pk)


def _arrived(of: Family, keeper: Officer, other: Officer) -> Letter:
    """A list for the township that has come in."""
    village, township = (
        Office("committee", "village", of.destination),
        Office("civil_affairs", "township", f"{of.destination[:9]}000"),
    )
    letter = draft(
        by=keeper, office=village, kind=Kind("leaving_recipients_list", "名单", "名单", "1.7"),
        content=Content(f"{of.person.name}名单", rows=[(of.person.name,)], columns=["姓名"]), to=[township],
        matters=[("case", str(of.case.pk))],
    )  # fmt: skip
    issued = issue(by=other, letter=letter.pk, seen=letter.revision)
    receive(by=other, letter=issued.pk, on=timezone.localdate())
    return issued
