from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_together"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="plot",
            field=models.CharField(blank=True, default="", max_length=60, verbose_name="标的地块"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "done"), models.Q(("plot", ""), _negated=True)),
                fields=("destination", "plot"),
                name="case_plot_has_one_holder",
                violation_error_message="这块地已经由别人受让，不能再登记给第二个人。",
            ),
        ),
    ]
