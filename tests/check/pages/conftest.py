"""Browsers of visitors, and a place of its own for their visits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.check.pages.visitor import Visitor

LEDGER = "姓名,搬迁类别,养老状态,年龄,搬迁跨度\n张青山,建档立卡,已领取,66,跨省\n".encode()


@pytest.fixture(scope="session", autouse=True)
def visits_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Visits of the tests lie in a folder of their own."""
    folder = tmp_path_factory.mktemp("runtime") / "visits" / "1"
    with override_settings(ANJU_VISITS=folder, FILE_UPLOAD_TEMP_DIR=folder):
        yield


@pytest.fixture
def visitor() -> Visitor:
    """A browser that has never been here."""
    return Visitor()


@pytest.fixture(scope="session")
def answered() -> tuple[Visitor, str]:
    """A browser with an answered ledger of one person, and the visit's address; only to be read."""
    owner = Visitor()
    return owner, owner.check("名单.csv", LEDGER, on="2026-06-30")
