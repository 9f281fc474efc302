"""What the end of somebody took away stays with its step, for a death that was none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0008_bills_spelled_one_way"),
    ]

    operations = [
        migrations.AddField(
            model_name="payer",
            name="took",
            field=models.JSONField(blank=True, null=True, verbose_name="撤下的"),
        ),
    ]
