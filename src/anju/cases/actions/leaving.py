"""Ways out of every procedure, without being written on its page: 撤回, 挂起, 终止."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from anju.cases.actions.within import running_case, why_not, written
from anju.cases.actions.work import Work
from anju.cases.effects import give_up
from anju.cases.models import Case, Did, State
from anju.cases.procedures import Running, begun_by_person, changed_by, stays
from anju.cases.provided import tells
from anju.cases.turns import Places, mine
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.government.residents import Resident, Somebody
from anju.government.second_wall import everything
from anju.policy.names import withdrawn
from anju.register.actions.within import check_work, scopes_of
from anju.register.facts import today

_longest = timedelta(days=366)


def withdraw(*, by: Somebody, case: UUID | str, seen: int, how: str) -> Case:
    """The person takes the application back, at any time before it takes effect; ``how``: how one knows. Raises `Refused`."""
    with one_deed():
        found = running_case(by, case, seen)
        if not how.strip():
            raise Refused("撤回要写明本人是怎么说的。")
        _check(by, found, Did.WITHDRAWN)
        with everything():
            changes = give_up(found, Running.of(found), "", withdrawn, today())
            work = _leave(found, by, Did.WITHDRAWN, State.WITHDRAWN, how)
            if changes or tells(found):
                work.touch(found)
            work.note("withdraw", found, step=work.entries[0].step)
            work.write()
    return found


def terminate(*, by: Officer, case: UUID | str, seen: int, because: str) -> Case:
    """Whose turn it is ends the case: it is no longer to be done. Not what has taken effect (1.3-2). Raises `Refused`."""
    with one_deed():
        found = running_case(by, case, seen)
        if not because.strip():
            raise Refused("终止要写明为什么。")
        _check(by, found, Did.TERMINATED)
        with everything():
            work = _leave(found, by, Did.TERMINATED, State.TERMINATED, because)
            if tells(found):
                work.touch(found)
            work.note("terminate", found, step=work.entries[0].step)
            work.write()
    return found


def suspend(*, by: Officer, case: UUID | str, seen: int, because: str, review_on: date) -> Case:
    """Whose turn it is lets the case wait for something outside until a day on which somebody looks again; the clock runs on. Raises
    `Refused`.
    """
    with one_deed():
        found = running_case(by, case, seen)
        if not because.strip():
            raise Refused("挂起要写明等什么。")
        if not today() < review_on <= today() + _longest:
            raise Refused("复查日要在明天到一年之内。")
        _check(by, found, Did.SUSPENDED)
        with everything():
            found.state, found.review_on = State.SUSPENDED, review_on
            work = _stay(found, by, Did.SUSPENDED, f"{because.strip()}（{review_on} 复查）")
            work.note("suspend", found, review_on=str(review_on))
            work.write()
    return found


def resume(*, by: Officer, case: UUID | str, seen: int, because: str = "") -> Case:
    """Go on with a suspended case where it stood. Raises `Refused`."""
    with one_deed():
        found = running_case(by, case, seen)
        _check(by, found, Did.RESUMED)
        with everything():
            found.state, found.review_on = State.RUNNING, None
            work = _stay(found, by, Did.RESUMED, because)
            work.note("resume", found)
            work.write()
    return found


def why_stays(by: Somebody, case: Case, did: Did) -> str:
    """Why somebody does not leave a case that way, or go on with it, whatever the reason; "" where that may be."""
    if why := why_not(case, None):
        return why
    try:
        _check(by, case, did)
    except Refused as refused:
        return str(refused)
    return ""


def end_for_nobody(case: Case, because: str) -> None:
    """The system ends a case whose subject has ended; within a transaction that may write anywhere. What has taken effect is done:
    only what was to be told is left out.
    """
    if case.in_force_at is None:
        work = _leave(case, None, Did.TERMINATED, State.TERMINATED, because)
        work.note("terminate", case, step=work.entries[0].step)
    else:
        work = _leave(case, None, Did.MOVED, State.DONE, f"{because}已经生效的不变，余下的不再办。")
        work.note("move", case, step=work.entries[0].step, to=0)
    work.write()


def _leave(case: Case, by: Somebody | None, did: Did, state: State, why: str) -> Work:
    """Let a case end at the step where it stands."""
    work, step = Work(by, [case]), case.step
    case.entries += 1
    work.end(case, state)
    target = 0 if state == State.DONE else -1
    work.enter(case, did, step=step, target=target, told=written({}, reason=why), on=today())
    return work


def _check(by: Somebody, case: Case, did: Did) -> None:
    """Raise `Refused` for whoever may not, for a case that is suspended already, or not, and for one that has taken effect."""
    if did == Did.SUSPENDED and case.state == State.SUSPENDED:
        raise Refused("这一件已经挂起了。")
    if did == Did.RESUMED and case.state != State.SUSPENDED:
        raise Refused("这一件没有挂起。")
    if did == Did.WITHDRAWN:
        _check_work(by, case)
    elif isinstance(by, Officer):
        _check_turn(by, case)
    if did in (Did.WITHDRAWN, Did.TERMINATED):
        _check_open(case, did.label)


def _check_open(case: Case, what: str) -> None:
    """Raise `Refused` where what a case is about has taken effect: who was told late has no veto (1.3-2)."""
    if stays(case):
        raise Refused(f"{changed_by(Running.of(case))}，不能{what}；余下的照办。登记错了的，由管它的单位更正关系。")


def _stay(case: Case, by: Officer, did: Did, why: str) -> Work:
    work = Work(by, [case])
    case.entries += 1
    work.enter(case, did, step=case.step, target=case.step, told=written({}, reason=why), on=today())
    return work


def _check_turn(by: Officer, case: Case) -> None:
    running = Running.of(case)
    with everything():
        turns = Work(by, [case]).turns(case)
    if not mine(turns, scopes_of(by), case, running, today()):
        step = running.step(case.step)
        raise Refused(f"“{step.name}”这一步由{step.who}办，现在轮不到您。")


def _check_work(by: Somebody, case: Case) -> None:
    if isinstance(by, Resident):  # in the own case
        if not begun_by_person(Running.of(case).procedure):
            raise Refused("这一件不是您申请的，是单位起头办的；不同意的，请告诉村社区或者在办的单位。")
        return
    check_work(scopes_of(by), case.clause, *filter(None, Places.of(case).all()))
