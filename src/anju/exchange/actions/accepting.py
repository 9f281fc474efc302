"""A second officer accepts a batch, or gives it back; what was merged may be undone."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from anju.exchange.jobs import merge_batch, read_file, undo_batch
from anju.exchange.kinds import kind_of
from anju.exchange.models import Batch, StagedRow, State, rows_gone
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
        posts = posts_at(by, found)
        if unseen := unseen_chosen(by, posts, found):
            raise Refused(
                f"要并入的有 {unseen} 行写着别的条线的事实，您看不到，也不能接收；请由看得到的干部接收，或者退回，请交的人按条线分开交。"
            )
        if others := others_chosen(posts, found):
            raise Refused(
                f"要并入的有 {others} 行归别的条线办，您看不到，也不能接收；请由那条线的干部接收，或者退回，请交的人按条线分开交。"
            )
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


def undo(*, by: Officer, batch: str | UUID, because: str) -> None:
    """Begin to undo a merge: whoever handed it in or accepted it. Raises `Refused`."""
    with one_deed():
        found = _seen(by, batch)
        if by.pk not in (found.uploaded_by_id, found.accepted_by_id):
            raise Refused("只有交的人和接收的人能撤回。")
        if not because.strip():
            raise Refused("撤回要写明为什么。")
        if found.forgotten_at:
            raise Refused(rows_gone)
        if why := kind_of(found.kind).final:
            raise Refused(why)
        _go(by, found, State.MERGED, State.UNDOING, ended_at=None)
        StagedRow.objects.visible_to(by, purpose="接收导入").filter(batch=found, touched=True).update(touched=False)
        note(by, "begin_undo", found, because=because.strip()[:300])


def again(*, by: Officer, batch: str | UUID) -> None:
    """Begin anew what did not get done in the background. Raises `Refused`."""
    with one_deed():
        found = _seen(by, batch)
        work = Job.objects.filter(pk=found.job).first() if found.job else None
        if found.state not in _works or (work is not None and work.state == Job.State.OPEN):
            raise Refused(_faster)
        _work(by, found, State(found.state))


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
