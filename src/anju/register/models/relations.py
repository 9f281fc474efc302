"""The seven relations of a person: to whom each belongs from which day on.

A history is a chain of steps. Each step says who holds the relation from a day on, until the next step's day; the end of one is
the beginning of the next and is stored nowhere else. So a gap or an overlap cannot even be written down (docs/adr/0012).
"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from anju.government.models import never
from anju.government.residents import Resident
from anju.government.scoped import ScopedQuerySet
from anju.register.models.people import Person
from anju.register.models.subjects import is_code, place


class Kind(models.TextChoices):
    """The seven relations."""

    HUKOU = "hukou", "户籍"
    PARTY = "party", "党组织"
    COLLECTIVE = "collective", "集体成员"
    PENSION = "pension", "养老"
    MEDICAL = "medical", "医保"
    ASSISTANCE = "assistance", "救助"
    ELECTION = "election", "选举"


class Because(models.TextChoices):
    """Why a step was taken. From `DEATH` on, nobody holds the relation any more."""

    RECORDED = "recorded", "登记"
    MOVED = "moved", "转接"
    CONFIRMED = "confirmed", "确认"
    ENROLLED = "enrolled", "参加"
    DEATH = "death", "死亡"
    CANCELLED = "cancelled", "注销"
    STATUS = "status", "情况变化"
    WITHDRAWN = "withdrawn", "本人退出"


_begins = ["recorded", "moved", "confirmed", "enrolled"]
_ends = ["death", "cancelled", "status", "withdrawn"]


class Relations(ScopedQuerySet["Relation"]):
    """Relations, seen by whoever sees the person."""

    region_columns = ("person__origin", "person__destination")

    def own(self, resident: Resident) -> Q:
        """Those of the resident."""
        return Q(person=resident.person)

    def last_steps(self) -> Self:
        """Only the steps after which no other was taken."""
        return self.filter(~Exists(_following()))


class Relation(models.Model):
    """One step: from ``since`` on, ``holder`` (a region's code; "" nobody) has the relation of this kind.

    ``since`` may be `date.min`: the beginning is not known. ``place_name`` names the holder more closely (a party branch, a collective).
    ``after`` is the day of the step before, None for the first; each step has at most one after it, so that of two who take the
    next step one wins.
    """

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="relations", db_index=False
    )  # the constraints' indexes serve
    kind = models.CharField("关系", max_length=10, choices=Kind)
    holder = place("归属地", blank=True)
    place_name = models.CharField("归属单位", max_length=80, blank=True, default="")
    since = models.DateField("起")
    after = models.DateField("接着", null=True, blank=True)
    because = models.CharField("原因", max_length=10, choices=Because)
    evidence = models.CharField("凭据", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)

    objects = Relations.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "kind", "since"],
                name="relation_step_once_a_day",
                violation_error_message="这种关系在这一天已经有一条记录。",
            ),
            models.UniqueConstraint(
                "person",
                "kind",
                Coalesce("after", Value(date.max)),
                name="relation_one_after_another",
                violation_error_message="这种关系刚刚有人接着办了，请打开最新的再看。",
            ),
            models.CheckConstraint(
                condition=Q(after=None) | Q(after__lt=F("since")),
                name="relation_days_in_order",
                violation_error_message="日子要比上一条晚。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="relation_kind_known",
                violation_error_message="没有这种关系。",
            ),
            models.CheckConstraint(
                condition=is_code("holder") & Q(because__in=_begins) | Q(holder="", because__in=_ends),
                name="relation_held_or_ended",
                violation_error_message="转到哪里要写明；没有人接的，要写明为什么终止。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="hukou", holder="") | Q(because__in=["death", "cancelled"]),
                name="relation_hukou_has_place",
                violation_error_message="户籍不能悬空，只有死亡或注销才没有户籍地。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.holder} {self.since}"


def _following() -> "QuerySet[Relation]":
    """The step after the one that is asked about."""
    same = {"person_id": OuterRef("person_id"), "kind": OuterRef("kind")}
    return Relation._base_manager.filter(**same, after=OuterRef("since"))


class PartyLives(ScopedQuerySet["PartyLife"]):
    """Places of participation, seen by whoever sees the person."""

    region_columns = ("person__origin", "person__destination")


class PartyLife(models.Model):
    """A place where a party member takes part beside the one affiliation 一方隶属、参加多重组织生活 (1.2-2, I11).

    ``place_name`` names the branch. ``left_on``: the day from which the member was said not to take part any more. ``until`` follows from
    it, from the affiliation and from the end of the person (`anju.register.party_lives`); one that ends on the day it begins is void.
    ``ended_at``: when the end was recorded, so that what was known at a moment is known later.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="party_lives")
    place = place("参加地")
    place_name = models.CharField("参加的支部", max_length=80, blank=True, default="")
    since = models.DateField("起")
    until = models.DateField("止", default=never)
    left_on = models.DateField("不再参加", null=True, blank=True)
    evidence = models.CharField("凭据", max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField("登记时间", default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PartyLives.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=is_code("place") & Q(since__lte=F("until")),
                name="party_life_days_in_order",
                violation_error_message="参加地要是区划代码，止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(since__lte=F("left_on"), until__lte=F("left_on")),
                name="party_life_ends_as_said",
                violation_error_message="不再参加的日子不能早于起日；说了不再参加，就到那一天为止。",
            ),
            models.UniqueConstraint(
                fields=["person", "place"],
                condition=Q(until=never),
                name="party_life_one_a_place",
                violation_error_message="这个人已经登记在这个地方参加组织生活。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} · {self.place} · {self.since}"
