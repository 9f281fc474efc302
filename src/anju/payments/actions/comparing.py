"""What a comparison found is taken further by an officer: into the register, by the register's own action, with the list as its source."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

from anju.cases.actions import ForDuty, open_for_duty
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.queries.names import Names
from anju.government.refusals import Refused, one_deed
from anju.government.second_wall import everything
from anju.payments.actions.within import note
from anju.payments.comparing import compare, differing, says_of_now
from anju.payments.listed import named_later
from anju.payments.models import Comparison, Finding, Insurance, comparing_lines
from anju.payments.months import text_of
from anju.register.actions import record_facts
from anju.register.actions.within import not_there, scopes_of
from anju.register.facts import today
from anju.register.models import Person

purpose = "比对"
most = 100
_there = "这个人住在别处，由那里按名单登记、开办。"
_nothing = "台账和名单没有不一样的。"
_of_then = "台账和名单没有不一样的；往年名单上的资助、代缴说的是那一年，不登记成今年的。"


def follow_list(*, by: Officer, findings: Sequence[UUID]) -> Mapping[UUID, str]:
    """Record of the people of some findings what the lists prove, each by itself; "" where it was done, else why not.

    Raises:
        Refused: none of them within reach, more than go at once.
    """
    found = _chosen(by, findings)
    later, here = _named_later(found), _reached(by, found)
    told = {one.pk: _follow(by, one, later.get(one.pk)) if one.key in here else _there for one in found}
    months = {(one.insurance, one.county, one.month) for one in found}
    for insurance, county, month in sorted(months):
        done = [one for one in found if (one.insurance, one.county, one.month) == (insurance, county, month)]
        with one_deed():
            people = sorted({one.key for one in done if not told[one.pk]})
            if people:
                note(by, "follow_list", "comparison", done[0].comparison_id, people=len(people), month=text_of(month))
                compare(Insurance(insurance), county, month, people)
    return told


def _chosen(by: Officer, findings: Sequence[UUID]) -> list[Finding]:
    if len(findings) > most:
        raise Refused(f"一次最多勾 {most} 行。")
    seen = Finding.objects.visible_to(by, purpose=purpose).filter(pk__in=findings, person__isnull=False)
    found = list(seen.order_by("pk"))
    if not found:
        raise Refused(not_there)
    return found


def _reached(by: Officer, found: Sequence[Finding]) -> frozenset[str]:
    """Of whom the officer's posts reach more than the insurance: whoever answers for it sees what was found of somebody elsewhere too."""
    people = Person.objects.visible_to(by, purpose=purpose).filter(pk__in={one.key for one in found})
    return frozenset(str(pk) for pk in people.values_list("pk", flat=True))


def _named_later(found: Sequence[Finding]) -> Mapping[UUID, int]:
    """The last month later than a finding's of which a list names the same person: that one is nearer to what is so now."""
    last: dict[UUID, int] = {}
    with everything():
        for insurance, month in {(one.insurance, one.month) for one in found}:
            same = {one.pk: one.key for one in found if (one.insurance, one.month) == (insurance, month)}
            later = named_later(Insurance(insurance), month, list(same.values()))
            last |= {pk: later[key] for pk, key in same.items() if key in later}
    return last


def _follow(by: Officer, found: Finding, later: int | None) -> str:
    insurance, told = Insurance(found.insurance), json.loads(found.told.reveal())
    if later is not None:
        return f"{text_of(later)} 的名单也说到这个人，比这一份新：请看那个月的比对，没有登记。"
    facts = differing(insurance, found.month, told["listed"], told["ledger"])
    if not facts:
        return _nothing if says_of_now(insurance.aid, found.month) else _of_then
    county = Names([found.county], today())(found.county)
    try:
        record_facts(
            by=by,
            kind="person",
            subject=found.key,
            facts=facts,
            because=f"{insurance.list_name} {text_of(found.month)} {county}",
        )
    except Refused as refusal:
        return str(refusal)
    return ""


def open_cases(*, by: Officer, findings: Sequence[UUID]) -> Mapping[UUID, str]:
    """Open for each finding the case that ends its duty; "" where it was done, else why not. Raises `Refused` as `follow_list` does."""
    found = _chosen(by, findings)
    told, here = {}, _reached(by, found)
    for one in found:
        if one.key not in here:
            told[one.pk] = _there
            continue
        try:
            _open(by, one)
        except Refused as refusal:
            told[one.pk] = str(refusal)
        else:
            told[one.pk] = ""
    return told


def _open(by: Officer, found: Finding) -> None:
    how = f"{Insurance(found.insurance).list_name} {text_of(found.month)} 比对"
    wanted = ForDuty(found.kind, found.key, how, uuid4())  # pressed again, it says that the case is open already
    open_for_duty(by=by, wanted=wanted, applied_on=today())


def compare_again(*, by: Officer, comparison: UUID) -> Comparison:
    """Compare a month anew, by what the ledger says now. Raises `Refused` for another county's."""
    with one_deed():
        found = Comparison.objects.filter(pk=comparison).first()
        if found is None or not compares(scopes_of(by), found.insurance, found.county):
            raise Refused(not_there)
        note(by, "compare_again", "comparison", found.pk, county=found.county, month=text_of(found.month))
        compare(Insurance(found.insurance), found.county, found.month)
    return found


def compares(scopes: Sequence[Scope], insurance: str, county: str) -> bool:
    """Whether one of the posts is of the line that compares, and reaches the county."""
    lines = comparing_lines(insurance)
    return any(s.line in lines and s.lo <= county < s.hi for s in scopes)
