"""The pages of imports, from handing in to undoing; what is refused is a sentence on the page."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from anju.exchange.actions import approve_undo
from anju.exchange.models import Batch, StagedRow, State
from anju.government.models import Officer
from anju.jobs.actions import end
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.register.actions import change_person
from anju.register.models import Person
from tests.desk.cast import again as confirmed
from tests.exchange.cast import ELSEWHERE, TOWN, again, done, frame, handed_in, merged, workbook, zhang
from tests.government.pages.officer import Browser
from tests.register.cast import number

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
MISSING = "00000000-0000-7000-8000-000000000000"


def page(answer: Response, status: int = 200) -> str:
    """What it says."""
    assert answer.status_code == status
    return answer.content.decode()


def sent(who: Browser, path: Path, kind: str = "people", region: str = TOWN, **more: Any) -> Response:
    """A file is sent by the form."""
    ledger = SimpleUploadedFile(path.name, path.read_bytes())
    return who.post("/import/new/", {"kind": kind, "region": region, "ledger": ledger, **more})


def address(batch: Batch, deed: str = "") -> str:
    return f"/import/{batch.pk}/{deed}"


def names(text: str) -> list[str]:
    """Who the rows are about."""
    return [name.split(" ")[0] for name in re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)', text)]


@pytest.fixture
def family(importer: Officer, tmp_path: Path) -> Batch:
    """Two people who wait."""
    return handed_in(importer, workbook(tmp_path / "张家.xlsx", [zhang(1, 户籍意愿="愿意"), zhang(2)]))


@pytest.fixture
def clash(importer: Officer, second: Officer, tmp_path: Path) -> Batch:
    """Somebody under another name, and somebody twice."""
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)])), second)
    rows = [zhang(1, 姓名="张青水"), zhang(2), zhang(2, 联系电话="13800000002"), zhang(3)]
    return handed_in(importer, workbook(tmp_path / "二.xlsx", rows))


def row(batch: Batch, verdict: str, at: int = 0) -> StagedRow:
    return StagedRow.objects.unscoped().filter(batch=batch, kind="person", verdict=verdict).order_by("number")[at]


def test_who_has_handed_in_nothing_is_told_what_to_do(mine: Browser) -> None:
    text = page(mine.get("/import/"))
    assert "您还没有交过文件" in text
    assert "/import/templates/people.xlsx" in text
    assert 'href="/import/"' in text, "the frame leads here"


def test_a_file_is_handed_in_and_shows_its_progress(mine: Browser, tmp_path: Path) -> None:
    answer = sent(mine, workbook(tmp_path / "张家.xlsx", [zhang(1)]))
    batch = Batch.objects.unscoped().get()
    assert answer.headers["Location"] == address(batch)
    waiting = page(mine.get(address(batch)))
    assert "正在读" in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    part = mine.get(address(batch, "progress/"))
    assert "HX-Refresh" not in part.headers
    assert "<html" not in page(part)
    done(batch)
    assert mine.get(address(batch, "progress/")).headers["HX-Refresh"] == "true"
    assert names(page(mine.get(address(batch)))) == ["5000000000000001", "张青山"]


@pytest.mark.parametrize(
    ("file", "fields", "sentence"),
    [
        ("照片.png", {}, "只读 .xlsx"),
        ("空.xlsx", {"kind": ""}, "请选文件里一行是什么"),
        ("空.xlsx", {"kind": "nothing"}, "nothing"),
        ("空.xlsx", {"region": ELSEWHERE}, ELSEWHERE),
    ],
    ids=["不是表格", "没选种类", "没有这种", "别人的地区"],
)
def test_what_cannot_be_handed_in_is_said(
    mine: Browser, tmp_path: Path, file: str, fields: dict[str, str], sentence: str
) -> None:
    path = tmp_path / file
    path.write_bytes(b"x")
    text = page(sent(mine, path, **fields), 422)
    assert sentence in text
    assert 'role="alert"' in text
    assert not Batch.objects.unscoped().exists()


def test_no_file_and_one_too_large_are_said(mine: Browser, tmp_path: Path) -> None:
    assert "还没有选文件" in page(mine.post("/import/new/", {"kind": "people", "region": TOWN}), 422)
    path = tmp_path / "大.csv"
    path.write_bytes(b"x" * (2 << 20))
    with override_settings(ANJU_LARGEST_UPLOAD=1 << 20):
        assert "文件超过 1 MB" in page(sent(mine, path), 413)
    assert not Batch.objects.unscoped().exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "文件是空的"), (b"PK\x03\x04xxxx", "打不开"), (b"%PDF-1.7", "PDF")],
    ids=["空", "坏", "PDF"],
)
def test_what_cannot_be_read_ends_in_a_sentence(mine: Browser, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)
    sent(mine, path)
    batch = done(Batch.objects.unscoped().get())
    text = page(mine.get(address(batch)))
    assert "这份文件没读成" in text
    assert sentence in text
    assert "坏.xlsx" in page(mine.get("/import/"))


def test_each_list_has_its_batches(
    family: Batch, mine: Browser, theirs: Browser, strange: Browser, second: Officer
) -> None:
    listed = re.compile(rf'href="{address(family)}"')
    assert listed.search(page(mine.get("/import/?list=mine")))
    assert not listed.search(page(mine.get("/import/?list=waiting")))
    assert listed.search(page(theirs.get("/import/"))), "what waits comes first"
    assert not listed.search(page(theirs.get("/import/?list=others")))
    assert not listed.search(page(strange.get("/import/")))
    merged(family, second)
    assert listed.search(page(theirs.get("/import/?list=others")))
    assert not listed.search(page(theirs.get("/import/?list=waiting")))


def test_a_long_list_has_pages(
    importer: Officer, mine: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anju.exchange.pages.lists._batches_a_page", 1)
    for name in ("先.xlsx", "后.xlsx"):
        handed_in(importer, workbook(tmp_path / name, [zhang(1)]))
    first = page(mine.get("/import/"))
    assert "后.xlsx" in first
    assert "先.xlsx" not in first
    (following,) = re.findall(r'<a class="btn[^"]*" href="([^"]*after=[^"]+)"', first)
    assert "先.xlsx" in page(mine.get(following.replace("&amp;", "&")))
    assert "后.xlsx" in page(mine.get("/import/?after=nonsense"))


def test_rows_are_shown_and_narrowed(clash: Batch, mine: Browser) -> None:
    text = page(mine.get(address(clash)))
    assert number(2) not in text
    assert "500**************5" in text
    assert names(page(mine.get(address(clash) + "?kind=person&verdict=new"))) == ["张长河"]
    assert names(page(mine.get(address(clash) + "?verdict=conflict&conflict=twice"))) == ["李秀英", "李秀英"]
    assert names(page(mine.get(address(clash) + "?open=1"))) == ["张青水", "李秀英", "李秀英"]
    assert len(names(page(mine.get(address(clash) + "?kind=x&verdict=x&conflict=x&after=x")))) == 5
    part = page(mine.get(address(clash), headers={"HX-Request": "true"}))
    assert part.lstrip().startswith('<div id="list"')


def test_before_and_after_stand_side_by_side(clash: Batch, mine: Browser) -> None:
    text = page(mine.get(address(clash) + "?conflict=name_differs"))
    assert re.search(r"姓名</span> <del>张青山</del>.*<ins>张青水</ins>", text)


def test_many_rows_have_pages(
    importer: Officer, mine: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anju.register.queries.paging.page.__kwdefaults__", {"after": "", "before": "", "size": 2})
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(order) for order in (1, 2, 3)]))
    first = page(mine.get(address(batch) + "?kind=person"))
    assert names(first) == ["张青山", "李秀英"]
    (following,) = re.findall(r'<a class="btn[^"]*" href="([^"]*after=[^"]+)"', first)
    assert names(page(mine.get(following.replace("&amp;", "&")))) == ["张长河"]


def test_a_conflict_is_decided_row_by_row(clash: Batch, mine: Browser, theirs: Browser) -> None:
    first = row(clash, "conflict")
    answer = mine.post(address(clash, "decide/") + "?open=1", {"one": f"{first.number}:file"})
    assert answer.headers["Location"] == f"{address(clash)}?open=1&saved=decided#row-{first.number}"
    first.refresh_from_db()
    assert (first.decision, first.chosen) == ("file", True)
    assert "已经记下怎么定" in page(mine.get(answer.headers["Location"]))
    mine.post(address(clash, "decide/"), {"one": f"{first.number}:"})
    first.refresh_from_db()
    assert (first.decision, first.chosen) == ("", False)
    refused = page(theirs.post(address(clash, "decide/"), {"one": f"{first.number}:file"}), 422)
    assert "对不上的行由交的人来定" in refused


def test_a_conflict_is_decided_for_all_that_are_shown(clash: Batch, mine: Browser) -> None:
    numbers = [row(clash, "conflict", at).number for at in (1, 2)]
    asked = {"all": "out", "shown": [str(n) for n in numbers]}
    assert mine.post(address(clash, "decide/") + "?conflict=twice", asked).status_code == 302
    decided = StagedRow.objects.unscoped().filter(batch=clash, decision="out").order_by("number")
    assert [r.number for r in decided] == numbers
    assert again(clash).revision == 2


@pytest.mark.parametrize(
    "given", [{}, {"one": ""}, {"one": "x:file"}, {"one": "0:nonsense"}, {"one": "999999999:file"}, {"all": "keep"}],
    ids=["空的", "没写", "不是号", "没有这种定法", "没有这一行", "没有行"],
)  # fmt: skip
def test_a_decision_that_makes_no_sense_is_refused_in_a_sentence(
    clash: Batch, mine: Browser, given: dict[str, str]
) -> None:
    assert 'role="alert"' in page(mine.post(address(clash, "decide/"), given), 422)
    assert again(clash).revision == 1


def test_rows_are_chosen(family: Batch, mine: Browser) -> None:
    numbers = [row(family, "new", at).number for at in (0, 1)]
    shown = {"shown": [str(n) for n in numbers]}

    def chosen() -> list[bool]:
        return [row(family, "new", at).chosen for at in (0, 1)]

    for given, expected in (
        ({"chosen": [str(numbers[1])]}, [False, True]),
        ({"which": "all"}, [True, True]),
        ({"which": "none"}, [False, False]),
    ):
        assert mine.post(address(family, "choose/"), {**shown, **given}).status_code == 302
        assert chosen() == expected


def test_a_second_officer_accepts(family: Batch, mine: Browser, theirs: Browser) -> None:
    assert "接收…" in page(theirs.get(address(family)))
    assert "接收…" not in page(mine.get(address(family)))
    text = page(theirs.get(address(family, "accept/") + "?revision=1"))
    assert re.search(r'人 <b class="number">2</b>', text)
    answer = theirs.post(address(family, "accept/"), {"revision": "1"})
    assert answer.headers["Location"] == f"{address(family)}?saved=accepted"
    assert "正在并入" in page(theirs.get(address(family)))
    done(family)
    person = Person.objects.unscoped().get(name="张青山")
    text = page(mine.get(address(family)))
    assert f"/people/{person.pk}/" in text
    assert "已并入" in text


def test_accepting_asks_for_the_second_factor_again(family: Batch, mine: Browser, second: Officer) -> None:
    answer = mine.get(address(family, "accept/"))
    assert answer.headers["Location"].startswith("/account/confirm/?next=")
    answer = mine.post(
        address(family, "accept/"), {"revision": "1"}, headers={"Referer": f"http://testserver{address(family)}"}
    )
    assert answer.headers["Location"].startswith("/account/confirm/?next=")
    assert again(family).state == State.READY


def test_an_acceptance_that_is_refused_says_why(
    family: Batch, importer: Officer, theirs: Browser, mine: Browser
) -> None:
    assert "自己交的要由" in page(confirmed(mine).post(address(family, "accept/"), {"revision": "1"}), 422)
    mine.post(address(family, "choose/"), {"shown": [str(row(family, "new").number)], "which": "none"})
    assert "刚刚改了取舍" in page(theirs.post(address(family, "accept/"), {"revision": "1"}), 422)
    theirs.post(address(family, "reject/"), {"because": "缺人"})
    assert "刚刚有人处理过" in page(theirs.post(address(family, "accept/"), {"revision": "2"}), 422)


@pytest.mark.parametrize("given", [{}, {"revision": ""}, {"revision": "x"}, {"revision": "1" * 10}, {"revision": "2"}])
def test_nobody_accepts_what_he_does_not_say_he_saw(family: Batch, theirs: Browser, given: dict[str, str]) -> None:
    assert "刚刚改了取舍" in page(theirs.post(address(family, "accept/") + "?revision=1", given), 422)
    assert again(family).state == State.READY


def test_a_batch_is_given_back_with_a_reason(family: Batch, mine: Browser, theirs: Browser) -> None:
    assert "退回要写明为什么" in page(theirs.post(address(family, "reject/"), {"because": " "}), 422)
    text = page(theirs.post(address(family, "reject/"), {"because": f"缺 {number(3)}"}), 422)
    assert "证件号码" in text
    assert again(family).state == State.READY
    assert theirs.post(address(family, "reject/"), {"because": "缺户编号"}).status_code == 302
    text = page(mine.get(address(family)))
    assert "退回的理由" in text
    assert "缺户编号" in text


def test_a_merge_is_undone_unless_touched(family: Batch, importer: Officer, second: Officer, theirs: Browser) -> None:
    merged(family, second)
    assert "撤回要写明为什么" in page(theirs.post(address(family, "undo/"), {"because": ""}), 422)
    person = Person.objects.unscoped().get(name="李秀英")
    change_person(by=importer, person=str(person.pk), changes={"people": "苗族"})
    theirs.post(address(family, "undo/"), {"because": "交错了"})
    approve_undo(by=importer, batch=family.pk)
    done(family)
    text = page(theirs.get(address(family)))
    assert "1 个对象又有了变动" in text
    assert names(page(theirs.get(address(family) + "?touched=1"))) == ["李秀英"]


def test_a_stranger_finds_nothing(family: Batch, strange: Browser) -> None:
    deeds = ("", "progress/", "accept/", "reject/", "undo/", "undo/approve/", "undo/refuse/", "problems.xlsx")
    posts = ("decide/", "choose/", "again/", "accept/", "reject/", "undo/", "undo/approve/", "undo/refuse/")
    for asked, method in [*((d, "GET") for d in deeds), *((d, "POST") for d in posts)]:
        foreign, missing = (strange.generic(method, f"/import/{key}/{asked}") for key in (family.pk, MISSING))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content


def test_work_that_stopped_is_begun_again(mine: Browser, tmp_path: Path) -> None:
    sent(mine, workbook(tmp_path / "一.xlsx", [zhang(1)]))
    batch = Batch.objects.unscoped().get()
    assert "刚刚有人处理过" in page(mine.post(address(batch, "again/")), 422), "it is under way"
    end(job=Job.objects.get(pk=str(batch.job)), state=Job.State.FAILED, message="停下了。")
    text = page(mine.get(address(batch)))
    assert "再做一次" in text
    assert "停下了。" in text
    assert 'hx-trigger="every' not in text
    assert mine.post(address(batch, "again/")).status_code == 302
    assert done(batch).state == State.READY


def test_the_same_file_again_is_said(
    family: Batch, importer: Officer, second: Officer, mine: Browser, tmp_path: Path
) -> None:
    merged(family, second)
    batch = handed_in(importer, tmp_path / "张家.xlsx")
    text = page(mine.get(address(batch)))
    assert "一模一样的文件" in text
    assert address(family) in text
    assert "没有要并入的" in text


def test_problems_are_taken_along(importer: Officer, theirs: Browser, tmp_path: Path) -> None:
    out = {"迁出地代码": ELSEWHERE, "迁入地代码": ELSEWHERE}
    file = [zhang(1, 姓名="=1+1", **out), zhang(2, 证件号码="500999198005060011"), zhang(3)]
    path = tmp_path / "名单.csv"
    frame(file).write_csv(path)
    batch = handed_in(importer, path)
    answer = theirs.get(address(batch, "problems.xlsx"))
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer))).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == ("在哪里", "谁", "结果", "怎么回事")
    assert [line[0] for line in lines[1:]] == ["第 2 行", "第 3 行"]
    assert str(lines[1][1]).startswith("=1+1")
    assert "都不在这一批的地区里" in str(lines[1][3])
    assert "500999198005060011" not in str(lines)
    assert all(cell.data_type == "s" for line in sheet.iter_rows() for cell in line if cell.value)
    entry = Entry.objects.filter(action="exchange.take_problems").get()
    assert entry.object_id == str(batch.pk)
