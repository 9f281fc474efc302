"""Clauses 1.1 to 1.4: hukou, party membership, the collective, land."""

from __future__ import annotations

from datetime import timedelta

from anju.demo.life import Life
from anju.demo.places import villages
from anju.register.models.relations import Kind
from anju.register.steps import unknown_since

_party_share = {20: 0.035, 35: 0.06, 50: 0.08, 65: 0.09}
"""From which age on how many are party members; about six of a hundred grown-ups."""


def hukou(life: Life, wish: str) -> None:
    """Clause 1.1. ``wish``: what the household says, "" where nobody has asked."""
    move, day = life.move, life.hukou_on
    if day and day <= life.member.born:
        life.hold(Kind.HUKOU, life.member.born)
        life.steps = [life.steps[0]._replace(holder=move.destination)]
    else:
        since = unknown_since if life.member.born < move.moved_in else life.member.born
        life.hold(Kind.HUKOU, since, *([(move.destination, day, "moved")] if day else []))
    rural = move.site is None or move.site.kind == "rural"
    life.fact("rural_house", rural)
    life.fact("lives_in_house", life.maybe(0.94))
    life.fact("homestead", rural and life.maybe(0.06))
    life.fact("contracted_land", rural and life.maybe(0.08))
    life.fact("lives_at_site", move.site is not None, blank=0.01)
    if move.site:
        life.fact("address_assigned", life.maybe(0.88))
    if day:
        life.fact("hukou_type", life.pick(("village_group", 40), ("street_address", 50), ("collective", 10)))
        life.fact("age_at_hukou_move", life.member.age(day))
        if life.facts.get("hukou_type") == "collective":
            life.fact("collective_exit_told", life.maybe(0.6))
    elif wish == "willing" and life.maybe(0.6):
        life.say("hukou_choice", life.chance.choice(("village_group", "street_address")), life.day(move.moved_in))


def say_wish(life: Life, wish: str) -> None:
    """What the household says of its hukou; now and then it has changed its mind."""
    if life.hukou_on:
        life.say(
            "hukou", "willing", max(life.move.moved_in, life.hukou_on - timedelta(days=life.chance.randint(10, 90)))
        )
    elif wish:
        last = life.day(life.on - timedelta(days=500))
        if wish == "willing" and life.maybe(0.4):
            life.say("hukou", "unwilling", life.day(life.move.moved_in, last - timedelta(days=30)))
        life.say("hukou", wish, last)
    else:
        life.unsaid("hukou_wish", "unstated")


def party(life: Life) -> None:
    """Clause 1.2, of grown-ups; sealed at rest."""
    share = next((share for age, share in reversed(_party_share.items()) if life.age >= age), 0.0)
    if life.age < 18:
        return
    if not life.maybe(share):
        life.fact("party_member", False)
        return
    join(life)


def join(life: Life, *, moved: bool | None = None) -> None:
    """A party member: where the membership lies, and what was asked."""
    grown = life.member.born.replace(year=life.member.born.year + 19, day=1)
    life.party_since = life.day(grown, min(life.on - timedelta(days=60), grown + timedelta(days=5500)))
    left = moved if moved is not None else life.hukou_on is not None and life.maybe(0.6)
    since_move = life.day(max(life.move.moved_in, life.party_since) + timedelta(days=60))
    life.hold(Kind.PARTY, life.party_since, *([(life.move.destination, since_move, "moved")] if left else []))
    life.facts["party_member"] = True
    life.fact("residence_detached", life.maybe(0.96), blank=0.05)
    life.fact("hukou_detached", life.hukou_on is not None)
    life.fact("membership_detached", any(s.kind == Kind.COLLECTIVE and s.because == "moved" for s in life.steps))
    life.fact("residence_detached_on", life.move.moved_in, blank=0.1)
    life.fact("party_life_missed_months", life.pick((0, 80), (1, 10), (2, 5), (4, 3), (7, 2)), blank=0.08)
    life.fact("party_dues_missed_months", life.pick((0, 90), (1, 6), (3, 3), (8, 1)), blank=0.08)
    if left:
        return
    if life.maybe(0.75):
        life.say("party", life.pick(("transfer", 55), ("stay", 45)), life.day(life.move.moved_in))
    else:
        life.unsaid("party_wish", "unasked")
    if life.maybe(0.5):
        life.facts["dual_life_registered"] = True
        life.takes_part_since = life.day(max(life.move.moved_in, life.party_since))
    life.fact("long_stay_reviewed", life.maybe(0.5))
    life.fact("party_life_place", life.chance.choice(("destination", "destination", "origin")), blank=0.3)
    if life.maybe(0.25):
        life.facts["party_letter_issued"] = True
        life.facts["party_letter_valid_until"] = life.on + timedelta(days=life.chance.randint(-20, 60))


def collective(life: Life) -> None:
    """Clause 1.3. Whoever has applied is somewhere on the way from the notice to the vote."""
    move, home = life.move, villages().get(life.move.destination)
    there_is_one = home is not None and (not home.is_community or life.move.code[-1] in "37")
    member = life.maybe(0.985)
    crosses = move.origin != move.destination
    life.fact("crosses_collective", crosses, blank=0.01)
    life.fact("destination_collective", there_is_one)
    settled = life.hukou_on is not None and there_is_one and life.hukou_on < life.on - timedelta(days=400)
    confirmed = settled and life.maybe(0.32)
    if member:
        day = life.day(life.hukou_on + timedelta(days=120)) if confirmed and life.hukou_on else life.on
        life.hold(Kind.COLLECTIVE, unknown_since, *([(move.destination, day, "moved")] if confirmed else []))
    if confirmed:
        life.fact("offered_by_own_collective", life.maybe(0.03))
    elif settled and life.age >= 16 and life.maybe(0.16):
        _apply(life)
    elif crosses and there_is_one:
        life.unsaid("membership_applied", False)


def _apply(life: Life) -> None:
    applied = life.day(life.on - timedelta(days=260), life.on - timedelta(days=5))
    life.say("membership", "yes", applied)
    stage = life.pick(("none", 30), ("running", 20), ("objection", 10), ("clear", 40))
    life.fact("notice_state", stage)
    states = (("confirmed", 55), ("unproven", 8), ("elsewhere", 2), ("unchecked", 35))
    life.fact("former_membership", life.pick(*states))
    if stage != "clear":
        return
    body = life.pick(("none", 35), ("members", 45), ("villagers", 10), ("representatives", 10))
    life.fact("vote_body", body)
    if body != "none":
        eligible = life.chance.randint(36, 240)
        life.facts["votes_eligible"] = eligible
        life.facts["votes_for"] = int(eligible * life.chance.uniform(0.52, 0.95))
        life.fact("vote_result_told", life.maybe(0.5))


def land(life: Life) -> None:
    """Clause 1.4, of the heads of households: the contract is theirs."""
    if not life.is_head:
        return
    mu = 0.0 if life.maybe(0.08) else round(life.chance.triangular(0.6, 12, 3.2), 1)
    life.fact("original_land_mu", mu)
    if mu:
        let = life.maybe(0.6)
        life.fact("original_land_transferred", let)
        if let:
            ends = life.pick((20, 6), (400, 40), (1500, 50), (-30, 4))
            life.fact("land_contract_ends_on", life.on + timedelta(days=ends + life.chance.randint(0, 60)))
            life.fact("land_income_paid", life.maybe(0.8))
        else:
            life.fact("original_land_idle", life.maybe(0.35))
    life.fact("eco_eligible", eligible := life.maybe(0.25))
    life.fact("eco_included", eligible and life.maybe(0.8))
    rents = life.maybe(0.09)
    life.fact("rents_land", rents)
    if rents:
        life.fact("efficient_agriculture", life.maybe(0.6))
        life.fact("rented_mu", round(life.chance.uniform(1, 15), 1))
        life.fact("subsidy_rate", life.chance.choice((200, 300)), blank=0.4)
        life.fact("rent_subsidy_paid", life.maybe(0.6))
        life.fact("industry_funded", life.maybe(0.5))
