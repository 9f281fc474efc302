"""Whom one may be in the demo: an officer for every line and level that has work, the separate duties, and a stranger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anju.demo.officers import account_of, separate
from anju.demo.places import full_name
from anju.demo.story import destination, origin
from anju.government.lines import Level, Line
from anju.government.models import Officer

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Role:
    """One role. ``title`` and ``place`` are words of the guideline; ``tries``: what to try first."""

    account: str
    title: str
    place: str
    tries: Words


@dataclass(frozen=True, slots=True)
class Group:
    """Roles that belong together."""

    title: Words
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Cast:
    """All of them."""

    groups: tuple[Group, ...]

    @cached_property
    def by_account(self) -> Mapping[str, Role]:
        """Each role by its account."""
        return {role.account: role for group in self.groups for role in group.roles}


_street, _county = f"{destination[:9]}000", f"{destination[:6]}000000"
_town, _other_county = f"{origin[:9]}000", f"{origin[:6]}000000"
_third = "500236001000"
_with_a_collective = "500235125901"
_village, _township, _at_county = Level.VILLAGE, Level.TOWNSHIP, Level.COUNTY


@cache
def cast() -> Cast:
    """The cast of the demo. Everybody looks after 张青山's family, each in a line of their own; the last one does not."""
    return Cast(
        (
            Group(_("迁入地的村社区：和搬迁群众天天见面"), _close_by()),
            Group(_("迁入地的乡镇、街道"), _at_the_township()),
            Group(_("迁入地的区县部门"), _at_the_county()),
            Group(_("迁出地：人走了，关系还在"), _where_they_came_from()),
            Group(_("不办业务的三个账号，和一个外人"), _apart()),
        )
    )


def on_stage(request: HttpRequest) -> dict[str, Cast]:
    """What the templates of a demo know besides: base.html says on every page that this is one."""
    return {"demo": cast()}


def _role(line: Line, level: Level, region: str, tries: Words) -> Role:
    return Role(account_of(line, region), f"{level.label} · {line.label}", full_name(region, date.today()), tries)


def _close_by() -> tuple[Role, ...]:
    return (
        _role(
            Line.COMMITTEE, _village, destination, _("先看工作台；再打开张青山，给他登记户籍意愿，看那件应办怎样了结。")
        ),
        _role(Line.RURAL_REVITALISATION, _village, destination, _("张青山家 38 天没有人走访：在工作台里找到这件事。")),
        _role(Line.COLLECTIVE, _village, _with_a_collective, _("有人申请成为集体成员：看看公示和表决各走到哪一步。")),
    )


def _at_the_township() -> tuple[Role, ...]:
    tries = {
        Line.CIVIL_AFFAIRS: _("看低保、特困家庭，哪些人户口迁来了还没有提示可以迁移救助；党员信息您看不到。"),
        Line.ORGANISATION: _("找到秦碧水：住、户口、集体身份都离开了迁出地，组织关系应该转来。"),
        Line.PUBLIC_SECURITY: _("愿迁还没有迁的，按开出的日子排着；张青山还没有表态，不在里面。"),
        Line.HUMAN_RESOURCES: _("谁该参保没有参保，谁的保费还没有代缴。"),
        Line.MEDICAL_SECURITY: _("谁没有参保，谁选了异地就医备案还没有办。"),
        Line.AGRICULTURE: _("流转费补助缺标准的、可以申报产业项目的，各是哪些人。"),
        Line.CULTURE: _("哪个安置点还没有文化中心户，哪个缺文化带头人。"),
        Line.GOVERNMENT: _("哪些人还没有明确由谁负责；本季还有哪个社区没有督促。"),
        Line.RURAL_REVITALISATION: _("没有结对的、两名干部结对的、走访逾期的，一张表看全。"),
    }
    return tuple(_role(line, _township, _street, text) for line, text in tries.items())


def _at_the_county() -> tuple[Role, ...]:
    tries = {
        Line.CIVIL_AFFAIRS: _("打开梨园小区，看设施缺几项、面积差多少；再看全县哪件事逾期最多。"),
        Line.ORGANISATION: _("本县搬出去的党员，谁的介绍信过期了；哪个大点还没有选派干部。"),
        Line.PUBLIC_SECURITY: _("线上户政、户政便民两件事，本县落实了没有。"),
        Line.HUMAN_RESOURCES: _("跨区县、户口已经迁来的，谁选了把养老关系转过来。"),
        Line.MEDICAL_SECURITY: _("转移接续、备案、跨省转出，各有多少人在等。"),
        Line.AGRICULTURE: _("原来的承包地，哪些符合生态项目还没有纳入。"),
        Line.CULTURE: _("今年还没有送过演出的安置点，离年底还有几天。"),
        Line.DEVELOPMENT: _("哪些社区的设施还没有覆盖，保障资金安排了没有。"),
        Line.GOVERNMENT: _("编制、经费、场所还没有落实的安置点。"),
        Line.RURAL_REVITALISATION: _("结对空档超过七天的户；给本县定流转费补助标准。"),
    }
    return tuple(_role(line, _at_county, _county, text) for line, text in tries.items())


def _where_they_came_from() -> tuple[Role, ...]:
    return (
        _role(Line.COMMITTEE, _village, origin, _("张青山搬走了，这边照样看得到他：老家的四亩地还闲着。")),
        _role(Line.ORGANISATION, _township, _town, _("秦碧水的组织关系还在这里，应当转出去。")),
        _role(Line.PUBLIC_SECURITY, _township, _town, _("愿迁的人，这边要办户口迁出。")),
        _role(Line.ORGANISATION, _at_county, _other_county, _("全区搬出去的党员；同一个人，迁入地的组织部也看得到。")),
    )


def _apart() -> tuple[Role, ...]:
    duties = (
        ("security", _("开一个账号，给一个岗位；业务数据您一条也看不到。")),
        ("audit", _("先用别的角色登记点什么，再来看谁在什么时候做了什么。")),
        ("system", _("看这套系统的状态；人和户您看不到。")),
    )
    titles = tuple(Role(account, str(Officer.Duty(separate[account]).label), "", text) for account, text in duties)
    stranger = _role(
        Line.CIVIL_AFFAIRS, _township, _third, _("搜“张青山”：另一个县的人，和没有这个人一样，什么也看不到。")
    )
    return (*titles, stranger)
