"""代办: who does not come has signed for it. A case that is opened so waits at its first step for what was signed."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.cases.actions import keep_paper, open_case, take_step, take_steps, withdraw
from anju.cases.consent import Consent
from anju.cases.models import Case, Paper
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as JournalEntry
from anju.register.actions import create_site
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices, step_on, waiting
from tests.cases.fitting import fit
from tests.cases.test_papers import jpeg
from tests.desk.cast import browser
from tests.register.cast import DESTINATION, zhang

pytestmark = pytest.mark.django_db
LACKING = "还缺本人签字的授权书或照片"
LIST = Consent("代办签字名单", jpeg())


@pytest.fixture
def by(offices: Offices) -> Officer:
    return offices.at("committee", "village", DESTINATION)


def opened(by: Officer, person: Person, procedure: str = "transfer_pension", **more: Any) -> Case:
    given = {"applied_on": today(), "how": "电话里说的", **more}
    return open_case(by=by, procedure=procedure, subject=str(person.pk), **given)


def papers(case: Case) -> list[tuple[str, str]]:
    with everything():
        return [(one.kind, one.about.reveal()) for one in Paper.objects.unscoped().filter(case=case)]


FIRST = {"本人的第一步": ("transfer_pension", "提交"), "单位的第一步": ("transfer_party", "建好台账")}


@pytest.mark.parametrize(("procedure", "action"), FIRST.values(), ids=FIRST)
def test_it_waits_at_the_first_step_until_the_paper_is_there(
    procedure: str, action: str, by: Officer, person: Person, offices: Offices
) -> None:
    fit(str(person.pk), procedure)
    case = opened(by, person, procedure, absent=True)
    assert (case.step, papers(case)) == (1, [])
    who = offices.of(waiting(case)[0])
    with pytest.raises(Refused, match=LACKING):
        step_on(case, offices, action)
    keep_paper(by=who, case=case.pk, kind="evidence", about="户口簿", content=jpeg(5))
    with pytest.raises(Refused, match=LACKING):
        step_on(case, offices, action)
    keep_paper(by=who, case=case.pk, kind="consent", about="授权书", content=jpeg())
    assert step_on(case, offices, action).step == 2


def test_what_was_signed_comes_with_the_opening(by: Officer, person: Person, offices: Offices) -> None:
    case = opened(by, person, absent=True, consent=LIST)
    assert papers(case) == [("consent", "代办签字名单")]
    assert list(
        JournalEntry.objects.filter(object_id=str(case.pk)).order_by("pk").values_list("action", flat=True)
    ) == [
        "cases.open",
        "cases.keep_paper",
    ]
    told: dict[str, Any] = {"户口迁移证明或新户口簿": True}
    case = take_step(by=by, case=case.pk, seen=1, action="提交", fields=told, absent=True)
    assert case.step == 2


def test_who_came_himself_signs_nothing(by: Officer, person: Person, offices: Offices) -> None:
    assert step_on(opened(by, person), offices, "提交").step == 2
    with pytest.raises(Refused, match="请勾上代办，或者不交"):
        opened(by, person, "register_dual_life", consent=LIST)


BAD = {"不是照片": (b"GIF89a", "只收"), "是空的": (b"", "最大"), "名字里有号码": (None, "号码")}


@pytest.mark.parametrize(("content", "why"), BAD.values(), ids=BAD)
def test_what_is_no_paper_opens_nothing(content: bytes | None, why: str, by: Officer, person: Person) -> None:
    bad = Consent("授权书", content) if content is not None else Consent("500235198001010017授权书", jpeg())
    with pytest.raises(Refused, match=why):
        opened(by, person, absent=True, consent=bad)
    with everything():
        assert not Case.objects.unscoped().exists()


def test_one_list_of_signatures_serves_many(by: Officer, home: Household, person: Person, offices: Offices) -> None:
    """And who is not on it waits, without keeping the others."""
    people = [person, *(zhang(by, home, name=f"李{n}", order=n, relation="之子") for n in (11, 12))]
    for one in people:
        fit(str(one.pk), "transfer_pension")
    signed = [opened(by, one, absent=True, consent=LIST) for one in people[:2]]
    cases = [*signed, opened(by, people[2], absent=True)]
    sent = {case.pk: (case.entries, uuid4()) for case in cases}
    told = take_steps(by=by, cases=sent, action="提交", fields={"户口迁移证明或新户口簿": True}, absent=True)
    assert [told[case.pk] == "" for case in cases] == [True, True, False]
    assert "本人签字的授权书或照片" in told[cases[2].pk]
    withdraw(by=by, case=cases[2].pk, seen=1, how="本人电话")


def test_a_way_that_gives_up_needs_no_signature(by: Officer, person: Person, offices: Offices) -> None:
    case = opened(by, person, absent=True)
    assert withdraw(by=by, case=case.pk, seen=1, how="本人电话").state == "withdrawn"


def form(**more: Any) -> dict[str, Any]:
    return {"key": str(uuid4()), "applied_on": today().isoformat(), "how": "电话里说的", **more}


def photo(content: bytes | None = None, name: str = "授权书.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


def test_the_form_asks_for_it(by: Officer, person: Person, offices: Offices) -> None:
    there, address = browser(by), f"/cases/new/transfer_pension/{person.pk}/"
    page = there.get(address).content.decode()
    assert ('name="absent"' in page, 'name="consent"' in page) == (True, True)
    answer = there.post(address, form(absent="on", consent=photo()))
    assert answer.status_code == 302
    with everything():
        case = Case.objects.unscoped().get()
    assert papers(case) == [("consent", "授权书.jpg")]
    page = there.get(f"/cases/{case.pk}/").content.decode()
    assert LACKING not in page
    assert 'name="absent"' in page
    assert not re.search(r'name="absent"[^>]*checked', page), "that nobody is there says who sees it, every time"


def test_what_was_signed_for_an_earlier_turn_is_signed_anew(by: Officer, person: Person, offices: Offices) -> None:
    case = opened(by, person, absent=True, consent=LIST)
    there, anew = browser(by), "以前交的授权书、签字照片只管那一次"
    assert anew not in there.get(f"/cases/{case.pk}/").content.decode()
    told: dict[str, Any] = {"户口迁移证明或新户口簿": True}
    case = take_step(by=by, case=case.pk, seen=1, action="提交", fields=told, absent=True)
    case = step_on(case, offices, "补正", reason="缺迁入那一页")
    assert anew in there.get(f"/cases/{case.pk}/").content.decode()
    with pytest.raises(Refused, match="以前交的只管那一次"):
        take_step(by=by, case=case.pk, seen=case.entries, action="提交", fields=told, absent=True)
    keep_paper(by=by, case=case.pk, kind="consent", about="授权书", content=jpeg(7))
    assert anew not in there.get(f"/cases/{case.pk}/").content.decode()
    assert take_step(by=by, case=case.pk, seen=case.entries, action="提交", fields=told, absent=True).step == 2


def test_without_it_the_case_says_what_it_waits_for(by: Officer, person: Person, offices: Offices) -> None:
    there = browser(by)
    assert there.post(f"/cases/new/transfer_pension/{person.pk}/", form(absent="on")).status_code == 302
    with everything():
        case = Case.objects.unscoped().get()
    assert LACKING in there.get(f"/cases/{case.pk}/").content.decode()
    told = {"kind": "consent", "about": "授权书", "file": photo()}
    assert there.post(f"/cases/{case.pk}/papers/", told).status_code == 302
    assert LACKING not in there.get(f"/cases/{case.pk}/").content.decode()


@pytest.mark.parametrize(
    ("more", "why"),
    [({"consent": "photo"}, "请勾上代办"), ({"absent": "on", "consent": "gif"}, "只收"), ({"absent": "on", "consent": "empty"}, "是空的")],
    ids=["没有勾代办", "不是照片", "空文件"],
)  # fmt: skip
def test_bad_input_keeps_what_was_filled_in(more: dict[str, str], why: str, by: Officer, person: Person) -> None:
    files = {"photo": photo(), "gif": photo(b"GIF89a"), "empty": photo(b"")}
    sent = {name: files.get(value, value) for name, value in more.items()}
    answer = browser(by).post(f"/cases/new/transfer_pension/{person.pk}/", form(**sent))
    page = answer.content.decode()
    assert (answer.status_code, why in page, "电话里说的" in page) == (422, True, True)
    with everything():
        assert not Case.objects.unscoped().exists()


def test_a_site_signs_nothing(by: Officer, offices: Offices) -> None:
    site = create_site(by=by, name="青龙安置点", region=DESTINATION)
    civil = browser(offices.at("civil_affairs", "township", place_at(DESTINATION, "township")))
    page = civil.get(f"/cases/new/build_facilities/{site.pk}/")
    assert page.status_code == 200, page.status_code
    assert 'name="absent"' not in page.content.decode()
