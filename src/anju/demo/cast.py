"""Whom one may be in the demo: an officer for every line and level that has work, the separate duties, and a stranger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anju.demo.officers import account_of, seconds, separate
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


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A resident of the story, by name. ``tries``: what to look at first."""

    name: str
    tries: Words


@dataclass(frozen=True)
class Cast:
    """All of them; ``residents`` see only what is about themselves, and hold no account."""

    groups: tuple[Group, ...]
    residents: tuple[Neighbour, ...] = ()

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
            Group(_("同一个单位的另一位：两个人才办得成的，由这一位接着办"), _seconds()),
            Group(_("迁出地：人走了，关系还在"), _where_they_came_from()),
            Group(_("不办业务的三个账号，和一个外人"), _apart()),
        ),
        _residents(),
    )


def _residents() -> tuple[Neighbour, ...]:
    return (
        Neighbour("张青山", _("户主，46 岁，户口还在老家：看看七种关系各在哪里，自己申请迁户口。")),
        Neighbour("秦碧水", _("户口迁来了，组织关系还在老家：看为什么应当转。")),
        Neighbour("谭月桂", _("72 岁，领养老金：养老关系为什么不用转。")),
    )


def on_stage(request: HttpRequest) -> dict[str, Cast]:
    """What the templates of a demo know besides: base.html says on every page that this is one."""
    return {"demo": cast()}


def _role(line: Line, level: Level, region: str, tries: Words) -> Role:
    return Role(account_of(line, region), f"{level.label} · {line.label}", full_name(region, date.today()), tries)


def _close_by() -> tuple[Role, ...]:
    return (
        _role(
            Line.COMMITTEE,
            _village,
            destination,
            _(
                "先看工作台；再到“人员”里找张青山，给他登记户籍意愿，看“摸清户口意愿”怎样了结。有一个人登记了两次，等您确认并档。"
            ),
        ),
        _role(
            Line.RURAL_REVITALISATION,
            _village,
            destination,
            _("好些户该走访了；张青山家（户编号 5009990000000000）已经 38 天没有人去。"),
        ),
        _role(Line.COLLECTIVE, _village, _with_a_collective, _("有人申请成为集体成员：看看公示和表决各走到哪一步。")),
    )


def _at_the_township() -> tuple[Role, ...]:
    tries = {
        Line.CIVIL_AFFAIRS: _("哪些低保、特困家庭的救助正等着从迁出地转过来；党员信息您看不到。"),
        Line.ORGANISATION: _("找到秦碧水：住、户口、集体身份都离开了迁出地，组织关系应该转来。"),
        Line.PUBLIC_SECURITY: _("愿迁还没有迁的都在这里；张青山还没有表态，不在里面。"),
        Line.HUMAN_RESOURCES: _("谁该参加居民养老还没有参加，年底前要动员到。"),
        Line.MEDICAL_SECURITY: _("谁没有参加医保，谁的职工医保断了还能补缴。"),
        Line.AGRICULTURE: _("谁的集体身份要人工核实，谁的流转费补助还没有发，谁可以申报产业项目。"),
        Line.CULTURE: _("梨园小区还没有文化中心户。"),
        Line.GOVERNMENT: _("哪些人还没有明确由谁负责；梨园小区这个季度还没有督促。"),
        Line.RURAL_REVITALISATION: _("没有结对的、走访太久没有去的、过渡期该评估的，一张表看全。"),
    }
    return tuple(_role(line, _township, _street, text) for line, text in tries.items())


def _at_the_county() -> tuple[Role, ...]:
    tries = {
        Line.CIVIL_AFFAIRS: _("打开梨园小区，看设施缺几项、面积差多少；再看断发的救助金。"),
        Line.ORGANISATION: _("本县搬出去的党员，谁该转、谁愿转；哪个大点还没有选派干部。"),
        Line.PUBLIC_SECURITY: _("本县的户政便民措施还没有落实：年底前要办到。"),
        Line.HUMAN_RESOURCES: _("谁的养老保费还没有代缴，谁满了六十还没有领。"),
        Line.MEDICAL_SECURITY: _("谁的参保资助还没有落实，谁两处都参了保，谁等着一站式结算。"),
        Line.AGRICULTURE: _("流转费补助的预算用了多少、谁还没有补；原来的承包地，哪些符合生态项目还没有纳入。"),
        Line.CULTURE: _("哪些安置点今年还没有演出、没有品牌活动，离年底还有几天。"),
        Line.DEVELOPMENT: _("哪些社区的设施还没有覆盖，保障资金安排了没有。"),
        Line.GOVERNMENT: _("编制、经费、场所还没有落实的安置点。"),
        Line.RURAL_REVITALISATION: _("一笔流转费补助等您复核；再看结对空档超过七天的户。"),
    }
    return tuple(_role(line, _at_county, _county, text) for line, text in tries.items())


def _seconds() -> tuple[Role, ...]:
    tries = (
        _("双江街道有一个月的关账等您复核；各乡镇的发放，您都看得到。"),
        _("一批养老代缴等您复核。"),
        _("冲正了的那一笔，照对的单据重新结算。"),
        _("双江街道有一个月的关账等您复核：看一遍，没有错就关账。"),
    )
    return tuple(
        Role(
            account_of(line, region, second=True),
            f"{level.label} · {line.label}（另一位）",
            full_name(region, date.today()),
            text,
        )
        for (line, level, region), text in zip(seconds, tries, strict=True)
    )


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
