"""真实的表：标题、合并、两行表头、隐藏的表、空行、合计行、各种编码和格式。"""

import base64
import gzip
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from anju.tables.ledger import FileRefused, Ledger, Sheet
from tests.tables.workbooks import cell, head, tail, write_csv, write_parts, write_xlsx

HEADER = ["姓名", "养老状态", "年龄"]
ROW = ["张三", "缴费中", 40]
ReadFile = Callable[[Path], Ledger]
ReadRows = Callable[[Sequence[Sequence[object]]], Sheet]

XLS = (
    "ABzY8000000t4+>T}V_x6#nMk{k2tB(?A1Rgse<yH!bo(w;#->R!u4U^{3q|%rzDXElSITAcP<a`XLbPA%e0O`z11b@F6hrAt(aP"
    "haP&VFzZ3x&YZowsVTTnf^xshoSAdZ%$c8aX6D}eW*}jx^I_^RW}pBnCWBU(rpN>(YnZWv^ueGkhI0$0ppHcatA!kCGU8e6YqRvB"
    "^!G3nbQ^k!0-q=yzzKL7{65D5VjGX4TF5cv3j@WTf?Jg0kiz3iWO|tCa;6Ws?sKMFSkl2XpXv^YeHd_iGB;~+T%n}1E{>?cBX0Aa"
    "B`zeRU&e9EWf7`t#MZ#E>f?({k!G-=3*^!wpWhddd_3+T252T^*Vkuzy+cSMcX#1O&;g8w_w`GME?-!=0Lgz%mz(F1TgZts<yRB~"
    "(28J{kipyz8%`ReMiEav73GqDWs;Ghh|j*G7sqi1v81)h8W4kfW6NoG^<EnD{45hqR6JcOT6+Sb$^>zHf8jM>X>swGZ}h4WBCEFX"
    "(D#EQp4=8{__ZvfgEB{@)sqNpbUHWWY;xu0Ih`(goUR-dBDW>4Bikb&)*qpop4tz)DMp)O<SoLdj(ysx6U%$iM%0UVE+_Dgw9}-="
    "?|yr`v!=vd$&yySX+rnWDmi%saZa|N#&N9S`O{VaGP%V%rsvt}N-n1|O`<xKXOtvsg&l2N=K^apsGl6hpnLU{@)|0)e<^*O);{81"
    "OXd4T!>5w&zjJpYo$g03wU<vDvP71+ab4nxJDdyc<od`o<*!rBqS$#}Mg+A>Hy#tTZ>21O1tCtZj)-uIwpJldB~FcS2I35w<<P24"
    "w+yyy)M_ZR^sR6WlV&mG8FPe_eM^6wRV1g<{QUP6O(*-dYL?}Q)ESmlwk*e>lIK*m{9?SXyT9+|_K-eoy+BDsj~ob{?SHTku_PjN"
    "F~-u|9$yw-Rm`@kI&|pJp+kp`r3=BI0pK?=gZ9oW-=NIef1L?RllpIxC5v5Xpr?^ODGTAJJb>n?;%5bnB5X^{vrYJap~N2QJ%BpY"
    "@HpzCj$e8M7E|Xl?}qk&w}qnZe=?eJ{^$OG0|~fBzW^2h00"
)
"""A small .xls as an old program writes it: a title, a hidden sheet, a date cell, and an ID number kept as a number."""


def words(sheet: Sheet) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.severity) for problem in sheet.problems]


def test_rows_are_numbered_as_they_stand(read_rows: ReadRows) -> None:
    sheet = read_rows([["搬迁群众花名册"], [], ["单位：人"], HEADER, ROW, [], ["李四", "已领取", 66]])
    assert sheet.frame["@row"].to_list() == [5, 7]
    assert sheet.frame["@key"].to_list() == ["5", "7"]
    assert sheet.frame["@name"].to_list() == ["张三", "李四"]
    assert sheet.frame["pension_status"].to_list() == ["contributing", "drawing"]


def test_total_repeated_and_signature_lines_are_set_aside(read_rows: ReadRows) -> None:
    sheet = read_rows([HEADER, ROW, HEADER, ROW, ["合计", "", 2], ["填表人：李某"]])
    assert sheet.frame["@row"].to_list() == [2, 4]
    assert words(sheet) == [(3, "warning"), (5, "warning"), (6, "warning")]


def test_a_line_with_nothing_but_a_serial_number_is_blank(read_rows: ReadRows) -> None:
    sheet = read_rows([["序号", *HEADER], [1, *ROW], [2, "", "", ""]])
    assert sheet.frame.height == 1
    assert sheet.problems == ()


def test_two_header_lines(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [["姓名", "迁出地", "", "养老状态"], ["", "市", "县", ""], ["张三", "重庆市", "奉节县", "缴费中"]]
    )
    assert sheet.frame["@origin_city"].to_list() == ["重庆市"]
    assert sheet.frame["@origin_county"].to_list() == ["奉节县"]
    assert sheet.frame["pension_status"].to_list() == ["contributing"]


def test_merged_cells_hold_their_value_everywhere(tmp_path: Path, read_file: ReadFile) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "合并.xlsx")) as book:
        sheet = book.add_worksheet("户")
        sheet.merge_range("B1:E1", "搬迁群众花名册")
        sheet.merge_range("B2:B3", "户编号")
        sheet.merge_range("C2:D2", "迁出地")
        sheet.merge_range("E2:E3", "养老状态")
        sheet.write_row("C3", ["市", "县"])
        sheet.merge_range("B4:B5", "5700000000000001")
        sheet.write_row("C4", ["重庆市", "奉节县", "缴费中"])
        sheet.write_row("C5", ["重庆市", "云阳县", "坏的"])
    ledger = read_file(tmp_path / "合并.xlsx")
    frame = ledger.sheets[0].frame
    assert frame["@household"].to_list() == ["5700000000000001"]
    assert frame["@origin_county"].to_list() == ["奉节县"]
    problem = ledger.sheets[0].problems[0]
    assert (problem.row, problem.letter, problem.column, problem.found) == (5, "E", "养老状态", "坏的")


def test_hidden_and_unknown_sheets_are_not_read_and_said_so(tmp_path: Path, read_file: ReadFile) -> None:
    path = write_xlsx(
        tmp_path / "几张表.xlsx", {"人员": [HEADER, ROW], "旧": [HEADER, ROW], "说明": [["请如实填写"]]}, hidden=["旧"]
    )
    ledger = read_file(path)
    assert [sheet.name for sheet in ledger.sheets] == ["人员"]
    assert {problem.sheet for problem in ledger.problems} == {"旧", "说明"}
    assert "隐藏" in ledger.problems[0].advice


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_encodings(tmp_path: Path, read_file: ReadFile, encoding: str) -> None:
    path = write_csv(tmp_path / "台账.csv", [HEADER, ROW, ["𠮷䶮", "已领取", 66]], encoding)
    assert read_file(path).sheets[0].frame["@name"].to_list() == ["张三", "𠮷䶮"]


@pytest.mark.parametrize("mark", ["\t", ";"], ids=["制表符", "分号"])
def test_other_delimiters(tmp_path: Path, read_file: ReadFile, mark: str) -> None:
    (tmp_path / "台账.csv").write_text(f"姓名{mark}养老状态\n张三{mark}缴费中\n", encoding="utf-8")
    assert read_file(tmp_path / "台账.csv").sheets[0].frame["pension_status"].to_list() == ["contributing"]


def test_parquet_keeps_its_types(tmp_path: Path, read_file: ReadFile) -> None:
    frame = pl.DataFrame(
        {
            "key": ["甲", "乙"],
            "pension_status": ["contributing", "已领取"],
            "hukou_moved": [True, None],
            "age": [40, -1],
            "birth_date": [date(1986, 1, 1), None],
        }
    )
    frame.write_parquet(tmp_path / "台账.parquet")
    sheet = read_file(tmp_path / "台账.parquet").sheets[0]
    assert sheet.frame["@key"].to_list() == ["甲"]
    assert sheet.frame["@row"].to_list() == [1]
    assert sheet.frame.schema["hukou_moved"] == pl.Boolean
    assert sheet.frame["birth_date"].to_list() == [date(1986, 1, 1)]
    assert [(problem.row, problem.column) for problem in sheet.problems] == [(2, "age")]


def test_a_parquet_cell_that_is_no_single_value_refuses_its_row(tmp_path: Path, read_file: ReadFile) -> None:
    frame = pl.DataFrame({"姓名": ["甲", "乙"], "年龄": [[40], None], "养老状态": ["缴费中", "缴费中"]})
    frame.write_parquet(tmp_path / "台账.parquet")
    sheet = read_file(tmp_path / "台账.parquet").sheets[0]
    assert sheet.frame["@name"].to_list() == ["乙"]
    assert sheet.problems[0].found == "（不是单个的值）"


def test_an_old_workbook(tmp_path: Path, read_file: ReadFile) -> None:
    (tmp_path / "旧.xls").write_bytes(gzip.decompress(base64.b85decode(XLS)))
    ledger = read_file(tmp_path / "旧.xls")
    sheet = ledger.sheets[0]
    assert sheet.frame["moved_in_on"].to_list() == [date(2019, 10, 1)]
    assert sheet.frame["birth_date"].to_list() == [date(1990, 1, 1)]
    assert "隐藏" in ledger.problems[0].advice
    assert [problem.row for problem in sheet.problems] == [4]
    assert "数字格式" in sheet.problems[0].advice


def test_a_workbook_named_otherwise_is_read_by_its_content(tmp_path: Path, read_file: ReadFile) -> None:
    path = write_xlsx(tmp_path / "台账.xlsx", {"人员": [HEADER, ROW]}).rename(tmp_path / "台账.xls")
    ledger = read_file(path)
    assert ledger.sheets[0].frame.height == 1
    assert "内容是 xlsx 格式" in ledger.problems[0].advice


def test_cells_that_are_not_what_they_show(tmp_path: Path, read_file: ReadFile) -> None:
    """公式取已算出的结果；出错的、没算出的和丢了位的数字都拒绝。"""
    header = "".join(cell(f"{letter}1", text) for letter, text in zip("ABC", ["姓名", "证件号码", "年龄"], strict=True))
    rows = [
        f'{cell("A2", "好")}<c r="C2"><f>20+20</f><v>40</v></c>',
        f'{cell("A3", "错")}<c r="C3" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        f'{cell("A4", "没算")}<c r="C4"><f>1+1</f><v></v></c>',
        f'{cell("A5", "数字")}<c r="B5"><v>5.0023619900101E+17</v></c>',
        f"{cell('A6', '文字')}{cell('B6', '500236199001010013')}",
        f'{cell("A7", "=cmd|calc!A0")}<c r="C7"><v>41</v></c>',
    ]
    lines = "".join(f'<row r="{number}">{row}</row>' for number, row in enumerate(rows, start=2))
    path = write_parts(tmp_path / "公式.xlsx", [head, f'<row r="1">{header}</row>{lines}'.encode(), tail])
    sheet = read_file(path).sheets[0]
    assert sheet.frame["@name"].to_list() == ["好", "文字", "=cmd|calc!A0"]
    assert sheet.frame["age"].to_list() == [40, None, 41]
    told = {problem.row: problem.advice for problem in sheet.problems}
    assert set(told) == {3, 4, 5}
    assert "出错的公式" in told[3]
    assert "没有算出结果" in told[4]
    assert "数字格式" in told[5]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([["随便", "写的"], [1, 2]], "没有找到认得的表头"),
        ([["养老状态", "养老状态"], ["缴费中", "缴费中"]], "同一件事"),
    ],
    ids=["没有认得的表头", "一件事两列"],
)
def test_a_file_of_which_nothing_can_be_read(
    tmp_path: Path, read_file: ReadFile, rows: list[list[object]], says: str
) -> None:
    with pytest.raises(FileRefused, match=says):
        read_file(write_csv(tmp_path / "台账.csv", rows))


def test_an_empty_workbook(tmp_path: Path, read_file: ReadFile) -> None:
    with pytest.raises(FileRefused, match="没有数据"):
        read_file(write_xlsx(tmp_path / "空.xlsx", {"表": []}))


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(["小计：", "", 3], id="冒号"),
        pytest.param(["合计（人）", "", 3], id="括号里的单位"),
        pytest.param(["本页小计", "", 3], id="本页"),
        pytest.param(["总　计", "", 3], id="中间隔开"),
        pytest.param(["合计3户", "", 3], id="后面跟着数"),
        pytest.param(["填表人：李某", "", "2022年"], id="落款旁边还有日期"),
        pytest.param(["审核人（签字）：", "制表：王某", "日期"], id="几个落款在一行"),
    ],
)
def test_a_line_below_the_list_is_nobody(read_rows: ReadRows, line: list[object]) -> None:
    sheet = read_rows([HEADER, ROW, line])
    assert sheet.frame.height == 1
    assert [problem.severity for problem in sheet.problems] == ["warning"]


@pytest.mark.parametrize("name", ["计小平", "合计村甲", "负责任"])
def test_a_name_that_only_looks_like_a_total_is_somebody(read_rows: ReadRows, name: str) -> None:
    assert read_rows([HEADER, [name, *ROW[1:]]]).frame.height == 1


def test_a_workbook_whose_data_are_hidden_says_so(tmp_path: Path, read_file: ReadFile) -> None:
    path = write_xlsx(tmp_path / "台账.xlsx", {"封面": [["台账"]], "数据": [HEADER, ROW]}, hidden=["数据"])
    with pytest.raises(FileRefused, match="“数据”：这张工作表是隐藏的"):
        read_file(path)
