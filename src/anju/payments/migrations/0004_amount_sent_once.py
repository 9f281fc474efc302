"""What is sent twice is written down once: the sender's key of an amount."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0003_insurers_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="amount",
            name="key",
            field=models.UUIDField(blank=True, null=True, verbose_name="发送号"),
        ),
        migrations.AddConstraint(
            model_name="amount",
            constraint=models.UniqueConstraint(
                condition=models.Q(("key__isnull", False)),
                fields=("by", "key"),
                name="amount_sent_once",
                violation_error_message="这一次提交已经记过了。",
            ),
        ),
    ]
