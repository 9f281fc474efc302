"""What has to stand before the site starts."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from anju.walls.wall import build, missing, take_down


def give_way(*, using: str, plan: Sequence[Any], **kwargs: Any) -> None:
    """Take down what would be in the way of the migrations, if there are any."""
    if plan:
        take_down(connections[using], _going_back(plan))


def rebuild(*, using: str, **kwargs: Any) -> None:
    """Build what a new or remade table lacks. An app that went back lacks columns that the walls of this version speak of: the version
    that it went back to builds its own with ``anju migrate``, and until then no start passes.
    """
    build(connections[using], _behind(connections[using]))


def _going_back(plan: Sequence[Any]) -> frozenset[str]:
    return frozenset(migration.app_label for migration, backwards in plan if backwards)


def _behind(connection: BaseDatabaseWrapper) -> frozenset[str]:
    """The apps whose tables are not those of this version."""
    loader = MigrationLoader(connection)
    return frozenset(app for app, name in loader.graph.leaf_nodes() if (app, name) not in loader.applied_migrations)


@register(Tags.database)
def walls_stand(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """An error for every wall that a database with our tables does not have."""
    return [
        Error(f"数据库里少了约束 {name}，请运行 anju migrate 补上。", id="walls.E001")
        for alias in databases or ()
        for name in missing(connections[alias])
    ]
