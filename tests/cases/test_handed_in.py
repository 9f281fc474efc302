"""A village hands in what another line works on: it sees what it wrote and laid in, and where it stands, and nothing that others wrote."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from anju.cases.actions import keep_paper, open_case, take_step
from anju.cases.models import Case, Paper
from anju.cases.turns import place_at
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices, step_on
from tests.cases.test_papers import jpeg
from tests.desk.cast import browser
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, ORIGIN, clerk

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(village: Officer, person: Person, offices: Offices) -> Case:
    """The village acted for 张青山; the township then wrote what is its own."""
    township = offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))
    case = open_case(
        by=township,
        procedure="transfer_assistance_by_letter",
        subject=str(person.pk),
        applied_on=today(),
        how="乡镇收到的电话",
    )
    keep_paper(by=village, case=case.pk, kind="consent", about="张青山的授权书", content=jpeg())
    case = take_step(
        by=village,
        case=case.pk,
        seen=1,
        action="提交",
        fields={"申请方式": "村里代交的申请", "新户口簿": True},
        absent=True,
    )
    keep_paper(by=township, case=case.pk, kind="evidence", about="收入核查材料", content=jpeg(width=5))
    return step_on(case, offices, "报送名单", 现发放标准=777.5)


HANDED_IN: Sequence[str] = ("村里代交的申请", "张青山的授权书", "制发函", "报送名单")
OF_OTHERS: Sequence[str] = ("777.5", "收入核查材料", "乡镇收到的电话")


def seen_by(who: Browser, case: Case) -> str:
    return who.get(f"/cases/{case.pk}/").content.decode()


def test_the_village_sees_what_it_handed_in_and_no_more(village: Officer, case: Case) -> None:
    page = seen_by(browser(village), case)
    assert [word for word in HANDED_IN if word not in page] == []
    assert [word for word in OF_OTHERS if word in page] == []


def test_a_colleague_of_the_same_post_does_too(case: Case) -> None:
    page = seen_by(browser(clerk("colleague", DESTINATION)), case)
    assert "村里代交的申请" in page
    assert "777.5" not in page


def test_another_village_of_the_case_does_not(case: Case, offices: Offices) -> None:
    page = seen_by(browser(offices.at("committee", "village", ORIGIN)), case)
    assert [word for word in (*OF_OTHERS, "村里代交的申请", "授权书") if word in page] == []


def test_who_does_the_work_sees_everything(case: Case, offices: Offices) -> None:
    page = seen_by(browser(offices.at("civil_affairs", "township", place_at(ORIGIN, "township"))), case)
    assert [word for word in (*HANDED_IN, *OF_OTHERS) if word not in page] == []


def test_papers_are_taken_by_whoever_laid_them_in(village: Officer, case: Case) -> None:
    screen = browser(village)
    with everything():
        papers = {paper.about.reveal(): paper.pk for paper in Paper.objects.unscoped().filter(case=case)}
    assert screen.get(f"/cases/{case.pk}/papers/{papers['张青山的授权书']}/").status_code == 200
    assert screen.get(f"/cases/{case.pk}/papers/{papers['收入核查材料']}/").status_code == 404
