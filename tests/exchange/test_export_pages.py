"""The pages of exports, from the list to the download and to the approval; what is refused is a sentence on the page."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.test import override_settings

from anju.exchange.models import Export, Stage
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.jobs.actions import end
from anju.jobs.models import Job
from anju.register.actions import create_household, create_person, create_site
from tests.desk.cast import again as confirmed
from tests.exchange.cast import ORIGIN, TOWN, VILLAGE
from tests.exchange.test_exports import again_of, made
from tests.government.pages.officer import Browser
from tests.register.cast import number

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
MISSING = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def people(importer: Officer) -> None:
    """Three people at a site."""
    site = create_site(by=importer, name="幸福家园", region=VILLAGE)
    home = create_household(
        by=importer, household_code="0000000000000012", origin=ORIGIN, destination=VILLAGE, site=site
    )
    for order, name in enumerate(("向春来", "向秋月", "田小满"), start=21):
        create_person(by=importer, name=name, number=number(order), household=home)


def page(answer: Response, status: int = 200) -> str:
    """What it says."""
    assert answer.status_code == status
    return answer.content.decode()


def begun(who: Browser, kind: str = "people", **filters: str) -> Export:
    """The button of a list is pressed."""
    answer = who.post("/export/new/", {"kind": kind, "side": "in", **filters})
    assert answer.status_code == 302
    with everything():
        export = Export.objects.unscoped().order_by("-begun_at")[0]
    assert answer.headers["Location"] == address(export), "nothing of the filters is in it"
    return export


def address(export: Export, deed: str = "") -> str:
    return f"/export/{export.pk}/{deed}"


def pressed(who: Browser, export: Export, deed: str, **given: str) -> None:
    """It is done, and the page comes back."""
    answer = who.post(address(export, deed), given)
    assert (answer.status_code, answer.headers["Location"]) == (302, address(export))


@pytest.mark.parametrize("kind", ["people", "households", "sites"])
def test_a_list_has_the_button_with_its_filters(mine: Browser, kind: str) -> None:
    text = page(mine.get(f"/{kind}/?region={VILLAGE}"))
    form = re.search(r'<form method="post" action="/export/new/".*?</form>', text, re.DOTALL)
    assert form is not None
    given = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0]))
    assert (given["kind"], given["region"], given["side"]) == (kind, VILLAGE, "in")
    assert "/export/new/" not in page(mine.get(f"/{kind}/?text=没有这样的")), "nothing to take along"


def test_what_would_be_taken_is_said_before(mine: Browser) -> None:
    export = begun(mine, text="向", region=VILLAGE)
    text = page(mine.get(address(export)))
    for word in ("人员", "迁入本地", "以“向”开头", "养老状态", "遮住"):
        assert word in text, word
    assert re.search(r'<dd class="col-sm-9 number">2</dd>', text)
    pressed(mine, export, "change/", kind="relations")
    assert "关系变动" in page(mine.get(address(export)))
    assert "这份名单不能这样导出" in page(mine.post(address(export, "change/"), {"kind": "sites"}), 422)


def test_a_masked_list_is_asked_for_made_and_downloaded(mine: Browser) -> None:
    export = begun(mine, text="向")
    pressed(mine, export, "ask/", full="", purpose="")
    assert '<noscript><meta http-equiv="refresh"' in page(mine.get(address(export)))
    assert "HX-Refresh" not in mine.get(address(export, "progress/")).headers
    made(export)
    assert mine.get(address(export, "progress/")).headers["HX-Refresh"] == "true"
    assert "以后，这里的文件自动删除" in page(mine.get(address(export)))
    answer = mine.post(address(export, "download/"))
    assert "attachment" in answer.headers["Content-Disposition"]
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer)))["台账"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["向春来", "向秋月"]
    assert "人员" in page(mine.get("/export/"))


def test_numbers_in_full_ask_for_the_second_factor_again(mine: Browser, importer: Officer) -> None:
    export = begun(mine, text="向")
    given = {"full": "1", "purpose": "医保核对"}
    answer = mine.post(address(export, "ask/"), given, headers={"referer": f"http://testserver{address(export)}"})
    assert f"next=%2Fexport%2F{export.pk}%2F" in answer.headers["Location"]
    assert again_of(export).stage == Stage.DRAFT
    assert "以“向”开头" in page(mine.get(address(export))), "what was filtered is still known"
    confirmed(mine)
    assert "要写明用途" in page(mine.post(address(export, "ask/"), {**given, "purpose": ""}), 422)
    pressed(mine, export, "ask/", **given)
    made(export)
    answer = mine.post(address(export, "download/"))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer)))["台账"]
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == [number(21), number(22)]


def test_a_full_file_is_not_sent_without_a_fresh_second_factor(mine: Browser, importer: Officer) -> None:
    export = begun(mine)
    confirmed(mine)
    pressed(mine, export, "ask/", full="1", purpose="核对")
    made(export)
    later = Browser()
    later.force_login(importer)
    answer = later.post(address(export, "download/"), headers={"referer": f"http://testserver{address(export)}"})
    assert f"next=%2Fexport%2F{export.pk}%2F" in answer.headers["Location"]
    assert mine.post(address(export, "download/")).status_code == 200


@pytest.fixture
def waiting(mine: Browser) -> Export:
    export = begun(mine)
    confirmed(mine)
    with override_settings(ANJU_MOST_FULL_ROWS_ALONE=2):
        assert "超过 2 行" in page(mine.get(address(export)))
        pressed(mine, export, "ask/", full="1", purpose="核对")
    return export


def test_another_officer_approves(waiting: Export, mine: Browser, theirs: Browser, strange: Browser) -> None:
    assert "等同一地区的另一位干部批准" in page(mine.get(address(waiting)))
    text = page(theirs.get("/export/"))
    assert "等我批准" in text
    assert address(waiting) in text
    seen = page(theirs.get(address(waiting)))
    assert "核对" in seen
    assert "批准以前请看清" in seen
    assert page(strange.get(address(waiting)), 404) == page(strange.get(f"/export/{MISSING}/"), 404)
    assert "自己不能批准" in page(mine.post(address(waiting, "approve/")), 422)
    pressed(theirs, waiting, "approve/")
    made(waiting)
    assert address(waiting, "download/") not in page(theirs.get(address(waiting)))
    assert "没有这份导出" in page(theirs.post(address(waiting, "download/")), 422)
    assert mine.post(address(waiting, "download/")).status_code == 200


def test_another_officer_refuses(waiting: Export, mine: Browser, theirs: Browser) -> None:
    assert "不批准要写明为什么" in page(theirs.post(address(waiting, "refuse/"), {"because": ""}), 422)
    pressed(theirs, waiting, "refuse/", because="用途不清楚")
    assert "用途不清楚" in page(mine.get(address(waiting)))
    again = mine.post("/export/new/", {"like": str(waiting.pk)})
    assert page(mine.get(again.headers["Location"]))


def test_what_is_refused_is_said(mine: Browser) -> None:
    empty = begun(mine, text="没有这样的")
    assert "一行也没有" in page(mine.post(address(empty, "ask/"), {"full": ""}), 422)
    assert "没有这种导出" in page(mine.post("/export/new/", {"kind": "everything"}), 422)
    for key in ("nonsense", MISSING):
        assert mine.post("/export/new/", {"like": key}).status_code == 404
    early = begun(mine)
    assert "还没有做好" in page(mine.post(address(early, "download/")), 422)


@pytest.mark.parametrize("deed", ["change", "ask", "approve", "refuse", "again", "download"])
def test_reloading_what_was_refused_leads_to_the_page(mine: Browser, deed: str) -> None:
    export = begun(mine)
    answer = mine.get(address(export, f"{deed}/"))
    assert (answer.status_code, answer.headers["Location"]) == (302, address(export))


def test_work_that_stopped_is_begun_again(mine: Browser) -> None:
    export = begun(mine)
    pressed(mine, export, "ask/")
    job = Job.objects.get(pk=str(again_of(export).job))
    end(job=job, state=Job.State.FAILED, message="停下了")
    assert "停下了" in page(mine.get(address(export)))
    pressed(mine, export, "again/")
    assert made(export).stage == Stage.READY


def test_a_stranger_finds_nothing(mine: Browser, strange: Browser, theirs: Browser) -> None:
    export = begun(mine)
    pressed(mine, export, "ask/")
    for who in (strange, theirs):
        assert who.get(address(export)).status_code == 404
        assert who.get(address(export, "progress/")).status_code == 404
        for deed in ("change/", "ask/", "approve/", "refuse/", "again/", "download/"):
            given: dict[str, Any] = {"full": "1", "purpose": "x", "because": "x", "kind": "people", "region": TOWN}
            assert who.post(address(export, deed), given).status_code == 404, deed
        assert str(export.pk) not in page(who.get("/export/"))
        assert who.post("/export/new/", {"like": str(export.pk)}).status_code == 404


def test_a_purpose_outlives_the_second_factor(mine: Browser) -> None:
    export = begun(mine)
    answer = mine.post(address(export, "ask/"), {"full": "1", "purpose": "核对三人的名单"})
    assert answer.headers["Location"].startswith("/account/confirm/")
    assert "核对" not in answer.headers["Location"]
    text = page(mine.get(address(export)))
    assert 'value="核对三人的名单"' in text
    assert 'id="full" value="1" checked' in text
