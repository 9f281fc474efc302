"""The exchange as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Staged imports, reports out. At start-up its walls and the kinds of import are listed."""

    name = "anju.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.exchange import walls  # noqa: F401, PLC0415 - they list themselves
