"""A planted fault is found, and located by file, line and column. ``faults.toml`` lists the faults."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from anju.policy.checking import check
from anju.policy.errors import Place, PolicyError
from anju.policy.load import load
from tests.policy.library import DAY, LENDING, SHARED, decision, guideline, lending, problems_of, shared, small


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


def test_a_page_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / SHARED).write_text(shared, encoding="utf-8")
    (tmp_path / LENDING).write_text(lending, encoding="gb18030")
    with pytest.raises(PolicyError, match=r"1\.1-lending\.md:1:1 .*不是 UTF-8"):
        load(tmp_path)


def test_pages_of_a_name_that_does_not_exist_are_refused() -> None:
    with pytest.raises(PolicyError, match="没有“atlantis”这套页面"):
        load("atlantis")


def test_two_pages_for_one_clause_are_refused() -> None:
    pages = guideline() | {"1.1-borrowing.md": "# 一（一）借书\n"}
    assert "1.1 有两页" in {problem.found for problem in problems_of(pages)}


def test_lines_are_counted_as_editors_count_them() -> None:
    """A line separator that only Python knows moves nothing; Windows line ends neither."""
    odd = (
        lending.replace("谁能借书", "谁能\u2028借书")
        .replace("| 儿童 | - | - |", "| 老人 | - | - |")
        .replace("\n", "\r\n")
    )
    (problem,) = problems_of(guideline(lending=odd))
    assert problem.place == Place(
        LENDING, lending.splitlines().index("| 儿童 | - | - | 可借 | | 儿童不用证 | 1.1-1 |") + 1, 3
    )


def test_a_table_of_too_many_combinations_is_refused() -> None:
    """Twenty-four facts of two values each: the page is asked to split the table, the machine is not."""
    terms = "\n".join(f"| f{n} | f{n} | 人 | 是否 | | 台账 |" for n in range(24))
    header = " | ".join((*(f"f{n}" for n in range(24)), "结论"))
    rows = "\n".join(
        f"| {' | '.join(('是', *['-'] * 23))} | {value} |".replace("是 |", f"{value} |", 1) for value in ("是", "否")
    )
    policy = small(f"{terms}\n| 多 | many | 人 | 是否 | | 判定 |", decision("多", "many", header, rows))
    (problem,) = (problem for problem in check(policy, DAY).problems if problem.kind == "语法")
    assert "种组合" in problem.found
