"""A bill is settled, or a settlement is taken back. Both are rows of the person's year, one after the other, and nothing is rewritten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, Min
from django.utils import timezone

from anju.cases.models import Case
from anju.cases.turns import place_at, places_for
from anju.government.lines import Level
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.within import note, reason_of
from anju.payments.chain import locked as lock
from anju.payments.figures import book
from anju.payments.models import Did, Settlement, procedure, settling_lines
from anju.payments.one_stop import Bill, Book, Parts, Step, Unsettled, Used, settle
from anju.register.actions.within import check_plain, not_there, scopes_of
from anju.register.changes import changed
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Person, Relation
from anju.register.models.relations import Because
from anju.register.models.relations import Kind as Relations
from anju.register.queries.insured import insured_here
from anju.register.queries.one import person as seen_person
from anju.sealing.blind_index import keyed_digest
from anju.tables.spelling import one_spelling

_groups = {"tekun": "特困", "dibao": "低保", "other": "贫困人员", "none": "贫困人员"}
_longest = 60
_parts = ("basic", "catastrophic", "assistance", "own", "burden")
purpose = "就医结算"


@dataclass(frozen=True, slots=True)
class Charged:
    """What an officer takes from the institution's paper: whose, its number, of which day, and what it charges."""

    institution: str
    number: str
    on: date
    kind: str
    level: str
    tier: str
    total: Decimal
    outside: Decimal = Decimal(0)
    first: Decimal = Decimal(0)

    @property
    def digest(self) -> str:
        """The same for every spelling of one bill, and telling nothing of it."""
        return keyed_digest("bill", f"{one_spelling(self.institution)}|{one_spelling(self.number)}")


@dataclass(frozen=True, slots=True)
class Working:
    """What a bill comes to: where the person is insured, the bill, what the year had used up, and the parts."""

    insured: str
    bill: Bill
    used: Used
    parts: Parts


def work_out(*, by: Officer, person: UUID | str, charged: Charged) -> Working:
    """What a bill would come to now; nothing is written.

    Raises:
        Refused: out of reach, not of the clause, not insured as a resident on the day of the bill, something not known,
            no bill, a figure that nobody has set.
    """
    found = _person(by, person, charged.on)
    insured = _insured(by, found, charged.on)
    with everything():
        return _worked_out(found, insured, charged)


def settle_bill(*, by: Officer, person: UUID | str, charged: Charged, key: UUID | None = None) -> Settlement:
    """Settle a bill, after those of the year that are settled already.

    Raises:
        Refused: as `work_out` does, and for a bill that is settled.
    """
    with one_deed():
        found = _person(by, person, charged.on)
        insured = _insured(by, found, charged.on)
        with everything():
            if key is not None and (before := Settlement.objects.unscoped().filter(by=by, key=key).first()):
                return before
            lock(str(found.pk))
            worked = _worked_out(found, insured, charged)
            row = Settlement(
                person=found,
                insured=insured,
                year=charged.on.year,
                seq=_next(found, charged.on.year),
                bill=charged.digest,
                attempt=1 + Settlement.objects.unscoped().filter(bill=charged.digest, did=Did.SETTLED).count(),
                total=charged.total,
                **{part: getattr(worked.parts, part) for part in _parts[:4]},
                case=_open_case(found),
                by=by,
                key=key,
            )
            row.told = json.dumps(_told(charged, worked), ensure_ascii=False)
            row.clean_fields(exclude=["person", "by", "case", "told", "reverses", "key"])
            row.save(force_insert=True)
            note(by, "settle", "settlement", row.pk, year=row.year)
            changed("person", [str(found.pk)])
    return row


def reverse(*, by: Officer, settlement: UUID | str, reason: str) -> Settlement:
    """Take a settlement back, the last one of the person's year first. Raises `Refused`."""
    with one_deed():
        found = Settlement.objects.visible_to(by, purpose=purpose).filter(pk=settlement, did=Did.SETTLED).first()
        if found is None:
            raise Refused(not_there)
        _check_settles(by, found.insured)
        why = reason_of(reason)
        with everything():
            person = lock(str(found.person_id))
            if Settlement.objects.unscoped().filter(reverses=found).exists():
                raise Refused("这一笔已经冲正了。")
            same = (
                "insured",
                "year",
                "bill",
                "attempt",
                "total",
                "basic",
                "catastrophic",
                "assistance",
                "own",
                "case_id",
            )
            row = Settlement(
                person=person,
                seq=_next(person, found.year),
                did=Did.REVERSED,
                reverses=found,
                by=by,
                **{name: getattr(found, name) for name in same},
            )
            row.told = json.dumps({"reason": why}, ensure_ascii=False)
            row.save(force_insert=True)
            note(by, "reverse", "settlement", row.pk, year=row.year)
            changed("person", [str(found.person_id)])
    return row


def used_before(rows: Iterable[Mapping[str, Any]]) -> Used:
    """What bills have used up, by what was told of each (`_told`) with its parts."""
    used = Used()
    for told in rows:
        used = used.after(bill_of(told), parts_of(told))
    return used


def bill_of(told: Mapping[str, Any]) -> Bill:
    """The bill that was told of."""
    kind, level, tier, group = (str(told[name]) for name in ("kind", "level", "tier", "group"))
    total, outside, first = (Decimal(told[name]) for name in ("total", "outside", "first"))
    return Bill(kind, level, tier, group, total, outside, first)


def parts_of(told: Mapping[str, Any]) -> Parts:
    """The parts that were told of, without their steps."""
    basic, catastrophic, assistance, own, burden = (Decimal(told[name]) for name in _parts)
    return Parts(basic, catastrophic, assistance, own, burden, ())


def standing(person: Person, year: int) -> list[Settlement]:
    """The settlements of a person's year that have not been taken back, in their order. Acts for nobody."""
    rows = Settlement.objects.unscoped().filter(person=person, year=year, did=Did.SETTLED, reversal=None)
    return list(rows.order_by("seq"))


def _worked_out(person: Person, insured: str, charged: Charged) -> Working:
    check_plain(charged.institution, charged.number)
    for text, name in ((charged.institution, "定点医疗机构"), (charged.number, "单据号")):
        if not 0 < len(text.strip()) <= _longest:
            raise Refused(f"{name}要写，最多 {_longest} 个字。")
    bill = Bill(
        charged.kind,
        charged.level,
        charged.tier,
        _group(person, charged.on),
        charged.total,
        charged.outside,
        charged.first,
    )
    used = used_before(json.loads(row.told.reveal()) for row in standing(person, charged.on.year))
    figures: Book = book("1.6", insured, charged.on)
    try:
        return Working(insured, bill, used, settle(bill, used, figures))
    except Unsettled as refused:
        raise Refused(str(refused)) from refused


def _person(by: Officer, person: UUID | str, on: date) -> Person:
    """Somebody whom the officer sees, or whose insurance the officer's county holds, or held on the day of a bill. Raises `Refused`."""
    found = patient(by, str(person)) or insured_here(by, [str(person)], on).get(str(person))
    if found is None:
        raise Refused(not_there)
    return found


def patient(by: Officer, person: str) -> Person | None:
    """Somebody whom the officer sees, or whose insurance the officer's county holds."""
    return seen_person(by, person) or insured_here(by, [person], today()).get(person)


def _insured(by: Officer, person: Person, on: date) -> str:
    """The county where the person was insured on the day of a bill, if the officer settles there; before the first known one, that one. On
    the day of a death it is still the one whose insurance the death ended.

    Raises:
        Refused: another county's, nowhere, a day that is yet to come or after the person's end.
    """
    if on > today():
        raise Refused("单据的日子不能晚于今天。")
    if person.ended_on is not None and on > person.ended_on:
        raise Refused(f"这个人 {person.ended_on} 已经注销，单据的日子在那以后；请核对日子。")
    steps = Relation.objects.unscoped().filter(person=person, kind=Relations.MEDICAL)
    known = steps.aggregate(first=Min("since"))["first"] or on
    dies = on == person.ended_on and person.ended_because == Because.DEATH
    day = max(on, known) - timedelta(days=dies)
    places = places_for("person", str(person.pk), guideline().procedures[procedure], day)
    county = place_at(places.insured, "county")
    _check_settles(by, county)
    return county


def _check_settles(by: Officer, county: str) -> None:
    mine = [scope for scope in scopes_of(by) if scope.line in settling_lines() and scope.level == Level.COUNTY]
    if not any(scope.lo == county for scope in mine):
        raise Refused("结算由参保地的医保办，不在您的范围里。")


def _group(person: Person, on: date) -> str:
    """As whom medical assistance knew the person at the end of a day; what was not known by then is as it was told later.

    Raises:
        Refused: something is not known, or the clause is not for the person.
    """
    evening = timezone.make_aware(datetime.combine(on + timedelta(days=1), time.min))
    of_today = facts_of("person", str(person.pk), on=today())
    facts = of_today | facts_of("person", str(person.pk), on=on, at=evening)
    terms = guideline().terms
    for code in ("relocatee_kind", "medical_status", "assistance_kind"):
        if facts.get(code) is None:
            raise Refused(f"“{terms[code].name}”还没有登记，不知道按哪一类结算；请先补录。")
    if facts["relocatee_kind"] != "registered_poor":
        raise Refused("一站式结算只管建档立卡的搬迁贫困人员。")
    if facts["medical_status"] != "resident":
        raise Refused("这里只结算居民医保；职工医保和没有参保的，先核实就医待遇。")
    return _groups[str(facts["assistance_kind"])]


def _open_case(person: Person) -> Case | None:
    cases = Case.objects.unscoped().filter(subject_kind="person", subject_id=str(person.pk), procedure=procedure)
    return cases.filter(closed_at=None).order_by("-opened_at").first()


def _next(person: Person, year: int) -> int:
    rows = Settlement.objects.unscoped().filter(person=person, year=year)
    return 1 + (rows.aggregate(last=Max("seq"))["last"] or 0)


def _told(charged: Charged, worked: Working) -> dict[str, Any]:
    """Everything of a bill and its working, as it lies sealed."""
    parts, bill = worked.parts, worked.bill
    words = {name: getattr(charged, name).strip() for name in ("institution", "number")}
    amounts = {name: f"{getattr(bill, name):.2f}" for name in ("total", "outside", "first")}
    return {
        **words,
        "on": charged.on.isoformat(),
        **{name: getattr(bill, name) for name in ("kind", "level", "tier", "group")},
        **amounts,
        **{name: f"{getattr(parts, name):.2f}" for name in _parts},
        "steps": [_step(step) for step in parts.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    figures = [[f.name, f"{f.value:f}", f.unit, f.source, f.own] for f in step.figures]
    return {"what": step.what, "amount": f"{step.amount:.2f}", "how": step.how, "figures": figures}
