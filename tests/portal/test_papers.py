"""Papers that a resident hands in to an own case where it waits for the person: seen by those who do the work, by no other resident."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from anju.cases.actions import keep_paper, take_paper
from anju.cases.actions.papers import most_by_hand
from anju.cases.models import Case, Paper, Scan
from anju.cases.pictures import read_again
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Logged
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.cases.test_papers import jpeg
from tests.desk.cast import browser
from tests.portal.cast import as_resident, at_home
from tests.portal.test_applying import FACTS, applied
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household, zhang


@pytest.fixture
def village(db: None) -> Officer:
    return clerk("village")


@pytest.fixture
def person(village: Officer) -> Person:
    return zhang(village, household(village), facts=FACTS)


@pytest.fixture
def case(person: Person) -> Case:
    return applied(person)


KEPT = read_again(jpeg())[1]


def photo(n: int = 4, content: bytes | None = None, name: str = "户口簿.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(n) if content is None else content, "image/jpeg")


def papers(case: Case) -> list[Paper]:
    with everything():
        return list(Paper.objects.unscoped().filter(case=case).select_related("scan").order_by("pk"))


def test_a_photograph_from_the_phone_lies_with_the_case(case: Case, person: Person) -> None:
    inside, there = at_home(person), f"/my/cases/{case.pk}/"
    assert "交这一份" in inside.get(there).content.decode()
    done = inside.post(f"{there}papers/", {"file": photo(), "about": "户口簿第一页"})
    assert done.headers["Location"] == f"{there}?saved=laid#papers"
    (laid,) = papers(case)
    assert (laid.kind, laid.by_id, laid.office, laid.step, laid.after) == ("evidence", None, "本人", 1, 1)
    assert (laid.about.reveal(), laid.scan.content.reveal_bytes()) == ("户口簿第一页", KEPT)
    page = inside.get(f"{there}?saved=laid").content.decode()
    assert ("户口簿第一页" in page, "材料已经交上" in page) == (True, True)
    own = inside.get(f"{there}papers/{laid.pk}/")
    assert (own.content, own.headers["X-Content-Type-Options"]) == (KEPT, "nosniff")
    told = Logged.objects.filter(object_id=str(case.pk), action__in=["cases.keep_paper", "cases.take_paper"])
    assert [(one.action, one.officer, one.post) for one in told.order_by("pk")] == [
        ("cases.keep_paper", str(person.pk), "本人"),
        ("cases.take_paper", str(person.pk), "本人"),
    ]


def test_the_officers_see_it_at_their_step_and_it_is_asked_for_again(case: Case, person: Person) -> None:
    there, inside, offices = f"/my/cases/{case.pk}/", at_home(person), Offices()
    inside.post(f"{there}papers/", {"file": photo(), "about": "户口簿第一页"})
    form = {"seen": "1", "key": str(uuid4()), "action": "提交", "f-户口迁移证明或新户口簿": "on"}
    assert inside.post(f"{there}step/", form).status_code == 302
    late = inside.post(f"{there}papers/", {"file": photo(2)})
    assert (late.status_code, "现在不用您交材料" in late.content.decode()) == (422, True)
    page = inside.get(there).content.decode()
    assert ("交这一份" in page, "您交的材料" in page) == (False, True)
    (laid,) = papers(case)
    worker = browser(offices.at("human_resources", "county", f"{DESTINATION[:6]}000000"))
    seen = worker.get(f"/cases/{case.pk}/").content.decode()
    assert ("户口簿第一页" in seen, "本人网上交的" in seen) == (True, True)
    assert worker.get(f"/cases/{case.pk}/papers/{laid.pk}/").content == KEPT
    case.refresh_from_db()
    case = step_on(case, offices, "补正", reason="照片看不清")
    page = inside.get(there).content.decode()
    assert ("照片看不清" in page, "交这一份" in page) == (True, True)
    assert inside.post(f"{there}papers/", {"file": photo(3)}).status_code == 302
    assert [(one.after, one.about.reveal()) for one in papers(case)] == [(1, "户口簿第一页"), (3, "户口簿.jpg")]


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "没有选文件": ({}, "还没有选文件"),
    "不是照片": ({"file": photo(content=b"GIF89a")}, "只收照片"),
    "空的": ({"file": photo(content=b"")}, "这个文件是空的"),
    "没有传完": ({"file": photo(content=jpeg()[:-30])}, "打不开"),
    "会自己运行的 PDF": ({"file": photo(content=b"%PDF-1.4 /JavaScript %%EOF", name="a.pdf")}, "不能收"),
    "太大": ({"file": photo(content=b"\xff\xd8\xff" + bytes(5 << 20))}, "最大 5 MB"),
    "名字里有证件号码": ({"file": photo(), "about": "500235198001010017户口簿"}, "不能写证件号码"),
}


@pytest.mark.parametrize(("sent", "why"), BAD.values(), ids=BAD)
def test_what_is_no_paper_is_told_and_not_kept(sent: dict[str, Any], why: str, case: Case, person: Person) -> None:
    for value in sent.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)
    answer = at_home(person).post(f"/my/cases/{case.pk}/papers/", sent)
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert papers(case) == []


def test_the_same_one_and_too_many_are_refused(case: Case, person: Person) -> None:
    by = as_resident(person)
    for n in range(most_by_hand):
        keep_paper(by=by, case=case.pk, kind="evidence", about=f"第{n}页", content=jpeg(n + 1))
    with pytest.raises(Refused, match=f"一步最多交 {most_by_hand} 份"):
        keep_paper(by=by, case=case.pk, kind="evidence", about="又一页", content=jpeg(90))
    assert len(papers(case)) == most_by_hand


def test_a_resident_hands_in_evidence_alone_and_each_once(case: Case, person: Person) -> None:
    by = as_resident(person)
    keep_paper(by=by, case=case.pk, kind="evidence", about="户口簿", content=jpeg())
    with pytest.raises(Refused, match="这一份已经在这一件里了"):
        keep_paper(by=by, case=case.pk, kind="evidence", about="户口簿", content=jpeg())
    for kind in ("consent", "reply"):
        with pytest.raises(Refused, match="网上只交证明材料"):
            keep_paper(by=by, case=case.pk, kind=kind, about="授权书", content=jpeg(2))
    (laid,) = papers(case)
    with everything(), pytest.raises(IntegrityError, match="paper_by_hand_is_evidence"), transaction.atomic():
        Paper.objects.unscoped().bulk_create([Paper(**_columns(laid), kind="reply")])


def _columns(paper: Paper) -> dict[str, Any]:
    other = Scan.objects.create(media="image/png", size=1, digest="0" * 64, content=paper.scan.content)
    names = ("case_id", "after", "step", "by_id", "office")
    return {name: getattr(paper, name) for name in names} | {"scan": other, "about": "回函"}


def test_nobody_s_papers_but_the_own_ones(case: Case, person: Person, village: Officer) -> None:
    officers = keep_paper(by=village, case=case.pk, kind="evidence", about="村里查到的", content=jpeg(7))
    own = keep_paper(by=as_resident(person), case=case.pk, kind="evidence", about="户口簿", content=jpeg())
    there, inside = f"/my/cases/{case.pk}/", at_home(person)
    page = inside.get(there).content.decode()
    assert ("户口簿" in page, "村里查到的" in page) == (True, False)
    assert inside.get(f"{there}papers/{officers.pk}/").status_code == 404
    other = zhang(village, None, name="王外人", order=3, facts=FACTS)
    outside = at_home(other)
    assert outside.get(f"{there}papers/{own.pk}/").status_code == 404
    assert outside.post(f"{there}papers/", {"file": photo(9)}).status_code == 404
    with pytest.raises(Refused, match="没有这一条"):
        take_paper(by=as_resident(other), case=case.pk, paper=own.pk)
    assert len(papers(case)) == 2


def test_sixteen_at_once_hand_it_in_once(own_database: str) -> None:
    village = clerk("village")
    person = zhang(village, household(village), facts=FACTS)
    case, by = applied(person), as_resident(person)
    found = race(16, lambda _n: keep_paper(by=by, case=case.pk, kind="evidence", about="户口簿", content=jpeg()))
    assert (found.won, found.only_raised(Refused)) == (1, True), found.raised
    assert len(papers(case)) == 1
