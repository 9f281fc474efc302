"""What may be written down in a field, by its name on the pages: days that lie ahead, answers that somebody gives."""

import pytest

from anju.cases.fields import Field, fields_of
from anju.register.guideline import guideline

AHEAD = ("派驻止日", "流转合同到期日", "申诉期满日", "演出日期", "会议日", "备案生效日", "办到哪天", "公示截止日")
DONE = ("受理日", "到账日", "移交日期", "实际演出日", "户籍迁入日期", "注销日同确认日", "落户日", "回执寄出日")


@pytest.mark.parametrize("name", AHEAD)
def test_a_day_may_lie_ahead(name: str) -> None:
    assert Field(name, "day").ahead


@pytest.mark.parametrize("name", DONE)
def test_a_day_on_which_something_was_done_may_not(name: str) -> None:
    assert not Field(name, "day").ahead


ANSWERED = {
    "户籍意愿": ("survey_hukou_wish", 1, {"愿迁", "不愿"}, "未表态"),
    "落户选择": ("move_hukou", 1, {"村组", "门牌"}, "未选择"),
    "党员意见": ("transfer_party", 1, {"愿转", "不转"}, "未征求"),
}


@pytest.mark.parametrize("name", ANSWERED)
def test_that_nobody_answered_is_no_answer(name: str) -> None:
    procedure, number, answers, none = ANSWERED[name]
    pages = guideline()
    wanted = pages.procedures[procedure]
    field = next(one for one in fields_of(pages, wanted, wanted.steps[number - 1]) if one.name == name)
    assert {label for _, label in field.choices} == answers
    code = next(value.code for value in (pages.term(name) or pytest.fail(name)).values if value.label == none)
    assert field.told(code) == none, "what was written down before is read as it was"


def test_no_step_takes_no_answer_for_one() -> None:
    pages = guideline()
    every = (one for p in pages.procedures.values() for step in p.steps for one in fields_of(pages, p, step))
    assert not [one.name for one in every if {"unstated", "unasked"} & dict(one.choices).keys()]
