"""What is stored of a household that is split: 重新核定, as one officer works it out and another one agrees (guideline 1.7).

From one month on the household is two parts, whoever pays each; whoever belonged to it stands in exactly one of them. One month for both
is what keeps anybody from being counted twice, or not at all.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from anju.government.models import Officer
from anju.payments.models.assistance import OfThisWork
from anju.payments.money import CentsField
from anju.payments.months import is_month, month_field
from anju.register.models import Household, Person
from anju.register.models.subjects import is_code, new_id, place


class Side(models.TextChoices):
    """A part of the household."""

    STAYS = "stays", "留下的"
    GOES = "goes", "迁走的"


class AskedFor(models.TextChoices):
    """For which part whoever drew a form up answered then."""

    STAYS = "stays", "留下的一份"
    GOES = "goes", "迁走的一份"
    BOTH = "both", "两份"


class Assessed(models.TextChoices):
    """What a part gets from then on."""

    DIBAO = "dibao", "低保"
    TEKUN = "tekun", "特困"
    NONE = "none", "不再享受"


class Reassessments(OfThisWork["Reassessment"]):
    """Seen from the offices of both parts."""

    region_columns = ("stays_payer", "goes_payer")


def _part(side: Side) -> Q:
    """The condition that a part gets nothing for nobody, or something for somebody."""
    kind, people, amount = (f"{side.value}_{name}" for name in ("kind", "people", "amount"))
    nothing = Q(**{kind: Assessed.NONE.value, people: 0, amount: 0})
    something = Q(
        **{f"{kind}__in": [Assessed.DIBAO.value, Assessed.TEKUN.value], f"{people}__gt": 0, f"{amount}__gt": 0}
    )
    return nothing | something


class Reassessment(models.Model):
    """A household from the month ``since`` on: of each part the office that pays, the kind, how many people count, and how much a month.

    ``asked_for``: "" of forms from before it was written down.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    since = month_field("起算月")
    stays_payer = place("留下的由哪里发")
    stays_kind = models.CharField("留下的救助", max_length=5, choices=Assessed)
    stays_people = models.PositiveSmallIntegerField("留下的核定人数")
    stays_amount = CentsField("留下的每月金额")
    goes_payer = place("迁走的由哪里发")
    goes_kind = models.CharField("迁走的救助", max_length=5, choices=Assessed)
    goes_people = models.PositiveSmallIntegerField("迁走的核定人数")
    goes_amount = CentsField("迁走的每月金额")
    basis = models.CharField("依据", max_length=200)
    asked_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    asked_for = models.CharField("提出的一方", max_length=5, choices=AskedFor, blank=True, default="")
    asked_at = models.DateTimeField("提出", default=timezone.now)
    agreed_by = models.ForeignKey(Officer, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_at = models.DateTimeField("复核", null=True, blank=True)

    objects = Reassessments.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(agreed_at=None),
                name="reassessment_waits_once",
                violation_error_message="这一户已经有一张核定表等着复核；先复核或者撤回那一张。",
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False) & ~Q(agreed_by=F("asked_by")),
                name="reassessment_two_people",
                violation_error_message="提出核定表的人自己不能复核，请另一位干部复核。",
            ),
            models.CheckConstraint(
                condition=_part(Side.STAYS) & _part(Side.GOES),
                name="reassessment_parts_are_whole",
                violation_error_message="每一份要么有核定的人和金额，要么不再享受。",
            ),
            models.CheckConstraint(
                condition=is_month("since") & is_code("stays_payer") & is_code("goes_payer") & ~Q(basis=""),
                name="reassessment_words_known",
                violation_error_message="起算月、发放地或依据写得不对。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.household_id} {self.since}"


class Parts(OfThisWork["Part"]):
    """As of the form."""

    region_columns = ("reassessment__stays_payer", "reassessment__goes_payer")


class Part(models.Model):
    """Somebody of the household stands in one part; ``counted``: the part's amount is for this person too."""

    id = models.BigAutoField(primary_key=True)
    reassessment = models.ForeignKey(Reassessment, models.PROTECT, related_name="people", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    side = models.CharField("哪一份", max_length=5, choices=Side)
    counted = models.BooleanField("计入")

    objects = Parts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["reassessment", "person"],
                name="part_of_one_side",
                violation_error_message="一个人只能在一份里。",
            ),
            models.CheckConstraint(
                condition=Q(side__in=Side.values),
                name="part_side_known",
                violation_error_message="每个人要么留下，要么迁走。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.reassessment_id} {self.person_id} {self.side}"
