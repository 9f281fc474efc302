"""Keys of the test's own, and a table with a sealed field that exists in no other test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from pytest_django import Settings

from anju.sealing.fields import SealedField
from anju.sealing.keys import make_keys


@pytest.fixture
def keys(tmp_path: Path, settings: Settings) -> Path:
    """A fresh key file."""
    settings.ANJU_KEYS = tmp_path / "keys"
    make_keys(settings.ANJU_KEYS)
    return Path(settings.ANJU_KEYS)


@pytest.fixture
def cards(own_database: str, keys: Path) -> Iterator[type[Any]]:
    """The model of a small table: an index and two sealed columns."""
    with isolate_apps("anju.sealing"):

        class SealedCard(models.Model):
            """一张卡片"""

            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            id_index = models.CharField(max_length=64, default="")
            id_number: SealedField[Any, Any] = SealedField()
            phone: SealedField[Any, Any] = SealedField(null=True)

            class Meta:
                app_label = "sealing"

            def __str__(self) -> str:
                return str(self.id)

        with connection.schema_editor() as editor:
            editor.create_model(SealedCard)
        yield SealedCard
