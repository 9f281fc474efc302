"""People whose insurance a county holds although they neither came from it nor live in it: after a second move, say.

Neither wall lets the county see them, and need not: the insurer is to know whom it pays for, for its own line, and nothing else of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from anju.government.lines import Level
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.second_wall import looking_everywhere
from anju.register.among import Many
from anju.register.models import Person, Relation
from anju.register.models.relations import Kind
from anju.register.queries.lists import is_id

_insurers: Mapping[str, Kind] = {"human_resources": Kind.PENSION, "medical_security": Kind.MEDICAL}


def insured_here(officer: Officer, keys: Iterable[str], on: date) -> dict[str, Person]:
    """Those of some people whose insurance is held on a day, or was until it ended, where a post of the insurer's line at a county sits.

    By id. Whoever asks shows the name and the number, masked.
    """
    here = Q(pk__in=[])
    for scope in visible_regions(officer, timezone.localdate()):
        if scope.level == Level.COUNTY and scope.line in _insurers:
            here |= Q(kind=_insurers[scope.line], holder__gte=scope.lo, holder__lt=scope.hi)
    asked = [key for key in keys if is_id(key)]
    if not here or not asked:
        return {}
    with looking_everywhere():
        held = Relation.objects.unscoped().filter(since__lte=on).exclude(holder="")
        later = held.filter(person=OuterRef("person"), kind=OuterRef("kind"), since__gt=OuterRef("since"))
        mine = held.filter(here, ~Exists(later), person__among=Many(asked)).values_list("person_id", flat=True)
        people = Person.objects.unscoped().filter(pk__in=list(mine))
        return {str(one.pk): one for one in people}
