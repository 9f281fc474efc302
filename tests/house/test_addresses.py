"""No file tells which registry or machine it was made with: a clone works wherever its reader's settings point."""

import json
import re

import pytest

from tests.house.tracked import ROOT, name, text, tracked_files

# Written in pieces, so that this file does not report itself.
HOSTS = (r"pypi\." + "org", "python" + "hosted", r"npmjs\." + "(org|com)", "npm" + r"mirror\.", "/pypi" + "/simple")
REGISTRIES = re.compile("|".join(HOSTS))
LOCATIONS = re.compile("--" + "(extra-)?index" + "-url|--" + "find" + "-links")
MACHINES = re.compile(r"(?<![\w.])/(root|home|Users|work|opt)" + r"/\w")


@pytest.mark.parametrize(
    ("title", "pattern"),
    [("软件仓库地址", REGISTRIES), ("软件仓库选项", LOCATIONS), ("本机路径", MACHINES)],
    ids=["软件仓库地址", "软件仓库选项", "本机路径"],
)
def test_no_tracked_file_names(title: str, pattern: re.Pattern[str]) -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in tracked_files()
        for number, line in enumerate(text(path).splitlines(), start=1)
        if pattern.search(line)
    ]
    assert not found, f"{title}:\n" + "\n".join(found)


def test_the_npm_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads(text(ROOT / "package-lock.json"))["packages"]
    for path, package in packages.items():
        assert "resolved" not in package, path
        assert path == "" or package["integrity"].startswith("sha512-"), path


@pytest.mark.parametrize(
    ("line", "pattern", "found"),
    [
        ("see https://" + "pypi." + "org/simple", REGISTRIES, True),
        ("--no-emit-" + "index" + "-url", LOCATIONS, False),
        ("--no-emit-" + "find" + "-links", LOCATIONS, False),
        ("pip install --" + "index" + "-url x", LOCATIONS, True),
        ("pip install --" + "find" + "-links x", LOCATIONS, True),
        ("cd /" + "root/anju", MACHINES, True),
        ("src/anju/check/home/page", MACHINES, False),
        ("../shared/opt/x", MACHINES, False),
        ("python /" + "home/zhang/x", MACHINES, True),
    ],
)
def test_the_patterns_tell_apart(line: str, pattern: re.Pattern[str], *, found: bool) -> None:
    assert bool(pattern.search(line)) is found
