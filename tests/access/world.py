"""Two families that have nothing to do with each other, with words in every field that occur nowhere else.

A word of one family in an answer to somebody who may not see it is a leak, wherever it stands: in a page, a header, a file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from django.utils import timezone

from anju.cases.actions import keep_paper, open_case
from anju.cases.models import Bundle, Case, Objection, Paper
from anju.documents.actions import Kind, draft
from anju.documents.content import Content
from anju.documents.models import Letter
from anju.documents.offices import Office
from anju.exchange.exporting.asked import stored
from anju.exchange.models import Batch, Export, Stage
from anju.exchange.staging import keep
from anju.government.models import Officer, Region, never
from anju.government.second_wall import everything
from anju.payments.models import Amount, Closing, Comparison, Month, Payer, RentGrant, Settlement
from anju.payments.models import Batch as Premiums
from anju.payments.months import month_of, shifted
from anju.policy.model import Fact
from anju.register.actions import create_household, create_person, create_site
from anju.register.models import CountyFacts, Household, Joining, Membership, PartyLife, Person, Relation, Site, Wish
from anju.register.models.subjects import new_id
from anju.register.queries.lists import Filters
from anju.sealing.blind_index import keyed_digest
from tests.access.astray import beside, crossed, gone, moved_away, overdue
from tests.access.compared import compared, premiums, rent
from tests.access.noticed import doubled, noticed, sent, voting
from tests.government.cast import client, hold, officer, post
from tests.register.cast import number

ORIGIN, DESTINATION = "500154101201", "500235104202"
SIBLING, OTHER_TOWNSHIP, OTHER_COUNTY = "500235104203", "500235105000", "500236000000"
FAR_ORIGIN, FAR_DESTINATION = "500236101201", "500236102202"
YESTERDAY, LONG_AGO = timezone.localdate() - timedelta(days=1), date(2024, 1, 1)
closing_month = shifted(month_of(timezone.localdate()), -2)
"""An office's month that waits to be closed."""


@dataclass(frozen=True, slots=True)
class Family:
    """A household with a member, a site, and the words that give it away.

    ``open`` words are seen by whoever sees the family, ``sealed`` ones only when asked for in full, those ``by_clause`` only by the lines
    that do the clause's work.
    """

    site: Site
    household: Household
    person: Person
    joining: Joining
    batch: Batch
    export: Export
    bundle: Bundle
    case: Case
    paper: Paper
    noticed: Case
    objection: Objection
    letter: Letter
    voting: Case
    settlement: Settlement
    premiums: Premiums
    rent: RentGrant
    comparison: Comparison
    county: str
    origin: str
    destination: str
    open: frozenset[str]
    sealed: frozenset[str]
    by_clause: Mapping[str, str]

    def waits_for(self, role: Role) -> bool:
        """Whether the case of the family's place to vote waits for the role's seat: that of the village it moved to."""
        return (self.destination, "village", "committee") in role.posts


@dataclass(frozen=True, slots=True)
class Role:
    """Who asks: an account with posts (region, level, line, since, until), another office's system with one, or a resident."""

    name: str
    posts: tuple[tuple[str, str, str], ...] = ()
    duty: str = Officer.Duty.HANDLER
    ended: bool = False


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role("迁入村村居", ((DESTINATION, "village", "committee"),)),
        Role("迁出村村居", ((ORIGIN, "village", "committee"),)),
        Role("迁入镇民政", (("500235104000", "township", "civil_affairs"),)),
        Role("迁入县组织", (("500235000000", "county", "organisation"),)),
        Role("迁入县医保", (("500235000000", "county", "medical_security"),)),
        Role("迁入县公安", (("500235000000", "county", "public_security"),)),
        Role("市民政", (("500000000000", "city", "civil_affairs"),)),
        Role("两处任职", (("500154101000", "township", "civil_affairs"), (OTHER_COUNTY, "county", "civil_affairs"))),
        Role("两县两条线", (("500235000000", "county", "civil_affairs"), (OTHER_COUNTY, "county", "organisation"))),
        Role("邻村村居", ((SIBLING, "village", "committee"),)),
        Role("邻镇民政", ((OTHER_TOWNSHIP, "township", "civil_affairs"),)),
        Role("外县民政", ((OTHER_COUNTY, "county", "civil_affairs"),)),
        Role("离任村居", ((DESTINATION, "village", "committee"),), ended=True),
        Role("没有岗位"),
        Role("系统管理员", duty=Officer.Duty.SYSTEM),
        Role("安全管理员", duty=Officer.Duty.SECURITY),
        Role("审计员", duty=Officer.Duty.AUDIT),
        Role("接口迁入村村居", ((DESTINATION, "village", "committee"),), duty=Officer.Duty.CLIENT),
        Role("接口迁入县医保", (("500235000000", "county", "medical_security"),), duty=Officer.Duty.CLIENT),
        Role("接口外县民政", ((OTHER_COUNTY, "county", "civil_affairs"),), duty=Officer.Duty.CLIENT),
        Role("接口停用", ((DESTINATION, "village", "committee"),), duty=Officer.Duty.CLIENT, ended=True),
        Role("居民", duty="resident"),
    )
}


def sees(role: Role, family: Family) -> bool:
    """Whether the role may see the family: said here once more, by the digits of the codes alone."""
    if role.ended or role.duty not in (Officer.Duty.HANDLER, Officer.Duty.CLIENT):
        return False
    return bool(lines(role, family))


def sees_batch(role: Role, family: Family) -> bool:
    """Whether the role sees the family's batch, or its export, which belong to its destination."""
    return sees(role, replace(family, origin=family.destination))


def lines(role: Role, family: Family) -> frozenset[str]:
    """The lines of those of the role's posts that reach the family: a post elsewhere gives nothing here."""
    heads = [(region.rstrip("0") if level != "village" else region, line) for region, level, line in role.posts]
    places = (family.origin, family.destination)
    return frozenset(line for head, line in heads if any(place.startswith(head) for place in places))


def system(role: Role) -> tuple[Officer, str]:
    """The account of another office's system, and its secret."""
    ((region, level, line),) = role.posts
    until = timezone.localdate() if role.ended else never
    made, secret = client(region, level, line, name=f"{role.name}系统", since=LONG_AGO, until=until)
    return made.officer, secret


def account(role: Role) -> Officer:
    """The role's officer, who holds the posts until today or held them until yesterday."""
    who = officer(f"r{list(ROLES).index(role.name)}", name="王干部", duty=role.duty)
    who.set_unusable_password()  # comes in by the city's own sign-in
    who.save(update_fields=["password"])
    for region, level, line in role.posts:
        held = post(region, level, line)
        if role.ended:
            hold(who, held, LONG_AGO, YESTERDAY)
        else:
            hold(who, held, LONG_AGO)
    return who


def villages() -> None:
    """The villages that the families live in, under names that give nothing away."""
    named = {ORIGIN: "甲村", DESTINATION: "乙村", SIBLING: "丙村", FAR_ORIGIN: "丁村", FAR_DESTINATION: "戊村"}
    for code, name in named.items():
        Region.objects.get_or_create(code=code, name=name, level=Region.Kind.VILLAGE)


def family(mark: str, order: int, origin: str, destination: str) -> Family:
    """A family all of whose words begin with a mark (one rare character)."""
    keeper = officer(f"keeper{order}", name="某登记员")
    hold(keeper, post(destination, "village", "committee"), LONG_AGO)
    site = create_site(by=keeper, name=f"{mark}安置点", region=destination, facts={"households": 10 + order})
    household = create_household(
        by=keeper,
        household_code=f"99{order:014d}",
        origin=origin,
        destination=destination,
        site=site,
        address=f"{mark}街{order}号",
        facts={"relocatee_kind": "registered_poor", "settlement_mode": "centralized", "paired_officers": 0},
    )
    facts: dict[str, Fact | None] = {
        "party_member": True,
        "medical_status": "uninsured",
        "hukou_moved": False,
        "rural_house": False,
    }
    person = create_person(
        by=keeper,
        name=f"{mark}青山",
        number=number(700 + order),
        phone=f"1380000{7000 + order}",
        household=household,
        relation="户主",
        facts=facts,
    )
    with everything():
        for kind, word in (("party", f"{mark}支部"), ("medical", f"{mark}医保")):
            Relation.objects.create(
                person=person, kind=kind, holder=origin, place_name=word, since=LONG_AGO, because="recorded"
            )
        PartyLife.objects.create(person=person, place=destination, place_name=f"{mark}支部活动", since=LONG_AGO)
        _assistance(person, origin, f"{mark}核查")
        Wish.objects.create(person=person, kind="hukou", choice="willing", on=LONG_AGO, how=f"{mark}面谈")
        county = f"{destination[:6]}000000"
        CountyFacts.objects.unscoped().get_or_create(code=county)
    case = open_case(
        by=keeper,
        procedure="transfer_pension",
        subject=str(person.pk),
        applied_on=timezone.localdate(),
        how=f"{mark}到场",
    )
    published, objection = noticed(keeper, person, mark, order)
    return Family(
        site=site,
        household=household,
        person=person,
        joining=doubled(keeper, person, f"{mark}身份证"),
        batch=_batch(keeper, person, household, f"1380000{7000 + order}", number(700 + order)),
        export=_export(keeper, person),
        bundle=sent(keeper, case, f"{mark}到场"),
        case=case,
        paper=keep_paper(
            by=keeper,
            case=case.pk,
            kind="consent",
            about=f"{mark}授权",
            content=f"%PDF-1.4\n{mark}到场\n%%EOF".encode(),
        ),
        noticed=published,
        objection=objection,
        letter=_letter(keeper, person, case, number(700 + order)),
        voting=voting(keeper, person, mark),
        settlement=_settlement(keeper, person, county, f"{mark}医保"),
        premiums=premiums(keeper, person, county, 2020 + order),
        rent=rent(keeper, person, household, f"{mark}园"),
        comparison=compared(person, county, f"{mark}医保"),
        county=county,
        origin=origin,
        destination=destination,
        open=frozenset({site.name, person.name, household.code, str(person.pk), str(household.pk), str(site.pk)}),
        sealed=frozenset({number(700 + order), f"1380000{7000 + order}", f"{mark}街"}),
        by_clause={
            "1.1": f"{mark}面谈",
            "1.2": f"{mark}支部",
            "1.3": f"{mark}邻居",
            "1.4": f"{mark}园",
            "1.5": f"{mark}到场",
            "1.6": f"{mark}医保",
            "1.7": f"{mark}核查",
        },
    )


def _assistance(person: Person, origin: str, reason: str) -> None:
    """Two months of dibao that the origin pays: one that is over, paid by the destination as well; this one is held back."""
    payer, now = f"{origin[:9]}000", month_of(timezone.localdate())
    before = shifted(now, -1)
    Payer.objects.create(person=person, kind="dibao", payer=payer, since=before, because=reason)
    for office in (payer, f"{person.destination[:9]}000"):
        Amount.objects.create(
            person=person, kind="dibao", month=before, payer=office, sort="paid", amount=420, on=timezone.localdate()
        )
    Month.objects.create(person=person, kind="dibao", month=before, payer=payer, state="paid")
    Month.objects.create(person=person, kind="dibao", month=now, payer=payer, state="held", reason=reason)


def _settlement(keeper: Officer, person: Person, county: str, word: str) -> Settlement:
    """A bill that the destination's county has settled."""
    amounts = {"total": "10.00", "basic": "5.00", "catastrophic": "0.00", "assistance": "4.00", "own": "1.00"}
    row = Settlement(
        person=person,
        insured=county,
        year=2025,
        seq=1,
        bill=keyed_digest("bill", word),
        by=keeper,
        **{part: Decimal(amount) for part, amount in amounts.items()},
    )
    told = {"institution": word, "number": word, "on": "2025-03-01", "kind": "住院", "level": "一级", "tier": "一档"}
    row.told = json.dumps(
        {**told, **amounts, "group": "低保", "outside": "0.00", "first": "0.00", "burden": "5.00", "steps": []}
    )
    with everything():
        row.save(force_insert=True)
    return row


def _batch(keeper: Officer, person: Person, household: Household, phone: str, id_number: str) -> Batch:
    """A list that waits: somebody new of the family's name, the person under another name, and a row with something to be read."""
    known: dict[str, Any] = {
        "@person": str(person.pk),
        "@found": True,
        "@id": id_number,
        "<@name": person.name,
        "@phone": phone,
    }
    rows: list[dict[str, Any]] = [
        {"@name": f"{person.name}子", "@verdict": "new", "@conflicts": [], "@person": str(new_id()), "@found": False},
        {"@name": f"{person.name}水", "@verdict": "conflict", "@conflicts": ["name_differs"], **known},
        {"@name": person.name, "@verdict": "change", "@conflicts": [], "@notes": f"{person.name}要核对", **known},
    ]
    homes: list[dict[str, Any]] = [
        {"@household": household.code, "@verdict": "same", "@conflicts": [], "@home": str(household.pk)}
    ]
    schema = {"@at": pl.UInt32, "@row": pl.UInt32, "@sheet": pl.String, "@notes": pl.String}
    batch = Batch(
        kind="people",
        file_name=f"{person.name}.xlsx",
        digest="0" * 64,
        size=1,
        region=household.destination,
        on=timezone.localdate(),
        uploaded_by=keeper,
    )
    frames = {
        subject: pl.DataFrame(
            [{"@at": at, "@row": at + 2, "@sheet": "名单", "@notes": None, **row} for at, row in enumerate(listed)],
            schema_overrides=schema,
        )
        for subject, listed in (("household", homes), ("person", rows))
    }
    with everything():
        batch.save(force_insert=True)
        keep(batch, frames, [])
        return Batch.objects.unscoped().get(pk=batch.pk)


def _export(keeper: Officer, person: Person) -> Export:
    """A list with numbers in full, searched by the person's name, that waits for somebody to approve it."""
    export = Export(
        officer=keeper,
        region=person.destination,
        lines="committee",
        kind="people",
        filters=stored(Filters(text=person.name)),
        full=True,
        purpose="核对",
        stage=Stage.WAITING,
        decide_by=timezone.now() + timedelta(days=7),
        rows=2,
        alone=1,
        asked_at=timezone.now(),
    )
    with everything():
        export.save(force_insert=True)
    return export


def _letter(keeper: Officer, person: Person, case: Case, id_number: str) -> Letter:
    """A form of the destination's village, about the person's case, with the ID number."""
    return draft(
        by=keeper,
        office=Office("committee", "village", person.destination),
        kind=Kind("pension_transfer_application", "关系转入申请表", "表", "1.5"),
        content=Content(f"{person.name}申请表", facts=[("姓名", person.name), ("身份证件号码", {"id": id_number})]),
        matters=[("case", str(case.pk))],
    )


def entangled(own: Family, far: Family) -> tuple[Family, Family, Family]:
    """The families with kin in each other's households; the third is whoever of the own place lives in the far household.

    A daughter of the far place belongs to the own household, a lodger of the own place to the far one, and a household of the far place
    has a flat at a site of the own place: whoever sees one of two does not see the other with it.
    """
    with everything():
        daughter = Person.objects.create(name="彧表妹", origin=far.origin, destination=far.destination)
        lodger = Person.objects.create(name="麃寄居", origin=own.origin, destination=own.destination)
        for person, home in ((daughter, own.household), (lodger, far.household)):
            Membership.objects.create(person=person, household=home, relation="之女", since=LONG_AGO)
        shared = Site.objects.create(name="共用安置点", region=own.destination)
        flat = Household.objects.create(
            code=f"98{far.household.code[2:]}", origin=far.origin, destination=far.destination, site=shared
        )
        guest = Person.objects.create(name="彧租客", origin=far.origin, destination=far.destination)
        Membership.objects.create(person=guest, household=flat, relation="户主", since=LONG_AGO)
        for of in (own, far):
            Closing.objects.create(payer=f"{of.origin[:9]}000", month=closing_month, asked_by=of.export.officer)
        overdue(far.export.officer, far.person)
        gone(own.case, far.person)
        moved_away(own.premiums, far.person)
        beside(own.rent, far.person, SIBLING)
        crossed(own.person, far.person)
    return (
        replace(own, open=own.open | {lodger.name, str(lodger.pk)}),
        replace(
            far, open=far.open | {daughter.name, str(daughter.pk), flat.code, str(flat.pk), guest.name, str(guest.pk)}
        ),
        replace(own, person=lodger, open=own.open | {lodger.name, str(lodger.pk)}),
    )
