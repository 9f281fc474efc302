"""Many rows that an officer sent at once: kept sealed, done portion by portion, and what became of each.

Each row goes through the same action as one alone, with a key of its own: a worker that is killed, or a form that is sent twice, does
nothing twice. Few rows are done at once, many in the background.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from anju.cases.answering import answer_rows, look_at_rows
from anju.cases.models import Bundle, Portion, Sort
from anju.cases.outcomes import Outcome, Row
from anju.cases.together import open_rows, step_rows
from anju.government.acting import acting
from anju.government.asking import Asking
from anju.government.models import Officer
from anju.government.queries import asking_once, visible_regions
from anju.government.refusals import Refused, one_deed
from anju.jobs.actions import JobRefused, job, report
from anju.jobs.actions import begin as begin_job
from anju.jobs.models import Job
from anju.jobs.queries import Progress, progress_of
from anju.journal.actions import record
from anju.register.actions.within import scopes_of
from anju.register.facts import today
from anju.register.queries.lists import is_id

most_rows = 5000
_kept = timedelta(days=30)
_run: Mapping[Sort, Callable[[Asking, Mapping[str, Any], Sequence[Row]], list[Outcome]]] = {
    Sort.OPENED: open_rows,
    Sort.STEPPED: step_rows,
    Sort.LOOKED: look_at_rows,
    Sort.ANSWERED: answer_rows,
}
_size: Mapping[Sort, int] = {Sort.OPENED: 1, Sort.STEPPED: 100, Sort.LOOKED: 100, Sort.ANSWERED: 1}
"""A portion is one transaction: what is a deed a row, each with its locks and its place in the journal, is a portion a row."""
_at_once: Mapping[Sort, int] = {Sort.OPENED: 20, Sort.STEPPED: 0, Sort.LOOKED: 0, Sort.ANSWERED: 0}
"""As many rows are done while the officer waits."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How far a bundle is: ``done`` of ``total`` rows, of which ``refused`` were not taken; ``stuck``: nobody works on what is left."""

    total: int
    done: int
    refused: int
    work: Progress | None
    over: bool
    stuck: bool


def begin(
    *,
    by: Officer,
    key: UUID,
    sort: Sort,
    rows: Sequence[Row],
    told: Mapping[str, Any],
    procedure: str = "",
    step: int = 0,
    about: str = "",
) -> Bundle:
    """Keep the rows, and do them: at once where they are few. The same ``key`` again is the same bundle.

    Raises:
        Refused: no post, no row or more than go at once.
    """
    if not 0 < len(rows) <= most_rows:
        raise Refused(f"一次最多一起办 {most_rows:,} 件，至少一件。")
    try:
        with one_deed():
            scopes_of(by)
            if (before := Bundle.objects.filter(officer=by, key=key).first()) is not None:
                return before
            bundle = Bundle(
                officer=by, key=key, sort=sort, procedure=procedure, step=step, about=about, total=len(rows)
            )
            bundle.told = json.dumps(told, ensure_ascii=False)
            bundle.save(force_insert=True)
            Portion.objects.bulk_create(_portions(bundle, rows))
            Bundle.objects.filter(officer=by, begun_at__lt=timezone.now() - _kept).delete()
            record(
                actor=acting(by),
                action="cases.begin_bundle",
                object_kind="bundle",
                object_id=str(bundle.pk),
                detail={"sort": sort.value, "procedure": procedure, "step": step, "rows": len(rows)},
            )
            if len(rows) > _at_once[sort]:
                _queue(bundle)
    except Refused:
        if (before := Bundle.objects.filter(officer=by, key=key).first()) is None:
            raise
        return before  # the other of two that were sent at once
    if bundle.job is None:
        work_off(bundle)
    return bundle


def go_on(*, by: Officer, bundle: Bundle) -> None:
    """Begin anew with what is left. Raises `Refused` where somebody works on it, or nothing is left."""
    with one_deed():
        scopes_of(by)
        found = Bundle.objects.select_for_update().get(pk=bundle.pk, officer=by)
        if not stand(found).stuck:
            raise Refused("这一批正在办，或者已经办完了。")
        _queue(found)


def work_off(bundle: Bundle, told: Callable[[int], object] = int) -> None:
    """Do the portions that are left; ``told``: how many rows are done."""
    done = 0
    for portion in bundle.portions.order_by("number"):
        if portion.done_at is None:
            _do(bundle, portion)
        done += portion.size
        told(done)


@job
def do_bundle(work: Job) -> None:
    """Do what an officer sent, in the background."""
    bundle = Bundle.objects.select_related("officer").get(pk=work.arguments["bundle"])
    if not bundle.officer.is_active:
        raise JobRefused("交这一批的账号已经停用，没有办。")
    work_off(bundle, lambda done: report(job=work, done=done, total=bundle.total))


def stand(bundle: Bundle) -> Stand:
    """How far it is."""
    portions = list(bundle.portions.values_list("size", "refused"))
    done = sum(size for size, refused in portions if refused is not None)
    work = progress_of(bundle.job) if bundle.job else None
    over = done == bundle.total
    stuck = not over and (work is None or work.stage in (Job.State.DONE, Job.State.FAILED))
    return Stand(bundle.total, done, sum(refused or 0 for _, refused in portions), work, over, stuck)


def of(by: Officer, key: UUID) -> Bundle | None:
    """A bundle, for whoever sent it."""
    return Bundle.objects.filter(officer=by, pk=key).first()


def sent(by: Officer, key: str) -> Bundle | None:
    """The bundle that the officer sent with that key before."""
    return Bundle.objects.filter(officer=by, key=key).first() if is_id(key) else None


def outcomes(bundle: Bundle) -> Iterator[tuple[Row, Outcome]]:
    """The rows that are done, with what became of each."""
    for portion in bundle.portions.filter(done_at__isnull=False).order_by("number"):
        yield from _opened(portion)


def some(bundle: Bundle, *, refused: bool, first: int, most: int) -> list[tuple[int, Row, Outcome]]:
    """Some of the rows that were done, or of those that were ``refused``, with their numbers in the bundle: ``most`` of them behind the
    ``first``. No portion is opened that has none of these.
    """
    at, passed, places = 0, 0, {}
    portions = bundle.portions.filter(done_at__isnull=False).order_by("number")
    for key, size, bad in portions.values_list("pk", "size", "refused"):
        of = (bad or 0) if refused else size - (bad or 0)
        if of and passed + of > first and passed < first + most:
            places[key] = at, passed
        at, passed = at + size, passed + of
    found = []
    for portion in portions.filter(pk__in=list(places)):
        before, skipped = places[portion.pk]
        told = [(number, row, one) for number, (row, one) in enumerate(_opened(portion), before + 1)]
        fits = [one for one in told if bool(one[2].why) == refused]
        found += fits[max(first - skipped, 0) : first + most - skipped]
    return found


def _opened(portion: Portion) -> Iterator[tuple[Row, Outcome]]:
    rows, results = json.loads(portion.rows.reveal()), json.loads(portion.results.reveal())
    yield from ((row, Outcome(**told)) for row, told in zip(rows, results, strict=True))


def _portions(bundle: Bundle, rows: Sequence[Row]) -> Iterator[Portion]:
    size = _size[Sort(bundle.sort)]
    for number, first in enumerate(range(0, len(rows), size), start=1):
        some = rows[first : first + size]
        portion = Portion(bundle=bundle, number=number, size=len(some))
        portion.rows = json.dumps(some, ensure_ascii=False)
        yield portion


def _queue(bundle: Bundle) -> None:
    before = Job.objects.filter(key__startswith=f"cases.bundle:{bundle.pk}").count()
    work = begin_job(
        do_bundle,
        key=f"cases.bundle:{bundle.pk}:{before}",
        owner=str(bundle.officer_id),
        title=Sort(bundle.sort).label,
        arguments={"bundle": str(bundle.pk)},
    )
    bundle.job = work.pk
    bundle.save(update_fields=["job"])


def _do(bundle: Bundle, portion: Portion) -> None:
    by, sent_on = bundle.officer, timezone.localtime(bundle.begun_at).date()
    rows: list[Row] = json.loads(portion.rows.reveal())
    with transaction.atomic(), asking_once():  # PostgreSQL is told for whom each question is asked within one
        left = Portion.objects.select_for_update().filter(pk=portion.pk, done_at=None).first()
        if left is None:
            return  # another worker took over meanwhile
        who = Asking(
            by, visible_regions(by, today()), sent_on
        )  # what is known stays that of the day, past midnight too
        told = {**json.loads(bundle.told.reveal()), "key": str(bundle.key)}
        results = _run[Sort(bundle.sort)](who, told, rows)
        left.results = json.dumps([asdict(one) for one in results], ensure_ascii=False)
        left.refused, left.done_at = sum(bool(one.why) for one in results), timezone.now()
        if bundle.sort == Sort.OPENED:
            left.case_id = results[0].case or None
        left.save(update_fields=["results", "refused", "case", "done_at"])
