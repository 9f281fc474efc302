"""An office says how it calls itself and its letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.utils import timezone

from anju.documents.models import Letterhead
from anju.documents.offices import Office, made_up, signs, writes_for
from anju.government.acting import acting
from anju.government.lines import Level, Line
from anju.government.models import Officer, Region
from anju.government.queries.names import Names
from anju.government.refusals import Refused, one_deed
from anju.journal.actions import record

_sign = re.compile(r"[\u3400-\u9fffA-Za-z\U00020000-\U0003ffff]{1,20}")
_levels: Mapping[int, str] = {
    Region.Kind.CITY: Level.CITY,
    Region.Kind.COUNTY: Level.COUNTY,
    Region.Kind.TOWNSHIP: Level.TOWNSHIP,
    Region.Kind.VILLAGE: Level.VILLAGE,
}
_left_out = ("", "区", "县", "市", "乡", "镇", "自治县", "土家族苗族自治县")
"""How a place's name may go on behind what stands of it in a 代字."""


def name_office(*, by: Officer, office: Office, name: str, sign: str) -> None:
    """Choose an office's name and its 机关代字; letters that were issued keep theirs. Raises `Refused`, also for another's."""
    with one_deed():
        name, sign, today = name.strip(), sign.strip(), timezone.localdate()
        if not writes_for(by, office, today):
            raise Refused("您在这个单位没有岗位。")
        if not 1 < len(name) <= 60:
            raise Refused("机关名称要 2 到 60 个字。")
        if not _sign.fullmatch(sign):
            raise Refused("机关代字只用汉字或字母，最多 20 个；年份和序号由系统编。")
        _check_not_of_others(office, name, sign, today)
        Letterhead.objects.update_or_create(
            line=office.line, region=office.region, defaults={"level": office.level, "name": name, "sign": sign}
        )
        record(
            actor=acting(by),
            action="documents.name_office",
            object_kind="office",
            object_id=f"{office.line} {office.region}",
            detail={"name": name, "sign": sign},
        )


def _check_not_of_others(office: Office, name: str, sign: str, on: date) -> None:
    """Raise `Refused` for what an office of another region is called as long as it chooses nothing."""
    wanted = {*_parts(name), *_places_in(sign)}
    found = Region.objects.filter(since__lte=on, until__gt=on, level__in=_levels, name__in=wanted)
    regions = list(found.exclude(code=office.region))
    names = Names([office.region, *(region.code for region in regions)], on)
    own = made_up(office, names)
    others = [made_up(Office(line, _levels[r.level], r.code), names) for r in regions for line in Line.values]
    if name != own.name and any(name.endswith(head.name) for head in others):
        raise Refused(f"“{name}”是别的单位的名称，请写您单位自己的全称。")
    if sign != own.sign and any(sign == head.sign for head in others):
        raise Refused(f"“{sign}”是别的单位的机关代字，请换一个；两个单位的代字一样，文号就分不开。")


def _parts(text: str) -> Iterator[str]:
    return (text[at:end] for at in range(len(text)) for end in range(at + 2, len(text) + 1))


def _places_in(sign: str) -> Iterable[str]:
    """What a place may be called whose office has that 代字."""
    stems = (sign.removesuffix(short) for short in set(signs.values()) if sign.endswith(short))
    return {f"{stem[at:]}{more}" for stem in stems for at in range(len(stem)) for more in _left_out}
