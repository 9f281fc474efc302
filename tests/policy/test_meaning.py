"""What a table means: one row for every complete case, unknown is not no, 其余 is the exact complement."""

from itertools import permutations

import pytest

from anju.policy.load import read
from anju.policy.model import Policy
from tests.policy.asking import answered, ask
from tests.policy.library import decision, guideline, small

_shades = "\n".join(
    (
        "| 颜色 | colour | 人 | 枚举 | red 红、green 绿、blue 蓝 | 台账 |",
        "| 明亮 | bright | 人 | 是否 | | 台账 |",
        "| 大小 | size | 人 | 整数 | | 台账 |",
        "| 选中 | chosen | 人 | 枚举 | yes 要、no 不要、maybe 再看 | 判定 |",
    )
)


@pytest.fixture(scope="module")
def library() -> Policy:
    return read(guideline(), "library")


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"读者类别": "成人", "有证": "否", "逾期本数": "0"}, "先办证", id="全知道，只中一行"),
        pytest.param({"读者类别": "成人", "有证": "是", "逾期本数": "1"}, "可借", id="差一本到上限"),
        pytest.param({"读者类别": "成人", "有证": "是", "逾期本数": "2"}, "不借", id="正好到上限"),
        pytest.param({"读者类别": "儿童"}, "可借", id="无关的空着不要紧"),
        pytest.param({"读者类别": "成人", "有证": "否"}, "先办证", id="行里不看的空着不要紧"),
        pytest.param({"读者类别": "成人", "逾期本数": "0"}, "缺：有证", id="空着不是否"),
        pytest.param({"读者类别": "成人", "有证": "是"}, "缺：逾期本数", id="空着不是零"),
        pytest.param({"有证": "是", "逾期本数": "0"}, "可借", id="哪一行都一样就不必知道"),
        pytest.param({"有证": "是", "逾期本数": "2"}, "缺：读者类别", id="两行不一样就缺"),
        pytest.param({"有证": "否"}, "缺：读者类别", id="只缺还会改变结果的"),
        pytest.param({}, "缺：读者类别、有证、逾期本数", id="什么都不知道"),
    ],
)
def test_unknown_is_not_no(library: Policy, facts: dict[str, str], expected: str) -> None:
    assert ask(library, "lending", facts) == expected


def test_an_answer_says_why_and_why_not_the_others(library: Policy) -> None:
    answer = answered(library, "lending", {"读者类别": "来访（外地）", "有证": "是", "逾期本数": "7"})
    assert (answer.row, answer.reason, answer.sentences) == (3, "先还书", ("1.1-2",))
    assert answer.verdict.used == ("reader", "has_card", "overdue")
    refused = [(c.row, c.term, c.condition) for c in answer.verdict.contradictions]
    assert refused == [(1, "has_card", "否"), (2, "overdue", "<{逾期上限}"), (4, "reader", "儿童")]


def test_a_result_without_a_reason_is_its_own(library: Policy) -> None:
    assert answered(library, "lending", {"读者类别": "成人", "有证": "是", "逾期本数": "0"}).reason == "可借"


def test_duties_follow_only_from_a_result(library: Policy) -> None:
    assert answered(library, "lending", {"读者类别": "成人", "有证": "否"}).duties == ("issue_card",)
    assert answered(library, "lending", {"读者类别": "成人", "逾期本数": "0"}).duties == ()


_rows = (
    "| 红 | 是 | - | 要 |",
    "| 红 | 否 | - | 不要 |",
    "| 绿 | - | ≥1 | 要 |",
    "| 绿 | - | <1 | 再看 |",
    "| 蓝 | - | - | 要 |",
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"明亮": "是", "大小": "3"}, "要", id="三种颜色都一样"),
        pytest.param({"明亮": "是"}, "缺：颜色、大小", id="绿的还看大小"),
        pytest.param({"颜色": "绿"}, "缺：大小", id="绿的不看明亮"),
    ],
)
def test_row_order_never_matters(facts: dict[str, str], expected: str) -> None:
    for rows in list(permutations(_rows))[::13]:
        policy = small(_shades, decision("选中", "chosen", "颜色 | 明亮 | 大小 | 结论", "\n".join(rows)))
        assert ask(policy, "chosen", facts) == expected


@pytest.fixture(scope="module")
def rest() -> Policy:
    rows = "| 红 | 是 | ≥1 | 要 |\n| 红、绿 | 否 | - | 不要 |\n| 其余 | - | - | 再看 |"
    return small(_shades, decision("选中", "chosen", "颜色 | 明亮 | 大小 | 结论", rows))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"颜色": "红", "明亮": "是", "大小": "1"}, "要", id="写出的行"),
        pytest.param({"颜色": "红", "明亮": "是", "大小": "0"}, "再看", id="剩下的"),
        pytest.param({"颜色": "蓝"}, "再看", id="怎样都是剩下的"),
        pytest.param({"颜色": "绿", "明亮": "是"}, "再看", id="空着的大小没有行看"),
        pytest.param({"颜色": "绿"}, "缺：明亮", id="可能是剩下的"),
        pytest.param({"明亮": "否"}, "缺：颜色", id="蓝的是剩下的"),
        pytest.param({"明亮": "是"}, "缺：颜色、大小", id="红而大才要"),
        pytest.param({"颜色": "红", "明亮": "是"}, "缺：大小", id="大小没登记"),
        pytest.param({"颜色": "红", "大小": "0"}, "缺：明亮", id="不是要，可能是不要"),
        pytest.param({}, "缺：颜色、明亮、大小", id="什么都不知道"),
    ],
)
def test_the_rest_is_the_exact_complement(rest: Policy, facts: dict[str, str], expected: str) -> None:
    assert ask(rest, "chosen", facts) == expected


def test_the_rest_is_impossible_where_the_rows_take_everything() -> None:
    """The rows for a bright and for a dark one leave nothing over: a blank does not open 其余."""
    rows = "| 红 | 是 | 要 |\n| 红 | 否 | 要 |\n| 其余 | - | 不要 |"
    policy = small(_shades, decision("选中", "chosen", "颜色 | 明亮 | 结论", rows))
    assert ask(policy, "chosen", {"颜色": "红"}) == "要"
    assert ask(policy, "chosen", {"明亮": "是"}) == "缺：颜色"


def test_no_whole_number_lies_between_two_neighbours() -> None:
    """No size lies above 0 and below 1, so that 其余 cannot be meant."""
    rows = "| ≤0 | 要 |\n| ≥1 | 要 |\n| 其余 | 不要 |"
    policy = small(_shades, decision("选中", "chosen", "大小 | 结论", rows))
    assert ask(policy, "chosen", {}) == "要"


def test_duties_agree_in_any_order() -> None:
    page = guideline()["1.1-lending.md"]
    more = page.replace(
        "| 办理借书证 | issue_card |",
        "| 收押金 | take_deposit | 必须 | 本级·乡镇·文旅 | | 内控 | 登记：押金（有证） | 1.1-1 |\n| 办理借书证 | issue_card |",
    )
    more = more.replace("| 先办证 | 办理借书证 |", "| 先办证 | 办理借书证、收押金 |")
    same = more.replace("| ≥{逾期上限} | 不借 | | 先还书", "| ≥{逾期上限} | 先办证 | 收押金、办理借书证 | 先还书")
    policy = read(guideline(lending=same), "library")
    assert ask(policy, "lending", {"读者类别": "成人", "逾期本数": "5"}) == "先办证"
    policy = read(guideline(lending=more.replace("| 可借 | | | 1.1-1", "| 先办证 | 收押金 | | 1.1-1")), "library")
    assert ask(policy, "lending", {"读者类别": "成人", "逾期本数": "0"}) == "缺：有证"


_chain = "\n".join(
    (
        "| 甲 | first | 人 | 是否 | | 台账 |",
        "| 乙 | second | 人 | 是否 | | 台账 |",
        "| 丙 | third | 人 | 整数 | | 台账 |",
        "| 中间 | middle | 人 | 枚举 | low 低、high 高 | 判定 |",
        "| 合计 | sum | 人 | 整数 | | 计算 |",
        "| 结局 | outcome | 人 | 枚举 | good 好、bad 坏、open 未定 | 判定 |",
    )
)


@pytest.fixture(scope="module")
def chain() -> Policy:
    body = (
        "## 计算\n\n| 术语 | 算式 |\n|---|---|\n| 合计 | 丙 + 甲 |\n\n"
        + decision("中间", "middle", "乙 | 丙 | 结论", "| 是 | - | 高 |\n| 否 | ≥1 | 高 |\n| 否 | <1 | 低 |")
        + "\n"
        + decision(
            "结局",
            "outcome",
            "甲 | 中间 | 合计 | 结论",
            "| 是 | 高 | - | 好 |\n| 是 | 低 | - | 坏 |\n| 否 | - | >1 | 好 |\n| 否 | - | ≤1 | 未定 |",
        )
    )
    return small(_chain, body)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"甲": "是", "乙": "是"}, "好", id="前面的结果定了，后面就定"),
        pytest.param({"甲": "是", "乙": "否"}, "缺：丙", id="缺的是前面的判定缺的"),
        pytest.param({"甲": "是"}, "缺：乙、丙", id="前面缺两样"),
        pytest.param({"甲": "否", "乙": "是"}, "缺：丙", id="缺的是算式缺的"),
        pytest.param({"甲": "否", "乙": "是", "丙": "2"}, "好", id="算式过线"),
        pytest.param({"甲": "否", "乙": "是", "丙": "1"}, "未定", id="算式差一点"),
        pytest.param({"乙": "否", "丙": "0"}, "缺：甲", id="自己的条件缺，算式也缺它"),
        pytest.param({}, "缺：甲、乙、丙", id="全缺，各说一次"),
    ],
)
def test_a_missing_result_is_told_by_the_facts_it_came_from(
    chain: Policy, facts: dict[str, str], expected: str
) -> None:
    assert ask(chain, "outcome", facts) == expected
