"""`anju policy export` as a command: what it writes, and how it says that it cannot."""

import argparse
from pathlib import Path

import pytest

from anju.policy.commands import add_commands
from anju.policy.diff.shifts import Register
from anju.policy.load import load


def export(*arguments: object) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True), lambda path, before, after: Register(path.name, (), 0))
    options = parser.parse_args(["policy", "export", *map(str, arguments)])
    return int(options.run(options))


def test_both_go_into_their_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dmn, bpmn = tmp_path / "新文件夹" / "dmn", tmp_path / "bpmn"
    assert export("--dmn", dmn, "--bpmn", bpmn, "--on", "2026-06-30") == 0
    policy = load()
    assert len(list(bpmn.glob("*.bpmn"))) == len(policy.procedures)
    assert {path.name.split("-")[0] for path in dmn.iterdir()} == {d.clause for d in policy.decisions.values()}
    assert "写好了" in capsys.readouterr().out


def test_parameters_have_the_value_of_the_day(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for page in (page for page in load().pages if page.clause in ("0", "2.1", "2.2")):
        old = "| 设站人数 | 800 | 人 | 2020-06-01 | | 本条第2句 |"
        dated = old.replace("01 | |", "01 | 2030-01-01 |") + "\n| 设站人数 | 700 | 人 | 2030-01-01 | | 内控 |"
        text = page.source.replace(old, dated)
        (folder / page.file).write_text(text, encoding="utf-8")
    for day, number in (("2029-12-31", "800"), ("2030-01-01", "700")):
        assert export("--policy", folder, "--dmn", tmp_path / day, "--on", day) == 0
        text = (tmp_path / day / "2.2-facilities.dmn").read_text(encoding="utf-8")
        assert f"<description>≥{{设站人数}}</description>\n          <text>&gt;= {number}</text>" in text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param([], "--dmn", id="没说导出什么"),
        pytest.param(["--dmn", "{file}/dmn"], "写不进", id="写不进去"),
        pytest.param(["--bpmn", "{folder}", "--policy", "没有的页面"], "没有“没有的页面”", id="没有页面"),
        pytest.param(["--bpmn", "{folder}", "--on", "1990-01-01"], "没有值", id="那一天还没有参数"),
    ],
)
def test_an_unusable_call_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    file = tmp_path / "文件"
    file.touch()
    assert export(*(a.format(file=file, folder=tmp_path / "新") for a in arguments)) == 2
    assert sentence in capsys.readouterr().err
