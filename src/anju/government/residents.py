"""A resident who has signed in: somebody the register knows, who sees what is about himself and acts for himself, from no post.

No account and no officer (docs/adr/0022): what an officer's posts decide, for a resident the one person decides (`ScopedQuerySet.own`).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anju.government.models import Officer

RESIDENT = "resident"
"""Whom pages of residents are declared for (`anju.government.door.for_duties`); no account has such a duty."""
own_hand = "本人"
"""Where the journal and an entry of a case name an officer's post."""
online = "本人网上办理"
for_child = "监护人网上办理"
"""How one knows of what a resident says here."""


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who acts for a child: the id in the register, the name with stars as the journal keeps it, and the name as the application has it."""

    person: UUID
    called: str
    name: str


@dataclass(frozen=True, slots=True)
class Resident:
    """``person``: the id in the register. ``called``: the name with stars, as the journal keeps it. ``place``: the 12-digit code of where
    the person lives, else came from, which says whose chain of the journal an entry goes into. ``guardian``: who has signed in and acts for
    this person, a child of the household, in what the pages let a guardian do, and in nothing else.
    """

    person: UUID
    called: str
    place: str
    guardian: Guardian | None = None


Somebody = Officer | Resident
"""Who asks or acts: from posts, or for himself alone."""
