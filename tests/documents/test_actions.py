"""A letter from the draft to the receipt: who may do what, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from anju.documents.actions import (
    Kind,
    countersign,
    draft,
    hand_over,
    issue,
    name_office,
    receive,
    revise,
    send_back,
    void,
)
from anju.documents.content import Content
from anju.documents.models import Addressee, Letter, Letterhead, Receipt, State
from anju.documents.offices import Office
from anju.documents.queries.lists import to_check
from anju.documents.queries.one import shown
from anju.government.lines import Level, Line
from anju.government.models import Officer
from anju.government.queries import visible_regions
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry
from tests.documents.cast import CANARY, FROM, LETTER, LIST, TO, county_clerk, drafted, issued, saying
from tests.register.cast import DESTINATION, KAIZHOU, YUNYANG, clerk


def now(letter: Letter) -> Letter:
    with everything():
        return Letter.objects.unscoped().get(pk=letter.pk)


def test_a_letter_goes_from_the_draft_to_the_receipt(by: Officer, other: Officer, there: Officer) -> None:
    letter = issued(by, other)
    year = timezone.localdate().year
    assert letter.number_text == f"开州民〔{year}〕1号"
    assert (letter.office, letter.state, letter.alone, len(letter.digest)) == ("开州区民政局", "issued", False, 64)
    receive(by=there, letter=letter.pk, on=timezone.localdate())
    with everything():
        assert Receipt.objects.unscoped().get().by_id == there.pk
        assert [a.name for a in Addressee.objects.unscoped()] == ["云阳县民政局"]
    deeds = [entry.action for entry in Entry.objects.filter(object_kind="letter").order_by("at", "pk")]
    assert deeds == [f"documents.{deed}" for deed in ("draft", "hand_over", "countersign", "issue", "receive")]


def test_numbers_go_on_by_office_and_year_and_a_void_one_stays_used(by: Officer, other: Officer) -> None:
    first, second = issued(by, other), issued(by, other)
    void(by=by, letter=first.pk, because="名单错了")
    assert [letter.number for letter in (first, second, issued(by, other))] == [1, 2, 3]
    assert now(first).number_text == first.number_text
    assert issued(by, other, kind=LIST).number is None


def test_nobody_countersigns_the_own_draft(by: Officer, other: Officer) -> None:
    letter = drafted(by)
    with pytest.raises(Refused, match="送核稿"):
        issue(by=by, letter=letter.pk, seen=1)
    hand_over(by=by, letter=letter.pk, seen=1)
    with pytest.raises(Refused, match="自己拟的稿自己不能核"):
        countersign(by=by, letter=letter.pk, seen=1)
    with pytest.raises(Refused, match="核稿"):
        issue(by=other, letter=letter.pk, seen=1)
    countersign(by=other, letter=letter.pk, seen=1)
    with pytest.raises(Refused, match="已经核过稿"):
        countersign(by=other, letter=letter.pk, seen=1)
    assert issue(by=other, letter=letter.pk, seen=1).number == 1


def test_nobody_countersigns_what_they_changed_in_the_draft_of_another(by: Officer, other: Officer) -> None:
    letter = drafted(by)
    revise(by=other, letter=letter.pk, seen=1, title="关于迁移的函", to="云阳县民政局", text="换了正文。")
    hand_over(by=other, letter=letter.pk, seen=2)
    assert not to_check(other, visible_regions(other, timezone.localdate())).exists()
    assert "countersign" not in shown(other, now(letter), timezone.localdate()).deeds
    with pytest.raises(Refused, match="自己改的自己不能核"):
        countersign(by=other, letter=letter.pk, seen=2)
    third = county_clerk("third")
    assert "countersign" in shown(third, now(letter), timezone.localdate()).deeds
    countersign(by=third, letter=letter.pk, seen=2)
    assert issue(by=other, letter=letter.pk, seen=2).alone is False


def test_once_the_drafter_has_read_and_kept_the_change_the_other_may_countersign(by: Officer, other: Officer) -> None:
    letter = drafted(by)
    for seen, who in enumerate((other, by), 1):
        revise(by=who, letter=letter.pk, seen=seen, title="关于迁移的函", to="云阳县民政局", text="换了正文。")
    hand_over(by=by, letter=letter.pk, seen=3)
    countersign(by=other, letter=letter.pk, seen=3)
    assert issue(by=by, letter=letter.pk, seen=3).number == 1


def test_who_is_alone_in_the_office_issues_alone_and_that_is_journalled(by: Officer) -> None:
    letter = drafted(by)
    assert issue(by=by, letter=letter.pk, seen=1).alone is True
    assert json.loads(Entry.objects.get(action="documents.issue").detail)["alone"] is True


def test_another_line_or_another_region_is_no_second_person(by: Officer) -> None:
    county_clerk("medical", KAIZHOU, Line.MEDICAL_SECURITY)
    county_clerk("elsewhere", YUNYANG)
    assert issue(by=by, letter=drafted(by).pk, seen=1).alone is True


def test_a_changed_draft_is_countersigned_anew(by: Officer, other: Officer) -> None:
    letter = drafted(by)
    hand_over(by=by, letter=letter.pk, seen=1)
    countersign(by=other, letter=letter.pk, seen=1)
    with pytest.raises(Refused, match="刚刚有人处理过"):
        revise(by=by, letter=letter.pk, seen=1, title="关于迁移的函", to="云阳县民政局", text="换了正文。")
    send_back(by=by, letter=letter.pk, seen=1)
    revise(by=by, letter=letter.pk, seen=1, title="关于迁移的函", to="云阳县民政局", text="换了正文。")
    hand_over(by=by, letter=letter.pk, seen=2)
    with pytest.raises(Refused, match="刚刚有人处理过"):
        countersign(by=other, letter=letter.pk, seen=1)
    with pytest.raises(Refused, match="核稿"):
        issue(by=by, letter=letter.pk, seen=2)
    assert Content.of(now(letter).content.reveal()).text == "换了正文。"


def test_what_is_sent_twice_makes_one_letter(by: Officer) -> None:
    key = uuid4()
    assert drafted(by, key=key).pk == drafted(by, key=key).pk


REFUSED: dict[str, tuple[Callable[[Officer], object], str]] = {
    "别的单位": (lambda by: draft(by=by, office=TO, kind=LETTER, content=saying()), "没有岗位"),
    "别的条线": (
        lambda by: draft(by=by, office=Office("organisation", "county", KAIZHOU), kind=LETTER, content=saying()),
        "没有岗位",
    ),
    "没有的文种": (
        lambda by: draft(by=by, office=FROM, kind=Kind("x", "布告", "布告", "1.7"), content=saying()),
        "没有“布告”这个文种",
    ),
    "没有标题": (lambda by: draft(by=by, office=FROM, kind=LETTER, content=Content(" ")), "标题"),
    "正文里的证件号码": (
        lambda by: draft(by=by, office=FROM, kind=LETTER, content=Content("函", text=f"号码{CANARY}")),
        "证件号码",
    ),
    "名单格里的证件号码": (
        lambda by: draft(by=by, office=FROM, kind=LETTER, content=Content("函", columns=["号"], rows=[[CANARY]])),
        "证件号码",
    ),
    "缺格的名单": (
        lambda by: draft(by=by, office=FROM, kind=LETTER, content=Content("函", columns=["甲", "乙"], rows=[["一"]])),
        "格数",
    ),
    "答复没有的文书": (
        lambda by: draft(by=by, office=FROM, kind=LETTER, content=saying(), answers=uuid4()),
        "没有这份文书",
    ),
    "没有理由的作废": (lambda by: void(by=by, letter=drafted(by).pk, because=" "), "为什么"),
    "没有的文书": (lambda by: issue(by=by, letter=UUID(int=7), seen=1), "没有这份文书"),
    "收自己没签发的": (lambda by: receive(by=by, letter=drafted(by).pk, on=timezone.localdate()), "没有签发"),
    "乱写的代字": (lambda by: name_office(by=by, office=FROM, name="开州区民政局", sign="开州民〔2026〕"), "代字"),
}


@pytest.mark.parametrize(("press", "why"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused(press: Callable[[Officer], object], why: str, by: Officer) -> None:
    with pytest.raises(Refused, match=why):
        press(by)


@pytest.mark.parametrize(("days", "kept"), [(-1, False), (0, True), (1, False)], ids=["签发前", "当天", "明天"])
def test_it_is_received_between_the_issue_and_today(
    days: int, kept: bool, by: Officer, other: Officer, there: Officer
) -> None:
    letter = issued(by, other)
    on: date = timezone.localdate() + timedelta(days)
    if kept:
        receive(by=there, letter=letter.pk, on=on)
        with pytest.raises(Refused):
            receive(by=there, letter=letter.pk, on=on)
    else:
        with pytest.raises(Refused, match="收到日"):
            receive(by=there, letter=letter.pk, on=on)


def test_who_is_no_addressee_receives_nothing(by: Officer, other: Officer, there: Officer) -> None:
    letter = issued(by, other)
    with pytest.raises(Refused, match="不是发给您单位的"):
        receive(by=other, letter=letter.pk, on=timezone.localdate())
    medical = county_clerk("medical", YUNYANG, Line.MEDICAL_SECURITY)
    with pytest.raises(Refused, match="不是发给您单位的"):
        receive(by=medical, letter=letter.pk, on=timezone.localdate())


def test_an_answer_is_the_receipt(by: Officer, other: Officer, there: Officer) -> None:
    letter = issued(by, other)
    receipt = Kind("assistance_receipt", "救助关系接收回执", "回执", "1.7")
    answer = draft(by=there, office=TO, kind=receipt, content=saying(), to=[FROM], answers=letter.pk)
    with everything():
        assert not Receipt.objects.unscoped().exists()
    issue(by=there, letter=answer.pk, seen=1)
    with everything():
        noted = Receipt.objects.unscoped().get()
    assert (noted.letter_id, noted.answer_id) == (letter.pk, answer.pk)


def test_an_office_names_itself_and_what_is_issued_keeps_its_name(by: Officer, other: Officer) -> None:
    before = issued(by, other)
    name_office(by=by, office=FROM, name="重庆市开州区民政局", sign="开州民发")
    after = issued(by, other)
    assert [letter.office for letter in (before, after)] == ["开州区民政局", "重庆市开州区民政局"]
    assert (before.sign, after.sign, after.number) == ("开州民", "开州民发", 2)


OF_OTHERS = {
    "区县的名称": ("云阳县民政局", "六合办", "别的单位的名称"),
    "区县的名称，写全": ("重庆市云阳县民政局", "六合办", "别的单位的名称"),
    "别的乡镇的名称": ("云阳县故陵镇人民政府", "六合办", "别的单位的名称"),
    "区县的代字": ("六合村委会", "云阳民", "别的单位的机关代字"),
    "别的乡镇的代字": ("六合村委会", "故陵府", "别的单位的机关代字"),
    "别的区县的代字": ("六合村委会", "开州民", "别的单位的机关代字"),
}


@pytest.mark.parametrize(("name", "sign", "why"), OF_OTHERS.values(), ids=OF_OTHERS)
def test_an_office_is_not_named_like_that_of_another_place(name: str, sign: str, why: str, db: None) -> None:
    village = clerk("village")
    with pytest.raises(Refused, match=why):
        name_office(by=village, office=Office("committee", "village", DESTINATION), name=name, sign=sign)


def test_what_another_office_has_chosen_is_taken(by: Officer) -> None:
    name_office(by=by, office=FROM, name="开州区民政事务局", sign="开州民发")
    party = county_clerk("party", KAIZHOU, Line.ORGANISATION)
    at = Office("organisation", "county", KAIZHOU)
    with pytest.raises(Refused, match="代字已经有单位在用"):
        name_office(by=party, office=at, name="开州区委组织部", sign="开州民发")
    there = county_clerk("there", YUNYANG)
    with pytest.raises(Refused, match="已经有别的地方的单位在用"):
        name_office(by=there, office=TO, name="开州区民政事务局", sign="云阳民发")
    name_office(by=party, office=at, name="开州区民政事务局", sign="开州组发")
    name_office(by=by, office=FROM, name="开州区民政局", sign="开州民")


def test_two_offices_whose_signs_are_made_up_alike_do_not_give_one_number_twice(by: Officer, other: Officer) -> None:
    issued(by, other)
    who = clerk("namesake", YUNYANG, "county", "culture")
    Letterhead.objects.create(line="culture", level="county", region=YUNYANG, name="某局", sign="开州民")
    letter = draft(by=who, office=Office("culture", "county", YUNYANG), kind=LETTER, content=saying())
    with pytest.raises(Refused, match="定一个您单位自己的机关代字"):
        issue(by=who, letter=letter.pk, seen=1)
    name_office(by=who, office=Office("culture", "county", YUNYANG), name="某局", sign="云阳文")
    assert issue(by=who, letter=letter.pk, seen=1).number == 1


NAMES = {
    "区县民政": (Office("civil_affairs", "county", YUNYANG), "云阳县民政局", "云阳民"),
    "组织部": (Office("organisation", "county", YUNYANG), "中共云阳县委员会组织部", "云阳组"),
    "乡镇": (Office("civil_affairs", "township", "500235107000"), "云阳县故陵镇人民政府", "故陵民"),
    "乡镇党委": (Office("organisation", "township", "500235107000"), "中共云阳县故陵镇委员会", "故陵组"),
    "派出所": (Office("public_security", "township", "500235107000"), "云阳县故陵镇派出所", "故陵公"),
}


@pytest.mark.parametrize(("office", "name", "sign"), NAMES.values(), ids=NAMES)
def test_an_office_has_a_name_without_choosing_one(office: Office, name: str, sign: str, db: None) -> None:
    who = clerk("somebody", office.region, office.level, office.line)
    letter = draft(by=who, office=office, kind=LETTER, content=saying())
    assert letter.office == name
    assert issue(by=who, letter=letter.pk, seen=1).sign == sign


SEES = {
    "发文单位": (("500154000000", "county", "civil_affairs"), True, True),
    "发文区县的别的条线": (("500154000000", "county", "medical_security"), True, True),
    "收文单位": (("500235000000", "county", "civil_affairs"), False, True),
    "收文区县的乡镇": (("500235104000", "township", "civil_affairs"), False, False),
    "第三个区县": (("500236000000", "county", "civil_affairs"), False, False),
    "全市": (("500000000000", "city", "civil_affairs"), True, True),
}


@pytest.mark.parametrize(("post", "drafts", "issues"), SEES.values(), ids=SEES)
def test_who_sees_a_draft_and_an_issued_letter(
    post: tuple[str, str, str], drafts: bool, issues: bool, by: Officer, other: Officer
) -> None:
    who = clerk("looker", *post)
    letter = drafted(by)
    seen = Letter.objects.visible_to(who, purpose="看").filter(pk=letter.pk)
    assert seen.exists() is drafts
    letter = issued(by, other)
    assert Letter.objects.visible_to(who, purpose="看").filter(pk=letter.pk).exists() is issues
    void(by=by, letter=letter.pk, because="错了")
    assert Letter.objects.visible_to(who, purpose="看").filter(pk=letter.pk, state=State.VOID).exists() is issues


def test_what_is_for_some_lines_is_hidden_from_the_others(by: Officer) -> None:
    party = county_clerk("party", KAIZHOU, Line.ORGANISATION)
    kind = Kind("party_letter", "组织关系介绍信", "介绍信", "1.2", frozenset({"organisation", "committee"}))
    letter = draft(by=party, office=Office("organisation", Level.COUNTY, KAIZHOU), kind=kind, content=saying())
    assert Letter.objects.visible_to(party, purpose="看").filter(pk=letter.pk).exists()
    assert not Letter.objects.visible_to(by, purpose="看").filter(pk=letter.pk).exists()
