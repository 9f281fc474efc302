"""When what is known of a subject last changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anju.register import documents
from anju.register.models import CountyFacts, Former, Household, Person, Site
from anju.sealing.ciphertext import Sealed

_kinds: Mapping[type[Any], str] = {Person: "person", Household: "household", Site: "site", CountyFacts: "county"}


def last_changed(subject: Person | Household | Site | CountyFacts) -> dict[str, datetime]:
    """Recorded term → when it last became something else; a term that is as it was at first is not in it.

    The subject is one that the officer sees; which terms the officer sees is for `anju.register.privacy` to say.
    """
    stood = Former.objects.filter(subject_kind=_kinds[type(subject)], subject_id=str(subject.pk)).order_by("revision")
    former = [(one.until, _document(one)) for one in stood]
    found: dict[str, datetime] = {}
    for at, (until, before) in enumerate(former, start=1):
        after = former[at][1] if at < len(former) else _document(subject)
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                found[key.partition(".")[0]] = until
    return found


def _document(row: Any) -> documents.Document:
    """The recorded facts of a subject or of what it was, sealed ones included."""
    sealed: Sealed | None = getattr(row, "guarded", None)
    return {**row.facts, **(documents.loads(sealed.reveal()) if sealed else {})}
