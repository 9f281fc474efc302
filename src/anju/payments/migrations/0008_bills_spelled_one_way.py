"""A bill is the same in full width and with another dash: what tells it again is made anew, of what lies sealed."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import migrations

from anju.government.second_wall import everything
from anju.sealing.blind_index import keyed_digest
from anju.sealing.ciphertext import Opener

_dashes = re.compile(r"[‐-―−—－_]+")


def _before(text: str) -> str:
    return "".join(text.split()).upper()


def _now(text: str) -> str:
    return _dashes.sub("-", "".join(unicodedata.normalize("NFKC", text).split())).upper()


def spell(spelled: Callable[[str], str], apps: Any, schema_editor: Any) -> None:
    """Tell every bill by one spelling, and count its attempts anew: one that was settled in two spellings is one bill from now on, and
    the nightly verification names it until one of the two is taken back.

    The wall that would refuse it is down until the migrations are over.
    """
    connection, rows = schema_editor.connection, apps.get_model("payments", "Settlement")._base_manager
    opened, attempts, changed = Opener("payments_settlement", "told"), Counter[str](), list[tuple[Any, str, int]]()
    with everything(), connection.cursor() as cursor:
        of_table = " ON payments_settlement" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER IF EXISTS settlement_never_rewritten{of_table}")
        settled = rows.filter(did="settled").order_by("recorded_at", "pk")
        for pk, bill, attempt, sealed in settled.values_list("pk", "bill", "attempt", "told").iterator():
            told = json.loads(opened(pk, bytes(sealed)))
            same = keyed_digest("bill", f"{spelled(told['institution'])}|{spelled(told['number'])}")
            attempts[same] += 1
            if (same, attempts[same]) != (bill, attempt):
                changed.append((pk, same, attempts[same]))
        for pk, *_ in changed:  # none meets another one on its way
            rows.filter(pk=pk).update(bill=pk.hex)
        for pk, bill, attempt in changed:
            rows.filter(pk=pk).update(bill=bill, attempt=attempt)
            rows.filter(reverses=pk).update(bill=bill, attempt=attempt)


class Migration(migrations.Migration):
    dependencies = [("payments", "0007_held_by_two")]

    operations = [migrations.RunPython(partial(spell, _now), partial(spell, _before))]
