"""A case is opened: from a duty, or because the person applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from anju.cases.actions.papers import lay, scan_of
from anju.cases.actions.within import other_deed, sent_before, written
from anju.cases.actions.work import Work
from anju.cases.consent import Consent
from anju.cases.effects import begin
from anju.cases.guardians import check_by_himself
from anju.cases.guards import known_of, lets
from anju.cases.models import Case, Did, PaperKind
from anju.cases.moves import check_none_behind
from anju.cases.procedures import Running, begun_by_person, by_village, subject_of
from anju.cases.provided import tells
from anju.cases.queries.owed import owes
from anju.cases.turns import places_for, sides_of
from anju.duties.evaluate import look_again
from anju.duties.versions import keep
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.refusals import Refused, one_deed
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.register.actions.facts import begin_county, tables
from anju.register.actions.within import check_work, code, locked, scopes_of
from anju.register.changes import changed
from anju.register.facts import today
from anju.register.guideline import guideline


def open_case(
    *,
    by: Somebody,
    procedure: str,
    subject: str,
    applied_on: date,
    how: str,
    origin: str = "",
    key: UUID | None = None,
    absent: bool = False,
    consent: Consent | None = None,
) -> Case:
    """Open a case for a subject; it waits at the first step. Who comes to apply wishes it: that is recorded with it (立件). A resident
    opens what begins with the person, and only about himself.

    Args:
        applied_on: the day of the application, or on which somebody took it up; deadlines from the application count from it.
        how: how one knows that the person wants it (本人到场, 书面申请, 电话记录 …), or what the office goes by.
        origin: for a site or a county the place of origin that a procedure of two sides is about.
        key: the sender's; what was sent twice opens one case.
        absent: that the person did not come, and whoever opens it acts for him (代办).
        consent: what he signed for that; without it the case waits at its first step until it is laid in.

    Raises:
        Refused: out of reach, another line's work, no such procedure for such a subject, one that runs already, a side that is not
            registered, a case that leads to where the person was before, a day in the future.
    """
    with one_deed():
        if (done := _opened_before(by, key, procedure, subject)) is not None:
            return done
        pages = guideline()
        if procedure not in pages.procedures:
            raise Refused("没有这个流程。")
        of, running = subject_of(pages, procedure), Running(pages, pages.procedures[procedure])
        scopes = _scopes_of(by, of, running, subject, absent=absent)
        found = locked(tables[of], by, subject)
        if getattr(found, "ended_on", None) is not None:
            raise Refused("这个人已经注销，不再立件。")
        _check_told(applied_on, how, absent=absent, consent=consent)
        if (born := getattr(found, "birth_date", None)) is not None and applied_on < born:
            raise Refused(f"申请日不能早于出生日期 {born}。")
        with everything():
            check_none_behind(of, str(found.pk), running)
            places = places_for(of, str(found.pk), running.procedure, today(), code(origin))
            if not isinstance(by, Resident):
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
            if isinstance(by, Resident):
                check_by_himself(by, case, running)
            # before the journal's chain is held, as with every paper: who waits for the same sheet may hold the chain
            scan = scan_of(consent.content) if consent is not None else None
            case.save(force_insert=True)
            work = Work(by, [case])
            work.enter(
                case, Did.OPENED, step=1, target=1, told=written({}, reason=how, absent=absent), on=applied_on, key=key
            )
            work.stand_at(case, 1, applied_on, running)
            work.note("open", case)
            work.write()
            if consent is not None and scan is not None:
                lay(by, case, kind=PaperKind.CONSENT, about=consent.about, scan=scan)
            _begun(by, case, running, how)
    return case


def _begun(by: Somebody, case: Case, running: Running, how: str) -> None:
    """Record what stands under 立件, and let whoever depends on the subject look again; not of somebody of whom an office may begin it
    without an application: nobody chose anything then (I8).
    """
    if not _begun_by_village(by, case, running) and begin(case, running, how):
        changed(case.subject_kind, [case.subject_id])
        case.refresh_from_db()  # what is known of the person may have ended it at once
    elif tells(case):  # no fact has changed, but since when somebody applies is known now
        look_again(case.subject_kind, [case.subject_id])


def _begun_by_village(by: Somebody, case: Case, running: Running) -> bool:
    first = running.step(1)
    if isinstance(by, Resident) or all(move.action != by_village for move in first.moves):
        return False
    return lets(case, running, first, by_village, known=known_of(case))


def _opened_before(by: Somebody, key: UUID | None, procedure: str, subject: str) -> Case | None:
    """The case that was opened when this was sent before. Raises `Refused` where the key was another deed's."""
    done = sent_before(by, key)
    if done is None:
        return None
    if (done.did, done.case.procedure, done.case.subject_id) != (Did.OPENED, procedure, subject):
        raise Refused(other_deed)
    return done.case


@dataclass(frozen=True, slots=True)
class ForDuty:
    """A case that is to be opened because a duty (its code) is owed to a subject. ``how``, ``key``: as for `open_case`."""

    duty: str
    subject: str
    how: str
    key: UUID


def open_for_duty(*, by: Officer, wanted: ForDuty, applied_on: date, absent: bool = False) -> Case:
    """Open the case that ends a duty, as long as it is owed. ``absent``: as for `open_case`.

    Raises:
        Refused: as `open_case`; no procedure ends the duty, or one that each subject needs another office for; it is not owed any more.
    """
    duty = guideline().duties.get(wanted.duty)
    if duty is None or not opens(wanted.duty):
        raise Refused("这一条没有可以一起立的流程，请一件一件办。")
    if sent_before(by, wanted.key) is None and not owes(by, wanted.duty, wanted.subject):
        raise Refused(f"台账里没有“{duty.name}”这件应办：先按名单登记，或者已经办好。")
    return open_case(
        by=by,
        procedure=duty.ends[1],
        subject=wanted.subject,
        applied_on=applied_on,
        how=wanted.how,
        key=wanted.key,
        absent=absent,
    )


def opens(duty: str) -> bool:
    """Whether a case ends a duty that can be opened for many at once: of a site or county none that names another office for each."""
    pages = guideline()
    kind = pages.duties.get(duty)
    if kind is None or kind.ends[0] != "procedure":
        return False
    of = subject_of(pages, kind.ends[1])
    return of in ("person", "household") or "origin" not in sides_of(pages.procedures[kind.ends[1]])


def _scopes_of(by: Somebody, of: str, running: Running, subject: str, *, absent: bool) -> Sequence[Scope]:
    """The posts that an officer opens it from; a resident's are none. Raises `Refused` for what no resident begins."""
    if isinstance(by, Resident):
        if absent or of != "person" or not begun_by_person(running.procedure):
            raise Refused("这件事由单位来办，不用您申请。")
        return ()
    scopes = scopes_of(by)
    if of == "county":
        begin_county(by, subject)
    return scopes


def _check_told(applied_on: date, how: str, *, absent: bool, consent: Consent | None) -> None:
    """Raise `Refused` for a day to come, and where it does not say how one knows."""
    if applied_on > today():
        raise Refused("申请日不能晚于今天。")
    if not how.strip():
        raise Refused("要写明凭什么办：本人怎么申请的，或者依据什么。")
    if consent is not None and not absent:
        raise Refused("交了本人签字的授权书或照片，就是代办；请勾上代办，或者不交。")
