"""Plots of land that somebody gives up: who applies for one is seen beside the others who do, and one of them gets it (1.4-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.db import connection

from anju.cases.fields import Value
from anju.cases.models import Case, Cases, State, open_states
from anju.government.refusals import Refused
from anju.register.actions.by_case import put_facts
from anju.register.changes import changed
from anju.register.guideline import guideline
from anju.tables.spelling import one_spelling


@dataclass(frozen=True, slots=True, order=True)
class Plot:
    """A plot of a village."""

    village: str
    plot: str


longest_plot = 60
_field = "标的地块"
_duty = "tell_land_priority"


def plot_of(text: str) -> str:
    """A plot as contracts name it, written one way: ａ－０３ and "A-03" are the same."""
    return one_spelling(text)


@cache
def procedure_of_plots() -> str:
    """The procedure by which somebody takes a plot over."""
    return guideline().duties[_duty].ends[1]


def plots_at(case: Case, fields: Mapping[str, Value]) -> set[Plot]:
    """The plots that a case is about, and will be about with what is written down at its step."""
    if case.procedure != procedure_of_plots():
        return set()
    named = {case.plot, plot_of(str(fields[_field])) if _field in fields else ""}
    return {Plot(case.destination, plot) for plot in named if plot}


def lock(plots: Iterable[Plot]) -> None:
    """Let nobody else apply for these plots, take one or give one up until the transaction ends: whoever waited sees what the other wrote.

    Before anything is written, all that a deed is about at once: two who wait for each other's plots never wait in a ring. SQLite has one
    writer at a time, and needs nothing.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for plot in sorted(plots):
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtext('plots'), hashtext(%s))", [f"{plot.village} {plot.plot}"]
            )


def check_plot(case: Case, fields: Mapping[str, Value], *, ends: bool) -> set[Plot]:
    """Let a case be about the plot that was written down at its step, if one was; nobody else has it, then and where it ``ends`` well.

    Returns:
        The plots of which others who apply are to look again (`others_look_again`): this one, and the one that was written before. Raises
        `Refused`.
    """
    if case.procedure != procedure_of_plots():
        return set()
    told = plots_at(case, fields)
    if _field in fields:
        case.plot = plot_of(str(fields[_field]))
        if len(case.plot) > longest_plot:
            raise Refused(f"“{_field}”照公布的写，最多 {longest_plot} 个字。")
    if case.plot and (ends or _field in fields) and is_taken(case):
        raise Refused(f"“{case.plot}”已经由别人受让，不能再登记给第二个人。")
    return told if _field in fields else set()


def is_taken(case: Case) -> bool:
    """Whether the plot that a case is about is another one's."""
    return _of(case.destination, case.plot).filter(state=State.DONE).exclude(pk=case.pk).exists()


def no_longer_offered(case: Case) -> None:
    """Keep for somebody whose case ends otherwise that the plot, which another one has, is offered to him no more."""
    if case.plot and case.state != State.DONE and is_taken(case):
        put_facts(kind="person", subject=case.subject_id, facts={"offered_by_own_collective": False})


def others_look_again(plots: Iterable[Plot]) -> None:
    """Let all who apply for the plots be looked at again: whether others do (`anju.cases.provided`) may have changed. Acts for nobody,
    within the deed that moved a case.
    """
    waiting: set[str] = set()
    for told in plots:
        every = _of(told.village, told.plot).filter(state__in=open_states)
        waiting.update(every.values_list("subject_id", flat=True))
    changed("person", sorted(waiting))


def _of(village: str, plot: str) -> Cases:
    return Case.objects.unscoped().filter(procedure=procedure_of_plots(), destination=village, plot=plot)
