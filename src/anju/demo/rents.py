"""The land-rent subsidy where the cast works: rate and budget, plots granted, one taken back, one that waits, some owed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from anju.cases.actions import keep_paper, post_notice, prove_notice, take_step
from anju.cases.models import Case, PaperKind, Turn
from anju.cases.notices import is_posted_at
from anju.cases.procedures import Running
from anju.cases.recorded import Recorded
from anju.demo.story import destination
from anju.demo.under_way import opened, sitting, value_in
from anju.duties.actions import set_county_value
from anju.duties.evaluate import look_again
from anju.duties.models import Duty
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import approve_rent, propose_rent, reverse_rent, set_rent_budget
from anju.payments.models import RentGrant
from anju.payments.models.rents import duty, paying_step, procedure_of_rents, rate_parameter
from anju.register.guideline import guideline

_county = f"{destination[:6]}000000"
_rate, _budget = Decimal(200), Decimal(30_000)
_kinds = (duty, "set_subsidy_rate")
_plots = ("一组东坡", "二组大田", "三组沟边", "一组西坡", "四组平坝", "二组坡顶")
_waits, _wrong = 1, 2
_applied, _paid = timedelta(days=25), "到户"
_told = "在迁入地流转土地、发展特色高效农业的户，拟补助今年的流转费。有意见的，在公示期里向乡镇提出。"
_picture = b"%PDF-1.4\n%%EOF\n"


def subsidise(on: date) -> int:
    """Let the county subsidise land rents; how many plots were proposed."""
    agriculture = sitting(Line.AGRICULTURE, Level.COUNTY, _county)
    second = sitting(Line.RURAL_REVITALISATION, Level.COUNTY, _county)
    since, paper = on.replace(month=1, day=1), f"云阳农发〔{on.year}〕"
    set_county_value(
        by=agriculture, county=_county, parameter=rate_parameter, value=_rate, since=since, basis=f"{paper}3号"
    )
    tenants = _tenants()
    look_again("person", list(tenants))
    people = [person for person, busy in tenants.items() if not busy]
    set_rent_budget(by=agriculture, county=_county, year=on.year, amount=_budget, on=on, basis=f"{paper}7号")
    done: list[RentGrant] = []
    for person in people:
        with suppress(Refused):  # of some it is not known how much they rent
            done.append(propose_rent(by=agriculture, person=person, plot=_plots[len(done)]))
        if len(done) == min(len(_plots), len(people) * 2 // 3):
            break
    for grant in done[_waits:]:
        case = _to_its_payment(grant, agriculture, on)
        approve_rent(by=second, grant=grant.pk, paid_on=on)
        take_step(by=second, case=case.pk, seen=case.entries, action=_paid, fields={})
    if len(done) > _wrong:
        reverse_rent(by=second, grant=done[_wrong].pk, reason="地块写错了，照合同重新提")
    return len(done)


def _to_its_payment(grant: RentGrant, county: Officer, on: date) -> Case:
    """The case of somebody for whom a plot is proposed: applied for weeks ago, and nobody objected to the notice, which hung in time."""
    day, areas = on - _applied, dict.fromkeys(("流转亩数", "实地核实亩数"), float(grant.mu))
    case = opened(str(grant.person_id), guideline().procedures[procedure_of_rents()], day)
    while case.step != paying_step():
        with everything():
            running = Running.of(case)
            turn = Turn.objects.unscoped().filter(case=case, until_entry=None).order_by("pk")[0]
            owned = Recorded.of(case, running, day).owned(running.step(case.step))
        typed = [one for one in running.fields(case.step) if one.name not in owned]
        fields = {one.name: areas.get(one.name, value_in(one, day)) for one in typed}
        by = sitting(turn.line, turn.level, turn.region)
        if is_posted_at(running, running.step(case.step)):
            hangs = post_notice(
                by=by, case=case.pk, seen=case.entries, since=day, until=None, place="村务公开栏", text=_told
            )
            shown = keep_paper(by=by, case=case.pk, kind=PaperKind.EVIDENCE, about="公示栏的照片", content=_picture)
            day = prove_notice(by=county, case=case.pk, notice=hangs.pk, proof=shown.pk).ends + timedelta(1)
        action = running.step(case.step).moves[0].action
        case = take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields, on=day)
    return case


def _tenants() -> Mapping[str, bool]:
    """Who is owed something there, or would be with a rate; and whether a case of theirs is under way."""
    with everything():
        owed = Duty.objects.unscoped().owed().filter(kind__in=_kinds, destination__startswith=destination[:6])
        busy = set(Case.objects.unscoped().filter(closed_at=None).values_list("subject_id", flat=True))
        ids = list(owed.order_by("subject_id").values_list("subject_id", flat=True).distinct())
    return {one: one in busy for one in ids}
