"""The other lists, what contradicts, and taking back: the way of a batch from the file to the register and out again."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from anju.exchange import beside, storage
from anju.exchange.actions import accept, choose, decide, hand_in, reject
from anju.exchange.models import Part, State
from anju.exchange.queries.batches import mine, seen_batch, to_accept
from anju.exchange.queries.rows import Filter, rows, shown
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.register.actions import change_person
from anju.register.models import Household, Person, Relation, Site, Wish
from tests.exchange.cast import (
    ELSEWHERE,
    TOWN,
    VILLAGE,
    again,
    clerk,
    contents,
    done,
    handed_in,
    merged,
    undo,
    verdicts,
    workbook,
    zhang,
)
from tests.register.cast import number

pytestmark = pytest.mark.django_db


def test_whoever_hands_in_does_not_accept(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)]))
    with pytest.raises(Refused, match="另一位干部"):
        accept(by=importer, batch=batch.pk, revision=batch.revision)
    stranger = clerk("stranger", ELSEWHERE)
    with pytest.raises(Refused, match="不在您的范围里"):
        accept(by=stranger, batch=batch.pk, revision=batch.revision)
    assert seen_batch(stranger, str(batch.pk)) is None
    assert [b.pk for b in to_accept(second)] == [b.pk for b in mine(importer)] == [batch.pk]
    with pytest.raises(Refused, match="您自己的一个岗位"):
        hand_in(by=importer, kind="people", region=ELSEWHERE, path=tmp_path / "一.xlsx", file_name="一.xlsx")


def test_a_batch_given_back_is_not_merged(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)]))
    reject(by=second, batch=batch.pk, because="缺户编号")
    assert again(batch).state == State.REJECTED
    with pytest.raises(Refused, match="刚刚有人处理过"):
        accept(by=second, batch=batch.pk, revision=batch.revision)


def test_a_merge_is_undone(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1, 户口迁移="否")])), second)
    before = contents()
    later = [zhang(1, 户口迁移="是", 户口迁移时间=date(2026, 3, 1), 联系电话="13800000001"), zhang(2, 户籍意愿="愿意")]
    batch = merged(handed_in(importer, workbook(tmp_path / "二.xlsx", later)), second)
    assert contents() != before
    undo(by=second, batch=batch.pk, because="交错了")
    assert (done(batch).state, again(batch).message) == (State.UNDONE, "")
    after = contents()
    # what changed and was taken back are two changes
    revision = len(before["people"][0]) - 1
    assert after["people"][0][revision] == before["people"][0][revision] + 2
    after["people"][0][revision] = before["people"][0][revision]
    assert after == before


def test_what_was_touched_since_is_not_undone(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1), zhang(2)])), second)
    touched = Person.objects.unscoped().get(name="李秀英")
    change_person(by=importer, person=str(touched.pk), changes={"people": "苗族"})
    before = contents()
    undo(by=importer, batch=batch.pk, because="交错了")
    assert done(batch).state == State.MERGED
    assert "1 个对象又有了变动" in again(batch).message
    assert [r.subject for r in rows(importer, again(batch), Filter(touched=True))] == [touched.pk]
    assert contents() == before


CONFLICTS = {
    "同号异名": ([zhang(1)], [zhang(1, 姓名="张青水")], ["name_differs"]),
    "一人两户": ([], [zhang(1), zhang(1, 户编号="5000000000000002")], ["two_households", "two_households"]),
    "文件里重复": ([], [zhang(1), zhang(1, 联系电话="13800000001")], ["twice", "twice"]),
    "同样两行": ([], [zhang(1), zhang(1)], ["new", "same"]),
    "两个户主": ([], [zhang(1), zhang(2, 与户主关系="户主")], ["two_heads", "two_heads"]),
    "已有户主": ([zhang(1)], [zhang(2, 与户主关系="户主")], ["head_taken"]),
    "已在另一户": ([zhang(1)], [zhang(1, 户编号="5000000000000002")], ["other_household"]),
    "关系对不上": ([zhang(1, 户口迁移="是")], [zhang(1, 户口迁移="否")], ["relation"]),
    "够不着": ([], [zhang(1, 迁出地代码=ELSEWHERE, 迁入地代码=ELSEWHERE)], ["refused"]),
    "认不出": ([], [{"姓名": "张青山", "迁入地代码": VILLAGE, "户籍意愿": "愿意"}], ["refused"]),
    "号码不对": ([], [zhang(1, 证件号码="500999198005060011")], ["refused"]),
}


@pytest.mark.parametrize(("there", "file", "expected"), CONFLICTS.values(), ids=CONFLICTS)
def test_what_contradicts_is_told(
    importer: Officer,
    second: Officer,
    tmp_path: Path,
    there: list[dict[str, str]],
    file: list[dict[str, str]],
    expected: list[str],
) -> None:
    if there:
        merged(handed_in(importer, workbook(tmp_path / "一.xlsx", there)), second)
    batch = handed_in(importer, workbook(tmp_path / "二.xlsx", file))
    assert verdicts(batch) == expected
    assert len(shown(importer, batch, list(rows(importer, batch, Filter(kind="person"))))) == len(expected)


STEP = {"证件号码": number(1), "关系": "户籍", "归属地代码": VILLAGE, "起": date(2026, 2, 1)}
SAID = {"证件号码": number(1), "意愿": "户籍意愿", "选择": "愿意", "表态日": date(2026, 2, 1)}
WITH_A_NUMBER = {
    "姓名": ("people", "person", zhang(1, 姓名=f"张青山{number(2)}")),
    "全角的": ("people", "person", zhang(1, 民族="土家族５００９９９１９８００５０６００２５")),
    "户主姓名": ("people", "person", {**zhang(1), "姓名": None, "户主姓名": f"张青山 {number(2)}"}),
    "户编号": ("households", "household", {"户编号": number(2), "迁入地代码": VILLAGE, "户主姓名": "张青山", "安置方式": "集中安置"}),
    "安置点": ("sites", "site", {"集中安置点名称": f"家园{number(2)}", "所在地代码": VILLAGE, "合计": 8}),
    "凭据": ("relations", "relation", {**STEP, "凭据": number(2)}),
    "关系": ("relations", "relation", {**STEP, "关系": number(2)}),
    "方式": ("wishes", "wish", {**SAID, "方式": f"代{number(2)}"}),
}  # fmt: skip


@pytest.mark.parametrize(("kind", "subject", "row"), WITH_A_NUMBER.values(), ids=WITH_A_NUMBER)
def test_a_text_with_an_id_number_is_refused_and_not_repeated(
    importer: Officer, second: Officer, tmp_path: Path, kind: str, subject: str, row: dict[str, Any]
) -> None:
    if kind in ("relations", "wishes"):
        merged(handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1)])), second)
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", [row]), kind)
    assert verdicts(batch, subject) == ["refused"]
    (line,) = shown(importer, batch, list(rows(importer, batch, Filter(kind=subject))))
    assert any("里写了证件号码，没有收" in text for text in line.notes)
    assert number(2) not in str(line)
    kept = storage.whole(batch, Part.ROWS, subject).drop("@id", strict=False)
    assert number(2) not in str(kept.to_dicts())
    assert number(2)[6:] not in str(kept.to_dicts())


def test_a_wrong_number_is_not_repeated_either(importer: Officer, tmp_path: Path) -> None:
    file = [zhang(1, 证件号码=wrong) for wrong in ("500999198005060011", "50099919800506001", f"{number(1)[:-1]} 1 1")]
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", file))
    lines = shown(importer, batch, list(rows(importer, batch, Filter(kind="person"))))
    assert [line.staged.verdict for line in lines] == ["refused"] * 3
    assert "19800506" not in str([line.notes for line in lines])


def test_somebody_elsewhere_is_told_as_elsewhere_and_no_more(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    far, far_second = (clerk(name, ELSEWHERE) for name in ("far", "far2"))
    there = [zhang(1, 姓名="张远方", 迁出地代码=ELSEWHERE, 迁入地代码=ELSEWHERE, 户编号="7")]
    merged(handed_in(far, workbook(tmp_path / "一.xlsx", there), region=ELSEWHERE), far_second)
    batch = handed_in(importer, workbook(tmp_path / "二.xlsx", [zhang(1)]))
    assert verdicts(batch) == ["elsewhere"]
    (row,) = shown(importer, batch, list(rows(importer, batch, Filter(kind="person"))))
    assert row.staged.subject is None
    assert not any(change.before for change in row.changes)
    with pytest.raises(Refused, match="不能这样定"):
        decide(by=importer, batch=batch.pk, numbers=[row.staged.number], decision="file")


def test_one_of_two_rows_is_taken(importer: Officer, second: Officer, tmp_path: Path) -> None:
    file = [zhang(1), zhang(1, 户编号="5000000000000002", 联系电话="13800000001")]
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", file))
    numbers = [row.number for row in rows(importer, batch, Filter(kind="person"))]
    decide(by=importer, batch=batch.pk, numbers=numbers[1:], decision="file")
    merged(batch, second)
    assert Person.objects.unscoped().get().phone.reveal() == "13800000001"


def test_sites_relations_and_wishes_come_as_lists_of_their_own(
    importer: Officer, second: Officer, tmp_path: Path
) -> None:
    sites = [{"集中安置点名称": "幸福家园", "所在地代码": TOWN, "合计": 812, "安置点类型": "城镇"}]
    merged(handed_in(importer, workbook(tmp_path / "点.xlsx", sites), "sites"), second)
    assert Site.objects.unscoped().get().name == "幸福家园"
    merged(
        handed_in(importer, workbook(tmp_path / "人.xlsx", [zhang(1, 户口迁移="否", 集中安置点名称="幸福家园")])),
        second,
    )
    assert Household.objects.unscoped().select_related("site").get().site is not None
    step = {
        "证件号码": number(1),
        "姓名": "张青山",
        "关系": "户籍",
        "归属地代码": VILLAGE,
        "起": date(2026, 2, 1),
        "凭据": "户口簿",
    }
    path = workbook(tmp_path / "关系.xlsx", [step])
    merged(handed_in(importer, path, "relations"), second)
    last = Relation.objects.unscoped().order_by("since").last()
    assert last is not None
    assert (last.holder, last.because, last.evidence, last.after) == (VILLAGE, "moved", "户口簿", date.min)
    assert verdicts(handed_in(importer, path, "relations"), "relation") == ["same"]
    wish = {
        "证件号码": number(1),
        "姓名": "张青山",
        "意愿": "户籍意愿",
        "选择": "愿意",
        "表态日": date(2026, 1, 5),
        "方式": "当面",
    }
    path = workbook(tmp_path / "意愿.xlsx", [wish])
    batch = handed_in(importer, path, "wishes")
    assert verdicts(batch, "wish") == ["new"]
    merged(batch, second)
    assert Wish.objects.unscoped().get().on == date(2026, 1, 5)
    assert verdicts(handed_in(importer, path, "wishes"), "wish") == ["same"]


def test_a_wish_finds_its_person_by_name_and_birthday(importer: Officer, second: Officer, tmp_path: Path) -> None:
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)])), second)
    wish = {
        "姓名": "张青山",
        "意愿": "户籍意愿",
        "选择": "愿意",
        "表态日": date(2026, 1, 5),
        "出生日期": date(1980, 5, 6),
    }
    other = {**wish, "出生日期": date(1980, 5, 7)}
    batch = handed_in(importer, workbook(tmp_path / "二.xlsx", [wish, other]), "wishes")
    assert verdicts(batch, "wish") == ["new", "refused"]


def test_a_household_is_taken_without_its_people(importer: Officer, second: Officer, tmp_path: Path) -> None:
    batch = handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1), zhang(2)]))
    people = [row.number for row in rows(importer, batch, Filter(kind="person"))]
    choose(by=importer, batch=batch.pk, shown=people, chosen=[])
    assert merged(batch, second).state == State.MERGED
    assert Household.objects.unscoped().count() == 1
    assert not Person.objects.unscoped().exists()


@pytest.mark.parametrize("file", [[2], [3, 2, 4], [3, 4, 2]], ids=["一行", "三行中间", "三行最后"])
def test_the_row_that_the_database_refuses_is_named(
    importer: Officer, second: Officer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: list[int]
) -> None:
    """Somebody becomes the head between the comparison and the merge."""
    merged(handed_in(importer, workbook(tmp_path / "一.xlsx", [zhang(1)])), second)
    nobody = pl.DataFrame(schema={"@home": pl.String, "@chief": pl.String})
    monkeypatch.setattr(beside, "heads", lambda homes: nobody)
    listed = [zhang(order, 与户主关系="户主" if order == 2 else "之子") for order in file]
    before = contents()
    batch = merged(handed_in(importer, workbook(tmp_path / "二.xlsx", listed)), second)
    assert (batch.state, batch.accepted_by, contents() == before) == (State.READY, None, True)
    assert batch.message.startswith("这一户已经有户主了。不能并入的是下面标出的那一行")
    (left,) = shown(importer, batch, list(rows(importer, batch, Filter(left=True))))
    assert left.who.startswith("李秀英")
    if len(file) == 1:
        return
    numbers = [left.staged.number]
    choose(by=importer, batch=batch.pk, shown=numbers, chosen=[])
    batch = merged(batch, second)
    assert (batch.state, batch.message) == (State.MERGED, "")
    assert not rows(importer, batch, Filter(left=True)).exists()


def test_a_shuffled_list_is_the_same_register(importer: Officer, second: Officer, tmp_path: Path) -> None:
    family = [zhang(order, 搬迁类型="建档立卡", 户籍意愿="愿意") for order in (1, 2, 3, 4)]
    batch = merged(handed_in(importer, workbook(tmp_path / "一.xlsx", family)), second)
    first = contents()
    undo(by=importer, batch=batch.pk, because="再来一次")
    assert done(batch).state == State.UNDONE
    merged(handed_in(importer, workbook(tmp_path / "二.xlsx", family[::-1])), second)
    assert contents() == first
