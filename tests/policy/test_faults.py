"""A planted fault is found, and located by file, line and column. ``faults.toml`` lists the faults."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from anju.policy.errors import Place
from tests.policy.library import LENDING, guideline, problems_of


@dataclass(frozen=True)
class Fault:
    """A row of ``faults.toml``, which explains the fields."""

    name: str
    old: str
    new: str
    at: str
    kind: str
    said: str
    file: str = LENDING
    last: bool = False
    also: tuple[tuple[str, str], ...] = ()

    def plant(self, page: str) -> str:
        """The page with the fault."""
        for old, new in ((self.old, self.new), *self.also):
            assert page.count(old) == 1, f"{old} stands in {page.count(old)} places"
            page = page.replace(old, new)
        return page

    def place(self, page: str) -> Place:
        """Where the problem must be reported."""
        holder, _, cell = self.at.partition("¦")
        lines = [(number, line) for number, line in enumerate(page.splitlines(), 1) if holder in line]
        number, line = lines[-1 if self.last else 0]
        column = len(line) if cell == "END" else line.index(cell or holder) + 1
        return Place(self.file, number, column)


with (Path(__file__).parent / "faults.toml").open("rb") as _file:
    faults = [
        Fault(**{**row, "also": tuple((old, new) for old, new in row.get("also", ()))})
        for row in tomllib.load(_file)["fault"]
    ]


def test_the_library_is_without_fault() -> None:
    assert problems_of(guideline()) == ()


@pytest.mark.parametrize("fault", faults, ids=lambda fault: fault.name)
def test_a_fault_is_found_where_it_stands(fault: Fault) -> None:
    pages = guideline()
    pages[fault.file] = fault.plant(pages[fault.file])
    found = problems_of(pages)
    places = {problem.place for problem in found if problem.kind == fault.kind and fault.said in problem.found}
    assert fault.place(pages[fault.file]) in places, [str(problem) for problem in found]


@pytest.mark.parametrize("fault", faults, ids=lambda fault: fault.name)
def test_a_problem_says_what_may_stand_there(fault: Fault) -> None:
    pages = guideline()
    pages[fault.file] = fault.plant(pages[fault.file])
    assert all(problem.found and problem.expected for problem in problems_of(pages))
