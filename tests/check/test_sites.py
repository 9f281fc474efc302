"""The 253 real sites: organisation form, group range and service station by domain.md §1.8, for every row."""

from __future__ import annotations

import csv
from collections.abc import Callable
from importlib.resources import files
from math import ceil
from typing import Any

import pytest

Check = Callable[..., tuple[int, list[dict[str, Any]], str]]

sites = files("anju.check.samples") / "sites.csv"


def rows() -> list[tuple[str, int]]:
    """Name and persons of each site, as the directory gives them."""
    with sites.open(encoding="utf-8") as stream:
        return [(row["集中安置点名称"], int(row["合计"])) for row in csv.DictReader(stream)]


def form(kind: str, persons: int, *, suits: bool | None) -> tuple[str | None, int | None, int | None]:
    """Organisation form and range of groups as domain.md §1.8 defines them; all None where 适宜 is unknown and matters."""
    smallest, largest, separate = (100, 200, 1000) if kind == "rural" else (200, 400, 2000)
    groups = (ceil(persons / largest), persons // smallest)
    if persons < smallest:
        return "join_local", None, None
    if persons >= separate and suits is None:
        return None, None, None
    if persons >= separate and suits:
        return ("village" if kind == "rural" else "community"), None, None
    return ("villager_groups" if kind == "rural" else "resident_groups"), *groups


@pytest.mark.parametrize("suits", [True, False, None], ids=["适宜单独设立", "不适宜", "不知道"])
@pytest.mark.parametrize("kind", ["rural", "urban"], ids=["农村", "城镇"])
def test_every_site_has_the_form_that_the_guideline_defines(check: Check, kind: str, suits: bool | None) -> None:
    known = [] if suits is None else ["--set", f"适宜单独设立={'是' if suits else '否'}"]
    status, (head, *answers), _ = check(sites, "--set", f"安置点类型={kind}", "--set", "已设公共服务站=否", *known)
    assert (status, head["subject"], head["rows"], head["refused"]) == (0, "site", 253, 0)
    for (name, persons), answer in zip(rows(), answers, strict=True):
        found = answer["results"]
        shape = tuple(found[code]["value"] for code in ("organisation_form", "groups_min", "groups_max"))
        assert shape == form(kind, persons, suits=suits), (name, persons)
        station = "missing" if persons >= 800 else "not_required"
        assert found["service_station"]["value"] == station, (name, persons)


@pytest.mark.parametrize(
    ("name", "persons", "answers"),
    [
        pytest.param("龙胜伟江乡新寨村坪腊组", 100, ("villager_groups", 1, 1, "not_required"), id="恰一百人"),
        pytest.param("岩合", 199, ("villager_groups", 1, 1, "not_required"), id="一百九十九人"),
        pytest.param("鑫源花都", 799, ("villager_groups", 4, 7, "not_required"), id="七百九十九人"),
        pytest.param("云里", 805, ("villager_groups", 5, 8, "missing"), id="八百零五人"),
        pytest.param("石寨", 1000, ("village", None, None, "missing"), id="恰一千人"),
    ],
)
def test_sites_on_a_threshold(check: Check, name: str, persons: int, answers: tuple[object, ...]) -> None:
    _, (_, *found), _ = check(
        sites, "--set", "安置点类型=rural", "--set", "适宜单独设立=是", "--set", "已设公共服务站=否"
    )
    at = next(n for n, (site, count) in enumerate(rows()) if count == persons and (name in site or persons == 100))
    codes = ("organisation_form", "groups_min", "groups_max", "service_station")
    assert tuple(found[at]["results"][code]["value"] for code in codes) == answers


def test_a_flag_that_contradicts_the_count_is_reported_and_not_believed(check: Check, tmp_path: Any) -> None:
    file = tmp_path / "名录.csv"
    file.write_text(
        "集中安置点名称,建档立卡对象,同步搬迁,合计,是否为800以上的集中安置点\n马钦州产业园,800,42,842,否\n",
        encoding="utf-8",
    )
    status, (_, site), error = check(file, "--set", "已设公共服务站=否")
    assert status == 0
    assert site["results"]["service_station"]["value"] == "missing"
    assert "第 2 行" in error
    assert "已按人数重算" in error


def test_a_total_that_is_not_the_sum_is_reported_and_believed(check: Check, tmp_path: Any) -> None:
    file = tmp_path / "名录.csv"
    file.write_text("集中安置点名称,建档立卡对象,同步搬迁,合计\n甲,700,50,800\n乙,700,100,\n", encoding="utf-8")
    _, (_, *found), error = check(file, "--set", "已设公共服务站=否")
    assert [site["results"]["service_station"]["value"] for site in found] == ["missing", "missing"]
    assert "第 2 行" in error
    assert "第 3 行" not in error
