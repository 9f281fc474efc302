"""What is stored of the monthly comparison: the rows of insurers' lists, which county has compared a month, and what was found.

A list says who is insured where and whether the aid has arrived. It lies sealed, as the facts of medical insurance do; what was found is
told by its sort in the open, as a duty tells it, and seen only by the lines that do the clause's work.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.government.queries import Scope
from anju.government.scoped import ScopedQuerySet
from anju.payments.models.premiums import Scheme
from anju.payments.months import is_month, month_field
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.models.subjects import code_or_blank, is_code, new_id, place
from anju.register.privacy import works_on
from anju.sealing.fields import SealedField

M = TypeVar("M", bound=models.Model)


class Insurance(models.TextChoices):
    """What people are insured in: basic medical insurance (1.6), or residents' old-age insurance (1.5)."""

    MEDICAL = "medical", "基本医保"
    PENSION = "pension", "居民养老"

    @property
    def list_name(self) -> str:
        """What its list is called."""
        return {"medical": "医保参保名单", "pension": "养老参保名单"}[self.value]

    @property
    def status(self) -> str:
        """The fact that a list tells of everybody on it."""
        return f"{self.value}_status"

    @property
    def aid(self) -> str:
        """The fact whether this year's premium was paid for the person."""
        return Scheme(self.value).fact

    @property
    def facts(self) -> Sequence[str]:
        """All facts that a list tells."""
        more = ("lapsed_months", "medical_insured_twice") if self == Insurance.MEDICAL else ()
        return (self.status, *more, self.aid)

    @property
    def active(self) -> Sequence[str]:
        """The values of the status with which somebody is insured; one may have one of them at a time (domain I5)."""
        return {"medical": ("resident", "employee"), "pension": ("contributing", "drawing", "employee")}[self.value]

    @property
    def duty(self) -> str:
        """The duty of a county to compare every month."""
        return {"medical": "compare_coverage", "pension": "compare_pension"}[self.value]

    @property
    def compared(self) -> str:
        """The county's fact that it did."""
        return {"medical": "coverage_compared_this_month", "pension": "pension_compared_this_month"}[self.value]

    @property
    def clause(self) -> str:
        """The clause it belongs to."""
        return guideline().duties[self.duty].clause


def works_with_lists(scope: Scope) -> bool:
    """Whether a post works with one of the insurances."""
    return any(works_on([scope], insurance.clause) for insurance in Insurance)


@cache
def comparing_lines(insurance: str) -> frozenset[str]:
    """The lines that the page names for the comparison."""
    return frozenset(actor.line for actor in guideline().duties[Insurance(insurance).duty].actors)


class Sort(models.TextChoices):
    """What was found about somebody; the pages' duties make the first five of it."""

    UNINSURED = "uninsured", _("未参保")
    LAPSED = "lapsed", _("断停保")
    UNDRAWN = "undrawn", _("应领未领")
    TWICE = "twice", _("重复参保")
    UNAIDED = "unaided", _("资助未到账")
    ABSENT = "absent", _("台账有、名单没有")
    STRANGER = "stranger", _("名单有、台账没有")
    DIFFERS = "differs", _("和台账不一样")


class _OfInsurances(ScopedQuerySet[M]):
    """Seen by the lines that do the clause's work, within their regions."""

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within each post's region, the insurances that its line works with."""
        within = Q(pk__in=[])
        for insurance in Insurance:
            own = [scope for scope in scopes if works_on([scope], insurance.clause)]
            within |= super().reach(own, purpose) & Q(insurance=insurance.value)
        return within


class ListRows(_OfInsurances["ListRow"]):
    """Rows of lists, seen from the county whose list it is."""

    region_columns = ("county",)


class ListRow(models.Model):
    """A row of a county's list of a month, as it was accepted; ``recorded_at`` is the moment its batch was merged.

    ``person``: None for somebody who was not registered there. ``told``: JSON with ``facts``, ``place`` (where insured), ``months``
    (paid), ``name`` and ``number`` (masked) as the list has them. Of several batches the last one that names somebody counts.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    insurance = models.CharField("险种", max_length=7, choices=Insurance)
    county = place("区县")
    month = month_field("月份")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    number_index = models.CharField(max_length=64, blank=True, default="", editable=False)
    told: SealedField[Any, Any] = SealedField()
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = ListRows.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(insurance__in=Insurance.values) & is_month("month") & is_code("county"),
                name="list_row_words_known",
                violation_error_message="险种、月份或区县写得不对。",
            ),
        )
        indexes = (models.Index(fields=["insurance", "month", "county"], name="list_row_of_month"),)

    def __str__(self) -> str:
        return f"{self.insurance} {self.county} {self.month}"


class Comparison(models.Model):
    """A county has compared a month: how many of its ``people`` with how many ``rows`` of lists. It is about nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    insurance = models.CharField("险种", max_length=7, choices=Insurance)
    county = place("区县")
    month = month_field("月份")
    people = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    first_at = models.DateTimeField("第一次比对", default=timezone.now)
    compared_at = models.DateTimeField("最近比对", default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["insurance", "county", "month"],
                name="comparison_once_a_month",
                violation_error_message="这个区县这个月已经比对过。",
            ),
            models.CheckConstraint(
                condition=Q(insurance__in=Insurance.values) & is_month("month") & is_code("county"),
                name="comparison_words_known",
                violation_error_message="险种、月份或区县写得不对。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.insurance} {self.county} {self.month}"


class Findings(_OfInsurances["Finding"]):
    """What was found, seen from the county that compares and from both places of the person."""

    region_columns = ("county", "origin", "destination")


class Finding(models.Model):
    """What a comparison found about somebody. ``key``: the person's id, or what names a row of somebody who is not registered.

    ``kind``, ``decision`` and ``row``: the duty of the pages that follows from the list, "" for none. ``told``: JSON with ``rows`` (what
    lists say, each with ``county``, ``place``, ``facts``, ``months``), ``listed`` and ``ledger`` (the facts side by side), and ``name``
    and ``number`` of somebody who is not registered.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="findings", db_index=False)
    insurance = models.CharField("险种", max_length=7, choices=Insurance)
    county = place("区县")
    month = month_field("月份")
    sort = models.CharField("查出", max_length=9, choices=Sort)
    key = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    origin = place("迁出地", blank=True)
    destination = place("迁入地", blank=True)
    kind = models.CharField("应办", max_length=50, blank=True, default="")
    decision = models.CharField("判定", max_length=50, blank=True, default="")
    row = models.PositiveSmallIntegerField("行", default=0)
    told: SealedField[Any, Any] = SealedField()

    objects = Findings.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["comparison", "sort", "key"],
                name="finding_once",
                violation_error_message="这一条已经列出来了。",
            ),
            models.CheckConstraint(
                condition=Q(insurance__in=Insurance.values, sort__in=Sort.values)
                & is_month("month")
                & is_code("county")
                & code_or_blank("origin")
                & code_or_blank("destination"),
                name="finding_words_known",
                violation_error_message="查出的种类、月份或地点写得不对。",
            ),
            models.CheckConstraint(
                condition=Q(sort="stranger", person=None) | ~Q(sort="stranger") & Q(person__isnull=False),
                name="finding_of_somebody",
                violation_error_message="查出的要写明是谁。",
            ),
        )
        indexes = (
            models.Index(fields=["insurance", "month", "county", "sort", "key"], name="finding_listed"),
            models.Index(fields=["insurance", "month", "destination"], name="finding_in"),
            models.Index(fields=["insurance", "month", "origin"], name="finding_out"),
        )

    def __str__(self) -> str:
        return f"{self.comparison_id} {self.sort}"
