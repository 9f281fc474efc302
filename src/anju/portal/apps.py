"""The residents' pages as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    """What a resident sees and does. It has no tables of its own."""

    name = "anju.portal"
    default_auto_field = "django.db.models.BigAutoField"
    deeds: ClassVar = {
        "portal.sign_in": _("居民登录"),
        "portal.sign_out": _("居民退出"),
        "portal.lock": _("居民登录试错太多被锁"),
        "portal.look": _("居民看自己的档案"),
    }
