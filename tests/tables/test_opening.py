"""子进程：到时间就停，看不到我们的密码，大而诚实的台账照样读完。"""

import subprocess
from datetime import date
from pathlib import Path
from typing import NoReturn

import polars as pl
import pytest
import rustpy_xlsxwriter

from anju.policy.model import Policy
from anju.tables.ledger import FileRefused
from anju.tables.opening import open_table
from anju.tables.reading import read_ledger
from tests.tables.workbooks import write_csv


def test_a_file_that_takes_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(*_: object, **__: object) -> NoReturn:
        raise subprocess.TimeoutExpired("anju.tables.child", 10)

    monkeypatch.setattr("anju.tables.opening.subprocess.run", late)
    with pytest.raises(FileRefused, match="规定时间内没有读完"):
        open_table(write_csv(tmp_path / "台账.csv", [["姓名"], ["张三"]]))


def test_the_child_gets_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJU_SECRET_KEY", "secret")
    seen: dict[str, str] = {}
    run = subprocess.run

    def watch(command: list[str], *, env: dict[str, str], timeout: float) -> object:
        seen.update(env)
        return run(command, env=env, timeout=timeout, check=False)

    def forward(command: list[str], **options: object) -> object:
        env, timeout = options["env"], options["timeout"]
        assert isinstance(env, dict)
        assert isinstance(timeout, int)
        return watch(command, env=env, timeout=timeout)

    monkeypatch.setattr("anju.tables.opening.subprocess.run", forward)
    assert open_table(write_csv(tmp_path / "台账.csv", [["姓名"], ["张三"]])).sheets
    assert "ANJU_SECRET_KEY" not in seen


@pytest.mark.faults
def test_a_great_honest_ledger_is_read(tmp_path: Path, policy: Policy) -> None:
    """二十五万行、三十列，解开后四百兆：和炸弹一样大，但读得完。"""
    count = 250_000
    row = pl.int_range(count, eager=True)
    columns = {
        "序号": row,
        "户编号": (5_700_000_000_000_000 + row // 4).cast(pl.String),
        "姓名": "张" + row.cast(pl.String),
        "养老状态": pl.select(pl.when(row % 2 == 0).then(pl.lit("缴费中")).otherwise(pl.lit("已领取"))).to_series(),
        "实际入住时间": "2019-10-" + (row % 28 + 1).cast(pl.String).str.zfill(2),
    }
    columns |= {f"别的{number}": "内容" + (row % 977).cast(pl.String) for number in range(25)}
    path = tmp_path / "大台账.xlsx"
    rustpy_xlsxwriter.write_worksheet(pl.DataFrame(columns), str(path))
    sheet = read_ledger(path, policy, date(2026, 6, 30)).sheets[0]
    assert sheet.frame.height == count
    assert sheet.refused == 0
    assert sheet.frame["@household"].n_unique() == count // 4


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        pytest.param(PermissionError(13, "Permission denied"), "没有读这个文件的权限", id="没有权限"),
        pytest.param(OSError(5, "Input/output error"), "这个文件读不出来", id="磁盘坏了"),
    ],
)
def test_a_file_that_the_system_does_not_give_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, sentence: str
) -> None:
    def denied(_: Path) -> NoReturn:
        raise error

    path = write_csv(tmp_path / "台账.csv", [["姓名"], ["张三"]])
    monkeypatch.setattr("anju.tables.inspection._by_content", denied)
    with pytest.raises(FileRefused, match=sentence):
        open_table(path)


def test_a_folder_is_not_called_missing(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="这是一个文件夹"):
        open_table(tmp_path)
