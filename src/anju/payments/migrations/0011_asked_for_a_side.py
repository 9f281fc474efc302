"""Which side drew a form up stands on the form. Those that wait are given up and drawn up anew: whose they are, nobody knows any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0010_returned_transfers"),
    ]

    operations = [
        migrations.AddField(
            model_name="reassessment",
            name="asked_for",
            field=models.CharField(
                blank=True,
                choices=[("stays", "留下的一份"), ("goes", "迁走的一份"), ("both", "两份")],
                default="",
                max_length=5,
                verbose_name="提出的一方",
            ),
        ),
    ]
