"""Letters of steps: filled from the ledger and the case, for one case or for many, numbered, and taken into the step."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from anju.cases.actions import open_case, take_step
from anju.cases.letters import Asked, Known, content_of, letters_of, paper_for
from anju.cases.models import Case
from anju.cases.procedures import Running, subject_of
from anju.cases.turns import place_at
from anju.documents.content import Content
from anju.documents.models import Addressee, Letter, Matter
from anju.documents.offices import Office
from anju.documents.rendering.docx import docx
from anju.documents.rendering.pdf import pdf
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.actions import create_site
from anju.register.facts import today
from anju.register.guideline import guideline
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on
from tests.desk.cast import browser
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, KAIZHOU, ORIGIN, YUNYANG, number, zhang

pytestmark = pytest.mark.django_db
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
    assert "发放到 2026年12月 为止" in said_by(letter).text
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


def test_a_number_of_another_system_may_be_typed(person: Person, offices: Offices) -> None:
    case = at_letter(person, offices)
    by = offices.at("civil_affairs", "county", KAIZHOU)
    fields = {"函文号": "开州民政函〔2026〕88号", "拟截止月": "2026-12"}
    assert take_step(by=by, case=case.pk, seen=case.entries, action="发函", fields=fields).step == 4


def test_one_letter_covers_many_cases(village: Officer, home: Household, person: Person, offices: Offices) -> None:
    people = [person, *(zhang(village, home, name=f"张{at}", order=at, relation="之子") for at in (2, 3))]
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
    assert named - seen <= {"party_letter_stub"}
