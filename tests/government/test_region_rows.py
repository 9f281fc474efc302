"""The stored regions are those of the table of codes, however often they are loaded."""

from datetime import date

import pytest

from anju.government.after_migration import load_regions
from anju.government.models import Region
from anju.government.queries import region_on
from anju.government.regions.table import regions

pytestmark = pytest.mark.django_db


def test_a_migrated_database_knows_every_region() -> None:
    assert Region.objects.count() == len(regions())


def test_loading_again_changes_nothing() -> None:
    assert load_regions() == 0


def test_what_differs_is_put_right_and_villages_stay() -> None:
    Region.objects.filter(code="500236000000").update(name="别的县")
    Region.objects.filter(code="500235000000").delete()
    Region.objects.create(code="500236127201", name="某村", level=Region.Kind.VILLAGE)
    assert load_regions() == 3  # one wrong row out, two rows in
    assert Region.objects.count() == len(regions()) + 1
    assert load_regions() == 0


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("500105", date(2025, 10, 31), "江北区"),
        ("500105", date(2025, 11, 1), None),
        ("500157", date(2025, 10, 31), None),
        ("500157", date(2025, 11, 1), "两江新区"),
    ],
    ids=["合并前的旧区", "合并后的旧区", "合并前的新区", "合并后的新区"],
)
def test_a_region_holds_on_its_days(code: str, on: date, name: str | None) -> None:
    region = region_on(code, on)
    assert (region and region.name) == name


def test_a_region_that_was_given_up_names_its_successor() -> None:
    assert Region.objects.get(code="500112000000").successor == "500157000000"
