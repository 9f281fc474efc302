"""Duties as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """What is owed. At start-up its walls are listed, and that it looks again whenever facts change."""

    name = "anju.duties"
    default_auto_field = "django.db.models.BigAutoField"
    object_kinds: ClassVar = {"county_value": _("区县的参数"), "job": _("后台工作")}
    deeds: ClassVar = {
        "duties.end_county_value": _("终止区县的参数"),
        "duties.evaluate_now": _("重算全部应办"),
        "duties.set_county_value": _("定区县的参数"),
    }

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.duties import evaluate, verification, walls  # noqa: F401, PLC0415 - they list themselves
