"""The register as a Django app."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """People, households, sites. At start-up its walls and the providers of facts are listed."""

    name = "anju.register"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.register import provided, walls  # noqa: F401, PLC0415 - they list themselves
