"""Recording facts of a subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from anju.government.models import Officer
from anju.government.refusals import Refused, one_deed
from anju.policy.model import Fact, Term
from anju.register import documents, new_term
from anju.register.actions.wishes import unsay
from anju.register.actions.within import check_work, locked, not_there, note, open_scope, scopes_of
from anju.register.changes import changed
from anju.register.facts import is_special_alone, provided, stands_against
from anju.register.guideline import guideline, recorded_terms
from anju.register.models import CountyFacts, Former, Household, Person, Site
from anju.register.models.wishes import WishKind
from anju.sealing.ciphertext import Sealed

tables: Mapping[str, type[Any]] = {"person": Person, "household": Household, "site": Site, "county": CountyFacts}

_places: Mapping[str, tuple[str, ...]] = {
    "person": ("origin", "destination"),
    "household": ("origin", "destination"),
    "site": ("region",),
    "county": ("code",),
}


def record_facts(
    *,
    by: Officer,
    kind: str,
    subject: str,
    facts: Mapping[str, Fact | None],
    because: str = "",
    revision: int | None = None,
) -> None:
    """Change recorded facts of a person, a household, a site or a county; None takes a fact back to unknown.

    Args:
        because: on what grounds.
        revision: the one that the officer saw; another one now means that somebody was faster.

    Raises:
        Refused: out of reach, another line's work, a fact that follows from rows or against which they stand, a value that the term does
            not have.
    """
    with one_deed():
        scopes = scopes_of(by)
        if kind == "county":
            begin_county(by, subject)
        found = locked(tables[kind], by, subject)
        if revision is not None and found.revision != revision:
            raise Refused("别人刚刚改过，请打开最新的再改。")
        places = [getattr(found, column) for column in _places[kind]]
        for code, fact in facts.items():
            term = _term(kind, code, fact)
            check_work(scopes, term.clause, *places)
            if why_not := stands_against(kind, str(found.pk), term, fact):
                raise Refused(why_not)
        before = document_of(found)
        after = _changed(before, facts)
        if after == before:
            return
        replace_document(found, kind, after)
        note(by, "record_facts", kind, found.pk, terms=sorted(facts), because=because)
        changed(kind, [str(found.pk)])


def begin_county(by: Officer, code: str) -> None:
    """A county has a row from the first fact on that is recorded of it, or the first case; then it owes what any county does. Raises
    `Refused`.
    """
    scopes = scopes_of(by)
    if not any(scope.lo <= code < scope.hi for scope in scopes):
        raise Refused(not_there)
    if CountyFacts.objects.visible_to(by, purpose="经办").filter(pk=code).exists():
        return
    open_scope(scopes)
    begun = CountyFacts(code=code, revision=0)
    begun.full_clean(exclude=["facts"], validate_unique=False)
    CountyFacts.objects.bulk_create([begun], ignore_conflicts=True)
    changed("county", [code])


def document_of(subject: Any) -> documents.Document:
    """The whole document of a subject, the sealed part included."""
    sealed: Sealed | None = getattr(subject, "guarded", None)
    return {**subject.facts, **(documents.loads(sealed.reveal()) if sealed else {})}


def replace_document(subject: Any, kind: str, after: documents.Document) -> None:
    """Store another document and keep the one before, with the places and the birth date that held meanwhile. With the election day of
    another term a person is asked anew where to vote.
    """
    keep_former(subject, kind)
    last = new_term.ended(subject.facts, after)
    after = new_term.begun(subject.facts, after)
    open_part, hidden = documents.parted(after)
    subject.facts = open_part
    fields = ["facts", "revision"]
    if kind == "person":
        subject.guarded = documents.text(hidden) if hidden else None
        fields.append("guarded")
    subject.revision += 1
    subject.save(update_fields=fields)
    if last is not None:
        unsay(person=subject, kind=WishKind.ELECTION, until=last, how="换届")


def keep_former(subject: Any, kind: str) -> None:
    """Keep what is known of a subject until now, before it changes."""
    former = Former(
        subject_kind=kind,
        subject_id=str(subject.pk),
        until=timezone.now(),
        facts={**subject.facts, **documents.written(row_facts(subject))},
        revision=subject.revision,
    )
    sealed: Sealed | None = getattr(subject, "guarded", None)
    if sealed is not None:
        former.guarded = sealed.reveal()
    former.save(force_insert=True)


def row_facts(subject: Any) -> dict[str, Fact | None]:
    """Facts that stand in columns of the subject's own row."""
    columns = {"origin": "origin_code", "destination": "destination_code", "birth_date": "birth_date"}
    return {term: getattr(subject, column, None) or None for column, term in columns.items()}


def _changed(document: documents.Document, facts: Mapping[str, Fact | None]) -> documents.Document:
    kept = {key: value for key, value in document.items() if key.partition(".")[0] not in facts}
    return kept | documents.written(facts)


def _term(kind: str, code: str, fact: Fact | None) -> Term:
    """The term, if it may be recorded so. Raises `Refused`."""
    term = guideline().terms.get(code)
    if term is None or term not in recorded_terms(kind):
        raise Refused(f"没有“{code}”这项事实。")
    if provided(kind, code) and not is_special_alone(code):
        raise Refused(f"“{term.name}”由登记的关系、意愿或地点得出，请在那里改。")
    if is_special_alone(code) and fact is not None and fact not in {value.code for value in term.specials}:
        raise Refused(f"“{term.name}”的数由逐月的记录得出；这里只记“{'、'.join(v.label for v in term.specials)}”。")
    if fact is not None and not documents.fits(term, fact):
        raise Refused(f"“{term.name}”不能是“{fact}”。")
    return term
