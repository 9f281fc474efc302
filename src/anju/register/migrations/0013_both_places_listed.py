from collections.abc import Iterator, Mapping
from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation

_ended = models.Q(("ended_on__isnull", False))
_before: Mapping[str, Mapping[str, list[str]]] = {
    "household": {"household_in": ["destination", "code"], "household_out": ["origin", "code"]},
    "person": {
        "person_in": ["destination", "pinyin", "id", "ended_on", "name", "initials"],
        "person_out": ["origin", "pinyin", "id", "ended_on", "name", "initials"],
        "person_in_ended": ["destination", "pinyin", "id"],
        "person_out_ended": ["origin", "pinyin", "id"],
    },
}


def _count(apps: Any, schema_editor: Any) -> None:
    """SQLite forgets with an index what it had counted in it."""
    if schema_editor.connection.vendor == "sqlite":
        for table in ("register_household", "register_person"):
            schema_editor.execute(f"ANALYZE {table}")


def _with_both_places() -> Iterator[Operation]:
    for model, indexes in _before.items():
        for name, fields in indexes.items():
            other = "origin" if fields[0] == "destination" else "destination"
            only = _ended if name.endswith("_ended") else None
            yield migrations.RemoveIndex(model_name=model, name=name)
            yield migrations.AddIndex(
                model_name=model, index=models.Index(fields=[*fields, other], name=name, condition=only)
            )


class Migration(migrations.Migration):
    dependencies = [
        ("register", "0012_names_with_births"),
    ]

    operations = [
        migrations.RunPython(migrations.RunPython.noop, _count),
        *_with_both_places(),
        migrations.RunPython(_count, migrations.RunPython.noop),
    ]
