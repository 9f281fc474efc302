"""Conflicts by code: what each means, and what may be decided of a row that has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from anju.exchange.models import Decision

_keep, _file, _out = Decision.KEEP, Decision.FILE, Decision.OUT


@dataclass(frozen=True, slots=True)
class Conflict:
    """``label`` in a few words; ``about`` tells what each decision does."""

    label: object
    about: object
    allowed: tuple[Decision, ...]


conflicts: Mapping[str, Conflict] = {
    "elsewhere": Conflict(_("别处已登记"), _("这个号码别处已登记，请联系核对；这一行只能不要。"), (_out,)),
    "several": Conflict(
        _("同名同生日不止一个"),
        _(
            "库里有几个人同名、同一天生，认不出是谁。用文件的：当作另一个人新登记。其实是同一个人登记了两次的，先在“人员”里的“登记了两次的人”并档。"
        ),
        (_file, _out),
    ),
    "several_sites": Conflict(
        _("同名安置点不止一个"), _("库里有几个安置点叫这个名字。用文件的：当作另一个安置点新登记。"), (_file, _out)
    ),
    "twice": Conflict(
        _("文件里重复"), _("文件里有几行说的是同一个，内容不一样。只能用其中一行，另外的就不要了。"), (_file, _out)
    ),
    "two_households": Conflict(
        _("一人两户"), _("文件里同一个人写在两户里。只能用其中一行，另外的就不要了。"), (_file, _out)
    ),
    "name_differs": Conflict(
        _("姓名或生日对不上"),
        _("同一个号码，库里的姓名或出生日期不一样。留库里的：姓名、生日不动，其他照文件；用文件的：姓名、生日也改。"),
        (_keep, _file, _out),
    ),
    "other_household": Conflict(
        _("已在另一户"),
        _("库里这个人在另一户。留库里的：户不动，其他照文件；用文件的：今天起移到文件里的户。"),
        (_keep, _file, _out),
    ),
    "household_elsewhere": Conflict(
        _("户编号别处已登记"), _("这个户编号别处已登记，请联系核对。留库里的：人照登记，先不入户。"), (_keep, _out)
    ),
    "two_heads": Conflict(
        _("一户两个户主"),
        _("文件里这一户有两个户主。用文件的：这一位是户主；留库里的：登记这个人，但不作户主。"),
        (_keep, _file, _out),
    ),
    "head_taken": Conflict(
        _("已有户主"), _("库里这一户的户主是另一个人。留库里的：登记这个人，但不作户主。"), (_keep, _out)
    ),
    "relation": Conflict(
        _("关系对不上"),
        _("库里的关系和文件说的不一样，文件又没有能接上的日子。留库里的：关系不动；用文件的：从交文件那天起照文件。"),
        (_keep, _file, _out),
    ),
}
"""In the order in which a row with several of them shows them."""


def allowed(codes: Iterable[str]) -> tuple[Decision, ...]:
    """What may be decided of a row with these conflicts."""
    every = [set(conflicts[code].allowed) for code in codes]
    return tuple(choice for choice in (_keep, _file, _out) if every and all(choice in some for some in every))
