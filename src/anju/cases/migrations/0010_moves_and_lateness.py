from datetime import date
from typing import Any

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from anju.cases.clocks import Clocks
from anju.government.second_wall import everything

_at_once = 5_000


def say_which_were_late(apps: Any, schema_editor: Any) -> None:
    """Of turns that have ended: by the limits of the day on which they did, as what ends from now on says itself.

    The wall that would refuse it is down until the migrations are over: a database that went back a version has it already.
    """
    connection = schema_editor.connection
    with everything(), connection.cursor() as cursor:
        cursor.execute(
            f"DROP TRIGGER IF EXISTS turn_ends_once{' ON cases_turn' if connection.vendor == 'postgresql' else ''}"
        )
        turns, entries = apps.get_model("cases", "Turn").objects, apps.get_model("cases", "Entry").objects
        day = entries.filter(case_id=OuterRef("case_id"), seq=OuterRef("until_entry")).values("on")[:1]
        clocks: dict[date, Clocks] = {}
        last = 0
        while True:
            ended = turns.filter(pk__gt=last, until_entry__isnull=False).annotate(ended_on=Subquery(day)).order_by("pk")
            some = list(ended[:_at_once])
            if not some:
                return
            found: dict[bool, list[int]] = {True: [], False: []}
            for turn in some:
                if turn.ended_on not in clocks:
                    clocks[turn.ended_on] = Clocks(turn.ended_on)
                found[clocks[turn.ended_on].of(turn).state == "overdue"].append(turn.pk)
            for late, keys in found.items():
                turns.filter(pk__in=keys).update(ended_late=late)
            last = some[-1].pk


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_letters_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="ended_late",
            field=models.BooleanField(null=True, verbose_name="办完时逾期"),
        ),
        migrations.AlterField(
            model_name="entry",
            name="did",
            field=models.CharField(
                choices=[
                    ("opened", "立件"),
                    ("moved", "办理"),
                    ("dated", "办好，等生效日"),
                    ("suspended", "挂起"),
                    ("resumed", "恢复"),
                    ("withdrawn", "撤回"),
                    ("terminated", "终止"),
                ],
                max_length=10,
                verbose_name="做了什么",
            ),
        ),
        migrations.RunPython(say_which_were_late, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="turn",
            index=models.Index(condition=models.Q(("ended_late", True)), fields=["case"], name="turn_late"),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_late", None), ("until_entry", None)),
                    models.Q(("ended_late__isnull", False), ("until_entry__isnull", False)),
                    _connector="OR",
                ),
                name="turn_late_once_ended",
                violation_error_message="一步办完了，才说得上逾期没有。",
            ),
        ),
    ]
