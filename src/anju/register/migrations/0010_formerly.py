import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import anju.government.columns
import anju.sealing.fields


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0009_party_lives_end"),
    ]

    operations = [
        migrations.CreateModel(
            name="Formerly",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=anju.government.columns.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=60, verbose_name="曾用名")),
                ("number", anju.sealing.fields.SealedField(blank=True, null=True, verbose_name="旧号码")),
                ("number_index", models.CharField(editable=False, max_length=64, null=True)),
                ("until", models.DateTimeField(default=django.utils.timezone.now, verbose_name="用到")),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="formerly",
                        to="register.person",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["name"], name="formerly_name", opclasses=["varchar_pattern_ops"]),
                    models.Index(fields=["number_index"], name="formerly_number"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("number_index", None), models.Q(("name", ""), _negated=True)),
                            models.Q(("name", ""), ("number__isnull", False), ("number_index__isnull", False)),
                            _connector="OR",
                        ),
                        name="formerly_name_or_number",
                        violation_error_message="从前的姓名和号码各记一条，号码和它的检索码要一起登记。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        fields=("person", "name"),
                        name="formerly_named_once",
                        violation_error_message="这个曾用名已经记下了。",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number_index__isnull", False)),
                        fields=("person", "number_index"),
                        name="formerly_numbered_once",
                        violation_error_message="这个旧号码已经记下了。",
                    ),
                ],
            },
        ),
    ]
