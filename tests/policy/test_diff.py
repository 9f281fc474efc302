"""What two versions of the pages say differently, and which answers it changes."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import pytest

from anju.policy.diff.pages import Change, compare
from anju.policy.diff.rows import pair_rows
from anju.policy.diff.shifts import Answered, Shifts, shifts
from anju.policy.diff.words import change_lines, json_lines
from anju.policy.edition import Edition
from anju.policy.frames import Batch, facts_frame
from anju.policy.load import load, read
from anju.policy.model import Fact

DAY = date(2026, 6, 30)
ASKED = ("0", "1.5", "2.1", "2.2")
"""Some clauses that need no others, so that each test reads little."""
PAGES = {page.file: page.source for page in load().pages if page.clause in ASKED}
BEFORE = Edition(read(PAGES, "chongqing"), DAY)
FACILITIES = "2.2-facilities.md"


def edited(*replacements: tuple[str, str], file: str = FACILITIES, on: date = DAY) -> Edition:
    """The pages with some text of one page replaced."""
    text = PAGES[file]
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new, 1)
    return Edition(read({**PAGES, file: text}, "new"), on)


def said(before: Edition, after: Edition) -> list[str]:
    return [line.strip() for line in change_lines(compare(before, after), before, after)]


def test_the_same_pages_do_not_differ() -> None:
    assert compare(BEFORE, Edition(read(PAGES, "again"), DAY)) == ()
    assert said(BEFORE, BEFORE) == ["页面没有不同。"]


@pytest.mark.parametrize(
    ("old", "new", "section", "line"),
    [
        pytest.param(
            "| 设站人数 | 800 |",
            "| 设站人数 | 700 |",
            "参数",
            "* 设站人数：2020-06-01 起 800 人 → 2020-06-01 起 700 人",
            id="参数换了值",
        ),
        pytest.param(
            "| 设站期限 | 6 | 个月 | 2020-06-01 | |",
            "| 设站期限 | 6 | 个月 | 2020-06-01 | 2030-01-01 |",
            "参数",
            "* 设站期限 值：2020-06-01 起 6 个月 → 2020-06-01 起 6 个月（2030-01-01 起失效）",
            id="参数定了失效日",
        ),
        pytest.param(
            "| 设站期限 | 6 | 个月 | 2020-06-01 | | 内控 |",
            "| 设站期限 | 6 | 个月 | 2020-06-01 | | 内控，待核 |",
            "参数",
            "* 设站期限 依据：内控 → 内控，待核",
            id="参数换了依据",
        ),
        pytest.param(
            "| 已设公共服务站 | has_service_station | 点 | 是否 | |",
            "| 已设公共服务站 | has_service_station | 点 | 是否 | 空白作否 |",
            "术语",
            "* 已设公共服务站 取值：（空） → 空白作否",
            id="空白有了意思",
        ),
        pytest.param(
            "| 否 | ≥{设站人数} | 应设未设 | 设立公共服务站 |",
            "| 否 | ≥{设站人数} | 应设未设 | |",
            "判定：公共服务站",
            "* 第 3 行 应办：设立公共服务站 → （空）",
            id="一行少了应办",
        ),
        pytest.param(
            "| 否 | <{设站人数} | 不要求 |",
            "| 否 | ≤{设站人数} | 不要求 |",
            "判定：公共服务站",
            "* 第 2 行 安置人数：<{设站人数} → ≤{设站人数}",
            id="一行换了条件",
        ),
        pytest.param(
            "| 设立公共服务站 | open_service_station | 必须 |",
            "| 设立公共服务站 | open_service_station | 可以 |",
            "应办",
            "* 设立公共服务站 强度：必须 → 可以",
            id="必须变可以",
        ),
    ],
)
def test_one_edit_is_one_change(old: str, new: str, section: str, line: str) -> None:
    after = edited((old, new))
    assert said(BEFORE, after)[-2:] == [section, line]
    assert len(compare(BEFORE, after)) == 1


def test_a_row_that_is_split_is_one_changed_and_one_added() -> None:
    row = "| 否 | ≥{设站人数} | 应设未设 | 设立公共服务站 | 便民服务中心的延伸 | 2.2-2 |"
    split = "| 否 | [{设站人数}..{大点人数}) | 应设未设 | 设立公共服务站 | 便民服务中心的延伸 | 2.2-2 |"
    large = "| 否 | ≥{大点人数} | 应设未设 | | 大点另有安排 | 2.2-2 |"
    parameter = "| 设站期限 | 6 |"
    added = "| 大点人数 | 5000 | 人 | 2020-06-01 | | 内控 |\n| 设站期限 | 6 |"
    lines = said(BEFORE, edited((row, f"{split}\n{large}"), (parameter, added)))
    assert "+ 大点人数：值 2020-06-01 起 5000 人，依据 内控" in lines
    assert "* 第 3 行 安置人数：≥{设站人数} → [{设站人数}..{大点人数})" in lines
    assert "+ 第 4 行：已设公共服务站 否，安置人数 ≥{大点人数}，结论 应设未设，说明 大点另有安排，句 2.2-2" in lines


def test_a_row_that_begins_between_two_days() -> None:
    """The same pages on two days: only what is in force differs."""
    head = "| 已设公共服务站 | 安置人数 | 结论 | 应办 | 说明 | 句 |\n|---|---|---|---|---|---|"
    rows = PAGES[FACILITIES].partition(head)[2].splitlines()[1:4]
    dated = [row.replace("| 2.2-2 |", "| | | 2.2-2 |") for row in rows[:2]]
    dated.append(rows[2].replace("| 2.2-2 |", "| | 2026-07-01 | 2.2-2 |"))
    dated.append(rows[2].replace("| 2.2-2 |", "| 2026-07-01 | | 2.2-2 |").replace("便民服务中心", "社区"))
    more = head.replace("| 句 |", "| 生效 | 失效 | 句 |") + "---|---|"
    policy = edited((head, more), ("\n".join(rows), "\n".join(dated))).policy
    lines = said(Edition(policy, date(2026, 6, 30)), Edition(policy, date(2026, 7, 1)))
    assert lines[-2:] == ["* 第 3 行 当日：有效 → 已失效", "* 第 4 行 当日：还没有生效 → 有效"]


def test_a_step_put_in_between_changes_only_what_leads_to_it() -> None:
    old = "| 2 | 受理 | 迁入·乡镇·人社 | 受理 → 3；补正 → 1 | | | {养老受理} | 1.5-5 |"
    text = PAGES["1.5-pension.md"]
    assert old in text
    new = f"{old.replace('受理 → 3', '受理 → 6')}"
    ending = "| 5 | 登记 | 迁入·区县·人社 | 登记并告知本人 → 办结 | 到账日 | | {养老登记} | 1.5-1 |"
    more = f"{ending}\n| 6 | 复核 | 迁入·乡镇·人社 | 复核 → 3 | | | | 1.5-5 |"
    lines = said(BEFORE, edited((old, new), (ending, more), file="1.5-pension.md"))
    assert lines[-3:] == [
        "流程：养老保险转移",
        "* 受理 动作：受理 → 接收；补正 → 申请 → 受理 → 复核；补正 → 申请",
        "+ 复核：由谁 迁入·乡镇·人社，动作 复核 → 接收，句 1.5-5",
    ]


def test_a_clause_that_is_not_there_any_more() -> None:
    pages = {file: text for file, text in PAGES.items() if not file.startswith("1.5")}
    changes = compare(BEFORE, Edition(read(pages, "less"), DAY))
    assert {change.clause for change in changes} == {"1.5"}
    assert {change.sort for change in changes} == {"removed"}
    assert {"参数", "术语", "应办"} <= {change.section for change in changes}


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        pytest.param([{"甲": "是"}], [{"甲": "是", "乙": "-"}], [(0, 0)], id="多了一列无关的"),
        pytest.param([{"甲": "是", "结论": "一"}], [{"甲": "否", "结论": "二"}], [(0, None), (None, 0)], id="全不同"),
        pytest.param(
            [{"甲": "是", "结论": "一"}, {"甲": "否", "结论": "二"}],
            [{"甲": "否", "结论": "二"}, {"甲": "是", "结论": "一"}],
            [(1, 0), (0, 1)],
            id="换了次序",
        ),
    ],
)
def test_rows_find_their_partner(
    before: Sequence[dict[str, str]], after: Sequence[dict[str, str]], pairs: list[tuple[int | None, int | None]]
) -> None:
    assert list(pair_rows(before, after)) == pairs


SITES: dict[str, tuple[Fact | None, ...]] = {
    "site_kind": ("rural", "rural", "rural", "urban", "rural", "rural"),
    "persons": (699, 700, 799, 800, 750, 750),
    "has_service_station": (False, False, False, False, True, None),
    "households": (250, 250, 300, None, 100, 100),
    "facility_area": (60, 75.5, 90, 60, 10, 10),
    "new_community": (False, False, False, False, False, False),
}
DECISIONS = ("service_station", "area_work", "area_shortfall", "organisation_form")


def answered(edition: Edition, decisions: Sequence[str] = DECISIONS) -> Answered:
    facts = facts_frame(SITES, edition.policy.terms)
    answers = Batch(edition, decisions, facts.columns).select(facts.lazy()).collect()
    rows = pl.Series("@row", range(2, 8), dtype=pl.UInt32)
    return Answered(edition, tuple(decisions), answers.with_columns(rows, pl.Series("@key", list("甲乙丙丁戊己"))))


@pytest.fixture(scope="module")
def lowered() -> Shifts:
    after = edited(("| 设站人数 | 800 |", "| 设站人数 | 700 |"))
    return shifts(None, "site", answered(BEFORE), answered(after))


def test_eight_hundred_becomes_seven_hundred(lowered: Shifts) -> None:
    """699 and 800 stay as they were, and so does the site of which nobody knows whether it has a station."""
    stations = lowered.rows.filter(decision="公共服务站").select("key", "row", "before", "after", "duties_after")
    assert stations.rows() == [
        ("乙", 3, "不要求", "应设未设", "设立公共服务站"),
        ("丙", 4, "不要求", "应设未设", "设立公共服务站"),
    ]
    assert (lowered.compared, lowered.apart) == (6, 0)


def test_transitions_are_counted(lowered: Shifts) -> None:
    counted = {(row["decision"], row["before"], row["after"]): row["people"] for row in lowered.counts().to_dicts()}
    assert counted[("公共服务站", "不要求", "应设未设")] == 2
    assert counted[("面积补足", "应补足", "提示不足")] == 2
    assert set(lowered.rows["decision"]) == {"公共服务站", "面积补足"}


def test_a_figure_and_a_new_duty_are_shifts() -> None:
    after = edited(
        ("| 百户面积 | 30 |", "| 百户面积 | 40 |"),
        ("| 否 | <{设站人数} | 不要求 | |", "| 否 | <{设站人数} | 不要求 | 增加设施面积 |"),
    )
    found = shifts(None, "site", answered(BEFORE), answered(after)).rows
    gap = found.filter(decision="面积缺口").select("key", "before", "after").rows()
    assert gap == [("甲", "15", "40"), ("乙", "0", "24.5"), ("丙", "0", "30"), ("戊", "20", "30"), ("己", "20", "30")]
    duty = found.filter(decision="公共服务站").select("key", "before", "after", "duties_before", "duties_after")
    assert duty.rows() == [(key, "不要求", "不要求", "", "增加设施面积") for key in "甲乙丙"]


def test_a_decision_that_only_one_side_has() -> None:
    found = shifts(None, "site", answered(BEFORE, DECISIONS[1:]), answered(BEFORE)).rows
    assert set(found["decision"]) == {"公共服务站"}
    assert set(found["before"]) == {"没有这项判定"}
    assert found["after"].to_list() == ["不要求", "不要求", "不要求", "应设未设", "已设", "缺 已设公共服务站"]


def test_rows_that_only_one_side_read_are_counted() -> None:
    after = answered(BEFORE)
    fewer = Answered(after.edition, after.decisions, after.frame.head(4))
    assert shifts(None, "site", answered(BEFORE), fewer).apart == 2


def test_json_lists_every_change() -> None:
    after = edited(("| 设站人数 | 800 |", "| 设站人数 | 700 |"))
    head, change = list(json_lines(BEFORE, after, compare(BEFORE, after), None))
    assert '"on": "2026-06-30"' in head
    assert '"what": "设站人数"' in change
    assert isinstance(compare(BEFORE, after)[0], Change)
