"""Errors in the pages, for the people who write them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file name, line and column (both from 1)."""

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a page: where, what stands there, what may stand there.

    ``kind`` names the sort of problem (语法, 词, 空缺, 重叠, 无用, 应办, 流程, 算例, 两算不一, 引用, 参数).
    """

    place: Place
    kind: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.place} [{self.kind}] {self.found}；{self.expected}"


class PolicyError(Exception):
    """The pages cannot be used. ``problems`` lists everything that was found, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = problems


class CellError(ValueError):
    """A cell that cannot be read; the page reader adds the place. ``args``: what stands there, what may."""

    def __init__(self, found: str, expected: str, kind: str = "语法") -> None:
        super().__init__(found, expected)
        self.found = found
        self.expected = expected
        self.kind = kind
