"""What one may do: set a county's own figures, and have everyone evaluated now."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from anju.calendar.deadlines import Length
from anju.duties.editions import Counties
from anju.duties.models import CountyValue
from anju.duties.night import evaluate_everyone
from anju.duties.parameters import may_differ, may_set, on_page
from anju.government.acting import acting
from anju.government.lines import Level
from anju.government.models import Officer, never
from anju.government.queries import Scope, visible_regions
from anju.government.refusals import Refused, one_deed
from anju.jobs.actions import begin
from anju.jobs.models import Job
from anju.journal.actions import record
from anju.policy.edition import Edition
from anju.policy.errors import PolicyError
from anju.policy.model import Parameter
from anju.policy.proof import holes
from anju.register.guideline import guideline

_not_there = "没有这一条，或者不归您定。"
_wide = (Level.COUNTY, Level.CITY)


def set_county_value(
    *, by: Officer, county: str, parameter: str, value: Decimal, since: date, until: date = never, basis: str
) -> CountyValue:
    """Let a county's own value hold from a day on; the one before ends on that day.

    Args:
        basis: the paper that says so.

    Raises:
        Refused: not the county's own post of a line that does the clause's work; a figure that holds everywhere; no whole length of
            time; a value with which a decision would have no row or two; days that overlap with a later value.
    """
    with one_deed():
        page = _allowed(by, county, parameter, since)
        _check_value(page, county, value, since)
        if not basis.strip():
            raise Refused("要写明依据：哪一级、哪个文件定的。")
        now = timezone.now()
        CountyValue.objects.filter(county=county, parameter=parameter, since__lt=since, until=never).update(
            until=since, ended_at=now
        )
        row = CountyValue(
            county=county,
            parameter=parameter,
            value=value,
            since=since,
            until=until,
            basis=basis.strip(),
            recorded_at=now,
        )
        row.clean_fields(exclude=["ended_at"])
        row.save(force_insert=True)
        note(
            by,
            "set_county_value",
            "county_value",
            row,
            value=str(value),
            since=str(since),
            until=str(until),
            basis=row.basis,
        )
        _evaluate(by, row)
    return row


def end_county_value(*, by: Officer, value: int, until: date) -> None:
    """Let a county's own value hold no longer from a day on; the page's holds again. Raises `Refused`."""
    with one_deed():
        row = CountyValue.objects.select_for_update().filter(pk=value).first()
        if row is None:
            raise Refused(_not_there)
        _allowed(by, row.county, row.parameter, row.since)
        if row.until <= until:
            raise Refused(f"这个值本来就只到 {row.until}。" if row.until != never else "失效日写得太远了。")
        row.until, row.ended_at = until, timezone.now()
        row.save(update_fields=["until", "ended_at"])
        note(by, "end_county_value", "county_value", row, until=str(until))
        _evaluate(by, row)


def evaluate_now(*, by: Officer) -> Job:
    """Have everyone evaluated in the background; at most once an hour is begun anew. Raises `Refused`."""
    with one_deed():
        if not any(scope.level in _wide for scope in _scopes(by)):
            raise Refused("全部重算由区县或市的岗位来办；自己登记的，当时就算过了。")
        hour = timezone.localtime().strftime("%Y-%m-%d %H")
        job = begin(evaluate_everyone, key=f"evaluate {hour}", owner=str(by.pk), title="重算全部应办")
        record(actor=acting(by), action="duties.evaluate_now", object_kind="job", object_id=str(job.pk))
    return job


def _scopes(by: Officer) -> tuple[Scope, ...]:
    return visible_regions(by, timezone.localdate())


def _allowed(by: Officer, county: str, parameter: str, on: date) -> Parameter:
    """The parameter as the page has it, if the officer may set it for the county. Raises `Refused`."""
    if parameter not in guideline().parameters:
        raise Refused(_not_there)
    page = on_page(parameter, on)
    if not may_set(_scopes(by), county, page.clause):
        raise Refused(_not_there)
    if not may_differ(page):
        raise Refused(f"“{parameter}”由“{page.source}”规定，各地一样，区县不另定。")
    return page


def _check_value(page: Parameter, county: str, value: Decimal, since: date) -> None:
    """Raise `Refused` for a figure with which deadlines or decisions would not work on that day."""
    policy, figure = guideline(), Fraction(value)
    if figure < 0 or figure.limit_denominator(10_000) != figure:
        raise Refused("值写成不小于 0 的数，最多四位小数。")
    lengths = {kind.deadline.parameter for kind in policy.duties.values()}
    try:
        if page.name in lengths:
            Length.of(figure, page.unit)
        own = dict(Counties.of(policy, since).own.get(county[:6], ()))
        edition = Edition(policy, since, county[:6], {**own, page.name: figure})
    except ValueError as problem:
        raise Refused(str(problem)) from problem
    except PolicyError as problem:
        raise Refused(f"指导意见在 {since} 还没有值，生效日写晚一些。") from problem
    found = holes(edition, page.name)
    if found:
        raise Refused(f"按这个值，{found[0].found}。请换一个值，或者先改和它配套的参数。")


def note(by: Officer, action: str, kind: str, row: CountyValue, **detail: str) -> None:
    """Write the entry of a deed."""
    record(
        actor=acting(by),
        action=f"duties.{action}",
        object_kind=kind,
        object_id=str(row.pk),
        detail={"county": row.county, "parameter": row.parameter, **detail},
    )


def _evaluate(by: Officer, row: CountyValue) -> None:
    """Deadlines are computed when read; what decisions make of the figure is evaluated in the background."""
    key = f"county value {row.pk} {row.until}"
    begin(evaluate_everyone, key=key, owner=str(by.pk), title="按区县的参数重算应办")
