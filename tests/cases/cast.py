"""The offices that the procedures name, each with one officer, at both sides of the family's move; and what they would write down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from anju.cases import votes
from anju.cases.actions import Figures, call_vote, count_vote, keep_paper, post_notice, prove_notice, take_step
from anju.cases.actions.work import values_of
from anju.cases.agreeing import expected
from anju.cases.bodies import closed_bodies
from anju.cases.fields import Field, Value
from anju.cases.models import Case, Entry, Notice, Turn, Vote, Voter
from anju.cases.notices import is_posted_at, last_day
from anju.cases.procedures import Running
from anju.cases.recorded import Recorded
from anju.cases.turns import place_at
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.queries import held_posts
from anju.government.second_wall import everything
from anju.payments.actions import Charged, approve_rent, propose_rent, settle_bill
from anju.payments.models import RentGrant
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from tests.government.cast import SINCE, hold, officer
from tests.government.cast import post as post_of
from tests.payments.bills import ceilings
from tests.payments.rents import FACTS, budget, rate
from tests.register.cast import DESTINATION, ORIGIN


@dataclass
class Offices:
    """Every office of some places, made when first asked for: one officer a line, level and region."""

    known: dict[tuple[str, str, str], Officer] = field(default_factory=dict)

    def at(self, line: str, level: str, region: str) -> Officer:
        """The officer of a seat."""
        seat = (line, level, region)
        if seat not in self.known:
            who = officer(f"{line}-{level}-{region}"[-40:])
            hold(who, post_of(region, level, line), SINCE)
            self.known[seat] = who
        return self.known[seat]

    def open_all(self, *places: str) -> Offices:
        """Let all seats at some places be held."""
        for place in places or (ORIGIN, DESTINATION):
            for level in (Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY):
                for line in Line.values:
                    self.at(line, level, place_at(place, level))
        return self

    def of(self, turn: Turn) -> Officer:
        """Whose turn it is; of a county's case where a township acts the county, on the paper that it has."""
        county = turn.level == Level.TOWNSHIP and turn.region.endswith("000000")
        return self.at(Line.CIVIL_AFFAIRS if county else turn.line, Level.COUNTY if county else turn.level, turn.region)


def waiting(case: Case) -> list[Turn]:
    """The turns that are open at a case."""
    with everything():
        return list(Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk"))


def moved(turn: Turn, **changes: object) -> Turn:
    """Another turn of the same case and office."""
    told = {
        field.attname: getattr(turn, field.attname) for field in Turn._meta.concrete_fields if not field.primary_key
    }
    return Turn(**{**told, "until_entry": None, **changes})


_chosen: Mapping[str, Value] = {"党员意见": "transfer", "落户选择": "village_group"}


def value_for(known: Field, on: date | None = None) -> Value:
    """Something that may stand in a field on a day."""
    day = on or today()
    given: Mapping[str, Value] = {
        "text": "无",
        "paper": True,
        "yes": True,
        "whole": 3,
        "number": 2.5,
        "day": day.isoformat(),
        "month": day.isoformat()[:7],
    }
    if known.name in _chosen:
        return _chosen[known.name]
    return known.choices[1][0] if known.kind == "choice" else given[known.kind]


def step_on(
    case: Case,
    offices: Offices,
    action: str,
    *,
    reason: str = "情况如此",
    basis: str = "回函一份",
    on: date | None = None,
    **more: Value,
) -> Case:
    """Take a step in the name of the first office whose turn it is, with all that is to be written down, and its notice posted."""
    turn = waiting(case)[0]
    by = offices.of(turn)
    post(case, by, on or today())
    figures = {name: more.pop(name) for name in list(more) if name in ("表决方式", "应到", "同意")}
    vote(case, by, on or today(), figures)
    settle(case, by, offices)
    with everything():
        running = Running.of(case)
        owned = Recorded.of(case, running).owned(running.step(case.step))
        told = values_of(list(Entry.objects.unscoped().filter(case=case).order_by("seq")))
        fields = {f.name: value_for(f, on) for f in running.fields(case.step) if f.name not in owned}
        fields |= {name: must for name in fields if (must := expected(name, told)) is not None}
    return take_step(
        by=by,
        case=case.pk,
        seen=case.entries,
        action=action,
        fields={**fields, **more},
        reason=reason,
        basis=basis,
        on=on,
    )


def post(case: Case, by: Officer, on: date) -> None:
    """Post the notice of the step, where there is one and it does not hang yet."""
    with everything():
        running = Running.of(case)
        wanted = is_posted_at(running, running.step(case.step)) and Recorded.of(case, running).notice is None
    if wanted:
        notice = post_notice(
            by=by,
            case=case.pk,
            seen=case.entries,
            since=min(on, *(turn.since for turn in waiting(case))),
            until=None,
            place="村务公开栏",
            text="张青山申请，公示七天。",
        )
        if notice.since < today():
            proven(case, notice)


def proven(case: Case, notice: Notice) -> Notice:
    """Let another officer of the same office prove, by a picture, that a notice hung since its first day."""
    paper = keep_paper(
        by=notice.by,
        case=case.pk,
        kind="evidence",
        about="公示栏的照片",
        content=f"%PDF-1.4\n%{notice.pk}\n%%EOF\n".encode(),
    )
    return prove_notice(by=beside(notice.by), case=case.pk, notice=notice.pk, proof=paper.pk)


def beside(by: Officer) -> Officer:
    """Another officer with the same posts."""
    account = f"{by.account}+"[-40:]
    if found := Officer.objects.filter(account=account).first():
        return found
    other = officer(account, "钱某")
    for held in held_posts(by, today()):
        hold(other, held.post, SINCE)
    return other


def settle(case: Case, by: Officer, offices: Offices) -> None:
    """Let there be what the step's fields are computed from: a bill for the sum that was written down, or a plot, proposed and granted."""
    with everything():
        running = Running.of(case)
        recorded = Recorded.of(case, running)
        wanted = recorded.filling and recorded.filling.computed & set(running.step(case.step).fields)
    if wanted and recorded.lacks:
        (_grant if case.clause == "1.4" else _settle)(case, by, offices)


def _settle(case: Case, by: Officer, _: Offices) -> None:
    with everything():
        done = list(Entry.objects.unscoped().filter(case=case).order_by("seq"))
        known = {"relocatee_kind": "registered_poor", "medical_status": "resident", "assistance_kind": "dibao"}
        put_facts(kind="person", subject=case.subject_id, facts=known)
    total = Decimal(str(values_of(done)["总费用"]))
    ceilings(place_at(case.insured, "county"))
    paper = Charged("云阳县人民医院", "ZY-0001", today(), "住院", "二级", "一档", total)
    settle_bill(by=by, person=case.subject_id, charged=paper)


def _grant(case: Case, by: Officer, offices: Offices) -> None:
    with everything():
        waits = RentGrant.objects.unscoped().filter(person=UUID(case.subject_id), state="proposed").first()
        put_facts(kind="person", subject=case.subject_id, facts=FACTS)
    if waits is not None:
        approve_rent(by=by, grant=waits.pk, paid_on=today())
        return
    county = place_at(case.destination, "county")
    farmer = offices.at(Line.AGRICULTURE, Level.COUNTY, county)
    rate(county=county)
    budget(farmer, county=county)
    propose_rent(by=farmer, person=case.subject_id, plot="东坡")


def vote(case: Case, by: Officer, on: date, figures: Mapping[str, Value]) -> None:
    """Call the vote of the step, or count it: of three who may vote all agree, unless ``figures`` say otherwise."""
    with everything():
        running = Running.of(case)
        step, meeting = running.step(case.step), votes.current(case, running)
    if votes.is_called_at(step) and meeting is None:
        names = [f"成员{n}" for n in range(int(figures.get("应到", 3)))]
        body = str(figures.get("表决方式", "members"))
        with everything():
            day = votes.earliest(case, running, on)
            closed = body in closed_bodies(case, running)
        meeting = (called_once if closed else call)(case, by, body, names, on, day)
    if meeting is not None and votes.is_counted_at(running, step) and meeting.counted_at is None:
        agreed = int(figures.get("同意", meeting.eligible))
        told = Figures(meeting.eligible, agreed, meeting.eligible - agreed, 0)
        count_vote(by=by, case=case.pk, vote=meeting.pk, figures=told)


def call(case: Case, by: Officer, body: str, names: Sequence[str], told: date, on: date) -> Vote:
    """Call a meeting."""
    same: dict[str, Any] = {"by": by, "case": case.pk, "seen": case.entries, "body": body, "notified": told, "on": on}
    return call_vote(**same, from_register=False, names=names)


def called_once(case: Case, by: Officer, body: str, names: Sequence[str], told: date, on: date) -> Vote:
    """A meeting of a body that cannot vote, as it was called while nothing refused it: what follows has to hold by itself."""
    with everything():
        vote = Vote(case=case, after=case.entries, step=case.step, body=body, notified_on=told, on=on, by=by)
        vote.eligible, vote.office = len(names), "岗位"
        vote.save(force_insert=True)
        for number, name in enumerate(names, start=1):
            row = Voter(vote=vote, number=number)
            row.name = name
            row.save(force_insert=True)
    return vote


def ready(case: Case, on: date) -> date:
    """The first day, from a day on, on which the step of a case can go on: its notice is over, and its meeting was held."""
    with everything():
        running = Running.of(case)
        step, told = running.step(case.step), Recorded.of(case, running)
        days = [on, *([told.vote.on] if told.vote else [])]
        if told.notice is not None:
            days.append(told.notice.ends + timedelta(1))
        elif is_posted_at(running, step) and step.limit and (until := last_day(case, running, on)):
            days.append(until + timedelta(1))
    return max(days)
