"""What is another line's work is neither shown to whoever looks at a batch, nor accepted by him."""

from __future__ import annotations

from pathlib import Path

import pytest

from anju.exchange.actions import accept, choose
from anju.exchange.actions.taking import take_problems
from anju.exchange.models import Batch, State
from anju.exchange.queries.rows import Filter, rows, shown
from anju.exchange.whose import not_all_yours, not_yours
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from tests.exchange.cast import ORIGIN, TODAY, TOWN, again, clerk, done, handed_in, merged, verdicts, workbook, zhang
from tests.register.cast import YUNYANG

pytestmark = pytest.mark.django_db
BRANCH = "向阳村党支部"


@pytest.fixture
def household(tmp_path: Path) -> None:
    batch = handed_in(clerk("first"), workbook(tmp_path / "人.xlsx", [zhang()]))
    merged(batch, clerk("second"))


@pytest.fixture
def party_list(household: None, tmp_path: Path) -> Batch:
    row = {
        "姓名": "张青山",
        "证件号码": zhang()["证件号码"],
        "关系": "党组织",
        "归属地代码": TOWN,
        "归属单位": BRANCH,
        "起": TODAY,
        "凭据": "介绍信",
    }
    mixed = {**row, "关系": "户籍", "归属单位": ""}
    batch = handed_in(
        clerk("organiser", lines=["organisation"]), workbook(tmp_path / "关系.xlsx", [row, mixed]), "relations"
    )
    assert batch.state == State.READY
    return batch


@everything()
def told(who: Officer, batch: Batch) -> str:
    return str(shown(who, batch, list(rows(who, batch, Filter()))))


def test_who_works_on_it_sees_and_accepts_it(party_list: Batch) -> None:
    colleague = clerk("colleague", lines=["organisation", "civil_affairs"])
    assert BRANCH in told(colleague, party_list)
    assert "党组织" in told(colleague, party_list)
    accept(by=colleague, batch=party_list.pk, revision=again(party_list).revision)
    assert done(party_list).state == State.MERGED


@pytest.mark.parametrize("line", ["public_security", "culture", "civil_affairs"])
def test_another_line_sees_nothing_and_may_not_accept(party_list: Batch, line: str) -> None:
    stranger = clerk("stranger", lines=[line])
    seen = told(stranger, party_list)
    assert BRANCH not in seen
    assert "党组织" not in seen
    assert not_yours in seen
    assert {text for *_, text in take_problems(by=stranger, batch=party_list.pk)} <= {not_yours, not_all_yours}
    with pytest.raises(Refused, match="要并入的有 1 行归别的条线办"):
        accept(by=stranger, batch=party_list.pk, revision=again(party_list).revision)
    assert again(party_list).state == State.READY


def test_a_post_elsewhere_does_not_help(party_list: Batch) -> None:
    """The line that works on it, but in another region; here a line that does not."""
    stranger = clerk("stranger", lines=["culture"])
    clerk_elsewhere = clerk("organiser2", region=ORIGIN, level="village", lines=["organisation"])
    assert BRANCH not in told(stranger, party_list)
    with pytest.raises(Refused, match="不在您的范围里"):
        accept(by=clerk_elsewhere, batch=party_list.pk, revision=again(party_list).revision)


def test_remarks_quote_what_not_everybody_may_read(tmp_path: Path) -> None:
    row = zhang(党员="预备得很", 低保="二等")
    batch = handed_in(clerk("first", lines=["organisation"]), workbook(tmp_path / "人.xlsx", [row]))
    other = clerk("other", lines=["culture"])
    same = clerk("same", lines=["organisation"])
    assert "预备得很" in told(same, batch)
    assert "预备得很" not in told(other, batch)
    assert not_all_yours in told(other, batch)


def test_a_payment_list_is_of_the_line_that_pays(household: None, tmp_path: Path) -> None:
    row = {"姓名": "张青山", "证件号码": zhang()["证件号码"], "救助": "低保"}
    row |= {"发放月份": f"{TODAY:%Y-%m}", "金额": "420.50", "发放日期": TODAY}
    batch = handed_in(clerk("payer", lines=["civil_affairs"]), workbook(tmp_path / "发放.xlsx", [row]), "paid")
    stranger = clerk("stranger", lines=["culture"])
    assert "420.50" not in told(stranger, batch)
    with pytest.raises(Refused, match="归别的条线办"):
        accept(by=stranger, batch=batch.pk, revision=again(batch).revision)
    assert "420.50" in told(clerk("payer2", lines=["civil_affairs"]), batch)


def test_an_insurers_list_is_of_the_lines_that_work_with_it(household: None, tmp_path: Path) -> None:
    row = {"姓名": "张青山", "证件号码": zhang()["证件号码"], "月份": f"{TODAY:%Y-%m}", "医保状态": "居民医保"}
    county = YUNYANG
    path = workbook(tmp_path / "名单.xlsx", [row])
    insurer = clerk("insurer", county, "county", ["medical_security"])
    batch = handed_in(insurer, path, "medical_list", county)
    assert verdicts(batch, "insured") == ["new"]
    stranger = clerk("stranger", county, "county", ["culture"])
    assert "张青山" not in told(stranger, batch)
    with pytest.raises(Refused, match="归别的条线办"):
        accept(by=stranger, batch=batch.pk, revision=again(batch).revision)
    colleague = clerk("colleague", county, "county", ["medical_security"])
    assert "张青山" in told(colleague, batch)
    assert merged(batch, colleague).state == State.MERGED


@pytest.fixture
def members(tmp_path: Path) -> Batch:
    """One row says of party membership, one does not."""
    told = [zhang(1, 党员="是"), zhang(2)]
    batch = handed_in(clerk("organiser", lines=["organisation"]), workbook(tmp_path / "人.xlsx", told))
    assert verdicts(batch) == ["new", "new"]
    return batch


def test_what_stands_in_a_column_that_one_does_not_see_is_not_accepted(members: Batch) -> None:
    stranger = clerk("stranger", lines=["culture"])
    assert "党员" not in told(stranger, members)
    with pytest.raises(Refused, match="要并入的有 1 行写着别的条线的事实"):
        accept(by=stranger, batch=members.pk, revision=again(members).revision)
    assert again(members).state == State.READY
    (row,) = [line for line in rows(stranger, members, Filter(kind="person")) if line.number % 1000 == 0]
    choose(by=stranger, batch=members.pk, shown=[row.number], chosen=[])
    assert merged(members, stranger).state == State.MERGED, "what is left says nothing that he does not see"


def test_who_sees_the_column_accepts_it(members: Batch) -> None:
    assert merged(members, clerk("colleague", lines=["organisation"])).state == State.MERGED


def test_a_column_that_repeats_what_is_registered_hinders_nobody(members: Batch, tmp_path: Path) -> None:
    merged(members, clerk("colleague", lines=["organisation"]))
    row = zhang(1, 党员="是", 民族="苗族")
    batch = handed_in(clerk("organiser2", lines=["organisation"]), workbook(tmp_path / "二.xlsx", [row]))
    assert verdicts(batch) == ["change"]
    assert merged(batch, clerk("stranger", lines=["culture"])).state == State.MERGED
