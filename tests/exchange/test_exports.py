"""Taking a list along: who may, how much, with whose approval, for how long; and what the database holds of it."""

from __future__ import annotations

import inspect
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from anju.documents.actions import draft as draft_letter
from anju.documents.actions import issue
from anju.documents.actions import take as take_letter
from anju.documents.offices import Office
from anju.exchange import export_jobs
from anju.exchange.actions.exporting import again, approve, ask, change, draft, refuse, take
from anju.exchange.models import Export, Piece, Stage
from anju.government.models import Officer, PostHolding
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.jobs.actions import end
from anju.jobs.models import Job
from anju.journal.models import Entry
from anju.register.actions import create_person
from anju.register.queries.lists import Filters
from tests.documents.cast import LIST, saying
from tests.exchange.cast import ELSEWHERE, ORIGIN, TOWN, VILLAGE, clerk
from tests.register.cast import number
from tests.sealing.test_fields import everything_stored

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def people(importer: Officer) -> None:
    """Four people of the place."""
    for order, name in enumerate(("向春来", "向秋月", "田小满", "冉冬至"), start=21):
        create_person(by=importer, name=name, number=number(order), origin=ORIGIN, destination=VILLAGE)


def again_of(export: Export) -> Export:
    """The export as it is stored."""
    with everything():
        return Export.objects.unscoped().select_related("officer", "decided_by").get(pk=export.pk)


def asked(
    by: Officer, *, full: bool = False, purpose: str = "核对名单", kind: str = "people", **filters: Any
) -> Export:
    """An export is asked for."""
    found = draft(by=by, kind=kind, filters=Filters(**filters))
    return ask(by=by, export=found.pk, full=full, purpose=purpose)


def made(export: Export) -> Export:
    """Its work is done, round the queue, which tells of an exception no more than its kind."""
    job = Job.objects.get(pk=str(again_of(export).job))
    inspect.unwrap(export_jobs.make_file.func)(job)
    end(job=job, state=Job.State.DONE)
    return again_of(export)


def names(by: Officer, export: Export, path: Path) -> list[str]:
    """Who is in the file that is downloaded."""
    take(by=by, export=export.pk, path=path)
    sheet = openpyxl.load_workbook(path)["台账"]
    return [str(row[0].value) for row in sheet.iter_rows(min_row=2)]


def entries(action: str) -> list[tuple[str, dict[str, Any]]]:
    """What the journal says of a deed."""
    found = Entry.objects.filter(action=f"exchange.{action}").order_by("at")
    return [(entry.result, json.loads(entry.detail)) for entry in found]


def test_a_masked_list_needs_nobody_else(importer: Officer, people: None, tmp_path: Path) -> None:
    export = asked(importer, purpose="")
    assert (export.stage, export.rows) == (Stage.MAKING, 4)
    ready = made(export)
    assert (ready.stage, ready.rows, len(ready.digest)) == (Stage.READY, 4, 64)
    assert names(importer, ready, tmp_path / "一.xlsx") == ["冉冬至", "田小满", "向春来", "向秋月"]
    assert names(importer, ready, tmp_path / "二.xlsx")[0] == "冉冬至", "as often as he likes"
    taken = entries("take_export")
    assert [result for result, _ in taken] == ["done", "done"]
    assert taken[0][1]["file"] == ready.digest
    assert (taken[0][1]["rows"], taken[0][1]["full"], taken[0][1]["kind"]) == (4, False, "people")


def test_what_was_searched_is_kept_and_told_to_nobody(importer: Officer, people: None, tmp_path: Path) -> None:
    export = made(asked(importer, text="向", region=VILLAGE))
    assert names(importer, export, tmp_path / "一.xlsx") == ["向春来", "向秋月"]
    same, other = asked(importer, text="向", region=VILLAGE), asked(importer, text="田", region=VILLAGE)
    digests = [detail["filter"] for _, detail in entries("ask_export")]
    assert digests[0] == digests[1] != digests[2]
    assert {same.region, other.region} == {TOWN}


def test_full_numbers_are_for_a_purpose(importer: Officer, people: None) -> None:
    found = draft(by=importer, kind="people", filters=Filters())
    with pytest.raises(Refused, match="用途"):
        ask(by=importer, export=found.pk, full=True, purpose=" ")
    assert ask(by=importer, export=found.pk, full=True, purpose="医保核对").stage == Stage.MAKING


def test_an_empty_list_is_not_taken_along(importer: Officer, people: None) -> None:
    with pytest.raises(Refused, match="一行也没有"):
        asked(importer, text="没有这个人")


@pytest.mark.parametrize(("most", "stage"), [(4, Stage.MAKING), (3, Stage.WAITING)], ids=["刚好", "多一行"])
def test_many_in_full_need_two(importer: Officer, people: None, most: int, stage: Stage) -> None:
    with override_settings(ANJU_MOST_FULL_ROWS_ALONE=most):
        assert asked(importer, full=True).stage == stage
        assert asked(importer, full=False).stage == Stage.MAKING


def test_many_in_full_need_two_however_they_are_divided(importer: Officer, second: Officer, people: None) -> None:
    with override_settings(ANJU_MOST_FULL_ROWS_ALONE=4):
        assert asked(importer, full=True, text="向").stage == Stage.MAKING
        assert asked(importer, full=False).stage == Stage.MAKING
        third = asked(importer, full=True, text="田")
        assert (third.stage, again_of(third).alone) == (Stage.MAKING, 2)
        fourth = asked(importer, full=True)
        assert (fourth.stage, again_of(fourth).alone) == (Stage.WAITING, 1)
        approve(by=second, export=fourth.pk)
        assert asked(importer, full=True, text="冉").stage == Stage.MAKING, "what somebody else approved is not counted"
        assert asked(importer, full=True, text="冉").stage == Stage.WAITING
        assert asked(second, full=True).stage == Stage.MAKING, "each officer's own"
        office = Office("committee", "village", VILLAGE)
        lister = clerk("lister", VILLAGE, "village", ["committee"])
        letter = draft_letter(by=lister, office=office, kind=LIST, content=saying(3))
        issue(by=lister, letter=letter.pk, seen=1)
        for _ in range(2):  # one letter is counted once
            take_letter(by=lister, letter=letter.pk, file="docx", full=True, because="核对")
        assert asked(lister, full=True, text="向").stage == Stage.WAITING, "letters and exports together"
        more = draft_letter(by=lister, office=office, kind=LIST, content=saying(2))
        issue(by=lister, letter=more.pk, seen=1)
        with pytest.raises(Refused, match="一天里超过 4 行"):
            take_letter(by=lister, letter=more.pk, file="docx", full=True, because="核对")


@pytest.fixture
def waiting(importer: Officer, people: None) -> Export:
    with override_settings(ANJU_MOST_FULL_ROWS_ALONE=3):
        return asked(importer, full=True)


def test_another_officer_of_the_region_approves(
    importer: Officer, second: Officer, waiting: Export, tmp_path: Path
) -> None:
    assert again_of(waiting).job is None
    with pytest.raises(Refused, match="自己"):
        approve(by=importer, export=waiting.pk)
    with pytest.raises(Refused, match="没有这份"):
        approve(by=clerk("village", VILLAGE, "village"), export=waiting.pk)
    with pytest.raises(Refused, match="没有这份"):
        approve(by=clerk("stranger", ELSEWHERE), export=waiting.pk)
    approve(by=clerk("county", "500235000000", "county"), export=waiting.pk)
    with pytest.raises(Refused, match="没有这份"):
        approve(by=second, export=waiting.pk)
    ready = made(waiting)
    assert len(names(importer, ready, tmp_path / "一.xlsx")) == 4
    with pytest.raises(Refused, match="没有这份"):
        take(by=second, export=ready.pk, path=tmp_path / "二.xlsx")
    with pytest.raises(Refused, match="没有这份"):
        take(by=Officer.objects.get(account="county"), export=ready.pk, path=tmp_path / "二.xlsx")
    assert [result for result, _ in entries("approve_export")] == ["done"]


def test_another_officer_refuses_and_says_why(importer: Officer, second: Officer, waiting: Export) -> None:
    with pytest.raises(Refused, match="为什么"):
        refuse(by=second, export=waiting.pk, because=" ")
    refuse(by=second, export=waiting.pk, because="用途不清楚")
    found = again_of(waiting)
    assert (found.stage, found.message, found.decided_by) == (Stage.REFUSED, "用途不清楚", second)
    with pytest.raises(Refused):
        approve(by=second, export=waiting.pk)


def test_a_list_that_has_grown_past_what_one_takes_alone_is_not_made(importer: Officer, people: None) -> None:
    with override_settings(ANJU_MOST_FULL_ROWS_ALONE=4):
        export = asked(importer, full=True)
    create_person(by=importer, name="后来的", number=number(30), origin=ORIGIN, destination=VILLAGE)
    found = made(export)
    assert (found.stage, found.rows) == (Stage.FAILED, 4)
    assert "重新导出" in found.message


def test_a_day_has_its_measure(importer: Officer, people: None) -> None:
    with override_settings(ANJU_MOST_EXPORTS_A_DAY=2):
        asked(importer)
        asked(importer)
        with pytest.raises(Refused, match="一天最多导出 2 次"):
            asked(importer)
    with override_settings(ANJU_MOST_EXPORTED_ROWS_A_DAY=12):
        asked(importer)
        with pytest.raises(Refused, match="一天最多导出 12 行"):
            asked(importer)
    assert [result for result, _ in entries("ask_export")] == ["done", "done", "refused", "done", "refused"]


def test_a_file_is_gone_after_its_hours(importer: Officer, people: None, tmp_path: Path) -> None:
    export = made(asked(importer))
    lately = timezone.now() - timedelta(hours=24, seconds=1)
    with everything():
        Export.objects.unscoped().filter(pk=export.pk).update(made_at=lately, expires_at=lately + timedelta(hours=24))
    with pytest.raises(Refused, match="24 小时以后就删除了"):
        take(by=importer, export=export.pk, path=tmp_path / "一.xlsx")
    tidied()
    found = again_of(export)
    with everything():
        assert (found.stage, Piece.objects.unscoped().filter(export=found).count()) == (Stage.GONE, 0)
    with pytest.raises(Refused, match="24 小时以后就删除了"):
        take(by=importer, export=export.pk, path=tmp_path / "一.xlsx")
    assert [result for result, _ in entries("take_export")] == ["refused", "refused"]
    assert [detail["file"] for _, detail in entries("remove_export")] == [export.digest]


def test_what_was_begun_and_never_asked_for_is_forgotten(importer: Officer, people: None) -> None:
    old, new = (draft(by=importer, kind="people", filters=Filters()) for _ in range(2))
    with everything():
        Export.objects.unscoped().filter(pk=old.pk).update(begun_at=timezone.now() - timedelta(hours=25))
    tidied()
    with everything():
        assert list(Export.objects.unscoped()) == [new]


def tidied() -> None:
    """The hourly work is done."""
    inspect.unwrap(export_jobs.remove_old.func)(Job())


def left(officer: Officer, line: str | None = None) -> None:
    """The posts of a line, or all, ended yesterday."""
    held = PostHolding.objects.filter(officer=officer, **({"post__line": line} if line else {}))
    held.update(until=TODAY)


def test_a_post_that_has_ended_takes_the_file_away(importer: Officer, people: None, tmp_path: Path) -> None:
    export = made(asked(importer))
    left(importer, "civil_affairs")
    with pytest.raises(Refused, match="岗位和导出的时候不一样"):
        take(by=importer, export=export.pk, path=tmp_path / "一.xlsx")
    left(importer)
    with pytest.raises(Refused, match="没有这份导出"):
        take(by=importer, export=export.pk, path=tmp_path / "一.xlsx")


@pytest.mark.parametrize("line", ["civil_affairs", None], ids=["一条线", "都没了"])
def test_a_post_that_ends_meanwhile_makes_no_file(importer: Officer, people: None, line: str | None) -> None:
    export = asked(importer)
    left(importer, line)
    found = made(export)
    assert (found.stage, "岗位" in found.message) == (Stage.FAILED, True)


def test_the_region_is_one_of_the_own_posts(importer: Officer, people: None) -> None:
    with pytest.raises(Refused, match="您自己的一个岗位"):
        draft(by=importer, kind="people", filters=Filters(), region=ELSEWHERE)
    found = draft(by=importer, kind="people", filters=Filters(region=ELSEWHERE))
    assert (found.region, found.lines) == (TOWN, "civil_affairs,committee")
    change(by=importer, export=found.pk, kind="wishes", region=TOWN)
    assert again_of(found).kind == "wishes"
    for kind, region, why in (("households", TOWN, "不能这样"), ("people", ELSEWHERE, "您自己的一个岗位")):
        with pytest.raises(Refused, match=why):
            change(by=importer, export=found.pk, kind=kind, region=region)
    with pytest.raises(Refused, match="没有岗位"):
        draft(by=clerk("idle", lines=()), kind="people", filters=Filters())


def test_done_twice_is_done_once(importer: Officer, people: None) -> None:
    export = asked(importer)
    with pytest.raises(Refused):
        ask(by=importer, export=export.pk, full=False, purpose="")
    with pytest.raises(Refused):
        again(by=importer, export=export.pk)
    ready = made(export)
    job = Job.objects.get(pk=str(ready.job))
    inspect.unwrap(export_jobs.make_file.func)(job)
    assert again_of(export).made_at == ready.made_at
    assert len(entries("make_export")) == 1


def test_a_file_that_was_changed_at_rest_is_not_given_out(importer: Officer, people: None, tmp_path: Path) -> None:
    export = made(asked(importer))
    with everything():
        piece = Piece.objects.unscoped().get(export=export)
        changed = bytearray(piece.content.ciphertext)
        changed[-1] ^= 1
        piece.content = bytes(changed)
        piece.save(update_fields=["content"])
    with pytest.raises(Refused, match="被改动过"):
        take(by=importer, export=export.pk, path=tmp_path / "一.xlsx")
    assert [result for result, _ in entries("take_export")] == ["refused"]


def raw(statement: str, *values: str) -> None:
    """SQL by hand, as somebody at the database would write it."""
    with everything(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, list(values))


ATTACKS = {
    "自己批准": "stage = 'making', decided_by_id = officer_id",
    "没有人批准": "stage = 'making'",
    "跳过生成": "stage = 'ready'",
    "改用途": "purpose = 'x'",
    "改成别人的": "region = '500236000000'",
    "改成遮住的": '"full" = NOT "full"',
    "放宽行数": "alone = 9999",
    "不说为什么": "stage = 'refused'",
    "有文件没时间": "digest = 'x'",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_holds_it(waiting: Export, attack: str) -> None:
    key = waiting.pk.hex if connection.vendor == "sqlite" else str(waiting.pk)
    with pytest.raises(IntegrityError):
        raw(f"UPDATE exchange_export SET {ATTACKS[attack]} WHERE id = %s", key)
    with pytest.raises(IntegrityError):
        raw("DELETE FROM exchange_export WHERE id = %s", key)


def test_nothing_of_a_file_lies_open(importer: Officer, people: None, tmp_path: Path) -> None:
    made(asked(importer, full=True, text="田"))
    stored = everything_stored()
    for word in (number(23), "台账.xml", "xl/worksheets"):
        assert word.encode() not in stored
    assert not [left for left in settings.ANJU_IMPORTS.rglob("*") if left.is_file()]
