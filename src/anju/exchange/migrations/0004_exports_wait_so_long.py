from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Now

from anju.government.second_wall import everything

_wait = timedelta(days=7)


def say_until_when(apps: Any, schema_editor: Any) -> None:
    """Exports that were decided before anybody wrote down when: at once; those that wait: from now on."""
    with everything():
        exports = apps.get_model("exchange", "Export").objects
        exports.filter(decided_by__isnull=False).update(decided_at=F("asked_at"), decide_by=F("asked_at") + _wait)
        exports.filter(stage="waiting").update(decide_by=Now() + _wait)


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0003_exports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="export",
            name="export_many_by_two",
        ),
        migrations.AddField(
            model_name="export",
            name="decide_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="export",
            name="decided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="export",
            name="stage",
            field=models.CharField(
                choices=[
                    ("draft", "还没交"),
                    ("waiting", "待批准"),
                    ("making", "正在生成"),
                    ("ready", "可以下载"),
                    ("failed", "没做成"),
                    ("refused", "没有批准"),
                    ("lapsed", "没有人批"),
                    ("gone", "已经删除"),
                ],
                default="draft",
                max_length=8,
                verbose_name="状态",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stage__in", ["draft", "waiting", "refused", "lapsed", "failed"]),
                    ("full", False),
                    ("rows__lte", models.F("alone")),
                    ("decided_by__isnull", False),
                    _connector="OR",
                ),
                name="export_many_by_two",
                violation_error_message="完整号码的行数太多，要另一位干部批准。",
            ),
        ),
        migrations.RunPython(say_until_when, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("stage__in", ["waiting", "lapsed"]), _negated=True),
                    models.Q(("decide_by__isnull", False), ("decided_by", None)),
                    _connector="OR",
                ),
                name="export_waits_for_so_long",
                violation_error_message="等批准的导出要有一个期限，没有人批准过。",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at", None), ("decided_by", None)),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_at__lte", models.F("decide_by")),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="export_decided_in_time",
                violation_error_message="等批准的期限已经过了，这份导出不再批；还要的话请重新导出。",
            ),
        ),
    ]
