"""A resident's own file: seven relations with what was decided of them and why, wishes, cases, letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from anju.cases.clocks import Clocks
from anju.cases.guardians import is_anothers
from anju.cases.models import Case, State, open_states
from anju.cases.queries.letters import letters_of_subject
from anju.cases.queries.lists import of_subject
from anju.cases.queries.one import Shown, Told
from anju.cases.queries.own import shown_to
from anju.check.explanation import Explained, explain
from anju.documents.actions.taking import opened
from anju.documents.models import Letter
from anju.documents.queries.lists import seen as seen_letters
from anju.documents.refusals import ContentChanged
from anju.duties.editions import Counties
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.government.residents import Resident
from anju.government.second_wall import everything
from anju.policy.model import Fact
from anju.register.actions.wishes import choices
from anju.register.facts import facts_of
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.models.relations import Kind
from anju.register.models.wishes import WishKind
from anju.register.queries import one
from anju.sealing.masking import mask

decides: Mapping[Kind, str] = {
    Kind.HUKOU: "hukou_route",
    Kind.PARTY: "party_route",
    Kind.COLLECTIVE: "membership_route",
    Kind.PENSION: "pension_route",
    Kind.MEDICAL: "medical_route",
    Kind.ASSISTANCE: "assistance_route",
    Kind.ELECTION: "election_place",
}
"""The decision of the pages on each relation."""
_ended_shown = 10


@dataclass(frozen=True, slots=True)
class Held:
    """One relation: where it is (``unit`` more closely), since when (None: nobody knows), and what the pages say of it."""

    kind: str
    label: str
    place: str
    unit: str
    since: date | None
    decision: Explained | None


@dataclass(frozen=True, slots=True)
class Said:
    """A wish: what about, what was chosen, when and how."""

    label: str
    choice: str
    on: date
    how: str


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case in short. ``why``: what an office said when it last gave it back to the resident, let it wait or ended it."""

    known: Shown
    why: str

    @property
    def mine(self) -> bool:
        """Whether it waits for the resident."""
        return waits(self.known)


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything on the own page. ``facts`` are those that decisions are made from; they are not all shown."""

    person: Person
    number: str
    phone: str
    place: str
    held: Sequence[Held]
    wishes: Sequence[Said]
    running: Sequence[OwnCase]
    ended: Sequence[OwnCase]
    letters: Sequence[Letter]
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Ward:
    """A child for whom the resident acts as guardian: who acts, the child's name, and what runs that a guardian began."""

    acts: Resident
    name: str
    running: Sequence[OwnCase]


def ward_of(resident: Resident) -> str:
    """For which child a guardian acts, by name; "" for who acts for himself."""
    child = one.person(resident, str(resident.person)) if resident.guardian else None
    return child.name if child is not None else ""


def ward(acts: Resident, on: date) -> Ward:
    """A child, as its guardian sees it."""
    cases = of_subject(acts, "person", str(acts.person))
    open_ones = [case for case in cases if case.state in open_states and not named_another(acts, case)]
    still = [own_case(acts, case, Clocks(on)) for case in open_ones]
    return Ward(acts, ward_of(acts), still)


def named_another(acts: Resident, case: Case) -> bool:
    """Whether a child's case names another guardian than who acts."""
    with everything():
        return is_anothers(acts, case)


def waits(known: Shown) -> bool:
    """Whether a case waits for the resident who sees it."""
    return bool(known.own) and known.case.state == State.RUNNING


def mine_of(resident: Resident, on: date) -> Mine:
    """The own page of a resident."""
    key = str(resident.person)
    person = one.person(resident, key)
    assert person is not None, "the door has just found the person"
    facts = facts_of("person", key, on=on)
    cases, clocks = of_subject(resident, "person", key), Clocks(on)
    still = [case for case in cases if case.state in open_states]
    over = [case for case in cases if case.state not in open_states]
    return Mine(
        person,
        mask("id_number", person.number.reveal()) if person.number else "",
        mask("phone", person.phone.reveal()) if person.phone else "",
        Names((person.destination,), on)(person.destination),
        _held(resident, person, facts, on),
        _said(resident, person),
        [own_case(resident, case, clocks) for case in still],
        [own_case(resident, case, clocks) for case in over[:_ended_shown]],
        letters_of_subject(resident, "person", key, [case.pk for case in cases]),
        facts,
    )


def own_case(resident: Resident, case: Case, clocks: Clocks) -> OwnCase:
    """A case of the resident."""
    known = shown_to(resident, case, clocks)
    return OwnCase(known, _last_word(known.entries))


def _last_word(entries: Sequence[Told]) -> str:
    last = entries[-1] if entries else None
    return last.reason if last is not None and last.entry.seq > 1 and not last.entry.by_hand else ""


def answers_to(person: Person, facts: Mapping[str, Fact | None], on: date) -> Mapping[str, Explained]:
    """What the pages say of these facts of somebody, by the code of the decision."""
    judge = Counties.of(guideline(), on).judge(person.destination[:6])
    return {answer.code: answer for answer in explain(judge.case("person"), facts)}


def _held(resident: Resident, person: Person, facts: Mapping[str, Fact], on: date) -> Sequence[Held]:
    last = {step.kind: step for step in one.relations(resident, person) if step.since <= on}
    names, answers = Names((step.holder for step in last.values()), on), answers_to(person, facts, on)
    found = []
    for kind in Kind:
        step, decision = last.get(kind), answers.get(decides[kind])
        if kind == Kind.PARTY and step is None and facts.get("party_member") is not True:
            continue  # nobody is asked here whether he is a member
        since = step.since if step is not None and step.since != date.min else None
        place, unit = (names(step.holder), step.place_name) if step is not None else ("", "")
        found.append(Held(kind, kind.label, place, unit, since, decision))
    return found


def _said(resident: Resident, person: Person) -> Sequence[Said]:
    labels = {kind: dict(choices(kind)) for kind in WishKind.values}
    return [
        Said(WishKind(wish.kind).label, labels[wish.kind].get(wish.choice, wish.choice), wish.on, wish.how)
        for wish in one.wishes(resident, person)
    ]


def own_paper(resident: Resident, key: UUID) -> tuple[Letter, Mapping[str, Any]] | None:
    """An issued letter that is for the resident, as it stands on its paper with numbers masked; foreign and missing are one.

    Raises:
        Refused: what lies sealed is not what was issued.
    """
    letter = seen_letters(resident).filter(pk=key).first()
    if letter is None:
        return None
    try:
        return letter, opened(resident, letter).data(full=False)
    except ContentChanged as changed:
        raise Refused(str(changed)) from changed
