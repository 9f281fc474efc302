"""The form of the facts of a clause: a field a term, blank where nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from anju.desk.forms.fields import DeskForm, dress
from anju.government.models import Officer
from anju.policy.model import Fact, Term
from anju.register.actions import record_facts
from anju.register.facts import is_special_alone
from anju.register.new_term import begins_anew, day_of_election

_most = 1e12
_unknown = ("", _("不知道"))
_yes_or_no = (_unknown, ("yes", _("是")), ("no", _("否")))


class FactsForm(DeskForm):
    """What is known of some terms; a term with special values beside its numbers (从未) has a second field for them."""

    because = forms.CharField(
        label=_("依据"), max_length=200, required=False, help_text=_("凭什么改：证明、文件、本人说明。")
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, terms: Sequence[Term], known: Mapping[str, Fact], revision: int, data: Any = None) -> None:
        first = {key: value for term in terms for key, value in _written(term, known.get(term.code)).items()}
        super().__init__(data, initial={**first, "revision": revision})
        self._terms, self._known = terms, known
        for term in terms:
            for name, field in _fields(term).items():
                dress(field)
                self.fields[name] = field
        if day_of_election in self.fields:
            self.fields[day_of_election].help_text = begins_anew()
        self.order_fields([name for term in terms for name in _fields(term)])

    def clean(self) -> dict[str, Any]:
        """A number and a special value exclude each other."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for term in self._terms:
            if term.specials and cleaned.get(term.code) is not None and cleaned.get(_special(term)):
                self.add_error(_special(term), _("填了数就不选这一项。"))
        return cleaned

    def changes(self) -> dict[str, Fact | None]:
        """The facts that are other than what was known; None: no longer known."""
        given = {term.code: self._fact(term) for term in self._terms}
        known = {term.code: self._known.get(term.code) for term in self._terms}
        for term in self._terms:
            if is_special_alone(term.code) and not _is_special(term, known[term.code]):
                known[term.code] = None
        return {code: fact for code, fact in given.items() if fact != known[code]}

    def record(self, *, by: Officer, kind: str, subject: str) -> None:
        """Record what was changed. Raises `Refused`."""
        given = self.cleaned_data
        record_facts(
            by=by,
            kind=kind,
            subject=subject,
            facts=self.changes(),
            because=given["because"],
            revision=given["revision"],
        )

    def _fact(self, term: Term) -> Fact | None:
        value = self.cleaned_data.get(term.code)
        if term.kind == "bool":
            return {"yes": True, "no": False}.get(value or "")
        if value in (None, ""):
            return self.cleaned_data.get(_special(term)) or None
        fact: Fact = value
        return fact


def _fields(term: Term) -> dict[str, forms.Field]:
    alone = is_special_alone(term.code)
    made: dict[str, forms.Field] = {} if alone else {term.code: _field(term)}
    if term.specials:
        special = [("", "—"), *((value.code, value.label) for value in term.specials)]
        label = term.name if alone else _("%(name)s：不是数的") % {"name": term.name}
        made[_special(term)] = forms.ChoiceField(label=label, choices=special, required=False)
    return made


def _field(term: Term) -> forms.Field:
    options: dict[str, Any] = {"label": term.name, "required": False}
    if term.kind == "bool":
        return forms.ChoiceField(choices=_yes_or_no, **options)
    if term.kind == "enum":
        return forms.ChoiceField(choices=[_unknown, *((v.code, v.label) for v in term.values)], **options)
    if term.kind == "int":
        return forms.IntegerField(min_value=0, max_value=int(_most), **options)
    if term.kind == "number":
        any_step = forms.NumberInput(attrs={"step": "any"})
        return forms.FloatField(min_value=0, max_value=_most, widget=any_step, **options)
    if term.kind == "date":
        return forms.DateField(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)
    return forms.CharField(max_length=200, **options)


def _written(term: Term, fact: Fact | None) -> dict[str, Any]:
    """What stands in a term's fields for a fact."""
    if isinstance(fact, bool):
        return {term.code: "yes" if fact else "no"}
    if isinstance(fact, date):
        return {term.code: fact}
    return {_special(term): fact} if _is_special(term, fact) else {term.code: fact}


def _is_special(term: Term, fact: Fact | None) -> bool:
    return any(fact == value.code for value in term.specials)


def _special(term: Term) -> str:
    return f"{term.code}.special"
