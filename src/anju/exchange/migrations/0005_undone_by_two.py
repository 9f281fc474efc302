from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from anju.government.second_wall import everything


def stop_undoing(apps: Any, schema_editor: Any) -> None:
    """What one officer alone began to undo is not undone; he asks again."""
    with everything():
        batches = apps.get_model("exchange", "Batch").objects.filter(state="undoing")
        batches.update(state="merged", ended_at=F("merged_at"), message="撤回现在要两个人，请重新申请。")


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0004_exports_wait_so_long"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="undo_asked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="申请撤回的人",
            ),
        ),
        migrations.AddField(
            model_name="batch",
            name="undo_because",
            field=models.CharField(blank=True, default="", max_length=300, verbose_name="为什么撤回"),
        ),
        migrations.AddField(
            model_name="batch",
            name="undo_decide_by",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="batch",
            name="undone_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="同意撤回的人",
            ),
        ),
        migrations.RunPython(stop_undoing, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("undone_by", None),
                    models.Q(
                        ("undo_asked_by__isnull", False),
                        models.Q(("undone_by", models.F("undo_asked_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="batch_undone_by_two",
                violation_error_message="申请撤回的人自己不能同意，请同一地区的另一位干部看。",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("undo_asked_by", None), ("undo_because", ""), ("undo_decide_by", None)),
                    models.Q(
                        ("undo_asked_by__isnull", False),
                        ("undo_decide_by__isnull", False),
                        models.Q(("undo_because", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="batch_undo_asked_with_reason",
                violation_error_message="撤回要写明为什么。",
            ),
        ),
        migrations.AddConstraint(
            model_name="batch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undoing"), ("undone_by__isnull", False)),
                    ("state", "undone"),
                    models.Q(
                        ("state", "merged"),
                        ("undone_by", None),
                        models.Q(("forgotten_at", None), ("undo_asked_by", None), _connector="OR"),
                    ),
                    models.Q(
                        models.Q(("state__in", ["merged", "undoing", "undone"]), _negated=True), ("undo_asked_by", None)
                    ),
                    _connector="OR",
                ),
                name="batch_undo_fits_state",
                violation_error_message="撤回要有人申请，由另一位干部同意。",
            ),
        ),
    ]
