"""`pip install anju` brings every page, template and built asset along, and nothing but Anju."""

import re
import shutil
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.house.tracked import ROOT, name, text, tracked_files

ASSETS = "src/anju/web/assets/"
BUILT = "src/anju/web/static/anju/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Built from a copy of the tracked files and of the assets that ./dev has built, so that the clone stays clean."""
    copy = tmp_path_factory.mktemp("copy")
    built = [path for path in (ROOT / BUILT).rglob("*") if path.is_file()]
    for path in (*tracked_files(), *built):
        target = copy / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "--wheel-dir", str(copy / "dist"), str(copy)], check=True)
    (file,) = (copy / "dist").glob("anju-*.whl")
    return zipfile.ZipFile(file)


def shipped(wheel: zipfile.ZipFile) -> set[str]:
    return {"src/" + entry for entry in wheel.namelist()}


def test_every_tracked_file_of_the_package_is_in_it(wheel: zipfile.ZipFile) -> None:
    source = {name(path) for path in tracked_files() if name(path).startswith("src/anju/")}
    assert not {path for path in source if not path.startswith(ASSETS)} - shipped(wheel)


def test_every_asset_is_in_it_built(wheel: zipfile.ZipFile) -> None:
    entries = {Path(name(path)).name for path in tracked_files() if re.fullmatch(ASSETS + r"anju\.\w+", name(path))}
    assert {BUILT + entry for entry in entries} <= shipped(wheel)


def test_nothing_else_is_in_it(wheel: zipfile.ZipFile) -> None:
    strange = [entry for entry in wheel.namelist() if not re.match(r"anju(-[\d.]+\.dist-info)?/", entry)]
    assert not strange
    assert not [entry for entry in wheel.namelist() if "__pycache__" in entry or "node_modules" in entry]


def test_its_metadata_say_licence_and_libraries(wheel: zipfile.ZipFile) -> None:
    (entry,) = (entry for entry in wheel.namelist() if entry.endswith(".dist-info/METADATA"))
    metadata = message_from_bytes(wheel.read(entry))
    assert metadata["License-Expression"] == "Apache-2.0"
    asked = {spelt(line) for line in metadata.get_all("Requires-Dist", [])}
    assert asked == wanted("runtime") | {f'{library};extra=="spark"' for library in wanted("spark")}


def wanted(group: str) -> set[str]:
    """The requirements of requirements/<group>.in, without their reasons."""
    lines = text(ROOT / f"requirements/{group}.in").splitlines()
    return {spelt(line.partition("#")[0]) for line in lines if not line.startswith("#")}


def spelt(requirement: str) -> str:
    return requirement.replace(" ", "").lower()
