"""The land-rent subsidy: a county's budget of a year; a grant for a plot that one officer proposes and another one approves.

Who rents how much, and whether it is subsidised at all, the ledger and the page say; whoever proposes adds the plot alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Q, Sum
from django.utils import timezone

from anju.cases.models import Case
from anju.cases.models import State as CaseState
from anju.cases.plots import longest_plot, plot_of
from anju.cases.procedures import Running
from anju.duties.editions import Counties
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.refusals import Refused, one_deed
from anju.government.regions.table import significant, village
from anju.government.second_wall import everything
from anju.payments.actions.within import note, reason_of
from anju.payments.figures import book
from anju.payments.models import (
    RentBudget,
    RentGrant,
    RentState,
    approves_rents,
    budgets_rents,
    clause_of_rents,
    proposes_rents,
)
from anju.payments.models.rents import case_name, decision, paying_step, procedure_of_rents, rate_parameter, standing
from anju.payments.one_stop import Figure
from anju.payments.rents import amount_of, hundredth, mu_of
from anju.policy.model import Fact
from anju.register.actions.within import check_plain, locked, not_there, scopes_of
from anju.register.changes import changed
from anju.register.facts import facts_of, today
from anju.register.guideline import guideline
from anju.register.models import Household, Membership, Person

purpose = "流转费补助"
_nothing = Decimal(0)
_far = 1


@dataclass(frozen=True, slots=True)
class Owed:
    """What a household is owed for a year: ``whole`` mu that it rents, ``taken`` of them by grants that stand, and the county's rate."""

    whole: Decimal
    taken: Decimal
    rate: Decimal
    basis: str

    @property
    def left(self) -> Decimal:
        """How many mu no grant is for yet."""
        return max(_nothing, self.whole - self.taken)


def rate_of(county: str, on: date) -> Figure | None:
    """The county's rate on a day, yuan a mu and year; None where nobody has set one above 0."""
    figure = book(clause_of_rents(), county, on).get(rate_parameter)
    return figure if figure is not None and figure.value > 0 else None


def budget_of(county: str, year: int) -> RentBudget | None:
    """The budget of a county and year that holds."""
    return RentBudget.objects.filter(county=county, year=year).order_by("-seq").first()


def granted_in(county: str, year: int) -> Decimal:
    """How much a county has granted for a year. Acts for nobody."""
    rows = RentGrant.objects.unscoped().filter(county=county, year=year, state=RentState.GRANTED)
    return rows.aggregate(sum=Sum("amount"))["sum"] or _nothing


def owed_to(person: Person, on: date) -> Owed:
    """What somebody's household is owed for the year of a day, by the page and the ledger. Acts for nobody.

    Raises:
        Refused: it is not owed, it cannot be told, or the county has no rate, in a sentence.
    """
    county = f"{person.destination[:6]}000000"
    facts = facts_of("person", str(person.pk), on=on)
    rate = _check_owed(facts, county, on)
    written = facts.get("rented_mu")
    if written is None:
        raise Refused("“流转亩数”没有登记，金额算不出来；先在这个人的“补录”里登记。")
    whole = mu_of(written)
    rows = RentGrant.objects.unscoped().filter(person=person, year=on.year, state__in=standing)
    return Owed(
        whole, rows.aggregate(sum=Sum("mu"))["sum"] or Decimal("0.00"), rate.value.quantize(hundredth), rate.source
    )


def _check_owed(facts: Mapping[str, Fact], county: str, on: date) -> Figure:
    policy = guideline()
    answer = Counties.of(policy, on).judge(county[:6]).case("person").answer(dict(facts))
    told, subsidy = answer[decision], answer["rent_subsidy"]
    if told.missing:
        missing = "、".join(policy.terms[code].name for code in told.missing)
        raise Refused(f"该不该补助还判不出来，缺{missing}；先补录再提。")
    if told.value == "paid":
        raise Refused("这一户今年的流转费已经补过了。")
    if subsidy.value == "not_due":
        raise Refused(f"流转费只补给在迁入地流转土地、发展特色高效农业的户；这一户{subsidy.reason}。")
    rate = rate_of(county, on)
    if rate is None:
        raise Refused(f"区县今年还没有定“{rate_parameter}”，金额算不出来；先在“本区县的参数”里登记。")
    if rate.value != rate.value.quantize(hundredth):
        raise Refused(f"“{rate_parameter}”是 {rate.value.normalize():f} 元，要精确到分才能发；请区县核对。")
    if told.value != "due":
        raise Refused(f"这一户现在{told.label}：{told.reason or subsidy.reason}。")
    return rate


def set_rent_budget(*, by: Officer, county: str, year: int, amount: Decimal, on: date, basis: str) -> RentBudget:
    """Let a county have a budget for a year, or another one than before.

    Raises:
        Refused: not the county's own agriculture, a year that is over, less than was granted already, no paper.
    """
    with one_deed():
        if not any(scope.lo == county for scope in scopes_of(by) if budgets_rents(scope)):
            raise Refused("流转费补助的预算由区县的农业农村登记，不在您的范围里。")
        if not today().year <= year <= today().year + _far:
            raise Refused(f"预算登记今年或者明年的；{year} 年的不再登记。")
        if on > today():
            raise Refused(f"下达日写的是 {on}，还没有到。")
        check_plain(basis)
        if not basis.strip():
            raise Refused("要写明依据：哪一级、哪个文件下达的。")
        with everything():
            if amount < (granted := granted_in(county, year)):
                raise Refused(f"已经补助了 {granted:.2f} 元，预算不能比它少。")
            before = budget_of(county, year)
            row = RentBudget(county=county, year=year, amount=amount, on=on, basis=basis.strip(), by=by)
            row.seq = before.seq + 1 if before else 1
            row.clean_fields(exclude=["by"])
            row.save(force_insert=True)
            told = {"county": county, "year": year, "amount": f"{amount:.2f}", "on": str(on), "basis": row.basis}
            note(by, "set_rent_budget", "rent_budget", row.pk, **told)
    return row


def propose_rent(
    *, by: Officer, person: UUID | str, plot: str, mu: Decimal | None = None, place: str = "", key: UUID | None = None
) -> RentGrant:
    """Propose this year's subsidy for a plot of a household, for another officer to approve.

    Args:
        mu: how many of the rented mu the plot has; None for all that no grant is for yet.
        place: the village where it lies, "" for that of the household.
        key: the sender's; what is sent twice with it is proposed once, and something else is refused.

    Raises:
        Refused: out of reach, not owed, no rate, no budget or not enough of it, a plot that was granted or waits already.
    """
    with one_deed():
        scopes = scopes_of(by)
        found = locked(Person, by, person)
        _check_post(scopes, proposes_rents, found.destination)
        if key is not None and (sent := _sent(by, key)) is not None:
            _check_same(sent, found, plot, mu, place)
            return sent
        with everything():
            owed = owed_to(found, today())
            row = RentGrant(person=found, household=_household_of(found), year=today().year, asked_by=by, key=key)
            row.county, row.destination = f"{found.destination[:6]}000000", found.destination
            row.village = _village(place or found.destination, row.county)
            row.plot = _plot(plot)
            row.whole, row.rate, row.basis = owed.whole, owed.rate, owed.basis
            row.mu = _mu(owed, mu)
            row.amount = amount_of(row.mu, row.rate)
            _check_budget(row)
            row.clean_fields(exclude=["person", "household", "asked_by"])
            row.save(force_insert=True)
            note(by, "propose_rent", "rent", row.pk, **_told(row))
    return row


def approve_rent(*, by: Officer, grant: UUID | str, paid_on: date) -> RentGrant:
    """Another officer agrees, and it is paid; once all that the household rents is granted, nothing is owed any more this year. That comes
    after the public notice (1.4): a case of the household stands at its payment.

    Raises:
        Refused: out of reach, one's own, not waiting any more, no longer owed, no case at its payment, more than is left of the budget, a
            day that cannot be.
    """
    with one_deed():
        row = _standing(by, grant, RentState.PROPOSED)
        _check_post(scopes_of(by), approves_rents, row.destination)
        if row.asked_by_id == by.pk:
            raise Refused("提出的人自己不能复核，请另一位干部复核。")
        if not timezone.localdate(row.asked_at) <= paid_on <= today():
            raise Refused(f"发放日写从提出那天（{timezone.localdate(row.asked_at)}）到今天的一天。")
        with everything():
            _check_still(row)
            _check_case(row)
            _check_budget(row)
            row.state, row.approved_by, row.approved_at, row.paid_on = RentState.GRANTED, by, timezone.now(), paid_on
            row.save(update_fields=["state", "approved_by", "approved_at", "paid_on"])
            note(by, "approve_rent", "rent", row.pk, **_told(row), paid_on=str(paid_on))
            changed("person", [str(row.person_id)])
    return row


def withdraw_rent(*, by: Officer, grant: UUID | str) -> None:
    """A proposal that waits is given up; the plot may be proposed again. Raises `Refused`."""
    with one_deed():
        row = _standing(by, grant, RentState.PROPOSED)
        _check_post(scopes_of(by), proposes_rents, row.destination)
        with everything():
            _end(row, by, RentState.WITHDRAWN)
            note(by, "withdraw_rent", "rent", row.pk, **_told(row))


def reverse_rent(*, by: Officer, grant: UUID | str, reason: str) -> None:
    """A grant that was wrong is taken back: the budget has it again, and it is owed again if it still is. Raises `Refused`."""
    with one_deed():
        row = _standing(by, grant, RentState.GRANTED)
        _check_post(scopes_of(by), approves_rents, row.destination)
        row.because = reason_of(reason)
        with everything():
            _end(row, by, RentState.REVERSED)
            note(by, "reverse_rent", "rent", row.pk, **_told(row), reason=row.because)
            changed("person", [str(row.person_id)])


def _check_post(scopes: Sequence[Scope], works: Callable[[Scope], bool], place: str) -> None:
    if not any(works(scope) for scope in reaching(scopes, place)):
        raise Refused("流转费补助由迁入地的农业农村、乡村振兴办，复核在区县；不在您的范围里。")


def _sent(by: Officer, key: UUID) -> RentGrant | None:
    return RentGrant.objects.visible_to(by, purpose=purpose).filter(asked_by=by, key=key).first()


def _check_same(sent: RentGrant, person: Person, plot: str, mu: Decimal | None, place: str) -> None:
    """Raise `Refused` where something else was sent with the key before."""
    same = (sent.person_id, sent.plot, sent.mu, sent.village)
    if same != (person.pk, plot_of(plot), sent.mu if mu is None else mu, place or sent.destination):
        raise Refused("这张表已经提过一笔，和现在写的不一样；请重新打开“提出补助”再提。")


def _household_of(person: Person) -> Household:
    held = Membership.objects.unscoped().filter(person=person, since__lte=today(), until__gt=today())
    row = held.select_related("household").first()
    if row is None:
        raise Refused("这个人现在不在哪一户里；先办入户，再提补助。")
    return row.household


def _village(place: str, county: str) -> str:
    if len(significant(place)) != village:
        raise Refused("地块在哪个村，要写到村；请填“地块所在村”。")
    if place[:6] != county[:6]:
        raise Refused("地块要在这一户迁入的区县里。")
    return place


def _plot(text: str) -> str:
    check_plain(text)
    plot = plot_of(text)
    if not plot or len(plot) > longest_plot:
        raise Refused(f"地块照流转合同上的写，最多 {longest_plot} 个字。")
    return plot


def _mu(owed: Owed, wanted: Decimal | None) -> Decimal:
    mu = owed.left if wanted is None else wanted
    if mu <= 0 or mu > owed.left or mu != mu.quantize(hundredth):
        raise Refused(
            f"登记的流转亩数是 {owed.whole} 亩，今年已经提出和补助 {owed.taken} 亩，还可以提 {owed.left} 亩；"
            "亩数大于 0，最多两位小数。"
        )
    return mu


def _check_budget(row: RentGrant) -> None:
    budget = budget_of(row.county, row.year)
    if budget is None:
        raise Refused(f"{row.year} 年的流转费补助还没有登记预算；请区县农业农村先登记。")
    left = budget.amount - granted_in(row.county, row.year)
    if row.amount > left:
        raise Refused(f"这一笔 {row.amount:.2f} 元，{row.year} 年的预算只剩 {left:.2f} 元，不能超过。")


def _check_still(row: RentGrant) -> None:
    """Raise `Refused` where the household is owed nothing any more, or less than what was proposed."""
    person = Person.objects.unscoped().get(pk=row.person_id)
    if person.ended_on is not None:
        raise Refused("这个人已经注销；请撤回这一笔。")
    if person.destination[:6] != row.county[:6]:
        raise Refused("这一户已经不在这个区县；请撤回这一笔。")
    try:
        owed = owed_to(person, min(today(), date(row.year, 12, 31)))
    except Refused as refusal:
        raise Refused(f"{refusal}请撤回这一笔。") from refusal
    if owed.rate != row.rate:
        raise Refused(
            f"“{rate_parameter}”现在是 {owed.rate} 元，这一笔是照 {row.rate} 元提的；请撤回这一笔，照现在的标准重新提。"
        )
    if owed.taken > owed.whole:
        raise Refused(f"登记的流转亩数现在是 {owed.whole} 亩，比提出的 {owed.taken} 亩少；请撤回这一笔，照对的提。")


def _check_case(row: RentGrant) -> None:
    """Raise `Refused` unless a case of the household has come to its payment: the notice goes before it, whoever proposes.

    A case that is done has told of what was proposed by then, and can end only once that is approved; what is proposed later has its own.
    """
    of_person = Case.objects.unscoped().filter(subject_kind="person", subject_id=str(row.person_id))
    of_year = Q(closed_at=None) | Q(applied_on__year=row.year) | Q(closed_at__gte=row.asked_at)
    cases = of_person.filter(of_year, procedure=procedure_of_rents())
    case = cases.order_by(F("closed_at").desc(nulls_first=True), "-opened_at").first()
    if case is None or case.state == CaseState.DONE:
        told = "的办件已经办结，这一笔是后来提的" if case else "还没有立件"
        raise Refused(f"发钱以前要公示，这一户{told}；先立“{case_name()}”的件，公示没有异议、办到发放这一步再复核。")
    if case.closed_at is not None:
        raise Refused(f"这一户的办件已经{CaseState(case.state).label}，请撤回这一笔；还该补的，重新立件再提。")
    if case.step != paying_step():
        step = Running.of(case).step(case.step)
        raise Refused(f"这一户的办件还在“{step.name}”，公示没有异议、办到发放这一步再复核。")


def _standing(by: Officer, key: UUID | str, state: RentState) -> RentGrant:
    """A grant within the officer's reach and as far as expected, locked. Raises `Refused`."""
    seen = RentGrant.objects.visible_to(by, purpose=purpose).select_for_update(of=("self",))
    row = seen.filter(pk=key).first()
    if row is None:
        raise Refused(not_there)
    if row.state != state:
        raise Refused(f"这一笔{RentState(row.state).label}，请打开最新的再看。")
    return row


def _end(row: RentGrant, by: Officer, state: RentState) -> None:
    row.state, row.ended_by, row.ended_at = state, by, timezone.now()
    row.save(update_fields=["state", "ended_by", "ended_at", "because"])


def _told(row: RentGrant) -> dict[str, str | int]:
    amounts = {"mu": f"{row.mu:.2f}", "rate": f"{row.rate:.2f}", "amount": f"{row.amount:.2f}"}
    return {"county": row.county, "village": row.village, "plot": row.plot, "year": row.year, **amounts}
