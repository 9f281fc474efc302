"""Places by their names, as officers say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from anju.government.models import Region
from anju.government.regions.table import chongqing, county, name_of, province, significant, township, village


class Names:
    """The names of some codes; those of villages are asked from the database once."""

    def __init__(self, codes: Iterable[str], on: date) -> None:
        self._on = on
        self._villages: Mapping[str, str] = {}
        below = {code for code in codes if len(significant(code)) == village}
        if below:
            rows = Region.objects.filter(code__in=below, since__lte=on, until__gt=on)
            self._villages = dict(rows.values_list("code", "name"))

    def __call__(self, code: str) -> str:
        """The place from the county down: 云阳县双龙镇六合村. A province outside Chongqing stands in front; "" for no code."""
        if not code:
            return ""
        full = significant(code)
        lengths = (
            [county, township] if full.startswith(chongqing) and len(full) > province else [province, county, township]
        )
        heads = dict.fromkeys(full[:length] for length in lengths if len(full) >= length)
        named = "".join(name_of(head, self._on) or "" for head in heads) or full
        return named + (self.village(code) if len(full) == village else "")

    def near(self, code: str) -> str:
        """The place from the township down, for those who know which county it is."""
        full = significant(code)
        if len(full) < township:
            return self(code)
        named = name_of(full[:township], self._on)
        return (named or self(code)) + (self.village(code) if len(full) == village and named else "")

    def village(self, code: str) -> str:
        """The village's own name; its last digits where nobody has named it."""
        return self._villages.get(code) or f"（{code[township:]}）"
