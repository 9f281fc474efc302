"""Payments as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Assistance months, settled bills, premiums. At start-up its walls and questions are listed, and that it knows facts."""

    name = "anju.payments"
    default_auto_field = "django.db.models.BigAutoField"
    object_kinds: ClassVar = {
        "assistance": _("救助发放"),
        "closing": _("关账"),
        "settlement": _("就医结算"),
        "premiums": _("代缴"),
    }
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
        "payments.settle": _("一站式结算"),
        "payments.reverse": _("冲正结算"),
        "payments.draw_up": _("提出代缴"),
        "payments.approve": _("复核代缴"),
        "payments.withdraw": _("撤回代缴"),
        "payments.take_premiums": _("取走代缴名单"),
    }

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.payments import filling, following, provided, replaying, verification, walls, walls_of_bills  # noqa: F401, PLC0415 - they list themselves
