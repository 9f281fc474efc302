"""区划：代码和名称、改过的名称和代码、搬了多远。"""

from datetime import date

import polars as pl
import pytest

from anju.government.regions.names import Place, find, parse
from anju.government.regions.scope import codes, move_scope, scopes, with_scope
from anju.government.regions.table import name_of, regions, significant, valid_code
from anju.policy.load import load
from anju.tables.ledger import Ledger, Sheet

BEFORE = date(2025, 6, 30)
TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("origin", "destination", "expected"),
    [
        pytest.param("500236001001", "500236001001", "same_village", id="十二位相同是同村"),
        pytest.param("500236001001", "500236001002", "same_township", id="九位相同是同乡镇"),
        pytest.param("500236001001", "500236002001", "same_county", id="六位相同是区县内"),
        pytest.param("500236001", "500236002", "same_county", id="九位的代码也够"),
        pytest.param("500236", "500235", "cross_county", id="奉节到云阳"),
        pytest.param("500101", "500236", "cross_county", id="5001 和 5002 开头都是重庆"),
        pytest.param("500236", "510000", "cross_province", id="重庆到四川"),
        pytest.param("50", "51", "cross_province", id="只有省也看得出跨省"),
        pytest.param("500236", "500236", None, id="同一区县，看不出是不是同乡镇"),
        pytest.param("500236001", "500236001001", None, id="同一乡镇，看不出是不是同村"),
        pytest.param("50", "500236", None, id="太短看不出"),
        pytest.param("500236000000", "500235000000", "cross_county", id="补零的代码是区县"),
        pytest.param("500999", "500236", None, id="没有的区县不猜"),
    ],
)
def test_move_scope(origin: str, destination: str, expected: str | None) -> None:
    assert move_scope(origin, destination, TODAY) == expected
    assert move_scope(destination, origin, TODAY) == expected


@pytest.mark.parametrize(
    ("on", "expected"), [(BEFORE, "cross_county"), (TODAY, "same_county")], ids=["并入两江新区之前", "之后"]
)
def test_jiangbei_to_yubei_depends_on_the_day(on: date, expected: str) -> None:
    assert move_scope("500105", "500112", on) == expected


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        pytest.param("500112", BEFORE, "500112", id="渝北区还在"),
        pytest.param("500112", TODAY, "500157", id="渝北区成了两江新区"),
        pytest.param("500112131005", TODAY, "500157102005", id="龙兴镇的村跟着走"),
        pytest.param("500112135", TODAY, "500109123", id="大湾镇划给北碚"),
        pytest.param("500234", TODAY, "500154", id="开县成了开州区"),
        pytest.param("441900003000", TODAY, "441900003", id="不设区县的市"),
        pytest.param("500999", TODAY, None, id="从来没有"),
    ],
)
def test_valid_code(code: str, on: date, expected: str | None) -> None:
    assert valid_code(code, on) == expected


@pytest.mark.parametrize(
    ("origin", "destination"),
    [
        pytest.param("500157", "500112", id="两江新区成立以前，渝北可能就在里面"),
        pytest.param("500105001", "500157002", id="反过来也一样"),
        pytest.param("500234", "500154", id="开县改区以前写了新代码"),
    ],
)
def test_a_later_code_on_an_earlier_day_may_be_the_same_place(origin: str, destination: str) -> None:
    assert move_scope(origin, destination, date(2015, 6, 30)) is None


def test_significant_digits_and_names() -> None:
    assert [significant(code) for code in ("500000000000", "510800", "500236000000", "500236001000")] == [
        "50",
        "5108",
        "500236",
        "500236001",
    ]
    assert name_of("500236000000", TODAY) == "奉节县"
    assert name_of("500112", TODAY) == "渝北区"
    assert name_of("999999", TODAY) is None


def test_chongqing_has_37_counties_now_and_had_38() -> None:
    def counties(on: date) -> int:
        return sum(len(region.code) == 6 and region.code.startswith("50") and region.holds(on) for region in regions())

    assert counties(TODAY) == 37
    assert counties(BEFORE) == 38


@pytest.mark.parametrize(
    ("place", "code"),
    [
        pytest.param(Place(county="奉节县"), "500236", id="全名"),
        pytest.param(Place(county="奉节"), "500236", id="不带县"),
        pytest.param(Place(county="石柱土家族自治县"), "500240", id="自治县全名"),
        pytest.param(Place(county="石柱自治县"), "500240", id="自治县去民族"),
        pytest.param(Place(county="石柱县"), "500240", id="自治县写成县"),
        pytest.param(Place(county="石柱"), "500240", id="自治县简称"),
        pytest.param(Place(county="忠县"), "500233", id="一个字的县"),
        pytest.param(Place(county="开县"), "500154", id="旧名"),
        pytest.param(Place("重庆市", "重庆市", "奉节县", "吐祥镇"), "500236127", id="省市区县乡镇都写"),
        pytest.param(Place("重庆", "", "奉节", "吐祥"), "500236127", id="都不带后缀"),
        pytest.param(Place("重庆", "", "渝北区", "大湾镇"), "500109123", id="写旧区县的镇"),
        pytest.param(Place("四川省", "广元市", "朝天区"), "510812", id="外省"),
        pytest.param(Place("广西壮族自治区", "百色", "德保"), "451024", id="自治区"),
    ],
)
def test_find(place: Place, code: str) -> None:
    found = find(place, TODAY)
    assert (found.code, found.doubt) == (code, "")


@pytest.mark.parametrize(
    ("place", "says"),
    [
        pytest.param(Place(county="江北区"), "不止一个", id="重名的区"),
        pytest.param(Place(county="忠"), "没有找到区县“忠”", id="一个字不猜"),
        pytest.param(Place(county="奉节县", township="没有乡"), "没有找到乡镇“没有乡”", id="没有的乡镇"),
    ],
)
def test_a_doubtful_name_is_not_guessed(place: Place, says: str) -> None:
    assert says in find(place, TODAY).doubt


@pytest.mark.parametrize(
    ("county", "code"),
    [
        pytest.param("重庆市石柱县", "500240", id="市名在前"),
        pytest.param("重庆石柱土家族自治县", "500240", id="市名短写、县名全写"),
        pytest.param("浙江省宁波市江北区", "330205", id="省市都写，同名的就分得清"),
        pytest.param("四川省昭觉县", "513431", id="跳过州"),
    ],
)
def test_a_county_may_be_written_with_what_stands_above_it(county: str, code: str) -> None:
    assert find(Place(county=county), TODAY).code == code


def test_parse_splits_one_word() -> None:
    assert parse("重庆市奉节县吐祥镇某村") == Place("重庆市", "", "奉节县", "吐祥镇", "某村")
    assert parse("黔江") == Place("", "", "黔江", "", "")


def ledger(**columns: list[str | None]) -> Ledger:
    count = len(next(iter(columns.values())))
    names = {name.replace("at_", "@"): values for name, values in columns.items()}
    frame = pl.DataFrame({"@row": range(2, count + 2), "@key": [str(row) for row in range(2, count + 2)], **names})
    return Ledger("台账.xlsx", (Sheet("人员", frame, (), (), (), 0),), ())


def test_with_scope_by_names_and_codes() -> None:
    given = ledger(
        at_origin_county=["奉节县", "奉节", "江北区", "奉节县", "奉节县"],
        at_origin_township=["吐祥镇", "吐祥", None, "吐祥镇", None],
        at_origin_village=["甲村", "甲村村委会", None, "甲村", None],
        at_destination_place=["奉节县吐祥镇甲村", "奉节县吐祥镇乙村", "云阳县", "四川省广元市朝天区", None],
    )
    sheet = with_scope(given, TODAY).sheets[0]
    assert sheet.frame["move_scope"].to_list() == ["same_village", "same_township", None, "cross_province", None]
    assert sheet.frame["origin_code"].to_list() == ["500236127", "500236127", None, "500236127", "500236"]
    assert [(problem.row, problem.severity) for problem in sheet.problems] == [(4, "warning")]
    assert "江北区" in sheet.problems[0].advice
    assert set(sheet.terms) == {"origin_code", "destination_code", "move_scope"}


APART = "代码和名称没有对上"
SAID: dict[str, tuple[dict[str, str], str | None, bool]] = {
    "代码和区县": ({"code": "500154001000", "county": "开州区"}, None, False),
    "别的区县": ({"code": "500154001000", "county": "奉节县"}, APART, False),
    "写错的区县": ({"code": "500154001000", "county": "开洲区"}, APART, False),
    "别的乡镇": ({"code": "500154001000", "township": "吐祥镇"}, APART, False),
    "重庆写市辖区": ({"code": "500154001000", "province": "重庆市", "city": "市辖区", "county": "开州区"}, None, False),
    "重庆写县": ({"code": "500235", "province": "重庆市", "city": "县", "county": "云阳县"}, None, False),
    "没有代码，写市辖区": ({"province": "重庆市", "city": "市辖区", "county": "开州区"}, None, False),
    "别的市": ({"code": "500154", "province": "重庆市", "city": "成都市"}, APART, False),
    "别的省": ({"code": "500154", "province": "四川省", "county": "开州区"}, APART, False),
    "省里有两个同名的区县": ({"code": "511002", "county": "市中区"}, None, False),
    "同名的另一个": ({"code": "511002", "city": "乐山市", "county": "市中区"}, APART, False),
    "说不出区县的地点": ({"code": "500154", "place": "老家"}, None, True),
    "对的地点": ({"code": "500154", "place": "重庆市开州区"}, None, False),
    "地点是别的区县": ({"code": "500154", "place": "奉节县"}, APART, False),
    "地点和分开写的": ({"county": "奉节县", "place": "开州区"}, APART, False),
    "地点和分开写的一样": ({"county": "奉节县", "place": "重庆奉节"}, None, False),
    "只有地点": ({"place": "奉节县吐祥镇"}, None, False),
    "不设区县的市的乡镇": ({"code": "441900003", "township": "东城街道"}, None, False),
    "没有的代码": ({"code": "500999", "county": "奉节县"}, "没有区划代码“500999”", False),
    "代码以下的村": ({"code": "500154001", "village": "某某村"}, None, True),
}


@pytest.mark.parametrize(("cells", "doubt", "more"), SAID.values(), ids=SAID)
def test_what_the_cells_of_one_place_say_of_each_other(cells: dict[str, str], doubt: str | None, more: bool) -> None:
    named = {f"@origin_{part}": [text] for part, text in cells.items()}
    (told,) = codes(pl.DataFrame(named), "origin", TODAY).rows(named=True)
    assert (told["doubt"] or "").startswith(doubt or "")
    assert bool(told["doubt"]) == bool(doubt)
    assert told["beyond"] == more


def test_the_scope_that_the_file_gives_stays() -> None:
    given = ledger(origin_code=["500236", "500236"], destination_code=["500235", "500235"])
    frame = given.sheets[0].frame.with_columns(pl.Series("move_scope", ["cross_province", None], pl.Enum(scopes)))
    given = Ledger(given.file, (Sheet("人员", frame, ("move_scope",), (), (), 0),), ())
    assert with_scope(given, TODAY).sheets[0].frame["move_scope"].to_list() == ["cross_province", "cross_county"]


def test_a_scope_that_contradicts_the_places_is_remarked() -> None:
    columns = {
        "@row": [2, 3],
        "origin_code": ["500236", "500236"],
        "destination_code": ["500235", "500235"],
        "move_scope": pl.Series(["cross_province", "cross_county"], dtype=pl.Enum(scopes)),
    }
    given = Ledger("台账.csv", (Sheet(None, pl.DataFrame(columns), ("move_scope",), (), (), 0),), ())
    (problem,) = with_scope(given, TODAY).all_problems()
    assert (problem.row, problem.found, problem.severity) == (2, "跨省", "warning")
    assert "按地点是市内跨区县" in problem.advice


def test_a_given_place_stands_for_the_side_without_a_column() -> None:
    sheet = Sheet(None, pl.DataFrame({"@row": [2], "@origin_county": ["奉节县"]}), (), (), (), 0)
    given = Ledger("台账.csv", (sheet,), ())
    placed = with_scope(given, TODAY, {"destination_code": "510722", "origin_code": "500235"}).sheets[0]
    assert placed.frame["origin_code"].to_list() == ["500236"]
    assert placed.frame["move_scope"].to_list() == ["cross_province"]


def test_without_both_sides_nothing_changes() -> None:
    given = ledger(at_origin_county=["奉节县"])
    assert with_scope(given, TODAY) == given


def test_the_scopes_are_those_of_the_pages() -> None:
    assert tuple(value.code for value in load("chongqing").terms["move_scope"].values) == scopes
