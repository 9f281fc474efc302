"""Which days may still lie ahead when they are written down, by their names on the pages."""

import pytest

from anju.cases.fields import Field

AHEAD = ("派驻止日", "流转合同到期日", "申诉期满日", "演出日期", "会议日", "备案生效日", "办到哪天", "公示截止日")
DONE = ("受理日", "到账日", "移交日期", "实际演出日", "户籍迁入日期", "注销日同确认日", "落户日", "回执寄出日")


@pytest.mark.parametrize("name", AHEAD)
def test_a_day_may_lie_ahead(name: str) -> None:
    assert Field(name, "day").ahead


@pytest.mark.parametrize("name", DONE)
def test_a_day_on_which_something_was_done_may_not(name: str) -> None:
    assert not Field(name, "day").ahead
