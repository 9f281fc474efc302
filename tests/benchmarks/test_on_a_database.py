"""What is measured on a database still runs, small and on a copy of an empty one: it says every figure that it is run for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house.tracked import ROOT

FIGURES = {
    "benchmarks.pages --people 2000 --rounds 1": (
        "county    people named 王",
        "city      sites",
        " a fact recorded",
    ),
    "benchmarks.import_ --rows 300 --again": ("300 people", "import: ", "the same again: ", "bare: read"),
    "benchmarks.sealing_and_journal --values 20 --seconds 0.1": ("blind index", "16 writers, 40 offices", "0 findings"),
    "benchmarks.steps --cases 1 --rounds 1": ("anju, in bulk", "SpiffWorkflow"),
}
SETTINGS = {"benchmarks.steps": "benchmarks.steps_settings"}
"""Where a contestant has tables of its own."""


def run(address: str, settings: str, *call: str) -> str:
    """What a process says that uses the database."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    environment |= {"ANJU_DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": settings}
    done = subprocess.run(
        [sys.executable, "-m", *call], env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("call", FIGURES, ids=[call.split()[0] for call in FIGURES])
def test_it_says_its_figures(own_database: str, call: str) -> None:
    module, *arguments = call.split()
    settings = SETTINGS.get(module, "anju.config.settings")
    run(own_database, settings, "django", "migrate")
    said = run(own_database, settings, module, *arguments)
    assert [figure for figure in FIGURES[call] if figure not in said] == []


def test_all_that_can_be_run_is_run() -> None:
    """Those that another one starts are run by `test_smoke.py` or here, through it."""
    runs = {
        path.stem
        for path in (ROOT / "benchmarks").glob("*.py")
        if '__name__ == "__main__"' in path.read_text(encoding="utf-8")
    }
    here = {call.split()[0].rpartition(".")[2] for call in FIGURES}
    assert runs == here | {"__main__", "child", "ledger", "single"}
