"""Walls as a Django app: built after every migration, asked for at every start."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class WallsConfig(AppConfig):
    """Stands last among the apps of ours that list walls, so that their tables are there when it builds."""

    name = "anju.walls"

    def ready(self) -> None:
        """Have the walls rebuilt whenever the tables may have changed."""
        from anju.walls import checks  # noqa: PLC0415 - checks register themselves

        pre_migrate.connect(checks.give_way, sender=self, dispatch_uid="anju.walls")
        post_migrate.connect(checks.rebuild, sender=self, dispatch_uid="anju.walls")
