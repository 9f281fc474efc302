"""The demo as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """A synthetic city. It has no tables of its own, and no address unless the site was started as a demo."""

    name = "anju.demo"
    default_auto_field = "django.db.models.BigAutoField"
    deeds: ClassVar = {"demo.make_city": _("造演示城市"), "demo.confirm": _("演示里再确认")}
