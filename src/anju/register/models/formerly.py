"""What people were called before, and under which ID numbers they were registered before."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from anju.government.scoped import ScopedQuerySet
from anju.register.models.people import Person
from anju.register.models.subjects import new_id
from anju.sealing.fields import SealedField


class Formers(ScopedQuerySet["Formerly"]):
    """Former names and numbers, seen by whoever sees the person."""

    region_columns = ("person__origin", "person__destination")


class Formerly(models.Model):
    """A former name 曾用名 or a former ID number 旧号码 of a person, until a moment; lists and people who still use it find the person.

    One that the person has again stays, and is shown no more. The number lies sealed, as the present one does.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="formerly", db_index=False)
    name = models.CharField("曾用名", max_length=60, blank=True, default="")
    number: "SealedField[Any, Any]" = SealedField("旧号码", null=True, blank=True)
    number_index = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - a name has none
    until = models.DateTimeField("用到", default=timezone.now)

    objects = Formers.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(number=None, number_index=None) & ~Q(name="")
                | Q(number__isnull=False, number_index__isnull=False, name=""),
                name="formerly_name_or_number",
                violation_error_message="从前的姓名和号码各记一条，号码和它的检索码要一起登记。",
            ),
            models.UniqueConstraint(
                fields=["person", "name"],
                condition=~Q(name=""),
                name="formerly_named_once",
                violation_error_message="这个曾用名已经记下了。",
            ),
            models.UniqueConstraint(
                fields=["person", "number_index"],
                condition=Q(number_index__isnull=False),
                name="formerly_numbered_once",
                violation_error_message="这个旧号码已经记下了。",
            ),
        )
        indexes = (
            models.Index(fields=["name"], name="formerly_name", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["number_index"], name="formerly_number"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.name}"
