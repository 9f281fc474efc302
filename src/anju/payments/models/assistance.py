"""What is stored of assistance months: who pays from which month on, each month of each person, what was really paid, and closed months.

Who pays is a chain of steps, as relations are (docs/adr/0012): a gap or an overlap cannot be written down. A month names the payer that
the chain names; what was paid stands beside it and is never rewritten, so that a second payer is seen and not lost (docs/adr/0018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact
from django.utils import timezone

from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.residents import Resident
from anju.government.scoped import ScopedQuerySet
from anju.payments.money import CentsField
from anju.payments.months import is_month, month_field
from anju.register.models import Person
from anju.register.models.people import Persons
from anju.register.models.subjects import code_or_blank, is_code, new_id, place
from anju.register.privacy import works_on

M = TypeVar("M", bound=models.Model)
clause = "1.7"
"""The clause whose work all of this is."""


def keeps_months(scope: Scope) -> bool:
    """Whether months of assistance are kept at a post."""
    return works_on([scope], clause)


class Kind(models.TextChoices):
    """Assistance that is paid month by month; a person has one of them at a time."""

    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困"


ended: Mapping[str, str] = {"death": "死亡", "cancelled": "户口注销"}
"""Why whoever is no more is paid by nobody: as the register says it → as a step and its months do."""


class OfThisWork(ScopedQuerySet[M]):
    """Seen by whoever does the work of assistance."""

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within the posts that do this work."""
        return super().reach([scope for scope in scopes if works_on([scope], clause)], purpose)


class _OfAssistance(OfThisWork[M]):
    """Seen from the office that pays and, of a person, from both sides of the move, by whoever does the work of assistance."""

    region_columns = ("payer",)


class _OfPerson(_OfAssistance[M]):
    """A row about a person. The person is looked for beside it and not joined to it: a payer sees its row although row-level security
    shows it no such person.
    """

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within the posts that do this work: the payer, or one of the person's places."""
        there = Q(pk__in=[])
        for scope in scopes:
            if works_on([scope], clause):
                for column in Persons.region_columns:
                    there |= Q(**{f"{column}__gte": scope.lo, f"{column}__lt": scope.hi})
        near = Person.objects.unscoped().filter(there, pk=OuterRef("person_id"))
        return super().reach(scopes, purpose) | Q(Exists(near))

    def own(self, resident: Resident) -> Q:
        """Those about the resident."""
        return Q(person=resident.person)


class Payers(_OfPerson["Payer"]):
    """Who pays."""


class Payer(models.Model):
    """One step: from the month ``since`` on, the office ``payer`` (a region's code; "" nobody, for a lawful reason) pays this kind.

    ``after`` is the month of the step before, None for the first. ``because``: why. ``took``: what the step of somebody who is no more
    took away, for a death that was none (`anju.payments.chain.give_back`).
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("救助", max_length=10, choices=Kind)
    payer = place("发放地", blank=True)
    since = month_field("起")
    after = models.PositiveIntegerField("接着", null=True, blank=True)
    because = models.CharField("原因", max_length=100)
    took = models.JSONField("撤下的", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = Payers.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "since"],
                name="payer_once_a_month",
                violation_error_message="这个人从这个月起由谁发，已经有一条记录。",
            ),
            models.UniqueConstraint(
                "person",
                "kind",
                Coalesce("after", Value(0)),
                name="payer_one_after_another",
                violation_error_message="这个人由谁发刚刚有人改过，请打开最新的再看。",
            ),
            models.CheckConstraint(
                condition=is_month("since") & (Q(after=None) | Q(after__lt=F("since"))),
                name="payer_months_in_order",
                violation_error_message="月份要写对，而且比上一条晚。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values) & code_or_blank("payer") & ~Q(because=""),
                name="payer_words_known",
                violation_error_message="发放地要是 12 位统计用区划代码，并写明为什么。",
            ),
        )
        indexes = (models.Index(fields=["payer", "since"], name="payer_of_office"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.since} {self.payer}"


class State(models.TextChoices):
    """How far a month is."""

    EXPECTED = "expected", "应发"
    PAID = "paid", "已发"
    HELD = "held", "缓发"
    STOPPED = "stopped", "停发"


class Months(_OfPerson["Month"]):
    """Months of people."""


class Month(models.Model):
    """One month of one person and kind, with the one that has to pay it (I1). ``reason``: why it is held back or stopped.

    A month that ``held_by`` holds back counts as not paid until another officer has confirmed it (``confirmed_by``, ``confirmed_at``). One
    that an office of another province pays is held back by nobody, and needs nobody to confirm it. Of a paid month they stay.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("救助", max_length=10, choices=Kind)
    month = month_field("月份")
    payer = place("发放地", blank=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.EXPECTED)
    reason = models.CharField("原因", max_length=200, blank=True, default="")
    held_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    held_at = models.DateTimeField("缓发的时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField("复核缓发的时间", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = Months.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "month"],
                name="month_has_one_payer",
                violation_error_message="这个人这个月已经有一方在发，不能有第二方。",
            ),
            models.UniqueConstraint(
                fields=["person", "month"],
                condition=~Q(payer=""),
                name="month_has_one_kind",
                violation_error_message="同一个月低保和特困只发一种。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["expected", "paid"], reason="") & ~Q(payer="")
                | Q(state="held") & ~Q(payer="") & ~Q(reason="")
                | Q(state="stopped", payer="") & ~Q(reason=""),
                name="month_stands_somewhere",
                violation_error_message="每个月要么有一方发，要么停发；缓发和停发要写明为什么。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values) & is_month("month") & code_or_blank("payer"),
                name="month_words_known",
                violation_error_message="救助种类、月份或发放地写得不对。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None, confirmed_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by=None, held_by=None)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False) & ~Q(confirmed_by=F("held_by")),
                name="month_held_by_two",
                violation_error_message="缓发要由缓发的人以外的另一位干部复核。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["held", "paid"]) | Q(held_by=None, held_at=None, confirmed_at=None),
                name="month_held_while_it_is",
                violation_error_message="只有缓发的月份才有谁缓的、谁复核的。",
            ),
        )
        indexes = (
            models.Index(fields=["payer", "month", "state"], name="month_of_office"),
            models.Index(fields=["month"], condition=Q(state="held"), name="month_held"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.month} {self.state}"

    @property
    def unconfirmed(self) -> bool:
        """Whether it is held back, and nobody else has agreed to that."""
        return self.state == State.HELD and self.confirmed_at is None


open_month = Q(state=State.EXPECTED) | Q(state=State.HELD, confirmed_at=None)
"""Months that are neither paid nor settled otherwise: also those that one officer alone holds back."""


def missed() -> Q:
    """Months that the end of somebody stopped who is there after all, and that were closed before they could be given back: somebody pays
    from a later month on, and these are paid belatedly (补发).
    """
    later = Payer.objects.unscoped().filter(
        person=OuterRef("person"), kind=OuterRef("kind"), since__gt=OuterRef("month")
    )
    return Q(Exists(later.exclude(payer="")), state=State.STOPPED, reason__in=list(ended.values()))


def returned(month: int) -> Q:
    """Months, of this one, that count as paid, but all of whose money the bank has returned since they were closed: they are owed."""
    same = {"person": OuterRef("person"), "kind": OuterRef("kind"), "month": month, "payer": OuterRef("payer")}
    amounts, came_back = Amount.objects.unscoped(), Amount.objects.unscoped().filter(month=month, sort=Sort.RETURNED)
    own, given = amounts.filter(**same).order_by(), Q(sort__in=gives)
    sums = own.values("payer").annotate(given=Sum("amount", filter=given), taken=Sum("amount", filter=~given))
    last = own.order_by("-recorded_at", "-pk").values("sort")[:1]
    paid = Q(month=month, state=State.PAID, person__in=came_back.values("person"))
    return paid & Q(Exists(sums.filter(given=F("taken")))) & Q(Exact(Subquery(last), Value(Sort.RETURNED.value)))


class Sort(models.TextChoices):
    """What an amount is. The last three take back; what the bank returned is still owed, what was taken back is not."""

    PAID = "paid", "发放"
    BACK = "back", "补发"
    RECOVERED = "recovered", "追回"
    OFFSET = "offset", "抵扣"
    RETURNED = "returned", "退汇"


gives = (Sort.PAID, Sort.BACK)


class Amounts(_OfPerson["Amount"]):
    """Amounts."""


class Amount(models.Model):
    """What an office really paid to a person for a month, or took back; never rewritten. ``batch`` is the list that it stood in.

    ``key`` is the sender's, so that what is sent twice is done once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField("救助", max_length=10, choices=Kind)
    month = month_field("月份")
    payer = place("发放地")
    sort = models.CharField("种类", max_length=9, choices=Sort)
    amount = CentsField("金额")
    on = models.DateField("日子")
    reason = models.CharField("原因", max_length=200, blank=True, default="")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    batch = models.UUIDField(null=True, blank=True)
    key = models.UUIDField("发送号", null=True, blank=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = Amounts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "month", "payer"],
                condition=Q(sort="paid"),
                name="amount_paid_once",
                violation_error_message="这个月的钱这一方已经发过一次，不能再发；少发了的，登记补发。",
            ),
            models.UniqueConstraint(
                fields=["by", "key"],
                condition=Q(key__isnull=False),
                name="amount_sent_once",
                violation_error_message="这一次提交已经记过了。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0) & is_month("month") & is_code("payer"),
                name="amount_is_positive",
                violation_error_message="金额要大于 0，精确到分；月份和发放地要写对。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values)
                & (Q(sort="paid", reason="") | Q(sort__in=["back", "recovered", "offset", "returned"]) & ~Q(reason="")),
                name="amount_has_reason",
                violation_error_message="补发、追回、抵扣和退汇要写明为什么。",
            ),
        )
        indexes = (
            models.Index(fields=["person", "kind", "month"], name="amount_of_month"),
            models.Index(fields=["payer", "month"], name="amount_of_office"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.month} {self.sort}"


class Closings(_OfAssistance["Closing"]):
    """Closed months, seen from the office."""

    region_columns = ("payer",)


class Closing(models.Model):
    """The month of an office is to be closed, as one officer asked, and is closed when another one has agreed."""

    id = models.BigAutoField(primary_key=True)
    payer = place("发放地")
    month = month_field("月份")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出", default=timezone.now)
    closed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField("关账", null=True, blank=True)

    objects = Closings.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["payer", "month"], name="closing_once", violation_error_message="这个月已经有人提出关账。"
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None, closed_at=None)
                | Q(closed_by__isnull=False, closed_at__isnull=False) & ~Q(closed_by=F("asked_by")),
                name="closing_two_people",
                violation_error_message="提出关账的人自己不能关，请另一位干部复核后关。",
            ),
            models.CheckConstraint(
                condition=is_month("month") & is_code("payer"),
                name="closing_words_known",
                violation_error_message="月份或发放地写得不对。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.payer} {self.month}"
