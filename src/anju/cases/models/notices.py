"""Public notices of cases 公示, and the objections to them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.cases.models.cases import Case, OfCases
from anju.government.models import Officer
from anju.register.models.subjects import new_id
from anju.sealing.fields import SealedField


class How(models.TextChoices):
    """How an objection came in."""

    SPOKEN = "spoken", _("当面说的")
    WRITTEN = "written", _("书面")
    PHONE = "phone", _("电话")
    ONLINE = "online", _("网上")


class Outcome(models.TextChoices):
    """What became of an objection; ``mended``: it was right, and what was published has been put right."""

    DISMISSED = "dismissed", _("不成立")
    UPHELD = "upheld", _("成立")
    MENDED = "mended", _("已更正")


class Notices(OfCases["Notice"]):
    """As of the case."""

    region_columns = ("case__origin", "case__destination", "case__insured")
    clause_column = "case__clause"


class Notice(models.Model):
    """A public notice that hangs from ``since`` to ``until``, both days included, posted ``after`` so many entries of its case.

    ``text`` is what hangs there: for everybody to read, but not for longer than it hangs, so that it lies sealed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="+")
    after = models.PositiveIntegerField("第几笔之后")
    step = models.PositiveSmallIntegerField("步")
    since = models.DateField("公示开始日")
    until = models.DateField("公示截止日")
    place = models.CharField("公示地点", max_length=80)
    text: SealedField[Any, Any] = SealedField("公示内容")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    office = models.CharField("岗位", max_length=200)
    at = models.DateTimeField("时间", default=timezone.now)

    objects = Notices.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "after"],
                name="notice_once",
                violation_error_message="这一次公示已经贴出来了，请打开最新的再看。",
            ),
            models.CheckConstraint(
                condition=Q(since__lte=F("until"), after__gt=0, step__gt=0) & ~Q(place=""),
                name="notice_days_in_order",
                violation_error_message="公示截止日不能早于开始日，还要写明贴在哪里。",
            ),
        )
        indexes = (models.Index(fields=["until"], name="notice_hanging"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.since} {self.until}"


class Objections(OfCases["Objection"]):
    """As of the case."""

    region_columns = ("notice__case__origin", "notice__case__destination", "notice__case__insured")
    clause_column = "notice__case__clause"


class Objection(models.Model):
    """What somebody says against a notice while it hangs; decided once, with a reason.

    ``who`` and ``told`` lie sealed: who objects is nobody's business but of those who decide.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    on = models.DateField("哪天提的")
    how = models.CharField("怎么提的", max_length=8, choices=How)
    who: SealedField[Any, Any] = SealedField("谁提的")
    told: SealedField[Any, Any] = SealedField("说了什么")
    recorded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    key = models.UUIDField("发送号")
    outcome = models.CharField("结果", max_length=9, choices=Outcome, blank=True, default="")
    because: SealedField[Any, Any] = SealedField("理由", null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_on = models.DateField("处理日", null=True)

    objects = Objections.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["recorded_by", "key"],
                name="objection_sent_once",
                violation_error_message="这一条异议已经登记了。",
            ),
            models.CheckConstraint(
                condition=Q(how__in=How.values)
                & (
                    Q(outcome="", because=None, decided_by=None, decided_on=None)
                    | Q(outcome__in=Outcome.values, decided_by__isnull=False, decided_on__gte=F("on"))
                    & Q(because__isnull=False)
                ),
                name="objection_decided_with_reason",
                violation_error_message="异议要写明结果和理由，处理日不能早于提出的那天。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.on} {self.outcome}"
