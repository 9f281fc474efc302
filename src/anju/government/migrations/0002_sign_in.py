"""Attempts to sign in, and one-time codes that were used."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("government", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="UsedCode",
            fields=[
                ("subject", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="Attempts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=64)),
                ("n", models.PositiveIntegerField()),
                ("since", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "subject"), name="attempts_counted_once"),
                    models.CheckConstraint(condition=models.Q(("n__gt", 0)), name="attempts_counted"),
                ],
            },
        ),
    ]
