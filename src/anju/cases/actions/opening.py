"""A case is opened: from a duty, or because the person applies."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from anju.cases.actions.within import written
from anju.cases.actions.work import Work
from anju.cases.models import Case, Did
from anju.cases.procedures import Running, subject_of
from anju.cases.turns import places_for
from anju.duties.versions import keep
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.register.actions.facts import begin_county, tables
from anju.register.actions.within import check_work, code, locked, scopes_of
from anju.register.facts import today
from anju.register.guideline import guideline


def open_case(
    *, by: Officer, procedure: str, subject: str, applied_on: date, how: str, origin: str = "", key: UUID | None = None
) -> Case:
    """Open a case for a subject; it waits at the first step.

    Args:
        applied_on: the day of the application, or on which somebody took it up; deadlines from the application count from it.
        how: how one knows that the person wants it (本人到场, 书面申请, 电话记录 …), or what the office goes by.
        origin: for a site or a county the place of origin that a procedure of two sides is about.
        key: the sender's; what was sent twice opens one case.

    Raises:
        Refused: out of reach, another line's work, no such procedure for such a subject, one that runs already, a side that is not
            registered, a day in the future.
    """
    with one_deed():
        pages = guideline()
        if procedure not in pages.procedures:
            raise Refused("没有这个流程。")
        of, running = subject_of(pages, procedure), Running(pages, pages.procedures[procedure])
        scopes = scopes_of(by)
        if of == "county":
            begin_county(by, subject)
        found = locked(tables[of], by, subject)
        if getattr(found, "ended_on", None) is not None:
            raise Refused("这个人已经注销，不再立件。")
        if applied_on > today():
            raise Refused("申请日不能晚于今天。")
        if not how.strip():
            raise Refused("要写明凭什么办：本人怎么申请的，或者依据什么。")
        with everything():
            places = places_for(of, str(found.pk), running.procedure, today(), code(origin))
            check_work(scopes, running.procedure.clause, *filter(None, places.all()))
            keep(pages, today())
            case = Case(
                procedure=procedure,
                clause=running.procedure.clause,
                version_id=pages.version,
                subject_kind=of,
                subject_id=str(found.pk),
                origin=places.origin,
                destination=places.destination,
                insured=places.insured,
                applied_on=applied_on,
            )
            case.save(force_insert=True)
            work = Work(by, [case])
            work.enter(case, Did.OPENED, step=1, target=1, told=written({}, reason=how), on=applied_on, key=key)
            work.stand_at(case, 1, applied_on, running)
            work.note("open", case)
            work.write()
    return case
