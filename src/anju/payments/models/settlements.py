"""What is stored of one-stop settlements: each bill with its four parts, and each one that was taken back; nothing is ever rewritten.

The rows of a person's year stand one after the other (``seq``): each was worked out from those before it, so that two at the same time
cannot both use up the same deductible, and only the last one is taken back. Amounts lie open, so that the database itself proves that
the parts are the bill; where somebody was treated, for how long and by which working lies sealed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from anju.government.lines import Level
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.scoped import ScopedQuerySet
from anju.payments.money import CentsField
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.models.subjects import is_code, new_id, place
from anju.sealing.fields import SealedField

procedure = "settle_one_stop"


@cache
def clause_of_settling() -> str:
    """The clause whose work it is."""
    return guideline().procedures[procedure].clause


@cache
def settling_lines() -> frozenset[str]:
    """The lines that the page names for settling bills: no other one learns that somebody was treated."""
    steps = guideline().procedures[procedure].steps
    return frozenset(actor.line for step in steps for actor in step.actors if not actor.person)


def settles_bills(scope: Scope) -> bool:
    """Whether bills are settled at a post."""
    return scope.level == Level.COUNTY and scope.line in settling_lines()


class Settlements(ScopedQuerySet["Settlement"]):
    """Settlements, seen from where the person is insured, by the lines that settle."""

    region_columns = ("insured",)

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within the posts that settle bills."""
        return super().reach([scope for scope in scopes if scope.line in settling_lines()], purpose)


class Did(models.TextChoices):
    """What a row tells."""

    SETTLED = "settled", "结算"
    REVERSED = "reversed", "冲正"


class Settlement(models.Model):
    """The ``seq``-th row of a person's year: a bill with its parts, or that ``reverses`` was taken back, with the same amounts.

    ``bill`` is the keyed digest of the institution and its number: settled once; the ``attempt``-th time after it was taken back so often.
    ``insured``: the county that settles. ``told``: as JSON what was charged and how it was worked out, or why it was taken back.
    ``case``: whose step it fills. ``key`` is the sender's, so that what is sent twice is done once.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False)
    insured = place("参保地")
    year = models.PositiveSmallIntegerField("年度")
    seq = models.PositiveIntegerField("第几笔")
    did = models.CharField("做了什么", max_length=8, choices=Did, default=Did.SETTLED)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversal")
    bill = models.CharField("单据", max_length=64, editable=False)
    attempt = models.PositiveSmallIntegerField("第几次", default=1)
    total = CentsField("总费用")
    basic = CentsField("基本医保支付")
    catastrophic = CentsField("大病保险支付")
    assistance = CentsField("医疗救助支付")
    own = CentsField("个人自付")
    told: SealedField[Any, Any] = SealedField("单据内容")
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", db_index=False)
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    key = models.UUIDField("发送号", null=True)
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = Settlements.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "year", "seq"],
                name="settlement_one_after_another",
                violation_error_message="这个人这一年刚刚有人结算过，请打开最新的再看。",
            ),
            models.UniqueConstraint(
                fields=["bill", "attempt"],
                condition=Q(did="settled"),
                name="settlement_bill_once",
                violation_error_message="这家机构的这张单据已经结算过；算错了的，先冲正。",
            ),
            models.UniqueConstraint(
                fields=["by", "key"],
                name="settlement_sent_once",
                violation_error_message="这一次提交已经结算过了。",
            ),
            models.CheckConstraint(
                condition=Q(total=F("basic") + F("catastrophic") + F("assistance") + F("own")),
                name="settlement_parts_are_the_bill",
                violation_error_message="基本医保、大病保险、医疗救助和个人自付加起来要等于总费用。",
            ),
            models.CheckConstraint(
                condition=Q(total__gt=0, basic__gte=0, catastrophic__gte=0, assistance__gte=0, own__gte=0),
                name="settlement_none_is_negative",
                violation_error_message="总费用要大于 0，哪一项都不能是负数。",
            ),
            models.CheckConstraint(
                condition=Q(did="settled", reverses=None) | Q(did="reversed", reverses__isnull=False),
                name="settlement_reverses_one",
                violation_error_message="冲正要指明冲的是哪一笔。",
            ),
            models.CheckConstraint(
                condition=is_code("insured")
                & ~Q(bill="")
                & Q(seq__gt=0, attempt__gt=0, year__gte=2000, year__lte=2999),
                name="settlement_words_known",
                violation_error_message="参保地、单据或年度写得不对。",
            ),
        )
        indexes = (
            models.Index(fields=["insured", "recorded_at"], name="settlement_of_county"),
            models.Index(fields=["case"], condition=Q(case__isnull=False), name="settlement_of_case"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.year} {self.seq} {self.did}"
