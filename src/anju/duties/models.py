"""What is stored of duties: each one from the day it opened to the day it closed, the pages it rests on, and counties' own figures.

When a duty is due is never stored: it is computed from `counts_from` whenever somebody looks (`anju.duties.clocks`).
"""

from collections.abc import Sequence
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from anju.government.models import never
from anju.government.queries import Scope
from anju.government.scoped import ScopedQuerySet
from anju.register.models.subjects import code_or_blank, is_code, place
from anju.register.privacy import sealed_clauses, works_on


class GuidelineVersion(models.Model):
    """The pages as they were: every version that ever opened a duty stays, so that its decisions replay.

    ``evaluated_at``: when everyone was last evaluated by it; None until then.
    """

    version = models.CharField(max_length=12, primary_key=True)
    first_used_on = models.DateField("首次使用")
    pages = models.JSONField(help_text="file name → Markdown")
    evaluated_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.version


class Because(models.TextChoices):
    """Why a duty is closed."""

    DONE = "done", "已办好"
    GONE = "gone", "依据的事实已撤回"
    SUPERSEDED = "superseded", "指导意见改了，不再要求"
    SUBJECT_ENDED = "subject_ended", "人已注销或户已撤销"


class Duties(ScopedQuerySet["Duty"]):
    """Duties, seen from where their subject came from, where it is and where it is insured or paid.

    That somebody owes something about party membership or health tells the fact itself: such a duty is seen only by the lines that do
    the clause's work.
    """

    region_columns = ("origin", "destination", "insured")

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within each post's region, what its line may know."""
        within = Q(pk__in=[])
        for scope in scopes:
            hidden = sorted(clause for clause in sealed_clauses if not works_on([scope], clause))
            within |= super().reach([scope], purpose) & ~Q(clause__in=hidden)
        return within

    def owed(self) -> Self:
        """Those that are owed now."""
        return self.filter(closed_on=None)

    def owed_on(self, day: date) -> Self:
        """Those that were owed at the end of a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day), opened_on__lte=day)


class Duty(models.Model):
    """Somebody owes this to a subject since a day.

    A person, household, site or county (``subject_kind``, ``subject_id``) of a ``household`` (None for sites and counties) at
    these places: ``origin``; ``destination`` (of a site or county its own region); ``insured`` where the duty is that of the
    insurer, or of whoever pays: the place of that office. ``decision`` and ``row`` opened it under ``version`` of the pages at
    ``opened_at``, with the facts as they were known
    then. A 补录 has no decision but ``terms`` (`anju.duties.blanks`), which follow what is still blank.
    """

    subject_kind = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=36)
    household = models.UUIDField(null=True)
    kind = models.CharField("应办", max_length=50)
    decision = models.CharField("判定", max_length=50, blank=True, default="")
    row = models.PositiveSmallIntegerField("行", default=0)
    clause = models.CharField("条", max_length=4, blank=True, default="")
    strength = models.CharField("强度", max_length=10)
    terms = models.TextField("缺", blank=True, default="")
    origin = place("迁出地", blank=True)
    destination = place("迁入地", blank=True)
    insured = place("参保地", blank=True)
    opened_on = models.DateField("开出")
    opened_at = models.DateTimeField(default=timezone.now)
    counts_from = models.DateField("起算", null=True)
    version = models.ForeignKey(GuidelineVersion, models.PROTECT, db_index=False, related_name="+")
    closed_on = models.DateField("了结", null=True)
    closed_because = models.CharField("因", max_length=13, blank=True, default="", choices=Because)

    objects = Duties.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"],
                condition=Q(closed_on=None),
                name="duty_open_once",
                violation_error_message="这件应办已经开出，还没有了结。",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closed_because="")
                | Q(closed_on__isnull=False, closed_because__in=Because.values),
                name="duty_closed_with_reason",
                violation_error_message="了结要有日期和原因。",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__in=["person", "household", "site", "county"])
                & Q(strength__in=["must", "principle", "may", "encourage"]),
                name="duty_words_known",
                violation_error_message="没有这种对象或强度。",
            ),
            models.CheckConstraint(
                condition=Q(kind="fill_in", decision="", row=0) & ~Q(terms="")
                | ~Q(kind="fill_in") & ~Q(decision="") & Q(row__gt=0, terms=""),
                name="duty_has_its_grounds",
                violation_error_message="应办要写明依据的判定和行；补录要写明缺什么。",
            ),
            models.CheckConstraint(
                condition=code_or_blank("origin") & code_or_blank("destination") & code_or_blank("insured"),
                name="duty_places_are_codes",
                violation_error_message="应办的地点要是 12 位统计用区划代码。",
            ),
        )
        indexes = (
            models.Index(fields=["destination", "kind"], condition=Q(closed_on=None), name="duty_in"),
            models.Index(fields=["origin", "kind"], condition=Q(closed_on=None) & ~Q(origin=""), name="duty_out"),
            models.Index(fields=["insured", "kind"], condition=Q(closed_on=None) & ~Q(insured=""), name="duty_insured"),
            models.Index(
                fields=["insured", "kind", "closed_on"],
                condition=Q(closed_on__isnull=False) & ~Q(insured=""),
                name="duty_insured_closed",
            ),
            models.Index(fields=["household"], condition=Q(household__isnull=False), name="duty_of_household"),
            models.Index(fields=["subject_id"], condition=Q(closed_on__isnull=False), name="duty_closed"),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.kind}"


class CountyValue(models.Model):
    """A county's own value of a parameter, from a day until another. ``ended_at`` says when its end was set.

    It is about nobody, and every officer may read it.
    """

    county = place("区县")
    parameter = models.CharField("参数", max_length=40)
    value = models.DecimalField("值", max_digits=14, decimal_places=4)
    since = models.DateField("生效")
    until = models.DateField("失效", default=never)
    basis = models.CharField("依据", max_length=200)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(since__lt=F("until")),
                name="county_value_days_in_order",
                violation_error_message="失效日要晚于生效日。",
            ),
            models.CheckConstraint(
                condition=is_code("county") & Q(county__endswith="000000") & ~Q(county__endswith="00000000"),
                name="county_value_of_county",
                violation_error_message="区县要是 6 位代码补足 12 位。",
            ),
            models.CheckConstraint(
                condition=~Q(basis="") & ~Q(parameter="") & Q(value__gte=0),
                name="county_value_has_basis",
                violation_error_message="要写明依据，值不能是负数。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.county} {self.parameter} = {self.value}"
