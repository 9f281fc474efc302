"""Letters as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Letters of offices. At start-up their walls and the nightly questions about them are listed."""

    name = "anju.documents"
    default_auto_field = "django.db.models.BigAutoField"
    object_kinds: ClassVar = {"letter": _("一份文书"), "office": _("一个单位")}
    deeds: ClassVar = {
        "documents.draft": _("拟一份文书"),
        "documents.revise": _("改文书的稿"),
        "documents.hand_over": _("送文书核稿"),
        "documents.send_back": _("退回文书的稿"),
        "documents.countersign": _("核了文书的稿"),
        "documents.issue": _("签发文书"),
        "documents.void": _("作废文书"),
        "documents.receive": _("登记回执"),
        "documents.look": _("查看文书"),
        "documents.take": _("下载文书"),
        "documents.name_office": _("定机关名称和代字"),
    }

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.documents import verification, walls  # noqa: F401, PLC0415 - they list themselves
