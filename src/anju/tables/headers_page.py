"""The page docs/headers.md, written from the declared table: `python -m anju.tables.headers_page > docs/headers.md`."""

import sys

from anju.tables.headers import Header, declared

_reads = {
    "文本": "文字",
    "编码": "文字（数字格式会丢位，拒绝）",
    "身份证": "18 位身份证号",
    "代码": "6、9 或 12 位代码",
    "地点": "地名",
    "术语": "术语的取值",
    "是否": "是、否",
    "人数": "整数",
    "特困": "集中供养、分散供养、是、否",
    "户类型": "文字",
    "走访": "日期，或“从未”",
    "人名": "姓名，几位用顿号分开",
    "性别": "男、女",
    "民族": "文字",
    "关系": "文字",
    "多值": "文字，可写几种",
    "不读": "不读",
}
_intro = """# 认得的表头

这一页由 `src/anju/tables/headers.csv` 写出（`python -m anju.tables.headers_page > docs/headers.md`），改表头请改那里。

- 指导意见里每个来源是台账的**术语**，用中文名或代码作表头都认得，不在这里重复。
- 表头里的空格、换行、星号、冒号、全角半角和末尾括号里的提示都不影响。
- 值按**文字**读，不收别的系统的数字代码：同一个“2”，在不同的表里意思不同。
- 空白就是不知道，不等于“否”。看不懂的格子让那一行不读，并说明该写什么；其余的行照常。
- “给出”一栏：代码是术语；`@` 开头的是这一行说的是谁、在哪里；`~` 开头的和别的列合起来才得出术语；`-` 是认得但不用。
"""


def page() -> str:
    """The whole page as Markdown."""
    used = [header for header in declared() if header.gives != "-"]
    unused = [header for header in declared() if header.gives == "-"]
    lines = [_intro, "## 用到的表头\n", "| 表头 | 也可以写 | 给出 | 怎么读 | 说明 |", "|---|---|---|---|---|"]
    lines += [_line(header) for header in used]
    lines += ["\n## 认得但不用的表头\n", "| 表头 | 也可以写 | 说明 |", "|---|---|---|"]
    lines += [f"| {header.name} | {'、'.join(header.aliases)} | {header.help} |" for header in unused]
    return "\n".join(lines) + "\n"


def _line(header: Header) -> str:
    how = _reads[header.reads]
    if header.labels:
        how = f"{'只认' if header.only_labels else '另认'}：{'、'.join(header.labels)}"
    return f"| {header.name} | {'、'.join(header.aliases)} | `{header.gives}` | {how} | {header.help} |"


if __name__ == "__main__":
    sys.stdout.write(page())
