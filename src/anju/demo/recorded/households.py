"""Clause 2.5, of households: who is paired with them, when somebody last came, what was done."""

from __future__ import annotations

import random
from datetime import date, timedelta

from anju.demo.lives import pick
from anju.demo.moves import Move
from anju.policy.model import Fact


def household_facts(move: Move, on: date, chance: random.Random) -> dict[str, Fact | None]:
    """What is recorded of a household."""
    facts: dict[str, Fact | None] = {
        "relocatee_kind": "registered_poor" if move.registered_poor else "concurrent",
        "settlement_mode": "centralized" if move.site else "dispersed",
        "household_moved_in_on": move.moved_in,
        "transition_reviewed": chance.random() < 0.93,
        "has_open_difficulty": chance.random() < 0.04,
    }
    if move.registered_poor:
        facts |= _pairing(on, chance)
    return {code: None if chance.random() < 0.02 else fact for code, fact in facts.items()}


def _pairing(on: date, chance: random.Random) -> dict[str, Fact | None]:
    paired = pick(chance, (1, 95), (0, 3.5), (2, 1.5))
    first, last = pick(chance, ((1, 30), 86), ((31, 60), 9), ((61, 150), 4), ((0, 0), 1))
    visited = chance.randint(first, last) or "never"
    facts: dict[str, Fact | None] = {
        "paired_officers": paired,
        "days_since_visit": visited,
        "deeds_this_year": _deeds_by(on, chance),
    }
    if paired == 0:
        facts["unpaired_since"] = on - timedelta(days=chance.randint(1, 40))
    if visited != "never":
        facts["visit_topics_covered"] = chance.random() < 0.9
    return facts


def _deeds_by(on: date, chance: random.Random) -> int:
    """None, one or two good deeds; the more the later in the year."""
    gone = on.month / 12
    return pick(chance, (1, 65 * gone), (2, 28 * gone), (0, 100))
