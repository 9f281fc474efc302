"""What is stored of the government: its regions, its posts, its officers, and who holds which post from when to when.

A day on which something holds is ``since ≤ day < until``; what has no known beginning or end has the first and the last
day that there is, so that no question needs to ask for a blank.
"""

import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, is_password_usable
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from anju.government.lines import Level, Line
from anju.government.passwords import most_former

always = date.min
never = date.max

_code = RegexValidator(r"^\d{12}$", "统计用区划代码是 12 位数字。")
_account = RegexValidator(r"^[a-z][a-z0-9._-]{2,39}$", "账号用小写字母开头，可有数字、点、横线和下划线，3 到 40 位。")
_zeros = {Level.CITY: "0" * 8, Level.COUNTY: "0" * 6, Level.TOWNSHIP: "0" * 3}


class Region(models.Model):
    """A region under one code and one name for a time; `successor` is the code that it became."""

    class Kind(models.IntegerChoices):
        """The level by the number of significant digits."""

        PROVINCE = 2, "省"
        CITY = 4, "市"
        COUNTY = 6, "区县"
        TOWNSHIP = 9, "乡镇"
        VILLAGE = 12, "村社区"

    code = models.CharField("代码", max_length=12, validators=[_code])
    name = models.CharField("名称", max_length=60)
    level = models.PositiveSmallIntegerField("层级", choices=Kind)
    since = models.DateField("起", default=always)
    until = models.DateField("止", default=never)
    successor = models.CharField("后继", max_length=12, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["code", "name", "since", "until"],
                name="region_named_once",
                violation_error_message="这个区划在这段时间里已经登记了。",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(until=never),
                name="region_open_once",
                violation_error_message="这个代码现在已经有区划在用。",
            ),
            models.CheckConstraint(
                condition=Q(since__lt=F("until")),
                name="region_days_in_order",
                violation_error_message="区划的终止日要晚于起始日。",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Officers(BaseUserManager["Officer"]):
    """Finds an officer by account, whatever the case it is typed in."""

    def get_by_natural_key(self, username: str | None) -> "Officer":
        """The officer of an account. Raises `Officer.DoesNotExist`."""
        return self.get(account=(username or "").strip().lower())


class Officer(AbstractBaseUser):
    """Someone who signs in. Rights come from posts; an account with a separate duty has no post, now or ever.

    `handler` is the officer's own id if the account handles cases, else nothing. Holdings of posts refer to it: the
    database itself keeps the separate duties apart from the posts, on both engines and in any race.
    """

    class Duty(models.TextChoices):
        """What the account is for: exactly one of these, for as long as it exists."""

        HANDLER = "handler", "经办"
        SYSTEM = "system_administrator", "系统管理员"
        SECURITY = "security_administrator", "安全管理员"
        AUDIT = "auditor", "审计员"
        CLIENT = "client", "对接系统"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(
        "账号", max_length=40, unique=True, validators=[_account], error_messages={"unique": "这个账号已经有人用了。"}
    )
    name = models.CharField("姓名", max_length=60)
    duty = models.CharField("职责", max_length=24, choices=Duty, default=Duty.HANDLER)
    handler = models.UUIDField(unique=True, null=True, editable=False)
    is_active = models.BooleanField("启用", default=True)
    password_since = models.DateTimeField("口令自", null=True, blank=True)
    former_passwords = models.JSONField(default=list, editable=False)
    session_stamp = models.UUIDField(default=uuid.uuid4, editable=False)

    USERNAME_FIELD = "account"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = Officers()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    duty__in=["handler", "system_administrator", "security_administrator", "auditor", "client"]
                ),
                name="officer_duty_known",
                violation_error_message="职责只能是经办、系统管理员、安全管理员、审计员或对接系统。",
            ),
            models.CheckConstraint(
                condition=~Q(duty="client") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX),
                name="officer_client_has_no_password",
                violation_error_message="对接系统没有口令，不能登录页面。",
            ),
            models.CheckConstraint(
                condition=Q(duty="handler", handler__isnull=False, handler=F("id"))
                | ~Q(duty="handler") & Q(handler__isnull=True),
                name="officer_handler_is_self",
                violation_error_message="有岗位的账号不能改作管理员或审计员，请另开一个账号。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}（{self.account}）"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the account with the `handler` that its duty asks for."""
        self.handler = self.pk if self.duty == self.Duty.HANDLER else None
        super().save(*args, **kwargs)

    def set_password(self, raw_password: str | None) -> None:
        """Keep the hash of a new password, since when it is the password, and the hashes of the last ones before, the latest first."""
        if self.password and is_password_usable(self.password):
            self.former_passwords = [self.password, *self.former_passwords][:most_former]
        super().set_password(raw_password)
        self.password_since = timezone.now()

    def get_session_auth_hash(self) -> str:
        """What a session was opened under; it ends when the password or the stamp changes."""
        secret = f"{self.password}|{self.session_stamp}"
        return salted_hmac("anju.government.session", secret, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> list[str]:
        """No session survives a change of the installation's key."""
        return []


duties_of_people = tuple(duty for duty in Officer.Duty if duty != Officer.Duty.CLIENT)
"""What an account is for with which somebody signs in."""


class Post(models.Model):
    """A place in the government: one line in one region. Several officers may hold it at a time."""

    line = models.CharField("条线", max_length=24, choices=Line)
    level = models.CharField("层级", max_length=12, choices=Level)
    region = models.CharField("区划", max_length=12, validators=[_code])
    since = models.DateField("起")
    until = models.DateField("止", default=never)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["line", "region"],
                condition=Q(until=never),
                name="post_open_once",
                violation_error_message="这个地方这条线的岗位已经有了。",
            ),
            models.CheckConstraint(
                condition=Q(since__lt=F("until")),
                name="post_days_in_order",
                violation_error_message="岗位的终止日要晚于起始日。",
            ),
            models.CheckConstraint(
                condition=Q(line__in=Line.values),
                name="post_line_known",
                violation_error_message="没有这条线。",
            ),
            models.CheckConstraint(
                condition=Q(level=Level.VILLAGE) & ~Q(region__endswith="000")
                | Q(level=Level.TOWNSHIP, region__endswith=_zeros[Level.TOWNSHIP])
                & ~Q(region__endswith=_zeros[Level.COUNTY])
                | Q(level=Level.COUNTY, region__endswith=_zeros[Level.COUNTY]) & ~Q(region__endswith=_zeros[Level.CITY])
                | Q(level=Level.CITY, region__endswith=_zeros[Level.CITY]),
                name="post_level_fits_region",
                violation_error_message="岗位的层级和区划代码的位数对不上。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.get_line_display()}"


class PostHolding(models.Model):
    """An officer holds a post from a day until another; the same post never twice on one day."""

    officer = models.ForeignKey(Officer, models.PROTECT, to_field="handler", related_name="holdings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    since = models.DateField("起")
    until = models.DateField("止", default=never)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(since__lt=F("until")),
                name="holding_days_in_order",
                violation_error_message="任职的终止日要晚于起始日。",
            ),
            models.UniqueConstraint(
                fields=["officer", "post"],
                condition=Q(until=never),
                name="holding_open_once",
                violation_error_message="这位干部已经在这个岗位上。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} · {self.post_id} · {self.since}"


class Client(models.Model):
    """Another office's system: from a day until another it acts as one post, by the API alone.

    The post stands here and not among the holdings: a client has one for as long as it exists, and where only a client stands in for a
    seat the seat is not held, so that a paper from there counts as before. ``networks``: where it may ask from, as networks between
    commas; "" for anywhere.
    """

    officer = models.OneToOneField(Officer, models.PROTECT, primary_key=True, related_name="client")
    post = models.ForeignKey(Post, models.PROTECT, related_name="clients")
    since = models.DateField("起")
    until = models.DateField("止", default=never)
    networks = models.CharField("网段", max_length=400, blank=True, default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(since__lt=F("until")),
                name="client_days_in_order",
                violation_error_message="对接的终止日要晚于起始日。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.officer_id} · {self.post_id}"


class ClientKey(models.Model):
    """A secret that a client shows; of the secret only its digest is kept (64 hexadecimal digits)."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="keys")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField("发放", default=timezone.now)
    ends_at = models.DateTimeField("失效", null=True, blank=True)
    used_on = models.DateField("最近使用", null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(ends_at=None),
                name="client_key_open_once",
                violation_error_message="刚刚有人换过密钥，请看最新的。",
            ),
        )

    def __str__(self) -> str:
        return f"{self.client_id} · {self.made_at}"


class Attempts(models.Model):
    """How often something that could be guessed was tried since a moment; `subject` is a keyed hash."""

    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "subject"], name="attempts_counted_once"),
            models.CheckConstraint(condition=Q(n__gt=0), name="attempts_counted"),
        )

    def __str__(self) -> str:
        return f"{self.kind} × {self.n}"


class UsedCode(models.Model):
    """A one-time code that was right once, for as long as it would be right again; `subject` is a keyed hash."""

    subject = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return str(self.at)
