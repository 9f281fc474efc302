from functools import reduce
from operator import or_
from typing import Any

from django.db import migrations
from django.db.models import Q

from anju.government.second_wall import everything
from anju.register.names import pinyin_of_person, surnames

_at_once = 2000


def spell(apps: Any, schema_editor: Any) -> None:
    """Sort and find people with such a surname as it is read."""
    people = apps.get_model("register", "Person")._base_manager
    begins = reduce(or_, (Q(name__startswith=surname) for surname in surnames))
    with everything():
        keys = list(people.filter(begins).order_by("pk").values_list("pk", flat=True))
        for at in range(0, len(keys), _at_once):
            found = list(people.filter(pk__in=keys[at : at + _at_once]).only("name", "initials", "pinyin"))
            for one in found:
                one.initials, one.pinyin = pinyin_of_person(one.name)
            people.bulk_update(found, ["initials", "pinyin"], batch_size=200)


class Migration(migrations.Migration):
    dependencies = [("register", "0007_nobody_stays_behind")]

    operations = [migrations.RunPython(spell, migrations.RunPython.noop)]
