"""Another key: everything that the register has sealed lies under it afterwards, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from anju.register.actions import record_facts
from anju.register.models import Former, Household, Person
from anju.sealing.keys import add_key, make_keys
from anju.sealing.rotation import keys_in_use, reseal
from anju.walls.second_wall import everything
from tests.register.cast import clerk, household, number, zhang


def test_the_whole_register_is_sealed_anew(own_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "ANJU_KEYS", tmp_path / "keys")
    make_keys(settings.ANJU_KEYS)
    village = clerk("village")
    person = zhang(village, household(village), facts={"party_member": True})
    record_facts(by=village, kind="person", subject=str(person.pk), facts={"party_member": False})
    add_key(settings.ANJU_KEYS, "seal")
    assert set(keys_in_use()) == {1}
    assert reseal() >= 3
    assert set(keys_in_use()) == {2}
    with everything():
        assert Person.objects.unscoped().get().number.reveal() == number(1)
        assert Former.objects.get().guarded.reveal() == '{"party_member":true}'
        assert Household.objects.unscoped().count() == 1
