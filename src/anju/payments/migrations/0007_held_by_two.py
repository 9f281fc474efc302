from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F

from anju.government.second_wall import everything


def hold_back_what_others_pay(apps: Any, schema_editor: Any) -> None:
    """Months that an office of another province pays are held back by nobody, and need nobody to confirm it."""
    with everything():
        months = apps.get_model("payments", "Month").objects
        months.filter(state="held", reason="由外省发放，这里不记。").update(confirmed_at=F("recorded_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0006_land_rents"),
        ("register", "0004_one_index_each"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="month",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="复核缓发的时间"),
        ),
        migrations.AddField(
            model_name="month",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="month",
            name="held_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="缓发的时间"),
        ),
        migrations.AddField(
            model_name="month",
            name="held_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(hold_back_what_others_pay, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="month",
            index=models.Index(condition=models.Q(("state", "held")), fields=["month"], name="month_held"),
        ),
        migrations.AddConstraint(
            model_name="month",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(("confirmed_at__isnull", False), ("confirmed_by", None), ("held_by", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        models.Q(("confirmed_by", models.F("held_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="month_held_by_two",
                violation_error_message="缓发要由缓发的人以外的另一位干部复核。",
            ),
        ),
        migrations.AddConstraint(
            model_name="month",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["held", "paid"]),
                    models.Q(("confirmed_at", None), ("held_at", None), ("held_by", None)),
                    _connector="OR",
                ),
                name="month_held_while_it_is",
                violation_error_message="只有缓发的月份才有谁缓的、谁复核的。",
            ),
        ),
    ]
