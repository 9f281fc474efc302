"""What people signed for cases that were opened together: laid in afterwards, for one or for a family; none goes on without it."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.cases import bundles
from anju.cases.actions import keep_consent, keep_paper, open_case
from anju.cases.actions.papers import most_signed
from anju.cases.consent import Consent
from anju.cases.models import Bundle, Case, Sort
from anju.cases.pages import bundles as pages
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as JournalEntry
from anju.register.facts import today
from anju.register.models import Household
from anju.sealing.ciphertext import Opener
from tests.cases.cast import Offices, step_on
from tests.cases.test_consent import LACKING, papers
from tests.cases.test_papers import jpeg
from tests.desk.cast import browser
from tests.desk.test_opening import ASKED, KIND, PROCEDURE
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household, zhang

ON = "说了迁或者不迁"
ONE = Consent("签字名单", jpeg())


def opened(by: Officer, village: Officer, home: Household, *, absent: bool = True) -> Bundle:
    """Three people of one household and one of another, for whom the village opens what asks for their wish."""
    other = household(village, "2")
    people = [
        zhang(village, home, name="张青山", order=21, facts=ASKED),
        *(zhang(village, home, name=f"张小{n}", order=20 + n, relation="之子", facts=ASKED) for n in (2, 3)),
        zhang(village, other, name="李碧水", order=31, facts=ASKED),
    ]
    told = {"applied_on": today().isoformat(), "how": "电话里说的", "absent": absent}
    rows = [{"kind": "person", "subject": str(person.pk), "duty": KIND} for person in people]
    return bundles.begin(by=by, key=uuid4(), sort=Sort.OPENED, rows=rows, told=told, procedure=PROCEDURE)


def cases_of(bundle: Bundle) -> list[Case]:
    keys = [told.case for _row, told in bundles.outcomes(bundle)]
    with everything():
        found = {str(case.pk): case for case in Case.objects.unscoped().filter(pk__in=[key for key in keys if key])}
    return [found[key] for key in keys]


@pytest.fixture
def by(offices: Offices) -> Officer:
    return offices.at("committee", "village", DESTINATION)


@pytest.fixture
def bundle(by: Officer, village: Officer, home: Household) -> Bundle:
    return opened(by, village, home)


def photo(name: str = "授权书.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), "image/jpeg")


@pytest.mark.django_db
def test_a_family_signs_on_one_sheet_and_another_on_its_own(bundle: Bundle, by: Officer, offices: Offices) -> None:
    cases, there, address = cases_of(bundle), browser(by), f"/cases/together/{bundle.pk}/"
    page = there.get(address).content.decode()
    assert "还缺本人签字的 4 件" in page
    assert page.index("张小2") < page.index("李碧水"), "a household stands together"
    for case in cases:
        with pytest.raises(Refused, match=LACKING):
            step_on(case, offices, ON)
    nothing = there.post(f"{address}consents/", {"file": photo()})
    assert (nothing.status_code, "先勾上这一份是谁签的" in nothing.content.decode()) == (422, True)
    family: dict[str, Any] = {"signed": [str(case.pk) for case in cases[:3]], "file": photo(), "about": "全家授权书"}
    done = there.post(f"{address}consents/", family)
    assert done.status_code == 302
    assert [papers(case) for case in cases] == [[("consent", "全家授权书")]] * 3 + [[]]
    page = there.get(done["Location"]).content.decode()
    assert ("已经收进勾选的件" in page, "还缺本人签字的 1 件" in page) == (True, True)
    noted = JournalEntry.objects.filter(action="cases.keep_paper").values_list("object_id", flat=True)
    assert sorted(noted) == sorted(str(case.pk) for case in cases[:3])
    assert step_on(cases[0], offices, ON).step == 2
    with pytest.raises(Refused, match=LACKING):
        step_on(cases[3], offices, ON)
    again = there.post(f"{address}consents/", {**family, "file": photo()})
    assert (again.status_code, "刚刚交过" in again.content.decode()) == (422, True)
    last = {"signed": str(cases[3].pk), "file": photo("李碧水.jpg")}
    assert there.post(f"{address}consents/", last).status_code == 302
    assert papers(cases[3]) == [("consent", "李碧水.jpg")]
    assert "都交齐了" in there.get(f"{address}?saved=1").content.decode()
    assert "还缺" not in there.get(address).content.decode()


@pytest.mark.django_db
def test_a_page_of_them_is_read_alone_and_what_was_wrong_there_stays_there(
    bundle: Bundle, by: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, there, address = cases_of(bundle), browser(by), f"/cases/together/{bundle.pk}/"
    opened: list[str] = []

    def counted(self: Opener, row: Any, ciphertext: bytes) -> bytes:
        opened.append(self._table)
        return read(self, row, ciphertext)

    read = Opener.open
    monkeypatch.setattr(pages, "most_signed", 2)
    monkeypatch.setattr(pages, "_a_page", 1)
    monkeypatch.setattr(Opener, "open", counted)
    shown = {"1": [cases[3], cases[0]], "2": [cases[1], cases[2]]}
    for number, these in shown.items():
        opened.clear()
        page = there.get(f"{address}?unsigned={number}").content.decode()
        assert "还缺本人签字的 4 件" in page
        assert re.findall('name="signed" value="([^"]+)"', page) == [str(case.pk) for case in these]
        assert opened.count("cases_portion") == 2, (
            "of four portions the one whose row is named: what it was, what became of it"
        )
    sent: dict[str, Any] = {"signed": str(cases[1].pk), "about": "张小2的授权书"}
    answer = there.post(f"{address}consents/?unsigned=2", sent)
    page = answer.content.decode()
    assert (answer.status_code, "还没有选文件" in page, 'value="张小2的授权书"' in page) == (422, True, True)
    assert f'name="signed" value="{cases[1].pk}" checked' in page
    assert f'href="{address}?unsigned=1#unsigned"' in page, "the address of what was sent has no pages"
    done = there.post(f"{address}consents/?unsigned=2", {**sent, "file": photo()})
    assert done["Location"] == f"{address}?saved=1&unsigned=2#unsigned"
    page = there.get(done["Location"]).content.decode()
    assert "已经收进勾选的件" in page
    assert re.findall('name="signed" value="([^"]+)"', page) == [str(cases[2].pk)]


@pytest.mark.django_db
def test_who_came_himself_is_asked_for_no_paper(by: Officer, village: Officer, home: Household) -> None:
    bundle = opened(by, village, home, absent=False)
    assert "签字" not in browser(by).get(f"/cases/together/{bundle.pk}/").content.decode()
    with pytest.raises(Refused, match="张青山：这一件不缺"):
        keep_consent(by=by, cases=[cases_of(bundle)[0].pk], consent=ONE)


@pytest.mark.django_db
def test_all_of_them_or_none(bundle: Bundle, by: Officer, village: Officer, offices: Offices) -> None:
    cases = cases_of(bundle)
    keep_paper(by=by, case=cases[1].pk, kind="consent", about="授权书", content=jpeg(3))
    with pytest.raises(Refused, match="张小2：这一件不缺本人签字"):
        keep_consent(by=by, cases=[case.pk for case in cases], consent=ONE)
    with pytest.raises(Refused, match="没有这一条"):
        keep_consent(by=by, cases=[cases[0].pk, uuid4()], consent=ONE)
    with pytest.raises(Refused, match="先勾上"):
        keep_consent(by=by, cases=[], consent=ONE)
    with pytest.raises(Refused, match=f"最多给 {most_signed} 件"):
        keep_consent(by=by, cases=[uuid4() for _ in range(most_signed + 1)], consent=ONE)
    keep_paper(by=by, case=cases[2].pk, kind="evidence", about="名单", content=ONE.content)
    with pytest.raises(Refused, match="张小3：这一份已经在这一件里了，是“证明材料”"):
        keep_consent(by=by, cases=[cases[0].pk, cases[2].pk, cases[3].pk], consent=ONE)
    for stranger in (offices.at("culture", "village", DESTINATION), clerk("far", "500236101201")):
        with pytest.raises(Refused):
            keep_consent(by=stranger, cases=[cases[0].pk], consent=ONE)
    assert [len(papers(case)) for case in cases] == [0, 1, 1, 0]
    assert len(keep_consent(by=by, cases=[cases[0].pk, cases[0].pk, cases[3].pk], consent=ONE)) == 2


@pytest.mark.django_db
def test_nobody_else_sees_or_fills_the_bundle(bundle: Bundle, by: Officer, village: Officer) -> None:
    there = browser(village)
    sent = {"signed": str(cases_of(bundle)[0].pk), "file": photo()}
    assert there.post(f"/cases/together/{bundle.pk}/consents/", sent).status_code == 404
    assert papers(cases_of(bundle)[0]) == []


def test_two_at_once_lay_it_in_once(own_database: str) -> None:
    village, offices = clerk("village"), Offices()
    by = offices.at("committee", "village", DESTINATION)
    home = household(village)
    people = [zhang(village, home, name=f"张{n}", order=20 + n, relation="之子") for n in (1, 2)]
    cases = [
        open_case(by=by, procedure=PROCEDURE, subject=str(p.pk), applied_on=today(), how="电话", absent=True)
        for p in people
    ]
    keys = [case.pk for case in cases]

    def lay(number: int) -> object:
        sent = Consent("签字名单", jpeg(number + 1))
        return keep_consent(by=by, cases=keys if number % 2 else keys[::-1], consent=sent)

    found = race(8, lay)
    assert (found.won, found.only_raised(Refused)) == (1, True), found.raised
    assert [len(papers(case)) for case in cases] == [1, 1]
