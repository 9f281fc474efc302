"""What has to stand before the site starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections

from anju.government import walls
from anju.government.models import PostHolding


@register(Tags.database)
def walls_stand(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for every wall that a database with our tables does not have."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if PostHolding._meta.db_table in connection.introspection.table_names():
            found += [
                Error(f"数据库里少了约束 {name}，请运行 anju migrate 补上。", id="government.E001")
                for name in walls.missing(connection)
            ]
    return found
