from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0016_opened_by_a_bundle")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="in_force_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="生效"),
        ),
    ]
