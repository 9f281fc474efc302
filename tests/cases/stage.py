"""Where officers play: all offices, a clock that a test sets, and subjects whom a procedure is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from anju.cases.actions.work import values_of
from anju.cases.fields import Value
from anju.cases.models import Case, Entry, Turn
from anju.cases.procedures import Running, subject_of
from anju.cases.recorded import Recorded
from anju.duties.evaluate import look_again
from anju.duties.everyone import evaluate_all
from anju.government.models import Officer
from anju.government.residents import Resident
from anju.government.second_wall import everything
from anju.policy.force import steps_in_force
from anju.policy.model import Fact, Step
from anju.register.actions import create_household, create_person, create_site, move_relation
from anju.register.actions.by_case import put_facts
from anju.register.facts import today
from anju.register.guideline import guideline
from tests.cases.cast import Offices
from tests.cases.fitting import ORIGINS, SAME_COUNTY, SAME_TOWNSHIP, fit
from tests.payments.bills import ceilings
from tests.payments.rents import budget, rate
from tests.register.cast import DESTINATION, ORIGIN, YUNYANG, number

FIRST = date(2026, 3, 2)
"""The day on which every game begins: whatever is found is found again."""
HUBEI = ORIGINS["transfer_medical_out"]
PAGES = guideline()
RUNNING: Mapping[str, Running] = {code: Running(PAGES, one) for code, one in PAGES.procedures.items()}
_child = date(2015, 6, 1)
_apart = 10
"""The days of a game are so many days apart."""


@dataclass
class Clock:
    """What time it is; every look at it is a moment later."""

    at: datetime = field(default_factory=lambda: timezone.make_aware(datetime.combine(FIRST, time(9))))

    def now(self) -> datetime:
        """As `django.utils.timezone.now`."""
        self.at += timedelta(microseconds=100)
        return self.at

    def forward(self, days: int) -> None:
        """Let so many days pass, and some more: what is compiled for a day serves all games that come to it."""
        gone = (self.at.date() - FIRST).days + days
        self.at += timedelta(-(-gone // _apart) * _apart - gone + days)


class Stage:
    """All offices of the places that the procedures name, what a county has to have told, and a clock."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.offices = Offices().open_all(DESTINATION, ORIGIN, SAME_COUNTY, SAME_TOWNSHIP, HUBEI)
        self.held = frozenset(self.offices.known)
        self.seats = {who.pk: seat for seat, who in self.offices.known.items()}
        self.village = self.offices.at("committee", "village", DESTINATION)
        ceilings(YUNYANG)
        rate(county=YUNYANG)
        budget(self.offices.at("agriculture", "county", YUNYANG), "1000000", county=YUNYANG)
        evaluate_all(today())


@dataclass
class Subjects:
    """Who is there in one game: made when a procedure wants somebody."""

    stage: Stage
    made: int = 0
    homes: dict[str, str] = field(default_factory=dict)

    def next(self) -> int:
        """A number that nobody has yet."""
        self.made += 1
        return self.made

    def key(self) -> UUID:
        """A sender's number that nobody has yet."""
        return UUID(int=self.next())

    def new(self, procedure: str, *, child: bool = False) -> str:
        """Somebody whom a procedure is for, and who comes from where it asks; the key."""
        of, village = subject_of(PAGES, procedure), self.stage.village
        if of == "county":
            return YUNYANG
        if of == "site":
            return str(create_site(by=village, name=f"双江安置点{self.next()}", region=DESTINATION).pk)
        code = f"5000000000{self.next():06d}"
        origin = ORIGINS.get(procedure, ORIGIN)
        home = create_household(by=village, household_code=code, origin=origin, destination=DESTINATION)
        if of == "household":
            return str(home.pk)
        if child:
            create_person(by=village, name="张青山", number=number(self.next()), household=home, relation="户主")
        own = number(self.next(), _child) if child else number(self.next())
        relation = "子女" if child else "户主"
        person = str(create_person(by=village, name="张碧水", number=own, household=home, relation=relation).pk)
        self.homes[person] = str(home.pk)
        self.let_fit(person, procedure)
        if any(actor.side == "insured" for step in PAGES.procedures[procedure].steps for actor in step.actors):
            insurer = self.stage.offices.at("medical_security", "county", YUNYANG)
            move_relation(by=insurer, person=person, kind="medical", holder=YUNYANG, since=FIRST, because="enrolled")
        return person

    def let_fit(self, person: str, procedure: str) -> None:
        """Let the register know of a person what a procedure asks."""
        fit(person, procedure)
        look_again("person", [person])

    def let_be(self, kind: str, subject: str, facts: Mapping[str, Fact | None]) -> None:
        """Let the register know something of somebody."""
        with everything():
            put_facts(kind=kind, subject=subject, facts=facts)
        look_again(kind, [subject])

    def himself(self, person: str) -> Resident:
        """A person who has signed in."""
        return Resident(UUID(person), "张**", DESTINATION)

    def held_by(self, who: Officer) -> tuple[str, str, str]:
        """The seat that an officer holds, or shares."""
        if who.pk in self.stage.seats:
            return self.stage.seats[who.pk]
        found = next(o for o in self.stage.offices.known.values() if f"{o.account}+"[-40:] == who.account)
        return self.stage.seats[found.pk]


@dataclass(frozen=True)
class Standing:
    """A case as it stands: what the actions would be asked with."""

    case: Case
    running: Running
    step: Step
    turns: Sequence[Turn]
    recorded: Recorded
    told: Mapping[str, Value]

    @property
    def in_force(self) -> bool:
        """Whether by its page what the case is about has taken effect, and stays."""
        return self.case.step in steps_in_force(self.running.procedure)

    @classmethod
    def of(cls, key: UUID) -> Standing:
        """That of a case that is open."""
        with everything():
            case = Case.objects.unscoped().get(pk=key)
            running = Running.of(case)
            entries = list(Entry.objects.unscoped().filter(case=case).order_by("seq"))
            turns = list(Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk"))
            recorded = Recorded.of(case, running)
            return cls(case, running, running.step(case.step), turns, recorded, values_of(entries))
