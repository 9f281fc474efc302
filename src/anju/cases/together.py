"""What is done for several cases at once: their openings, or one step with what each of them says by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from anju.cases.actions import ForDuty, open_for_duty, take_steps
from anju.cases.clocks import Clocks
from anju.cases.fields import Value
from anju.cases.forms import StepForm
from anju.cases.models import Case
from anju.cases.outcomes import Outcome, Row
from anju.cases.queries.letters import letters_about
from anju.cases.queries.lists import seen
from anju.cases.queries.one import Shown, first_values, shown
from anju.government.asking import Asking
from anju.government.refusals import Refused

most_shown = 100
"""Of so many cases at most the page says what is known of each; of more, of the first."""


def known_of(known: Shown, who: Asking) -> dict[str, Value]:
    """What the ledger and the letters know of the fields of the step at which a case stands."""
    return {**first_values(known, who.scopes, who.today), **letters_about(who.officer, known).filled}


@dataclass(frozen=True, slots=True)
class Together:
    """Cases that stand at one step. ``common``: what is known of all and the same, it stands in the form. ``own``: what is known of each
    and differs, as the kind of somebody's assistance; nobody types it, and it is never said of another.
    """

    here: Sequence[Shown]
    common: Mapping[str, Value]
    own: Mapping[UUID, Mapping[str, Value]]

    @classmethod
    def of(cls, who: Asking, here: Sequence[Shown]) -> Together:
        """Ask the ledger for each."""
        each = {one.case.pk: known_of(one, who) for one in here}
        first = next(iter(each.values()), {})
        typed = [field.name for field in here[0].typed] if here else []
        names = [name for name in typed if all(name in known for known in each.values())]
        common = {name: first[name] for name in names if all(known[name] == first[name] for known in each.values())}
        own = {pk: {name: known[name] for name in names if name not in common} for pk, known in each.items()}
        return cls(here, common, own)

    @property
    def apart(self) -> Sequence[str]:
        """The fields that each case fills by itself, in the page's order."""
        return list(next(iter(self.own.values()), {}))

    def form(self, data: Any) -> StepForm:
        """The form of the step, with what is the same for all."""
        first = self.here[0]
        assert first.step is not None
        return StepForm(
            first.step,
            [field for field in first.typed if field.name not in self.apart],
            self.common,
            vacant=any(one.vacant for one in self.here),
            resident=first.resident,
            seen=first.case.entries,
            data=data,
        )


def step_rows(who: Asking, told: Mapping[str, Any], rows: Sequence[Row]) -> list[Outcome]:
    """Take one step of some cases (``case``, ``seen``), with what was filled in for all of a bundle (``told``).

    What the form could not know of cases that it did not show is each one's own here: fields that are ``apart``, and those of which
    the form's own word (``common``) was left as it was.
    """
    sent = UUID(told["key"])
    cases = {UUID(row["case"]): (int(row["seen"]), uuid5(sent, row["case"])) for row in rows}
    each = {one.case.pk: known_of(one, who) for one in _shown(who, told, cases)}
    left = {name for name, value in told["common"].items() if told["fields"].get(name) == value}
    done = take_steps(
        by=who.officer,
        cases=cases,
        action=told["action"],
        fields={name: value for name, value in told["fields"].items() if name not in left},
        own={
            case: {name: known[name] for name in (*told["apart"], *left) if name in known}
            for case, known in each.items()
        },
        reason=told["reason"],
        basis=told["basis"],
        absent=told["absent"],
        on=date.fromisoformat(told["on"]),
    )
    return [Outcome(done[case], str(case)) for case in cases]


def _shown(who: Asking, told: Mapping[str, Any], cases: Mapping[UUID, tuple[int, UUID]]) -> list[Shown]:
    """The cases that stand where the form was filled in, as it saw them."""
    clocks, at = Clocks(who.today), (told["version"], told["step"])
    found: list[Case] = list(seen(who.officer).filter(pk__in=list(cases)))
    here = [case for case in found if (case.version_id, case.step, case.entries) == (*at, cases[case.pk][0])]
    return [shown(who.officer, who.scopes, case, clocks) for case in here]


def open_rows(who: Asking, told: Mapping[str, Any], rows: Sequence[Row]) -> list[Outcome]:
    """Open the case that ends a duty for each of some subjects (``subject``, ``duty``), with what was filled in for all of a bundle."""
    sent, found = UUID(told["key"]), []
    for row in rows:
        wanted = ForDuty(row["duty"], row["subject"], told["how"], uuid5(sent, f"{row['duty']} {row['subject']}"))
        try:
            case = open_for_duty(
                by=who.officer,
                wanted=wanted,
                applied_on=date.fromisoformat(told["applied_on"]),
                absent=told.get("absent", False),
            )
        except Refused as refused:
            found.append(Outcome(str(refused)))
        else:
            found.append(Outcome("", str(case.pk)))
    return found
