"""Cases as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    """Procedures under way. At start-up its walls are listed, and that it looks again whenever facts change."""

    name = "anju.cases"
    default_auto_field = "django.db.models.BigAutoField"
    object_kinds: ClassVar = {"bundle": _("一起办的"), "case": _("办件"), "hukou_online": _("户籍网办")}
    deeds: ClassVar = {
        "cases.begin_bundle": _("一起办"),
        "cases.call_vote": _("通知开会，定表决名单"),
        "cases.count_vote": _("计票"),
        "cases.decide_objection": _("处理异议"),
        "cases.keep_paper": _("交材料"),
        "cases.move": _("办一步"),
        "cases.note_votes": _("记各人的表决"),
        "cases.open": _("立件"),
        "cases.post_notice": _("贴公示"),
        "cases.prove_notice": _("证实补登记的公示"),
        "cases.record_objection": _("登记异议"),
        "cases.resume": _("恢复办件"),
        "cases.send_ballots": _("下载表决的表"),
        "cases.send_list": _("下载等候答复的表"),
        "cases.suspend": _("挂起办件"),
        "cases.take_online": _("下载户籍网办的表"),
        "cases.take_paper": _("看材料"),
        "cases.terminate": _("终止办件"),
        "cases.withdraw": _("撤回办件"),
    }

    def ready(self) -> None:
        """List what others look up by name."""
        from anju.cases import apart, following, provided, verification, walls  # noqa: F401, PLC0415 - they list themselves
        from anju.cases.queries import letters  # noqa: F401, PLC0415 - and so does it
