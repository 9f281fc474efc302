"""加密字段：赋值即加密，明文进不了语句，也不在数据库、备份和日志里。"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Error
from django.db import connection, models
from django.test.utils import CaptureQueriesContext, isolate_apps

from anju.config.databases import address
from anju.sealing.blind_index import blind_index
from anju.sealing.ciphertext import Place, SealBroken, Sealed, seal
from anju.sealing.fields import SealedField

NUMBER = "11010519491231002X"


def test_a_text_goes_in_and_comes_out_sealed(cards: type[Any]) -> None:
    cards(id_index=blind_index(NUMBER), id_number=NUMBER).save()
    found = cards.objects.get(id_index=blind_index(NUMBER.lower()))
    assert isinstance(found.id_number, Sealed)
    assert found.id_number.reveal() == NUMBER
    assert str(found.id_number) == "［已加密］"
    assert found.phone is None
    assert NUMBER not in repr(vars(found))


def test_a_change_seals_anew(cards: type[Any]) -> None:
    card = cards.objects.create(id_number=NUMBER, phone="13812348000")
    before = card.phone
    card.phone = "13912348000"
    card.save(update_fields=["phone"])
    found = cards.objects.get()
    assert found.phone.reveal() == "13912348000"
    assert found.phone != before
    found.phone = None
    found.save()
    assert cards.objects.filter(phone=None).count() == 1


def test_it_is_read_late_and_in_bulk_too(cards: type[Any]) -> None:
    cards.objects.bulk_create([cards(id_number=str(number)) for number in range(50)])
    assert {card.id_number.reveal() for card in cards.objects.defer("id_number")} == {str(n) for n in range(50)}


def test_a_plain_text_never_reaches_a_statement(cards: type[Any]) -> None:
    card = cards.objects.create(id_number=NUMBER)
    asks: list[Callable[[], object]] = [
        lambda: cards.objects.filter(id_number=NUMBER).exists(),
        lambda: cards.objects.filter(id_number__in=[NUMBER]).exists(),
        lambda: cards.objects.update(id_number=NUMBER),
        lambda: cards.objects.filter(id_number=NUMBER.encode()).exists(),
    ]
    with CaptureQueriesContext(connection) as statements:
        for ask in asks:
            with pytest.raises(TypeError, match=r"SealedCard\.id_number is sealed"):
                ask()
    assert not statements.captured_queries
    place = Place(cards._meta.db_table, "id_number", card.pk)
    cards.objects.filter(pk=card.pk).update(id_number=Sealed(seal("2", place), place))
    assert cards.objects.get().id_number.reveal() == "2"


def test_a_value_copied_to_another_row_does_not_open(cards: type[Any]) -> None:
    one, other = cards.objects.create(id_number="1"), cards.objects.create(id_number="2")
    with connection.cursor() as cursor:
        table = cards._meta.db_table
        cursor.execute(f"UPDATE {table} SET id_number = (SELECT id_number FROM {table} WHERE id = %s) WHERE id = %s", [
            cards._meta.pk.get_db_prep_value(one.pk, connection), cards._meta.pk.get_db_prep_value(other.pk, connection)
        ])  # fmt: skip
    other.refresh_from_db()
    with pytest.raises(SealBroken):
        other.id_number.reveal()
    one.phone = one.id_number
    with pytest.raises(SealBroken):
        one.phone.reveal()


def test_a_row_without_a_key_cannot_be_sealed(keys: Path) -> None:
    with isolate_apps("anju.sealing"):

        class Numbered(models.Model):
            """没有 UUID 的行"""

            phone: SealedField[Any, Any] = SealedField()

            class Meta:
                app_label = "sealing"

            def __str__(self) -> str:
                return "行"

        assert [problem.id for problem in Numbered.check() if isinstance(problem, Error)] == ["sealing.E001"]
        with pytest.raises(ValueError, match="primary key"):
            Numbered(phone="1")


def test_seeded_numbers_stand_nowhere(cards: type[Any], own_database: str, caplog: pytest.LogCaptureFixture) -> None:
    """The canary of reliability.md, P6: the file with its log, or a dump, and everything logged down to each statement."""
    numbers = [f"5001531990010{serial:05}" for serial in range(300)]
    caplog.set_level(logging.DEBUG)
    with CaptureQueriesContext(connection):
        for number in numbers:
            cards.objects.create(id_index=blind_index(number), id_number=number, phone=f"138{number[-8:]}")
        assert {card.id_number.reveal() for card in cards.objects.all()} == set(numbers)
    stored = everything_stored()
    assert cards._meta.db_table.encode() in stored, "the search looks at the right thing"
    for number in numbers:
        for secret in (number, f"138{number[-8:]}"):
            for form in (secret.encode(), secret.encode("utf-16-le"), secret.encode().hex().encode()):
                assert form not in stored
            assert secret not in caplog.text


def everything_stored() -> bytes:
    """Every byte that somebody with the database's files or its dump would see."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return b"".join(path.read_bytes() for path in Path(name).parent.glob(Path(name).name + "*"))
    # the site's own user may not dump past row-level security
    url = address({**connection.settings_dict, "USER": "postgres"})
    return subprocess.run(["pg_dump", url], check=True, capture_output=True).stdout
