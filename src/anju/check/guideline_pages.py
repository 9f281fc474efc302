"""The guideline to read and to try: the table of contents, one page a clause, and an answer for one made-up case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from anju.check.explanation import explain
from anju.check.guideline import Block, Question, asked, blocks
from anju.check.queries import edition_on, guideline
from anju.check.table import subject_labels
from anju.policy.closures import Case
from anju.policy.edition import Edition
from anju.policy.model import Fact, Term
from anju.policy.page import Page

_types = {"bool": "select", "enum": "select", "int": "number", "number": "number", "date": "date", "text": "text"}
_parts = (("1", _("落实搬迁群众权益保障")), ("2", _("加强安置社区管理服务")), ("3", _("工作要求")))


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """The fifteen clauses, each with what it decides."""
    policy = guideline()
    parts = []
    for number, title in _parts:
        clauses = [
            {
                "page": page,
                "sentences": policy.clauses[page.clause].sentences,
                "decisions": [d for d in policy.decisions.values() if d.clause == page.clause],
                "duties": sum(duty.clause == page.clause for duty in policy.duties.values()),
                "procedures": [p for p in policy.procedures.values() if p.clause == page.clause],
            }
            for page in policy.pages
            if page.clause.startswith(f"{number}.")
        ]
        parts.append({"number": number, "title": title, "clauses": clauses})
    context = {"parts": parts, "policy": policy, "terms": policy.page("0")}
    return render(request, "check/guideline/contents.html", context)


@require_safe
def page(request: HttpRequest, clause: str) -> HttpResponse:
    """A clause: what it says, its tables with their figures, procedures, examples, and a form to try it."""
    shown = _page(clause)
    edition = edition_on(date.today())
    numbers = [p.clause for p in guideline().pages]
    at = numbers.index(clause)
    context = {
        "page": shown,
        "on": edition.on,
        "blocks": _blocks(clause, edition.on),
        "forms": _forms(clause, edition, request.GET.dict()),
        "pages": guideline().pages,
        "previous": guideline().pages[at - 1] if at else None,
        "next": guideline().pages[at + 1] if at + 1 < len(numbers) else None,
        "clause": guideline().clauses.get(clause),
    }
    return render(request, "check/guideline/page.html", context)


@require_safe
def attempt(request: HttpRequest, clause: str) -> HttpResponse:
    """The answer for the facts in the address; blank facts are unknown."""
    _page(clause)
    edition = edition_on(date.today())
    subject = request.GET.get("subject", "")
    wanted = asked(guideline(), edition, clause).get(subject)
    if wanted is None:
        raise Http404
    decisions, names = wanted
    facts, wrong = _facts(names, request.GET.dict())
    answers = [] if wrong else explain(Case(edition, decisions), facts)
    context = {"decisions": answers, "wrong": wrong, "page": guideline().page(clause), "given": bool(facts)}
    template = "check/guideline/_answer.html" if "HX-Request" in request.headers else "check/guideline/answer.html"
    return render(request, template, context, status=422 if wrong else 200)


def _page(clause: str) -> Page:
    found = guideline().page(clause)
    if found is None:
        raise Http404
    return found


@lru_cache(maxsize=64)
def _blocks(clause: str, on: date) -> tuple[Block, ...]:
    return blocks(_page(clause), edition_on(on))


def _forms(clause: str, edition: Edition, given: Mapping[str, str]) -> list[dict[str, object]]:
    """One form a subject: the facts that its decisions ask for."""
    terms = guideline().terms
    return [
        {
            "subject": subject,
            "label": subject_labels[subject],
            "decisions": [guideline().decisions[code].name for code in decisions],
            "questions": [Question(terms[code], given.get(code, ""), _types[terms[code].kind]) for code in facts],
        }
        for subject, (decisions, facts) in asked(guideline(), edition, clause).items()
    ]


def _facts(names: tuple[str, ...], given: Mapping[str, str]) -> tuple[dict[str, Fact | None], list[str]]:
    """Facts by term code, and the names of those that cannot be read."""
    facts: dict[str, Fact | None] = {}
    wrong: list[str] = []
    for code in names:
        term, text = guideline().terms[code], given.get(code, "").strip()
        if text:
            try:
                facts[code] = _fact(term, text)
            except (forms.ValidationError, ValueError):
                wrong.append(term.name)
    return facts, wrong


def _fact(term: Term, text: str) -> Fact:
    """A field's text as a fact. Raises `ValueError` or `ValidationError`."""
    known = {"yes": True, "no": False} if term.kind == "bool" else {value.code: value.code for value in term.values}
    if term.kind in ("bool", "enum"):
        if text not in known:
            raise ValueError(text)
        return known[text]
    if term.kind == "text" or any(special.code == text for special in term.specials):
        return text
    if term.kind == "date":
        return date.fromisoformat(text)
    number: float = forms.FloatField(min_value=0, max_value=1e9).clean(text)
    return int(forms.IntegerField().clean(text)) if term.kind == "int" else number
