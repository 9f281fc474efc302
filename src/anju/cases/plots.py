"""Plots of land that somebody gives up: who applies for one is seen beside the others who do, and one of them gets it (1.4-4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from anju.cases.fields import Value
from anju.cases.models import Case, Cases, State, open_states
from anju.government.refusals import Refused
from anju.register.actions.by_case import put_facts
from anju.register.changes import changed
from anju.register.guideline import guideline


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot of a village; ``anew``: somebody applies for it no more, or applied for another one before."""

    village: str
    plot: str
    anew: bool = False


longest_plot = 60
_field = "标的地块"
_duty = "tell_land_priority"
_dashes = re.compile(r"[‐-―−—－_]+")
_blanks = re.compile(r"\s+")


def plot_of(text: str) -> str:
    """A plot as contracts name it, written one way: ａ－０３ and "A-03" are the same."""
    plain = unicodedata.normalize("NFKC", text)
    return _dashes.sub("-", _blanks.sub("", plain)).upper()


@cache
def procedure_of_plots() -> str:
    """The procedure by which somebody takes a plot over."""
    return guideline().duties[_duty].ends[1]


def check_plot(case: Case, fields: Mapping[str, Value], *, ends: bool) -> list[Plot]:
    """Let a case be about the plot that was written down at its step, if one was; nobody else has it, then and where it ``ends`` well.

    Returns:
        The plots of which others who apply are to be told (`tell_others`): this one, and the one that was written before. Raises
        `Refused`.
    """
    if case.procedure != procedure_of_plots():
        return []
    before = case.plot
    if _field in fields:
        case.plot = plot_of(str(fields[_field]))
        if len(case.plot) > longest_plot:
            raise Refused(f"“{_field}”照公布的写，最多 {longest_plot} 个字。")
    if case.plot and (ends or _field in fields) and _of(case.destination, case.plot).filter(state=State.DONE).exists():
        raise Refused(f"“{case.plot}”已经由别人受让，不能再登记给第二个人。")
    if _field not in fields:
        return []
    if before in ("", case.plot):
        return [Plot(case.destination, case.plot)]
    return [Plot(case.destination, plot, anew=True) for plot in (before, case.plot)]


def tell_others(told: Plot) -> None:
    """Keep for all who apply for a plot whether there are others; once it is somebody's, it is offered to nobody any more. Acts for nobody,
    within the deed that moved the case. Of one who has always been alone it says nothing: others may have applied on paper.
    """
    every = _of(told.village, told.plot)
    waiting = list(every.filter(state__in=open_states).order_by("subject_id").values_list("subject_id", flat=True))
    taken = every.filter(state=State.DONE).exists()
    if len(waiting) < 2 and not taken and not told.anew:
        return
    facts = {"offered_by_own_collective": False} if taken else {"other_priority_claimants": len(waiting) > 1}
    for person in waiting:
        put_facts(kind="person", subject=person, facts=facts)
    changed("person", waiting)


def _of(village: str, plot: str) -> Cases:
    return Case.objects.unscoped().filter(procedure=procedure_of_plots(), destination=village, plot=plot)
