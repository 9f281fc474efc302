"""The journal as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    """Entries and heads. After each migration the heads exist and the triggers stand."""

    name = "anju.journal"
    default_auto_field = "django.db.models.BigAutoField"
    deeds: ClassVar = {
        "journal.verify": _("核对日志"),
        "journal.export": _("导出日志"),
        "journal.restored": _("说明恢复备份"),
    }
    object_kinds: ClassVar = {"journal": _("操作日志")}

    def ready(self) -> None:
        """Have the walls rebuilt whenever the tables may have changed, and asked for at each start."""
        # models may be imported only when every app is known
        from anju.journal import after_migration, checks  # noqa: F401, PLC0415 - checks register themselves

        post_migrate.connect(after_migration.refresh, sender=self, dispatch_uid="anju.journal")
