"""What is taken along as a file obeys the same walls as the pages: foreign words, other lines' facts, and counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from anju.exchange.exporting.asked import Asked, listings
from anju.exchange.exporting.making import make
from anju.exchange.exporting.rows import how_many
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.second_wall import looking_everywhere
from anju.register.facts import today
from anju.register.queries.lists import Filters, Side
from tests.access.asking import World, leaks, unpacked
from tests.access.test_matrix import every_role
from tests.access.world import FAR_DESTINATION, FAR_ORIGIN, family, sees

pytestmark = pytest.mark.django_db
SIDES: tuple[Side, ...] = ("in", "out")


def files(who: Officer, folder: Path, *, full: bool) -> dict[tuple[str, str, str, bool], str]:
    """Everything that an officer could take along, unpacked: each kind, of each own region, both sides, those who ended too."""
    found: dict[tuple[str, str, str, bool], str] = {}
    for region in dict.fromkeys(scope.lo for scope in visible_regions(who, today())):
        for kind in listings:
            for side in SIDES:
                for ended in (False, True):
                    asked = Asked(who, kind, region, Filters(side, region, ended=ended), full)
                    path = folder / "带走.xlsx"
                    rows = make(asked, path)
                    with looking_everywhere():
                        assert how_many(asked, 100) == rows
                    found[region, kind, side, ended] = unpacked(path.read_bytes())
    return found


@every_role
def test_no_file_holds_a_foreign_word(world: World, tmp_path: Path) -> None:
    who = world.officer
    for full in (False, True):
        told = []
        for name, text in files(who, tmp_path, full=full).items():
            for kin in (world.own, world.far):
                allowed = kin.sealed if full and sees(world.role, kin) else frozenset()
                told += [(*name, word) for word in leaks(text, world.role, kin, "") - allowed]
        assert told == []


@every_role
def test_more_people_elsewhere_change_no_file(world: World, tmp_path: Path) -> None:
    if sees(world.role, world.far):
        pytest.skip("this role sees them come")
    who = world.officer
    before = files(who, tmp_path, full=True)
    family("燚", 3, FAR_ORIGIN, FAR_DESTINATION)
    family("犇", 4, FAR_DESTINATION, FAR_ORIGIN)
    assert files(who, tmp_path, full=True) == before
