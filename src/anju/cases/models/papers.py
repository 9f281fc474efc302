"""The papers that lie with a case: what a resident signed, the other side's stamped reply, evidence."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.cases.models.cases import Case, OfCases
from anju.government.models import Officer
from anju.government.residents import Resident, own_hand
from anju.register.models.subjects import new_id
from anju.sealing.fields import SealedField


class PaperKind(models.TextChoices):
    """What a paper is for."""

    CONSENT = "consent", _("本人签字的授权书或照片")
    REPLY = "reply", _("盖章的回函")
    EVIDENCE = "evidence", _("证明材料")


class Media(models.TextChoices):
    """What a paper is: nothing that a browser would carry out."""

    JPEG = "image/jpeg", "jpg"
    PNG = "image/png", "png"
    PDF = "application/pdf", "pdf"


class Papers(OfCases["Paper"]):
    """As of the case; a resident sees those that the resident handed in, and no others that lie with the own case."""

    region_columns = ("case__origin", "case__destination", "case__insured")
    clause_column = "case__clause"
    case = "case__"

    def own(self, resident: Resident) -> Q:
        """Those that came from the resident's own hand."""
        return super().own(resident) & Q(by=None)


class Scan(models.Model):
    """What a file shows, kept once however many cases it lies in; it goes with the last of its papers, whoever deletes that.

    ``digest`` is the SHA-256 of what is kept, which is what was handed in without what a picture says beside itself
    (`anju.cases.pictures`). Nobody asks for it but by a paper.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    media = models.CharField("格式", max_length=15, choices=Media)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField(max_length=64)
    content: SealedField[Any, Any] = SealedField("内容")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["digest"],
                name="scan_once",
                violation_error_message="这一份刚刚有人也在交，请再交一次。",
            ),
            models.CheckConstraint(
                condition=Q(media__in=Media.values, size__gt=0),
                name="scan_words_known",
                violation_error_message="材料只收照片（.jpg、.png）和 .pdf，并且不能是空的。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.media} {self.digest[:8]}"


class Paper(models.Model):
    """A file that was handed in at a step, ``after`` so many entries of its case: it goes with the entry that follows.

    ``by`` None: the resident handed it in.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="+")
    after = models.PositiveIntegerField("第几笔之后")
    step = models.PositiveSmallIntegerField("步")
    kind = models.CharField("种类", max_length=8, choices=PaperKind)
    about: SealedField[Any, Any] = SealedField("是什么")
    scan = models.ForeignKey(Scan, models.PROTECT, related_name="+")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    office = models.CharField("岗位", max_length=200)
    at = models.DateTimeField("时间", default=timezone.now)

    objects = Papers.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "scan"],
                name="paper_once",
                violation_error_message="这一份已经在这一件里了。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=PaperKind.values, after__gt=0, step__gt=0),
                name="paper_words_known",
                violation_error_message="没有这种材料。",
            ),
            models.CheckConstraint(
                condition=Q(by__isnull=False) | Q(by=None, office=own_hand, kind="evidence"),
                name="paper_by_hand_is_evidence",
                violation_error_message="本人自己交的是证明材料；授权书和回函由单位交。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.scan_id}"
