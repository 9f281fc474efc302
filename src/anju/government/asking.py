"""Who asks for a page: the officer, from which posts, on which day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from anju.government.door import officer_of
from anju.government.models import Officer
from anju.government.queries import Scope, reaching, visible_regions


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, from which posts, on which day."""

    officer: Officer
    scopes: tuple[Scope, ...]
    today: date

    def over(self, *places: str) -> Asking:
        """The same officer from those posts alone that reach a subject at these places: a line held elsewhere shows nothing here."""
        return replace(self, scopes=reaching(self.scopes, *places))


def asking(request: HttpRequest) -> Asking:
    """Who asks for this page."""
    officer, today = officer_of(request), timezone.localdate()
    return Asking(officer, visible_regions(officer, today), today)
