"""Votes by name at a meeting on several people: each applicant's own votes, by the page or by a sheet; exactly two thirds of the roster."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.cases.actions import count_votes, note_meeting, note_votes
from anju.cases.models import Case, Vote, Voter
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.register.models import Household, Person
from anju.register.verification import verify
from tests.cases.cast import Offices, proven, step_on
from tests.cases.many import now
from tests.cases.meeting import MET, OVER, as_noted
from tests.cases.test_one_meeting import NAMES, applied, called, posted
from tests.desk.cast import browser, stranger
from tests.government.pages.officer import Browser
from tests.race import race
from tests.register.cast import DESTINATION, clerk, household

TWO_THIRDS = 20


def met(collective: Officer, village: Officer, home: Household, offices: Offices, n: int = 30) -> list[Case]:
    """Three applications that a meeting with a roster of so many waits to be counted on."""
    cases = applied(collective, village, home, offices)
    for case, notice in zip(cases, posted(collective, cases), strict=True):
        proven(case, notice)
    there = [step_on(case, offices, "期满没有异议", on=OVER) for case in cases]
    called(collective, there, n)
    return [step_on(case, offices, "通知并定下表决名单", on=OVER) for case in there]


@pytest.fixture
def collective(offices: Offices) -> Officer:
    return offices.at("collective", "village", DESTINATION)


@pytest.fixture
def inside(collective: Officer) -> Browser:
    return browser(collective)


@pytest.fixture
def cases(collective: Officer, village: Officer, home: Household, offices: Offices) -> list[Case]:
    return met(collective, village, home, offices)


def votes_of(cases: Sequence[Case]) -> list[Vote]:
    with everything():
        found = {vote.case_id: vote for vote in Vote.objects.unscoped()}
    return [found[case.pk] for case in cases]


def agreed(n: int, of: int = 30, *, against: int = 0) -> dict[int, str]:
    """So many agree, so many are against, the others do not come."""
    words = ["agree"] * n + ["against"] * against
    return dict(enumerate([*words, *[""] * (of - len(words))], start=1))


def as_seen(cases: Sequence[Case]) -> dict[str, Any]:
    """Cases and what is noted of each by name, as somebody sees them now."""
    found = now(cases)
    named = zip(cases, votes_of(cases), strict=True)
    return {
        "seen": {case.pk: found[case.pk].entries for case in cases},
        "figures": {case.pk: as_noted(vote) for case, vote in named},
    }


def figures(vote: Vote) -> tuple[int | None, ...]:
    return (vote.eligible, vote.present, vote.agreed, vote.against, vote.abstained)


def test_each_has_votes_of_his_own_and_two_thirds_of_all_carry_it(cases: list[Case], collective: Officer) -> None:
    told = {cases[0].pk: agreed(TWO_THIRDS), cases[1].pk: agreed(TWO_THIRDS - 1, against=11), cases[2].pk: agreed(30)}
    note_meeting(by=collective, choices=told)
    note_votes(by=collective, case=cases[2].pk, vote=votes_of(cases)[2].pk, choices={30: "abstain", 29: ""})
    count_votes(by=collective, **as_seen(cases))
    assert [figures(vote) for vote in votes_of(cases)] == [(30, 20, 20, 0, 0), (30, 30, 19, 11, 0), (30, 29, 28, 0, 1)]
    with everything():
        assert not any(verify().values())
        assert Voter.objects.unscoped().count() == 90
    offices = Offices()
    offices.known[("collective", "village", DESTINATION)] = collective
    assert step_on(cases[0], offices, "三分之二以上同意", on=MET).step == 8
    with pytest.raises(Refused, match="不予确认"):
        step_on(cases[1], offices, "三分之二以上同意", on=MET)
    assert step_on(cases[1], offices, "不到三分之二", on=MET).step == 10


def test_the_roster_of_each_is_that_of_the_meeting(cases: list[Case], collective: Officer) -> None:
    first, other, third = votes_of(cases)
    with everything():
        assert Voter.objects.unscoped().count() == 30, "nobody is copied before somebody votes"
    note_votes(by=collective, case=cases[1].pk, vote=other.pk, choices={1: "agree"})
    with everything():
        copied = list(Voter.objects.unscoped().filter(vote=other).order_by("number"))
        own = list(Voter.objects.unscoped().filter(vote=first).order_by("number"))
        assert [(v.number, v.name.reveal()) for v in copied] == [(v.number, v.name.reveal()) for v in own]
        assert [v.number for v in copied if v.voted_at] == [1]
        assert not any(v.voted_at for v in own)
        for number, person in ((1, uuid4()), (31, None)):
            row = Voter(vote=third, number=number, person=person)
            row.name = "不在名单上的"
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save(force_insert=True)
    with pytest.raises(Refused, match="名单上没有这一位"):
        note_votes(by=collective, case=cases[2].pk, vote=third.pk, choices={31: "agree"})


def test_all_of_them_or_none(cases: list[Case], collective: Officer, offices: Offices) -> None:
    good = {case.pk: agreed(3) for case in cases}
    for bad, why in (
        ({31: "agree"}, "王秋月：名单上没有这一位"),
        ({1: "maybe"}, "王秋月：名单上没有这一位，或者没有这样的表决"),
    ):
        with pytest.raises(Refused, match=why):
            note_meeting(by=collective, choices={**good, cases[2].pk: bad})
    with pytest.raises(Refused, match=r"轮不到您|没有这一条"):
        note_meeting(by=offices.at("culture", "village", DESTINATION), choices=good)
    with everything():
        assert not Voter.objects.unscoped().filter(voted_at__isnull=False).exists()
    with pytest.raises(Refused, match="张青山：还没有人表决"):
        count_votes(by=collective, **as_seen(cases))
    note_meeting(by=collective, choices={cases[0].pk: agreed(3)})
    with pytest.raises(Refused, match="李碧水：还没有人表决"):
        count_votes(by=collective, **as_seen(cases))
    assert [vote.counted_at for vote in votes_of(cases)] == [None] * 3
    count_votes(by=collective, **as_seen(cases[:1]))
    with pytest.raises(Refused, match="张青山：这一次表决已经计过票"):
        note_meeting(by=collective, choices=good)
    counted = Voter.objects.unscoped().filter(vote=votes_of(cases)[0], number=9)
    with everything(), pytest.raises(IntegrityError), transaction.atomic():
        counted.update(voted_at=timezone.now())


Cells = list[list[Any]]


def columns(cases: Sequence[Case]) -> list[str]:
    """What stands over the columns of applicants of those names."""
    return [f"{name}（{case.pk.hex[-8:]}）" for name, case in zip(NAMES, cases, strict=True)]


def sheet_of(inside: Browser, case: Case) -> Cells:
    answer: Any = inside.get(f"/cases/{case.pk}/vote/meeting/sheet/")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return [[cell.value for cell in row] for row in book["表决"].iter_rows()]


def sent(cells: Cells, name: str = "表决.xlsx") -> dict[str, SimpleUploadedFile]:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in cells:
        sheet.append(row)
    book.save(stream)
    return {"ballots": SimpleUploadedFile(name, stream.getvalue())}


def test_a_sheet_goes_out_and_comes_back(cases: list[Case], collective: Officer, inside: Browser) -> None:
    there = f"/cases/{cases[0].pk}/vote/meeting/"
    page = inside.get(there).content.decode()
    assert all(column in page for column in columns(cases))
    assert "照记名的票" not in page
    cells = sheet_of(inside, cases[0])
    assert cells[0] == ["序号", "姓名", *columns(cases)]
    assert (len(cells), cells[1][:2]) == (31, ["1", "成员0"])
    for number, row in enumerate(cells[1:], start=1):
        row[2:] = ["同意" if number <= TWO_THIRDS else "反对", "同意" if number < TWO_THIRDS else None, None]
    assert inside.post(there, sent(cells)).headers["Location"] == f"{there}?saved=noted"
    page = inside.get(f"{there}?saved=noted").content.decode()
    assert ("给这 2 位计票" in page, "看过没有错，再计票" in page) == (True, True)
    again = sheet_of(inside, cases[1])
    assert [cell or "" for cell in again[1][2:]] == ["同意", "同意", ""]
    assert "成员0" in inside.get(f"/cases/{cases[1].pk}/vote/names/").content.decode()
    shown = {"count": "1", "seen": re.findall('name="seen" value="([^"]+)"', page)}
    assert [text.split(".")[0] for text in shown["seen"]] == [str(case.pk) for case in cases[:2]]
    note_votes(by=collective, case=cases[1].pk, vote=votes_of(cases)[1].pk, choices={1: "against"})
    answer = inside.post(there, shown)
    assert (answer.status_code, "李碧水：各人的票刚刚又有人记过" in answer.content.decode()) == (422, True)
    note_votes(by=collective, case=cases[1].pk, vote=votes_of(cases)[1].pk, choices={1: "agree"})
    assert inside.post(there, shown).status_code == 422, "as it was once more, but noted anew"
    page = inside.get(there).content.decode()
    shown["seen"] = re.findall('name="seen" value="([^"]+)"', page)
    assert inside.post(there, {"count": "1", "seen": "x.y"}).status_code == 422
    assert inside.post(there, shown).headers["Location"] == f"{there}?saved=counted"
    assert [figures(vote) for vote in votes_of(cases)] == [
        (30, 30, 20, 10, 0),
        (30, 19, 19, 0, 0),
        (30, None, None, None, None),
    ]
    page = inside.get(there).content.decode()
    assert "实到 30，同意 20，反对 10，弃权 0" in page
    assert sheet_of(inside, cases[0])[0] == ["序号", "姓名", columns(cases)[2]], "those that are counted are over"
    deeds = Noted.objects.filter(action__in=["cases.send_ballots", "cases.note_votes", "cases.count_vote"])
    assert sorted(deeds.values_list("action", flat=True)) == [
        *["cases.count_vote"] * 2,
        *["cases.note_votes"] * 4,
        *["cases.send_ballots"] * 3,
    ]


def change(cells: Cells, row: int, column: int, value: Any) -> Cells:
    return [[value if (r, c) == (row, column) else old for c, old in enumerate(line)] for r, line in enumerate(cells)]


WRONG: Mapping[str, tuple[Any, str]] = {
    "不是一种表决": (lambda cells: change(cells, 3, 2, "赞成"), "写的是“赞成”"),
    "换了名字": (lambda cells: change(cells, 3, 1, "别人"), "第 4 行“3 别人”和名单对不上"),
    "换了序号": (lambda cells: change(cells, 3, 0, "9"), "第 4 行“9 成员2”和名单对不上"),
    "多了一位": (lambda cells: [*cells, ["31", "成员30", "同意", None, None]], "第 32 行“31 成员30”和名单对不上"),
    "同一位有两行": (lambda cells: [*cells, cells[1]], "第 32 行“1 成员0”和名单对不上"),
    "少了一位": (lambda cells: cells[:-1], "第 30 位（成员29）不在表里"),
    "别的申请人": (lambda cells: change(cells, 0, 4, "赵远行"), "“赵远行”不是这一次会还没有计票的申请人"),
    "申请人有两列": (lambda cells: change(cells, 0, 4, cells[0][2]), f"第一行有两列“{NAMES[0]}（"),
    "一票也没有": (lambda cells: change(cells, 1, 2, None), "表里还没有一票"),
    "不是那张表": (lambda _cells: [["姓名", "同意"], ["张青山", "是"]], "这不是从这一页下载的表"),
}


@pytest.mark.parametrize(("broken", "why"), WRONG.values(), ids=WRONG)
def test_a_sheet_that_does_not_fit_notes_nothing(broken: Any, why: str, cases: list[Case], inside: Browser) -> None:
    there = f"/cases/{cases[0].pk}/vote/meeting/"
    cells = change(sheet_of(inside, cases[0]), 1, 2, "同意")
    answer = inside.post(there, sent(broken(cells)))
    assert (answer.status_code, why in answer.content.decode()) == (422, True)
    with everything():
        assert not Voter.objects.unscoped().filter(voted_at__isnull=False).exists()


def test_what_is_no_workbook_and_nothing_at_all(cases: list[Case], inside: Browser) -> None:
    there = f"/cases/{cases[0].pk}/vote/meeting/"
    for file, why in (({}, "还没有选填好的表"), ({"ballots": SimpleUploadedFile("a.xlsx", b"PK nothing")}, "")):
        answer = inside.post(there, file)
        assert (answer.status_code, why in answer.content.decode()) == (422, True)
    assert "还没有记下一票" in inside.post(there, {"count": "1"}).content.decode()


def test_of_the_same_name_each_has_votes_of_his_own(cases: list[Case], collective: Officer, inside: Browser) -> None:
    there = f"/cases/{cases[0].pk}/vote/meeting/"
    with everything():
        for case in cases[:2]:
            person = Person.objects.unscoped().get(pk=case.subject_id)
            person.name = "张伟"
            person.save(update_fields=["name"])
    own = [f"张伟（{case.pk.hex[-8:]}）" for case in cases[:2]]
    page, cells = inside.get(there).content.decode(), sheet_of(inside, cases[0])
    assert cells[0][2:4] == own
    assert all(column in page for column in own)
    first = [[*row[:2], "同意" if at else row[2]] for at, row in enumerate(cells)]
    note_meeting(by=collective, choices={cases[0].pk: agreed(TWO_THIRDS)})
    count_votes(by=collective, **as_seen(cases[:1]))
    for head in (own[0], "张伟"):
        answer = inside.post(there, sent(change(first, 0, 2, head)))
        assert (answer.status_code, f"“{head}”不是这一次会还没有计票" in answer.content.decode()) == (422, True)
    with everything():
        assert not Voter.objects.unscoped().filter(vote=votes_of(cases)[1], voted_at__isnull=False).exists()
    assert inside.post(there, sent(change(first, 0, 2, own[1]))).status_code == 302
    with everything():
        assert Voter.objects.unscoped().filter(vote=votes_of(cases)[1], voted_at__isnull=False).count() == 30


def test_a_meeting_that_is_too_large_goes_by_figures(
    cases: list[Case], inside: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anju.cases.pages.meetings.most_cells", 89)
    there = f"/cases/{cases[0].pk}/vote/meeting/"
    assert "人多，不在一张表里记名" in inside.get(there).content.decode()
    assert inside.get(f"{there}sheet/").status_code == 404
    assert "不能记名" in inside.post(there, sent([["序号", "姓名"]])).content.decode()


def test_nobody_else_sees_who_voted_how(cases: list[Case], offices: Offices) -> None:
    there = f"/cases/{cases[0].pk}/vote/meeting/"
    for other in (stranger(), browser(offices.at("culture", "village", DESTINATION))):
        for address in (there, f"{there}sheet/"):
            assert other.get(address).status_code == 404
        assert other.post(there, {"count": "1"}).status_code == 404


def test_eight_at_once_count_it_once(own_database: str) -> None:
    offices = Offices().open_all()
    collective, village = offices.at("collective", "village", DESTINATION), clerk("village")
    cases = met(collective, village, household(village), offices, n=3)
    note_meeting(by=collective, choices={case.pk: agreed(2, 3) for case in cases})

    seen, turned = as_seen(cases), as_seen(cases[::-1])

    def run(number: int) -> object:
        return count_votes(by=collective, **(seen if number % 2 else turned))

    found = race(8, run)
    assert (found.won, found.only_raised(Refused)) == (1, True), found.raised
    assert [figures(vote) for vote in votes_of(cases)] == [(3, 2, 2, 0, 0)] * 3
    assert {case.step for case in now(cases).values()} == {7}


def test_what_is_noted_meanwhile_is_not_counted_unseen(own_database: str) -> None:
    offices = Offices().open_all()
    collective, village = offices.at("collective", "village", DESTINATION), clerk("village")
    cases = met(collective, village, household(village), offices, n=3)
    note_meeting(by=collective, choices={case.pk: agreed(2, 3) for case in cases})
    seen, second = as_seen(cases), votes_of(cases)[1]

    def run(number: int) -> object:
        if number % 2:
            return count_votes(by=collective, **seen)
        return note_votes(by=collective, case=cases[1].pk, vote=second.pk, choices={2: "against", 3: "against"})

    found = race(8, run)
    assert found.only_raised(Refused), found.raised
    counted = [figures(vote)[1:] for vote in votes_of(cases)]
    assert counted in ([(2, 2, 0, 0)] * 3, [(None,) * 4] * 3), "what was seen, or nothing"
    with pytest.raises(Refused):
        count_votes(by=collective, **seen)
