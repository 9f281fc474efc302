"""What is stored of the land-rent subsidy: what a county has budgeted for a year, and each grant for a plot.

A household that rents land where it moved to and grows something worth while gets a part of the rent, at the county's rate; a plot is
subsidised once a year, and all grants of a year keep within the county's budget. Neither is ever rewritten: a budget is followed by
another, a grant that was wrong is taken back and stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.db.models.lookups import Exact
from django.utils import timezone

from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.scoped import ScopedQuerySet
from anju.payments.money import CentsField
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from anju.register.models.subjects import is_code, new_id, place
from anju.register.privacy import works_on

duty = "pay_rent_subsidy"
"""The duty that a grant ends."""
decision = "rent_subsidy_work"
rate_parameter = "流转费补助标准"
paid_field = "发放日"
"""What the last step of the procedure writes down."""


@cache
def clause_of_rents() -> str:
    """The clause whose work it is."""
    return guideline().duties[duty].clause


@cache
def procedure_of_rents() -> str:
    """The procedure with which the page ends the duty."""
    return guideline().duties[duty].ends[1]


@cache
def case_name() -> str:
    """What the page calls it."""
    return guideline().procedures[procedure_of_rents()].name


@cache
def paying_step() -> int:
    """The number of its step at which it is paid: after the notice."""
    steps = guideline().procedures[procedure_of_rents()].steps
    return next(step.number for step in steps if paid_field in step.fields)


@cache
def actors_of_rents() -> frozenset[tuple[str, str]]:
    """The levels and lines that the page names for the duty."""
    return frozenset((actor.level, actor.line) for actor in guideline().duties[duty].actors)


def proposes_rents(scope: Scope) -> bool:
    """Whether grants are proposed at a post."""
    return (scope.level, scope.line) in actors_of_rents()


def approves_rents(scope: Scope) -> bool:
    """Whether grants are approved, and taken back, at a post: the county decides."""
    return scope.level == Level.COUNTY and proposes_rents(scope)


def budgets_rents(scope: Scope) -> bool:
    """Whether the county's budget is set at a post."""
    return scope.level == Level.COUNTY and scope.line == Line.AGRICULTURE


def knows_rents(scope: Scope) -> bool:
    """Whether a post sees grants: the lines of the duty, and those of the village that do the clause's work."""
    lines = {line for _, line in actors_of_rents()}
    return scope.line in lines or (scope.level == Level.VILLAGE and works_on([scope], clause_of_rents()))


class RentBudget(models.Model):
    """The ``seq``-th budget of a county and year; the last one holds. ``on``: the day from which it does; ``basis``: the paper.

    It is about nobody, and every officer may read it.
    """

    id = models.BigAutoField(primary_key=True)
    county = place("区县")
    year = models.PositiveSmallIntegerField("年度")
    seq = models.PositiveSmallIntegerField("第几次")
    amount = CentsField("预算")
    on = models.DateField("下达日")
    basis = models.CharField("依据", max_length=200)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["county", "year", "seq"],
                name="rent_budget_one_after_another",
                violation_error_message="这一年的预算刚刚有人改过，请打开最新的再看。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, seq__gt=0, year__gte=2000, year__lte=2999)
                & is_code("county")
                & Q(county__endswith="000000")
                & ~Q(basis=""),
                name="rent_budget_words_known",
                violation_error_message="预算要大于 0，并写明区县、年度和依据。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county} {self.year} {self.seq}"


class RentState(models.TextChoices):
    """How far a grant is."""

    PROPOSED = "proposed", "等复核"
    GRANTED = "granted", "已补助"
    WITHDRAWN = "withdrawn", "已撤回"
    REVERSED = "reversed", "已冲回"


standing = (RentState.PROPOSED, RentState.GRANTED)


class RentGrants(ScopedQuerySet["RentGrant"]):
    """Grants, seen from where the household lives and where the plot lies, by those who do this work."""

    region_columns = ("destination", "village")

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within the posts that do this work."""
        return super().reach([scope for scope in scopes if knows_rents(scope)], purpose)


class RentGrant(models.Model):
    """What is granted for a household's plot and a year: ``mu`` of the ``whole`` that the ledger says it rents, at the county's ``rate``.

    ``person``: on whose row the contract stands. ``plot`` as the contract names it (`anju.payments.rents.plot_of`), in ``village``.
    ``basis``: where the rate comes from. Areas are kept to the hundredth, as amounts are to the cent. ``ended_*``: who withdrew or took it
    back, when and why. ``key`` is the sender's, so that what is sent twice is done once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+", db_index=False)
    county = place("区县")
    destination = place("迁入地")
    village = place("地块所在村")
    plot = models.CharField("地块", max_length=60)
    year = models.PositiveSmallIntegerField("年度")
    mu = CentsField("补助亩数")
    whole = CentsField("流转亩数")
    rate = CentsField("补助标准")
    basis = models.CharField("标准依据", max_length=200)
    amount = CentsField("补助金额")
    state = models.CharField("状态", max_length=9, choices=RentState, default=RentState.PROPOSED)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出", default=timezone.now)
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("复核", null=True, blank=True)
    paid_on = models.DateField("发放日", null=True, blank=True)
    ended_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField("撤回或冲回", null=True, blank=True)
    because = models.CharField("原因", max_length=200, blank=True, default="")
    key = models.UUIDField("发送号", null=True, blank=True)

    objects = RentGrants.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["village", "plot", "year"],
                condition=Q(state__in=["proposed", "granted"]),
                name="rent_plot_once_a_year",
                violation_error_message="这块地这一年已经补过，或者在另一笔里等着复核；同一块地一年只补一次。",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "key"],
                condition=Q(key__isnull=False),
                name="rent_sent_once",
                violation_error_message="这一次提交已经记过了。",
            ),
            models.CheckConstraint(
                condition=Q(mu__gt=0, rate__gt=0, amount__gt=0, whole__gte=F("mu")),
                name="rent_amounts_are_positive",
                violation_error_message="亩数、标准和金额都要大于 0，补助的亩数不能比流转的多。",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", approved_by=None, approved_at=None, paid_on=None, ended_by=None)
                | Q(state="granted", approved_by__isnull=False, approved_at__isnull=False, paid_on__isnull=False)
                & Q(ended_by=None)
                | Q(state="withdrawn", approved_by=None, approved_at=None, paid_on=None, ended_by__isnull=False)
                | Q(state="reversed", approved_by__isnull=False, approved_at__isnull=False, paid_on__isnull=False)
                & Q(ended_by__isnull=False)
                & ~Q(because=""),
                name="rent_stands_somewhere",
                violation_error_message="一笔补助要么等复核，要么已补助；撤回、冲回的写明谁办的、为什么。",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None) | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="rent_end_has_its_moment",
                violation_error_message="撤回、冲回要写明谁办的和时间。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("asked_by")),
                name="rent_two_people",
                violation_error_message="提出的人自己不能复核，请另一位干部复核。",
            ),
            models.CheckConstraint(
                condition=is_code("county")
                & is_code("destination")
                & is_code("village")
                & Q(Exact(Substr("village", 1, 6), Substr("county", 1, 6)))
                & Q(Exact(Substr("destination", 1, 6), Substr("county", 1, 6))),
                name="rent_lies_in_its_county",
                violation_error_message="地块要在这一户迁入的区县里。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RentState.values, year__gte=2000, year__lte=2999) & ~Q(plot="") & ~Q(basis=""),
                name="rent_words_known",
                violation_error_message="地块、年度或标准的依据写得不对。",
            ),
        )
        indexes = (
            models.Index(fields=["county", "year", "state"], name="rent_of_county"),
            models.Index(fields=["person", "year"], name="rent_of_person"),
            models.Index(fields=["destination", "year"], name="rent_in"),
        )

    def __str__(self) -> str:
        return f"{self.village} {self.plot} {self.year} {self.state}"
