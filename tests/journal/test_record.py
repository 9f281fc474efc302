"""记日志：记下什么，什么不许进，写不成就什么都不算数。"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.journal import actions
from anju.journal.actions import Actor, JournalRefused, record, system
from anju.journal.chain import genesis, line, shard_of
from anju.journal.models import Entry, Head, shards
from anju.journal.plain_numbers import has_id_number, without_numbers
from anju.journal.queries import entries
from anju.sealing.models import KnownKey
from tests.journal.conftest import CLERK, write

DEED = "register.move_person"


@pytest.mark.django_db
def test_an_entry_keeps_who_what_when_and_why() -> None:
    before = datetime.now(UTC)
    record(
        actor=CLERK, action=DEED, object_kind="person", object_id="42", purpose="核对户口迁移",
        detail={"从": "甲村", "到": "乙村"},
    )  # fmt: skip
    entry = Entry.objects.get()
    assert (entry.officer, entry.officer_name, entry.post) == ("7f0c", "李经办", "民政 · 荣昌区")
    assert (entry.organisation, entry.ip) == ("500153|civil_affairs", "192.0.2.7")
    assert (entry.action, entry.object_kind, entry.object_id, entry.result) == (DEED, "person", "42", "done")
    assert entry.purpose == "核对户口迁移"
    assert json.loads(entry.detail) == {"从": "甲村", "到": "乙村"}
    assert before <= entry.at <= datetime.now(UTC)
    assert entry.offset_minutes == 480, "the office's own time: Asia/Shanghai"
    assert (entry.shard, entry.seq, entry.previous) == (shard_of(CLERK.organisation), 1, genesis(entry.shard))


@pytest.mark.django_db
def test_each_entry_continues_the_one_before() -> None:
    for number in range(3):
        record(actor=CLERK, action=DEED, object_id=str(number))
    chain = list(Entry.objects.order_by("seq"))
    assert [entry.seq for entry in chain] == [1, 2, 3]
    assert [entry.previous for entry in chain[1:]] == [entry.digest for entry in chain[:-1]]
    head = Head.objects.get(shard=chain[0].shard)
    assert (head.seq, head.digest) == (3, chain[-1].digest)
    assert Head.objects.filter(seq=0).count() == shards - 1


def test_offices_spread_over_the_chains() -> None:
    offices = [f"{county}|{line}" for county in range(500101, 500139) for line in "abcdefghijk"]
    per_chain = [sum(shard_of(office) == shard for office in offices) for shard in range(shards)]
    assert min(per_chain) > len(offices) / shards / 3
    assert shard_of("500153") == shard_of("500153")


ID_NUMBERS = {
    "十八位": "11010519491231002X",
    "句子里": "核对张三（11010519491231002x）的户口",
    "全角": "１１０１０５１９４９１２３１００２Ｘ",
    "分段": "110105 19491231 002X",
    "零宽字符": "110105\u200b19491231\u200b002X",
    "横线": "110105-19491231-002X",
    "十五位": "身份证110105491231002",
    "校验位写错": "110105194912310021",
    "字母在前": "ID500999198005060017",
    "拼音在前": "SFZ500999198005060017",
    "出生年月单写": "500999 1980 0506 0017",
    "四位一段": "5009 9919 8005 0600 17",
    "四位一段，横线": "5009-9919-8005-0600-1X",
    "一位一段": "5 0 0 9 9 9 1 9 8 0 0 5 0 6 0 0 1 7",
    "全角，分段": "５００９９９　１９８０　０５０６　００１７",
    "序号在前": "1 500999198005060017",
    "年份在后": "500999198005060017 2026-11-23",
    "代码在前": "91500000MA5U123456 500999198005060017",
}
HARMLESS = {
    "空": "",
    "手机号": "13812348000",
    "区划代码": "500153101200",
    "日期": "2026-11-23 19491231",
    "十七位": "11010519491231002",
    "十九位": "1101051949123100211",
    "不是日期": "110105194913310021",
    "摘要": "a11010519491231002Xb",
    "UUID": "7f0c1101-0519-4912-8100-2f0a11010519",
    "信用代码": "91500000MA5U123456",
    "信用代码和日期": "91500000MA5U123456 20200501 0012",
    "文号": "渝民发〔2020〕15号 2020-06-01、开州民〔2026〕1234号 2026-11-23",
    "区划代码和日期": "500235104202 2020-05-01 2026-11-23",
    "几天": "2026-01-05 2026-02-05 2026-03-05",
    "两个手机号": "13812348000 13912348001",
    "固定电话和手机号": "023-58123456 138 1234 8000",
    "银行卡": "6217 0000 1980 0506 001",
    "长的摘要": f"{'a1' * 23}500999198005060017",
    "数字多的 UUID": "ab500999-1980-4506-8017-2f0a11010519",
    "摘要末尾的十五位": "b110105491231002",
}


@pytest.mark.parametrize("text", ID_NUMBERS.values(), ids=ID_NUMBERS)
def test_an_id_number_is_recognised(text: str) -> None:
    assert has_id_number(text)


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_other_numbers_pass(text: str) -> None:
    assert not has_id_number(text)


@pytest.mark.parametrize("text", ID_NUMBERS.values(), ids=ID_NUMBERS)
def test_an_id_number_is_starred(text: str) -> None:
    starred = without_numbers(text)
    assert "***" in starred
    assert not has_id_number(starred)


@pytest.mark.parametrize(
    ("text", "starred"),
    [
        ("写的是“500999198005060011”，对不上（校验位）。", "写的是“500**************1”，对不上（校验位）。"),
        ("多一位5009991980050600111", "多一位500***************1"),
        ("写的是“13812348000”，不认得", "写的是“138****8000”，不认得"),
        ("138 1234 8000、1381234800、12812348000", "138******8000、1381234800、12812348000"),
        ("户编号 5000000000001，３号楼", "户编号 5000000000001，３号楼"),
    ],
    ids=["标点不动", "多一位", "手机号", "分段的手机号", "没有"],
)
def test_what_stands_around_a_number_stays(text: str, starred: str) -> None:
    assert without_numbers(text) == starred


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where",
    [
        {"purpose": ID_NUMBERS["句子里"]},
        {"object_id": ID_NUMBERS["十八位"]},
        {"detail": {"rows": [{"备注": ID_NUMBERS["全角"]}]}},
        {"detail": {"number": 110105194912310022}},
        {"detail": {ID_NUMBERS["十八位"]: 1}},
        {"actor": Actor(name=ID_NUMBERS["十五位"])},
    ],
    ids=["事由", "对象", "明细深处", "明细里的数", "明细的键", "姓名"],
)
def test_an_id_number_is_refused(where: dict[str, Any]) -> None:
    with transaction.atomic(), pytest.raises(JournalRefused, match="日志里不能写身份证号") as refused:
        record(**{"actor": CLERK, "action": DEED, **where})
    assert not has_id_number(str(refused.value))
    assert not Entry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "says"),
    [
        ({"action": "moved"}, "应用.动作"),
        ({"action": "register.移动"}, "应用.动作"),
        ({"purpose": "长" * 501}, "purpose 太长：最多 500 个字"),
        ({"detail": {"x": "y" * 20_000}}, "detail 太长"),
    ],
    ids=["没有应用", "不是代码", "事由太长", "明细太长"],
)
def test_what_does_not_fit_is_refused(where: dict[str, Any], says: str) -> None:
    with transaction.atomic(), pytest.raises(JournalRefused, match=says):
        record(**{"actor": system, "action": DEED, **where})


@pytest.mark.django_db
def test_the_longest_purpose_fits() -> None:
    assert record(actor=system, action=DEED, purpose="长" * 500).purpose == "长" * 500


def test_without_a_transaction_nothing_is_written(own_database: str) -> None:
    with pytest.raises(JournalRefused, match="同一个事务"):
        record(actor=CLERK, action=DEED)
    assert not Entry.objects.exists()


def mark_done(use: str) -> None:
    """A deed: any row of another table will do."""
    KnownKey.objects.create(use=use, number=1, proof="")


def do_and_record(purpose: str = "") -> None:
    """An action as the apps write them."""
    with transaction.atomic():
        mark_done("deed")
        record(actor=CLERK, action=DEED, purpose=purpose)


def test_a_deed_with_a_refused_entry_is_undone(own_database: str) -> None:
    with pytest.raises(JournalRefused):
        do_and_record(ID_NUMBERS["十八位"])
    assert not KnownKey.objects.filter(use="deed").exists()


def test_a_deed_whose_chain_has_no_head_is_undone(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "shard_of", lambda organisation: shards)
    with pytest.raises(Head.DoesNotExist):
        do_and_record()
    assert not KnownKey.objects.filter(use="deed").exists()


def test_a_deed_whose_entry_the_database_refuses_is_undone(own_database: str) -> None:
    with transaction.atomic():  # somebody has put a row where the next entry belongs
        strange = Entry(shard=shard_of(CLERK.organisation), seq=1, at=timezone.now(), offset_minutes=0, key_number=1)
        strange.result, strange.detail = "done", "{}"
        strange.save()
    with pytest.raises(IntegrityError):
        do_and_record()
    assert not KnownKey.objects.filter(use="deed").exists()


def test_a_deed_with_its_entry_stays(own_database: str) -> None:
    do_and_record()
    assert KnownKey.objects.filter(use="deed").exists()
    assert Entry.objects.count() == 1


def test_a_deed_is_undone_even_where_the_fault_is_caught(own_database: str) -> None:
    with transaction.atomic():
        mark_done("caught")
        with pytest.raises(JournalRefused):
            record(actor=CLERK, action=DEED, purpose=ID_NUMBERS["十八位"])
    assert not KnownKey.objects.filter(use="caught").exists()


def test_an_undone_deed_leaves_no_gap(own_database: str) -> None:
    write()
    with transaction.atomic():
        record(actor=CLERK, action=DEED)
        transaction.set_rollback(True)
    write()
    assert list(Entry.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


NASTY = "张三\r\n2026-01-01 伪造的一行\x1b[31m\x00\u2028\u202e\ud800"


def test_no_text_can_break_a_line_of_the_log(own_database: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="anju.journal")
    with transaction.atomic():
        actor = Actor(officer=NASTY, name=NASTY, organisation=NASTY)
        record(actor=actor, action=DEED, object_id=NASTY, purpose=NASTY, detail={NASTY: NASTY})
        assert not caplog.messages, "what is not committed did not happen"
    (message,) = caplog.messages
    assert message.isascii()
    assert message.isprintable()
    assert json.loads(message)["purpose"] == NASTY.replace("\0", "\ufffd").replace("\ud800", "?")
    assert message == line(Entry.objects.get())


def test_an_auditor_asks_by_officer_object_and_day(written: None) -> None:
    assert entries().count() == 40
    assert [entry.object_id for entry in entries()[:3]] == ["39", "38", "37"]
    assert entries(object_kind="person", object_id="7").count() == 1
    assert entries(officer=CLERK.officer).count() == 40
    assert not entries(officer="").exists()
    moment = entries(object_id="7").get().at
    assert entries(since=moment).count() == 33
    assert entries(until=moment).count() == 7
    assert not entries(since=moment + timedelta(days=1)).exists()
