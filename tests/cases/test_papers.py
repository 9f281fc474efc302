"""Papers of a case: what is taken, what of a picture is kept, who sees them, and that they stay."""

from __future__ import annotations

import hashlib
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from anju.cases.actions import keep_paper, open_case, take_paper, take_step, withdraw
from anju.cases.consent import Consent
from anju.cases.models import Case, Paper, Scan
from anju.cases.pictures import read_again
from anju.government.models import Officer
from anju.government.refusals import Refused
from anju.government.second_wall import everything
from anju.journal.models import Entry as JournalEntry
from anju.register.facts import today
from anju.register.models import Person
from tests.cases.cast import Offices
from tests.desk.cast import browser, stranger
from tests.race import race
from tests.register.cast import DESTINATION, YUNYANG, clerk, household, zhang

PLACE = b"30.9N 108.7E"


def part(mark: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, mark, len(data) + 2) + data


def jpeg(width: int = 4, height: int = 3, scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    """The parts of a photo: where it was taken, that it lies on its side, and something hidden behind its end."""
    exif = struct.pack("<2sHIHHHIHHI", b"II", 42, 8, 1, 0x0112, 3, 1, 6, 0, 0) + PLACE
    frame = struct.pack(">BHHBBBB", 8, height, width, 1, 1, 0x11, 0)
    return b"".join(
        (
            b"\xff\xd8",
            part(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
            part(0xE1, b"Exif\0\0" + exif),
            part(0xFE, b"a remark"),
            part(0xDB, bytes(65)),
            part(0xC0, frame),
            part(0xDA, b"\1\1\0\0\x3f\0"),
            scan,
            b"\xff\xd9",
            b"<script>behind</script>",
        )
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int = 2, height: int = 2) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    lines = zlib.compress(b"".join(b"\0" + b"\x80" * 2 for _ in range(2)))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"tEXt", PLACE),
            chunk(b"IDAT", lines),
            chunk(b"IEND", b""),
            PLACE,
        )
    )


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


def test_of_a_photo_the_picture_is_kept_and_which_way_up() -> None:
    media, kept = read_again(jpeg())
    assert (media, kept[:2], kept[-2:]) == ("image/jpeg", b"\xff\xd8", b"\xff\xd9")
    assert not any(word in kept for word in (PLACE, b"a remark", b"script"))
    assert struct.pack(">HHIH", 0x0112, 3, 1, 6) in kept
    assert read_again(kept) == (media, kept), "what was read once stays as it is"


def test_of_a_picture_nothing_else_is_kept() -> None:
    media, kept = read_again(png())
    assert (media, PLACE in kept) == ("image/png", False)
    assert read_again(kept) == (media, kept)


REFUSED: dict[str, tuple[bytes, str]] = {
    "SVG": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "只收照片"),
    "网页": (b"<!DOCTYPE html><html>", "只收照片"),
    "压缩包": (b"PK\x03\x04", "只收照片"),
    "GIF": (b"GIF89a", "只收照片"),
    "没传完的照片": (jpeg()[:-40], "打不开"),
    "没传完的图": (png()[:50], "打不开"),
    "坏了一个字节的图": (png().replace(b"\x49\x44\x41\x54\x78", b"\x49\x44\x41\x54\x79"), "打不开"),
    "只有头的照片": (b"\xff\xd8\xff\xd9", "打不开"),
    "大得不正常的照片": (jpeg(60000, 60000), "大得不正常"),
    "大得不正常的图": (png(100000, 100000), "大得不正常"),
    "没传完的 PDF": (b"%PDF-1.7\n1 0 obj", "没有传完"),
    "会自己运行的 PDF": (b"%PDF-1.7\n<</S/JavaScript>>\n%%EOF", "会自己运行"),
    "换了写法的 PDF": (b"%PDF-1.7\n<</S/Java#53cript>>\n%%EOF", "会自己运行"),
}


@pytest.mark.parametrize(("content", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_picture_and_no_quiet_pdf_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read_again(content)


@pytest.fixture
def case(village: Officer, person: Person, offices: Offices) -> Case:
    return opened(village, person)


def opened(by: Officer, person: Person) -> Case:
    return open_case(
        by=by, procedure="transfer_pension", subject=str(person.pk), applied_on=today(), how="村里代为提出"
    )


def laid(by: Officer, case: Case, kind: str = "consent", content: bytes = PDF, about: str = "授权书") -> Paper:
    return keep_paper(by=by, case=case.pk, kind=kind, about=about, content=content)


PAPER: dict[str, Any] = {"户口迁移证明或新户口簿": True}


@pytest.mark.django_db
def test_who_acts_for_a_resident_shows_what_was_signed(village: Officer, case: Case, offices: Offices) -> None:
    sent: dict[str, Any] = {
        "by": village,
        "case": case.pk,
        "seen": 1,
        "action": "提交",
        "fields": PAPER,
        "absent": True,
    }
    with pytest.raises(Refused, match="代办要有本人签字"):
        take_step(**sent)
    laid(village, case, "evidence", png())
    with pytest.raises(Refused, match="代办要有本人签字"):
        take_step(**sent)
    laid(village, case)
    case = take_step(**sent)
    assert case.step == 2
    with pytest.raises(Refused, match="不是本人办的"):
        take_step(
            **{**sent, "by": offices.at("human_resources", "township", "500235104000"), "seen": 2, "action": "受理"}
        )


@pytest.mark.django_db
def test_a_stamped_reply_is_what_an_absent_office_says(person: Person) -> None:
    few = Offices()
    county = few.at("human_resources", "county", YUNYANG)
    case = opened(county, person)
    case = take_step(by=few.at("committee", "village", DESTINATION), case=case.pk, seen=1, action="提交", fields=PAPER)
    with pytest.raises(Refused, match="凭它的哪一份回函"):
        take_step(by=county, case=case.pk, seen=2, action="受理")
    laid(county, case, "reply", jpeg(), "乡镇回函")
    assert take_step(by=county, case=case.pk, seen=2, action="受理").step == 3


@pytest.mark.django_db
def test_what_is_kept_lies_sealed_and_is_given_back_whole(village: Officer, case: Case) -> None:
    paper = laid(village, case, content=jpeg())
    kept, content = take_paper(by=village, case=case.pk, paper=paper.pk)
    assert (kept.scan.media, hashlib.sha256(content).hexdigest()) == ("image/jpeg", paper.scan.digest)
    with connection.cursor() as cursor, everything():
        cursor.execute("SELECT s.content, p.about FROM cases_paper AS p JOIN cases_scan AS s ON s.id = p.scan_id")
        sealed, about = map(bytes, cursor.fetchone())
    assert content[:40] not in sealed
    assert "授权书".encode() not in about
    deeds = JournalEntry.objects.filter(object_id=str(case.pk)).order_by("at").values_list("action", flat=True)
    assert list(deeds) == ["cases.open", "cases.keep_paper", "cases.take_paper"]


KEEPING: dict[str, tuple[dict[str, Any], str]] = {
    "没有这一种": ({"kind": "letter"}, "没有这种材料"),
    "不说是什么": ({"about": " "}, "写明是什么材料"),
    "写了证件号码": ({"about": "500999198005060013"}, "不能写证件号码"),
    "空的": ({"content": b""}, "不能是空的"),
    "太大": ({"content": b"%PDF-" + b"0" * 1000}, "最大 0 MB"),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "sentence"), KEEPING.values(), ids=KEEPING)
def test_a_paper_is_not_kept(given: dict[str, Any], sentence: str, village: Officer, case: Case) -> None:
    with override_settings(ANJU_LARGEST_PAPER=1000), pytest.raises(Refused, match=sentence):
        keep_paper(**{"by": village, "case": case.pk, "kind": "consent", "about": "授权书", "content": PDF, **given})
    with everything():
        assert not Paper.objects.unscoped().exists()


@pytest.mark.django_db
def test_only_who_does_the_work_lays_and_looks(village: Officer, case: Case) -> None:
    paper = laid(village, case)
    health = clerk("health", YUNYANG, "county", "medical_security")
    far = clerk("far", "500236000000", "county", "human_resources")
    for other, sentence in ((health, "不归您的条线办"), (far, "没有这一条")):
        with pytest.raises(Refused, match=sentence):
            laid(other, case, content=png())
        with pytest.raises(Refused, match="没有这一条"):
            take_paper(by=other, case=case.pk, paper=paper.pk)
    withdraw(by=village, case=case.pk, seen=1, how="本人电话")
    with pytest.raises(Refused, match="已经撤回"):
        laid(village, case, content=png())
    assert take_paper(by=village, case=case.pk, paper=paper.pk)[1] == PDF


def test_what_several_cases_share_is_kept_once_and_goes_with_the_last(own_database: str) -> None:
    """Each case keeps who handed it in as what; what one of them forgets, the other still shows."""
    village, offices = clerk("village"), Offices()
    county = offices.at("human_resources", "county", YUNYANG)
    home = household(village)
    people = [zhang(village, home, name=f"张{n}", order=20 + n, relation="之子") for n in (1, 2)]
    first, second = (opened(by, person) for by, person in zip((village, county), people, strict=True))
    papers = [laid(village, first, about="全家授权书"), laid(county, second, "evidence", about="名单")]
    with everything():
        assert Scan.objects.count() == 1
    assert [(one.kind, one.about.reveal(), one.by_id) for one in papers] == [
        ("consent", "全家授权书", village.pk),
        ("evidence", "名单", county.pk),
    ]
    withdraw(by=village, case=first.pk, seen=1, how="本人电话")
    withdraw(by=county, case=second.pk, seen=1, how="本人电话")
    delete = "DELETE FROM cases_paper WHERE case_id = %s"
    for case, left in ((first, 1), (second, 0)):
        assert take_paper(by=county, case=second.pk, paper=papers[1].pk)[1] == PDF
        with everything(), connection.cursor() as cursor:
            cursor.execute(delete, [case.pk.hex if connection.vendor == "sqlite" else case.pk])
            assert (cursor.rowcount, Scan.objects.count()) == (1, left)


def test_sixteen_who_lay_one_paper_into_sixteen_cases_keep_it_once(own_database: str) -> None:
    village = clerk("village")
    home = household(village)
    people = [zhang(village, home, name=f"张{number}", order=20 + number, relation="之子") for number in range(16)]
    cases = [opened(village, person) for person in people]
    run = race(16, lambda number: laid(village, cases[number]).pk)
    assert run.won == 16, run.raised
    with everything():
        assert (Scan.objects.count(), Paper.objects.unscoped().count()) == (1, 16)


def file(content: bytes, name: str = "授权.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.django_db
def test_the_page_takes_a_file_and_gives_it_back_as_a_download(village: Officer, case: Case) -> None:
    inside, there = browser(village), f"/cases/{case.pk}/"
    answer = inside.post(f"{there}papers/", {"kind": "consent", "about": "", "file": file(PDF)})
    assert answer.status_code == 302, answer.content.decode()
    page = inside.get(there).content.decode()
    assert "授权.pdf" in page
    with everything():
        paper = Paper.objects.unscoped().get()
    answer = inside.get(f"{there}papers/{paper.pk}/")
    assert (answer.content, answer.headers["Content-Type"]) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert stranger().get(f"{there}papers/{paper.pk}/").status_code == 404
    health = browser(clerk("health", YUNYANG, "county", "medical_security"))
    assert "授权.pdf" not in health.get(there).content.decode()


@pytest.mark.django_db
def test_what_the_page_refuses_keeps_what_was_typed(village: Officer, case: Case) -> None:
    inside, there = browser(village), f"/cases/{case.pk}/papers/"
    for sent, sentence in (
        ({"file": file(b"<html>", "授权.jpg")}, "只收照片"),
        ({}, "还没有选文件"),
        ({"file": file(b"")}, "这个文件是空的"),
        ({"file": file(b"%PDF-" + b"0" * (5 << 20))}, "最大 5 MB"),
    ):
        answer = inside.post(there, {"kind": "reply", "about": "县里的回函", **sent})
        page = answer.content.decode()
        assert (answer.status_code, sentence in page, 'value="县里的回函"' in page) == (422, True, True), sentence
    assert inside.post(there, {"kind": "reply", "file": file(PDF)}).status_code == 302
    page = inside.post(there, {"kind": "reply", "file": file(PDF)}).content.decode()
    assert "这一份已经在这一件里了" in page


def test_of_sixteen_who_lay_the_same_paper_one_does(own_database: str) -> None:
    village = clerk("village")
    case = opened(village, zhang(village, household(village)))
    run = race(16, lambda _: laid(village, case).pk)
    assert (run.won, run.only_raised(Refused)) == (1, True)


ATTACKS = {
    "改写材料": "UPDATE cases_paper SET kind = 'reply'",
    "换掉摘要": "UPDATE cases_scan SET digest = 'x'",
    "换成另一份": "UPDATE cases_paper SET scan_id = id",
    "同一份存两遍": "INSERT INTO cases_scan (id, media, size, digest, content) "
    "SELECT '01900000000070008000000000000009', media, size, digest, content FROM cases_scan",
    "删掉在办的件的材料": "DELETE FROM cases_paper",
    "放到没有的那一笔": 'INSERT INTO cases_paper (id, "after", step, kind, about, office, at, by_id, case_id, scan_id) '
    "SELECT '01900000000070008000000000000009', 9, step, kind, about, office, at, by_id, case_id, scan_id FROM cases_paper",
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ATTACKS.values(), ids=ATTACKS)
def test_the_database_refuses(statement: str, village: Officer, case: Case) -> None:
    laid(village, case)
    if connection.vendor == "postgresql":
        statement = statement.replace("SELECT '01900000000070008000000000000009'", "SELECT gen_random_uuid()")
    with everything(), connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(statement)


def test_who_opens_with_a_sheet_and_who_lays_the_same_one_do_not_wait_for_each_other(own_database: str) -> None:
    """Both keep what it shows before they hold the journal's chain."""
    village = clerk("village")
    home = household(village)
    people = [zhang(village, home, name=f"张{number}", order=20 + number, relation="之子") for number in range(8)]
    cases = [opened(village, person) for person in people[:4]]
    sheet = Consent("代办签字名单", PDF)

    def lay(number: int) -> object:
        if number < 4:
            return laid(village, cases[number]).pk
        subject = str(people[number].pk)
        given: dict[str, Any] = {"procedure": "transfer_pension", "applied_on": today(), "how": "电话", "absent": True}
        return open_case(by=village, subject=subject, consent=sheet, **given).pk

    run = race(8, lay)
    assert run.won == 8, run.raised
    with everything():
        assert (Scan.objects.count(), Paper.objects.unscoped().count()) == (1, 8)
