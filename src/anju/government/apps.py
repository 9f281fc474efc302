"""The government as a Django app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernmentConfig(AppConfig):
    """Regions, posts, officers and sign-in. After each migration the regions are as the code has them."""

    name = "anju.government"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have regions loaded whenever the tables may have changed, and list the walls."""
        # models may be imported only when every app is known
        from anju.government import after_migration, walls  # noqa: F401, PLC0415 - walls list themselves

        post_migrate.connect(after_migration.refresh, sender=self, dispatch_uid="anju.government")
