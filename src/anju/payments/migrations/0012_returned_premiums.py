"""A premium that did not arrive or was wrong is returned by two officers; one a year stands."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0011_asked_for_a_side"),
        ("register", "0013_both_places_listed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="premium",
            name="premium_once_a_year",
        ),
        migrations.AddField(
            model_name="premium",
            name="because",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="退回原因"),
        ),
        migrations.AddField(
            model_name="premium",
            name="return_asked_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="提出退回"),
        ),
        migrations.AddField(
            model_name="premium",
            name="return_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="premium",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="退回"),
        ),
        migrations.AddField(
            model_name="premium",
            name="returned_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="premium",
            index=models.Index(
                condition=models.Q(("return_asked_at__isnull", False), ("returned_at", None)),
                fields=["batch"],
                name="premium_return_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="premium",
            constraint=models.UniqueConstraint(
                condition=models.Q(("returned_at", None)),
                fields=("person", "scheme", "year"),
                name="premium_once_a_year",
                violation_error_message="有人这一年已经代缴过，或者在另一批里；一个人一年只由一个地方代缴一次。",
            ),
        ),
        migrations.AddConstraint(
            model_name="premium",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("because", ""),
                        ("return_asked_at", None),
                        ("return_asked_by", None),
                        ("returned_at", None),
                        ("returned_by", None),
                    ),
                    models.Q(
                        ("return_asked_at__isnull", False),
                        ("return_asked_by__isnull", False),
                        models.Q(("because", ""), _negated=True),
                        models.Q(
                            models.Q(("returned_at", None), ("returned_by", None)),
                            models.Q(
                                ("returned_at__isnull", False),
                                ("returned_by__isnull", False),
                                models.Q(("returned_by", models.F("return_asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="premium_return_two_people",
                violation_error_message="退回要写明为什么；提出退回的人自己不能复核，请另一位干部复核。",
            ),
        ),
    ]
