"""What the bank returned is a sort of its own: it is still owed."""

from django.db import migrations, models

SORTS = [("paid", "发放"), ("back", "补发"), ("recovered", "追回"), ("offset", "抵扣")]
KINDS = ["dibao", "tekun"]


def has_reason(sorts: list[str], sentence: str) -> models.CheckConstraint:
    """The constraint that every sort but a payment says why."""
    return models.CheckConstraint(
        condition=models.Q(
            ("kind__in", KINDS),
            models.Q(
                models.Q(("reason", ""), ("sort", "paid")),
                models.Q(("sort__in", sorts), models.Q(("reason", ""), _negated=True)),
                _connector="OR",
            ),
        ),
        name="amount_has_reason",
        violation_error_message=sentence,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0009_what_an_end_took"),
    ]

    operations = [
        migrations.AlterField(
            model_name="amount",
            name="sort",
            field=models.CharField(choices=[*SORTS, ("returned", "退汇")], max_length=9, verbose_name="种类"),
        ),
        migrations.RemoveConstraint(model_name="amount", name="amount_has_reason"),
        migrations.AddConstraint(
            model_name="amount",
            constraint=has_reason(["back", "recovered", "offset", "returned"], "补发、追回、抵扣和退汇要写明为什么。"),
        ),
    ]
