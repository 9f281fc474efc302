"""What is stored of cases: each one with the pages it began by, what was done one after the other, and whose turn it is.

What was done is never rewritten; where a case stands is kept beside it, and follows it within the same transaction. Until when a step
is due is never stored: it is computed from `Turn.since` whenever somebody looks (`anju.cases.clocks`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from anju.duties.models import GuidelineVersion
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.residents import Resident, own_hand
from anju.government.scoped import ScopedQuerySet
from anju.register.guideline import guideline
from anju.register.models.subjects import code_or_blank, is_code, new_id, place
from anju.register.privacy import sealed_clauses, works_on
from anju.sealing.fields import SealedField

M = TypeVar("M", bound=models.Model)
by_guardian = "监护人代未成年人提交"
"""What a guardian does at the first step of a procedure, as the pages word it."""


@lru_cache(maxsize=8)
def for_guardians(_version: str) -> frozenset[str]:
    """The procedures that a guardian may begin for a child."""
    found = guideline().procedures.values()
    return frozenset(one.code for one in found if any(move.action == by_guardian for move in one.steps[0].moves))


class State(models.TextChoices):
    """Where a case stands."""

    RUNNING = "running", "在办"
    SUSPENDED = "suspended", "挂起"
    DONE = "done", "办结"
    WITHDRAWN = "withdrawn", "撤回"
    TERMINATED = "terminated", "终止"


open_states = (State.RUNNING, State.SUSPENDED)


class Did(models.TextChoices):
    """What an entry tells."""

    OPENED = "opened", "立件"
    MOVED = "moved", "办理"
    DATED = "dated", "办好，等生效日"
    SUSPENDED = "suspended", "挂起"
    RESUMED = "resumed", "恢复"
    WITHDRAWN = "withdrawn", "撤回"
    TERMINATED = "terminated", "终止"


taken = (Did.MOVED, Did.DATED)
"""A step was taken; with the last one the end waits for the day from which on it holds."""


class OfCases(ScopedQuerySet[M]):
    """Seen from where a case's subject came from, where it is and where it is insured; by the lines that may know of the case."""

    clause_column = "clause"
    case: ClassVar[str | None] = None
    """How to get from a row to its case's columns, where residents see rows about themselves."""

    def own(self, resident: Resident) -> Q:
        """Those of cases about the resident; of a child's its guardian's those that a guardian may begin."""
        if self.case is None:
            return super().own(resident)
        about: dict[str, Any] = {
            f"{self.case}subject_kind": "person",
            f"{self.case}subject_id": str(resident.person),
        }
        if resident.guardian is not None:
            about[f"{self.case}procedure__in"] = sorted(for_guardians(guideline().version))
        return Q(**about)

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within each post's region, what its line may know: that a case of party membership or health runs tells the fact itself."""
        within = Q(pk__in=[])
        for scope in scopes:
            hidden = sorted(clause for clause in sealed_clauses if not works_on([scope], clause))
            within |= super().reach([scope], purpose) & ~Q(**{f"{self.clause_column}__in": hidden})
        return within


class Cases(OfCases["Case"]):
    """Cases."""

    region_columns = ("origin", "destination", "insured")
    case = ""


class Case(models.Model):
    """One procedure for one subject (``subject_kind``, ``subject_id``), by the pages of ``version``.

    ``origin``, ``destination`` and ``insured`` are where its steps are done, as they were when it began; a site or a county has its own
    region as destination, and as origin the place that it deals with. ``step`` is where it stands, 0 once it has ended. ``entries``
    counts what was done: who has seen another number has not seen the latest. ``plot``: the land that it is about, written one way
    (`anju.cases.plots`), "" for any other case. ``in_force_at``: when the relation moved that it is about, where that was before its end
    (生效). ``review_on``: when somebody looks again at what is suspended.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    procedure = models.CharField("流程", max_length=50)
    clause = models.CharField("条", max_length=4)
    version = models.ForeignKey(GuidelineVersion, models.PROTECT, db_index=False, related_name="+")
    subject_kind = models.CharField(max_length=10)
    subject_id = models.CharField(max_length=36)
    origin = place("迁出地", blank=True)
    destination = place("迁入地", blank=True)
    insured = place("参保地", blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.RUNNING)
    step = models.PositiveSmallIntegerField("步", default=1)
    entries = models.PositiveIntegerField("笔数", default=1)
    applied_on = models.DateField("申请日")
    opened_at = models.DateTimeField("立件", default=timezone.now)
    plot = models.CharField("标的地块", max_length=60, blank=True, default="")
    in_force_at = models.DateTimeField("生效", null=True, blank=True)
    review_on = models.DateField("复查日", null=True, blank=True)
    closed_at = models.DateTimeField("结束", null=True, blank=True)

    objects = Cases.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "procedure", "origin"],
                condition=Q(closed_at=None),
                name="case_open_once",
                violation_error_message="这件事已经在办了，请打开在办的那一件。",
            ),
            models.UniqueConstraint(
                fields=["destination", "plot"],
                condition=Q(state="done") & ~Q(plot=""),
                name="case_plot_has_one_holder",
                violation_error_message="这块地已经由别人受让，不能再登记给第二个人。",
            ),
            models.CheckConstraint(
                condition=Q(subject_kind__in=["person", "household", "site", "county"])
                & ~Q(procedure="")
                & ~Q(clause="")
                & Q(entries__gt=0),
                name="case_words_known",
                violation_error_message="没有这种对象或流程。",
            ),
            models.CheckConstraint(
                condition=Q(state="running", step__gt=0, closed_at=None, review_on=None)
                | Q(state="suspended", step__gt=0, closed_at=None, review_on__isnull=False)
                | Q(state__in=["done", "withdrawn", "terminated"], step=0, closed_at__isnull=False, review_on=None),
                name="case_stands_somewhere",
                violation_error_message="件要么在某一步，要么已经结束；挂起的要有复查日。",
            ),
            models.CheckConstraint(
                condition=code_or_blank("origin") & is_code("destination") & code_or_blank("insured"),
                name="case_places_are_codes",
                violation_error_message="件的地点要是 12 位统计用区划代码。",
            ),
        )
        indexes = (
            models.Index(fields=["destination", "state"], name="case_in"),
            models.Index(fields=["origin", "state"], condition=~Q(origin=""), name="case_out"),
            models.Index(fields=["subject_id"], name="case_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.procedure} {self.subject_kind} {self.subject_id}"


class Entries(OfCases["Entry"]):
    """As of the case."""

    region_columns = ("case__origin", "case__destination", "case__insured")
    clause_column = "case__clause"
    case = "case__"


class Entry(models.Model):
    """One thing that was done, the ``seq``-th of its case: at ``step`` the ``action`` that leads to ``target`` (0 办结, −1 终止).

    ``part`` is the side that did its part of a step of both sides. ``told`` is what was written down, as JSON: ``fields`` by name,
    ``reason``, ``basis`` (on what paper somebody acted for another). ``key`` is the sender's, so that what is sent twice is done once;
    ``sent`` is a digest of what a system sent with it, "" from a page.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="+")
    seq = models.PositiveIntegerField("第几笔")
    did = models.CharField("做了什么", max_length=10, choices=Did)
    step = models.PositiveSmallIntegerField("步")
    action = models.CharField("动作", max_length=60, blank=True, default="")
    target = models.SmallIntegerField("到")
    part = models.CharField("哪一方", max_length=11, blank=True, default="")
    told: SealedField[Any, Any] = SealedField("写下的")
    by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    office = models.CharField("岗位", max_length=200, blank=True, default="")
    on = models.DateField("日子")
    at = models.DateTimeField("时间", default=timezone.now)
    key = models.UUIDField("发送号", null=True)
    sent = models.CharField("发来的", max_length=64, blank=True, default="")

    objects = Entries.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "seq"],
                name="entry_one_after_another",
                violation_error_message="这一步刚刚有人办过，请打开最新的再看。",
            ),
            models.UniqueConstraint(
                fields=["by", "key"], name="entry_sent_once", violation_error_message="这一次提交已经办过了。"
            ),
            models.UniqueConstraint(  # by no officer: a resident's, whose number is nobody else's
                fields=["key"],
                condition=Q(by=None),
                name="entry_sent_once_by_hand",
                violation_error_message="这一次提交已经办过了。",
            ),
            models.CheckConstraint(
                condition=Q(seq__gt=0, step__gt=0, target__gte=-1)
                & (Q(did="opened", seq=1) | ~Q(did="opened") & Q(seq__gt=1)),
                name="entry_in_order",
                violation_error_message="件从立件开始，一笔接一笔。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.seq} {self.did}"

    @property
    def by_hand(self) -> bool:
        """Whether the resident did it, and no office for the resident."""
        return self.by_id is None and self.office == own_hand


class Turns(OfCases["Turn"]):
    """As of the case."""

    region_columns = ("case__origin", "case__destination", "case__insured")
    clause_column = "case__clause"
    case = "case__"


class Turn(models.Model):
    """Since a day it is an office's turn at a step: a post of this line and level at ``region``, or the resident (``resident``), for whom
    that office may act.

    ``since_entry`` made it, ``until_entry`` ended it. Of turns with the same ``part`` one is enough; a step of both sides has two parts.
    ``limit`` is the parameter that says how long; ``valid_until`` the last day of a letter that says itself how long. ``since`` lies ahead
    where all is done and waits for the day from which on it holds. ``ended_late``: whether it ended after its last day, by the limits of
    the day of its end.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, db_index=False, related_name="turns")
    since_entry = models.PositiveIntegerField()
    until_entry = models.PositiveIntegerField(null=True)
    ended_late = models.BooleanField("办完时逾期", null=True)
    step = models.PositiveSmallIntegerField("步")
    part = models.CharField("哪一方", max_length=11, blank=True, default="")
    resident = models.BooleanField("本人", default=False)
    line = models.CharField("条线", max_length=20)
    level = models.CharField("层级", max_length=10)
    region = place("地区")
    since = models.DateField("轮到")
    limit = models.CharField("时限", max_length=40, blank=True, default="")
    valid_until = models.DateField("信有效期至", null=True)

    objects = Turns.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["case", "since_entry", "part", "line", "level", "region"],
                name="turn_once",
                violation_error_message="这一步已经轮到这个单位了。",
            ),
            models.CheckConstraint(
                condition=is_code("region") & (Q(until_entry=None) | Q(until_entry__gt=F("since_entry"))),
                name="turn_in_order",
                violation_error_message="轮到的单位要是区划代码，先轮到、后办完。",
            ),
            models.CheckConstraint(
                condition=Q(until_entry=None, ended_late=None) | Q(until_entry__isnull=False, ended_late__isnull=False),
                name="turn_late_once_ended",
                violation_error_message="一步办完了，才说得上逾期没有。",
            ),
        )
        indexes = (
            models.Index(fields=["line", "level", "region"], condition=Q(until_entry=None), name="turn_waiting"),
            models.Index(fields=["case"], condition=Q(ended_late=True), name="turn_late"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.step} {self.line} {self.region}"
