"""What a procedure changes, as its page says under 生效 on the way and under 办结 at the end: relations go on, facts
and wishes are recorded.

That is done in the transaction that takes the step, on the authority of the case's steps: whoever takes this one need not be of the line
whose relation it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from anju.cases.agreeing import branch
from anju.cases.fields import Value, fact_of
from anju.cases.models import Case
from anju.cases.moves import check_arrives
from anju.cases.procedures import Running, at_the_end
from anju.cases.turns import Places, aim_of, place_at
from anju.government.refusals import Refused
from anju.policy.force import Way
from anju.policy.model import Effect, Fact, Term
from anju.register.actions.by_case import put_facts, put_party_life, put_step, put_wish
from anju.register.facts import facts_of, provided, today
from anju.register.models.relations import Because, Kind
from anju.register.provided import party_life_terms, wish_terms

kinds: Mapping[str, Kind] = {"membership": Kind.COLLECTIVE}
"""Relations of the pages that the register calls otherwise."""
_becauses: Mapping[Kind, Because] = {Kind.COLLECTIVE: Because.CONFIRMED, Kind.ELECTION: Because.ENROLLED}
_wish_of = {term: wish for wish, (term, _) in wish_terms.items()}

_furthest = timedelta(days=366)

_registered_term, _place_term = party_life_terms
"""Both follow from the row that the second one writes."""

With = Callable[[Case, Mapping[str, Value], str, date], None]
_with: dict[Kind, list[With]] = {}


def with_relation(kind: Kind) -> Callable[[With], With]:
    """List what a floor above does when a case moves a relation of a kind, in the same transaction: it gets the case, what was
    written down, the new holder and the day, and may refuse.
    """

    def listed(call: With) -> With:
        _with.setdefault(kind, []).append(call)
        return call

    return listed


def begin(case: Case, running: Running, how: str) -> bool:
    """Record what the page says under 立件: the wish with which somebody comes, unless it stands already. Whether anything changed;
    whoever depends on it still has to look again. Raises `Refused` for an application that an end of it came after.

    Args:
        how: how one knows of it, as the case was opened.
    """
    facts = begun_with(running)
    known = facts_of(case.subject_kind, case.subject_id, on=today()) if facts else {}
    new = {code: fact for code, fact in facts.items() if known.get(code) != fact}
    for code, fact in new.items():
        wish = _wish_of[code]
        put_wish(person=case.subject_id, kind=wish, choice=_choice(fact), on=case.applied_on, how=how.strip()[:40])
    stands = facts_of(case.subject_kind, case.subject_id, on=today()) if new else {}
    for code, fact in new.items():
        if stands.get(code) != fact and running.procedure.failures:
            name, said = running.policy.terms[code].name, running.policy.terms[code].label(stands.get(code))
            raise Refused(
                f"“{name}”在 {case.applied_on} 或以后已经登记为“{said}”；本人再申请的，申请日写后来再申请的那一天。"
            )
    return bool(new)


def begun_with(running: Running) -> dict[str, Fact | None]:
    """The wishes with which somebody comes, as the page says under 立件."""
    return {e.what: _fact(running.policy.terms[e.what], e, {}) for e in running.procedure.begins}


def carry_out(case: Case, running: Running, values: Mapping[str, Value], on: date, way: Way = at_the_end) -> None:
    """Change what the page says of a way out of a step, by default of the end, from the days it names or from ``on``; whoever depends on it
    still has to look again. Raises `Refused`, and then nothing is changed.
    """
    effects = running.effects(way)
    check_arrives(
        case, running, effects, {e.since: _since(e, values, on, case.applied_on) for e in effects if e.since}, on
    )
    _change(case, running, effects, values, on)


def ahead(running: Running, values: Mapping[str, Value]) -> date | None:
    """The day from which on the end of a case holds, where it is yet to come. Raises `Refused` for one that is further than a year away."""
    days = {e.since: _day(values[e.since]) for e in running.effects(at_the_end) if e.since in values}
    name, day = max(days.items(), key=lambda item: item[1], default=("", today()))
    if day > today() + _furthest:
        raise Refused(f"“{name}”写的是 {values[name]}，离今天一年以上；年份写错了，先退回改。")
    return day if day > today() else None


def give_up(case: Case, running: Running, step: str, action: str, on: date) -> bool:
    """Change what the page says of a case that comes to nothing on that way (终止), but nothing of a wish with which it began and that the
    person has changed since. Whether anything changed; whoever depends on it still has to look again. Raises `Refused`.
    """
    effects = [e for e in running.procedure.failures if (e.step, e.action) in ((step, action), ("", action))]
    known = facts_of(case.subject_kind, case.subject_id, on=today()) if effects else {}
    begun = begun_with(running)
    stands = [e for e in effects if e.what not in begun or known.get(e.what) == begun[e.what]]
    new = [e for e in stands if known.get(e.what) != _fact(running.policy.terms[e.what], e, {})]
    _change(case, running, new, {}, on)
    return bool(new)


def _change(case: Case, running: Running, effects: Sequence[Effect], values: Mapping[str, Value], on: date) -> None:
    facts: dict[str, Fact | None] = {}
    evidence = f"办件：{running.procedure.name}，{case.applied_on}申请"
    for effect in effects:
        since = _since(effect, values, on, case.applied_on)
        if effect.kind == "relation":
            kind = kinds.get(effect.what) or Kind(effect.what)
            holder = _holder(case, effect)
            put_step(
                person=case.subject_id,
                kind=kind,
                holder=holder,
                since=since,
                because=_becauses.get(kind, Because.MOVED),
                evidence=evidence,
            )
            for call in _with.get(kind, ()):
                call(case, values, holder, since)
        else:
            term = running.policy.terms[effect.what]
            fact = _fact(term, effect, values)
            if effect.what in _wish_of and case.subject_kind == "person":
                put_wish(person=case.subject_id, kind=_wish_of[term.code], choice=_choice(fact), on=on, how=evidence)
            elif effect.what == _place_term:
                put_party_life(
                    person=case.subject_id,
                    at=place_at(getattr(Places.of(case), str(fact)), "village"),
                    side=str(fact),
                    since=since,
                    branch=str(values.get(branch, "")),
                    evidence=evidence,
                )
            elif effect.what != _registered_term and not provided(
                case.subject_kind, effect.what
            ):  # what follows from a relation follows it by itself
                facts[effect.what] = fact
    if facts:
        put_facts(kind=case.subject_kind, subject=case.subject_id, facts=facts)


def _holder(case: Case, effect: Effect) -> str:
    side, level = aim_of(effect.becomes)
    return place_at(getattr(Places.of(case), side), level)


_by_its_step = {"hukou", "party", "membership", "election"}
"""Relations that nobody has before asking for them."""


def _since(effect: Effect, values: Mapping[str, Value], on: date, applied_on: date) -> date:
    """The day that was written down under the effect's name; of a month its first. Raises `Refused` for one after what is done, or before
    the application where the step itself moves the relation: insurance may begin before, as what is paid belatedly counts (1.6-4).
    """
    if not effect.since or effect.since not in values:
        return on
    day = _day(values[effect.since])
    if day < applied_on and effect.what in _by_its_step:
        raise Refused(
            f"“{effect.since}”写的是 {values[effect.since]}，比申请日 {applied_on} 还早；写错了的改过来再办。"
        )
    if day > on:
        raise Refused(f"“{effect.since}”写的是 {values[effect.since]}，办理日不能比它早。")
    return day


def _day(written: Value) -> date:
    text = str(written)
    return date.fromisoformat(text if len(text) > len("2026-11") else f"{text}-01")


def _fact(term: Term, effect: Effect, values: Mapping[str, Value]) -> Fact | None:
    """What the page writes, or what was written down under that name."""
    written = values.get(effect.becomes)
    if written is None and effect.becomes not in ("是", "否") and not _says(term, effect.becomes):
        raise Refused(f"“{effect.becomes}”还没有填，这一步要用它。")
    fact = fact_of(term, effect.becomes if written is None else written)
    if fact is None:
        raise Refused(f"“{term.name}”不能是“{written}”。")
    return fact


def _says(term: Term, text: str) -> bool:
    return text.isdigit() or any(text == value.label for value in (*term.values, *term.specials))


def _choice(fact: Fact | None) -> str:
    return {True: "yes", False: "no"}.get(fact, str(fact)) if isinstance(fact, bool) else str(fact)
