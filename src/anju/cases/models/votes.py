"""Votes of cases: who may vote, fixed when the meeting is called, and the count, which is written once."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.cases.models.cases import Case, OfCases
from anju.government.models import Officer
from anju.register.models.subjects import new_id
from anju.sealing.fields import SealedField


class Body(models.TextChoices):
    """Who meets; the codes are those of the pages' 表决方式."""

    MEMBERS = "members", "成员大会"
    VILLAGERS = "villagers", "村民会议"
    REPRESENTATIVES = "representatives", "村民代表"


class Choice(models.TextChoices):
    """What somebody voted."""

    AGREE = "agree", _("同意")
    AGAINST = "against", _("反对")
    ABSTAIN = "abstain", _("弃权")


class Votes(OfCases["Vote"]):
    """As of the case."""

    region_columns = ("case__origin", "case__destination", "case__insured")
    clause_column = "case__clause"


class Vote(models.Model):
    """A meeting of a body on a day, called ``after`` so many entries of its case. All ``eligible`` on its roster are the denominator,
    whoever comes. ``notified_on``: when all were told, None of meetings from before this was kept. The figures are None until they
    are counted, and never change afterwards. One meeting votes on several cases one after the other: each has its vote, and they share the
    roster of the ``first`` of them (None: its own).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="+")
    after = models.PositiveIntegerField("第几笔之后")
    step = models.PositiveSmallIntegerField("步")
    body = models.CharField("表决方式", max_length=15, choices=Body)
    notified_on = models.DateField("通知日", null=True)
    on = models.DateField("会议日")
    eligible = models.PositiveIntegerField("应到")
    first = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="同一次会")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    office = models.CharField("岗位", max_length=200)
    at = models.DateTimeField("时间", default=timezone.now)
    present = models.PositiveIntegerField("实到", null=True)
    agreed = models.PositiveIntegerField("同意", null=True)
    against = models.PositiveIntegerField("反对", null=True)
    abstained = models.PositiveIntegerField("弃权", null=True)
    counted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    counted_at = models.DateTimeField("计票", null=True)

    objects = Votes.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "after"],
                name="vote_once",
                violation_error_message="这一次会已经通知，名单已经定了，请打开最新的再看。",
            ),
            models.CheckConstraint(
                condition=Q(body__in=Body.values, eligible__gt=0, after__gt=0, step__gt=0),
                name="vote_has_a_roster",
                violation_error_message="表决要有名单，至少一人。",
            ),
            models.CheckConstraint(
                condition=Q(notified_on=None) | Q(notified_on__lte=F("on")),
                name="vote_called_before_it_is_held",
                violation_error_message="会议日不能早于通知日。",
            ),
            models.CheckConstraint(
                condition=Q(present=None, agreed=None, against=None, abstained=None, counted_by=None, counted_at=None)
                | Q(
                    present__lte=F("eligible"),
                    present=F("agreed") + F("against") + F("abstained"),
                    counted_by__isnull=False,
                    counted_at__isnull=False,
                ),
                name="vote_figures_agree",
                violation_error_message="实到不能多过应到；同意、反对、弃权加起来要等于实到。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.body} {self.on}"


class Voters(OfCases["Voter"]):
    """As of the case."""

    region_columns = ("vote__case__origin", "vote__case__destination", "vote__case__insured")
    clause_column = "vote__case__clause"


class Voter(models.Model):
    """Somebody on a roster, ``person`` where the register knows who; ``choice`` (a `Choice`) where it was voted by name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    vote = models.ForeignKey(Vote, models.PROTECT, db_index=False, related_name="+")
    number = models.PositiveIntegerField("序号")
    name: SealedField[Any, Any] = SealedField("姓名")
    person = models.UUIDField("人", null=True)
    choice: SealedField[Any, Any] = SealedField("表决", null=True)
    voted_at = models.DateTimeField("表决时间", null=True)

    objects = Voters.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["vote", "number"], name="voter_numbered_once", violation_error_message="名单的序号重了。"
            ),
            models.UniqueConstraint(
                fields=["vote", "person"],
                condition=Q(person__isnull=False),
                name="voter_once",
                violation_error_message="同一个人在名单里有两次。",
            ),
            models.CheckConstraint(
                condition=Q(number__gt=0)
                & (Q(choice=None, voted_at=None) | Q(choice__isnull=False, voted_at__isnull=False)),
                name="voter_in_order",
                violation_error_message="名单从 1 开始，表决要有时间。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.vote_id} {self.number}"
