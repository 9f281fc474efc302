"""The government as a Django app."""

from typing import ClassVar

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class GovernmentConfig(AppConfig):
    """Regions, posts, officers and sign-in. After each migration the regions are as the code has them."""

    name = "anju.government"
    default_auto_field = "django.db.models.BigAutoField"
    deeds: ClassVar = {
        "government.sign_in": _("登录"),
        "government.sign_out": _("退出"),
        "government.lock": _("试错太多被锁"),
        "government.enter": _("打开不归自己的页"),
        "government.change_password": _("换口令"),
        "government.add_second_factor": _("添加验证器"),
        "government.create_officer": _("开账号"),
        "government.rename": _("改姓名"),
        "government.set_password": _("给新口令"),
        "government.disable": _("停用账号"),
        "government.enable": _("启用账号"),
        "government.unlock": _("解锁"),
        "government.forget_second_factors": _("清掉验证器"),
        "government.open_post": _("开岗位"),
        "government.close_post": _("撤销岗位"),
        "government.give_post": _("给岗位"),
        "government.end_post": _("离岗"),
        "government.withdraw_post": _("撤回岗位"),
        "government.add_village": _("加村社区"),
        "government.rename_village": _("村社区改名"),
        "government.close_village": _("撤并村社区"),
        "government.create_client": _("开对接系统"),
        "government.change_client": _("改对接系统"),
        "government.renew_key": _("换对接密钥"),
        "government.end_client": _("停用对接系统"),
        "government.enter_by_key": _("用密钥进接口"),
    }
    object_kinds: ClassVar = {
        "officer": _("账号"),
        "post": _("岗位"),
        "holding": _("任职"),
        "region": _("区划"),
        "page": _("页面"),
        "client": _("对接系统"),
    }

    def ready(self) -> None:
        """Have regions loaded whenever the tables may have changed, and list the walls, and what is sealed outside of its own fields."""
        # models may be imported only when every app is known
        from anju.government import after_migration, second_factors, walls  # noqa: F401, PLC0415 - being loaded is what they are for

        post_migrate.connect(after_migration.refresh, sender=self, dispatch_uid="anju.government")
