"""Papers of the city: letters as drafts, at whoever checks them, issued and received; bills; premiums and a month that wait; land rents.

All of it by its officers, through the same actions as everybody's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

from anju.cases.clocks import Clocks
from anju.cases.letters import Asked, Known, draft_for, letters_of, office_for
from anju.cases.models import Turn
from anju.cases.queries.one import shown
from anju.demo.officers import seconds
from anju.demo.rents import subsidise
from anju.demo.story import destination
from anju.demo.under_way import sitting, value_in
from anju.documents.actions import countersign, hand_over, issue, receive
from anju.documents.models import Addressee, Letter
from anju.documents.offices import Office, others_of
from anju.duties.actions import set_county_value
from anju.duties.models import Duty
from anju.government.lines import Level, Line
from anju.government.models import Officer, PostHolding
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.payments.actions import Charged, ask_closing, draw_up, reverse, settle_bill
from anju.payments.actions.slip import draft_slip
from anju.payments.models import Scheme, Settlement, procedure
from anju.payments.months import month_of, shifted, text_of
from anju.payments.one_stop import GROUPS

_county, _street = f"{destination[:6]}000000", f"{destination[:9]}000"
_most_letters, _most_bills = 24, 3
_since, _ceilings = date(2022, 1, 1), {"贫困人口住院自付上限": Decimal(10), "贫困人口门诊自付上限": Decimal(20)}
_aid = {Scheme.MEDICAL.standard: Decimal(400)} | {
    f"{Scheme.MEDICAL.share}{group}": Decimal(percent)
    for group, percent in zip(GROUPS, (100, 70, 50), strict=True)  # 特困、低保、贫困人员
}
_bills = (("住院", "二级", "8640.50"), ("门诊", "一级", "186.00"), ("住院", "三级", "32518.60"))


def lay_out(on: date) -> int:
    """Let there be papers on the desks of the city; how many letters."""
    numbers: Counter[str] = Counter()
    for turn in _at_letters():
        if numbers.total() < _most_letters:
            _write(turn, numbers, on)
    letters = numbers.total()
    _settle(on)
    with suppress(Refused):  # in a small city nobody is due
        draw_up(by=sitting(Line.HUMAN_RESOURCES, Level.COUNTY, _county), scheme=Scheme.PENSION, county=_county)
    _ask_closing(on)
    subsidise(on)
    return letters


def _ask_closing(on: date) -> None:
    """Of the months of the cast's street the last one of which everybody has been paid waits to be closed."""
    asks = sitting(Line.CIVIL_AFFAIRS, Level.TOWNSHIP, _street)
    for ago in range(1, 7):
        with suppress(Refused):
            ask_closing(by=asks, payer=_street, month=text_of(shifted(month_of(on), -ago)))
            return


def _at_letters() -> Iterator[Turn]:
    """Cases that stand where somebody writes, those of seats that two hold first, then near the cast."""
    with everything():
        turns = list(Turn.objects.unscoped().filter(until_entry=None, resident=False).select_related("case"))
    two = {(line, region) for line, _, region in seconds}
    turns.sort(
        key=lambda turn: ((turn.line, turn.region) not in two, turn.case.destination[:6] != destination[:6], turn.pk)
    )
    seen: set[object] = set()
    for turn in turns:
        if turn.case_id not in seen:
            seen.add(turn.case_id)
            yield turn


def _write(turn: Turn, numbers: Counter[str], on: date) -> None:
    """A letter about a case, taken as far as the number of its sort says: a draft or at whoever checks it, issued, received."""
    with suppress(Refused):  # it lacks something, or nobody sits where it goes: there it stays
        by = sitting(turn.line, turn.level, turn.region)
        letter = _drafted(by, turn, on)
        if letter is None:
            return
        second = _second(by, letter) if letter.formal else None
        sort = "two" if second else "to others" if _to(letter) else "alone"
        numbers[sort] += 1
        at = numbers[sort] % 3
        if second is not None:
            hand_over(by=by, letter=letter.pk, seen=1)
        if second is not None and at != 1:
            countersign(by=second, letter=letter.pk, seen=1)
        if at != 1:
            issue(by=by, letter=letter.pk, seen=1)
        if at == 0 and (to := _to(letter)) is not None:
            receive(by=sitting(to.line, to.level, to.region), letter=letter.pk, on=on)


def _drafted(by: Officer, turn: Turn, on: date) -> Letter | None:
    with everything():
        scopes = visible_regions(by, on)
        known = shown(by, scopes, turn.case, Clocks(on))
        kinds = letters_of(known.running, known.step) if known.step else []
        if not kinds or known.step is None:
            return None
        office = office_for(known.running, known.case, known.own, scopes)
    if office is None:
        return None
    filled = {field.name: value_in(field, on) for field in known.typed}
    told = {**known.values, **known.recorded.answers(known.step)}
    asked = Asked(kinds[0], known.running, known.step, office, [Known(known.case, told)], filled)
    return draft_for(by=by, asked=asked, on=on, key=None)


def _second(by: Officer, letter: Letter) -> Officer | None:
    """Another officer of the office."""
    office = Office(letter.line, letter.level, letter.region)
    if not others_of(office, by, date.today()):
        return None
    held = PostHolding.objects.filter(post__line=office.line, post__region=office.region).exclude(officer=by)
    return held.select_related("officer").order_by("officer__account")[0].officer


def _to(letter: Letter) -> Addressee | None:
    with everything():
        return Addressee.objects.unscoped().filter(letter=letter).order_by("pk").first()


def _set(by: Officer, figures: Mapping[str, Decimal], since: date, paper: int) -> None:
    for parameter, value in figures.items():
        basis = f"示例：云阳医保发〔{since.year}〕{paper}号"
        set_county_value(by=by, county=_county, parameter=parameter, value=value, since=since, basis=basis)


def _settle(on: date) -> None:
    """The county's figures of medical insurance; bills of those who wait for it: each settled, one taken back, of one a slip."""
    officer = sitting(Line.MEDICAL_SECURITY, Level.COUNTY, _county)
    with everything():
        waiting = Duty.objects.unscoped().owed().filter(kind=procedure, insured__startswith=destination[:6])
        people = list(waiting.order_by("pk").values_list("subject_id", flat=True)[:40])
    _set(officer, _ceilings, _since, 1)
    _set(officer, _aid, on.replace(month=1, day=1), 2)
    done: list[Settlement] = []
    for number, person in enumerate(people):
        kind, level, total = _bills[len(done) % len(_bills)]
        day = on - timedelta(days=3 + number % 9)
        charged = Charged("云阳县人民医院", f"演示-{on.year}-{number:03}", day, kind, level, "一档", Decimal(total))
        with suppress(Refused):  # of some it is not known as whom they are settled
            done.append(settle_bill(by=officer, person=person, charged=charged))
        if len(done) == _most_bills:
            break
    if len(done) > 1:
        reverse(by=officer, settlement=done[-1].pk, reason="医院等级录错了，重新结算")
        draft_slip(by=officer, settlement=done[0].pk)
