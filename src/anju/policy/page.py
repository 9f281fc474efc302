"""What stands on a page around its rules: its clause and source, the words of 由谁, and the sentences that stay outside."""

from __future__ import annotations

from dataclasses import dataclass

from anju.policy.errors import Place


@dataclass(frozen=True, slots=True)
class Outside:
    """A sentence that no recorded fact and no officer's action could answer."""

    sentences: tuple[str, ...]
    why: str
    place: Place


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of the guideline: its number, its title and how many sentences it has."""

    number: str
    title: str
    sentences: int


@dataclass(frozen=True, slots=True)
class Word:
    """A word of 由谁: a side, a level or a line."""

    name: str
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its clause number (``0`` for the shared terms), title, file name and Markdown source."""

    clause: str
    title: str
    file: str
    source: str
