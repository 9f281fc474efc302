"""搬迁跨度: how far a household moved, from two codes or from the names of two places."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache

import polars as pl

from anju.government.regions.names import Found, Place, find, parse, village_form
from anju.government.regions.table import (
    became,
    city,
    county,
    merged,
    name_of,
    province,
    significant,
    township,
    valid_code,
    village,
)
from anju.tables.ledger import Ledger, Problem, Sheet

scopes = ("same_village", "same_township", "same_county", "cross_county", "cross_province")
"""The values of 搬迁跨度 in the order of its term."""

_labels = dict(zip(scopes, ("同村", "同乡镇", "区县内", "市内跨区县", "跨省"), strict=True))
_apart = "代码和名称没有对上，按代码（没有代码的，按分开写的名称）；请核对。"
_names = ("province", "city", "county", "township", "village")
_parts = (*_names, "place")
_levels = tuple(zip((province, city, county, township), _names, strict=False))
_sides = (("origin", "迁出地"), ("destination", "迁入地"))
place_codes = tuple(f"{side}_code" for side, _ in _sides)
"""The terms that say in one code from where and to where."""
_written = lru_cache(maxsize=1)(parse)
"""A row's place is asked for more than once."""
_find = lru_cache(maxsize=4096)(find)
"""Places down to the township: of a long list they are few, and many rows in each."""


def move_scope(origin: str, destination: str, on: date) -> str | None:
    """The scope of a move between two codes of 2 to 12 digits, or None if they are too short (or unknown) to tell.

    Both are first brought to the region that is valid on the day: 江北区 to 渝北区 lies within 两江新区 since 2025-11.
    """
    return _scope(_by_code(origin, on), _by_code(destination, on))


def with_scope(ledger: Ledger, on: date, places: Mapping[str, str] | None = None) -> Ledger:
    """The ledger with `origin_code`, `destination_code` and `move_scope` as far as codes and names in it tell.

    `places` gives a code (by `place_codes`) for a side of which a sheet says nothing. A row's own 判定日 stands before
    `on`. A 搬迁跨度 that the file gives stays, with a warning where the places tell another. Places that are unknown or
    not the only one of their name leave it blank, with a warning for the row.
    """
    sheets = tuple(_located(_placed(sheet, places or {}), ledger.file, on) for sheet in ledger.sheets)
    return replace(ledger, sheets=sheets)


def codes(frame: pl.DataFrame, side: str, on: date) -> pl.DataFrame:
    """Where each row is on one side: ``code`` (2 to 12 digits, valid on the day) as far as code or names tell, ``doubt``, and whether
    names say more than the code (``beyond``: a village that no table knows).

    Reads the columns ``side_code`` (or ``@side_code``) and ``@side_province`` … ``@side_place``.
    """
    if f"@{side}_code" in frame.columns:
        frame = frame.rename({f"@{side}_code": f"{side}_code"})
    used = [name for name in _columns(side) if name in frame.columns]
    if not used:
        blank = pl.lit(None, dtype=pl.String)
        nothing = (blank.alias("code"), blank.alias("doubt"), pl.lit(value=False).alias("beyond"))
        return frame.select(pl.int_range(pl.len()).alias("#"), *nothing).drop("#")
    places = frame.select(used).unique()
    told = pl.DataFrame(
        [_told(side, cells, on) for cells in places.iter_rows(named=True)],
        schema={"code": pl.String, "doubt": pl.String, "beyond": pl.Boolean},
        orient="row",
    )
    joined = frame.select(used).join(places.hstack(told), on=used, how="left", nulls_equal=True, maintain_order="left")
    return joined.select("code", "doubt", "beyond")


def _told(side: str, cells: Mapping[str, str | None], on: date) -> tuple[str | None, str | None, bool]:
    """One side's place, with everything that its cells say of it compared."""
    found = _found(side, cells, on)
    here = significant(found.code)
    if not here:
        return None, found.doubt or None, False
    code, whole = cells.get(f"{side}_code"), cells.get(f"@{side}_place")
    parts = Place(*(cells.get(f"@{side}_{part}") or "" for part in _names))
    written = _written(whole or "")
    others = [parts] if code else []
    others += [written] if code or parts.text() else []
    apart = any(_differs(here, other, on) for other in others)
    named = {township: parts.township or written.township, village: parts.village or written.village}
    beyond = any(name and len(here) < length for length, name in named.items())
    return found.code, found.doubt or (_apart if apart else None), beyond


def _differs(here: str, place: Place, on: date) -> bool:
    """Whether names are those of another region than a code's. What they leave out above is taken from it; a village is in no table."""
    given = {length: getattr(place, part) for length, part in _levels if getattr(place, part)}
    if not given:
        return False
    above = {
        part: name_of(here[:length], on) or ""
        for length, part in _levels
        if length < max(given) and length not in given and len(significant(here[:length])) == length
    }
    other = _find(replace(place, village="", **above), on)
    return bool(other.doubt) or not _in_line(here, significant(other.code))


def _in_line(one: str, other: str) -> bool:
    """Whether one region lies in the other."""
    return one.startswith(other) or other.startswith(one)


def _scope(origin: Found, destination: Found) -> str | None:
    here, there = origin.code, destination.code
    shortest = min(len(here), len(there))
    if shortest < province:
        return None
    if here[:province] != there[:province]:
        return "cross_province"
    if became(here[:county], there[:county]):
        return None
    if here[:county] != there[:county]:
        # Two whole counties, or two cities: different counties. A province and a county of it: cannot tell.
        differ = shortest >= county or (shortest >= city and here[:city] != there[:city])
        return "cross_county" if differ else None
    if shortest < county:
        return None
    same = _same_township(origin, destination)
    if same is None:
        # Two counties that were merged since had no township in common.
        return "same_county" if merged(origin.former, destination.former) else None
    if not same:
        return "same_county"
    if shortest >= village:
        return "same_village" if here == there else "same_township"
    if origin.village and destination.village:
        return "same_village" if origin.village == destination.village else "same_township"
    return None


def _same_township(origin: Found, destination: Found) -> bool | None:
    if min(len(origin.code), len(destination.code)) >= township:
        return origin.code[:township] == destination.code[:township]
    if origin.township and destination.township:
        return origin.township == destination.township
    return None


def _by_code(code: str, on: date, below: str = "") -> Found:
    valid = valid_code(code, on)
    if valid is None:
        return Found(doubt=f"没有区划代码“{code}”，请核对。")
    return Found(valid, village=village_form(below), former=code[:county])


def _located(sheet: Sheet, file: str, on: date) -> Sheet:
    frame = sheet.frame
    sources = {side: [name for name in _columns(side) if name in frame.columns] for side, _ in _sides}
    if not all(sources.values()):
        return sheet
    used = [*sources["origin"], *sources["destination"], *(["as_of"] if "as_of" in frame.columns else [])]
    moves = _moves(frame.select(used).unique(), on)
    found = frame.select("@row", *used).join(moves, on=used, how="left", nulls_equal=True, maintain_order="left")
    problems = []
    if "move_scope" in frame.columns:
        problems = _contradicted(found.with_columns(frame["move_scope"].alias("given")), file, sheet)
        found = found.with_columns(frame["move_scope"].fill_null(found["move_scope"]))
    problems += [
        Problem(file, sheet.name, row, None, None, "", f"{doubt}搬迁跨度没有填。", "warning")
        for row, doubt in found.filter(pl.col("move_scope").is_null()).select("@row", "doubt").drop_nulls().iter_rows()
    ]
    gained = ("origin_code", "destination_code", "move_scope")
    merged_frame = frame.with_columns(
        found["origin_valid"].alias("origin_code"),
        found["destination_valid"].alias("destination_code"),
        found["move_scope"],
    )
    terms = (*sheet.terms, *(name for name in gained if name not in sheet.terms))
    ordered = sorted((*sheet.problems, *problems), key=lambda problem: problem.row or 0)
    return replace(sheet, frame=merged_frame, terms=terms, problems=tuple(ordered))


def _placed(sheet: Sheet, places: Mapping[str, str]) -> Sheet:
    """The sheet with the given code in every row, for a side of which it has no column."""
    given = {
        code: places[code]
        for (side, _), code in zip(_sides, place_codes, strict=True)
        if code in places and not any(name in sheet.frame.columns for name in _columns(side))
    }
    frame = sheet.frame.with_columns(pl.lit(value).alias(code) for code, value in given.items())
    return replace(sheet, frame=frame, terms=(*sheet.terms, *given)) if given else sheet


def _contradicted(found: pl.DataFrame, file: str, sheet: Sheet) -> list[Problem]:
    """A warning for every row that gives one 搬迁跨度 and two places that tell another."""
    differ = found.filter(pl.col("given") != pl.col("move_scope")).select("@row", "given", "move_scope")
    advice = "和迁出地、迁入地对不上（按地点是{}），已按搬迁跨度一列；请核对哪个是对的。"
    return [
        Problem(file, sheet.name, row, "搬迁跨度", None, _labels[given], advice.format(_labels[told]), "warning")
        for row, given, told in differ.iter_rows()
    ]


def _moves(pairs: pl.DataFrame, on: date) -> pl.DataFrame:
    """The distinct pairs of places with the codes valid on the day, the scope, and what is in doubt."""
    found = []
    for cells in pairs.iter_rows(named=True):
        day = cells.get("as_of") or on
        origin, destination = (_found(side, cells, day) for side, _ in _sides)
        doubts = [
            f"{label}：{place.doubt}"
            for (_, label), place in zip(_sides, (origin, destination), strict=True)
            if place.doubt
        ]
        found.append(
            (origin.code or None, destination.code or None, _scope(origin, destination), "".join(doubts) or None)
        )
    schema = {
        "origin_valid": pl.String(),
        "destination_valid": pl.String(),
        "move_scope": pl.Enum(scopes),
        "doubt": pl.String(),
    }
    return pairs.hstack(pl.DataFrame(found, schema=schema, orient="row"))


def _columns(side: str) -> list[str]:
    return [f"{side}_code", *(f"@{side}_{part}" for part in _parts)]


def _found(side: str, cells: Mapping[str, str | None], on: date) -> Found:
    """One side's place: by its code if there is one, else by its names, else from the place in one word."""
    parts = {part: cells.get(f"@{side}_{part}") or "" for part in _parts}
    code = cells.get(f"{side}_code")
    if code:
        return _by_code(code, on, parts["village"])
    whole = parts.pop("place")
    if whole and not parts["county"]:
        written = _written(whole)
        parts = {part: parts[part] or getattr(written, part) for part in parts}
        if not (written.county or written.city or written.province):
            return Found(doubt=f"“{whole}”看不出是哪个区县，请写明省、市、区县，或填统计用区划代码。")
    place = Place(**parts)
    return find(place, on) if place.text() else Found()
