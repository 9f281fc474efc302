"""What one may ask about duties: mine, those below me, a subject's; in order of urgency, by pages, and in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, IntegerField, Q, Value, When
from django.utils import timezone

from anju.duties.actors import reaches, recorders
from anju.duties.blanks import by_clause_of
from anju.duties.clocks import Clock, Clocks, states
from anju.duties.models import Duties, Duty
from anju.duties.owed import due_kind_label, fill_in_label, reason, strength_label
from anju.duties.versions import policy_of
from anju.government.models import Officer
from anju.government.queries import reaching, visible_regions
from anju.policy.model import Policy
from anju.register.privacy import may_see, works_on

page_size = 50
_levels = ("village", "township", "county", "city")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of duties shows: of which clause, kind, strength and state (`anju.duties.clocks.states`); "" for all."""

    clause: str = ""
    kind: str = ""
    strength: str = ""
    state: str = ""
    due_kind: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A duty as an officer sees it. ``reason`` and ``blanks`` (clause, names of terms) are empty where the officer's lines do not
    work with what they tell. ``mine``: it is for one of the officer's posts.
    """

    duty: Duty
    label: str
    strength: str
    who: str
    clock: Clock
    due_kind: str
    reason: str
    blanks: tuple[tuple[str, tuple[str, ...]], ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Duties in order of urgency, and the key behind which the next page begins ("" where there is none)."""

    rows: Sequence[Shown]
    next: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many open duties there are: all, by state, by the kind of deadline of those overdue, by clause and by kind."""

    total: int
    states: Mapping[str, int]
    overdue: Mapping[str, int]
    clauses: Mapping[str, int]
    kinds: Mapping[str, int]


class Desk:
    """One officer's view of duties on a day; keep one for a request."""

    def __init__(self, officer: Officer, *, on: date | None = None, purpose: str = "经办") -> None:
        self.officer, self.purpose = officer, purpose
        self.on = on or timezone.localdate()
        self.scopes = visible_regions(officer, self.on)
        self.clocks = Clocks(self.on)
        self.policy: Policy = self.clocks.policy

    def mine(self) -> Duties:
        """Open duties for a post of the officer: line, level and region."""
        return self._seen().owed().filter(self._for(lambda scope: (scope.level,)))

    def below(self) -> Duties:
        """Open duties of the same line at lower levels in the officer's regions."""
        return self._seen().owed().filter(self._for(lambda scope: _levels[: _levels.index(scope.level)]))

    def some(self, keys: Iterable[int]) -> Duties:
        """Open duties by their keys, of those that the officer sees."""
        return self._seen().owed().filter(pk__in=list(keys))

    def of_subject(self, kind: str, subject: str) -> list[Shown]:
        """All duties of a subject that the officer sees: the open ones by urgency, then the closed ones, the latest first."""
        found = self._seen().filter(subject_kind=kind, subject_id=subject)
        return self._listed(found)

    def of_household(self, household: UUID | str) -> list[Shown]:
        """All duties of a household and of those who belonged to it when they were last evaluated."""
        return self._listed(self._seen().filter(household=household))

    def page(self, duties: Duties, asked: Asked | None = None, *, after: str = "", size: int = page_size) -> Page:
        """Duties by urgency: overdue (法定, 原则上, 内控), soon due, later, without a date; in each by the day they count from.

        Args:
            after: the key that the page before gave; one that cannot be read means the first page.
        """
        wanted = asked or Asked()
        found = self.chosen(duties, wanted)
        rows: list[Duty] = []
        band, place = _read(after)
        for at, (state, due_kind) in enumerate(_bands):
            if at < band or len(rows) > size or (wanted.state and state != wanted.state):
                continue
            keys = ("pk",) if state == "undated" else ("counts_from", "pk")
            inside = found.filter(self.clocks.within(state, due_kind)).order_by(*keys)
            if at == band and place is not None:
                inside = inside.filter(_beyond(*place))
            rows += inside[: size + 1 - len(rows)]
        shown = self.shown(rows[:size])
        return Page(shown, self._key(shown[-1]) if len(rows) > size else "")

    def chosen(self, duties: Duties, asked: Asked) -> Duties:
        """Those of the duties that are asked for."""
        for column in ("clause", "kind", "strength"):
            value = getattr(asked, column)
            if value:
                duties = duties.filter(**{column: value})
        if asked.state in states:
            duties = duties.filter(self.clocks.within(asked.state, asked.due_kind))
        return duties

    def numbers(self, duties: Duties) -> Numbers:
        """Count open duties, in one question."""
        state = Case(
            *(When(self.clocks.within(state), then=Value(at)) for at, state in enumerate(states[:-1])),
            default=Value(len(states) - 1),
            output_field=IntegerField(),
        )
        counted = duties.order_by().annotate(state=state).values_list("state", "clause", "kind").annotate(n=Count("pk"))
        by_state: Counter[str] = Counter()
        overdue: Counter[str] = Counter()
        clauses: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        for at, clause, kind, n in counted:
            by_state[states[at]] += n
            clauses[clause] += n
            kinds[kind] += n
            if states[at] == "overdue":
                overdue[self.policy.duties[kind].due_kind] += n
        return Numbers(by_state.total(), by_state, overdue, clauses, kinds)

    def shown(self, duties: Iterable[Duty]) -> list[Shown]:
        """Duties as the officer sees them."""
        return [self._shown(duty) for duty in duties]

    def _seen(self) -> Duties:
        return Duty.objects.visible_to(self.officer, purpose=self.purpose)

    def _listed(self, found: Duties) -> list[Shown]:
        """Open ones by urgency, then closed ones."""
        still = sorted(self.shown(found.owed()), key=lambda shown: (_band(shown.clock), shown.clock.due or date.max))
        return [*still, *self.shown(found.filter(closed_on__isnull=False).order_by("-closed_on", "-pk"))]

    def _for(self, levels: Any) -> Q:
        """Duties for a line at some levels within each post's region."""
        found = Q(pk__in=[])
        for scope in self.scopes:
            for level in levels(scope):
                for reach in reaches(self.policy, scope.line, level):
                    found |= reach.condition(scope.lo, scope.hi)
        return found

    def _is_mine(self, duty: Duty) -> bool:
        held = ((reach, scope) for scope in self.scopes for reach in reaches(self.policy, scope.line, scope.level))
        return any(reach.holds(duty, scope.lo, scope.hi) for reach, scope in held)

    def _shown(self, duty: Duty) -> Shown:
        pages = self.policy if duty.kind in self.policy.duties else policy_of(duty.version_id)
        kind = pages.duties.get(duty.kind)
        clock = self.clocks.of(duty)
        here = reaching(self.scopes, duty.origin, duty.destination, duty.insured)
        blanks = tuple(
            (clause, names)
            for clause, terms in by_clause_of(duty.terms)
            if (names := tuple(pages.terms[t].name for t in terms if t in pages.terms and may_see(here, t)))
        )
        return Shown(
            duty,
            kind.name if kind else fill_in_label,
            strength_label(duty.strength),
            kind.who if kind else "、".join(self._recorders(clause for clause, _ in by_clause_of(duty.terms))),
            clock,
            due_kind_label(clock.due_kind) if clock.due_kind else "",
            why(duty) if works_on(here, duty.clause or "0") else "",
            blanks,
            self._is_mine(duty),
        )

    def _recorders(self, clauses: Iterable[str]) -> tuple[str, ...]:
        """Who fills in what some clauses miss."""
        return tuple(dict.fromkeys(a.text for clause in clauses for a in recorders(self.policy, clause)))

    def _key(self, last: Shown) -> str:
        duty = last.duty
        day = duty.counts_from.isoformat() if duty.counts_from and last.clock.state != "undated" else ""
        return f"{_bands.index(_band_of(last.clock))}.{day}.{duty.pk}"


_bands = (
    ("overdue", "legal"),
    ("overdue", "principle"),
    ("overdue", "internal"),
    ("soon", ""),
    ("later", ""),
    ("undated", ""),
)


def why(duty: Duty) -> str:
    """Why a duty opened, in the words of the pages that opened it; empty for a 补录."""
    return reason(policy_of(duty.version_id), duty.decision, duty.row) if duty.decision else ""


def _band_of(clock: Clock) -> tuple[str, str]:
    return clock.state, clock.due_kind if clock.state == "overdue" else ""


def _band(clock: Clock) -> int:
    return _bands.index(_band_of(clock))


def _beyond(day: str, key: int) -> Q:
    """Behind a duty that counts from a day; "" where duties without a date stand in the order in which they opened."""
    if not day:
        return Q(pk__gt=key)
    return Q(counts_from__gt=day) | Q(counts_from=day, pk__gt=key)


def _read(key: str) -> tuple[int, tuple[str, int] | None]:
    band, _, rest = key.partition(".")
    day, _, number = rest.partition(".")
    try:
        if day:
            date.fromisoformat(day)
        return range(len(_bands))[int(band)], (day, int(number))
    except (IndexError, ValueError):
        return 0, None
