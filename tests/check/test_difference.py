"""`anju policy diff --register`: for whom a change of the pages changes what."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from anju.cli import main
from anju.policy.load import load

Write = Callable[..., Path]

HEADER = "编号,安置点类型,安置人数,已设公共服务站,适宜单独设立"
ROWS = (
    "A,农村集中,699,否,否",
    "B,农村集中,700,否,否",
    "C,农村集中,799,否,否",
    "D,农村集中,800,否,否",
    "E,农村集中,750,是,否",
)


@pytest.fixture
def lowered(tmp_path: Path) -> Path:
    """The pages with the threshold of a service station lowered from 800 to 700."""
    folder = tmp_path / "lowered"
    folder.mkdir()
    for page in load().pages:
        text = page.source.replace("| 设站人数 | 800 |", "| 设站人数 | 700 |")
        (folder / page.file).write_text(text, encoding="utf-8")
    return folder


def test_eight_hundred_becomes_seven_hundred(ledger: Write, lowered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = ledger(HEADER, *ROWS)
    status = main(["policy", "diff", "chongqing", str(lowered), "--register", str(file), "--on", "2026-06-30"])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert status == 0
    assert "* 设站人数：2020-06-01 起 800 人 → 2020-06-01 起 700 人" in lines
    assert "点：比较 5 行，2 行的结果不同" in lines
    transition = "公共服务站（2.2）  不要求 → 应设未设（应办：无 → 设立公共服务站）"
    assert lines[-3:] == [f"{transition}  2 行", f"B  {transition}", f"C  {transition}"]


def test_the_rest_is_counted_where_the_list_is_cut(
    ledger: Write, lowered: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ledger(HEADER, *ROWS)
    sides = ["chongqing@2026-06-30", f"{lowered}@2026-06-30"]
    assert main(["policy", "diff", *sides, "--register", str(file), "--rows", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].strip() == "还有 1 条没有列出；--json 列出全部"


def test_json_names_everyone(ledger: Write, lowered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["chongqing", str(lowered), "--register", str(ledger(HEADER, *ROWS)), "--json", "--on", "2026-06-30"]
    assert main(["policy", "diff", *arguments]) == 0
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert objects[0]["after"]["policy"] == "lowered"
    assert [o["shift"]["key"] for o in objects if "shift" in o] == ["B", "C"]
    assert [o["transition"]["people"] for o in objects if "transition" in o] == [2]
    assert [o["change"]["what"] for o in objects if "change" in o] == ["设站人数"]


def test_refused_rows_show_in_the_status(ledger: Write, lowered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = ledger(HEADER, *ROWS, "F,农村集中,很多,否,否")
    assert main(["policy", "diff", "chongqing", str(lowered), "--register", str(file), "--on", "2026-06-30"]) == 1
    assert "有 1 行没有读" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(["chongqing", "没有的页面"], "没有“没有的页面”这套页面", id="没有页面"),
        pytest.param(["chongqing@1990-01-01", "chongqing"], "没有值", id="那一天还没有参数"),
        pytest.param(["chongqing", "chongqing", "--register", "没有.csv"], "没有.csv", id="没有台账"),
    ],
)
def test_an_unusable_call_ends_with_2(arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "diff", *arguments]) == 2
    assert sentence in capsys.readouterr().err
