"""What has to stand before the site starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from anju.journal import walls
from anju.journal.models import Entry


@register(Tags.database)
def journal_walls_stand(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for every trigger that a database with our tables does not have."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        if Entry._meta.db_table in connections[alias].introspection.table_names():
            found += [
                Error(
                    f"日志的保护 {name} 不在了，请先运行 anju journal verify 查明原因，再运行 anju migrate 补上。",
                    id="journal.E001",
                )
                for name in walls.missing(connections[alias])
            ]
    return found
