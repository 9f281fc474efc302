"""What is stored of premiums that the government pays: a batch that one officer draws up and another one approves, and each person in it.

One person has one premium a year of each scheme, wherever it is paid: a moved or split household is paid by one place only. One that did
not arrive or was wrong is returned, by two officers again; its row stays, and another one may be paid.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from anju.government.lines import Level
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.scoped import ScopedQuerySet
from anju.payments.money import CentsField
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.models.subjects import is_code, new_id, place

M = TypeVar("M", bound=models.Model)


class Scheme(models.TextChoices):
    """What is paid for: old-age insurance (1.5), or medical insurance (1.6)."""

    PENSION = "pension", "养老代缴"
    MEDICAL = "medical", "医保参保资助"

    @property
    def duty(self) -> str:
        """The duty that a payment ends."""
        return {"pension": "pay_premium", "medical": "pay_medical_aid"}[self.value]

    @property
    def clause(self) -> str:
        """The clause of that duty."""
        return guideline().duties[self.duty].clause

    @property
    def fact(self) -> str:
        """The fact that it is."""
        return {"pension": "premium_paid", "medical": "medical_aided"}[self.value]

    @property
    def standard(self) -> str:
        """The parameter that says how much there is to pay for a person's year."""
        return {"pension": "代缴标准", "medical": "居民医保个人缴费一档"}[self.value]

    @property
    def late(self) -> str:
        """The parameter that says for how many months of the next year what was left over is still drawn up."""
        return {"pension": "代缴补提", "medical": "参保资助补提"}[self.value]

    @property
    def share(self) -> str:
        """How the parameters begin that say which share of it the government pays for a group."""
        return {"pension": "代缴比例", "medical": "参保资助比例"}[self.value]


@cache
def lines_of_scheme(scheme: str) -> frozenset[str]:
    """The lines that the page names for the payment."""
    return frozenset(actor.line for actor in guideline().duties[Scheme(scheme).duty].actors)


def pays_premiums(scope: Scope) -> bool:
    """Whether premiums of one of the schemes are paid at a post."""
    return scope.level == Level.COUNTY and any(scope.line in lines_of_scheme(scheme) for scheme in Scheme.values)


def pays_in(scopes: Sequence[Scope], scheme: str, county: str) -> bool:
    """Whether one of the posts pays a scheme's premiums in a county."""
    lines = lines_of_scheme(scheme)
    return any(s.level == Level.COUNTY and s.lo == county and s.line in lines for s in scopes)


class _OfSchemes(ScopedQuerySet[M]):
    """Seen from the county that pays, by the lines that pay the scheme."""

    scheme_column = "scheme"

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within each post's county, its own scheme."""
        within = Q(pk__in=[])
        for scheme in Scheme.values:
            own = [scope for scope in scopes if scope.line in lines_of_scheme(scheme)]
            within |= super().reach(own, purpose) & Q(**{self.scheme_column: scheme})
        return within


class Batches(_OfSchemes["Batch"]):
    """Batches."""

    region_columns = ("county",)


class Batch(models.Model):
    """Premiums of a county and a year that one officer drew up (``asked_by``), and that are paid once another one has approved them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    scheme = models.CharField("种类", max_length=7, choices=Scheme)
    county = place("区县")
    year = models.PositiveSmallIntegerField("年度")
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("提出", default=timezone.now)
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField("复核", null=True, blank=True)

    objects = Batches.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["scheme", "county", "year"],
                condition=Q(approved_at=None),
                name="premium_batch_waits_once",
                violation_error_message="这个区县这一年已经有一批等着复核；先复核或者撤回那一批。",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="premium_batch_two_people",
                violation_error_message="提出这一批的人自己不能复核，请另一位干部复核。",
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=Scheme.values, year__gte=2000, year__lte=2999) & is_code("county"),
                name="premium_batch_words_known",
                violation_error_message="种类、年度或区县写得不对。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme} {self.county} {self.year}"


class Premiums(_OfSchemes["Premium"]):
    """Premiums."""

    region_columns = ("batch__county",)

    def standing(self) -> Self:
        """Those that were not returned: listed in a batch that waits, or paid."""
        return self.filter(returned_at=None)


class Premium(models.Model):
    """What is paid for one person's year: the government's share and the person's own, by the ``standard`` of the group.

    ``return_asked_by`` wants it returned ``because`` of something; it is once ``returned_by``, another officer, has confirmed that.
    """

    id = models.BigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="premiums")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    scheme = models.CharField("种类", max_length=7, choices=Scheme)
    year = models.PositiveSmallIntegerField("年度")
    group = models.CharField("人群", max_length=10)
    standard = CentsField("标准")
    state = CentsField("政府负担")
    own = CentsField("个人负担")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    return_asked_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    return_asked_at = models.DateTimeField("提出退回", null=True, blank=True)
    because = models.CharField("退回原因", max_length=200, blank=True, default="")
    returned_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField("退回", null=True, blank=True)

    objects = Premiums.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "scheme", "year"],
                condition=Q(returned_at=None),
                name="premium_once_a_year",
                violation_error_message="有人这一年已经代缴过，或者在另一批里；一个人一年只由一个地方代缴一次。",
            ),
            models.CheckConstraint(
                condition=Q(return_asked_by=None, return_asked_at=None, because="", returned_by=None, returned_at=None)
                | Q(return_asked_by__isnull=False, return_asked_at__isnull=False)
                & ~Q(because="")
                & (
                    Q(returned_by=None, returned_at=None)
                    | Q(returned_by__isnull=False, returned_at__isnull=False) & ~Q(returned_by=F("return_asked_by"))
                ),
                name="premium_return_two_people",
                violation_error_message="退回要写明为什么；提出退回的人自己不能复核，请另一位干部复核。",
            ),
            models.CheckConstraint(
                condition=Q(standard=F("state") + F("own"), standard__gt=0, state__gt=0, own__gte=0),
                name="premium_shares_are_the_standard",
                violation_error_message="政府负担和个人负担加起来要等于标准，政府负担的要大于 0。",
            ),
            models.CheckConstraint(
                condition=Q(scheme__in=Scheme.values, year__gte=2000, year__lte=2999) & ~Q(group=""),
                name="premium_words_known",
                violation_error_message="种类、年度或人群写得不对。",
            ),
        )
        indexes = (
            models.Index(
                fields=["batch"],
                condition=Q(return_asked_at__isnull=False, returned_at=None),
                name="premium_return_waits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.scheme} {self.year}"
