"""Where `anju check` writes to: nothing that stood there is lost, and no reader that leaves is a fault."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from anju import cli
from anju.check import commands
from anju.check.output import write_safely
from anju.check.settings import UsageError
from anju.cli import main

Write = Callable[..., Path]
header, row = "编号,养老状态", "1,缴费中"


@pytest.mark.parametrize(
    ("out", "sentence"),
    [
        pytest.param("没有/答.xlsx", "没有“{folder}/没有”这个文件夹", id="没有的文件夹"),
        pytest.param(".", "这是一个文件夹", id="文件夹"),
        pytest.param("台账.csv", "这就是要读的台账", id="台账自己"),
        pytest.param("./../{name}/台账.csv", "这就是要读的台账", id="绕路写的台账自己"),
    ],
)
@pytest.mark.parametrize("form", ["--xlsx", "--parquet"])
def test_an_output_without_a_place_is_refused_before_the_work(
    ledger: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str, out: str, sentence: str
) -> None:
    file = ledger(header, row)
    before = file.read_bytes()
    place = tmp_path / out.format(name=tmp_path.name)
    assert main(["check", str(file), form, str(place)]) == 2
    assert sentence.format(folder=tmp_path) in capsys.readouterr().err
    assert file.read_bytes() == before


def test_what_could_not_be_written_whole_leaves_the_old_file(tmp_path: Path) -> None:
    out = tmp_path / "答.xlsx"
    out.write_text("旧的")

    def half(place: Path) -> None:
        place.write_text("一半")
        raise OSError("Failed to save workbook: No space left on device (os error 28)")

    with pytest.raises(UsageError, match="磁盘满了"):
        write_safely(out, half)
    assert out.read_text() == "旧的"
    assert [path.name for path in tmp_path.iterdir()] == ["答.xlsx"]


def test_a_full_disk_behind_standard_output_is_a_sentence(ledger: Write) -> None:
    file = ledger(header, row)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "anju", "check", str(file), "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert "写不出去" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(ledger: Write) -> None:
    file = ledger(header, *[f"{number},缴费中" for number in range(3000)])
    command = [sys.executable, "-m", "anju", "check", str(file), "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith('{"input"')
        running.stdout.close()
        error = running.stderr.read()
    assert (running.returncode, error) == (0, "")


def test_being_stopped_is_a_sentence(
    ledger: Write, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "_checked", stopped)
    assert cli.main(["check", str(ledger(header, row))]) == 130
    assert capsys.readouterr().err == "停下了。\n"


def test_every_unusable_file_is_named_and_one_named_twice_is_read_once(
    ledger: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = ledger(header, row)
    empty = tmp_path / "空.csv"
    empty.touch()
    assert main(["check", str(file), str(empty), str(tmp_path), "没有.csv"]) == 2
    error = capsys.readouterr().err
    assert "文件是空的" in error
    assert "这是一个文件夹" in error
    assert "找不到这个文件" in error
    assert main(["check", str(file), f"{file.parent}/./{file.name}", "--json"]) == 0
    output = capsys.readouterr()
    assert len(output.out.splitlines()) == 2
    assert "写了两次" in output.err


@pytest.mark.parametrize("day", ["9999-12-31", "1899-12-31", "2026-W05-1", "2026-02-30"])
def test_a_day_is_a_day_of_our_years(ledger: Write, capsys: pytest.CaptureFixture[str], day: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["check", str(ledger(header, row)), "--on", day])
    assert ended.value.code == 2
    assert f"“{day}”" in capsys.readouterr().err


def test_spark_is_not_imported_unless_it_answers() -> None:
    loaded = "import sys, anju.cli; sys.exit('pyspark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
