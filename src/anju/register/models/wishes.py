"""What people wish: every answer is kept, a later one does not overwrite an earlier one (1.1-1, 1.2-2, 1.5-2, 1.6-1, 2.3-5)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from anju.government.residents import Resident
from anju.government.scoped import ScopedQuerySet
from anju.register.models.people import Person


class WishKind(models.TextChoices):
    """What was asked."""

    HUKOU = "hukou", "户籍意愿"
    HUKOU_CHOICE = "hukou_choice", "落户选择"
    PARTY = "party", "党员意见"
    MEMBERSHIP = "membership", "成员申请"
    PENSION = "pension", "养老意愿"
    MEDICAL = "medical", "医保意愿"
    ASSISTANCE = "assistance", "救助迁移申请"
    ELECTION = "election", "选举选择"


class Wishes(ScopedQuerySet["Wish"]):
    """Wishes, seen by whoever sees the person."""

    region_columns = ("person__origin", "person__destination")

    def own(self, resident: Resident) -> Q:
        """Those of the resident."""
        return Q(person=resident.person)


class Wish(models.Model):
    """On that day the person said so; ``choice`` is a value's code of the kind's term, or yes / no. ``how``: 当面, 电话, 书面 …

    ``again``: how often the person had said it that day already, and something else in between.
    """

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="wishes", db_index=False
    )  # the index of the constraint serves
    kind = models.CharField("意愿", max_length=12, choices=WishKind)
    choice = models.CharField("选择", max_length=20)
    on = models.DateField("表态日")
    again = models.PositiveSmallIntegerField("当天第几次改回", default=0)
    how = models.CharField("方式", max_length=40, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = Wishes.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "on", "choice", "again"],
                name="wish_once_a_day",
                violation_error_message="同一天同样的意愿已经登记了。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=WishKind.values),
                name="wish_kind_known",
                violation_error_message="没有这种意愿。",
            ),
            models.CheckConstraint(
                condition=~Q(choice=""), name="wish_says_something", violation_error_message="意愿要有选择。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.choice} {self.on}"
