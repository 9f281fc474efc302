"""Facts of counties, and what facts were before they changed."""

from typing import Any

from django.db import models
from django.db.models import Q

from anju.government.scoped import ScopedQuerySet
from anju.register.models.subjects import Subject, is_code, new_id
from anju.sealing.fields import SealedField


class AllCountyFacts(ScopedQuerySet["CountyFacts"]):
    """Counties, each seen from itself and from above."""

    region_columns = ("code",)


class CountyFacts(Subject):
    """What is recorded of a county (三（一）–（三）); ``code`` is the county's 12-digit code."""

    code = models.CharField("区县", max_length=12, primary_key=True)

    objects = AllCountyFacts.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=is_code("code") & Q(code__endswith="000000") & ~Q(code__endswith="00000000"),
                name="county_is_code",
                violation_error_message="区县要是 6 位代码补足 12 位。",
            ),
        )

    def __str__(self) -> str:
        return self.code


class Former(models.Model):
    """The facts of a subject as they were until a moment: facts are known as of any day (I10)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject_kind = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=36)
    until = models.DateTimeField()
    facts = models.JSONField()
    guarded: "SealedField[Any, Any]" = SealedField(null=True, blank=True)
    revision = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "revision"],
                name="former_revision_once",
                violation_error_message="别人刚刚改过，请打开最新的再改。",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__in=["person", "household", "site", "county"]), name="former_subject_known"
            ),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.revision}"
