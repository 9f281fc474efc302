"""People by name for the office that insures them, whether it sees their file or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from anju.government.asking import Asking
from anju.register.queries.insured import insured_here
from anju.register.queries.whom import Whom, whom


def named(who: Asking, people: Sequence[str], on: date) -> Mapping[str, Whom]:
    """The people whom the officer may see, and those whom the officer's county insures on a day, without an address: by id."""
    seen = {key: one for (_, key), one in whom(who.officer, [("person", one) for one in people], who.today).items()}
    rest = [one for one in people if one not in seen]
    return seen | {key: Whom(one.name, "") for key, one in insured_here(who.officer, rest, on).items()}
