"""张家 moves: one person with all seven relations, and the offices of both sides that move them; through the actions or from a browser."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import localtime

from anju.cases.actions import keep_paper, open_case
from anju.cases.fields import Value
from anju.cases.letters import Asked, Known, draft_for, letters_of
from anju.cases.models import Case, Did, Entry, Paper, PaperKind, Turn
from anju.cases.procedures import Running, forward
from anju.cases.turns import place_at
from anju.documents.actions import countersign, hand_over, issue, receive, void
from anju.documents.models import Addressee, Letter, Receipt, State
from anju.documents.offices import Office
from anju.duties.models import Duty
from anju.government.lines import Level, Line
from anju.government.models import Officer, Region
from anju.government.second_wall import everything
from anju.journal.verification import verify as verify_journal
from anju.payments.actions import begin_months, pay
from anju.payments.models import Amount, Month
from anju.payments.months import month_of, shifted, text_of
from anju.register.actions import create_household, create_person, move_relation, record_facts, record_wish
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Person, Relation
from anju.register.verification import verify
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.test_papers import jpeg
from tests.government.cast import SINCE, hold, officer
from tests.government.cast import post as post_of
from tests.register.cast import number

HUANGLU = "500154117903"
"""黄栌村, 临江镇, 开州."""
FENGLAI = "500235125901"
"""凤来村, 凤鸣镇, 云阳."""
FENGQI = "500235125902"
"""凤旗村, of the same 镇."""
DIBAO = Decimal("560.00")
_wishes: Mapping[str, tuple[str, str, str]] = {
    "hukou": ("willing", Line.COMMITTEE, Level.VILLAGE),
    "hukou_choice": ("village_group", Line.COMMITTEE, Level.VILLAGE),
    "party": ("transfer", Line.ORGANISATION, Level.TOWNSHIP),
    "membership": ("yes", Line.COLLECTIVE, Level.VILLAGE),
    "pension": ("move", Line.COMMITTEE, Level.VILLAGE),
    "medical": ("move", Line.COMMITTEE, Level.VILLAGE),
    "assistance": ("yes", Line.CIVIL_AFFAIRS, Level.TOWNSHIP),
    "election": ("destination", Line.COMMITTEE, Level.VILLAGE),
}
"""Kind of wish → what he chose, and the office that wrote it down."""
_surnames: Mapping[str, str] = {Level.VILLAGE: "周", Level.TOWNSHIP: "吴", Level.COUNTY: "郑"}
_belongs = ("hukou", "party", "membership", "pension", "medical", "assistance")


def account_of(line: str, level: str, region: str) -> str:
    """The account of a seat's officer."""
    return f"{region.rstrip('0')}-{level}-{line}"[:40]


def day(ago: int) -> date:
    """So many days before today."""
    return today() - timedelta(ago)


def month(ago: int) -> str:
    """So many months before this one."""
    return text_of(shifted(month_of(today()), -ago))


@dataclass
class Sides(Offices):
    """The offices of both sides; where a province is not here, whoever does the work on this side acts on its reply."""

    here: str = FENGLAI
    away: str = ""

    def at(self, line: str, level: str, region: str) -> Officer:
        """The officer of a seat, whose name tells the line."""
        seat = (line, level, region)
        if seat not in self.known:
            who = self.known[seat] = officer(account_of(*seat), f"{_surnames[level]}{Line(line).label}")
            hold(who, post_of(region, level, line), SINCE)
        return self.known[seat]

    def of(self, turn: Turn) -> Officer:
        """Whose turn it is."""
        if self.away and turn.region.startswith(self.away):
            return self.at(turn.line, turn.level, place_at(self.here, turn.level))
        return super().of(turn)

    def second(self, line: str, level: str, region: str) -> Officer:
        """Who countersigns in an office."""
        seat = (f"{line}+", level, region)
        if seat not in self.known:
            who = self.known[seat] = officer(account_of(*seat), f"钱{Line(line).label}")
            hold(who, post_of(region, level, line), SINCE)
        return self.known[seat]


@dataclass
class Story:
    """A person who moves from one village to another, with the cases that run for it."""

    origin: str = HUANGLU
    destination: str = FENGLAI
    away: str = ""
    cases: dict[str, UUID] = field(default_factory=dict)
    person: Person = field(init=False)
    offices: Sides = field(init=False)

    def settle(self) -> str:
        """The offices, and 张青山 with all that he has at the origin; his key."""
        names = {HUANGLU: "黄栌村", FENGLAI: "凤来村", FENGQI: "凤旗村"}
        Region.objects.bulk_create([Region(code=c, name=n, level=Region.Kind.VILLAGE) for c, n in names.items()])
        self.offices = Sides(here=self.destination, away=self.away)
        self.offices.open_all(*([self.destination] if self.away else [self.origin, self.destination]))
        village = self.offices.at(Line.COMMITTEE, Level.VILLAGE, self.destination)
        home = create_household(
            by=village, household_code="5000000000000401", origin=self.origin, destination=self.destination
        )
        poor = {"relocatee_kind": "registered_poor", "settlement_mode": "centralized"}
        record_facts(by=village, kind="household", subject=str(home.pk), facts=poor)
        facts: dict[str, Any] = {
            **{f"{of}_moved": False for of in _belongs},
            "party_member": True,
            "pension_status": "contributing",
            "medical_status": "resident",
            "assistance_kind": "dibao",
            "age_at_hukou_move": 40,
            "contracted_land": True,
            "lives_at_site": False,
            "crosses_collective": True,
            "destination_collective": True,
            "residence_detached": True,
            "hukou_detached": False,
            "membership_detached": False,
            "election_day": day(-60),
            "destination_body": "village",
            "voter_registrations": 0,
        }
        self.person = create_person(
            by=village, name="张青山", number=number(401), household=home, relation="户主", facts=facts
        )
        for kind, (choice, line, level) in _wishes.items():
            by = self.offices.at(line, level, place_at(self.destination, level))
            record_wish(by=by, person=str(self.person.pk), kind=kind, choice=choice, on=day(61), how="当面")
        move_relation(
            by=village,
            person=str(self.person.pk),
            kind="election",
            holder=self.origin,
            since=day(900),
            because="enrolled",
        )
        return str(self.person.pk)

    def seat(self, line: str, level: str, side: str) -> Office:
        """An office of a side."""
        return Office(line, level, place_at(getattr(self, side), level))

    def case(self, procedure: str) -> Case:
        """The person's case of a procedure, as it stands now."""
        with everything():
            return Case.objects.unscoped().get(pk=self.cases[procedure])

    def open(self, procedure: str, line: str, level: str, ago: int, side: str = "destination") -> str:
        """An office opens a case; its key."""
        by = self.offices.at(*_seat(self.seat(line, level, side)))
        person, how = str(self.person.pk), "本人到窗口书面申请"
        case = open_case(by=by, procedure=procedure, subject=person, applied_on=day(ago), how=how)
        self.cases[procedure] = case.pk
        return str(case.pk)

    def adopt(self, procedure: str) -> str:
        """A case that was opened elsewhere; its key."""
        with everything():
            self.cases[procedure] = Case.objects.unscoped().get(procedure=procedure, closed_at=None).pk
        return str(self.cases[procedure])

    def walk(
        self,
        procedure: str,
        actions: Sequence[str],
        ago: int,
        fields: Mapping[str, Value] | None = None,
        reason: str = "",
        basis: str | None = None,
    ) -> int:
        """Take steps of a case on a day, each by whose turn it is; where it stands then. What a step does not ask is left out."""
        case, paper = self.case(procedure), "回函一份" if self.away else ""
        for action in actions:
            before = case.step
            while case.step == before:
                with everything():
                    asked = {one.name for one in Running.of(case).fields(case.step)}
                given = {name: value for name, value in (fields or {}).items() if name in asked}
                case = step_on(
                    case,
                    self.offices,
                    action,
                    on=day(ago),
                    reason=reason,
                    basis=paper if basis is None else basis,
                    **given,
                )
        return case.step

    def write(self, procedure: str, name: str, fields: Mapping[str, Value] | None = None) -> str:
        """A letter of the step at which a case stands, by the office whose turn it is: drafted, checked by a second, issued; its number."""
        case = self.case(procedure)
        turn = waiting(case)[0]
        office, by = Office(turn.line, turn.level, turn.region), self.offices.of(turn)
        with everything():
            running = Running.of(case)
            step = running.step(case.step)
            kind = next(one for one in letters_of(running, step) if one.name == name)
            asked = Asked(kind, running, step, office, [Known(case, self.written(case))], dict(fields or {}))
        letter = draft_for(by=by, asked=asked, on=today(), key=uuid4())
        if letter.formal:
            letter = hand_over(by=by, letter=letter.pk, seen=letter.revision)
            by = self.offices.second(*_seat(office))
            letter = countersign(by=by, letter=letter.pk, seen=letter.revision)
        return str(issue(by=by, letter=letter.pk, seen=letter.revision).number_text)

    def receive(self, name: str, line: str, level: str, side: str) -> None:
        """An office notes that it has a letter."""
        with everything():
            letter = Letter.objects.unscoped().filter(name=name, state=State.ISSUED).latest("pk")
        receive(by=self.offices.at(*_seat(self.seat(line, level, side))), letter=letter.pk, on=today())

    def void(self, name: str, because: str) -> None:
        """The latest letter of a kind no longer counts."""
        with everything():
            letter = Letter.objects.unscoped().filter(name=name, state=State.ISSUED).latest("pk")
        by = self.offices.at(letter.line, letter.level, letter.region)
        void(by=by, letter=letter.pk, because=because)

    def reply(self, procedure: str) -> None:
        """The other side's stamped reply is laid into a case."""
        case = self.case(procedure)
        by = self.offices.of(waiting(case)[0])
        keep_paper(by=by, case=case.pk, kind=PaperKind.REPLY, about="盖章的回函", content=jpeg())

    def written(self, case: Case) -> dict[str, Value]:
        """What the steps of a case wrote down."""
        with everything():
            rows = Entry.objects.unscoped().filter(case=case).order_by("seq")
            return {name: value for row in rows for name, value in _told(row).get("fields", {}).items()}

    def keep_months(self, side: str, ago: int) -> int:
        """A side's township begins to keep its months; for how many people."""
        office = self.seat(Line.CIVIL_AFFAIRS, Level.TOWNSHIP, side)
        return begin_months(by=self.offices.at(*_seat(office)), payer=office.region, month=month(ago))

    def pay(self, side: str, *months: int) -> None:
        """A side's township pays months, each on its tenth day, or today."""
        office = self.seat(Line.CIVIL_AFFAIRS, Level.TOWNSHIP, side)
        for ago in months:
            on = min(date.fromisoformat(f"{month(ago)}-10"), today())
            person, by = str(self.person.pk), self.offices.at(*_seat(office))
            pay(by=by, person=person, kind="dibao", month=month(ago), payer=office.region, amount=DIBAO, on=on)

    # --- what is true at the end ------------------------------------------------------------------------------------

    def holders(self) -> dict[str, list[str]]:
        """Who holds each relation, first to last; each step goes on from the one before it."""
        with everything():
            rows = list(Relation.objects.unscoped().filter(person=self.person).order_by("kind", "since"))
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.kind, []).append(row.holder)
        for kind, steps in found.items():
            own = [row for row in rows if row.kind == kind]
            assert [row.after for row in own] == [None, *(row.since for row in own)][: len(steps)], kind
        return found

    def months(self) -> dict[str, list[str]]:
        """By month: whose it is, how far it is, and every office that really paid it."""
        with everything():
            paid = list(Amount.objects.unscoped().filter(person=self.person).values_list("month", "payer"))
            rows = list(Month.objects.unscoped().filter(person=self.person).order_by("month"))
        return {text_of(r.month): [r.payer, r.state, *(by for of, by in paid if of == r.month)] for r in rows}

    def letters(self) -> dict[str, list[int]]:
        """The numbers of every office."""
        with everything():
            rows = Letter.objects.unscoped().filter(number__isnull=False).order_by("number")
            found: dict[str, list[int]] = {}
            for row in rows:
                found.setdefault(str(row.number_text).partition("〔")[0], []).append(row.number or 0)
            unissued = Letter.objects.unscoped().exclude(state__in=[State.ISSUED, State.VOID]).count()
        assert unissued == 0
        return found

    def without_receipt(self) -> list[str]:
        """Issued letters that an office has not acknowledged."""
        with everything():
            noted = Receipt.objects.unscoped().values("addressee")
            rows = Addressee.objects.unscoped().filter(letter__state=State.ISSUED, letter__formal=True)
            return sorted(
                f"{row.letter.name} → {row.name}" for row in rows.exclude(pk__in=noted).select_related("letter")
            )

    def unjustified(self) -> list[str]:
        """Steps that do not say who took them, when and on what grounds."""
        with everything():
            rows = list(Entry.objects.unscoped().select_related("case", "by").order_by("case", "seq"))
            return [f"{row.case.procedure} {row.seq}: {why}" for row in rows if (why := self._lacks(row))]

    def _lacks(self, row: Entry) -> str:
        told, running = _told(row), Running.of(row.case)
        if row.by is None or not row.office or row.on > localtime(row.at).date():
            return "谁、哪个岗位、哪天"
        if row.did == Did.OPENED:
            return "" if told.get("reason") else "凭什么立件"
        step = running.step(row.step)
        move = next(one for one in step.moves if one.action == row.action)
        if not step.sentences:
            return "依据哪一句"
        if forward(step, move):
            return "、".join(one.name for one in running.fields(row.step) if one.name not in told.get("fields", {}))
        return "" if told.get("reason") else "为什么退回"

    def on_paper(self) -> list[str]:
        """What the steps taken for an office that is not here rest on."""
        with everything():
            turns = Turn.objects.unscoped().filter(region__startswith=self.away or "-", resident=False)
            found = []
            for row in Entry.objects.unscoped().filter(case__in=turns.values("case")).order_by("case", "seq"):
                if turns.filter(case=row.case_id, until_entry=row.seq).exists():
                    laid = Paper.objects.unscoped().filter(case=row.case_id, after=row.seq - 1, kind=PaperKind.REPLY)
                    found.append(_told(row).get("basis") or ("盖章的回函" if laid.exists() else ""))
        return found

    def duties(self) -> list[str]:
        """What is still owed to the person, by name; what is only to be recorded left out."""
        with everything():
            open_ = Duty.objects.unscoped().filter(subject_id=str(self.person.pk), closed_on=None).exclude(decision="")
            return sorted(guideline().duties[one.kind].name for one in open_)

    def running(self) -> list[str]:
        """Cases that have not come to their end."""
        with everything():
            return sorted(Case.objects.unscoped().exclude(state="done").values_list("procedure", flat=True))

    def wrong(self) -> list[str]:
        """What the nightly questions and the journal find."""
        told = verify_journal()
        return [*(sentence for sentence, n in verify().items() if n), *map(str, told.findings)]


def _told(row: Entry) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(row.told.reveal())
    return told


def _seat(office: Office) -> tuple[str, str, str]:
    return office.line, office.level, office.region
