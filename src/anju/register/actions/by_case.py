"""Writes of a case that ends: what its page says under 办结, on the authority of its steps instead of an officer's post.

Only `anju.cases` uses them, within the transaction and the journal's entry of the step that ends the case; it says what changed when all
is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from anju.government.refusals import Refused
from anju.policy.model import Fact
from anju.register import documents
from anju.register.actions.facts import document_of, replace_document, tables
from anju.register.actions.relations import check_not_drawn
from anju.register.actions.wishes import say
from anju.register.guideline import guideline
from anju.register.models import CountyFacts, Person, Relation


def put_step(*, person: str, kind: str, holder: str, since: date, because: str, evidence: str) -> None:
    """The next step of a relation; none where that place holds it already.

    Raises:
        Refused: somebody who has ended; a pension that is drawn.
    """
    found = Person.objects.unscoped().select_for_update().get(pk=person)
    if found.ended_on is not None:
        raise Refused("这个人已经注销，关系不再变动。")
    last = Relation.objects.unscoped().filter(person=found, kind=kind).order_by("-since").first()
    if last is not None and last.holder == holder:
        return
    check_not_drawn(found, kind, last, holder)
    step = Relation(
        person=found,
        kind=kind,
        holder=holder,
        since=since,
        because=because if last is not None and last.holder else _begun.get(because, because),
        evidence=evidence,
        after=last.since if last else None,
    )
    step.clean_fields(exclude=["person", "holder"])
    step.save(force_insert=True)


_begun = {"moved": "recorded"}


def put_wish(*, person: str, kind: str, choice: str, on: date, how: str) -> None:
    """What the person said in the course of a case, unless it is what he said last on that day."""
    found = Person.objects.unscoped().select_for_update().get(pk=person)
    say(person=found, kind=kind, choice=choice, on=on, how=how)


def put_facts(*, kind: str, subject: str, facts: Mapping[str, Fact | None]) -> None:
    """Recorded facts of a subject; what was known before is kept."""
    rows: Any = tables[kind].objects.unscoped()
    if kind == "county":
        CountyFacts.objects.unscoped().get_or_create(code=subject, defaults={"revision": 0})
    found = rows.select_for_update(of=("self",)).get(pk=subject)
    terms = guideline().terms
    for code, fact in facts.items():
        if fact is not None and not documents.fits(terms[code], fact):
            raise Refused(f"“{terms[code].name}”不能是“{fact}”。")
    before = document_of(found)
    kept = {key: value for key, value in before.items() if key.partition(".")[0] not in facts}
    after = kept | documents.written(facts)
    if after != before:
        replace_document(found, kind, after)
