"""Letters of steps: filled from the ledger and the case, for one case or for many, numbered, and taken into the step."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import uuid4

import pytest
from pytest_django import Settings

from anju.cases.actions import open_case, take_step
from anju.cases.fields import Value
from anju.cases.letters import Asked, Known, content_of, letters_of, matter, offices_to, paper_for
from anju.cases.models import Case
from anju.cases.procedures import Running, subject_of
from anju.cases.turns import place_at
from anju.documents.actions import Kind, draft, issue, name_office, receive
from anju.documents.content import Content
from anju.documents.models import Addressee, Letter, Matter
from anju.documents.offices import Office
from anju.documents.rendering.docx import docx
from anju.documents.rendering.pdf import pdf
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as JournalEntry
from anju.register.actions import create_site
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.cases.fitting import fit
from tests.desk.cast import browser
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ELSEWHERE, KAIZHOU, ORIGIN, YUNYANG, number, zhang

pytestmark = pytest.mark.django_db
PAGES = guideline()
BY_LETTER, LETTER = "transfer_assistance_by_letter", "assistance_transfer_letter"


def at_letter(person: Person, offices: Offices) -> Case:
    """A case of assistance that waits for the letter of the origin's county."""
    by = offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))
    case = open_case(by=by, procedure=BY_LETTER, subject=str(person.pk), applied_on=today(), how="本人到场")
    case = step_on(case, offices, "提交")
    return step_on(case, offices, "报送名单")


def drafted(who: Browser, address: str, **more: object) -> Letter:
    """What is drafted from the page of a letter, with what stands in its form."""
    said = who.post(address, more) if more else who.get(address)
    page = said.content.decode()
    assert said.status_code == 200, page
    form = dict(re.findall(r'name="(seen|key|on)" value="([^"]+)"', page))
    form |= {"key": str(uuid4()), "draft": "1", "f-拟截止月": "2026-12", **more}
    answer = who.post(address, form)
    assert answer.status_code == 302, answer.content.decode()
    assert answer.headers["Location"].endswith("?saved=drafted")
    with everything():
        return Letter.objects.unscoped().latest("pk")


def said_by(letter: Letter) -> Content:
    return Content.of(letter.content.reveal())


def test_a_letter_is_filled_issued_and_its_number_stands_in_the_step(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    county = browser(offices.at("civil_affairs", "county", KAIZHOU))
    page = county.get(f"/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/letters/{LETTER}/" in page
    look = county.get(f"/cases/{case.pk}/letters/{LETTER}/").content.decode()
    assert "关于张青山社会救助关系管辖迁移的函" in look
    assert "云阳县民政局" in look
    assert number(1) not in look
    letter = drafted(county, f"/cases/{case.pk}/letters/{LETTER}/")
    assert "发放到2026年12月为止" in said_by(letter).text
    assert said_by(letter).rows[0][:2] == ["张青山", {"id": number(1)}]
    with everything():
        assert [(a.line, a.region) for a in Addressee.objects.unscoped()] == [("civil_affairs", YUNYANG)]
        assert Matter.objects.unscoped().get().key == str(case.pk)
    assert county.post(f"/letters/{letter.pk}/issue/", {"seen": "1"}).status_code == 302
    page = county.get(f"/cases/{case.pk}/").content.decode()
    issued = f"开州民〔{today().year}〕1号"
    assert re.search(rf'name="f-函文号" value="{issued}"', page)
    assert re.search(r'name="f-拟截止月" value="2026-12"', page)
    receiver = browser(offices.at("civil_affairs", "county", YUNYANG))
    assert issued in receiver.get(f"/cases/{case.pk}/").content.decode()
    assert f"/cases/{case.pk}/" in receiver.get(f"/letters/{letter.pk}/").content.decode()


def test_a_letter_is_for_the_lines_of_its_clause(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    county = offices.at("civil_affairs", "county", KAIZHOU)
    own = browser(county)
    letter = drafted(own, f"/cases/{case.pk}/letters/{LETTER}/")
    assert letter.lines == " civil_affairs "
    address = f"/letters/{letter.pk}/"
    assert own.get(address).status_code == 200
    for line in ("medical_security", "culture"):
        assert browser(offices.at(line, "county", KAIZHOU)).get(address).status_code == 404


def test_a_letter_that_is_looked_at_is_a_look_at_whom_it_is_about(
    person: Person, offices: Offices, settings: Settings
) -> None:
    case = at_letter(person, offices)
    county = browser(offices.at("civil_affairs", "county", KAIZHOU))
    addresses = [f"/cases/{case.pk}/letters/{LETTER}/"]
    letter = drafted(county, addresses[0])
    assert JournalEntry.objects.filter(action="register.look", object_id=str(person.pk), result="done").count() == 1
    addresses.append(f"/letters/{letter.pk}/")
    assert county.get(addresses[1]).status_code == 200
    assert county.post(f"{addresses[1]}revise/", {}).status_code == 422
    assert JournalEntry.objects.filter(action="documents.look", object_id=str(letter.pk), result="done").count() == 2
    settings.ANJU_MOST_FILES_AN_HOUR = 1
    assert [county.get(address).status_code for address in addresses] == [429, 429], "letters and people count together"
    assert JournalEntry.objects.filter(action="documents.look", result="refused").count() == 1


def test_a_number_of_another_system_may_be_typed(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    by = offices.at("civil_affairs", "county", KAIZHOU)
    fields = {"函文号": "开州民政函〔2026〕88号", "拟截止月": "2026-12"}
    assert take_step(by=by, case=case.pk, seen=case.entries, action="发函", fields=fields).step == 4


def test_one_letter_covers_many_cases(village: Officer, home: Household, person: Person, offices: Offices) -> None:
    people = [person, *(zhang(village, home, name=f"张{at}", order=at, relation="之子") for at in (2, 3))]
    for one in people:
        fit(str(one.pk), BY_LETTER)
    cases = [at_letter(one, offices) for one in people]
    county = browser(offices.at("civil_affairs", "county", KAIZHOU))
    ticks = [f"{case.pk}.{case.entries}" for case in cases]
    page = county.post("/cases/bulk/", {"chosen": ticks}).content.decode()
    assert f"/cases/letters/{LETTER}/" in page
    letter = drafted(county, f"/cases/letters/{LETTER}/", chosen=ticks)
    assert "张青山等3人" in said_by(letter).title
    assert [row[0] for row in said_by(letter).rows] == ["张青山", "张2", "张3"]
    with everything():
        assert {one.key for one in Matter.objects.unscoped()} == {str(case.pk) for case in cases}
    county.post(f"/letters/{letter.pk}/issue/", {"seen": "1"})
    page = county.post("/cases/bulk/", {"chosen": ticks}).content.decode()
    assert f"开州民〔{today().year}〕1号" in page


def test_who_has_not_the_turn_drafts_nothing(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    other = browser(offices.at("civil_affairs", "county", YUNYANG))
    address = f"/cases/{case.pk}/letters/{LETTER}/"
    assert "轮不到您" in other.get(address).content.decode()
    answer = other.post(address, {"seen": str(case.entries), "key": str(uuid4()), "on": str(today()), "draft": "1"})
    assert answer.status_code == 422
    assert other.get(f"/cases/{case.pk}/letters/party_letter/").status_code == 404
    with everything():
        assert not Letter.objects.unscoped().exists()


def test_what_is_sent_twice_is_one_letter(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    county = browser(offices.at("civil_affairs", "county", KAIZHOU))
    form = {"seen": str(case.entries), "key": str(uuid4()), "on": str(today()), "draft": "1"}
    answers = [county.post(f"/cases/{case.pk}/letters/{LETTER}/", form).headers["Location"] for _ in range(2)]
    assert answers[0] == answers[1]


# --- every letter of every procedure -----------------------------------------------------------------------------

STEPS = [
    (procedure.code, step.number, kind.code)
    for procedure in guideline().procedures.values()
    for step in procedure.steps
    for kind in letters_of(Running(guideline(), procedure), step)
]


def test_every_letter_of_every_step_says_something_and_is_printed(
    village: Officer, home: Household, person: Person
) -> None:
    site = create_site(by=village, name="安居点", region=DESTINATION)
    subjects = {"person": person.pk, "household": home.pk, "site": site.pk, "county": YUNYANG}
    pages, seen = guideline(), set()
    for code, at, kind_code in STEPS:
        running = Running(pages, pages.procedures[code])
        of = subject_of(pages, code)
        case = Case(
            procedure=code,
            clause=running.procedure.clause,
            version_id=pages.version,
            subject_kind=of,
            subject_id=str(subjects[of]),
            origin=ORIGIN,
            destination=DESTINATION,
            step=at,
            applied_on=today(),
        )
        kind = next(one for one in letters_of(running, running.step(at)) if one.code == kind_code)
        office = Office("committee", "village", DESTINATION)
        asked = Asked(kind, running, running.step(at), office, [Known(case, {})], {})
        content = content_of(village, asked, today())
        assert content.title, kind.name
        assert not content.plain_numbers, kind.name
        assert not (kind.form == "公示" and content.numbered), kind.name
        if kind_code not in seen:
            data = paper_for(village, asked, today()).data(full=False)
            assert pdf(data).startswith(b"%PDF"), kind.name
            assert docx(data), kind.name
        seen.add(kind_code)
    named = {one.code for one in pages.letters.values()}
    assert named <= seen


def of_many(code: str, at: int, kind: str, *cases: tuple[str, dict[str, Value]], person: Person) -> Asked:
    """A letter about cases of one person that lie in these destinations, with what was written down in each."""
    running = Running(PAGES, PAGES.procedures[code])
    known = [
        Known(
            Case(
                procedure=code,
                clause=running.procedure.clause,
                version_id=PAGES.version,
                subject_kind="person",
                subject_id=str(person.pk),
                origin=ORIGIN,
                destination=destination,
                step=at,
                applied_on=today(),
            ),
            values,
        )
        for destination, values in cases
    ]
    return Asked(
        next(one for one in PAGES.letters.values() if one.code == kind),
        running,
        running.step(at),
        Office("committee", "village", DESTINATION),
        known,
        {},
    )


def test_one_letter_goes_to_none_who_has_nothing_to_do_with_all_of_it(village: Officer, person: Person) -> None:
    apart = of_many(BY_LETTER, 3, LETTER, (DESTINATION, {}), (ELSEWHERE, {}), person=person)
    with pytest.raises(Refused, match="按收文单位分开出"):
        content_of(village, apart, today())
    assert content_of(village, replace(apart, cases=apart.cases[:1]), today()).text


def test_one_receipt_answers_one_letter(person: Person, offices: Offices) -> None:
    sent = Office("civil_affairs", "county", KAIZHOU)
    here = Office("civil_affairs", "township", place_at(DESTINATION, "township"))
    county, township = (offices.at(one.line, one.level, one.region) for one in (sent, here))
    asked = of_many(BY_LETTER, 5, "assistance_receipt", *[(DESTINATION, {})] * 3, person=person)
    asked = replace(asked, office=here)
    first, second, third = (str(known.case.pk) for known in asked.cases)
    for keys in ((first, second), (third,)):
        kind = Kind(LETTER, "救助关系管辖迁移函", "函", "1.7", frozenset({"civil_affairs"}))
        about = [(matter, key) for key in keys]
        letter = draft(
            by=county, office=sent, kind=kind, content=Content("函", "", "请办。"), choices=[[here]], matters=about
        )
        issue(by=county, letter=letter.pk, seen=1)
    with pytest.raises(Refused, match="这几件答复的来文不一样，请按来文分开出"):
        content_of(township, asked, today())
    alike, other = replace(asked, cases=asked.cases[:2]), replace(asked, cases=asked.cases[2:])
    numbers = [f"开州民〔{today().year}〕{n}号" for n in (1, 2)]
    for one, number_ in zip((alike, other), numbers, strict=True):
        assert number_ in content_of(township, one, today()).text


def test_what_is_said_of_all_holds_for_each(village: Officer, person: Person) -> None:
    days: list[Value] = ["2026-03-01", "2026-05-09"]
    cases = [(DESTINATION, {"确认日": day, "名册编号": "7"}) for day in days]
    apart = of_many("confirm_membership", 8, "membership_letter", *cases, person=person)
    with pytest.raises(Refused, match="“确认日”不一样"):
        content_of(village, apart, today())
    alike = of_many("confirm_membership", 8, "membership_letter", cases[0], cases[0], person=person)
    assert "自2026年3月1日起取得" in content_of(village, alike, today()).text


@pytest.mark.parametrize(
    ("yes", "of", "said"),
    [(20, 30, "确认取得"), (19, 30, "决议没有通过"), (67, 100, "确认取得"), (66, 100, "决议没有通过")],
    ids=["恰好三分之二", "差一人", "刚过三分之二", "刚不到三分之二"],
)
def test_a_resolution_says_whether_the_vote_carried(
    yes: int, of: int, said: str, village: Officer, person: Person
) -> None:
    values: dict[str, Value] = {
        "应到": of,
        "实到": of,
        "同意": yes,
        "反对": of - yes,
        "弃权": 0,
        "确认日": "2026-03-01",
    }
    asked = of_many("confirm_membership", 7, "membership_resolution", (DESTINATION, values), person=person)
    text = content_of(village, asked, today()).text
    assert said in text
    assert ("确认取得" in text) == (said == "确认取得")


def test_a_person_s_letters_stand_on_the_person_s_page(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    county = browser(offices.at("civil_affairs", "county", KAIZHOU))
    assert "letters-title" not in county.get(f"/people/{person.pk}/").content.decode()
    letter = drafted(county, f"/cases/{case.pk}/letters/{LETTER}/")

    def told(by: Browser) -> str:
        return by.get(f"/people/{person.pk}/").content.decode().partition('id="letters"')[2].partition("</section>")[0]

    assert f'href="/letters/{letter.pk}/"' in told(county)
    assert "拟稿" in told(county)
    there = browser(offices.at("civil_affairs", "county", YUNYANG))
    assert told(there) == "", "a draft is the office's own"
    county.post(f"/letters/{letter.pk}/issue/", {"seen": "1"})
    for by in (county, there):
        assert f"开州民〔{today().year}〕1号" in told(by)
        assert "已签发" in told(by)
    assert told(browser(offices.at("civil_affairs", "county", ELSEWHERE))) == ""


def test_of_two_offices_that_may_take_the_step_one_receipt_is_enough(person: Person, offices: Offices) -> None:
    by = offices.at("collective", "village", DESTINATION)
    here, there = Office("collective", "village", ORIGIN), Office("committee", "village", ORIGIN)
    for office in (here, there):
        offices.at(office.line, office.level, office.region)
    kind = Kind("membership_letter", "成员身份转移函", "函", "1.3")
    office = Office("collective", "village", DESTINATION)
    name_office(by=by, office=office, name="绿水合作社", sign="绿水集")
    letter = draft(by=by, office=office, kind=kind, content=Content("函", "", "请办。"), choices=[[here, there]])
    issue(by=by, letter=letter.pk, seen=1)
    writer = browser(by)
    shown = writer.get(f"/letters/{letter.pk}/").content.decode()
    assert shown.count("还没有回执") == 2
    receive(by=offices.at(here.line, here.level, here.region), letter=letter.pk, on=today())
    shown = writer.get(f"/letters/{letter.pk}/").content.decode()
    assert ("还没有回执" in shown, shown.count("另一处收到了，不用再回")) == (False, 1)


WHOM = {
    "集体或者代行的村居": ("confirm_membership", 8, [["collective", "committee"]]),
    "乡镇一处": ("transfer_assistance_by_letter", 3, [["civil_affairs"]]),
    "八个部门，各是各的": ("press_departments", 1, None),
}


@pytest.mark.parametrize("case", WHOM.values(), ids=WHOM.keys())
def test_whom_a_letter_of_a_step_is_for(
    person: Person, offices: Offices, case: tuple[str, int, list[list[str]] | None]
) -> None:
    code, number, lines = case
    running = Running(PAGES, PAGES.procedures[code])
    step = running.step(number)
    sides = {"origin": ORIGIN, "destination": DESTINATION, "insured": DESTINATION}
    asked = Asked(
        letters_of(running, step)[-1],
        running,
        step,
        Office("civil_affairs", "county", place_at(DESTINATION if lines is None else ORIGIN, "county")),
        [Known(Case(procedure=code, subject_kind="person", subject_id=str(person.pk), **sides), {})],
        {},
    )
    found = [[office.line for office in some] for some in offices_to(asked)]
    assert found == lines if lines else [len(some) for some in found] == [1] * 8
