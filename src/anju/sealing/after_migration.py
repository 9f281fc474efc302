"""After tables have changed: a new database gets its keys, an old one is compared with them."""

from contextlib import suppress
from typing import Any

from django.db import connections

from anju.sealing.agreement import agree_on_keys
from anju.sealing.keys import KeysRefused
from anju.sealing.models import KnownKey


def refresh(*, using: str, **kwargs: Any) -> None:
    """Agree on the keys, unless a migration backwards has taken our table away."""
    if KnownKey._meta.db_table in connections[using].introspection.table_names():
        # wrong keys are no reason to stop halfway here: the check before every start refuses them with a sentence
        with suppress(KeysRefused):
            agree_on_keys(using)
