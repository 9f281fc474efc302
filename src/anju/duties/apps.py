"""Duties as a Django app."""

from django.apps import AppConfig


class DutiesConfig(AppConfig):
    """What is owed. At start-up its walls are listed, and that it looks again whenever facts change."""

    name = "anju.duties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.duties import evaluate, walls  # noqa: F401, PLC0415 - they list themselves
