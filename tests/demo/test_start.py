"""How a demo is started: in a folder of its own, never over real data, never for others; and `anju serve` knows nothing of it."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from anju.config.runtime import DemoRefused, check_demo, is_loopback
from tests.government.cast import PASSWORD
from tests.house.tracked import ROOT


def run_anju(runtime: Path, *arguments: str, typed: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    """`anju` in an environment without a word of a database."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANJU_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(runtime), **extra}
    call = [sys.executable, "-m", "anju", *arguments]
    return subprocess.run(
        call, env=environment, input=typed, check=False, capture_output=True, encoding="utf-8", timeout=120
    )


def asked(file: Path, question: str) -> int:
    with sqlite3.connect(file) as database:
        (found,) = database.execute(question).fetchone()
    database.close()
    return int(found)


PEOPLE = "SELECT count(*) FROM register_person"
OFFICERS = "SELECT count(*) FROM government_officer"


def test_the_demo_is_made_beside_the_real_one_once_and_anew(tmp_path: Path) -> None:
    assert run_anju(tmp_path, "migrate").returncode == 0
    real, made_up = tmp_path / "anju.sqlite3", tmp_path / "demo" / "anju.sqlite3"
    first = run_anju(tmp_path, "demo", "--people", "30")
    assert (first.returncode, first.stderr) == (0, "")
    assert "30 人，都是编的" in first.stdout
    assert asked(made_up, PEOPLE) == 30
    assert made_up.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (tmp_path / "demo",)} == {0o700}
    assert (tmp_path / "keys").read_bytes() != (tmp_path / "demo" / "keys").read_bytes()
    again = run_anju(tmp_path, "demo")
    assert (again.returncode, again.stdout) == (2, "")
    assert "--again" in again.stderr
    assert run_anju(tmp_path, "demo", "--again", "--people", "20", "--seed", "7").returncode == 0
    assert asked(made_up, PEOPLE) == 20
    assert asked(real, PEOPLE) == asked(real, OFFICERS) == 0, "no account, no data but what somebody opens"


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({"ANJU_DATABASE_URL": "sqlite:////tmp/anju.sqlite3"}, "ANJU_DATABASE_URL"),
        ({"ANJU_DATABASE_URL": "postgresql://anju:geheim@127.0.0.1/anju"}, "ANJU_DATABASE_URL"),
        ({"ANJU_KEYS": "/tmp/keys"}, "ANJU_KEYS"),
        ({"ANJU_ANCHORS": "/tmp/anchors"}, "ANJU_ANCHORS"),
        ({"ANJU_HOSTS": "anju.example.org"}, "ANJU_HOSTS"),
        ({"ANJU_PROXIES": "127.0.0.1"}, "ANJU_PROXIES"),
        ({"ANJU_OIDC_ISSUER": "https://city.example.org"}, "ANJU_OIDC_ISSUER"),
        ({"ANJU_RESIDENTS_ISSUER": "https://city.example.org"}, "ANJU_RESIDENTS_ISSUER"),
    ],
    ids=["别的文件", "真的库", "真的密钥", "真的链尾", "别的机器", "代理", "全市统一登录", "居民登录"],
)
def test_whatever_leads_elsewhere_is_refused(extra: dict[str, str], named: str) -> None:
    with pytest.raises(DemoRefused, match=named) as refused:
        check_demo(extra)
    assert "geheim" not in str(refused.value)
    check_demo(dict.fromkeys(extra, ""))


@pytest.mark.parametrize(
    ("command", "extra", "sentence"),
    [
        pytest.param(["serve"], {"ANJU_DATABASE_URL": "postgresql://anju:geheim@127.0.0.1/a"}, "请不要设 ANJU_DATABASE_URL", id="真的库"),
        pytest.param(["demo"], {"ANJU_HOSTS": "anju.example.org"}, "请不要设 ANJU_HOSTS", id="别的机器"),
        pytest.param(["serve", "--host", "0.0.0.0"], {}, "演示只在本机开：--host 要写 127.0.0.1", id="对外听"),
    ],
)  # fmt: skip
def test_a_start_is_refused_in_a_sentence(
    command: list[str], extra: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    answer = run_anju(tmp_path, *command, ANJU_DEMO="1", **extra)
    assert answer.returncode == 2
    assert sentence in answer.stderr
    assert answer.stderr.count("\n") == 1
    assert not (tmp_path / "demo" / "anju.sqlite3").exists()


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True), ("localhost", True),
        ("0.0.0.0", False), ("::", False), ("192.168.1.9", False), ("128.0.0.1", False), ("localhost.example.org", False),
        ("", False),
    ],
)  # fmt: skip
def test_an_own_address_is_told_from_others(host: str, *, own: bool) -> None:
    assert is_loopback(host) is own


def test_the_process_that_serves_has_not_computed_before(tmp_path: Path) -> None:
    """Its forks would wait for threads of Polars that only it has."""
    script = """
from pathlib import Path
from anju.cli import main
from anju.config import commands
commands.Granian = lambda *_, **__: type("Server", (), {"serve": lambda self: None})()
run = commands.subprocess.run
commands.subprocess.run = lambda call, **how: run([*call, "--people", "30"], **how)
main(["serve"])
print(*((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()), sep="\\n")
"""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANJU_")}
    environment |= {"PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(tmp_path), "ANJU_DEMO": "1"}
    served = subprocess.run([sys.executable, "-c", script], env=environment, check=True, capture_output=True, text=True)
    assert "python" in served.stdout
    assert not re.search(r"polars-\d", served.stdout)


def test_a_database_that_is_no_demo_is_left_alone(tmp_path: Path) -> None:
    """Somebody has worked in the folder that a demo would take."""
    folder = tmp_path / "demo"
    made = run_anju(folder, "officer", "create", "boss", "--name", "王安全", typed=f"{PASSWORD}\n")
    assert made.returncode == 0, made.stderr
    for command in ("serve", "demo"):
        answer = run_anju(tmp_path, command, ANJU_DEMO="1")
        assert answer.returncode == 2
        assert "只往空库里放" in answer.stderr
    assert asked(folder / "anju.sqlite3", OFFICERS) == 1
