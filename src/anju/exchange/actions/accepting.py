"""A second officer accepts a batch, or gives it back; what was merged is undone by two as well: one asks, another one agrees."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from anju.exchange.jobs import merge_batch, read_file, undo_batch
from anju.exchange.kinds import kind_of
from anju.exchange.models import Batch, Batches, StagedRow, State, not_asked, rows_gone
from anju.exchange.noting import note
from anju.exchange.queries.batches import seen_batch
from anju.exchange.whose import others_chosen, posts_at, unseen_chosen
from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.jobs.actions import JobTask, begin
from anju.jobs.models import Job

_faster = "这一批刚刚有人处理过，请刷新再看。"
_works = {
    State.READING: (read_file, "read"),
    State.MERGING: (merge_batch, "merge"),
    State.UNDOING: (undo_batch, "undo"),
}


def accept(*, by: Officer, batch: str | UUID, revision: int) -> Batch:
    """Accept the chosen rows and begin to merge them.

    Args:
        revision: the one that the officer saw; another one now means that a decision or a choice was changed meanwhile.

    Raises:
        Refused: out of reach, one's own batch, nothing chosen, rows of another line's work or with facts that he does not see,
            somebody was faster.
    """
    with one_deed():
        found = _seen(by, batch)
        if found.uploaded_by_id == by.pk:
            raise Refused("自己交的要由同一地区的另一位干部接收。")
        if found.state != State.READY:
            raise Refused(_faster)
        if found.revision != revision:
            raise Refused("有的行刚刚改了取舍，请刷新看过再接收。")
        rows = StagedRow.objects.visible_to(by, purpose="接收导入").filter(batch=found, chosen=True)
        if not rows.exists():
            raise Refused("没有一行要并入。")
        _check_lines(by, found, "要并入的", "接收", "，或者退回，请交的人按条线分开交")
        _go(by, found, State.READY, State.MERGING, accepted_by=by)
        note(by, "accept", found, revision=revision)
    return found


def reject(*, by: Officer, batch: str | UUID, because: str) -> None:
    """Give a batch back unmerged: whoever handed it in, or who could accept it. Raises `Refused`."""
    with one_deed():
        found = _seen(by, batch)
        if not because.strip():
            raise Refused("退回要写明为什么。")
        changed = Batch.objects.visible_to(by, purpose="接收导入").filter(pk=found.pk, state=State.READY)
        if not changed.update(state=State.REJECTED, message=because.strip()[:300], ended_at=timezone.now()):
            raise Refused(_faster)
        note(by, "reject", found, because=because.strip()[:300])


def ask_undo(*, by: Officer, batch: str | UUID, because: str) -> None:
    """Ask for a merge to be undone: whoever handed it in or accepted it. Another officer agrees, or does not; where nobody did in time, one
    may ask again. Raises `Refused`.
    """
    with one_deed():
        found = _seen(by, batch)
        if by.pk not in (found.uploaded_by_id, found.accepted_by_id):
            raise Refused("只有交的人和接收的人能申请撤回。")
        if not because.strip():
            raise Refused("撤回要写明为什么。")
        if found.forgotten_at:
            raise Refused(rows_gone)
        if why := kind_of(found.kind).final:
            raise Refused(why)
        wanted = {"undo_asked_by": by, "undo_because": because.strip()[:300]}
        now = timezone.now()
        until = now + timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS)
        if _merged(by, found).filter(undo_decide_by__lt=now).update(**not_asked):  # the night has not let go of it yet
            note(by, "lapse_undo", found, asked_by=str(found.undo_asked_by_id))
        if not _merged(by, found).filter(undo_asked_by=None).update(message="", undo_decide_by=until, **wanted):
            raise Refused(_faster)
        note(by, "ask_undo", found, because=because.strip()[:300])


def approve_undo(*, by: Officer, batch: str | UUID) -> None:
    """Another officer, who could have accepted it as well, agrees: it begins to be undone.

    Raises:
        Refused: out of reach, one's own request, nobody asked, its days are over, rows of another line's work or with facts that he does
            not see, somebody was faster.
    """
    with one_deed():
        found = _seen(by, batch)
        if found.undo_asked_by_id == by.pk:
            raise Refused("申请撤回的人自己不能同意，请同一地区的另一位干部看。")
        _check_asked(found)
        _check_lines(by, found, "要撤回的", "同意撤回")
        asked = {"undo_asked_by": found.undo_asked_by_id, "undo_decide_by": found.undo_decide_by}
        if not _merged(by, found).filter(**asked).update(state=State.UNDOING, message="", ended_at=None, undone_by=by):
            raise Refused(_faster)
        _work(by, found, State.UNDOING)
        StagedRow.objects.visible_to(by, purpose="接收导入").filter(batch=found, touched=True).update(touched=False)
        note(by, "begin_undo", found, asked_by=str(found.undo_asked_by_id), because=found.undo_because)


def refuse_undo(*, by: Officer, batch: str | UUID, because: str) -> None:
    """It is not undone: another officer says why, or who asked thinks better of it. Raises `Refused`."""
    with one_deed():
        found = _seen(by, batch)
        _check_asked(found)
        if not because.strip():
            raise Refused("不撤回要写明为什么。")
        waiting = _merged(by, found).filter(undo_asked_by=found.undo_asked_by_id, undo_decide_by=found.undo_decide_by)
        if not waiting.update(message=f"没有撤回：{because.strip()}"[:300], **not_asked):
            raise Refused(_faster)
        note(by, "refuse_undo", found, asked_by=str(found.undo_asked_by_id), because=because.strip()[:300])


def again(*, by: Officer, batch: str | UUID) -> None:
    """Begin anew what did not get done in the background. Raises `Refused`."""
    with one_deed():
        found = _seen(by, batch)
        work = Job.objects.filter(pk=found.job).first() if found.job else None
        if found.state not in _works or (work is not None and work.state == Job.State.OPEN):
            raise Refused(_faster)
        _work(by, found, State(found.state))


def _check_asked(batch: Batch) -> None:
    """Raise `Refused` unless somebody waits for it to be undone."""
    if batch.undo_asked_by_id is None or batch.state != State.MERGED or batch.undo_decide_by is None:
        raise Refused(_faster)
    if batch.undo_lapsed:
        raise Refused("等另一位干部同意的期限已经过了，这次申请不再算数；还要撤回的话请重新申请。")


def _check_lines(by: Officer, batch: Batch, rows: str, deed: str, otherwise: str = "") -> None:
    """Raise `Refused` where some of the rows are other lines' work, or have facts that the officer does not see."""
    posts = posts_at(by, batch)
    if unseen := unseen_chosen(by, posts, batch):
        raise Refused(
            f"{rows}有 {unseen} 行写着别的条线的事实，您看不到，也不能{deed}；请由看得到的干部{deed}{otherwise}。"
        )
    if others := others_chosen(posts, batch):
        raise Refused(f"{rows}有 {others} 行归别的条线办，您看不到，也不能{deed}；请由那条线的干部{deed}{otherwise}。")


def _merged(by: Officer, batch: Batch) -> Batches:
    """The batch, if it is merged and not forgotten."""
    rows = Batch.objects.visible_to(by, purpose="接收导入").filter(pk=batch.pk)
    return rows.filter(state=State.MERGED, forgotten_at=None)


def _seen(by: Officer, batch: str | UUID) -> Batch:
    found = seen_batch(by, str(batch))
    if found is None:
        raise Refused("没有这一批，或者不在您的范围里。")
    return found


def _go(by: Officer, batch: Batch, before: State, after: State, **values: object) -> None:
    """Take a step of a batch, unless somebody was faster, and begin its work."""
    seen = {"state": before, "revision": batch.revision, "forgotten_at": None}
    rows = Batch.objects.visible_to(by, purpose="接收导入").filter(pk=batch.pk, **seen)
    if not rows.update(state=after, message="", **values):
        raise Refused(_faster)
    _work(by, batch, after)


def _work(by: Officer, batch: Batch, state: State) -> None:
    work, name = _works[state]
    task: JobTask = work
    before = Job.objects.filter(key__startswith=f"exchange.{name}:{batch.pk}").count()
    begun = begin(
        task,
        key=f"exchange.{name}:{batch.pk}:{before}",
        owner=str(by.pk),
        title=f"导入：{State(state).label}",
        arguments={"batch": str(batch.pk)},
    )
    Batch.objects.visible_to(by, purpose="接收导入").filter(pk=batch.pk).update(job=begun.pk)
