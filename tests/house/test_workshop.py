"""The two commands exist, every command is documented, and a newcomer finds the licence."""

import os
import re
import subprocess
import tomllib

import pytest

from tests.house.tracked import ROOT, text

DEV = text(ROOT / "dev")
COMMANDS = re.findall(r"^([a-z]+)\)", DEV.partition("\ncase ")[2], re.MULTILINE)
READERS = ("README.md", "README.zh.md")


def run_dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    """./dev in an empty environment, from another directory."""
    call = [str(ROOT / "dev"), *arguments]
    empty = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(call, cwd="/", env=empty, check=False, capture_output=True, encoding="utf-8")


def test_the_script_has_the_commands_of_the_workshop() -> None:
    assert {"run", "test", "lint", "faults", "anju", "bench", "build", "lock", "help"} == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"./dev {command}" in run_dev("help").stdout
    assert f"`./dev {command}" in text(ROOT / "CONTRIBUTING.md")


def test_a_command_that_does_not_exist_is_refused_in_a_sentence() -> None:
    answer = run_dev("jump")
    assert answer.returncode == 2
    assert "'jump'" in answer.stderr
    assert "./dev help" in answer.stderr


@pytest.mark.parametrize("page", READERS)
@pytest.mark.parametrize("command", ["./dev run", "./dev test"])
def test_the_readme_names_the_two_commands(page: str, command: str) -> None:
    assert command in text(ROOT / page)


@pytest.mark.parametrize("page", READERS)
def test_the_readme_names_no_command_that_does_not_exist(page: str) -> None:
    assert set(re.findall(r"\./dev ([a-z]+)", text(ROOT / page))) <= set(COMMANDS)


def test_the_build_machine_runs_the_tests_and_nothing_else() -> None:
    lines = [line for line in text(ROOT / ".ci/run").splitlines() if line and not line.startswith("#")]
    assert lines == ['exec "$(dirname -- "$0")/../dev" test']
    assert all(os.access(ROOT / path, os.X_OK) for path in ("dev", ".ci/run"))


def test_the_licence_is_declared_and_enclosed() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    assert project["license"] == "Apache-2.0"
    assert project["license-files"] == ["LICENSE"]
    assert "Apache License" in text(ROOT / "LICENSE")
    assert '"license": "Apache-2.0"' in text(ROOT / "package.json")
