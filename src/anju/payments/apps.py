"""Payments as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PaymentsConfig(AppConfig):
    """Assistance months, settled bills, premiums, land rents. At start-up its walls and questions are listed, and that it knows facts."""

    name = "anju.payments"
    default_auto_field = "django.db.models.BigAutoField"
    object_kinds: ClassVar = {
        "assistance": _("救助发放"),
        "closing": _("关账"),
        "settlement": _("就医结算"),
        "premiums": _("代缴"),
        "comparison": _("参保比对"),
        "reassessment": _("重新核定"),
        "rent": _("流转费补助"),
        "rent_budget": _("流转费补助预算"),
    }
    deeds: ClassVar = {
        "payments.begin": _("开始按月记发放"),
        "payments.hold": _("缓发"),
        "payments.release": _("不再缓发"),
        "payments.confirm_hold": _("复核缓发"),
        "payments.postpone": _("推迟首发月"),
        "payments.pay": _("记发放"),
        "payments.take_back": _("记追回、抵扣或退汇"),
        "payments.ask_closing": _("提出关账"),
        "payments.withdraw_closing": _("撤回关账"),
        "payments.close": _("关账"),
        "payments.take_households": _("取走按户发放名单"),
        "payments.draw_up_reassessment": _("提出重新核定"),
        "payments.agree_reassessment": _("复核重新核定"),
        "payments.withdraw_reassessment": _("撤回重新核定"),
        "payments.settle": _("一站式结算"),
        "payments.reverse": _("冲正结算"),
        "payments.draw_up": _("提出代缴"),
        "payments.approve": _("复核代缴"),
        "payments.withdraw": _("撤回代缴"),
        "payments.ask_return": _("提出退回代缴"),
        "payments.confirm_return": _("复核退回代缴"),
        "payments.withdraw_return": _("撤回退回代缴"),
        "payments.take_premiums": _("取走代缴名单"),
        "payments.follow_list": _("按参保名单登记"),
        "payments.compare_again": _("重新比对参保"),
        "payments.take_comparison": _("取走参保比对表"),
        "payments.set_rent_budget": _("登记流转费补助预算"),
        "payments.propose_rent": _("提出流转费补助"),
        "payments.approve_rent": _("复核流转费补助"),
        "payments.withdraw_rent": _("撤回流转费补助"),
        "payments.reverse_rent": _("冲回流转费补助"),
        "payments.take_rents": _("取走流转费补助名单"),
    }

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.payments import (  # noqa: F401, PLC0415 - they list themselves
            apart,
            filling,
            filling_amounts,
            filling_rents,
            following,
            provided,
            replaying,
            verification,
            walls,
            walls_of_bills,
            walls_of_lists,
            walls_of_reassessments,
            walls_of_rents,
        )
