"""What followed by itself: the duties that opened because a case had changed the register."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Q

from anju.cases.models.cases import Case, OfCases
from anju.duties.models import Duties, Duty
from anju.government.queries import Scope
from anju.register.privacy import sealed_clauses, works_on


class Consequences(OfCases["Consequence"]):
    """Seen by whoever sees the case and the duty: what a case of health led to would tell of health."""

    region_columns = ("case__origin", "case__destination", "case__insured")
    clause_column = "case__clause"

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Both ends within reach."""
        duty = Q(pk__in=[])
        for scope in scopes:
            hidden = sorted(clause for clause in sealed_clauses if not works_on([scope], clause))
            inside = Q(pk__in=[])
            for column in Duties.region_columns:
                inside |= Q(**{f"duty__{column}__gte": scope.lo, f"duty__{column}__lt": scope.hi})
            duty |= inside & ~Q(duty__clause__in=hidden)
        return super().reach(scopes, purpose) & duty


class Consequence(models.Model):
    """``duty`` opened in the transaction in which ``case`` changed the register (domain 1.9)."""

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="+")
    duty = models.ForeignKey(Duty, models.PROTECT, db_index=False, related_name="+")

    objects = Consequences.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["duty", "case"], name="consequence_once", violation_error_message="这件应办已经记在这一件下了。"
            ),
        )
        indexes = (models.Index(fields=["case"], name="consequence_of_case"),)

    def __str__(self) -> str:
        return f"{self.case_id} {self.duty_id}"
