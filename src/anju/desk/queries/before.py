"""What the records said that were joined into a person, and the person's own record did not take over: 并档前的记录."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from anju.cases.models import Case
from anju.desk.queries import rows
from anju.government.asking import Asking
from anju.government.queries.names import Names
from anju.policy.model import Term
from anju.register import documents
from anju.register.actions.relations import clauses
from anju.register.guideline import guideline
from anju.register.models import Joining, Person
from anju.register.models.relations import Because, Kind
from anju.register.models.wishes import WishKind
from anju.register.privacy import hidden_terms, works_on
from anju.register.provided import wish_terms
from anju.register.queries.joinings import joined_into

_purpose = "并档"


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was joined: how, and what is left of it, by what it is about."""

    joining: Joining
    number: str
    parts: Sequence[tuple[str, Sequence[str]]]


def records(who: Asking, stays: Person) -> list[Record]:
    """Those of a person who was found within the scope before; other lines' work is left out."""
    found = []
    for joining in joined_into(stays):
        parts = [(label, list(lines)) for label, lines in _parts(who, stays, joining)]
        found.append(Record(joining, rows.masked(joining.goes.number), [part for part in parts if part[1]]))
    return found


def _parts(who: Asking, stays: Person, joining: Joining) -> Iterator[tuple[str, Iterator[str]]]:
    kept: Mapping[str, Any] = documents.loads(joining.kept.reveal())
    who = who.over(stays.origin, stays.destination)
    codes = {kept["own"].get(side, "") for side in ("origin", "destination")}
    places = {step["holder"] for step in kept["steps"]} | {life["place"] for life in kept["lives"]}
    names = Names(codes | places, who.today)
    yield _("另外写着"), _own(kept, names)
    yield _("户"), (f"{home['household']} {home['relation']} {home['since']} —" for home in kept["homes"])
    yield _("七种关系"), _steps(who, kept, names)
    if works_on(who.scopes, clauses[Kind.PARTY]):
        yield (
            _("参加组织生活"),
            (f"{names(life['place'])} {life['place_name']} {life['since']} —" for life in kept["lives"]),
        )
    yield _("意愿"), _wishes(who, kept)
    yield _("登记的事实"), _facts(who, kept)
    yield _("办件"), (f"{case.opened_at:%Y-%m-%d} {_procedure(case)}" for case in _cases(who, joining))


def _own(kept: Mapping[str, Any], names: Names) -> Iterator[str]:
    labels = {"birth_date": _("出生日期"), "sex": _("性别"), "people": _("民族")}
    places = {"origin": _("迁出地"), "destination": _("迁入地")}
    if kept["name"]:
        yield f"{_('姓名')} {kept['name']}"
    for name, value in kept["own"].items():
        yield f"{labels[name]} {value}" if name in labels else f"{places[name]} {names(value)}"
    for name, value in kept["instead"].items():
        yield _("留下的那一档原来写着：%(what)s") % {"what": f"{labels[name]} {value}"}


def _steps(who: Asking, kept: Mapping[str, Any], names: Names) -> Iterator[str]:
    for step in kept["steps"]:
        if works_on(who.scopes, clauses[Kind(step["kind"])]):
            holder = names(step["holder"]) if step["holder"] else Because(step["because"]).label
            since = "" if step["since"] == "0001-01-01" else step["since"]
            yield f"{Kind(step['kind']).label} {since} {holder} {step['place_name']}".strip()


def _wishes(who: Asking, kept: Mapping[str, Any]) -> Iterator[str]:
    terms = guideline().terms
    for wish in kept["wishes"]:
        term = terms[wish_terms[wish["kind"]][0]]
        if works_on(who.scopes, term.clause):
            said = {"yes": "申请", "no": "不申请"}.get(wish["choice"]) or term.label(wish["choice"])
            yield f"{WishKind(wish['kind']).label} {wish['on']} {said}"


def _facts(who: Asking, kept: Mapping[str, Any]) -> Iterator[str]:
    terms, hidden = guideline().terms, hidden_terms(who.scopes)
    for code, fact in documents.read(kept["facts"]).items():
        if code not in hidden:
            yield f"{terms[code].name} {_said(terms[code], fact)}"


def _said(term: Term, fact: Any) -> str:
    if isinstance(fact, bool):
        return "是" if fact else "否"
    return term.label(fact) if isinstance(fact, str) else str(fact)


def _cases(who: Asking, joining: Joining) -> QuerySet[Case]:
    seen = Case.objects.visible_to(who.officer, purpose=_purpose)
    return seen.filter(subject_kind="person", subject_id=str(joining.goes.pk)).order_by("opened_at")


def _procedure(case: Case) -> str:
    known = guideline().procedures.get(case.procedure)
    return known.name if known is not None else case.procedure
