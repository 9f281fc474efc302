"""What is stored of letters: each with its sealed content, its number, who had a hand in it, whom it is for, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from anju.documents.forms import forms
from anju.documents.matters import own_matters
from anju.government.columns import is_code, new_id, place
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.queries import Scope
from anju.government.residents import Resident
from anju.government.scoped import ScopedQuerySet
from anju.sealing.fields import SealedField

M = TypeVar("M", bound=models.Model)


class State(models.TextChoices):
    """How far a letter is. Only the steps of `steps` are taken; the database holds it (`anju.documents.walls`)."""

    DRAFT = "draft", _("拟稿")
    CHECKING = "checking", _("核稿")
    ISSUED = "issued", _("已签发")
    VOID = "void", _("作废")


steps: dict[str, tuple[str, ...]] = {
    State.DRAFT: (State.CHECKING, State.ISSUED, State.VOID),
    State.CHECKING: (State.DRAFT, State.ISSUED, State.VOID),
    State.ISSUED: (State.VOID,),
}
"""State → the states that may follow."""


class Letterhead(models.Model):
    """How an office calls itself and its letters: its name and its 机关代字; without one, `anju.documents.offices` makes them up."""

    line = models.CharField("条线", max_length=24, choices=Line)
    level = models.CharField("层级", max_length=12, choices=Level)
    region = place("地区")
    name = models.CharField("机关名称", max_length=60)
    sign = models.CharField("机关代字", max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["line", "region"],
                name="letterhead_once",
                violation_error_message="这个单位的名称和代字刚刚有人定了，请刷新再看。",
            ),
            models.UniqueConstraint(
                fields=["sign"],
                name="letterhead_sign_once",
                violation_error_message="这个机关代字已经有单位在用，请换一个：两个单位的代字一样，文号就分不开。",
            ),
            models.CheckConstraint(
                condition=is_code("region") & ~Q(name="") & ~Q(sign=""),
                name="letterhead_whole",
                violation_error_message="机关名称和机关代字都要写。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.sign}"


class Counter(models.Model):
    """The last number that an office has given in a year. Its row stays locked until the letter is issued, so that none is left out."""

    line = models.CharField(max_length=24)
    region = place("地区")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["line", "region", "year"], name="counter_once", violation_error_message="请再签发一次。"
            ),
        )

    def __str__(self) -> str:
        return f"{self.line} {self.region} {self.year}: {self.last}"


class _OfLetters(ScopedQuerySet[M]):
    """Seen by whoever reaches the office that writes, and once it is issued by whoever reaches an office that it is for; by its lines."""

    way, letter = "", "pk"
    """How to get from the row to its letter's columns, and to its letter."""

    def reach(self, scopes: Sequence[Scope], purpose: str) -> Q:
        """Within each post's region; what is for some lines alone is hidden from the others."""
        within = Q(pk__in=[])
        for scope in scopes:
            own = Q(**{f"{self.way}region__gte": scope.lo, f"{self.way}region__lt": scope.hi})
            to = Addressee.objects.unscoped().filter(region__gte=scope.lo, region__lt=scope.hi).values("letter")
            received = Q(**{f"{self.way}issued_at__isnull": False, f"{self.letter}__in": to})
            lines = Q(**{f"{self.way}lines": ""}) | Q(**{f"{self.way}lines__contains": f" {scope.line} "})
            within |= (own | received) & lines
        return within

    def own(self, resident: Resident) -> Q:
        """What was issued and is given to whom it is about (`Form.personal`), and is about nobody else."""
        own = own_matters(resident)
        mine = Matter.objects.unscoped().filter(own)
        others = Matter.objects.unscoped().filter(letter__in=mine.values("letter")).exclude(own)
        meant = Q(
            **{f"{self.way}state": State.ISSUED, f"{self.way}form__in": [f.name for f in forms.values() if f.personal]}
        )
        about = Q(**{f"{self.letter}__in": mine.values("letter")}) & ~Q(
            **{f"{self.letter}__in": others.values("letter")}
        )
        return meant & about


class Letters(_OfLetters["Letter"]):
    """Letters."""


class Letter(models.Model):
    """One letter, form or list of an office (``line`` at ``region``).

    ``kind`` is the code of what the pages call it, ``name`` that name, ``form`` its 文种. ``lines``: the codes of the lines that may know
    of it, each between blanks; "" for all. ``formal``: it has a number and a second person. ``content``: what it says (`Content`).
    ``revision`` counts what was changed in it: who has seen another number has not seen the latest. ``revised_by``: who last changed
    its words; like the drafter, no second person. ``digest``: the SM3 of everything on the paper. ``alone``: nobody else held a post of
    the office when it was issued. ``answers``: the letter that this one answers.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField("文书", max_length=60)
    name = models.CharField("名称", max_length=40)
    form = models.CharField("文种", max_length=6)
    clause = models.CharField("条", max_length=4)
    lines = models.CharField(max_length=300, blank=True, default="")
    formal = models.BooleanField(default=False)
    line = models.CharField("条线", max_length=24, choices=Line)
    level = models.CharField("层级", max_length=12, choices=Level)
    region = place("地区")
    office = models.CharField("机关名称", max_length=60)
    sign = models.CharField("机关代字", max_length=20, blank=True, default="")
    year = models.PositiveSmallIntegerField("年份", null=True)
    number = models.PositiveIntegerField("序号", null=True)
    state = models.CharField("状态", max_length=8, choices=State, default=State.DRAFT)
    revision = models.PositiveIntegerField("版次", default=1)
    content: SealedField[Any, Any] = SealedField("内容")
    rows = models.PositiveIntegerField("名单行数", default=0)
    digest = models.CharField("内容摘要", max_length=64, blank=True, default="")
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="拟稿")
    drafted_at = models.DateTimeField(default=timezone.now)
    revised_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="最后修改")
    countersigned_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="核稿")
    countersigned_at = models.DateTimeField(null=True)
    alone = models.BooleanField(default=False)
    issued_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="签发")
    issued_at = models.DateTimeField(null=True)
    issued_on = models.DateField("成文日期", null=True)
    voided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name="作废")
    voided_at = models.DateTimeField(null=True)
    because: SealedField[Any, Any] = SealedField("作废的理由", null=True)
    key = models.UUIDField("发送号", null=True)

    objects = Letters.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["line", "region", "year", "number"],
                name="letter_number_once",
                violation_error_message="这个文号已经用了，请再签发一次。",
            ),
            models.UniqueConstraint(
                fields=["sign", "year", "number"],
                name="letter_number_of_one_office",
                violation_error_message="这个文号别的单位已经用了：两个单位的机关代字一样。请先在“机关名称”一页定一个您单位自己的机关代字，再签发。",
            ),
            models.UniqueConstraint(
                fields=["drafted_by", "key"], name="letter_sent_once", violation_error_message="这份文书已经拟好了。"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "checking", "issued", "void"])
                & is_code("region")
                & ~Q(kind="")
                & ~Q(form="")
                & ~Q(office=""),
                name="letter_words_known",
                violation_error_message="没有这种文书、状态或单位。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["issued", "void"], issued_by__isnull=False, issued_at__isnull=False)
                & Q(issued_on__isnull=False)
                & ~Q(digest="")
                | Q(state__in=["draft", "checking", "void"], issued_by=None, issued_at=None, issued_on=None, digest=""),
                name="letter_issued_whole",
                violation_error_message="签发的文书要有签发人、日期和内容摘要。",
            ),
            models.CheckConstraint(
                condition=Q(formal=True, issued_at__isnull=False, number__gt=0, year__gt=0) & ~Q(sign="")
                | (Q(formal=False) | Q(issued_at=None)) & Q(number=None, year=None, sign=""),
                name="letter_numbered_when_issued",
                violation_error_message="文号在签发时编，编了就有；表、名单和记录不编号。",
            ),
            models.CheckConstraint(
                condition=Q(countersigned_by=None, countersigned_at=None)
                | Q(countersigned_by__isnull=False, countersigned_at__isnull=False)
                & ~Q(countersigned_by=F("drafted_by"))
                & (Q(revised_by=None) | ~Q(countersigned_by=F("revised_by"))),
                name="letter_two_people",
                violation_error_message="自己拟的、自己改的稿自己不能核，请本单位另一位干部核稿。",
            ),
            models.CheckConstraint(
                condition=Q(formal=False, alone=False)
                | Q(formal=True) & (Q(issued_at=None) | Q(countersigned_by__isnull=False) | Q(alone=True)),
                name="letter_countersigned",
                violation_error_message="这种文书要本单位另一位干部核稿，才能签发。",
            ),
            models.CheckConstraint(
                condition=Q(state="void", voided_by__isnull=False, voided_at__isnull=False)
                | ~Q(state="void") & Q(voided_by=None, voided_at=None),
                name="letter_voided_by_somebody",
                violation_error_message="作废要记下谁、什么时候。",
            ),
        )
        indexes = (
            models.Index(fields=["region", "state"], name="letter_of_office"),
            models.Index(fields=["answers"], condition=Q(answers__isnull=False), name="letter_answering"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number_text or self.state}"

    @property
    def number_text(self) -> str:
        """The 发文字号: 云阳民政〔2026〕3号; "" before it has one."""
        return f"{self.sign}〔{self.year}〕{self.number}号" if self.number else ""


class Addressees(ScopedQuerySet["Addressee"]):
    """Whom letters are for: seen from there, and from the office that writes."""

    region_columns = ("region", "issuer")

    def own(self, resident: Resident) -> Q:
        """Those of letters that are the resident's own."""
        return Q(letter__in=Letter.objects.visible_to(resident, purpose="本人查看"))


class Addressee(models.Model):
    """An office that a letter is for. ``issuer``: the region of the office that writes, for the second wall. ``choice``: of those with the
    same number one is enough; None where it is for this one alone.
    """

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="addressees")
    line = models.CharField("条线", max_length=24, choices=Line)
    level = models.CharField("层级", max_length=12, choices=Level)
    region = place("地区")
    issuer = place("发文地区")
    name = models.CharField("机关名称", max_length=60)
    choice = models.PositiveSmallIntegerField(null=True)

    objects = Addressees.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["letter", "line", "region"],
                name="addressee_once",
                violation_error_message="同一个单位只写一次。",
            ),
            models.CheckConstraint(
                condition=is_code("region") & is_code("issuer"),
                name="addressee_places_are_codes",
                violation_error_message="主送机关的地区要是 12 位统计用区划代码。",
            ),
        )
        indexes = (models.Index(fields=["region"], name="addressee_at"),)

    def __str__(self) -> str:
        return f"{self.letter_id} → {self.region} {self.line}"


class Matters(_OfLetters["Matter"]):
    """As of the letter."""

    way, letter = "letter__", "letter"


class Matter(models.Model):
    """Something that a letter is about, in the words of whoever asked for it: a kind and a key that mean nothing here."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="matters", db_index=False)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=40)

    objects = Matters.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["letter", "kind", "key"],
                name="matter_once",
                violation_error_message="同一件事只写一次。",
            ),
        )
        indexes = (models.Index(fields=["kind", "key"], name="matter_in_letters"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Receipts(_OfLetters["Receipt"]):
    """As of the letter."""

    way, letter = "letter__", "letter"


class Receipt(models.Model):
    """An office that a letter is for has it since a day; ``answer`` is the letter that it answered with, if it did."""

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="receipts", db_index=False)
    addressee = models.ForeignKey(Addressee, models.PROTECT, related_name="+", db_index=False)
    on = models.DateField("收到日")
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    answer = models.ForeignKey(Letter, models.PROTECT, null=True, related_name="+")

    objects = Receipts.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["letter", "addressee"],
                name="receipt_once",
                violation_error_message="这份文书您单位已经登记收到了。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} {self.on}"
