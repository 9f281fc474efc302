"""To undo a merge it takes two: who asks does not agree, and whoever agrees sees what is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from anju.exchange.actions import approve_undo, ask_undo, refuse_undo
from anju.exchange.models import Batch, State, not_asked
from anju.exchange.queries.batches import others, to_accept
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from anju.register.models import Person
from tests.exchange.cast import ELSEWHERE, again, clerk, done, handed_in, merged, workbook, zhang
from tests.exchange.test_forgetting import long_after, night
from tests.exchange.test_pages import address, page
from tests.government.pages.officer import Browser
from tests.race import race

FASTER = "这一批刚刚有人处理过，请刷新再看。"
WAIT = timedelta(days=settings.ANJU_SECOND_OFFICER_DAYS)
MANY = 16


def of_the_family(importer: Officer, second: Officer, folder: Path) -> Batch:
    return merged(handed_in(importer, workbook(folder / "张家.xlsx", [zhang(1), zhang(2)])), second)


@pytest.fixture
def batch(importer: Officer, second: Officer, tmp_path: Path) -> Batch:
    """One that was merged."""
    return of_the_family(importer, second, tmp_path)


@pytest.fixture
def asked(batch: Batch, importer: Officer) -> Batch:
    """One of which whoever handed it in wants that it is undone."""
    ask_undo(by=importer, batch=batch.pk, because="交错了")
    return again(batch)


def noted(deed: str) -> int:
    return Entry.objects.filter(action=f"exchange.{deed}").count()


@pytest.mark.django_db
def test_who_asks_does_not_agree_and_another_one_does(asked: Batch, importer: Officer, second: Officer) -> None:
    assert (asked.state, asked.undo_asked_by, asked.undone_by) == (State.MERGED, importer, None)
    assert Person.objects.unscoped().count() == 2, "nothing is undone yet"
    with pytest.raises(Refused, match="自己不能同意"):
        approve_undo(by=importer, batch=asked.pk)
    approve_undo(by=second, batch=asked.pk)
    found = done(asked)
    assert (found.state, found.undo_asked_by, found.undone_by) == (State.UNDONE, importer, second)
    assert Person.objects.unscoped().count() == 0
    assert Entry.objects.get(action="exchange.undo").officer == str(second.pk)
    assert str(importer.pk) in Entry.objects.get(action="exchange.begin_undo").detail


@pytest.mark.django_db
def test_who_accepted_asks_and_a_third_one_agrees(batch: Batch, second: Officer) -> None:
    with pytest.raises(Refused, match="只有交的人和接收的人"):
        ask_undo(by=clerk("third"), batch=batch.pk, because="交错了")
    ask_undo(by=second, batch=batch.pk, because="交错了")
    with pytest.raises(Refused, match="自己不能同意"):
        approve_undo(by=second, batch=batch.pk)
    approve_undo(by=clerk("fourth"), batch=batch.pk)
    assert done(batch).state == State.UNDONE


def _stranger() -> Officer:
    return clerk("stranger", ELSEWHERE)


def _of_another_line() -> Officer:
    return clerk("culture", lines=["culture"])


NOT_THESE: dict[str, tuple[Callable[[], Officer], str]] = {
    "别的县": (_stranger, "没有这一批"),
    "别的条线": (_of_another_line, "您看不到，也不能同意撤回"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("who", "why"), NOT_THESE.values(), ids=NOT_THESE)
def test_whoever_could_not_have_accepted_it_does_not_agree(
    importer: Officer, second: Officer, tmp_path: Path, who: Callable[[], Officer], why: str
) -> None:
    wish = {"意愿": "户籍意愿", "选择": "愿意", "表态日": timezone.localdate(), "证件号码": zhang()["证件号码"]}
    of_the_family(importer, second, tmp_path)
    batch = merged(handed_in(importer, workbook(tmp_path / "愿.xlsx", [wish]), "wishes"), second)
    ask_undo(by=importer, batch=batch.pk, because="交错了")
    with pytest.raises(Refused, match=why):
        approve_undo(by=who(), batch=batch.pk)
    assert again(batch).state == State.MERGED


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["第二位", "申请的人"])
def test_it_is_not_undone_after_all(asked: Batch, importer: Officer, second: Officer, who: str) -> None:
    by = importer if who == "申请的人" else second
    with pytest.raises(Refused, match="不撤回要写明为什么"):
        refuse_undo(by=by, batch=asked.pk, because=" ")
    refuse_undo(by=by, batch=asked.pk, because="没有交错")
    found = again(asked)
    assert {name: getattr(found, name) for name in not_asked} == not_asked
    assert (found.state, found.message) == (State.MERGED, "没有撤回：没有交错")
    with pytest.raises(Refused, match="刚刚有人处理过"):
        approve_undo(by=second, batch=asked.pk)
    ask_undo(by=second, batch=asked.pk, because="还是交错了")
    approve_undo(by=importer, batch=asked.pk)
    assert done(asked).state == State.UNDONE


@pytest.mark.django_db
@pytest.mark.parametrize("because", ["", "  "])
def test_a_request_has_a_reason_and_is_made_once(
    batch: Batch, importer: Officer, second: Officer, because: str
) -> None:
    with pytest.raises(Refused, match="撤回要写明为什么"):
        ask_undo(by=importer, batch=batch.pk, because=because)
    ask_undo(by=importer, batch=batch.pk, because="交错了")
    with pytest.raises(Refused, match="刚刚有人处理过"):
        ask_undo(by=second, batch=batch.pk, because="交错了")


ATTACKS: dict[str, tuple[str, dict[str, Any]]] = {
    "自己同意自己": ("batch_undone_by_two", {"undone_by": "importer", "state": "undoing", "ended_at": None}),
    "一个人撤": ("batch_undo_fits_state", {"undone_by": None, "state": "undoing", "ended_at": None}),
    "同意了还说并入着": ("batch_undo_fits_state", {"undone_by": "second"}),
    "没有申请就同意": (
        "batch_undone_by_two",
        {**not_asked, "undone_by": "second", "state": "undoing", "ended_at": None},
    ),
    "换个申请的人": ("batch_undo_asked_once", {"undo_asked_by": "second"}),
    "改写理由": ("batch_undo_asked_once", {"undo_because": "别的"}),
    "没有理由": ("batch_undo", {"undo_because": ""}),
    "没有期限": ("batch_undo_asked_with_reason", {"undo_decide_by": None}),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("wall", "values"), ATTACKS.values(), ids=ATTACKS)
def test_the_database_holds_it_whatever_the_program_does(
    asked: Batch, importer: Officer, second: Officer, wall: str, values: dict[str, Any]
) -> None:
    postgresql = connection.vendor == "postgresql"
    people = {name: who.pk if postgresql else who.pk.hex for name, who in (("importer", importer), ("second", second))}
    names = {"undo_asked_by": "undo_asked_by_id", "undone_by": "undone_by_id"}
    given = {names.get(name, name): people.get(str(value), value) for name, value in values.items()}
    columns = ", ".join(f"{column} = %s" for column in given)
    key = asked.pk if postgresql else asked.pk.hex
    with pytest.raises(IntegrityError, match=wall), everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE exchange_batch SET {columns} WHERE id = %s", [*given.values(), key])


@pytest.mark.django_db
def test_nobody_came(asked: Batch, second: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked.undo_decide_by is not None
    night(asked.undo_decide_by)
    assert again(asked).undo_asked_by_id is not None, "it may be agreed to until the last moment"
    after = asked.undo_decide_by + timedelta(seconds=1)
    monkeypatch.setattr(timezone, "now", lambda: after)
    with pytest.raises(Refused, match="期限已经过了"):
        approve_undo(by=second, batch=asked.pk)
    assert not to_accept(second).exists()
    monkeypatch.undo()
    night(after)
    found = again(asked)
    assert {name: getattr(found, name) for name in not_asked} == not_asked
    assert (found.state, "到期没有人同意" in found.message, noted("lapse_undo")) == (State.MERGED, True, 1)


@pytest.mark.django_db
def test_whom_nobody_came_to_asks_again_before_the_night(
    asked: Batch, importer: Officer, second: Officer, mine: Browser, theirs: Browser
) -> None:
    ask = address(asked, "undo/")
    assert f'"{ask}"' not in page(mine.get(address(asked)))
    with pytest.raises(Refused, match=FASTER):
        ask_undo(by=importer, batch=asked.pk, because="还是交错了")
    with everything():
        Batch.objects.unscoped().filter(pk=asked.pk).update(undo_decide_by=timezone.now() - timedelta(seconds=1))
    assert f'"{ask}"' in page(mine.get(address(asked)))
    assert "同意撤回…" not in page(theirs.get(address(asked)))
    before = timezone.now()
    ask_undo(by=second, batch=asked.pk, because="还是交错了")
    found = again(asked)
    assert (found.undo_asked_by_id, found.undo_because) == (second.pk, "还是交错了")
    assert found.undo_decide_by is not None
    assert before + WAIT <= found.undo_decide_by <= timezone.now() + WAIT
    assert (noted("lapse_undo"), noted("ask_undo")) == (1, 2)
    approve_undo(by=importer, batch=asked.pk)
    assert again(asked).state in (State.UNDOING, State.UNDONE)


@pytest.mark.django_db
def test_what_is_forgotten_is_not_waited_for(batch: Batch, importer: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    last = long_after(batch)
    monkeypatch.setattr(timezone, "now", lambda: last - timedelta(hours=1))
    ask_undo(by=importer, batch=batch.pk, because="交错了")
    monkeypatch.undo()
    night(last)
    found = again(batch)
    assert (found.undo_asked_by_id, found.forgotten_at is not None, noted("lapse_undo")) == (None, True, 1)
    assert "不能再撤回" in found.message


@pytest.mark.django_db
def test_it_waits_for_whom_it_waits(asked: Batch, importer: Officer, second: Officer) -> None:
    assert [list(shelf(second)) for shelf in (to_accept, others)] == [[asked], []]
    assert not to_accept(importer).exists()
    refuse_undo(by=second, batch=asked.pk, because="没有交错")
    assert [list(shelf(second)) for shelf in (to_accept, others)] == [[], [asked]]


@pytest.mark.django_db
def test_its_pages(asked: Batch, mine: Browser, theirs: Browser) -> None:
    assert "申请撤回" in page(theirs.get("/import/"))
    text = page(theirs.get(address(asked)))
    assert "交错了" in text
    assert "同意撤回…" in text
    own = page(mine.get(address(asked)))
    assert "您自己不能同意" in own
    assert "同意撤回…" not in own
    assert "/account/confirm/" in mine.post(address(asked, "undo/approve/")).headers["Location"], "a fresh factor"
    text = page(theirs.get(address(asked, "undo/approve/")))
    assert "交错了" in text
    assert "新增" in text
    answer = theirs.post(address(asked, "undo/approve/"))
    assert answer.status_code == 302
    assert again(asked).state == State.UNDOING
    done(asked)
    assert page(theirs.get(address(asked, "undo/approve/")))


@pytest.mark.django_db
def test_who_does_not_agree_says_why(asked: Batch, mine: Browser, theirs: Browser) -> None:
    assert "不撤回要写明为什么" in page(theirs.post(address(asked, "undo/refuse/"), {"because": ""}), 422)
    theirs.post(address(asked, "undo/refuse/"), {"because": "没有交错"})
    assert "没有撤回：没有交错" in page(mine.get(address(asked)))


def test_sixteen_agree_and_it_is_undone_once(own_database: str, tmp_path: Path) -> None:
    first, second = clerk("importer"), clerk("second")
    agreeing = [clerk(f"agrees{number}") for number in range(MANY)]
    batch = of_the_family(first, second, tmp_path)
    ask_undo(by=first, batch=batch.pk, because="交错了")

    def agree(number: int) -> bool:
        if number % 4:
            approve_undo(by=agreeing[number], batch=batch.pk)
        else:
            refuse_undo(by=agreeing[number], batch=batch.pk, because="没有交错")
        return True

    outcome = race(MANY, agree)
    assert (outcome.won, {str(error) for error in outcome.raised}) == (1, {FASTER})
    assert noted("begin_undo") + noted("refuse_undo") == 1
    assert (again(batch).state == State.UNDOING) == bool(noted("begin_undo"))
