"""Where members take part beside their affiliation: open until it ends, with the branch, what was said, and when it was recorded."""

import datetime
from typing import Any

import django.utils.timezone
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import F, Q

from anju.government.columns import is_code
from anju.government.second_wall import everything

_never = datetime.date(9999, 12, 31)


def stay_with_void_rows(apps: Any, schema_editor: Any) -> None:
    """Before, there was no row that holds on no day, and none is taken from the record."""
    with everything():
        void = apps.get_model("register", "PartyLife")._base_manager.filter(until__lte=F("since")).count()
    if void:
        raise IrreversibleError(
            f"有 {void} 条参加组织生活的登记已经作废，以前的版本写不下，不能退回；一定要退回的，恢复升级以前的备份。"
        )


class Migration(migrations.Migration):
    dependencies = [("register", "0008_surnames_as_they_are_read")]

    operations = [
        migrations.AddField(
            "partylife", "place_name", models.CharField("参加的支部", max_length=80, blank=True, default="")
        ),
        migrations.AddField("partylife", "left_on", models.DateField("不再参加", null=True, blank=True)),
        migrations.AddField("partylife", "evidence", models.CharField("凭据", max_length=200, blank=True, default="")),
        migrations.AddField(
            "partylife", "recorded_at", models.DateTimeField("登记时间", default=django.utils.timezone.now)
        ),
        migrations.AddField("partylife", "ended_at", models.DateTimeField(null=True, blank=True)),
        migrations.AlterField("partylife", "until", models.DateField("止", default=_never)),
        migrations.RemoveConstraint("partylife", "party_life_days_in_order"),
        migrations.AddConstraint(
            "partylife",
            models.CheckConstraint(
                condition=is_code("place") & Q(since__lte=F("until")),
                name="party_life_days_in_order",
                violation_error_message="参加地要是区划代码，止日不能早于起日。",
            ),
        ),
        migrations.AddConstraint(
            "partylife",
            models.CheckConstraint(
                condition=Q(left_on=None) | Q(since__lte=F("left_on"), until__lte=F("left_on")),
                name="party_life_ends_as_said",
                violation_error_message="不再参加的日子不能早于起日；说了不再参加，就到那一天为止。",
            ),
        ),
        migrations.AddConstraint(
            "partylife",
            models.UniqueConstraint(
                fields=["person", "place"],
                condition=Q(until=_never),
                name="party_life_one_a_place",
                violation_error_message="这个人已经登记在这个地方参加组织生活。",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, stay_with_void_rows),
    ]
