"""Two records side by side, as far as an officer sees them: what each says, and which of it would hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from anju.cases.models import Case
from anju.desk.queries import rows
from anju.government.asking import Asking
from anju.government.queries.names import Names
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline
from anju.register.models import Person
from anju.register.models.relations import Kind
from anju.register.privacy import hidden_terms, works_on
from anju.register.provided import wish_terms
from anju.register.queries import one
from anju.sealing.masking import mask

_purpose = "并档"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that both records are asked for; ``differs``: both say something, and not the same."""

    label: str
    one: str
    other: str

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.one and self.other and self.one != self.other)


def side_by_side(who: Asking, person: Person, other: Person) -> list[Line]:
    """What stands under both; numbers are masked, and other lines' work is left out."""
    told = [dict(_told(who, one)) for one in (person, other)]
    labels = dict.fromkeys(label for side in told for label in side)
    return [
        line for label in labels if (line := Line(label, *(side.get(label, "") for side in told))).one or line.other
    ]


def better(person: Person, other: Person) -> Person:
    """The record that is offered as the one that stays: the one with an ID number, else the older one."""
    return max((person, other), key=lambda one: (one.number_index is not None, -one.pk.int))


def _told(who: Asking, person: Person) -> Iterator[tuple[str, str]]:
    scopes = who.over(person.origin, person.destination).scopes
    names = Names((person.origin, person.destination), who.today)
    yield _("姓名"), person.name
    yield _("证件号码"), rows.masked(person.number)
    yield _("性别"), person.sex
    yield _("出生日期"), person.birth_date.isoformat() if person.birth_date else ""
    yield _("民族"), person.people
    yield _("联系电话"), mask("phone", person.phone.reveal()) if person.phone else ""
    home = one.membership(who.officer, person, who.today)
    yield _("户"), f"{home.household.code} {home.relation}" if home else ""
    yield _("迁出地"), names(person.origin)
    yield _("迁入地"), names(person.destination)
    yield _("注销日"), person.ended_on.isoformat() if person.ended_on else ""
    last = {step.kind: step for step in one.relations(who.officer, person)}
    holders = Names({step.holder for step in last.values()}, who.today)
    for kind, step in last.items():
        if works_on(scopes, clauses[Kind(kind)]):
            yield Kind(kind).label, holders(step.holder) if step.holder else step.get_because_display()
    terms = guideline().terms
    said = [w for w in one.wishes(who.officer, person) if works_on(scopes, terms[wish_terms[w.kind][0]].clause)]
    yield _("意愿"), _("%(n)s 次") % {"n": len(said)} if said else ""
    hidden = hidden_terms(scopes)
    facts = {key.partition(".")[0] for key in person.facts} - hidden
    yield _("登记的事实"), _("%(n)s 项事实") % {"n": len(facts)} if facts else ""
    cases = Case.objects.visible_to(who.officer, purpose=_purpose)
    open_ones = cases.filter(subject_kind="person", subject_id=str(person.pk), closed_at=None).count()
    yield _("在办的件"), _("%(n)s 件") % {"n": open_ones} if open_ones else ""
