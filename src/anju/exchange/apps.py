"""The exchange as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    """Staged imports, lists out, answers to other offices' systems. At start-up its walls and the kinds of import are listed."""

    name = "anju.exchange"
    default_auto_field = "django.db.models.BigAutoField"
    deeds: ClassVar = {
        "exchange.ask_waiting": _("接口取走等它办的环节"),
        "exchange.hand_in": _("交文件"),
        "exchange.decide": _("定对不上的行"),
        "exchange.choose": _("勾选要并入的行"),
        "exchange.accept": _("接收一批"),
        "exchange.reject": _("退回一批"),
        "exchange.merge": _("并入一批"),
        "exchange.ask_undo": _("申请撤回一批"),
        "exchange.begin_undo": _("同意撤回一批"),
        "exchange.refuse_undo": _("不撤回一批"),
        "exchange.lapse_undo": _("撤回没有人同意，不再等"),
        "exchange.undo": _("撤回一批"),
        "exchange.forget": _("删去一批每行的内容"),
        "exchange.take_problems": _("带走一批的问题清单"),
        "exchange.ask_export": _("申请导出"),
        "exchange.approve_export": _("批准导出"),
        "exchange.refuse_export": _("不批准导出"),
        "exchange.make_export": _("做好导出的文件"),
        "exchange.take_export": _("下载导出的文件"),
        "exchange.remove_export": _("删除导出的文件"),
        "exchange.lapse_export": _("导出没有人批，不再等"),
    }
    object_kinds: ClassVar = {"batch": _("一批导入"), "export": _("一份导出")}

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.exchange import insurers, walls  # noqa: F401, PLC0415 - they list themselves
