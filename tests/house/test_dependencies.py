"""Every library has a reason, every lock has hashes, and the locks agree with each other."""

import re
import tomllib
from importlib.metadata import packages_distributions
from itertools import combinations

import pytest

from tests.house.tracked import ROOT, name, text, tracked_files

REQUIREMENTS = ROOT / "requirements"
GROUPS = sorted(path.stem for path in REQUIREMENTS.glob("*.in"))
MOST_RUNTIME_LIBRARIES = 20


def wanted(group: str) -> dict[str, str]:
    """Library → reason, as requirements/<group>.in has it."""
    lines = [line for line in text(REQUIREMENTS / f"{group}.in").splitlines() if not line.startswith(("#", "-r"))]
    parts = [line.partition("#") for line in lines if line.strip()]
    return {plain(re.split(r"[~<>=!\[; ]", library)[0]): reason.strip() for library, _, reason in parts}


def locked(group: str) -> dict[str, set[str]]:
    """Library → its pinned versions (more than one where they differ by Python version)."""
    pins: dict[str, set[str]] = {}
    for library, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text(REQUIREMENTS / f"{group}.txt"), re.MULTILINE):
        pins.setdefault(plain(library), set()).add(version)
    return pins


def plain(library: str) -> str:
    """The name as registries compare it."""
    return re.sub(r"[-_.]+", "-", library).lower()


@pytest.mark.parametrize("group", GROUPS)
def test_every_library_has_a_reason(group: str) -> None:
    silent = [library for library, reason in wanted(group).items() if not reason]
    assert not silent, f"requirements/{group}.in: say why behind a #"


@pytest.mark.parametrize("group", GROUPS)
def test_the_lock_is_up_to_date_and_hashed(group: str) -> None:
    assert wanted(group).keys() <= locked(group).keys(), "run ./dev lock"
    for entry in re.split(r"\n(?=\S)", text(REQUIREMENTS / f"{group}.txt")):
        assert entry.startswith("#") or "--hash=sha256:" in entry, entry


@pytest.mark.parametrize(("one", "other"), list(combinations(GROUPS, 2)))
def test_the_locks_agree(one: str, other: str) -> None:
    """One environment can hold them all."""
    first, second = locked(one), locked(other)
    assert {library: first[library] for library in first.keys() & second} == {
        library: second[library] for library in first.keys() & second
    }, "run ./dev lock"


@pytest.mark.parametrize("library", wanted("runtime"))
def test_every_library_is_used(library: str) -> None:
    """Imported, named in the settings, or started by ./dev."""
    modules = [module for module, owners in packages_distributions().items() if library in map(plain, owners)]
    mention = re.compile(rf"\b({'|'.join(map(re.escape, modules))})\b")
    sources = [path for path in tracked_files() if path.suffix == ".py" and name(path).startswith("src/")]
    assert any(mention.search(text(path)) for path in (*sources, ROOT / "dev"))


def test_few_libraries_at_run_time() -> None:
    assert len(wanted("runtime")) <= MOST_RUNTIME_LIBRARIES


def test_the_package_asks_for_what_the_lock_was_made_from() -> None:
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    assert "dependencies" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["dependencies"]["file"] == ["requirements/runtime.in"]
