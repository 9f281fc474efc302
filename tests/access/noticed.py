"""More cases of each family: its membership, with a notice that hangs and somebody who objects; its place to vote, with a roster."""

from __future__ import annotations

import json
from uuid import uuid4

from django.utils import timezone

from anju.cases.actions import call_vote, open_case, post_notice, record_objection, take_step
from anju.cases.models import Bundle, Case, Objection, Portion, Sort
from anju.government.models import Officer
from anju.register.actions import ask_join, create_person
from anju.register.models import Joining, Person
from tests.cases.fitting import fit, voter
from tests.government.cast import hold, officer, post


def noticed(keeper: Officer, person: Person, mark: str, order: int) -> tuple[Case, Objection]:
    """A case at its notice, objected to in words of the family's own; its notice is for whoever passes by."""
    there = officer(f"origin{order}", name="某登记员")
    hold(there, post(person.origin, "village", "committee"), timezone.localdate().replace(year=2024, day=1))
    fit(str(person.pk), "confirm_membership")
    case = open_case(
        by=keeper,
        procedure="confirm_membership",
        subject=str(person.pk),
        applied_on=timezone.localdate(),
        how=f"{mark}来过",
    )
    steps = (
        (keeper, "本人提交", {"申请书原件": True, "户口簿": True}),
        (keeper, "受理", {"受理日": timezone.localdate().isoformat(), "集体自办或者村居代行": "代行"}),
        (there, "身份属实", {"原身份起始日": "2001-01-01"}),
    )
    for by, action, fields in steps:
        case = take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields)
    today = timezone.localdate()
    post_notice(
        by=keeper,
        case=case.pk,
        seen=case.entries,
        since=today,
        until=None,
        place="公开栏",
        text=f"{person.name}申请入册。",
    )
    objection = record_objection(
        by=keeper, case=case.pk, on=today, how="spoken", who=f"{mark}邻居", told=f"{mark}说不是本组的人", key=uuid4()
    )
    return case, objection


def voting(keeper: Officer, person: Person, mark: str) -> Case:
    """A case whose meeting is called, with a roster of the family's own words."""
    today = timezone.localdate()
    voter(person, destination_body="village")
    case = open_case(
        by=keeper,
        procedure="register_voter_at_destination",
        subject=str(person.pk),
        applied_on=today,
        how=f"{mark}提过",
    )
    for action, fields in (
        ("提交", {"选择日": today.isoformat(), "选择方式": "当面"}),
        ("安置村住满年数", {"核对结果": "满"}),
    ):
        case = take_step(by=keeper, case=case.pk, seen=case.entries, action=action, fields=fields)
    names = [f"{mark}村民", "某村民"]
    call_vote(by=keeper, case=case.pk, seen=case.entries, body="villagers", on=today, from_register=False, names=names)
    return case


def sent(keeper: Officer, case: Case, word: str) -> Bundle:
    """A row that the keeper sent, with what was filled in."""
    bundle = Bundle(officer=keeper, key=case.pk, sort=Sort.ANSWERED, procedure=case.procedure, step=1, total=1)
    bundle.told = json.dumps({"basis": word}, ensure_ascii=False)
    bundle.save(force_insert=True)
    portion = Portion(bundle=bundle, number=1, size=1)
    portion.rows = json.dumps([{"case": str(case.pk), "seen": 1, "whom": word}], ensure_ascii=False)
    portion.save(force_insert=True)
    return bundle


def doubled(keeper: Officer, person: Person, because: str) -> Joining:
    """The person was registered twice; the record without the number is to be joined into the other one."""
    double = create_person(by=keeper, name=person.name, origin=person.origin, destination=person.destination)
    return ask_join(by=keeper, goes=str(double.pk), stays=str(person.pk), right={}, because=because)
