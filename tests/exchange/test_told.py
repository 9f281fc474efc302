"""What a list names by its head, has too little of, or loses row by row: it comes in, is compared, or the page of the batch says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from anju.exchange import storage
from anju.exchange.models import Part, State
from anju.government.models import Officer
from anju.tables.cells import letter
from tests.exchange.cast import ORIGIN, VILLAGE, contents, done, handed_in, merged, undo, workbook, zhang
from tests.exchange.keeping import HOME, cell, held, said, taken
from tests.register.cast import YUNYANG, number

pytestmark = pytest.mark.django_db
Heads = tuple[str, list[dict[str, Any]], list[dict[str, Any]], str]
HEADS: dict[str, Heads] = {
    "户里有这个户主": ("households", [zhang(1)], [{"户主姓名": "张青山"}], ""),
    "户里有这个户主，号码也对": ("households", [zhang(1)], [{"户主姓名": "张青山", "户主证件号码": number(1)}], ""),
    "户里的户主是别人": ("households", [zhang(1)], [{"户主姓名": "王五"}], "写的户主和登记的不一样"),
    "姓名对，号码是别人的": ("households", [zhang(1)], [{"户主姓名": "张青山", "户主证件号码": number(3)}], "写的户主和登记的不一样"),
    "户里没有户主": ("households", [zhang(2)], [{"户主姓名": "张青山"}], "还没有登记户主"),
    "户还没有": ("households", [], [{"户主姓名": "张青山"}], "还没有登记户主"),
    "姓名一列就是户主": ("households", [zhang(1)], [{"姓名": "王五"}], "写的户主和登记的不一样"),
    "没有写户主": ("households", [zhang(1)], [{"搬迁类型": "同步搬迁"}], ""),
    "成员写的户主对": ("people", [zhang(1)], [zhang(2, 户主姓名="张青山", 户主证件号码=number(1))], ""),
    "成员写的户主不对": ("people", [zhang(1)], [zhang(2, 户主姓名="王五")], "写的户主和登记的不一样"),
    "成员写的号码不对": ("people", [zhang(1)], [zhang(2, 户主证件号码=number(3))], "写的户主和登记的不一样"),
    "成员写的户主没有登记": ("people", [], [zhang(2, 户主姓名="张青山")], "还没有登记户主"),
    "户主也在表里": ("people", [], [zhang(1, 户主姓名="张青山"), zhang(2, 户主姓名="张青山")], ""),
    "表里的户主是别人": ("people", [], [zhang(1), zhang(2, 户主姓名="王五")], "和这一户户主那一行不一样"),
    "两行写两个户主": ("people", [], [zhang(2, 户主姓名="甲"), zhang(3, 户主姓名="乙")], "各行的“户主姓名”不一样"),
    "户主那一行没有号码": (
        "people", [], [zhang(1, 证件号码=None, 出生年月日="1980-05-06"), zhang(2, 户主证件号码=number(1))],
        "这一户户主那一行没有证件号码，这里写的没有留下；请写在户主那一行。",
    ),
    "户主那一行没有号码，姓名也不一样": (
        "people", [], [zhang(1, 证件号码=None, 出生年月日="1980-05-06"), zhang(2, 户主姓名="王五", 户主证件号码=number(1))],
        "写的户主和这一户户主那一行不一样",
    ),
    "户主那一行没写关系，号码是他的": (
        "people", [], [zhang(1, 与户主关系=None, 户主证件号码=number(1)), zhang(2, 户主姓名="张青山")], ""
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADS.values(), ids=HEADS)
def test_the_head_that_a_list_names_is_compared(
    importer: Officer, second: Officer, tmp_path: Path, case: Heads
) -> None:
    kind, there, rows, expected = case
    if there:
        merged(handed_in(importer, workbook(tmp_path / "一.xlsx", there)), second)
    base = {"户编号": HOME, "迁出地代码": ORIGIN, "迁入地代码": VILLAGE} if kind == "households" else {}
    path = workbook(tmp_path / "二.xlsx", [{**base, **row} for row in rows])
    batch = handed_in(importer, path, kind)
    notes = said(importer, batch)
    assert any(expected in text for text in notes) if expected else notes == []
    assert "一行没有证件号码" not in expected or not any("不一样" in text for text in notes)
    taken(batch, second)
    same = handed_in(importer, path, kind)
    assert {verdict for counts in same.counts.values() for verdict in counts} == {"same"}, "again it changes nothing"


TEMPLATE = {
    "认定年度": "2020", "户主姓名": "张青山", "户主身份证": number(1), "户主电话": "13800000001", "详细地址": "一号",
    "是否属于易地扶贫搬迁": "是", "集中安置点名称": "1-甲点", "是否残疾人": "否", "脱贫状态": "已脱贫", "备注": "要紧",
}  # fmt: skip


def test_the_township_s_template_comes_in(importer: Officer, second: Officer, tmp_path: Path) -> None:
    path = workbook(tmp_path / "表.xlsx", [TEMPLATE])
    batch = handed_in(importer, path)
    assert batch.counts["person"] == {"new": 1}
    assert said(importer, batch) == [
        "这些列没有用到：认定年度、是否属于易地扶贫搬迁、是否残疾人、脱贫状态。",
        "这些列认得，但这种名单没有地方放，写的都没有留下：备注。",
        "没有户编号，户的这几样没有地方放，没有留下：安置点、住址；要留下，请补上户编号再交。",
    ]
    before = contents()
    merged(batch, second)
    assert {"name=张青山", f"id={number(1)}", "sex=男", "birth=1980-05-06", "phone=13800000001"} <= held()
    assert handed_in(importer, path).counts["person"] == {"same": 1}
    undo(by=importer, batch=batch.pk, because="交错了")
    assert (done(batch).state, contents()) == (State.UNDONE, before)


WRONG = number(1)[:-1] + ("0" if number(1)[-1] != "0" else "1")
OF_HEADS: dict[str, tuple[dict[str, Any], str]] = {
    "户主证件号码不对": ({"户主姓名": "张青山", "户主证件号码": WRONG, "户编号": HOME}, "校验位"),
    "成员写的户主证件号码不对": (zhang(2, 户主证件号码=WRONG), "校验位"),
    "没有姓名也没有户主": ({"姓名": None, "户主姓名": "张青山", "户编号": HOME, "户籍意愿": "愿意"}, "认不出这一行"),
    "不是户主，又没有姓名": (
        {"户主姓名": "张青山", "户主证件号码": number(1), "证件号码": number(2), "与户主关系": "配偶"}, "没有姓名"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("row", "why"), OF_HEADS.values(), ids=OF_HEADS)
def test_whom_a_row_of_heads_is_not_about(importer: Officer, tmp_path: Path, row: dict[str, Any], why: str) -> None:
    batch = handed_in(importer, workbook(tmp_path / "表.xlsx", [row]))
    assert batch.counts["person"] == {"refused": 1}
    assert any(why in text for text in said(importer, batch))


LEAST: dict[str, tuple[str, list[str], str]] = {
    "姓名和证件号码": ("people", ["姓名", "证件号码"], ""),
    "只有证件号码": ("people", ["证件号码"], ""),
    "姓名和户编号": ("people", ["姓名", "户编号"], ""),
    "户主和户主身份证": ("people", ["户主姓名", "户主身份证"], ""),
    "只有姓名": ("people", ["姓名"], "光有“姓名”不够，没有读：还要有“证件号码”，或者“出生年月日”，或者“户编号”"),
    "只有户编号的户": ("households", ["户编号"], ""),
    "没有户编号的户": ("households", ["户主姓名"], "光有“户主姓名”不够，没有读：还要有“户编号”。"),
    "只有名字的安置点": ("sites", ["集中安置点名称"], ""),
    "没有名字的安置点": ("sites", ["安置点编号"], "光有“安置点编号”不够，没有读：还要有“集中安置点名称”。"),
    "只有人的关系": ("relations", ["姓名", "证件号码"], "还要有“关系”、“归属地”、“起”。"),
    "只有人的意愿": ("wishes", ["姓名", "证件号码"], "还要有“意愿”、“选择”、“表态日”。"),
    "只有人的发放": ("paid", ["姓名", "证件号码"], "还要有“救助”、“发放月份”、“金额”。"),
    "只有人的参保": ("medical_list", ["姓名", "证件号码"], "还要有“参保状态”。"),
    "没有认得的": ("people", ["随便"], "没有找到认得的表头"),
}


@pytest.mark.parametrize(("kind", "headers", "expected"), LEAST.values(), ids=LEAST)
def test_the_least_that_a_list_may_have(
    county: Officer, tmp_path: Path, kind: str, headers: list[str], expected: str
) -> None:
    row = {h: cell(h, kind) if h != "随便" else "写的" for h in headers}
    batch = handed_in(county, workbook(tmp_path / "表.xlsx", [row]), kind, YUNYANG)
    assert (batch.state == State.FAILED, expected in batch.message) == (bool(expected), True)


HEAD = {"户主姓名": "张青山", "户主证件号码": number(1), "户编号": HOME, "迁出地代码": ORIGIN, "迁入地代码": VILLAGE}
ROWS: dict[str, tuple[str, list[dict[str, Any]], str]] = {
    "没有户编号": (
        "people",
        [zhang(1, 户编号=None, 集中安置点名称="甲点", 住址="一号", 在岗结对干部数=1)],
        "没有户编号，户的这几样没有地方放，没有留下：与户主关系、安置点、住址、在岗结对干部数；要留下，请补上户编号再交。",
    ),
    "两行两个住址": ("people", [zhang(1, 住址="一号"), zhang(2, 住址="二号")], "这一户各行的“住址”不一样，按户主那一行；请改成一致。"),
    "否看不出救助": ("people", [zhang(1, 是否低保="否")], "这些列里，有的格子推不出能登记的情况，没有留下：是否低保（1 行）。"),
    "已有医保状态": (
        "people",
        [zhang(1, 医保状态="居民医保", 是否参加城乡居民基本医疗保险="否")],
        "这些列里，有的格子推不出能登记的情况，没有留下：是否参加城乡居民基本医疗保险（1 行）。",
    ),
    "只有同步搬迁的人数": (
        "sites", [{"集中安置点名称": "甲点", "同步搬迁": "20"}], "这些列里，有的格子推不出能登记的情况，没有留下：同步搬迁（1 行）。",
    ),
    "干部的姓名": ("people", [zhang(1, 帮扶责任人="甲、乙")], "“帮扶责任人”只记了这一户有几位，姓名没有留下。"),
    "没有写干部": ("people", [zhang(1, 帮扶责任人=None)], ""),
    "干部的姓名和人数": (
        "people",
        [zhang(1, 帮扶责任人="甲、乙", 在岗结对干部数=2)],
        "这些列里，有的格子推不出能登记的情况，没有留下：帮扶责任人（1 行）。",
    ),
    "干部的姓名，没有户编号": (
        "people",
        [zhang(1, 帮扶责任人="甲、乙", 户编号=None, 与户主关系=None)],
        (
            "“帮扶责任人”要有户编号才记有几位，没有留下。\n"
            "没有户编号，户的这几样没有地方放，没有留下：在岗结对干部数；要留下，请补上户编号再交。"
        ),
    ),
    "干部的姓名，另一种对象": (
        "sites", [{"集中安置点名称": "甲点", "帮扶责任人": "甲"}], "这些列说的不是这一种对象，没有导入：在岗结对干部数（看帮扶责任人）。"
    ),
    "代码和名称": (
        "people", [zhang(1, 迁出地县="奉节县")], "代码和名称没有对上，按代码（没有代码的，按分开写的名称）；请核对。"
    ),
    "村名": (
        "people",
        [zhang(1, 迁出地代码=None, 迁出地县="开州区", 迁出地村="某某村")],
        "“迁出地”有 1 行写的名称比区划表细（村、重庆以外的乡镇），只登记到认得出的一级，更细的没有留下；要留下，请写 12 位代码。",
    ),
    "村名，代码有 12 位": ("people", [zhang(1, 迁出地县="开州区", 迁出地村="某某村")], ""),
    "判定日和跨度": (
        "people",
        [zhang(1, 判定日="2026-06-30", 搬迁跨度="市内跨区县")],
        "这些列认得，但这种名单没有地方放，写的都没有留下：判定日、搬迁跨度。",
    ),
    "表头里的证件号码": (
        "households",
        [{"户编号": HOME, "迁出地代码": ORIGIN, "养老状态（500999198005060017）": "缴费中"}],
        "这些列说的不是这一种对象，没有导入：养老状态（500**************7）。",
    ),
    "户入住日和人的入住日": (
        "households",
        [{"户编号": HOME, "迁出地代码": ORIGIN, "户入住日": "2020-01-01", "入住日": "2019-05-05"}],
        "这些列说的不是这一种对象，没有导入：入住日。",
    ),
    "户主的出生日期": (
        "people",
        [{**HEAD, "出生年月日": "1999-01-01"}],
        "“出生年月日”写的是“1999-01-01”，出生日期和身份证号对不上，已按出生日期一列；请核对哪个是对的。",
    ),
    "户主的出生日期，证件号码是自己的": (
        "people",
        [{**HEAD, "证件号码": number(1), "出生年月日": "1999-01-01"}],
        "“出生年月日”写的是“1999-01-01”，出生日期和身份证号对不上，已按出生日期一列；请核对哪个是对的。",
    ),
    "户主的年龄": (
        "people", [{**HEAD, "年龄": "20"}], "“年龄”写的是“20”，年龄和出生日期对不上，已按年龄一列；请核对哪个是对的。"
    ),
    "空着的列": ("people", [zhang(1, 备注=None, 健康状况="不详")], "这些列认得，但这种名单没有地方放，写的都没有留下：健康状况。"),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "rows", "expected"), ROWS.values(), ids=ROWS)
def test_what_a_row_loses_is_told(
    importer: Officer, second: Officer, tmp_path: Path, kind: str, rows: list[dict[str, Any]], expected: str
) -> None:
    batch = handed_in(importer, workbook(tmp_path / "表.xlsx", rows), kind)
    assert said(importer, batch) == expected.splitlines()
    assert merged(batch, second).state == State.MERGED


OF_SOMEBODY = {
    "wishes": {"意愿": "户籍意愿", "选择": "愿意", "表态日": "2026-03-01"},
    "relations": {"关系": "户籍", "归属地代码": VILLAGE, "起": "2026-03-01"},
    "paid": {"救助": "最低生活保障", "发放月份": "2026-03", "金额": "100", "发放日期": "2026-03-10"},
    "medical_list": {"参保状态": "居民医保", "参保月份": "2026-03", "参保地代码": VILLAGE},
}


@pytest.mark.parametrize("kind", OF_SOMEBODY)
@pytest.mark.parametrize(
    "written", ["500999********0017", "无", WRONG, number(1)], ids=["遮住的", "无", "错的", "对的"]
)
def test_nobody_is_refused_for_a_column_of_which_nothing_is_kept(
    county: Officer, tmp_path: Path, kind: str, written: str
) -> None:
    row = {"姓名": "张青山", "证件号码": number(1), "户主证件号码": written, **OF_SOMEBODY[kind]}
    notes = said(county, handed_in(county, workbook(tmp_path / "表.xlsx", [row]), kind, YUNYANG))
    assert "这些列认得，但这种名单没有地方放，写的都没有留下：户主证件号码。" in notes
    assert not [text for text in notes if text.startswith("“户主证件号码”")]


@pytest.mark.parametrize("known_by", [{}, {"户主证件号码": number(1)}], ids=["户主姓名", "户主证件号码"])
def test_a_sheet_of_households_beside_one_of_people_makes_no_second_head(
    importer: Officer, tmp_path: Path, known_by: dict[str, str]
) -> None:
    people = [zhang(1), zhang(2)]
    homes = [
        {"户编号": HOME, "户主姓名": "张青山", **known_by, "住址": "一号"},
        {
            "户编号": "5000000000000002",
            "户主姓名": "王五",
            "户主证件号码": number(4),
            "住址": "二号",
            "迁入地代码": VILLAGE,
        },
    ]
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx")) as book:
        for name, rows in (("人", people), ("户", homes)):
            sheet = book.add_worksheet(name)
            headers = list(dict.fromkeys(header for row in rows for header in row))
            for at, line in enumerate([headers, *([row.get(header) for header in headers] for row in rows)]):
                sheet.write_row(at, 0, line)
    batch = handed_in(importer, tmp_path / "表.xlsx")
    assert batch.counts["person"] == {"new": 3, "refused": 1}
    assert any("户主在这份文件的另一张工作表里有自己的一行，这一行没有收" in text for text in said(importer, batch))


def test_rows_that_differ_in_what_is_not_kept_are_the_same(importer: Officer, tmp_path: Path) -> None:
    rows = [zhang(1, 备注="甲"), zhang(1, 备注="乙")]
    assert handed_in(importer, workbook(tmp_path / "表.xlsx", rows)).counts["person"] == {"new": 1, "same": 1}


@pytest.mark.parametrize("known_by", [{"出生年月日": "1980-05-06"}, {"户编号": HOME}], ids=["出生日期", "户编号"])
def test_whom_a_row_without_a_number_is_about_is_known_when_it_is_merged(
    importer: Officer, second: Officer, tmp_path: Path, known_by: dict[str, str]
) -> None:
    born = {"出生年月日": "1980-05-06"} if "户编号" not in known_by else {}
    person = zhang(1, 证件号码=None, **born)
    assert merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [person])), second).state == State.MERGED
    wish = {"姓名": "张青山", **known_by, "意愿": "户籍意愿", "选择": "愿意", "表态日": "2026-03-01"}
    batch = merged(handed_in(importer, workbook(tmp_path / "愿.xlsx", [wish]), "wishes"), second)
    assert (batch.state, batch.counts["merged"]["wish"]["new"]) == (State.MERGED, 1)


def test_the_code_of_a_site_s_place_is_kept(importer: Officer, second: Officer, tmp_path: Path) -> None:
    rows = [{"集中安置点名称": "甲点", "所在地代码": VILLAGE}]
    merged(handed_in(importer, workbook(tmp_path / "点.xlsx", rows), "sites"), second)
    assert f"destination={VILLAGE}" in held()


def test_another_household_than_the_register_s_is_told(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1)])), second)
    wish = {"姓名": "张青山", "证件号码": number(1), "意愿": "户籍意愿", "选择": "愿意", "表态日": "2026-03-01"}
    for code, expected in (
        (HOME, []),
        ("5000000000000002", ["户编号和登记的不一样，没有改；换了户，请在人员名单里交。"]),
    ):
        batch = handed_in(importer, workbook(tmp_path / "愿.xlsx", [{**wish, "户编号": code}]), "wishes")
        assert said(importer, batch) == expected


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("people", [("证件号码", "18位"), ("姓名", "写全名"), ("户编号", "16位")]),
        ("households", [("户编号", "16位"), ("户主姓名", "写全名")]),
    ],
    ids=["人", "户"],
)
def test_a_sheet_that_says_how_columns_are_filled_in_is_no_list(
    importer: Officer, tmp_path: Path, kind: str, lines: list[tuple[str, str]]
) -> None:
    row = {header: value for header, value in zhang(1).items() if kind == "people" or header[0] in "户迁"}
    book = openpyxl.Workbook()
    for name, rows in (("名单", [(*row,), (*row.values(),)]), ("说明", lines)):
        sheet = book.create_sheet(name)
        for line in rows:
            sheet.append(line)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "表.xlsx")
    batch = handed_in(importer, tmp_path / "表.xlsx", kind)
    assert batch.counts["person" if kind == "people" else "household"] == {"new": 1}
    assert [f"光有“{lines[0][0]}”不够，没有读" in text for text in said(importer, batch)] == [True]


def test_the_number_by_which_a_head_was_compared_is_not_kept(importer: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "表.xlsx", [zhang(1), zhang(2, 户主证件号码=number(1))]))
    for subject in ("person", "household"):
        assert "@head_id" not in storage.whole(batch, Part.ROWS, subject).columns


def test_what_a_workbook_hides_is_told(importer: Officer, tmp_path: Path) -> None:
    rows = [zhang(order, 民族="苗族") for order in (1, 2, 3, 4)]
    headers = list(rows[0])
    with xlsxwriter.Workbook(str(tmp_path / "表.xlsx")) as book:
        sheet, hidden, other = (book.add_worksheet(name) for name in ("名单", "藏着", "随笔"))
        for at, row in enumerate([headers, *(list(row.values()) for row in rows)]):
            sheet.write_row(at, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(headers.index("民族"), headers.index("民族"), 9, None, {"hidden": True})
        sheet.set_column(len(headers), 16383, 9, None, {"hidden": True})  # what nothing stands in is no matter
        sheet.merge_range(4, len(headers), 4, len(headers) + 1, "并")
        sheet.merge_range(3, len(headers) + 2, 4, len(headers) + 3, "并")
        hidden.write_row(0, 0, headers)
        hidden.hide()
        other.write(0, 0, "说一说")
    batch = handed_in(importer, tmp_path / "表.xlsx")
    assert batch.counts["person"] == {"new": 4}
    notes = "\n".join(said(importer, batch))
    for expected in (
        "“藏着”：这张工作表是隐藏的，没有读",
        "“随笔”：这张工作表没有认得的表头，没有读",
        f"第 3 行和{letter(headers.index('民族'))} 列是隐藏的，也照样读了",
        "合并的格子横竖都跨了",
        "列（没有表头）",
    ):
        assert expected in notes, notes


def test_a_formula_without_an_answer_is_told(importer: Officer, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    row = zhang(1, 民族="=1+1")
    for at, (header, value) in enumerate(row.items(), start=1):
        sheet.cell(1, at, header)
        sheet.cell(2, at, value)
    book.save(tmp_path / "表.xlsx")
    batch = handed_in(importer, tmp_path / "表.xlsx")
    assert batch.counts["person"] == {"refused": 1}
    assert "公式没有算出结果" in "\n".join(said(importer, batch))
