"""What the register keeps of each column, what pages say of the others, and officers who may hand in all of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from anju.exchange import storage
from anju.exchange.kinds import kind_of
from anju.exchange.models import Batch, State
from anju.exchange.queries.rows import problems
from anju.government.models import Officer
from anju.government.second_wall import looking_everywhere
from anju.register.guideline import guideline
from anju.register.models import Household, Membership, Person, Relation, Site
from anju.tables.headers import recognise, vocabulary
from tests.exchange.cast import ORIGIN, VILLAGE, merged
from tests.register.cast import number

HOME = "5000000000000001"
BASE = {"姓名": "张青山", "证件号码": number(1), "户编号": HOME, "与户主关系": "户主"}
KEPT: Mapping[str, tuple[str, ...]] = {
    "@name": ("张青山", "name=张青山"),
    "@id": (number(1), f"id={number(1)}"),
    "@sex": ("男", "sex=男"),
    "@people": ("苗族", "people=苗族"),
    "@phone": ("13800000001", "phone=13800000001"),
    "@household": (HOME, f"home={HOME}"),
    "@relation": ("户主", "relation=户主"),
    "@head": ("张青山", "name=张青山"),
    "@head_id": (number(1), f"id={number(1)}"),
    "@site": ("甲点", "site=甲点"),
    "@address": ("一号", "address=一号"),
    "birth_date": ("1980-05-06", "birth=1980-05-06"),
    "origin_code": (ORIGIN, "origin=500154"),
    "destination_code": (VILLAGE, "destination=500235"),
    **{f"@origin_{part}": ("重庆市", "origin=500154") for part in ("province", "city")},
    **{f"@origin_{part}": ("开州区", "origin=500154") for part in ("county", "place")},
    **{f"@destination_{part}": ("重庆市", "destination=500235") for part in ("province", "city")},
    **{f"@destination_{part}": ("云阳县", "destination=500235") for part in ("county", "place")},
    **{f"@{part}": ("重庆市", "destination=500235") for part in ("province", "city")},
    "@county": ("云阳县", "destination=500235"),
    "@origin_township": ("汉丰街道", "origin=500154001", f"origin={ORIGIN}"),
    "@destination_township": ("双江街道", "destination=500235001", f"destination={VILLAGE}"),
    "@township": ("双江街道", "destination=500235001", f"destination={VILLAGE}"),
    "@village": ("某某村", f"destination={VILLAGE}"),
    "@origin_village": ("某某村", f"origin={ORIGIN}"),
    "@destination_village": ("某某村", f"destination={VILLAGE}"),
    "relocatee_kind": ("同步搬迁", "relocatee_kind=concurrent"),
    "settlement_mode": ("集中安置", "settlement_mode=centralized"),
    "hukou_moved": ("否", "hukou=500154"),
    "moved_in_on": ("2020-05-01", "moved_in_on=2020-05-01", "household_moved_in_on=2020-05-01"),
    "party_member": ("群众", "party_member=False"),
    "~resident_medical": ("是", "medical_status=resident"),
    "~employee_medical": ("否", "medical_status=resident"),
    "~resident_pension": ("是", "pension_status=contributing"),
    "~employee_pension": ("否", "pension_status=contributing"),
    "~pension_drawing": ("否", "pension_status=contributing"),
    "~dibao": ("是", "assistance_kind=dibao"),
    "~household_type": ("低保户", "assistance_kind=dibao"),
    "~tekun": ("否", "assistance_kind=dibao"),
    "~last_visit": ("2026-06-01", "days_since_visit="),
    "persons": ("30", "persons=30"),
    "~site_registered": ("10", "persons=30"),
    "~site_concurrent": ("20", "persons=30"),
    "~flag_10000": ("否", "persons=30"),
    "~flag_800": ("否", "persons=30"),
}
"""What a column gives → a cell, and what the register then has of it, or of that with which it was compared."""
CALLED = {"@site": "安置点", "@address": "住址", "@relation": "与户主关系", "moved_in_on": "户入住日"}
"""What notes on a row call a column."""
PHRASES = {
    **dict.fromkeys(("@head", "@head_id", "@id"), "写的户主没有留下"),
    "@village": "更细的没有留下",
    "@origin_village": "“迁出地”有 1 行写的名称比区划表细",
    "@destination_village": "“迁入地”有 1 行写的名称比区划表细",
}
"""What is said of a column that is not called by its name."""


def gives(header: str, kind: str) -> str:
    known = recognise(header, vocabulary(guideline(), kind_of(kind).headers))
    assert known is not None, header
    return known.header.gives


def cell(header: str, kind: str) -> str:
    return KEPT.get(gives(header, kind), ("写了", ""))[0] or "写了"


def said(by: Officer, batch: Batch) -> list[str]:
    return [*storage.notes(batch), *(text for _, _, _, text in problems(by, batch))]


def told(by: Officer, batch: Batch, header: str, of: str) -> bool:
    """Whether the page says of a column that something is not kept."""
    words = "|".join(map(re.escape, {header, CALLED.get(of, header)}))
    listed = re.compile(rf"[：、“看]({words})(?=[、。；”（）])")
    return any(listed.search(text) or PHRASES.get(of, "\0") in text for text in said(by, batch))


def held() -> set[str]:
    """What the register has, each as ``what=value``."""

    def of(one: Person | Household | Site) -> Iterator[str]:
        guarded = one.guarded.reveal() if isinstance(one, Person) and one.guarded else "{}"
        yield from (f"{key}={value}" for key, value in {**one.facts, **json.loads(guarded)}.items())

    found: set[str] = set()
    with looking_everywhere():
        for person in Person.objects.unscoped():
            sealed = {"id": person.number, "phone": person.phone}
            found |= {f"{key}={value.reveal()}" for key, value in sealed.items() if value}
            found |= {
                f"name={person.name}",
                f"sex={person.sex}",
                f"people={person.people}",
                f"birth={person.birth_date}",
            }
            found |= {f"origin={person.origin}", f"destination={person.destination}", *of(person)}
        for home in Household.objects.unscoped().select_related("site"):
            found |= {f"home={home.code}", f"origin={home.origin}", f"destination={home.destination}", *of(home)}
            found |= {f"site={home.site.name}"} if home.site else set()
            found |= {f"address={home.address.reveal()}"} if home.address else set()
        for site in Site.objects.unscoped():
            found |= {f"site={site.name}", f"destination={site.region}", *of(site)}
        found |= {f"relation={one.relation}" for one in Membership.objects.unscoped()}
        found |= {f"{one.kind}={one.holder}" for one in Relation.objects.unscoped()}
    return found


def without_a_word(by: Officer, batch: Batch, kind: str, headers: Iterable[str]) -> list[str]:
    """The columns that are neither kept nor told of."""
    there = held()

    def kept(of: str) -> bool:
        return any(token and one.startswith(token) for token in KEPT.get(of, ("",))[1:] for one in there)

    return [h for h in headers if not kept(gives(h, kind)) and not told(by, batch, h, gives(h, kind))]


def taken(batch: Batch, by: Officer) -> None:
    """Merge what there is to be merged."""
    if {verdict for counts in batch.counts.values() for verdict in counts} & {"new", "change"}:
        assert merged(batch, by).state == State.MERGED
