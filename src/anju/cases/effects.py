"""What changes when a procedure ends, as its page says under 办结: relations go on, facts and wishes are recorded.

That is done in the transaction that ends the case, on the authority of its steps: whoever took the last one need not be of the line whose
relation it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from anju.cases.fields import Value, fact_of
from anju.cases.models import Case
from anju.cases.procedures import Running
from anju.cases.turns import Places, place_at
from anju.government.refusals import Refused
from anju.policy.model import Effect, Fact, Term
from anju.register.actions.by_case import put_facts, put_step, put_wish
from anju.register.facts import provided
from anju.register.models.relations import Because, Kind
from anju.register.provided import wish_terms

_kinds: Mapping[str, Kind] = {"membership": Kind.COLLECTIVE}
_sides: Mapping[str, str] = {"迁入": "destination", "迁出": "origin", "本级": "destination", "参保": "insured"}
_levels: Mapping[str, str] = {"村社区": "village", "乡镇": "township", "区县": "county", "市": "city"}
_becauses: Mapping[Kind, Because] = {Kind.COLLECTIVE: Because.CONFIRMED, Kind.ELECTION: Because.ENROLLED}
_wish_of = {term: wish for wish, (term, _) in wish_terms.items()}

With = Callable[[Case, Mapping[str, Value], str, date], None]
_with: dict[Kind, list[With]] = {}


def with_relation(kind: Kind) -> Callable[[With], With]:
    """List what a floor above does when the end of a case moves a relation of a kind, in the same transaction: it gets the case, what was
    written down, the new holder and the day, and may refuse.
    """

    def listed(call: With) -> With:
        _with.setdefault(kind, []).append(call)
        return call

    return listed


def carry_out(case: Case, running: Running, values: Mapping[str, Value], on: date) -> None:
    """Change what the page says, from the days it names or from ``on``; whoever depends on it still has to look again. Raises `Refused`."""
    facts: dict[str, Fact | None] = {}
    evidence = f"办件：{running.procedure.name}，{case.applied_on}申请"
    for effect in running.procedure.effects:
        since = _since(effect, values, on)
        if effect.kind == "relation":
            kind = _kinds.get(effect.what) or Kind(effect.what)
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
                put_wish(person=case.subject_id, kind=_wish_of[effect.what], choice=_choice(fact), on=on, how=evidence)
            elif not provided(case.subject_kind, effect.what):  # what follows from a relation follows it by itself
                facts[effect.what] = fact
    if facts:
        put_facts(kind=case.subject_kind, subject=case.subject_id, facts=facts)


def _holder(case: Case, effect: Effect) -> str:
    side, _, level = effect.becomes.partition("·")
    return place_at(getattr(Places.of(case), _sides[side]), _levels[level])


def _since(effect: Effect, values: Mapping[str, Value], on: date) -> date:
    """The day that was written down under the effect's name; of a month its first."""
    if not effect.since or effect.since not in values:
        return on
    text = str(values[effect.since])
    day = date.fromisoformat(text if len(text) > len("2026-11") else f"{text}-01")
    if day > on:
        raise Refused(f"“{effect.since}”写的是 {text}，还没有到；到了那天再办结。")
    return day


def _fact(term: Term, effect: Effect, values: Mapping[str, Value]) -> Fact | None:
    """What the page writes, or what was written down under that name."""
    written = values.get(effect.becomes)
    if written is None and effect.becomes not in ("是", "否") and not _says(term, effect.becomes):
        raise Refused(f"“{effect.becomes}”还没有填，办结要用它。")
    fact = fact_of(term, effect.becomes if written is None else written)
    if fact is None:
        raise Refused(f"“{term.name}”不能是“{written}”。")
    return fact


def _says(term: Term, text: str) -> bool:
    return text.isdigit() or any(text == value.label for value in (*term.values, *term.specials))


def _choice(fact: Fact | None) -> str:
    return {True: "yes", False: "no"}.get(fact, str(fact)) if isinstance(fact, bool) else str(fact)
