"""Payments as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Assistance months. At start-up its walls and questions are listed, and that it follows relations and knows a fact."""

    name = "anju.payments"
    default_auto_field = "django.db.models.BigAutoField"
    object_kinds: ClassVar = {"assistance": _("救助发放"), "closing": _("关账")}
    deeds: ClassVar = {
        "payments.begin": _("开始按月记发放"),
        "payments.hold": _("缓发"),
        "payments.release": _("不再缓发"),
        "payments.postpone": _("推迟首发月"),
        "payments.pay": _("记发放"),
        "payments.take_back": _("记追回或抵扣"),
        "payments.ask_closing": _("提出关账"),
        "payments.withdraw_closing": _("撤回关账"),
        "payments.close": _("关账"),
    }

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.payments import following, provided, verification, walls  # noqa: F401, PLC0415 - they list themselves
