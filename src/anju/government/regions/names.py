"""Regions by name: full names, the short ones that offices use, and those that were given up.

A name is looked up under what stands above it, as far as that is given. A name that several regions share, or none has,
is not guessed.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from anju.government.regions.table import (
    Region,
    chongqing,
    city,
    county,
    province,
    regions,
    township,
    valid_code,
)

_suffixes = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "街道",
    "省",
    "市",
    "区",
    "县",
    "旗",
    "盟",
    "镇",
    "乡",
)
_office = re.compile(r"(人民政府|街道办事处|办事处|街办)$")
_peoples = re.compile(
    r"(?:(?:土家|苗|汉|壮|回|维吾尔|藏|彝|布依|朝鲜|满|侗|瑶|白|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    r"柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|"
    r"京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各)族)+$"
)
_no_city = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
"""What official data write in place of a city above counties that lie under none."""
_levels = ((province, "省"), (city, "市"), (county, "区县"), (township, "乡镇"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is, in names as far as given ("" where not)."""

    province: str = ""
    city: str = ""
    county: str = ""
    township: str = ""
    village: str = ""

    def text(self) -> str:
        """The names one after the other."""
        return self.province + self.city + self.county + self.township + self.village


@dataclass(frozen=True, slots=True)
class Found:
    """The code of a place on a day as far down as its names tell, or why not (`doubt`, a Chinese sentence).

    `township` and `village` are names below the code that the table does not know (outside Chongqing), in one form;
    `former` is the county's code as it was given or named, before it was brought to the day.
    """

    code: str = ""
    township: str = ""
    village: str = ""
    doubt: str = ""
    former: str = ""


def find(place: Place, on: date) -> Found:
    """Look a place up by its names. The deepest names that are given must be one region; nothing is guessed."""
    code = former = ""
    under: tuple[str, ...] = ("",)
    for length, level in _levels:
        name = _name_at(place, length)
        if not name:
            continue
        if length == township and not code.startswith(chongqing):
            return Found(code, _form(name), village_form(place.village), former=former)
        candidates = _candidates(name, length, under) or _named_in_full(name, length, under)
        valid = {valid_code(region.code, on) or region.code for region in candidates}
        if not valid:
            return Found(code, doubt=f"没有找到{level}“{name}”，请核对名称，或填统计用区划代码。")
        if len(valid) > 1:
            return Found(code, doubt=f"{level}“{name}”不止一个，请写明省、市，或填统计用区划代码。")
        code = valid.pop()
        former = candidates[0].code if length == county and len(candidates) == 1 else former
        # A township may be written under the county to which it belonged before (渝北区大湾镇).
        under = (code, *(region.code for region in candidates))
    return Found(code, "", village_form(place.village) if len(code) >= township else "", former=former)


def parse(text: str) -> Place:
    """A place written as one word (重庆市奉节县…乡…村), split where known names end; what is left is the village."""
    rest = re.sub(r"[\s,，、\-—>/]+", "", text)
    names: dict[int, str] = {}
    under: tuple[str, ...] = ("",)
    for length, _ in _levels:
        name = _longest_prefix(rest, length, under)
        if name:
            names[length], rest = name, rest[len(name) :]
            under = tuple(region.code for region in _candidates(name, length, under))
    return Place(names.get(2, ""), names.get(4, ""), names.get(6, ""), names.get(9, ""), rest)


def village_form(name: str) -> str:
    """A village's or community's name without the committee that runs it."""
    return re.sub(r"(村民委员会|居民委员会|村委会|居委会|委员会)$", "", re.sub(r"\s+", "", name))


def _name_at(place: Place, length: int) -> str:
    names = {province: place.province, city: place.city, county: place.county, township: place.township}
    name = re.sub(r"\s+", "", names[length])
    # 重庆市 is both the province and the city above its counties.
    return "" if length == city and name and (name in _no_city or _candidates(name, province, ("",))) else name


def _candidates(name: str, length: int, under: tuple[str, ...]) -> tuple[Region, ...]:
    """The regions of a level with that name under any of the codes; by the short name only if none has it in full."""
    index = _index()
    exact = [region for region in index.get((length, name), ()) if _under(region, under)]
    loose = [region for region in index.get((length, _form(name)), ()) if _under(region, under)]
    return tuple(exact or loose)


def _named_in_full(name: str, length: int, under: tuple[str, ...]) -> tuple[Region, ...]:
    """The regions that a name means which begins with what stands above it (重庆市石柱县 in the column of counties)."""
    for end in range(len(name) - 1, 1, -1):
        above = [
            r for level in (province, city, county) if level < length for r in _candidates(name[:end], level, under)
        ]
        found = _candidates(name[end:], length, tuple(r.code for r in above)) if above else ()
        if not found and above:
            found = _named_in_full(name[end:], length, tuple(r.code for r in above))
        if found:
            return found
    return ()


def _under(region: Region, codes: tuple[str, ...]) -> bool:
    """Whether the region lies in the region of one of the codes, now or before either was renumbered."""
    return region.code.startswith(codes) or region.successor.startswith(codes)


@cache
def _index() -> Mapping[tuple[int, str], tuple[Region, ...]]:
    index: dict[tuple[int, str], list[Region]] = defaultdict(list)
    for region in regions():
        for name in _names(region.name):
            index[len(region.code), name].append(region)
    return {key: tuple(found) for key, found in index.items()}


def _names(name: str) -> set[str]:
    """The full name and the forms in which it is also written: 石柱, 石柱县, 石柱自治县."""
    short = _form(name)
    forms = {name, short}
    for kind in ("自治县", "自治州", "自治区"):
        if name.endswith(kind):
            forms |= {f"{short}{kind}", f"{short}{kind[-1]}"}
    return forms


def _form(name: str) -> str:
    """The name without its kind and without the peoples in it; a name of one character keeps its kind (忠县)."""
    name = _office.sub("", name)
    for suffix in _suffixes:
        short = name.removesuffix(suffix)
        if short != name:
            base = _peoples.sub("", short) or short
            return base if len(base) > 1 else name
    return name


def _longest_prefix(text: str, length: int, under: tuple[str, ...]) -> str:
    for end in range(min(len(text), 16), 1, -1):
        if any(_under(region, under) for region in _index().get((length, text[:end]), ())):
            return text[:end]
    return ""
