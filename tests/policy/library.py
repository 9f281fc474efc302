"""A made-up guideline of one page, about lending books: whole and without a fault, so that tests can plant one."""

from __future__ import annotations

from datetime import date

from anju.policy.checking import check
from anju.policy.errors import PolicyError, Problem
from anju.policy.load import read
from anju.policy.model import Policy

DAY = date(2026, 6, 30)
SHARED = "0-terms.md"
LENDING = "1.1-lending.md"

shared = """# 共用的词

## 术语

| 术语 | 代码 | 对象 | 类型 | 取值 | 来源 |
|---|---|---|---|---|---|
| 判定日 | as_of | 人、点 | 日期 | | 台账 |
| 出生日期 | birth_date | 人 | 日期 | | 台账 |
| 年龄 | age | 人 | 整数 | | 台账 |
| 备注 | note | 人 | 文本 | | 台账 |

## 计算

| 术语 | 算式 |
|---|---|
| 年龄 | 年龄(出生日期, 判定日) |

## 条文

| 条 | 题 | 句数 |
|---|---|---|
| 1.1 | 一（一）借书 | 3 |

## 侧

| 名 | 代码 | 说明 |
|---|---|---|
| 本级 | own | |

## 层级

| 名 | 代码 | 说明 |
|---|---|---|
| 乡镇 | township | |

## 条线

| 名 | 代码 | 说明 |
|---|---|---|
| 文旅 | culture | |
"""

lending = """# 一（一）借书

谁能借书，借几本。

## 术语

| 术语 | 代码 | 对象 | 类型 | 取值 | 来源 |
|---|---|---|---|---|---|
| 读者类别 | reader | 人 | 枚举 | adult 成人、child 儿童、guest 来访（外地） | 台账 |
| 有证 | has_card | 人 | 是否 | | 台账 |
| 逾期本数 | overdue | 人 | 整数 | | 台账 |
| 申请日 | applied_on | 人 | 日期 | | 台账 |
| 馆舍面积 | floor_area | 点 | 数 | | 台账 |
| 借书 | lending | 人 | 枚举 | allowed 可借、card_first 先办证、refused 不借 | 判定 |
| 可借本数 | books | 人 | 整数 | | 判定 |

## 参数

| 参数 | 值 | 单位 | 生效 | 失效 | 依据 |
|---|---|---|---|---|---|
| 逾期上限 | 3 | 本 | 2020-06-01 | 2025-01-01 | 内控 |
| 逾期上限 | 2 | 本 | 2025-01-01 | | 内控 |
| 儿童本数 | 2 | 本 | 2020-06-01 | | 内控 |
| 办证期限 | 10 | 工作日 | 2020-06-01 | | 内控 |

## 判定：借书 (lending)

| 读者类别 | 有证 | 逾期本数 | 结论 | 应办 | 说明 | 句 |
|---|---|---|---|---|---|---|
| 成人、来访（外地） | 否 | - | 先办证 | 办理借书证 | 没有证 | 1.1-1 |
| 成人、来访（外地） | 是 | <{逾期上限} | 可借 | | | 1.1-1 |
| 成人、来访（外地） | 是 | ≥{逾期上限} | 不借 | | 先还书 | 1.1-2 |
| 儿童 | - | - | 可借 | | 儿童不用证 | 1.1-1 |

## 判定：可借本数 (books)

| 读者类别 | 结论 | 应办 | 说明 | 句 |
|---|---|---|---|---|
| 儿童 | {儿童本数} | | | 1.1-1 |
| 成人 | 最大(0, 5 - 逾期本数) | | | 1.1-2 |
| 来访（外地） | 不适用 | | 只在馆里看 | 1.1-2 |

## 应办

| 应办 | 代码 | 强度 | 由谁 | 期限 | 期限性质 | 了结 | 句 |
|---|---|---|---|---|---|---|---|
| 办理借书证 | issue_card | 必须 | 本级·乡镇·文旅 | {办证期限}自开出 | 内控 | 流程：办证 | 1.1-1 |

## 文书

| 文书 | 代码 | 文种 | 句 |
|---|---|---|---|
| 借书证申请表 | card_form | 表 | 1.1-1 |

## 流程：办证 (card)

| 步 | 环节 | 由谁 | 动作 → 下一步 | 须填 | 文书 | 时限 | 句 |
|---|---|---|---|---|---|---|---|
| 1 | 申请 | 本人 | 提交 → 2 | 姓名 | 借书证申请表 | | 1.1-1 |
| 2 | 核对 | 本级·乡镇·文旅 | 发证 → 办结；补正 → 1 | 发证日 | | {办证期限} | 1.1-1 |

## 办结：办证

| 改什么 | 成为 |
|---|---|
| 事实：有证 | 是，自发证日 |

## 把关：办证

| 环节 | 动作 | 判定 | 结论 | 此时 |
|---|---|---|---|---|
| 核对 | 发证 | 借书 | 先办证、可借 | 有证 否、申请日 申请日 |

## 算例

| 例 | 读者类别 | 有证 | 逾期本数 | = 借书 | = 可借本数 | = 应办 |
|---|---|---|---|---|---|---|
| 有证 | 成人 | 是 | 1 | 可借 | 4 | |
| 正好到上限 | 成人 | 是 | 2 | 不借 | 3 | |
| 没有证 | 成人 | 否 | 0 | 先办证 | 5 | 办理借书证 |
| 外地人，有没有证不知道 | 来访（外地） | | 0 | 缺：有证 | 不适用 | |
| 小孩 | 儿童 | | | 可借 | 2 | |

## 不入程序

| 句 | 为什么 |
|---|---|
| 1.1-3 | 只是一句话 |
"""


def guideline(**terms: str) -> dict[str, str]:
    """The pages by file name; ``shared`` and ``lending`` may be given otherwise."""
    return {SHARED: terms.get("shared", shared), LENDING: terms.get("lending", lending)}


def problems_of(pages: dict[str, str]) -> tuple[Problem, ...]:
    """Everything that reading or checking the pages finds."""
    try:
        return check(read(pages, "library"), DAY).problems
    except PolicyError as error:
        return error.problems


def small(terms: str, body: str, *, parameters: str = "") -> Policy:
    """A guideline whose only page has these rows of 术语 and 参数 (the header is added) and this body."""
    page = "\n".join(
        (
            "# 一（一）借书",
            "## 术语\n\n| 术语 | 代码 | 对象 | 类型 | 取值 | 来源 |\n|---|---|---|---|---|---|",
            terms.strip(),
            "\n## 参数\n\n| 参数 | 值 | 单位 | 生效 | 失效 | 依据 | 区县 |\n|---|---|---|---|---|---|---|\n"
            + parameters.strip()
            if parameters
            else "",
            "",
            body.strip(),
            "",
        )
    )
    return read({SHARED: shared, LENDING: page}, "small")


def decision(name: str, code: str, header: str, rows: str) -> str:
    """A decision with the columns 应办, 说明 and 句 left to us: ``header`` and ``rows`` hold conditions and 结论."""
    columns = [cell.strip() for cell in header.strip().strip("|").split("|")]
    lines = [f"| {' | '.join(columns)} | 应办 | 说明 | 句 |", "|" + "---|" * (len(columns) + 3)]
    lines += [f"{line.strip().rstrip('|')}| | | 1.1-1 |" for line in rows.strip().splitlines()]
    return f"## 判定：{name} ({code})\n\n" + "\n".join(lines) + "\n"
