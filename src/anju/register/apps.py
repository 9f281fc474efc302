"""The register as a Django app."""

import gc
from typing import ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# A batch makes millions of objects that stay until it ends. Looked over after every 700 of them, as Python would unasked, they took
# a tenth of its time.
_objects_between_collections = 50_000


class RegisterConfig(AppConfig):
    """People, households, sites. At start-up its walls and the providers of facts are listed."""

    name = "anju.register"
    default_auto_field = "django.db.models.BigAutoField"
    deeds: ClassVar = {
        "register.create_site": _("登记安置点"),
        "register.create_household": _("登记户"),
        "register.create_person": _("登记人员"),
        "register.change_person": _("改人员资料"),
        "register.join_household": _("入户"),
        "register.leave_household": _("离户"),
        "register.place_person": _("改人员的迁出迁入地"),
        "register.place_household": _("改户的迁出迁入地"),
        "register.end_person": _("死亡或注销"),
        "register.restore_person": _("撤销注销"),
        "register.ask_join": _("申请并档"),
        "register.join": _("并档"),
        "register.refuse_join": _("不并档"),
        "register.lapse_join": _("并档没有人确认，不再等"),
        "register.record_facts": _("记事实"),
        "register.move_relation": _("转关系"),
        "register.withdraw_relation": _("撤销一次转关系"),
        "register.begin_party_life": _("登记参加组织生活"),
        "register.end_party_life": _("登记不再参加组织生活"),
        "register.record_wish": _("记意愿"),
        "register.look": _("查看资料"),
        "register.meet": _("登记时得知号码已经有人用"),
        "register.reveal": _("看完整内容"),
    }
    object_kinds: ClassVar = {"person": _("人员"), "household": _("户"), "site": _("安置点"), "county": _("区县")}

    def ready(self) -> None:
        """List what others look up by name."""
        gc.set_threshold(_objects_between_collections)
        from anju.register import provided, verification, walls  # noqa: F401, PLC0415 - they list themselves
