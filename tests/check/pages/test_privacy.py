"""Nothing uploaded is kept longer than the visit, and nobody else can read it."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from anju.check import visits
from tests.check.pages.conftest import LEDGER
from tests.check.pages.visitor import Visitor

PATHS = (
    "",
    "progress/",
    "missing/",
    "problems/",
    "row/0/0/",
    "rows/0/pension_route/",
    "files/xlsx/",
    "files/json/",
    "files/parquet/",
)


@pytest.fixture(scope="module")
def stranger() -> Visitor:
    """Another browser, with a visit and a cookie of its own."""
    other = Visitor()
    other.check("别人的.csv", LEDGER)
    return other


def folders(settings: Settings) -> list[Path]:
    return [path for path in Path(settings.ANJU_VISITS).iterdir() if path.is_dir()]


@pytest.mark.parametrize("path", PATHS)
def test_a_strangers_browser_finds_what_it_would_find_for_a_wrong_address(
    stranger: Visitor, answered: tuple[Visitor, str], path: str
) -> None:
    owner, address = answered
    assert owner.get(address + path).status_code == 200
    foreign, missing = stranger.get(address + path), stranger.get("/check/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/" + path)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert dict(foreign.headers) == dict(missing.headers)


def test_a_stranger_cannot_clear(visitor: Visitor, answered: tuple[Visitor, str]) -> None:
    owner, address = answered
    assert visitor.browser.post(f"{address}clear/").status_code == 404
    assert owner.get(address).status_code == 200


def test_what_is_stored_belongs_to_the_server_alone(answered: tuple[Visitor, str], settings: Settings) -> None:
    root = Path(settings.ANJU_VISITS)
    assert stat.S_IMODE(root.stat().st_mode) == 0o700
    assert all(stat.S_IMODE(folder.stat().st_mode) == 0o700 for folder in folders(settings))
    token = answered[1].split("/")[2]
    assert token not in " ".join(str(path) for path in root.rglob("*")), "the address does not tell the folder"


def test_clearing_removes_every_file(visitor: Visitor, settings: Settings) -> None:
    before = set(folders(settings))
    address = visitor.check("名单.csv", LEDGER)
    assert set(folders(settings)) - before
    response = visitor.browser.post(f"{address}clear/")
    assert response.headers["Location"] == "/?cleared=1"
    assert set(folders(settings)) == before
    assert visitor.get(address).status_code == 404
    assert "已经清除" in visitor.text("/?cleared=1")


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 404)], ids=["29 分钟", "31 分钟"])
def test_thirty_idle_minutes_end_a_visit(visitor: Visitor, settings: Settings, minutes: int, status: int) -> None:
    before = set(folders(settings))
    address = visitor.check("名单.csv", LEDGER)
    (folder,) = set(folders(settings)) - before
    then = time.time() - minutes * 60
    os.utime(folder / "seen", (then, then))
    assert visitor.get(address).status_code == status
    assert folder.exists() is (status == 200)


def test_the_sweep_finds_what_nobody_looks_at(visitor: Visitor, settings: Settings) -> None:
    before = set(folders(settings))
    visitor.check("名单.csv", LEDGER)
    (folder,) = set(folders(settings)) - before
    os.utime(folder / "seen", (0, 0))
    visits.sweep()
    assert not folder.exists()


def test_a_server_that_starts_removes_what_dead_ones_left(settings: Settings, tmp_path: Path) -> None:
    settings.ANJU_VISITS = tmp_path / "visits" / "4194399"
    left = tmp_path / "visits" / "4194400"
    left.mkdir(parents=True)
    (left / "upload.csv").write_bytes(LEDGER)
    alive = tmp_path / "visits" / str(os.getpid())
    alive.mkdir()
    visits.begin()
    assert not left.exists()
    assert alive.exists()


def test_a_check_that_is_cleared_while_it_runs_leaves_nothing(visitor: Visitor, settings: Settings) -> None:
    before = set(folders(settings))
    address = visitor.hand_in("名单.csv", LEDGER).headers["Location"]
    visitor.browser.post(f"{address}clear/")
    time.sleep(2)
    assert set(folders(settings)) == before


def test_a_second_ledger_is_a_visit_of_its_own(visitor: Visitor) -> None:
    first, second = visitor.check("甲.csv", LEDGER), visitor.check("乙.csv", LEDGER)
    assert first != second
    assert "甲.csv" in visitor.text(first)
    assert "乙.csv" in visitor.text(second)


def test_a_visit_that_is_cleared_in_another_window_is_not_found(
    visitor: Visitor, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = visitor.check("名单.csv", LEDGER)
    found = visits.find_visit

    def find_and_lose(secret: str, token: str) -> visits.Visit | None:
        visit = found(secret, token)
        if visit is not None:
            visits.clear(visit)
        return visit

    monkeypatch.setattr(visits, "find_visit", find_and_lose)
    assert visitor.get(address).status_code == 404
