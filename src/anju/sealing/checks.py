"""What has to be true before the site starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from anju.sealing.agreement import agree_on_keys
from anju.sealing.keys import KeysRefused
from anju.sealing.models import KnownKey


@register(Tags.database)
def keys_fit(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error when the key file is missing or belongs to another database."""
    for alias in databases or ():
        if KnownKey._meta.db_table in connections[alias].introspection.table_names():
            try:
                agree_on_keys(alias)
            except KeysRefused as problem:
                return [Error(str(problem), id="sealing.E002")]
    return []
