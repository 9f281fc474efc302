"""Public notices: that of a case with what was said against it, and the board of those in an officer's reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from anju.cases import notices
from anju.cases.actions.proving import waiting
from anju.cases.models import Case, Notice, Objection
from anju.cases.procedures import Running
from anju.cases.queries.lists import purpose
from anju.cases.recorded import Recorded
from anju.government.models import Officer
from anju.government.queries.names import Names
from anju.government.second_wall import everything
from anju.register.queries.paging import Listing
from anju.register.queries.whom import whom

_units = {"person": "人", "household": "户"}
_all_decided = "期满，异议都处理了"
"""What the pages call 无异议, where somebody had objected: nothing is in the way any more."""


@dataclass(frozen=True, slots=True)
class Against:
    """An objection in words."""

    objection: Objection
    who: str
    told: str
    because: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The notice of a case. ``state``: the pages' word. ``against``: for those who do the clause's work alone; ``open``: how many of
    them are undecided.
    """

    notice: Notice
    text: str
    state: str
    label: str
    against: Sequence[Against]

    @property
    def open(self) -> int:
        """How many objections are undecided."""
        return sum(not one.objection.outcome for one in self.against)


@dataclass(frozen=True, slots=True)
class Hanging:
    """A notice of the board. ``state``: of the pages, and in words."""

    notice: Notice
    text: str
    procedure: str
    where: str
    hangs: bool


def posted(officer: Officer, case: Case, recorded: Recorded, *, works: bool) -> Posted | None:
    """The notice of a case that counts, as an officer sees it."""
    if recorded.notice is None:
        return None
    against = Objection.objects.visible_to(officer, purpose=purpose).filter(notice=recorded.notice)
    rows = list(against.select_related("recorded_by", "decided_by").order_by("on", "pk"))
    told = [
        Against(one, one.who.reveal(), one.told.reveal(), one.because.reveal() if one.outcome else "")
        for one in (rows if works else ())
    ]
    label = (
        _all_decided
        if rows and recorded.state == "clear"
        else recorded.running.policy.terms[notices.state_term].label(recorded.state)
    )
    return Posted(recorded.notice, recorded.notice.text.reveal(), recorded.state, label, told)


def on_the_same_paper(notice: Notice) -> int:
    """How many other cases wait for the same paper to be proven."""
    with everything():
        return sum(1 for _one in waiting(notice.pk))


def suggestion(officer: Officer, case: Case, running: Running, on: date) -> tuple[str, date | None]:
    """What a notice may say, and until when it hangs if it is posted today: name, village and matter, nothing else."""
    about = whom(officer, [(case.subject_kind, case.subject_id)], on).get((case.subject_kind, case.subject_id))
    where = Names([case.destination], on)(case.destination)
    until = notices.last_day(case, running, on)
    said = f"{about.name if about else '某某'}（{where}）：{running.procedure.name}。"
    return f"{said}有不同意见的，请在公示期内当面、书面或者打电话提出。", until


def suggestion_of_all(officer: Officer, cases: Sequence[Case], running: Running, on: date) -> tuple[str, date | None]:
    """What one notice may say of several of one village: who they are, and the matter."""
    subjects = [(case.subject_kind, case.subject_id) for case in cases]
    about = whom(officer, subjects, on)
    listed = "、".join(about[one].name for one in subjects if one in about)
    where = Names([cases[0].destination], on)(cases[0].destination)
    said = f"{where}下列 {len(cases)} {_units.get(cases[0].subject_kind, '件')}：{listed}。事由：{running.procedure.name}。"
    until = notices.last_day(cases[0], running, on)
    return f"{said}对其中哪一位有不同意见的，请在公示期内写明是谁，当面、书面或者打电话提出。", until


def board(officer: Officer, on: date, shelf: str) -> Listing[Notice]:
    """The notices in an officer's reach that hang (``now``) or have been taken down (``over``), the latest first; of one paper one."""
    found = Notice.objects.visible_to(officer, purpose=purpose).select_related("case")
    hangs = Q(until__gte=on) & (Q(proven_until=None) | Q(proven_until__gte=on))
    found = found.filter(hangs if shelf == "now" else ~hangs)
    before = found.filter(paper=OuterRef("paper"), pk__lt=OuterRef("pk"))
    return Listing((found.filter(~Exists(before)),), ("pk",), falling=True)


def hanging(found: Sequence[Notice], on: date) -> list[Hanging]:
    """Notices as rows of the board."""
    names = Names({notice.case.destination for notice in found}, on)
    return [
        Hanging(
            notice,
            notice.text.reveal(),
            Running.of(notice.case).procedure.name,
            names(notice.case.destination),
            notice.ends >= on,
        )
        for notice in found
    ]
