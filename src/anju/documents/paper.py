"""Everything that stands on a letter's paper, as data: what the layouts set and what the digest is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from anju.documents.content import Content, digest_of
from anju.documents.forms import form_of
from anju.documents.models import Addressee, Letter, State

_no_day = "　　年　　月　　日"


@dataclass(frozen=True, slots=True)
class Paper:
    """``mark``: what is printed across what is no issued letter: 稿, 作废, or nothing."""

    name: str
    form: str
    office: str
    number: str
    on: date | None
    to: Sequence[str]
    content: Content
    mark: str = ""

    def digest(self) -> str:
        """The SM3 of everything on it."""
        return digest_of(self._words(self.content))

    def data(self, *, full: bool) -> Mapping[str, Any]:
        """What a layout sets; ``full``: with ID numbers in full."""
        content = self.content.shown(full=full)
        told = {**self._words(content), "mark": self.mark, "paragraphs": [*filter(None, content.text.split("\n"))]}
        told["content"] = None
        return {
            **told,
            "title": content.title,
            "addressed": content.to or "、".join(self.to),
            "copies_to": f"抄送：{content.copies_to.rstrip('。')}。" if content.copies_to else "",
            "printed": f"{chinese(self.on) if self.on else _no_day}印发",
            "facts": [list(fact) for fact in content.facts],
            "columns": list(content.columns),
            "rows": [list(row) for row in content.rows],
            "signers": list(content.signers),
            "date": chinese(self.on) if self.on else "",
            "masked": not full,
            "layout": form_of(self.form).layout,
        }

    def _words(self, content: Content) -> dict[str, Any]:
        return {
            "name": self.name,
            "form": self.form,
            "office": self.office,
            "number": self.number,
            "on": self.on.isoformat() if self.on else "",
            "to": list(self.to),
            "content": content.sealed(),
        }


def paper_of(letter: Letter, content: Content, to: Sequence[Addressee]) -> Paper:
    """The paper of a letter."""
    mark = {State.ISSUED: "", State.VOID: "作废"}.get(State(letter.state), "稿")
    names = [one.name for one in to]
    return Paper(letter.name, letter.form, letter.office, letter.number_text, letter.issued_on, names, content, mark)


def chinese(day: date) -> str:
    """A day as letters write it: 2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"
