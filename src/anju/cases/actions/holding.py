"""What is done ends on the day from which on it holds: a destination that pays from next month, an insurance that begins with the year.

Nobody is late who waits for that day (1.7-3): the turns that did the work are over, and those that stand until then begin on it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef

from anju.cases.actions.within import written
from anju.cases.actions.work import Work
from anju.cases.effects import ahead, carry_out
from anju.cases.models import Case, Did, Entry, State, Turn
from anju.cases.procedures import Running
from anju.government.queries import asking_once
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.jobs.actions import job
from anju.jobs.models import Job
from anju.register.facts import today


def take_hold(case: UUID) -> bool:
    """End a case of which all is done and the day has come; whether it has ended. What cannot be any more stays with whoever did the last
    step, and the register as it was.
    """
    try:
        with asking_once(), one_deed(), everything():
            rows = Case.objects.unscoped().select_for_update(of=("self",)).filter(pk=case, state=State.RUNNING)
            work = Work(None, list(rows))
            for found in work.cases:
                running, since = Running.of(found), {turn.since_entry for turn in work.turns(found)}
                last = next(
                    entry for entry in work.done(found) if entry.seq in since
                )  # 挂起 and 恢复 may have come after
                if last.did != Did.DATED or ahead(running, work.values(found)):
                    return False
                carry_out(found, running, work.values(found), work.today)
                found.entries += 1
                work.end(found, State.DONE)
                told = written({}, reason="到了生效日，照办好的办结。")
                work.enter(found, Did.MOVED, step=last.step, target=0, action=last.action, told=told, on=work.today)
                work.touch(found)
                work.note("move", found, step=last.step, did=last.action, to=0)
            work.write()
    except Refused:
        return False
    return bool(work.cases)


@job
def end_what_holds(begun: Job) -> None:
    """End all cases whose day has come. Killed and begun again, it finds what is left to do by itself."""
    with everything():
        dated = Entry.objects.unscoped().filter(case=OuterRef("case"), seq=OuterRef("since_entry"), did=Did.DATED)
        waiting = Turn.objects.unscoped().filter(until_entry=None, since__lte=today(), case__state=State.RUNNING)
        due = sorted(set(waiting.filter(Exists(dated)).values_list("case_id", flat=True)))
    ended = sum(take_hold(case) for case in due)
    Job.objects.filter(pk=begun.pk).update(message=f"到了生效日 {len(due)} 件，办结 {ended} 件")
