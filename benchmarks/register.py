"""A made-up register of any size, written by mass insert: people in households of four, sites, two relations a person, a wish for some.

Everybody moved from one township of the city to another; what is drawn is drawn from a seed.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection
from pypinyin import lazy_pinyin
from stdnum.cn import ric

from anju.exchange.writing.ops import tables
from anju.government.models import never
from anju.government.regions.reach import padded
from anju.government.regions.table import chongqing, regions, township
from anju.government.second_wall import everything
from anju.register import mass
from anju.register.models import Person
from anju.register.models.subjects import new_id
from anju.sealing.blind_index import blind_index
from anju.sealing.ciphertext import Sealer

_surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕冉向田秦谭牟蒲隆鄢"
_given = (
    "青山碧水远航长河云海春秋明月江川永安志强国庆建军秀英桂兰红梅文静晓燕思源子涵雨轩浩宇欣怡德福荣华玉珍世平正兴家和"
)
_in_a_household = 4
_villages = 8
_households_a_site = 250
_part = 20_000
_relations = ("户主", "配偶", "之子", "之女")
_recorded = datetime(2026, 1, 1, tzinfo=UTC)
_first_birth, _births = date(1935, 1, 1), 31_000
_columns: Mapping[str, str] = {
    "site": "id name region initials pinyin facts revision",
    "household": "id code origin destination site_id address facts revision",
    "person": "id name initials pinyin number number_index phone birth_date sex people origin destination facts guarded "
    "revision",
    "membership": "person_id household_id relation since until recorded_at",
    "relation": "person_id kind holder place_name since after because evidence recorded_at",
}


@dataclass(frozen=True, slots=True)
class Made:
    """What the register holds besides."""

    people: int
    households: int
    sites: int
    townships: tuple[str, ...] = field(repr=False)


def make(people: int, seed: int = 1) -> Made:
    """Fill an empty register, and let the database count what is in it."""
    made = fill(people, seed)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")  # as its autovacuum would
    return made


def fill(people: int, seed: int = 1) -> Made:
    """The same within a transaction, if there is one. The keys of the installation seal the ID numbers."""
    chance = random.Random(seed)
    townships = tuple(padded(r.code) for r in regions() if r.code.startswith(chongqing) and len(r.code) == township)
    homes = -(-people // _in_a_household)
    sites = [(new_id(), padded_village(chance, townships)) for _ in range(max(1, homes // _households_a_site))]
    with everything():
        _write("site", [_site(key, region, at) for at, (key, region) in enumerate(sites)])
        for first in range(0, homes, _part):
            _write_part(chance, townships, sites, range(first, min(homes, first + _part)))
    return Made(homes * _in_a_household, homes, len(sites), townships)


def padded_village(chance: random.Random, townships: Sequence[str]) -> str:
    """The code of some village."""
    return f"{chance.choice(townships)[:9]}{200 + chance.randrange(_villages)}"


def _write_part(
    chance: random.Random, townships: Sequence[str], sites: Sequence[tuple[UUID, str]], homes: range
) -> None:
    """Some households with everybody in them."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _columns}
    seal, gone = Sealer("register_person", "number"), list[UUID]()
    for home in homes:
        key, (site, destination) = new_id(), sites[home % len(sites)]
        origin = padded_village(chance, townships)
        facts = '{"relocatee_kind":"registered_poor","settlement_mode":"centralized"}'
        rows["household"].append((str(key), f"50{home:014}", origin, destination, str(site), None, facts, 1))
        for place, relation in enumerate(_relations):
            person = new_id()
            rows["person"].append(_person(chance, seal, person, home * _in_a_household + place, origin, destination))
            if chance.random() < 0.02:
                gone.append(person)
            rows["membership"].append((str(person), str(key), relation, date(2019, 5, 1), never, _recorded))
            rows["relation"] += _steps(chance, person, origin, destination)
    for name, part in rows.items():
        _write(name, part)
    died = {"ended_on": date(2025, 3, 1), "ended_because": "death"}  # nobody who has ended gets a relation
    Person.objects.unscoped().filter(pk__in=gone).update(**died)


def _person(
    chance: random.Random, seal: Sealer, key: UUID, order: int, origin: str, destination: str
) -> tuple[Any, ...]:
    name = chance.choice(_surnames) + "".join(chance.choices(_given, k=chance.choice((1, 2, 2, 2))))
    syllables = [_syllables[character] for character in name]
    born = _first_birth + timedelta(days=order % _births)
    number = _number(born, order // _births)
    return (
        str(key), name, "".join(s[0] for s in syllables), " ".join(syllables), seal(key, number), blind_index(number), None,
        born, "男" if order % 2 else "女", "汉族", origin, destination, '{"pension_status":"contributing"}', None, 1,
    )  # fmt: skip


def _steps(chance: random.Random, person: UUID, origin: str, destination: str) -> Iterator[tuple[Any, ...]]:
    for kind in ("hukou", "pension"):
        yield (str(person), kind, origin, "", date.min, None, "recorded", "", _recorded)
        if chance.random() < 0.5:
            day = date(2020, 1, 1) + timedelta(days=chance.randrange(2000))
            yield (str(person), kind, destination, "", day, date.min, "moved", "", _recorded)


def _site(key: UUID, region: str, at: int) -> tuple[Any, ...]:
    name = f"青山{at}号安置点"
    return (str(key), name, region, f"qs{at}hazd", f"qing shan {at} hao", '{"new_community":false}', 1)


def _number(born: date, order: int) -> str:
    """A number of a region that does not exist, with a true check digit."""
    body = f"{990000 + order // 1000}{born:%Y%m%d}{order % 1000:03d}"
    return body + ric.calc_check_digit(f"{body}0")


def _write(name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    frame = pl.DataFrame(list(rows), schema=_columns[name].split(), orient="row", infer_schema_length=None)
    mass.insert(tables[name], frame)


_syllables = {character: lazy_pinyin(character)[0] for character in _surnames + _given}
