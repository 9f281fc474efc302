"""After an import was handed in, refused, decided, merged and undone, no ID number or telephone of its file lies open anywhere.

Anywhere: the database's files or its dump, what was logged, the runtime folder with uploads and temporary files, pages, addresses,
the journal, what a worker said.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import override_settings

from anju.exchange.models import Batch, State
from anju.government.second_wall import looking_everywhere
from anju.jobs.models import Job
from anju.journal.models import Entry
from tests.exchange.cast import ELSEWHERE, TOWN, again, clerk, frame, workbook, zhang
from tests.government.pages.officer import Browser, signed_in
from tests.race import anju
from tests.register.cast import number
from tests.sealing.test_fields import everything_stored

BORN = date(1967, 8, 9)
PEOPLE = range(1, 41)
NUMBERS = [number(order, BORN) for order in PEOPLE]
PHONES = [f"139{order:04d}7531" for order in PEOPLE]
WRONG = [f"{known[:-1]}{'1' if known[-1] == '0' else '0'}" for known in NUMBERS[:3]]
"""With a check digit that is not theirs."""
SECRETS = [*NUMBERS, *PHONES, *WRONG]


def forms(secret: str) -> Iterator[bytes]:
    """As it could lie there."""
    wide = secret.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"})
    for text in (secret, wide):
        yield text.encode()
        yield text.encode("utf-16-le")
        yield text.encode().hex().encode()


def open_in(content: bytes) -> list[str]:
    """The secrets that stand in there."""
    return [secret for secret in SECRETS if any(form in content for form in forms(secret))]


def row(order: int, **more: Any) -> dict[str, Any]:
    """Somebody with a seeded number and telephone, in a household of his own."""
    at = order - 1
    own = {"证件号码": NUMBERS[at], "联系电话": PHONES[at], "户编号": f"50000000000100{order:02d}"}
    return {**zhang(1), "姓名": f"张小{chr(0x4E00 + order)}", **own, **more}


FILES = {
    "名单.xlsx": [row(order) for order in PEOPLE],
    f"张青山{NUMBERS[0]}.csv": [
        row(1, 姓名="张大山", 联系电话=PHONES[30]),
        row(2, 联系电话=PHONES[31]),
        row(2, 联系电话=PHONES[32]),
        row(3, 证件号码=WRONG[0]),
        row(4, 姓名=f"张小四{NUMBERS[3]}"),
        row(5, 民族=f"汉族 {NUMBERS[4]}"),
        row(6, 迁出地代码=ELSEWHERE, 迁入地代码=ELSEWHERE),
        row(7, 户籍意愿=PHONES[6]),
        row(8, 证件号码=f"{NUMBERS[7]} {NUMBERS[8]}", 与户主关系=NUMBERS[9]),
    ],
    "坏.xlsx": [],
}


def inside(account: str) -> Browser:
    """A browser of an officer who comes in by the city's own sign-in and has just confirmed it."""
    who = clerk(account)
    who.set_unusable_password()
    who.save()
    return signed_in(who)


def sent(browser: Browser, path: Path, name: str) -> tuple[Batch, list[bytes]]:
    """A file is handed in by the form; and what the answers were."""
    form = {"kind": "people", "region": TOWN}
    answers = [
        answered(browser.post("/import/new/", {**form, "ledger": SimpleUploadedFile(name, path.read_bytes()), **wrong}))
        for wrong in ({"kind": ""}, {"region": ELSEWHERE}, {})
    ]
    with looking_everywhere():
        batch = Batch.objects.unscoped().latest("uploaded_at")
    return batch, answers


def answered(answer: Any) -> bytes:
    """Everything that goes out."""
    content = b"".join(answer) if answer.streaming else answer.content
    return str(dict(answer.headers)).encode() + content


def worked(database: str) -> None:
    """Another process does what is queued."""
    with anju(database, "work", "--until-idle") as worker:
        assert worker.wait(120) == 0
    with looking_everywhere():
        assert not Job.objects.filter(state=Job.State.OPEN).exists()


def visited(browser: Browser, batch: Batch) -> list[bytes]:
    """Every page of a batch, and wrong ones."""
    at = f"/import/{batch.pk}/"
    asked = ("", "?verdict=conflict", "?noted=1", "?after=nonsense", "progress/", "accept/", "undo/", "problems.xlsx")
    pressed: Sequence[tuple[str, dict[str, str]]] = (
        ("decide/", {"one": f"{NUMBERS[2]}:file"}),
        ("choose/", {"shown": NUMBERS[2], "which": PHONES[2]}),
        ("reject/", {"because": f"缺 {NUMBERS[2]}"}),
        ("undo/", {"because": f"{PHONES[2]} {NUMBERS[2]}"}),
        ("accept/", {"revision": NUMBERS[2]}),
    )
    answers = [answered(browser.get(f"{at}{more}")) for more in asked]
    return answers + [
        _without_what_was_typed(answered(browser.post(f"{at}{to}", given)), given) for to, given in pressed
    ]


def _without_what_was_typed(answer: bytes, given: dict[str, str]) -> bytes:
    """Nothing that an officer typed is lost, so that the form shows it again, to nobody else."""
    for text in given.values():
        answer = answer.replace(f">{text}</textarea>".encode(), b"").replace(f'value="{text}"'.encode(), b"")
    return answer


def test_no_number_of_a_file_lies_open_anywhere(
    own_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    runtime = tmp_path / "runtime"
    monkeypatch.setenv("ANJU_KEYS", str(settings.ANJU_KEYS))
    monkeypatch.setenv("ANJU_RUNTIME", str(runtime))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    visits = runtime / "visits" / str(os.getpid())
    mine, theirs = inside("importer"), inside("second")
    answers: list[bytes] = []
    raw: list[bytes] = []
    with override_settings(ANJU_VISITS=visits, FILE_UPLOAD_TEMP_DIR=visits, ANJU_IMPORTS=runtime / "imports"):
        for name, rows in FILES.items():
            path = tmp_path / "file"
            if name.endswith(".csv"):
                frame(rows).write_csv(path)
            elif rows:
                path = workbook(tmp_path / name, rows)
            else:
                path.write_text("\n".join(SECRETS))
            raw.append(path.read_bytes())
            batch, answered_ = sent(mine, path, name)
            stored_while_waiting = all_stored()
            assert raw[-1][:200] not in stored_while_waiting
            assert open_in(stored_while_waiting) == []
            worked(own_database)
            answers += [*answered_, *visited(mine, batch), *visited(theirs, batch)]
            if name == "名单.xlsx":
                assert again(batch).state == State.READY
                answers.append(
                    answered(theirs.post(f"/import/{batch.pk}/accept/", {"revision": again(batch).revision}))
                )
                worked(own_database)
                assert again(batch).state == State.MERGED
                answers += [*visited(mine, batch), *visited(theirs, batch)]
        first = batch_named("名单.xlsx")
        answers.append(answered(theirs.post(f"/import/{first.pk}/undo/", {"because": "交错了"})))
        answers.append(answered(mine.post(f"/import/{first.pk}/undo/approve/")))
        worked(own_database)
        assert again(first).state == State.UNDONE
        answers += [answered(mine.get(address)) for address in ("/import/", f"/import/{first.pk}/")]
    said = capfd.readouterr()
    stored = all_stored()
    assert b"exchange_batch" in stored, "the search looks at the right thing"
    assert open_in(stored) == []
    assert not any(file[:200] in stored for file in raw if file)
    assert open_in("\n".join(answer.decode(errors="replace") for answer in answers).encode()) == []
    assert open_in((caplog.text + said.out + said.err).encode()) == []
    assert open_in("\n".join(map(str, Entry.objects.values())).encode()) == []
    left = [path for folder in (runtime, tmp_path / "temporary") for path in folder.rglob("*") if path.is_file()]
    assert open_in(b"\n".join(path.read_bytes() for path in left)) == []
    assert not [path for path in left if "imports" in path.parts or "visits" in path.parts], "a workbook is compressed"


def all_stored() -> bytes:
    """The database's bytes; a file of SQLite's is not to be opened beside a connection, whose locks would be gone with it."""
    connections.close_all()
    return everything_stored()


def batch_named(name: str) -> Batch:
    with looking_everywhere():
        return Batch.objects.unscoped().get(file_name=name)
