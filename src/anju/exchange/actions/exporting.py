"""Taking a list along: what is wanted, who asks, who approves, and the download."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from anju.exchange.export_jobs import make_file
from anju.exchange.exporting import keeping
from anju.exchange.exporting.asked import Asked, asked_of, lies_within, listings, stored
from anju.exchange.exporting.noting import note
from anju.exchange.exporting.rows import how_many
from anju.exchange.models import Export, Exports, Stage
from anju.exchange.queries.exports import seen_export
from anju.government.full_rows import left_alone
from anju.government.models import Officer
from anju.government.queries import reaching, visible_regions
from anju.government.refusals import Refused, one_deed
from anju.jobs.actions import begin
from anju.jobs.models import Job
from anju.register.actions.within import open_scope
from anju.register.queries.lists import Filters
from anju.sealing.ciphertext import SealBroken

_not_there = "没有这份导出，或者不在您的范围里。"
_faster = "这份导出刚刚有人处理过，请刷新再看。"
_purpose = "导出"
lapsed = "等批准的期限已经过了，这份导出不再批；还要的话请重新导出。"


def draft(*, by: Officer, kind: str, filters: Filters, region: str = "") -> Export:
    """Begin an export of a list, within the region of one of the officer's posts: the one named, or where the filter lies.

    Nothing is taken yet. Raises `Refused`.
    """
    with one_deed():
        if kind not in listings:
            raise Refused("没有这种导出。")
        regions = own_regions(by)
        wanted = region or next((one for one in regions if lies_within(filters.region, one)), regions[0])
        if wanted not in regions:
            raise Refused("导出的范围要是您自己的一个岗位所在的地区。")
        export = Export(officer=by, kind=kind, region=wanted, filters=stored(filters))
        export.lines = asked_of(export).lines
        open_scope(visible_regions(by, timezone.localdate()))
        export.save(force_insert=True)
    return export


def change(*, by: Officer, export: str | UUID, kind: str, region: str) -> None:
    """Another kind of rows, or another of the officer's regions, while nothing was asked for. Raises `Refused`."""
    with one_deed():
        found = _own(by, export, Stage.DRAFT)
        if kind not in listings or listings[kind] is not listings[found.kind]:
            raise Refused("这份名单不能这样导出。")
        if region not in own_regions(by):
            raise Refused("导出的范围要是您自己的一个岗位所在的地区。")
        found.kind, found.region = kind, region
        _rows(by, found).update(kind=kind, region=region, lines=asked_of(found).lines)


def ask(*, by: Officer, export: str | UUID, full: bool, purpose: str) -> Export:
    """Ask for it: it is made at once, or waits for another officer if there are many rows in full.

    Raises:
        Refused: not one's own draft, nothing in the list, no purpose, more than an officer takes in a day. The last stands in the journal.
    """
    with one_deed():
        Officer.objects.select_for_update().get(pk=by.pk)  # two that are asked at once are counted one after the other
        found = _own(by, export, Stage.DRAFT)
        found.full, found.purpose = full, purpose.strip()[:300]
        if full and not found.purpose:
            raise Refused("导出完整号码要写明用途。")
        asked = asked_of(found)
        found.rows = how_many(asked, settings.ANJU_MOST_EXPORTED_ROWS_A_DAY)
        if not found.rows:
            raise Refused("这份名单里一行也没有，没有可以导出的。")
        too_much = _beyond_the_day(by, found)
        if too_much:
            note(by, "ask_export", found, result="refused")
        else:
            _asked(by, found, asked)
    if too_much:
        raise Refused(too_much)
    return found


def approve(*, by: Officer, export: str | UUID) -> None:
    """Another officer of the region lets it be made. Raises `Refused`."""
    with one_deed():
        found = _others(by, export)
        _decide(by, found, Stage.MAKING)
        _work(by, found)
        note(by, "approve_export", found, asked_by=str(found.officer_id))


def refuse(*, by: Officer, export: str | UUID, because: str) -> None:
    """Another officer of the region does not, and says why. Raises `Refused`."""
    with one_deed():
        found = _others(by, export)
        if not because.strip():
            raise Refused("不批准要写明为什么。")
        _decide(by, found, Stage.REFUSED, message=because.strip()[:300])
        note(by, "refuse_export", found, asked_by=str(found.officer_id), because=because.strip()[:300])


def again(*, by: Officer, export: str | UUID) -> None:
    """Begin anew what did not get done in the background. Raises `Refused`."""
    with one_deed():
        found = _own(by, export, Stage.MAKING)
        work = Job.objects.filter(pk=found.job).first() if found.job else None
        if work is not None and work.state == Job.State.OPEN:
            raise Refused(_faster)
        _work(by, found)


def take(*, by: Officer, export: str | UUID, path: Path) -> Export:
    """Write the file to the disk for the officer; it stands in the journal before it is out.

    Raises:
        Refused: not one's own, not made yet, its hours are over, the posts are others by now, or somebody changed it at rest.
    """
    with one_deed():
        found = seen_export(by, export)
        if found is None or found.officer_id != by.pk:
            raise Refused(_not_there)
        why = _not_to_be_taken(found)
        if not why:
            try:
                keeping.write(by, found, path)
            except (keeping.FileBroken, SealBroken):
                why = "这份文件在库里被改动过，不能下载；请告诉系统管理员，再重新导出。"
        note(by, "take_export", found, result="refused" if why else "done")
    if why:
        raise Refused(why)
    return found


def own_regions(by: Officer) -> list[str]:
    """The regions of the officer's posts. Raises `Refused` without one."""
    regions = list(dict.fromkeys(scope.lo for scope in visible_regions(by, timezone.localdate())))
    if not regions:
        raise Refused("您现在没有岗位，不能导出；岗位由安全管理员给。")
    return regions


def _not_to_be_taken(export: Export) -> str:
    if export.stage == Stage.GONE or (export.expires_at is not None and export.expires_at <= timezone.now()):
        return f"文件做好 {settings.ANJU_EXPORTS_KEPT_HOURS} 小时以后就删除了，请重新导出。"
    if export.stage != Stage.READY:
        return "这份导出还没有做好，或者没有做成。"
    if asked_of(export).lines != export.lines:
        return "您的岗位和导出的时候不一样了，这份文件不能再下载，请重新导出。"
    return ""


def _beyond_the_day(by: Officer, export: Export) -> str:
    """Why it is more than an officer takes in a day; "" if it is not."""
    begun = datetime.combine(timezone.localdate(), time.min, timezone.get_current_timezone())
    counted = Export.objects.visible_to(by, purpose=_purpose).filter(officer=by, asked_at__gte=begun)
    counted = counted.exclude(stage__in=[Stage.REFUSED, Stage.LAPSED, Stage.FAILED])
    most, most_rows = settings.ANJU_MOST_EXPORTS_A_DAY, settings.ANJU_MOST_EXPORTED_ROWS_A_DAY
    if counted.count() >= most:
        return f"一天最多导出 {most} 次，您今天已经到数了，请明天再导出；这件事已经记入日志，审计员会看到。"
    rows = (counted.aggregate(n=Sum("rows"))["n"] or 0) + export.rows
    if rows > most_rows:
        return f"一天最多导出 {most_rows:,} 行，加上这一份就超过了；请缩小范围，或者明天再导出。这件事已经记入日志，审计员会看到。"
    return ""


def _asked(by: Officer, found: Export, asked: Asked) -> None:
    alone = left_alone(by, but=str(found.pk))
    stage = Stage.WAITING if found.full and found.rows > alone else Stage.MAKING
    values = {"full": found.full, "purpose": found.purpose, "rows": found.rows, "lines": asked.lines, "alone": alone}
    now = timezone.now()
    if stage == Stage.WAITING:
        values["decide_by"] = now + timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS)
    changed = _rows(by, found).filter(stage=Stage.DRAFT)
    if not changed.update(stage=stage, asked_at=now, **values):
        raise Refused(_faster)
    found.stage = stage
    if stage == Stage.MAKING:
        _work(by, found)
    note(by, "ask_export", found, alone=stage == Stage.MAKING)


def _own(by: Officer, export: str | UUID, stage: Stage) -> Export:
    found = seen_export(by, export)
    if found is None or found.officer_id != by.pk:
        raise Refused(_not_there)
    if found.stage != stage:
        raise Refused(_faster)
    return found


def _others(by: Officer, export: str | UUID) -> Export:
    found = seen_export(by, export)
    if found is None:
        raise Refused(_not_there)
    if found.officer_id == by.pk:
        raise Refused("自己的导出自己不能批准，请同一地区的另一位干部批准。")
    lines = {scope.line for scope in reaching(visible_regions(by, timezone.localdate()), found.region)}
    if lines.isdisjoint(found.lines.split(",")):
        raise Refused("这份导出是别的条线的，请同一条线的另一位干部批准。")
    if found.stage != Stage.WAITING:
        raise Refused(lapsed if found.stage == Stage.LAPSED else _faster)
    if found.decide_by is not None and found.decide_by < timezone.now():
        raise Refused(lapsed)
    return found


def _decide(by: Officer, export: Export, stage: Stage, message: str = "") -> None:
    waiting = _rows(by, export).filter(stage=Stage.WAITING)
    if not waiting.update(stage=stage, decided_by=by, decided_at=timezone.now(), message=message):
        raise Refused(_faster)


def _rows(by: Officer, export: Export) -> Exports:
    return Export.objects.visible_to(by, purpose=_purpose).filter(pk=export.pk)


def _work(by: Officer, export: Export) -> None:
    before = Job.objects.filter(key__startswith=f"exchange.export:{export.pk}").count()
    work = begin(
        make_file,
        key=f"exchange.export:{export.pk}:{before}",
        owner=str(export.officer_id),
        title="导出",
        arguments={"export": str(export.pk)},
    )
    _rows(by, export).update(job=work.pk)
