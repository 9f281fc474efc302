"""Every address of the site is asked as everybody who might come: it stands in one of the tables that say who gets what, and in no two."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from django.urls import get_resolver

from tests.access.test_matrix import table
from tests.check.pages import test_house as without_a_door
from tests.government.pages import test_addresses as behind_the_door

TABLES: Mapping[str, Collection[str]] = {
    "tests/access/matrix.csv": table(),
    "tests/government/pages/test_addresses.py": behind_the_door.ADDRESSES,
    "tests/check/pages/test_house.py": without_a_door.ADDRESSES,
}


def test_every_address_stands_in_one_table() -> None:
    asked = Counter(address for addresses in TABLES.values() for address in addresses)
    there = without_a_door.walk(get_resolver().url_patterns)
    wrong = {address: asked[address] for address in there.keys() | asked.keys() if asked[address] != 1}
    assert wrong == {}, "say who gets what of a new page in one of: " + ", ".join(TABLES)
    assert asked.keys() == there.keys()
