"""Who has ended belongs to no household any more, and what the end took away is kept with the person."""

import datetime
from typing import Any

from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Greatest, Now

from anju.government.second_wall import everything

_never = datetime.date(9999, 12, 31)


def leave(apps: Any, schema_editor: Any) -> None:
    """Let those leave their household who ended on the day on which they were registered, or before."""
    people, memberships = apps.get_model("register", "Person").objects, apps.get_model("register", "Membership").objects
    with everything():
        for person in people.filter(ended_on__isnull=False).iterator():
            ended = memberships.filter(person=person, until__in=[person.ended_on, _never])
            kept = [{"id": pk, "until": str(_never), "ended_at": None} for pk in ended.values_list("pk", flat=True)]
            ended.filter(until=_never).update(until=Greatest(F("since"), person.ended_on), ended_at=Now())
            people.filter(pk=person.pk).update(ended_with={"steps": [], "memberships": kept})


class Migration(migrations.Migration):
    dependencies = [("register", "0006_numbers_that_begin")]

    operations = [
        migrations.AddField("person", "ended_with", models.JSONField(null=True, editable=False)),
        migrations.RemoveConstraint("membership", "membership_days_in_order"),
        migrations.AddConstraint(
            "membership",
            models.CheckConstraint(
                condition=models.Q(since__lte=F("until")),
                name="membership_days_in_order",
                violation_error_message="离户的日子要晚于入户的日子。",
            ),
        ),
        migrations.RunPython(leave, migrations.RunPython.noop),
    ]
