"""The letters of a step: filled from the ledger and from what the case knows, for one case or for many at the same step."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from anju.cases.fields import Field, Value
from anju.cases.guardians import guardian
from anju.cases.models import Case
from anju.cases.procedures import Running, forward
from anju.cases.subjects import About, about, id_number
from anju.cases.turns import Places, seats
from anju.documents.actions import Kind, draft
from anju.documents.content import Cell, Content
from anju.documents.forms import form_of
from anju.documents.models import Letter, State
from anju.documents.offices import Office, head_of
from anju.documents.paper import Paper
from anju.documents.queries.lists import seen as seen_letters
from anju.documents.rendering.words import words
from anju.government.models import Officer
from anju.government.queries import Scope, reaching
from anju.government.queries.names import Names
from anju.government.refusals import Refused
from anju.policy import model as pages
from anju.policy.model import Step
from anju.register.privacy import lines_of_clause, works_on

matter = "case"
"""Under which kind letters know a case."""
_formal = ("通知", "函", "介绍信")
_signers: Mapping[str, Sequence[str]] = {
    "表": ("申请人", "经办人"),
    "记录": ("经办人", "在场人"),
    "协议": ("甲方", "乙方"),
    "结算单": ("本人", "经办人"),
    "决议": ("主持人", "记录人"),
    "名单": ("经办人",),
}
_applicant = "申请人"
_either = 2
_day = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_month = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, slots=True)
class Known:
    """A case with what was written down in it."""

    case: Case
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter of a step that somebody asks for: of which office, about which cases, with what was just filled in at the step."""

    kind: pages.Letter
    running: Running
    step: Step
    office: Office
    cases: Sequence[Known]
    filled: Mapping[str, Value]


class _Fields(dict[str, str]):
    """What was written down, in words; a blank for what nobody has told. What differs between the cases can be said of none of them."""

    def __init__(self, told: Mapping[str, str], apart: Container[str]) -> None:
        super().__init__(told)
        self._apart = apart

    def __missing__(self, name: str) -> str:
        if name in self._apart:
            raise Refused(f"这几件的“{name}”不一样，写在一份里会说错；请只选“{name}”一样的，分开出。")
        return ""


def letters_of(running: Running, step: Step) -> list[pages.Letter]:
    """The letters of a step. The stub of a letter of introduction is a part of it."""
    named = [running.policy.letters[name] for name in step.letters]
    return [
        one for one in named if not any(one.form == other.form == "介绍信" and _part(one, other) for other in named)
    ]


def office_for(running: Running, case: Case, own: Iterable[Any], scopes: Sequence[Scope]) -> Office | None:
    """As which office the officer writes: whose turn it is, else the post that does the clause's work."""
    sat = (Office(turn.line, turn.level, turn.region) for turn in own)
    seat = next((office for office in sat if any(office.held_by(scope) for scope in scopes)), None)
    if seat is not None:
        return seat
    here = reaching(scopes, *filter(None, Places.of(case).all()))
    working = (scope for scope in here if works_on([scope], running.procedure.clause))
    return next((Office(scope.line, scope.level, scope.lo) for scope in working), None)


def content_of(by: Officer, asked: Asked, on: date) -> Content:
    """What the letter says. Raises `Refused` where the words of its kind are broken."""
    form = form_of(asked.kind.form)
    found = about(by, [known.case for known in asked.cases], on)
    if len({str(offices_to(replace(asked, cases=[known]))) for known in asked.cases}) > 1:
        raise Refused("这几件要送的单位不一样，各单位只该看到自己的人；请按收文单位分开出。")
    each = [_told(asked, {**known.values, **asked.filled}) for known in asked.cases]
    told = {name: said for name, said in each[0].items() if all(other.get(name) == said for other in each)}
    places = [Places.of(known.case) for known in asked.cases]
    names = Names([place for one in places for place in one.all()], on)
    who = found[0].name if len(found) == 1 else f"{found[0].name}等{len(found)}{found[0].unit}"
    made = words(
        asked.kind.code,
        asked.kind.form,
        {
            "title": asked.kind.name,
            "subject": _subject(asked.kind),
            "clause": asked.running.policy.clauses[asked.running.procedure.clause].title,
            "procedure": asked.running.procedure.name,
            "who": who,
            "count": len(found),
            "office": head_of(asked.office, on).name,
            "origin": _one_place({names(one.origin) for one in places}),
            "destination": _one_place({names(one.destination) for one in places}),
            "fields": _Fields(told, {name for one in each for name in one}),
            "told": list(told.items()),
            "answered": _answered(by, asked),
        },
    )
    columns, rows = _list(asked, found, names, each)
    single = form.layout in ("form", "plain") and len(found) == 1 and not form.open
    return Content(
        made.title,
        _addressed(asked, found, on),
        made.text,
        facts=_facts(asked, found[0], names, told) if single and form.name not in ("决议", "告知", "回执") else (),
        columns=() if single else columns,
        rows=() if single else rows,
        signers=_signed_by(form.name, told),
        given=dict(asked.filled),
    )


def _signed_by(form: str, told: Mapping[str, str]) -> Sequence[str]:
    """Who signs: for a child its guardian."""
    signers = _signers.get(form, ())
    return [guardian if one == _applicant and guardian in told else one for one in signers]


def _one_place(named: set[str]) -> str:
    return named.pop() if len(named) == 1 else "名单所列各地"


def paper_for(by: Officer, asked: Asked, on: date) -> Paper:
    """How it would look, before it is drafted. Raises `Refused`."""
    to = _names_to(asked, on)
    name, form = asked.kind.name, asked.kind.form
    return Paper(name, form, head_of(asked.office, on).name, "", None, to, content_of(by, asked, on), "稿")


def draft_for(*, by: Officer, asked: Asked, on: date, key: UUID | None) -> Letter:
    """Draft it. Raises `Refused`."""
    kind, answers, clause = asked.kind, _answers(by, asked), asked.running.procedure.clause
    return draft(
        by=by,
        office=asked.office,
        kind=Kind(kind.code, kind.name, kind.form, clause, lines_of_clause(clause)),
        content=content_of(by, asked, on),
        choices=offices_to(asked),
        matters=[(matter, str(known.case.pk)) for known in asked.cases],
        answers=answers.pk if answers else None,
        key=uuid5(key, kind.code) if key else None,
    )


def offices_to(asked: Asked) -> list[list[Office]]:
    """Whom it is for: where the step leads to; a receipt goes to whoever wrote before, too. Of the two offices that a step names one takes
    it, so that they are one choice; where it names more, as all departments of a county, it is for each of them.
    """
    steps = [asked.running.step(m.target) for m in asked.step.moves if m.target > 0 and forward(asked.step, m)]
    if asked.kind.form == "回执":
        letters = asked.running.policy.letters
        before = asked.running.procedure.steps[: asked.step.number - 1]
        steps += [one for one in before if any(letters[name].form in _formal for name in one.letters)]
    found: list[list[Office]] = []
    for known in asked.cases:
        places = Places.of(known.case)
        for step in steps:
            parts: dict[str, list[Office]] = {}
            for actor in step.actors:
                for part, line, level, region in seats(actor, places) if not actor.person else ():
                    parts.setdefault(part, []).append(Office(line, level, region))
            for some in parts.values():
                apart = [some] if len(some) <= _either else [[one] for one in some]
                found += [one for one in apart if one not in found]
    return [
        others for some in found if (others := [office for office in dict.fromkeys(some) if office != asked.office])
    ]


def _names_to(asked: Asked, on: date) -> list[str]:
    return list(dict.fromkeys(head_of(office, on).name for some in offices_to(asked) for office in some))


def written_of(by: Officer, case: Case) -> list[Letter]:
    """The letters about a case that the officer may see, the newest first."""
    return list(seen_letters(by).filter(matters__kind=matter, matters__key=str(case.pk)).order_by("-pk"))


def filled_by(running: Running, step: Step, fields: Iterable[Field], letters: Sequence[Letter]) -> dict[str, Value]:
    """What the letters of a step say about what is to be written down there: the number of an issued one, and what it was made of."""
    kinds = {letter.code: letter for letter in letters_of(running, step)}
    own = [letter for letter in letters if letter.kind in kinds and letter.state != State.VOID]
    found: dict[str, Value] = {}
    names = {field.name: field for field in fields}
    for letter in reversed(own):
        given = Content.of(letter.content.reveal()).given
        found.update({name: value for name, value in given.items() if name in names})
    for letter in reversed(own):
        if letter.number_text:
            found.update({name: letter.number_text for name in names if _is_number(name, letter.form)})
    return found


def _is_number(field: str, form: str) -> bool:
    return field in (f"{form}文号", f"{form}编号")


def _part(one: pages.Letter, other: pages.Letter) -> bool:
    return one is not other and one.name.startswith(other.name)


def _subject(kind: pages.Letter) -> str:
    return kind.name.removesuffix(kind.form).removesuffix("申请") or kind.name


def _told(asked: Asked, values: Mapping[str, Value]) -> dict[str, str]:
    """What was written down in words, without papers that were only shown and without numbers of letters."""
    fields = {name: asked.running.field(name) for name in values}
    formal = [letter.form for letter in asked.running.policy.letters.values()]
    return {
        name: _said(field.told(values[name]))
        for name, field in fields.items()
        if field.kind != "paper" and not any(_is_number(name, form) for form in formal)
    }


def _said(text: str) -> str:
    """Days and months as letters write them."""
    if found := _day.fullmatch(text):
        return f"{found[1]}年{int(found[2])}月{int(found[3])}日"
    if found := _month.fullmatch(text):
        return f"{found[1]}年{int(found[2])}月"
    return text


def _facts(asked: Asked, one: About, names: Names, told: Mapping[str, str]) -> list[tuple[str, Cell]]:
    case = asked.cases[0].case
    places = (("迁出地", case.origin), ("迁入地", case.destination), ("参保地", case.insured))
    return [
        *one.facts,
        *((label, names(code)) for label, code in places if code),
        ("办理事项", asked.running.procedure.name),
        ("申请日", _said(case.applied_on.isoformat())),
        *told.items(),
    ]


def _list(
    asked: Asked, found: Sequence[About], names: Names, told: Sequence[Mapping[str, str]]
) -> tuple[list[str], list[list[Cell]]]:
    more = list(dict.fromkeys(name for one in told for name in one))[:_most_columns]
    open_ = form_of(asked.kind.form).open
    named = [name for name, _ in found[0].facts if not (open_ and name == id_number)]
    columns = [*named, "迁出地", "迁入地", *more]
    rows: list[list[Cell]] = []
    for known, one, said in zip(asked.cases, found, told, strict=True):
        places = [names(known.case.origin) or "—", names(known.case.destination)]
        for facts in one.rows:
            cells = dict(facts)
            rows.append([*(cells.get(name, "") for name in named), *places, *(said.get(name, "") for name in more)])
    return columns, rows


_most_columns = 4
"""So many things that were written down fit beside name, number and places on a sheet."""


def _addressed(asked: Asked, found: Sequence[About], on: date) -> str:
    form = form_of(asked.kind.form)
    if form.layout in ("form", "list") or form.name in ("公示", "决议", "证明"):
        return ""
    if form.name == "告知" and not asked.kind.code.startswith("voter_registration"):
        return found[0].name if len(found) == 1 else "各位搬迁群众"
    return "、".join(_names_to(asked, on))


def _answers(by: Officer, asked: Asked) -> Letter | None:
    """The letter to the office that a receipt answers. Raises `Refused` where it would answer several."""
    if asked.kind.form != "回执":
        return None
    keys, office = [str(known.case.pk) for known in asked.cases], asked.office
    about_them = seen_letters(by).filter(matters__kind=matter, matters__key__in=keys, form__in=_formal)
    to_us = about_them.filter(state=State.ISSUED).exclude(line=office.line, region=office.region).order_by("pk")
    last = dict(to_us.values_list("matters__key", "pk"))
    if len({last.get(key) for key in keys}) > 1:
        raise Refused("这几件答复的来文不一样，请按来文分开出。")
    return to_us.filter(pk=last[keys[0]]).first() if last else None


def _answered(by: Officer, asked: Asked) -> str:
    letter = _answers(by, asked)
    return f"《{letter.name}》（{letter.number_text}）" if letter else ""


def check_office(office: Office | None) -> Office:
    """The office that writes. Raises `Refused` where the officer has none."""
    if office is None:
        raise Refused("这份文书不归您的岗位出。")
    return office
