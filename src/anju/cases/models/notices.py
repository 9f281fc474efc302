"""Public notices of cases 公示, and the objections to them."""

from __future__ import annotations

from datetime import date
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

    Of one that was recorded late the days run from ``recorded_on`` (None: recorded before this was so), so that whoever objects still
    can. Where a second officer (``proven_by``) has looked at a picture of it (``proof``, a paper of the case) and says that it hung since
    then, its days ran from ``since``, and it ended on ``proven_until``. ``text`` is what hangs there: for everybody to read, but not for
    longer than it hangs, so that it lies sealed. One paper with a list of applicants is a notice of each of their cases, with the same
    ``paper`` (None: of one case alone): what is said against one of them is said against that one.
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
    recorded_on = models.DateField("登记日", null=True)
    paper = models.UUIDField("哪一张", null=True)
    proven_until = models.DateField("证实的截止日", null=True, blank=True)
    proof = models.UUIDField("凭哪一份材料", null=True, blank=True)
    proven_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    proven_at = models.DateTimeField("证实的时间", null=True, blank=True)

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
            models.CheckConstraint(
                condition=Q(recorded_on=None) | Q(recorded_on__gte=F("since"), recorded_on__lte=F("until")),
                name="notice_recorded_before_its_end",
                violation_error_message="公示登记的时候，公示期不能已经过完；补登记的，从登记那天起贴满。",
            ),
            models.CheckConstraint(
                condition=Q(proven_until=None, proof=None, proven_by=None, proven_at=None)
                | Q(
                    proven_until__gte=F("since"),
                    proven_until__lt=F("until"),
                    proof__isnull=False,
                    proven_by__isnull=False,
                    proven_at__gte=F("at"),
                )
                & ~Q(proven_by=F("by")),
                name="notice_proven_by_another",
                violation_error_message="补登记的公示要凭照片或扫描件，由登记人以外的另一位干部证实。",
            ),
        )
        indexes = (
            models.Index(fields=["until"], name="notice_hanging"),
            models.Index(fields=["paper"], condition=Q(paper__isnull=False), name="notice_of_one_paper"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.since} {self.until}"

    @property
    def ends(self) -> date:
        """Its last day, as it counts."""
        return self.proven_until or self.until


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
