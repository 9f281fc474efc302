"""The floors that the import contract holds are the floors that the documentation describes."""

import re
import subprocess
import tomllib

from tests.house.tracked import ROOT, name, text, tracked_files

PYPROJECT = tomllib.loads(text(ROOT / "pyproject.toml"))
CONTRACTS = {contract["type"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
FLOORS = [set(re.findall(r"\w+", floor)) for floor in CONTRACTS["layers"]["layers"]]
MECHANISMS = {"common", "helpers", "managers", "misc", "services", "signals", "utils"}
MOST_LINES = 400


def described_floors() -> list[set[str]]:
    """The second column of the table under "The floors"."""
    section = text(ROOT / "docs/architecture.md").partition("\n## The floors\n")[2].partition("\n## ")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("|")][2:]
    return [set(re.findall(r"`(\w+)`", row[2])) for row in rows]


def test_the_floors_are_described() -> None:
    assert described_floors() == FLOORS


def test_no_module_escapes_the_floors() -> None:
    assert CONTRACTS["layers"]["exhaustive"] is True
    assert CONTRACTS["layers"]["containers"] == ["anju"]


def test_an_import_only_ever_goes_down() -> None:
    answer = subprocess.run(["lint-imports", "--no-logo"], cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    assert answer.returncode == 0, answer.stdout


def test_no_module_is_named_after_a_mechanism() -> None:
    assert not [name(path) for path in tracked_files() if path.suffix == ".py" and path.stem in MECHANISMS]
    assert not [name(path) for path in tracked_files() if MECHANISMS & set(name(path).split("/")[:-1])]


def test_no_file_is_too_long_to_read() -> None:
    ours = [path for path in tracked_files() if path.suffix == ".py" and path.parent.name != "migrations"]
    lengths = {name(path): text(path).count("\n") for path in ours}
    assert not {path: lines for path, lines in lengths.items() if lines > MOST_LINES}


def test_every_silenced_rule_has_a_reason() -> None:
    """`# noqa: RULE - reason`; a type is never ignored."""
    ignored = re.compile("# type: " + "ignore")
    silenced = re.compile("# no" + r"qa\b(?!: [A-Z0-9, ]+[-#] \w)")
    found = [
        f"{name(path)}:{number}"
        for path in tracked_files()
        if path.suffix == ".py"
        for number, line in enumerate(text(path).splitlines(), start=1)
        if ignored.search(line) or silenced.search(line)
    ]
    assert not found
