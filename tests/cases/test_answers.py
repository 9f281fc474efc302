"""The list that goes to an office which is not here, and what it says when it comes back: looked at, accepted once, and no more."""

from __future__ import annotations

import re
import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.cases.actions import open_case, take_step
from anju.cases.models import Case, Entry
from anju.government.models import Officer
from anju.government.second_wall import everything
from anju.journal.models import Entry as JournalEntry
from anju.register.facts import today
from anju.register.models import Household, Person
from anju.tables.opening import RawFile, open_table
from anju.tables.workbooks import private_folder
from tests.cases.cast import Offices
from tests.cases.fitting import fit
from tests.cases.test_pages import now
from tests.desk.cast import browser, stranger
from tests.government.pages.officer import Browser
from tests.register.cast import DESTINATION, YUNYANG, zhang

LIST = "/cases/answers/list/?procedure=transfer_pension&step=4"
PAPER = {"户口迁移证明或新户口簿": True}


@pytest.fixture
def few() -> Offices:
    """Of the origin's side nobody is here."""
    return Offices()


@pytest.fixture
def county(few: Offices, db: None) -> Officer:
    return few.at("human_resources", "county", YUNYANG)


@pytest.fixture
def cases(county: Officer, few: Offices, village: Officer, home: Household, person: Person) -> list[Case]:
    return waiting_elsewhere(county, few, village, home, person)


def waiting_elsewhere(county: Officer, few: Offices, village: Officer, home: Household, person: Person) -> list[Case]:
    """Three pension transfers that wait for the origin's county."""
    few.known["committee", "village", DESTINATION] = village
    town = few.at("human_resources", "township", "500235104000")
    people = [
        person,
        *(zhang(village, home, name=n, order=o, relation="子女") for n, o in (("李碧水", 2), ("张长河", 3))),
    ]
    found = []
    for one in people:
        fit(str(one.pk), "transfer_pension")
        case = open_case(
            by=county, procedure="transfer_pension", subject=str(one.pk), applied_on=today(), how="本人到场"
        )
        for by, action, fields in ((village, "提交", PAPER), (town, "受理", {}), (county, "发接收函", {})):
            case = take_step(by=by, case=case.pk, seen=case.entries, action=action, fields=fields)
        found.append(case)
    return found


def downloaded(inside: Browser) -> Any:
    answer: Any = inside.get(LIST)
    assert answer.status_code == 200
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))


def filled(book: Any, *rows: dict[str, str]) -> SimpleUploadedFile:
    """The list with answers in its rows."""
    sheet = book.active
    head = [cell.value for cell in sheet[1]]
    for number, row in enumerate(rows, start=2):
        for name, text in row.items():
            sheet.cell(number, head.index(name) + 1, text)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("回来的表.xlsx", stream.getvalue())


GOOD = {"答复": "审批并划转", "个人账户储存额": "1234.5", "缴费年限": "7", "凭据": "开州人社函〔2026〕9号"}


def test_it_goes_out_and_comes_back(cases: list[Case], county: Officer) -> None:
    inside = browser(county)
    page = inside.get("/cases/?list=elsewhere&procedure=transfer_pension&step=4").content.decode()
    assert "/cases/answers/list/" in page
    book = downloaded(inside)
    sheet = book.active
    assert {row[1].value for row in sheet.iter_rows(min_row=2)} == {"张青山", "李碧水", "张长河"}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert JournalEntry.objects.filter(action="cases.send_list").count() == 1
    back = filled(book, GOOD, {**GOOD, "个人账户储存额": "很多"}, {**GOOD, "凭据": ""})
    page = inside.post("/cases/answers/", {"ledger": back}).content.decode()
    assert page.count('name="chosen"') == 1
    assert "“个人账户储存额”写的是“很多”" in page
    assert "写明是哪一份回函" in page
    rows = re.search(r'name="rows" value="([^"]+)"', page)
    assert rows
    assert "张青山" not in rows[1]
    for _ in range(2):  # accepted again, nothing changes
        page = inside.post("/cases/answers/", {"rows": rows[1], "all": "1"}).content.decode()
        assert "收下了 1 行" in page
    assert sorted(now(case).step for case in cases) == [4, 4, 5]
    with everything():
        assert Entry.objects.unscoped().filter(action="审批并划转").count() == 1
    back.seek(0)
    assert "收下了 1 行" in inside.post("/cases/answers/", {"ledger": back}).content.decode(), "handed in again"


def test_only_what_is_ticked_is_accepted(cases: list[Case], county: Officer) -> None:
    inside = browser(county)
    back = filled(downloaded(inside), GOOD, GOOD, {**GOOD, "答复": "看不懂"})
    page = inside.post("/cases/answers/", {"ledger": back}).content.decode()
    assert "没有“看不懂”" in page
    rows = re.search(r'name="rows" value="([^"]+)"', page)
    assert rows
    inside.post("/cases/answers/", {"rows": rows[1], "chosen": "3"})
    assert sorted(now(case).step for case in cases) == [4, 4, 5]
    other = browser(Offices().at("medical_security", "county", YUNYANG))
    assert "这份表要重新上传" in other.post("/cases/answers/", {"rows": rows[1], "all": "1"}).content.decode()


def test_a_list_of_others_does_nothing(cases: list[Case], county: Officer) -> None:
    back = filled(downloaded(browser(county)), GOOD, GOOD, GOOD)
    far = stranger()
    assert far.get(LIST).status_code == 404
    page = far.post("/cases/answers/", {"ledger": back}).content.decode()
    assert page.count("没有这一件，或者不在您的范围里") == 3
    assert 'name="chosen"' not in page


@pytest.mark.parametrize("seen", ["²", "９", "9" * 5_000, ""], ids=["上标", "全角", "太长", "空着"])
def test_a_case_s_count_that_is_none_is_answered(seen: str, cases: list[Case], county: Officer) -> None:
    inside = browser(county)
    back = filled(downloaded(inside), {**GOOD, "办件": f"{cases[0].pk}.{seen}"})
    answer = inside.post("/cases/answers/", {"ledger": back})
    assert answer.status_code == 200
    assert "已经有人办过" in answer.content.decode()


def test_what_is_read_lies_in_a_folder_that_nobody_tidies_up_meanwhile(
    cases: list[Case], county: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def watched(path: Path, within: Path) -> RawFile:
        with private_folder():  # tidies up what killed processes left
            assert within.parent == Path(settings.ANJU_IMPORTS)
            assert stat.S_IMODE(within.stat().st_mode) == 0o700
            return open_table(path, within)

    inside = browser(county)
    back = filled(downloaded(inside), GOOD)
    monkeypatch.setattr("anju.cases.answers.open_table", watched)
    assert inside.post("/cases/answers/", {"ledger": back}).status_code == 200


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "还没有选"),
        (b"no workbook", ""),
        (b" " * 2 * 1024 * 1024, ""),
        (b" " * (2 * 1024 * 1024 + 1), "最多 2 MB"),
    ],
    ids=["没有文件", "不是表", "刚好 2 MB", "大了一个字节"],
)
def test_what_is_no_list_is_refused(content: bytes, sentence: str, county: Officer) -> None:
    sent = {"ledger": SimpleUploadedFile("x.xlsx", content)} if content else {}
    answer = browser(county).post("/cases/answers/", sent)
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
