"""换届: what was recorded for one election of the committees says nothing of the next one (2.3-5, domain 1.9, I6).

An election day a term later than the one on record begins it: nobody is registered for it yet, no meeting has agreed, no list is published.
What somebody chose before, he chose for the last one; he is asked anew. A day that is nearer is the same election put off, or put right.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from django.utils.translation import gettext as _

from anju.calendar.periods import add_years
from anju.policy.edition import value_on
from anju.policy.model import Fact
from anju.register import documents
from anju.register.guideline import guideline

day_of_election = "election_day"
_apart = "换届相隔"
_anew: Mapping[str, Fact | None] = {
    "voter_registrations": 0,
    "barred_from_list": None,
    "assembly_consent": False,
    "voter_appeal": "not_published",
    "voter_list_published_on": None,
    "voter_appeal_on": None,
}
"""What is recorded for one election, and what is known of it where another one begins."""
unsaid = "unstated"


def ended(before: Mapping[str, object], after: Mapping[str, object]) -> date | None:
    """The day of the last election, where a document gets that of another term in its place; else None."""
    was, comes = (document.get(day_of_election) for document in (before, after))
    if was == comes or not isinstance(was, str) or not isinstance(comes, str):
        return None
    last, day = date.fromisoformat(was), date.fromisoformat(comes)
    years = value_on(guideline().parameters.get(_apart, ()), day)
    return last if isinstance(years, Fraction) and day >= add_years(last, int(years)) else None


def begun(before: documents.Document, after: documents.Document) -> documents.Document:
    """The document where another term begins with it: what it says of the last election no longer stands, unless it was told anew."""
    if ended(before, after) is None:
        return after
    old = {code for code in _anew if code in before and after.get(code) == before[code]}
    kept = {key: value for key, value in after.items() if key not in old}
    return kept | documents.written({code: _anew[code] for code in old})


def begins_anew() -> str:
    """What another term resets, in a sentence for whoever records its election day."""
    terms = guideline().terms
    names = "、".join(terms[code].name for code in _anew if code in terms)
    return _("选举日换成下一届的，%(names)s都重新开始，选择重新问本人；只是推迟、改期的不变。") % {"names": names}


def asked_on(last: date, on: date) -> date:
    """From which day on nothing is said for the next election: the day after the last one."""
    return min(last + timedelta(1), on)
