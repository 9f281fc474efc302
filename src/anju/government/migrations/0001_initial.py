"""Regions, officers, posts and who holds them."""

import datetime
import uuid

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "account",
                    models.CharField(
                        error_messages={"unique": "这个账号已经有人用了。"},
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9._-]{2,39}$",
                                "账号用小写字母开头，可有数字、点、横线和下划线，3 到 40 位。",
                            )
                        ],
                        verbose_name="账号",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("handler", "经办"),
                            ("system_administrator", "系统管理员"),
                            ("security_administrator", "安全管理员"),
                            ("auditor", "审计员"),
                        ],
                        default="handler",
                        max_length=24,
                        verbose_name="职责",
                    ),
                ),
                ("handler", models.UUIDField(editable=False, null=True, unique=True)),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("password_since", models.DateTimeField(blank=True, null=True, verbose_name="口令自")),
                ("session_stamp", models.UUIDField(default=uuid.uuid4, editable=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("duty__in", ["handler", "system_administrator", "security_administrator", "auditor"])
                        ),
                        name="officer_duty_known",
                        violation_error_message="职责只能是经办、系统管理员、安全管理员或审计员。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("duty", "handler"), ("handler", models.F("id")), ("handler__isnull", False)),
                            models.Q(models.Q(("duty", "handler"), _negated=True), ("handler__isnull", True)),
                            _connector="OR",
                        ),
                        name="officer_handler_is_self",
                        violation_error_message="有岗位的账号不能改作管理员或审计员，请另开一个账号。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "line",
                    models.CharField(
                        choices=[
                            ("civil_affairs", "民政"),
                            ("organisation", "组织"),
                            ("public_security", "公安"),
                            ("human_resources", "人社"),
                            ("medical_security", "医保"),
                            ("agriculture", "农业农村"),
                            ("culture", "文旅"),
                            ("development", "发改"),
                            ("rural_revitalisation", "乡村振兴"),
                            ("government", "党委政府"),
                            ("committee", "村居"),
                            ("collective", "集体"),
                        ],
                        max_length=24,
                        verbose_name="条线",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("village", "村社区"), ("township", "乡镇"), ("county", "区县"), ("city", "市")],
                        max_length=12,
                        verbose_name="层级",
                    ),
                ),
                (
                    "region",
                    models.CharField(
                        max_length=12,
                        validators=[django.core.validators.RegexValidator("^\\d{12}$", "统计用区划代码是 12 位数字。")],
                        verbose_name="区划",
                    ),
                ),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("until", datetime.date(9999, 12, 31))),
                        fields=("line", "region"),
                        name="post_open_once",
                        violation_error_message="这个地方这条线的岗位已经有了。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))),
                        name="post_days_in_order",
                        violation_error_message="岗位的终止日要晚于起始日。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "line__in",
                                [
                                    "civil_affairs",
                                    "organisation",
                                    "public_security",
                                    "human_resources",
                                    "medical_security",
                                    "agriculture",
                                    "culture",
                                    "development",
                                    "rural_revitalisation",
                                    "government",
                                    "committee",
                                    "collective",
                                ],
                            )
                        ),
                        name="post_line_known",
                        violation_error_message="没有这条线。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("level", "village"), models.Q(("region__endswith", "000"), _negated=True)),
                            models.Q(
                                ("level", "township"),
                                ("region__endswith", "000"),
                                models.Q(("region__endswith", "000000"), _negated=True),
                            ),
                            models.Q(
                                ("level", "county"),
                                ("region__endswith", "000000"),
                                models.Q(("region__endswith", "00000000"), _negated=True),
                            ),
                            models.Q(("level", "city"), ("region__endswith", "00000000")),
                            _connector="OR",
                        ),
                        name="post_level_fits_region",
                        violation_error_message="岗位的层级和区划代码的位数对不上。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        max_length=12,
                        validators=[django.core.validators.RegexValidator("^\\d{12}$", "统计用区划代码是 12 位数字。")],
                        verbose_name="代码",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名称")),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        choices=[(2, "省"), (4, "市"), (6, "区县"), (9, "乡镇"), (12, "村社区")], verbose_name="层级"
                    ),
                ),
                ("since", models.DateField(default=datetime.date(1, 1, 1), verbose_name="起")),
                ("until", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止")),
                ("successor", models.CharField(blank=True, default="", max_length=12, verbose_name="后继")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("code", "name", "since", "until"),
                        name="region_named_once",
                        violation_error_message="这个区划在这段时间里已经登记了。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))),
                        name="region_days_in_order",
                        violation_error_message="区划的终止日要晚于起始日。",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PostHolding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField(verbose_name="起")),
                ("until", models.DateField(default=datetime.date(9999, 12, 31), verbose_name="止")),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to=settings.AUTH_USER_MODEL,
                        to_field="handler",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holdings", to="government.post"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("since__lt", models.F("until"))),
                        name="holding_days_in_order",
                        violation_error_message="任职的终止日要晚于起始日。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until", datetime.date(9999, 12, 31))),
                        fields=("officer", "post"),
                        name="holding_open_once",
                        violation_error_message="这位干部已经在这个岗位上。",
                    ),
                ],
            },
        ),
    ]
