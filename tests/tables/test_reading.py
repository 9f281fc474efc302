"""从一份台账到术语的列：直接给出的、推得出的、推不出的、对不上的。"""

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from anju.tables.ledger import Ledger, Sheet
from tests.tables.workbooks import write_csv

ReadRows = Callable[[Sequence[Sequence[object]]], Sheet]
ReadFile = Callable[[Path], Ledger]


def column(read_rows: ReadRows, header: str, cells: list[object], gives: str) -> list[object]:
    sheet = read_rows([["姓名", header], *[[f"人{number}", text] for number, text in enumerate(cells)]])
    return sheet.frame[gives].to_list() if gives in sheet.frame.columns else []


@pytest.mark.parametrize(
    ("header", "cells", "gives", "expected"),
    [
        (
            "政治面貌",
            ["中共党员", "中共预备党员", "群众", "共青团员", ""],
            "party_member",
            [True, True, False, False, None],
        ),
        ("搬迁类型", ["建档立卡贫困户", "同步搬迁户", ""], "relocatee_kind", ["registered_poor", "concurrent", None]),
        ("搬迁类别", ["建档立卡", "同步搬迁户"], "relocatee_kind", ["registered_poor", "concurrent"]),
        ("户口迁移", ["是", "未迁移", "已迁入", ""], "hukou_moved", [True, False, True, None]),
        (
            "安置方式",
            ["集中安置", "分散安置", "进镇购房", "进城购房", "集中"],
            "settlement_mode",
            ["centralized", "dispersed", "dispersed", "dispersed", "centralized"],
        ),
        (
            "户类型",
            ["低保贫困户", "五保户", "特困供养户", "一般贫困户"],
            "assistance_kind",
            ["dibao", "tekun", "tekun", None],
        ),
        ("是否享受农村居民最低生活保障", ["是", "否", ""], "assistance_kind", ["dibao", None, None]),
        ("享受特困供养政策情况", ["集中供养", "分散供养", "否"], "assistance_kind", ["tekun", "tekun", None]),
        ("是否参加城乡居民基本医疗保险", ["是", "否", ""], "medical_status", ["resident", None, None]),
        ("是否参加城镇职工基本养老保险", ["是", "否", ""], "pension_status", ["employee", None, None]),
        ("最近走访日期", ["2026-06-01", "从未", ""], "days_since_visit", [29, None, None]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_one_real_column_tells(
    read_rows: ReadRows, header: str, cells: list[object], gives: str, expected: list[object]
) -> None:
    assert column(read_rows, header, cells, gives) == expected


@pytest.mark.parametrize("header", ["性别", "民族", "与户主关系", "健康状况", "搬迁类型", "政治面貌", "户类型"])
def test_a_foreign_code_refuses_the_row_and_names_labels(read_rows: ReadRows, header: str) -> None:
    sheet = read_rows([["姓名", header, "年龄"], ["张三", "2", 40], ["李四", "", 41]])
    assert sheet.frame["@name"].to_list() == ["李四"]
    assert sheet.refused == 1
    assert "请写文字" in sheet.problems[0].advice


def test_both_insurance_columns_together(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [
            ["姓名", "是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险"],
            ["居民", "是", "否"],
            ["职工", "否", "是"],
            ["都没有", "否", "否"],
            ["都写是", "是", "是"],
            ["一个空", "否", ""],
        ]
    )
    assert sheet.frame["medical_status"].to_list() == ["resident", "employee", "uninsured", None, None]
    assert [(problem.row, problem.severity) for problem in sheet.problems] == [(5, "warning")]


def test_drawing_decides_what_kind_of_pension(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [
            ["姓名", "是否参加城乡居民基本养老保险", "是否领取养老待遇"],
            ["领取", "是", "是"],
            ["缴费", "是", "否"],
            ["看不出", "是", ""],
            ["没参加", "否", "否"],
        ]
    )
    assert sheet.frame["pension_status"].to_list() == ["drawing", "contributing", None, None]


def test_assistance_that_contradicts_itself_is_left_open(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [
            ["姓名", "是否低保", "是否特困", "户类型"],
            ["甲", "是", "是", ""],
            ["乙", "否", "否", "低保户"],
            ["丙", "", "", "低保户"],
        ]
    )
    assert sheet.frame["assistance_kind"].to_list() == [None, None, "dibao"]
    assert [problem.row for problem in sheet.problems] == [2, 3]


def test_a_column_of_the_term_itself_wins(read_rows: ReadRows) -> None:
    sheet = read_rows([["姓名", "医保状态", "是否参加城乡居民基本医疗保险"], ["甲", "未参保", "是"]])
    assert sheet.frame["medical_status"].to_list() == ["uninsured"]


def test_what_follows_for_nobody_is_no_column(read_rows: ReadRows) -> None:
    sheet = read_rows([["姓名", "户类型", "年龄"], ["甲", "脱贫户", 40]])
    assert "assistance_kind" not in sheet.frame.columns


def test_never_visited_is_a_value_of_its_own(read_rows: ReadRows) -> None:
    sheet = read_rows([["户编号", "距上次走访天数"], ["1", "从未"], ["2", "30"], ["3", ""]])
    assert sheet.frame["days_since_visit"].to_list() == [None, 30, None]
    assert sheet.frame["days_since_visit.never"].to_list() == [True, False, False]


def test_birth_date_comes_from_the_id_number(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [
            ["姓名", "证件号码", "出生日期"],
            ["没写生日", "500236199001010013", ""],
            ["对不上", "500236199001010013", "1991-01-01"],
            ["没有号码", "", ""],
        ]
    )
    assert [str(day) for day in sheet.frame["birth_date"]] == ["1990-01-01", "1991-01-01", "None"]
    assert [(problem.row, problem.severity) for problem in sheet.problems] == [(3, "warning")]


def test_a_list_of_households_says_nothing_about_a_person(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [
            ["户主姓名", "证件号码", "帮扶责任人", "帮扶人手机号"],
            ["张三", "500236199001010013", "王干部", "1"],
            ["张三", "500236199001010013", "赵干部", "2"],
            ["李四", "500236199001010021", "王干部", "1"],
            ["孙五", "500235200402291230", "", ""],
        ]
    )
    assert "birth_date" not in sheet.frame.columns
    assert sheet.frame["paired_officers"].to_list() == [2, 2, 1, None]


@pytest.mark.parametrize(
    ("agreed", "eligible", "refused"),
    [(20, 30, False), (0, 1, False), (30, 30, False), (31, 30, True), (0, 0, True), (-1, 30, True)],
    ids=["二十比三十", "零比一", "全部", "多于应到", "应到为零", "负数"],
)
def test_votes_must_be_possible(read_rows: ReadRows, agreed: int, eligible: int, refused: bool) -> None:
    sheet = read_rows([["姓名", "应到", "同意"], ["张三", eligible, agreed]])
    assert sheet.refused == int(refused)
    assert sheet.frame.height == int(not refused)


def test_one_bad_cell_refuses_its_row_and_loses_no_other(read_rows: ReadRows) -> None:
    sheet = read_rows([["姓名", "年龄", "养老状态"], ["甲", "四十", "坏的"], ["乙", 41, "缴费中"]])
    assert sheet.frame["@name"].to_list() == ["乙"]
    assert [(problem.row, problem.column, problem.letter, problem.found) for problem in sheet.problems] == [
        (2, "年龄", "B", "四十"),
        (2, "养老状态", "C", "坏的"),
    ]
    assert sheet.refused == 1
    assert "“养老状态”" in sheet.problems[1].sentence()


def test_unknown_and_unused_headers_are_named(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [["姓名", "养老状态", "爱好", "危房户", "养老关系去向", "判定日"], ["甲", "缴费中", "棋", "否", "应转移", ""]]
    )
    assert sheet.ignored == ("爱好", "危房户", "养老关系去向")
    assert sheet.terms == ("pension_status", "as_of")


def test_a_column_without_a_header_is_named(read_rows: ReadRows) -> None:
    sheet = read_rows([["姓名", "养老状态", "", ""], ["甲", "缴费中", "3 栋", ""]])
    assert sheet.ignored == ("C 列（没有表头）",)


def test_the_key_is_the_files_own_number(read_rows: ReadRows) -> None:
    sheet = read_rows([["编号", "养老状态"], ["样-7", "缴费中"], ["", "缴费中"]])
    assert sheet.frame["@key"].to_list() == ["样-7", "3"]


def test_types_are_those_of_the_terms(read_rows: ReadRows) -> None:
    sheet = read_rows(
        [
            ["养老状态", "户籍已迁入", "年龄", "流转亩数", "户籍迁入日", "迁出地代码"],
            ["缴费中", "是", "40", "2.5亩", "2020-06-24", "500236"],
        ]
    )
    schema = sheet.frame.schema
    assert schema["pension_status"] == pl.Enum(["uninsured", "contributing", "drawing", "employee", "exempt"])
    assert [schema[code] for code in ("hukou_moved", "age", "rented_mu", "hukou_moved_on", "origin_code")] == [
        pl.Boolean,
        pl.Int64,
        pl.Float64,
        pl.Date,
        pl.String,
    ]


@pytest.mark.parametrize("code", ["50023", "奉节", "5002361990"], ids=["位数不对", "名称", "十位"])
def test_a_code_that_is_none_is_refused(read_rows: ReadRows, code: str) -> None:
    assert read_rows([["姓名", "迁出地代码"], ["张三", code]]).refused == 1


def test_a_directory_of_sites(tmp_path: Path, read_file: ReadFile) -> None:
    header = [
        "集中安置点名称",
        "村",
        "乡镇",
        "县城",
        "县",
        "市",
        "建档立卡对象",
        "同步搬迁",
        "合计",
        "是否为800以上的集中安置点",
    ]
    place = ["", "", "", "某县", "某市"]
    rows = [
        ["甲点", *place, 800, 0, 800, "是"],
        ["乙点", *place, 700, 142, 842, "否"],
        ["丙点", *place, 700, 99, 800, "是"],
        ["丁点", *place, 700, 99, "", "否"],
        ["戊点", *place, 700, "", "", "是"],
    ]
    sheet = read_file(write_csv(tmp_path / "名录.csv", [header, *rows])).sheets[0]
    assert sheet.frame["persons"].to_list() == [800, 842, 800, 799, None]
    assert sheet.frame["@site"].to_list() == ["甲点", "乙点", "丙点", "丁点", "戊点"]
    assert sheet.terms == ("persons",)
    assert [(problem.row, problem.column) for problem in sheet.problems] == [
        (3, "是否为800以上的集中安置点"),
        (4, "合计"),
    ]


def test_sums_in_a_list_of_people_are_no_site(read_rows: ReadRows) -> None:
    sheet = read_rows([["姓名", "养老状态", "合计", "同步搬迁"], ["张三", "缴费中", 3, "是"]])
    assert sheet.ignored == ("合计", "同步搬迁")
    assert sheet.refused == 0


def test_an_age_that_the_birth_date_contradicts_is_remarked(read_rows: ReadRows) -> None:
    rows = [["张三", 40, "1960-01-01"], ["李四", 65, "1960-01-01"], ["王五", 66, "1960-06-30"], ["赵六", 40, ""]]
    sheet = read_rows([["姓名", "年龄", "出生日期"], *rows])
    assert sheet.frame["age"].to_list() == [40, 65, 66, 40]
    (problem,) = sheet.problems
    assert (problem.row, problem.found, problem.severity) == (2, "40", "warning")
    assert "已按年龄一列" in problem.advice


@pytest.mark.parametrize(
    ("header", "word", "code", "value"),
    [
        pytest.param("户籍意愿", "愿", "hukou_wish", "willing", id="愿"),
        pytest.param("迁移意愿", "不愿意", "hukou_wish", "unwilling", id="不愿意"),
        pytest.param("党员意见", "不愿转", "party_wish", "stay", id="不愿转"),
        pytest.param("养老意愿", "留原参保地", "pension_wish", "keep", id="留原参保地"),
    ],
)
def test_wishes_as_they_are_written(read_rows: ReadRows, header: str, word: str, code: str, value: str) -> None:
    assert read_rows([["姓名", header], ["张三", word]]).frame[code].to_list() == [value]
