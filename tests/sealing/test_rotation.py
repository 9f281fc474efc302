"""换密钥：边写边换，没有一行打不开；停下来再跑，接着做。"""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection

from anju.sealing import rotation
from anju.sealing.ciphertext import Place, SealBroken, key_number, unseal_bytes
from anju.sealing.keys import add_key, key_ring
from anju.sealing.rotation import keys_in_use, reseal


def fields(cards: type[Any]) -> list[Any]:
    return [cards._meta.get_field("id_number"), cards._meta.get_field("phone")]


def test_everything_lies_under_the_newest_key(cards: type[Any], keys: Path) -> None:
    cards.objects.bulk_create([cards(id_number=str(n), phone=f"1{n}" if n % 2 else None) for n in range(30)])
    add_key(keys, "seal")
    assert keys_in_use(fields(cards)) == {1: 45}
    assert reseal(fields(cards)) == 45
    assert keys_in_use(fields(cards)) == {2: 45}
    assert reseal(fields(cards)) == 0
    assert {card.id_number.reveal() for card in cards.objects.all()} == {str(n) for n in range(30)}


def test_it_goes_on_where_it_was_stopped(cards: type[Any], keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "_batch", 4)
    cards.objects.bulk_create([cards(id_number=str(n)) for n in range(10)])
    broken = cards.objects.order_by("pk")[6]
    original = broken.id_number.ciphertext
    set_raw(broken, original[:-1] + bytes([original[-1] ^ 1]))
    add_key(keys, "seal")
    with pytest.raises(SealBroken):
        reseal(fields(cards))
    assert keys_in_use(fields(cards)) == {2: 4, 1: 6}, "whole batches"
    set_raw(broken, original)
    assert reseal(fields(cards)) == 6


def set_raw(card: Any, value: bytes) -> None:
    with connection.cursor() as cursor:
        row = card._meta.pk.get_db_prep_value(card.pk, connection)
        cursor.execute(f"UPDATE {card._meta.db_table} SET id_number = %s WHERE id = %s", [value, row])


def test_a_row_that_changes_meanwhile_keeps_its_change(
    cards: type[Any], keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = cards.objects.create(id_number="old")
    add_key(keys, "seal")

    def change_it_first(ciphertext: bytes, place: Place) -> bytes:
        card.id_number = "new"
        card.save(update_fields=["id_number"])
        return unseal_bytes(ciphertext, place)

    monkeypatch.setattr(rotation, "unseal_bytes", change_it_first)
    assert reseal(fields(cards)) == 0
    assert cards.objects.get().id_number.reveal() == "new"


def test_all_rows_stay_readable_under_load(cards: type[Any], keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writers go on while the key changes twice; in the end every row has its last value, under the newest key."""
    monkeypatch.setattr(rotation, "_batch", 20)
    rows = [cards.objects.create(id_number="0", phone="0").pk for _ in range(60)]
    done = Event()
    last: dict[Any, int] = {}
    faults: list[Exception] = []

    def write(mine: list[Any]) -> None:
        turn = 0
        try:
            while not done.is_set():
                turn += 1
                for pk in mine:
                    card = cards.objects.get(pk=pk)
                    assert card.id_number.reveal() == str(last.get(pk, 0))
                    card.id_number = str(turn)
                    card.save(update_fields=["id_number"])
                    last[pk] = turn
        except Exception as problem:  # noqa: BLE001 - a thread's fault is the test's fault
            faults.append(problem)
        finally:
            connection.close()

    writers = [Thread(target=write, args=(rows[start::3],)) for start in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        add_key(keys, "seal")
        reseal(fields(cards))
    done.set()
    for writer in writers:
        writer.join()
    assert not faults
    reseal(fields(cards))
    assert key_ring().current("seal") == 3
    assert keys_in_use(fields(cards)) == {3: 120}
    assert {card.pk: int(card.id_number.reveal()) for card in cards.objects.all()} == {**dict.fromkeys(rows, 0), **last}
    assert all(key_number(card.phone.ciphertext) == 3 for card in cards.objects.all())
