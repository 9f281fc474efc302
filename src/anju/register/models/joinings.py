"""Two records of one person become one 并档: who asked for it, who agreed, and what the record that goes said otherwise."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.government.models import Officer
from anju.government.scoped import ScopedQuerySet
from anju.register.models.people import Person
from anju.register.models.subjects import new_id
from anju.sealing.fields import SealedField


class Stage(models.TextChoices):
    """How far it is. Nothing follows on what waits no more; the database holds it (`anju.register.walls`)."""

    WAITING = "waiting", _("待确认")
    JOINED = "joined", _("已并档")
    REFUSED = "refused", _("没有并")
    LAPSED = "lapsed", _("没有人确认")


decided = ("joined", "refused")


class Joinings(ScopedQuerySet["Joining"]):
    """Joinings, seen by whoever sees the record that stays; who may decide has to see both (`anju.register.queries.joinings`)."""

    region_columns = ("stays__origin", "stays__destination")


class Joining(models.Model):
    """One officer wants the record ``goes`` to be joined into ``stays``; another one agrees, or does not.

    ``right``: of `anju.register.actions.joining.stated` what differed → which record is right, "goes" or "stays". ``kept``: what the
    record that goes had and the other one did not take over, as JSON, once they are joined.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    goes = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="并掉的档")
    stays = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="留下的档")
    right = models.JSONField(default=dict)
    because = models.CharField("为什么", max_length=300)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", db_index=False, verbose_name="申请的人")
    asked_at = models.DateTimeField("申请的时间", default=timezone.now)
    decide_by = models.DateTimeField("等到")
    stage = models.CharField("状态", max_length=8, choices=Stage, default=Stage.WAITING)
    decided_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="确认的人"
    )
    decided_at = models.DateTimeField("确认的时间", null=True)
    message = models.CharField(max_length=300, blank=True, default="")
    kept: "SealedField[Any, Any]" = SealedField("没有接过来的", null=True)

    objects = Joinings.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="joining_two_people",
                violation_error_message="自己申请的并档自己不能确认，请另一位看得到两条的干部确认。",
            ),
            models.CheckConstraint(
                condition=~Q(goes=F("stays")),
                name="joining_two_records",
                violation_error_message="要选两条不同的档。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=decided, decided_by__isnull=False, decided_at__lte=F("decide_by"))
                | Q(stage__in=["waiting", "lapsed"], decided_by=None, decided_at=None),
                name="joining_decided_in_time",
                violation_error_message="等确认的期限已经过了，这次申请不再算数；还要并的话请重新申请。",
            ),
            models.CheckConstraint(
                condition=~Q(because="") & (~Q(stage="refused") | ~Q(message="")),
                name="joining_says_why",
                violation_error_message="并档和不并都要写明为什么。",
            ),
            models.UniqueConstraint(
                fields=["goes"],
                condition=Q(stage__in=["waiting", "joined"]),
                name="joining_once_at_a_time",
                violation_error_message="这条档已经有人申请并了，请先看那一次。",
            ),
        )
        indexes = (models.Index(fields=["decide_by"], condition=Q(stage="waiting"), name="joining_waits"),)

    def __str__(self) -> str:
        return f"{self.goes_id} → {self.stays_id}"
