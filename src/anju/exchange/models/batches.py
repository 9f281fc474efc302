"""What is stored of imports: the batch, its sealed contents, and a row a staged row without anything about a person.

A ledger waits as it was read, sealed, until a second officer has accepted it. What pages filter and count by stands in
`StagedRow`; whom it is about and what would change stands in the sealed chunks alone.
"""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.government.models import Officer
from anju.government.scoped import ScopedQuerySet
from anju.register.models.subjects import is_code, new_id, place
from anju.sealing.fields import SealedField


class State(models.TextChoices):
    """How far a batch is. Only the steps of `steps` are taken; the database holds it (`anju.exchange.walls`)."""

    READING = "reading", _("正在读")
    FAILED = "failed", _("没读成")
    READY = "ready", _("待接收")
    MERGING = "merging", _("正在并入")
    MERGED = "merged", _("已并入")
    UNDOING = "undoing", _("正在撤回")
    UNDONE = "undone", _("已撤回")
    REJECTED = "rejected", _("已退回")


steps: dict[str, tuple[str, ...]] = {
    State.READING: (State.READY, State.FAILED),
    State.READY: (State.MERGING, State.REJECTED),
    State.MERGING: (State.MERGED, State.READY),
    State.MERGED: (State.UNDOING,),
    State.UNDOING: (State.UNDONE, State.MERGED),
}
"""State → the states that may follow."""
ended = (State.MERGED, State.UNDONE, State.REJECTED)
"""Whoever handed it in waits for nothing any more. What was not read has no rows, and ends without them."""
_accepted = [State.MERGING, State.MERGED, State.UNDOING, State.UNDONE]


rows_gone = "这一批每行的内容已经到期删去，看不到了，也不能撤回。"
"""What an officer is told who asks for what was forgotten."""


not_asked = {"undo_asked_by": None, "undo_decide_by": None, "undo_because": "", "undone_by": None}
"""Of a batch of which nobody wants any more that it is undone."""


class Batches(ScopedQuerySet["Batch"]):
    """Batches, seen by those whose posts cover the whole of their region."""

    region_columns = ("region",)


class Batch(models.Model):
    """One file that was handed in for a region: by one officer, and accepted by another one whose post covers the region.

    ``counts``: how many rows there are by kind of subject and verdict (`anju.exchange.counting`). ``revision`` grows with every
    decision about a row, so that nobody accepts what he has not seen. ``merged_at`` stands on every row that it wrote. ``job`` is the
    background work under way, or the last one. ``ended_at``: since when it is in a state of `ended`; ``forgotten_at``: since when its
    rows and all other contents are gone (`anju.exchange.forgetting`), and it cannot be undone any more.

    To undo it takes two as well: ``undo_asked_by`` asks, with ``undo_because``, and waits until ``undo_decide_by``; ``undone_by``, somebody
    else, lets it be done. What is not done after all leaves none of these.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("种类", max_length=20)
    file_name = models.CharField("文件", max_length=200)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    region = place("归口地区")
    on = models.DateField("判定日")
    uploaded_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="交的人")
    uploaded_at = models.DateTimeField(default=timezone.now)
    state = models.CharField("状态", max_length=8, choices=State, default=State.READING)
    message = models.CharField(max_length=300, blank=True, default="")
    counts = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    accepted_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="接收的人"
    )
    merged_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)
    undo_asked_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="申请撤回的人"
    )
    undo_decide_by = models.DateTimeField(null=True, blank=True)
    undo_because = models.CharField("为什么撤回", max_length=300, blank=True, default="")
    undone_by = models.ForeignKey(
        Officer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="同意撤回的人"
    )
    job = models.UUIDField(null=True)

    objects = Batches.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted_by=None) | ~Q(accepted_by=F("uploaded_by")),
                name="batch_two_people",
                violation_error_message="交的人自己不能接收，请同一地区的另一位干部接收。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_accepted, accepted_by__isnull=False)
                | ~Q(state__in=_accepted) & Q(accepted_by=None),
                name="batch_accepted_by_somebody",
                violation_error_message="并入要有接收的人。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["merged", "undoing"], merged_at__isnull=False, undone_at=None)
                | Q(state="undone", merged_at__isnull=False, undone_at__isnull=False)
                | ~Q(state__in=["merged", "undoing", "undone"]) & Q(merged_at=None, undone_at=None),
                name="batch_moments_fit_state",
                violation_error_message="并入、撤回的时间要和状态一致。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ended, ended_at__isnull=False) | ~Q(state__in=ended) & Q(ended_at=None),
                name="batch_ended_fits_state",
                violation_error_message="结束的时间要和状态一致。",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(ended_at__isnull=False),
                name="batch_forgotten_has_ended",
                violation_error_message=rows_gone,
            ),
            models.CheckConstraint(
                condition=Q(undone_by=None) | Q(undo_asked_by__isnull=False) & ~Q(undone_by=F("undo_asked_by")),
                name="batch_undone_by_two",
                violation_error_message="申请撤回的人自己不能同意，请同一地区的另一位干部看。",
            ),
            models.CheckConstraint(
                condition=Q(undo_asked_by=None, undo_decide_by=None, undo_because="")
                | Q(undo_asked_by__isnull=False, undo_decide_by__isnull=False) & ~Q(undo_because=""),
                name="batch_undo_asked_with_reason",
                violation_error_message="撤回要写明为什么。",
            ),
            models.CheckConstraint(
                condition=Q(state="undoing", undone_by__isnull=False)
                | Q(state="undone")  # those of before it took two are undone by nobody
                | Q(state="merged", undone_by=None) & (Q(forgotten_at=None) | Q(undo_asked_by=None))
                | ~Q(state__in=["merged", "undoing", "undone"]) & Q(undo_asked_by=None),
                name="batch_undo_fits_state",
                violation_error_message="撤回要有人申请，由另一位干部同意。",
            ),
            models.CheckConstraint(
                condition=is_code("region"),
                name="batch_region_is_code",
                violation_error_message="归口地区要是 12 位统计用区划代码。",
            ),
        )
        indexes = (
            models.Index(fields=["region", "-uploaded_at"], name="batch_listed"),
            models.Index(fields=["digest"], name="batch_digest"),
            models.Index(fields=["ended_at"], condition=Q(forgotten_at=None), name="batch_to_forget"),
        )

    def __str__(self) -> str:
        return self.file_name

    @property
    def undo_lapsed(self) -> bool:
        """Whether somebody asked for it to be undone and nobody agreed in time."""
        return self.undo_decide_by is not None and self.undo_decide_by < timezone.now()


class Part(models.TextChoices):
    """What a chunk holds: a piece of the file, staged rows, remarks about the file, or how to undo the merge."""

    FILE = "file"
    ROWS = "rows"
    NOTES = "notes"
    UNDO = "undo"


class Chunks(ScopedQuerySet["Chunk"]):
    """Chunks, seen by whoever sees the batch."""

    region_columns = ("batch__region",)


class Chunk(models.Model):
    """A piece of what belongs to a batch, sealed. ``kind``: of which subjects the rows are, or what is undone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="chunks", db_index=False)
    part = models.CharField(max_length=5, choices=Part)
    kind = models.CharField(max_length=20, blank=True, default="")
    number = models.PositiveIntegerField()
    content: "SealedField[Any, Any]" = SealedField()

    objects = Chunks.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["batch", "part", "kind", "number"], name="chunk_once"),)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.part} {self.kind} {self.number}"


class Verdict(models.TextChoices):
    """What would become of a staged row."""

    NEW = "new", _("新增")
    CHANGE = "change", _("有改动")
    SAME = "same", _("不变")
    CONFLICT = "conflict", _("对不上")
    REFUSED = "refused", _("没有收")


class Decision(models.TextChoices):
    """What the officer wants of a row with a conflict."""

    OPEN = "", _("还没定")
    KEEP = "keep", _("留库里的")
    FILE = "file", _("用文件的")
    OUT = "out", _("不要这一行")


class StagedRows(ScopedQuerySet["StagedRow"]):
    """Staged rows, seen by whoever sees the batch."""

    region_columns = ("batch__region",)


class StagedRow(models.Model):
    """One staged row by its number in the batch; ``subject`` is the id that it has in the register, or will have.

    ``conflict``: the first of its conflicts. ``noted``: something about it is to be read. ``left``: it was chosen, and left out when
    the batch was merged, because the register had changed meanwhile; or the database refuses it. ``touched``: it was changed after
    the merge, which cannot be undone for that reason.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", db_index=False)
    kind = models.CharField(max_length=12)
    number = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8, choices=Verdict)
    conflict = models.CharField(max_length=20, blank=True, default="")
    decision = models.CharField(max_length=4, blank=True, default="", choices=Decision)
    chosen = models.BooleanField(default=False)
    noted = models.BooleanField(default=False)
    left = models.BooleanField(default=False)
    touched = models.BooleanField(default=False)
    subject = models.UUIDField(null=True)

    objects = StagedRows.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["batch", "number"], name="staged_row_once"),
            models.CheckConstraint(
                condition=~Q(chosen=True)
                | Q(verdict__in=["new", "change"])
                | Q(verdict="conflict", decision__in=["keep", "file"]),
                name="staged_row_choosable",
                violation_error_message="没有改动的、没有收的和还没定的行，不能并入。",
            ),
        )
        indexes = (models.Index(fields=["batch", "verdict", "number"], name="staged_row_filtered"),)

    def __str__(self) -> str:
        return f"{self.batch_id} {self.number} {self.verdict}"
