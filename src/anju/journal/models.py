"""Entries and the heads of their chains. Nothing refers to another table: what was true when it was written stays readable."""

from __future__ import annotations

from django.db import models

shards = 16
"""How many chains there are: enough that offices do not wait for each other, few enough to print their heads on one page."""


class Head(models.Model):
    """The end of one chain: whoever writes the next entry holds this row until the transaction ends."""

    shard = models.PositiveSmallIntegerField(primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.shard}:{self.seq}"


class Entry(models.Model):
    """One deed or one look. All texts are as they were at that moment; there is no ID number in any of them."""

    id = models.BigAutoField(primary_key=True)
    shard = models.PositiveSmallIntegerField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    offset_minutes = models.SmallIntegerField()
    officer = models.CharField(max_length=64, blank=True)
    officer_name = models.CharField(max_length=100, blank=True)
    post = models.CharField(max_length=200, blank=True)
    organisation = models.CharField(max_length=200, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    action = models.CharField(max_length=100)
    object_kind = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=100, blank=True)
    purpose = models.CharField(max_length=500, blank=True)
    result = models.CharField(max_length=8)
    detail = models.TextField()
    key_number = models.PositiveIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        """Each place in a chain is taken once; what an auditor asks for is indexed."""

        constraints = (
            models.UniqueConstraint(fields=["shard", "seq"], name="entry_place_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="entry_seq_from_one"),
            models.CheckConstraint(
                condition=models.Q(result__in=["done", "refused", "failed"]), name="entry_result_known"
            ),
        )
        indexes = (
            models.Index(fields=["at", "id"], name="entry_at"),
            models.Index(fields=["officer", "at"], name="entry_officer"),
            models.Index(fields=["action", "at"], name="entry_action"),
            models.Index(fields=["result", "at"], name="entry_result"),
            models.Index(fields=["object_kind", "object_id", "at"], name="entry_object"),
        )

    def __str__(self) -> str:
        return f"{self.shard}:{self.seq} {self.action}"


class Verification(models.Model):
    """What one reading of the whole journal found; `problem` says why there was none."""

    at = models.DateTimeField(db_index=True)
    entries = models.PositiveBigIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    sentences = models.JSONField(default=list)
    """Which backups were restored, and the first findings."""
    after_anchor = models.PositiveBigIntegerField(default=0)
    anchored_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        get_latest_by = "at"

    def __str__(self) -> str:
        return f"{self.at}: {self.findings}"

    @property
    def whole(self) -> bool:
        """Whether everything was read and nothing was found."""
        return not self.findings and not self.problem
