"""The rows of the city, collected household by household and written in parts, so that memory stays bounded."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import polars as pl

from anju.demo.city import Family
from anju.demo.life import Life, unit
from anju.demo.months import months_of
from anju.payments.models import Amount, Month, Payer
from anju.policy.model import Fact
from anju.register import documents
from anju.register.mass import indexed, insert, update
from anju.register.models import CountyFacts, Household, Membership, PartyLife, Person, Relation, Site, Wish
from anju.register.names import pinyin_of, pinyin_of_person

_day = pl.Date()
_text = pl.String()
_whole = pl.Int64()
_columns: Mapping[str, Mapping[str, pl.DataType]] = {
    "household": dict.fromkeys(("id", "code", "origin", "destination", "site_id", "address", "facts"), _text),
    "person": dict.fromkeys(("id", "name", "initials", "pinyin", "number", "phone"), _text)
    | {"birth_date": _day}
    | dict.fromkeys(("sex", "people", "origin", "destination", "facts", "guarded"), _text)
    | {"ended_on": _day, "ended_because": _text},
    "membership": {"person_id": _text, "household_id": _text, "relation": _text, "since": _day, "until": _day},
    "relation": {"person_id": _text, "kind": _text, "holder": _text, "since": _day}
    | {"because": _text, "after": _day, "place_name": _text},
    "party_life": {"person_id": _text, "place": _text, "place_name": _text, "since": _day, "until": _day},
    "wish": {"person_id": _text, "kind": _text, "choice": _text, "on": _day, "how": _text},
    "payer": {"person_id": _text, "kind": _text, "payer": _text, "since": _whole, "after": _whole, "because": _text},
    "amount": {"id": _text, "person_id": _text, "kind": _text, "month": _whole, "payer": _text, "sort": _text}
    | {"amount": _whole, "on": _day},
    "month": {"person_id": _text, "kind": _text, "month": _whole, "payer": _text, "state": _text, "reason": _text},
    "site": dict.fromkeys(("id", "name", "region", "initials", "pinyin", "facts"), _text),
    "county": {"code": _text, "facts": _text},
}


class Ids:
    """UUIDs of version 7, the same ones every time, as if the city had been registered on the day before."""

    def __init__(self, chance: random.Random, on: date) -> None:
        self._chance = chance
        self._moment = int(datetime.combine(on, time.min, UTC).timestamp() * 1000) - 86_400_000
        self._given = 0

    def __call__(self) -> str:
        """The next one, greater than the one before."""
        self._given += 1
        moment, place = self._moment + self._given // 4096, self._given % 4096
        low = self._chance.getrandbits(62)
        return str(UUID(int=(moment << 80) | (7 << 76) | (place << 64) | (2 << 62) | low))


class Rows:
    """What is to be written."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self._number = 0
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _columns}

    def household(self, family: Family, site: str | None) -> str:
        """A household and its members; gives its id, which is less than theirs."""
        key, move = self._ids(), family.move
        row = (key, move.code, move.origin, move.destination, site, move.address, _document(family.facts))
        self._rows["household"].append(row)
        for life in family.lives:
            self._person(life, key)
        return key

    def _person(self, life: Life, home: str) -> None:
        key, member, move, add = self._ids(), life.member, life.move, self._rows
        open_part, hidden = documents.parted(documents.written(life.facts))
        who = (key, member.name, *pinyin_of_person(member.name), member.number, _phone(life), member.born, member.sex)
        told = (documents.text(open_part), documents.text(hidden) if hidden else None)
        ended = (life.died_on, "death" if life.died_on else "")
        add["person"].append((*who, move.people, move.origin, move.destination, *told, *ended))
        since, until = max(move.moved_in, member.born), life.died_on or date.max
        add["membership"].append((key, home, member.relation, since, until))
        steps = ((s.kind, s.holder, s.since, s.because, s.after, s.place_name) for s in life.steps)
        add["relation"] += [(key, *step) for step in steps]
        add["wish"] += [(key, *said) for said in life.wishes]
        self._number += 1
        months = months_of(life, self._number)
        add["payer"] += [(key, *row) for row in months.payers]
        add["amount"] += [(self._ids(), key, *row) for row in months.amounts]
        add["month"] += [(key, *row) for row in months.months]
        if life.takes_part_since:
            branch = unit("party", move.destination)
            add["party_life"].append((key, move.destination, branch, life.takes_part_since, until))

    def site(self, key: str, name: str, region: str, facts: Mapping[str, Fact | None]) -> None:
        """A site."""
        self._rows["site"].append((key, name, region, *pinyin_of(name), _document(facts)))

    def county(self, code: str, facts: Mapping[str, Fact | None]) -> None:
        """A county."""
        self._rows["county"].append((code, _document(facts)))

    def write(self) -> None:
        """Insert what has come together, and forget it. A site may come after its households, within one transaction."""
        insert(Site, self._frame("site"))
        insert(CountyFacts, self._frame("county"))
        homes, people = self._frame("household"), self._frame("person")
        insert(Household, homes)
        ends = people.select("id", "ended_on", "ended_because").drop_nulls("ended_on")
        insert(Person, people.drop("ended_on", "ended_because").with_columns(indexed(people["number"])))
        insert(Membership, self._frame("membership"))
        insert(Relation, self._frame("relation"))
        update(Person, ends)  # whoever has ended gets no relation any more
        insert(Wish, self._frame("wish"))
        insert(PartyLife, self._frame("party_life"))
        insert(Payer, self._frame("payer"))
        insert(Amount, self._frame("amount"))
        insert(Month, self._frame("month"))
        self._rows = {name: [] for name in _columns}

    def _frame(self, name: str) -> pl.DataFrame:
        return pl.DataFrame(self._rows[name], schema=_columns[name], orient="row")


def _document(facts: Mapping[str, Fact | None]) -> str:
    return documents.text(documents.written(facts))


def _phone(life: Life) -> str | None:
    """Eleven digits that no subscriber has; every other child has none."""
    return f"100{life.chance.randrange(10**8):08d}" if life.age >= 14 and life.maybe(0.9) else None
