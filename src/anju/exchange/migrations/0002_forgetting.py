from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce, Now

from anju.government.second_wall import everything

_ended = ("merged", "undone", "rejected")


def say_since_when(apps: Any, schema_editor: Any) -> None:
    """Batches that ended before anybody wrote it down: since the merge or its undoing, and since now if they were given back."""
    with everything():
        batches = apps.get_model("exchange", "Batch").objects.filter(state__in=_ended)
        batches.update(ended_at=Coalesce(F("undone_at"), F("merged_at"), Now()))


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_exchange")]

    operations = [
        migrations.AddField("batch", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField("batch", "forgotten_at", models.DateTimeField(null=True)),
        migrations.RunPython(say_since_when, migrations.RunPython.noop),
        migrations.AddIndex(
            "batch",
            models.Index(fields=["ended_at"], condition=models.Q(forgotten_at=None), name="batch_to_forget"),
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=models.Q(state__in=_ended, ended_at__isnull=False)
                | ~models.Q(state__in=_ended) & models.Q(ended_at=None),
                name="batch_ended_fits_state",
                violation_error_message="结束的时间要和状态一致。",
            ),
        ),
        migrations.AddConstraint(
            "batch",
            models.CheckConstraint(
                condition=models.Q(forgotten_at=None) | models.Q(ended_at__isnull=False),
                name="batch_forgotten_has_ended",
                violation_error_message="这一批每行的内容已经到期删去，看不到了，也不能撤回。",
            ),
        ),
    ]
