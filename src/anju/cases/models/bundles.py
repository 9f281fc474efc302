"""What an officer does for many cases at once, portion by portion: openings, the same step, a list that came back."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.cases.models.cases import Case
from anju.government.models import Officer
from anju.register.models.subjects import new_id
from anju.sealing.fields import SealedField


class Sort(models.TextChoices):
    """What is done with each row; a list that came back is looked at before its answers are taken."""

    OPENED = "opened", _("一起立件")
    STEPPED = "stepped", _("一起办")
    LOOKED = "looked", _("看送回来的表")
    ANSWERED = "answered", _("收送回来的表")


class Bundle(models.Model):
    """Many rows that one officer sent at once, with a ``key`` of their own: sent twice, they are one. Nobody else sees it.

    ``procedure`` and ``step`` say where; ``about`` is the page's word for it (an action, a duty). ``told``, as JSON: what is the same for
    all of them. ``job``: the last work, None where it was done at once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    key = models.UUIDField("发送号")
    sort = models.CharField("做什么", max_length=8, choices=Sort)
    procedure = models.CharField("流程", max_length=50, blank=True, default="")
    step = models.PositiveSmallIntegerField("步", default=0)
    about = models.CharField("办什么", max_length=60, blank=True, default="")
    told: SealedField[Any, Any] = SealedField("写下的")
    total = models.PositiveIntegerField("件数")
    begun_at = models.DateTimeField("时间", default=timezone.now)
    job = models.UUIDField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["officer", "key"], name="bundle_sent_once", violation_error_message="这一次提交已经在办了。"
            ),
            models.CheckConstraint(
                condition=Q(sort__in=Sort.values, total__gt=0),
                name="bundle_has_rows",
                violation_error_message="一起办的至少要有一件。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.sort} {self.procedure} {self.step}"


class Portion(models.Model):
    """Some rows of a bundle, which are done together. ``rows`` and ``results`` are JSON, a result a row (`anju.cases.bundles`).

    ``refused``: how many of them were not done. A row names people, and what another office answered: both lie sealed. ``case``: the one
    that was opened, by which those of a bundle are found.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bundle = models.ForeignKey(Bundle, models.CASCADE, db_index=False, related_name="portions")
    number = models.PositiveIntegerField("第几批")
    size = models.PositiveIntegerField("件数")
    rows: SealedField[Any, Any] = SealedField("各行")
    results: SealedField[Any, Any] = SealedField("结果", null=True)
    refused = models.PositiveIntegerField("没有办成", null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, db_index=False, related_name="+")
    done_at = models.DateTimeField("办完", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["bundle", "number"], name="portion_once", violation_error_message="这一批已经有了。"
            ),
            models.CheckConstraint(
                condition=Q(size__gt=0)
                & (
                    Q(results=None, refused=None, done_at=None)
                    | Q(results__isnull=False, refused__lte=models.F("size"), done_at__isnull=False)
                ),
                name="portion_done_with_results",
                violation_error_message="办完的每一件都要有结果。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.number}"
