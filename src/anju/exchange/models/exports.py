"""What is stored of exports: what was asked for, by whom, with whose approval, and the file in sealed pieces until its hours are over."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.government.models import Officer
from anju.government.scoped import ScopedQuerySet
from anju.register.models.subjects import is_code, new_id, place
from anju.sealing.fields import SealedField


class Stage(models.TextChoices):
    """How far an export is. Only the steps of `stages` are taken; the database holds it (`anju.exchange.walls`)."""

    DRAFT = "draft", _("还没交")
    WAITING = "waiting", _("待批准")
    MAKING = "making", _("正在生成")
    READY = "ready", _("可以下载")
    FAILED = "failed", _("没做成")
    REFUSED = "refused", _("没有批准")
    LAPSED = "lapsed", _("没有人批")
    GONE = "gone", _("已经删除")


stages: dict[str, tuple[str, ...]] = {
    Stage.DRAFT: (Stage.WAITING, Stage.MAKING),
    Stage.WAITING: (Stage.MAKING, Stage.REFUSED, Stage.LAPSED),
    Stage.MAKING: (Stage.READY, Stage.FAILED),
    Stage.READY: (Stage.GONE,),
}
"""Stage → the stages that may follow."""
_made = ["ready", "gone"]


class Exports(ScopedQuerySet["Export"]):
    """Exports, seen by those whose posts cover the whole of their region; which of them, `anju.exchange.queries.exports` says."""

    region_columns = ("region",)


class Export(models.Model):
    """One list that an officer takes along, within the region of one of the own posts.

    ``lines``: those of the posts under which it was asked for. ``filters``: what the list was narrowed to (`Filters` as JSON); the text
    that was searched is a name. ``full``: ID numbers, telephones and addresses in full. ``rows``: how many were asked for, then how many
    there are. ``alone``: how many full ones needed nobody else that day. ``decide_by``: until when somebody may decide.
    ``digest``: the SHA-256 of the file. ``job``: the last work.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="导出的人")
    region = place("范围")
    lines = models.CharField(max_length=200)
    kind = models.CharField("种类", max_length=20)
    filters: "SealedField[Any, Any]" = SealedField("筛选")
    full = models.BooleanField("完整号码", default=False)
    purpose = models.CharField("用途", max_length=300, blank=True, default="")
    stage = models.CharField("状态", max_length=8, choices=Stage, default=Stage.DRAFT)
    message = models.CharField(max_length=300, blank=True, default="")
    rows = models.PositiveBigIntegerField("行数", default=0)
    alone = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="批准的人")
    decided_at = models.DateTimeField(null=True)
    decide_by = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    job = models.UUIDField(null=True)

    objects = Exports.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("officer")),
                name="export_two_people",
                violation_error_message="自己的导出自己不能批准，请同一地区的另一位干部批准。",
            ),
            models.CheckConstraint(
                condition=Q(stage="draft") | Q(full=False) | ~Q(purpose=""),
                name="export_full_for_a_purpose",
                violation_error_message="导出完整号码要写明用途。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=["draft", "waiting", "refused", "lapsed", "failed"])
                | Q(full=False)
                | Q(rows__lte=F("alone"))
                | Q(decided_by__isnull=False),
                name="export_many_by_two",
                violation_error_message="完整号码的行数太多，要另一位干部批准。",
            ),
            models.CheckConstraint(
                condition=~Q(stage="refused") | Q(decided_by__isnull=False) & ~Q(message=""),
                name="export_refused_by_somebody",
                violation_error_message="不批准要写明为什么。",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["waiting", "lapsed"]) | Q(decide_by__isnull=False, decided_by=None),
                name="export_waits_for_so_long",
                violation_error_message="等批准的导出要有一个期限，没有人批准过。",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False, decided_at__lte=F("decide_by")),
                name="export_decided_in_time",
                violation_error_message="等批准的期限已经过了，这份导出不再批；还要的话请重新导出。",
            ),
            models.CheckConstraint(
                condition=Q(stage__in=_made, made_at__isnull=False, expires_at__gt=F("made_at")) & ~Q(digest="")
                | ~Q(stage__in=_made) & Q(made_at=None, expires_at=None, digest=""),
                name="export_moments_fit_stage",
                violation_error_message="生成、删除的时间要和状态一致。",
            ),
            models.CheckConstraint(
                condition=Q(stage="draft", asked_at=None) | ~Q(stage="draft") & Q(asked_at__isnull=False),
                name="export_asked_or_draft",
                violation_error_message="交了的导出要有交的时间。",
            ),
            models.CheckConstraint(
                condition=is_code("region"),
                name="export_region_is_code",
                violation_error_message="导出的范围要是 12 位统计用区划代码。",
            ),
        )
        indexes = (
            models.Index(fields=["officer", "-asked_at"], name="export_of_officer"),
            models.Index(fields=["stage", "region"], name="export_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.region} {self.stage}"


class Pieces(ScopedQuerySet["Piece"]):
    """Pieces, seen by whoever sees the export."""

    region_columns = ("export__region",)


class Piece(models.Model):
    """A piece of an export's file, sealed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    export = models.ForeignKey(Export, models.CASCADE, related_name="pieces", db_index=False)
    number = models.PositiveIntegerField()
    content: "SealedField[Any, Any]" = SealedField()

    objects = Pieces.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["export", "number"], name="piece_once"),)

    def __str__(self) -> str:
        return f"{self.export_id} {self.number}"
