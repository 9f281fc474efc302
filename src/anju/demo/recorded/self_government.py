"""Clause 2.3, where somebody votes, and clause 3.3, who is responsible on either side."""

from __future__ import annotations

from datetime import date, timedelta

from anju.demo.life import Life
from anju.demo.places import villages
from anju.register.models.relations import Kind

votes_from = 18
_term_years = 5


def election_day(on: date) -> date:
    """The next election of the committees: in this city it is always a good three months away."""
    return on + timedelta(days=96)


def election(life: Life) -> None:
    """Clause 2.3: who may vote chooses between the old village and the new home."""
    day, home = election_day(life.on), villages().get(life.move.destination)
    if life.member.age(day) < votes_from:
        return
    life.fact("election_day", day)
    life.fact("moved_in_on", life.move.moved_in)
    life.fact("destination_body", "community" if home and home.is_community else "village")
    last = day - timedelta(days=_term_years * 365)
    if life.age >= votes_from + _term_years and life.maybe(0.7):
        life.hold(Kind.ELECTION, last)
        if life.hukou_on and life.hukou_on < last:
            life.steps[-1] = life.steps[-1]._replace(holder=life.move.destination)
    if life.hukou_on is None and life.maybe(0.2):
        life.unsaid("election_choice", "unstated")
    elif life.hukou_on is None:
        choice = life.pick(("origin", 45), ("destination", 55))
        life.say("election", choice, life.day(life.on - timedelta(days=90)))
        if choice == "destination":
            life.fact("assembly_consent", life.maybe(0.5))
    life.fact("voter_registrations", life.pick((1, 85), (0, 14.7), (2, 0.3)))
    life.fact("voter_appeal", "not_published")


def sides(life: Life) -> None:
    """Clause 3.3: a unit is responsible where people came from, and one where they are."""
    life.fact("origin_unit_named", life.maybe(0.985))
    life.fact("destination_unit_named", life.maybe(0.985))
