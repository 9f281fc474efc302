"""Plots that somebody may take over: for each who applied, in which order, what became of it (1.4-4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Page, Paginator

from anju.cases.models import Case, Entry, State
from anju.cases.plots import procedure_of_plots
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose
from anju.duties.editions import Counties
from anju.government.asking import Asking
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.second_wall import everything
from anju.policy.closures import Answer
from anju.register.facts import facts_by_subject
from anju.register.guideline import guideline
from anju.register.privacy import works_on
from anju.register.queries.whom import Whom, whom

_a_page = 20
_decision = "land_priority"
_ranks = ("priority", "", "equal", "none")


def clause_of_plots() -> str:
    """The clause whose work it is."""
    return guideline().procedures[procedure_of_plots()].clause


def works_on_plots(scope: Scope) -> bool:
    """Whether a post does that work."""
    return works_on([scope], clause_of_plots())


@dataclass(frozen=True, slots=True)
class Claimant:
    """Who applied for a plot. ``decided``: what the pages say of the priority today, as a code with its reason, "" while it is open;
    ``step``: where the case stands, "" once it has ended; ``last``: what was done last, and on which day.
    """

    case: Case
    whom: Whom | None
    decided: str
    label: str
    why: str
    step: str
    last: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of a collective's village with who applied: those first whom the pages let be first, then by the day of application. The
    guideline does not say who of several comes first; that is the collective's and the township's to find out.
    """

    name: str
    place: str
    claimants: Sequence[Claimant]

    @property
    def holder(self) -> Claimant | None:
        """Who has it."""
        return next((one for one in self.claimants if one.case.state == State.DONE), None)

    @property
    def several(self) -> bool:
        """Whether more than one who may be first still waits."""
        return sum(one.decided == "priority" and bool(one.step) for one in self.claimants) > 1


def plots(who: Asking, number: str) -> tuple[Page[tuple[str, str]], list[Plot]]:
    """A page of the plots within the officer's reach."""
    seen = Case.objects.visible_to(who.officer, purpose=purpose).filter(procedure=procedure_of_plots()).exclude(plot="")
    found = Paginator(seen.values_list("destination", "plot").distinct().order_by("destination", "plot"), _a_page)
    page = found.get_page(number)
    wanted = list(page.object_list)
    cases = [one for one in seen.filter(plot__in=[name for _, name in wanted]) if (one.destination, one.plot) in wanted]
    about = whom(who.officer, [("person", one.subject_id) for one in cases], who.today)
    names = Names([village for village, _ in wanted], who.today)
    answers, last = _answers(cases, who.today), _last(who, cases)
    listed = []
    for village, plot in wanted:
        own = [one for one in cases if (one.destination, one.plot) == (village, plot)]
        told = [_claimant(one, about.get(("person", one.subject_id)), answers[one.subject_id], last) for one in own]
        told.sort(key=lambda one: (not one.step, _ranks.index(one.decided), one.case.applied_on, one.case.opened_at))
        listed.append(Plot(plot, names(village), told))
    return page, listed


def _answers(cases: Sequence[Case], on: date) -> Mapping[str, Answer]:
    with everything():
        facts = facts_by_subject("person", [one.subject_id for one in cases], on=on) if cases else {}
    counties = Counties.of(guideline(), on)
    return {
        one.subject_id: counties.judge(one.destination[:6])
        .case("person")
        .answer(facts.get(one.subject_id, {}))[_decision]
        for one in cases
    }


def _last(who: Asking, cases: Sequence[Case]) -> Mapping[object, Entry]:
    seen = Entry.objects.visible_to(who.officer, purpose=purpose).filter(case__in=cases).order_by("seq")
    return {entry.case_id: entry for entry in seen.defer("told")}


def _claimant(case: Case, about: Whom | None, answer: Answer, last: Mapping[object, Entry]) -> Claimant:
    decided, entry = "" if answer.missing else str(answer.value), last.get(case.pk)
    step = Running.of(case).step(case.step).name if case.step else ""
    told = (entry.action or entry.get_did_display()) if entry else ""
    return Claimant(
        case, about, decided, answer.label if decided else "", answer.reason, step, told, entry.on if entry else None
    )
