"""A returned list is taken as a whole: many rows, other versions of the pages, and a reason for every row that is not."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anju.cases import answers
from anju.cases.models import Bundle, Case, Sort
from anju.duties.models import GuidelineVersion
from anju.government.models import Officer
from anju.register.facts import today
from anju.register.models import Household, Person
from tests.cases.cast import Offices
from tests.cases.many import copies, now, worked
from tests.cases.test_answers import GOOD, LIST, waiting_elsewhere
from tests.desk.cast import browser
from tests.government.pages.officer import Browser
from tests.register.cast import YUNYANG

MANY = 900


@pytest.fixture
def county(db: None) -> Officer:
    return Offices().at("human_resources", "county", YUNYANG)


@pytest.fixture
def cases(county: Officer, village: Officer, home: Household, person: Person) -> list[Case]:
    few = Offices({("human_resources", "county", YUNYANG): county})
    return waiting_elsewhere(county, few, village, home, person)


def downloaded(inside: Browser) -> Any:
    answer: Any = inside.get(LIST)
    return openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content)))


def fill(sheet: Any, number: int, **texts: str) -> None:
    head = [cell.value for cell in sheet[1]]
    for name, text in texts.items():
        sheet.cell(number, head.index(name) + 1, text)


def handed_in(inside: Browser, book: Any) -> Any:
    stream = BytesIO()
    book.save(stream)
    return inside.post("/cases/answers/", {"ledger": SimpleUploadedFile("回来的表.xlsx", stream.getvalue())})


def test_nine_hundred_rows_go_out_and_every_one_comes_back(cases: list[Case], county: Officer) -> None:
    every = [*cases, *copies(cases[0], county, MANY - 3)]
    inside = browser(county)
    book = downloaded(inside)
    sheet = book["等候答复"]
    assert {row[0].value for row in sheet.iter_rows(min_row=2)} == {f"{one.pk}.{one.entries}" for one in every}
    for number in range(2, MANY + 2):
        fill(sheet, number, **GOOD)
    fill(sheet, 5, 个人账户储存额="很多")
    fill(sheet, 6, 答复="")
    for name in GOOD:
        fill(sheet, 7, **{name: ""})
    fill(sheet, 8, 办件="看不清")
    answer = handed_in(inside, book)
    looking = Bundle.objects.get()
    assert (answer.status_code, looking.sort, looking.total) == (302, Sort.LOOKED, MANY - 1)
    worked(looking)
    page = inside.get(answer["Location"]).content.decode()
    assert f"可以收 {MANY - 4} 行" in page
    assert "不能收 3 行" in page
    assert "另有 1 行没有填“答复”" in page
    for number, why in ((5, "“个人账户储存额”写的是“很多”"), (6, "“答复”空着"), (8, "“办件”那一格认不出来")):
        row = page[page.index(f'class="number">{number}</td>') :]
        assert why in row[: row.index("</tr>")]
    assert {one.step for one in now(every).values()} == {4}, "nothing is taken before it is said"
    taking = [inside.post("/cases/answers/", {"bundle": str(looking.pk)}) for _ in range(2)]
    assert taking[0]["Location"] == taking[1]["Location"], "sent twice it is one"
    worked(Bundle.objects.get(sort=Sort.ANSWERED))
    assert f"办好了 {MANY - 4} 件" in inside.get(taking[0]["Location"]).content.decode()
    steps = [one.step for one in now(every).values()]
    assert (steps.count(5), steps.count(4)) == (MANY - 4, 4)


def test_each_version_of_the_pages_has_its_sheet_and_both_come_back(
    cases: list[Case],
    county: Officer,
) -> None:
    older = GuidelineVersion.objects.create(version="older", first_used_on=today(), pages=cases[0].version.pages)
    then = copies(cases[0], county, 2, older.pk)
    inside = browser(county)
    book = downloaded(inside)
    assert book.sheetnames == ["等候答复", "等候答复2", "说明"]
    assert "2 个版本" in "".join(str(row[0].value) for row in book["说明"].iter_rows())
    for name in book.sheetnames[:2]:
        for number in range(2, book[name].max_row + 1):
            fill(book[name], number, **GOOD)
    page = handed_in(inside, book).content.decode()
    assert page.count('name="chosen"') == 5
    assert 'value="2-3"' in page, "a row is told apart from the same of another sheet"
    book["等候答复2"]["A1"] = "别的"
    page = handed_in(inside, book).content.decode()
    assert "这一张表（等候答复2）的第一行没有“办件”和“答复”" in page
    assert {one.step for one in now(then).values()} == {4}


def test_a_list_that_is_too_long_says_so_on_its_last_sheet(
    cases: list[Case],
    county: Officer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("anju.cases.pages.answers.most_rows", 2)
    inside = browser(county)
    book = downloaded(inside)
    assert book["等候答复"].max_row == 3
    assert "等候的有 3 件，一份表最多 2 行" in "".join(str(row[0].value) for row in book["说明"].iter_rows())
    monkeypatch.undo()
    book = downloaded(inside)
    assert "一份表最多" not in "".join(str(row[0].value) for row in book["说明"].iter_rows())
    for number in range(2, 5):
        fill(book["等候答复"], number, **GOOD)
    monkeypatch.setattr(answers, "most_rows", 2)
    answer = handed_in(inside, book)
    assert (answer.status_code, "这一份有 3 行；请拆开再交，一行都没有收" in answer.content.decode()) == (422, True)
