"""Sealing as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SealingConfig(AppConfig):
    """Keys and sealed fields. A new database gets its keys as soon as its tables stand."""

    name = "anju.sealing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the keys made or compared after each migration, and compared at each start."""
        # models may be imported only when every app is known
        from anju.sealing import after_migration, checks  # noqa: F401, PLC0415 - checks register themselves

        post_migrate.connect(after_migration.refresh, sender=self, dispatch_uid="anju.sealing")
