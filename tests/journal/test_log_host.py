"""The journal's lines at another host: what arrives there by both ways, and that nobody waits while it is away."""

from __future__ import annotations

import json
import logging
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from django.db import transaction

from anju.journal import log_host
from anju.journal.actions import Actor, record
from anju.journal.log_host import AddressWrong, LogHost, address_of
from tests.house.tracked import ROOT

HEAD = re.compile(
    rb"<110>1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d [!-~]{1,255} anju \d{1,10} journal - (\{.*\})",
    re.DOTALL,
)
PATIENCE = 20.0


@contextmanager
def listening(port: int = 0) -> Iterator[socket.socket]:
    """A log host by TCP."""
    with closing(socket.create_server(("127.0.0.1", port))) as door:
        door.settimeout(PATIENCE)
        yield door


def framed(there: socket.socket, wanted: int) -> list[bytes]:
    """So many messages, each taken by its count of octets."""
    there.settimeout(PATIENCE)
    found = []
    with there.makefile("rb") as stream:
        for _ in range(wanted):
            count = b""
            while not count.endswith(b" "):
                count += stream.read(1)
            found.append(stream.read(int(count)))
    return found


@contextmanager
def written_to(address: str) -> Iterator[Callable[[str], None]]:
    """A handler of a logger of its own; gives what writes a line."""
    handler, logger = LogHost(address), logging.getLogger(f"journal of a test at {address}")
    logger.setLevel(logging.INFO)
    logger.addHandler(handler)
    try:
        yield logger.info
    finally:
        logger.removeHandler(handler)
        handler.close()


def numbers(messages: list[bytes]) -> list[int]:
    """What stands in the lines of a test."""
    found = [HEAD.fullmatch(message) for message in messages]
    return [json.loads(one[1])["n"] for one in found if one]


def test_by_tcp_each_line_is_counted_by_octets() -> None:
    with listening() as door, written_to(f"tcp://127.0.0.1:{door.getsockname()[1]}") as write:
        for n in range(3):
            write(json.dumps({"n": n, "long": "x" * 20_000}))
        there, _ = door.accept()
        with there:
            assert numbers(framed(there, 3)) == [0, 1, 2]


def test_by_udp_each_line_is_one_datagram() -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as door:
        door.bind(("127.0.0.1", 0))
        door.settimeout(PATIENCE)
        with written_to(f"udp://127.0.0.1:{door.getsockname()[1]}") as write:
            for n in range(3):
                write(json.dumps({"n": n}))
            assert numbers([door.recv(65_535) for _ in range(3)]) == [0, 1, 2]


def test_nobody_waits_for_a_host_that_is_away_and_it_gets_everything_when_it_is_back() -> None:
    with listening() as door:
        port = door.getsockname()[1]
    with written_to(f"tcp://127.0.0.1:{port}") as write:
        for n in range(50):
            write(json.dumps({"n": n}))
        with listening(port) as door:
            there, _ = door.accept()
            with there:
                assert numbers(framed(there, 50)) == list(range(50))


def test_a_host_that_hung_up_is_asked_anew_and_nothing_is_lost() -> None:
    with listening() as door, written_to(f"tcp://127.0.0.1:{door.getsockname()[1]}") as write:
        write(json.dumps({"n": 0}))
        there, _ = door.accept()
        with there:
            assert numbers(framed(there, 1)) == [0]
        write(json.dumps({"n": 1}))
        there, _ = door.accept()
        with there:
            assert numbers(framed(there, 1)) == [1]


def test_what_is_too_much_to_wait_is_left_out_and_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(log_host, "_most", 5)
    with listening() as door:
        port = door.getsockname()[1]
    with written_to(f"tcp://127.0.0.1:{port}") as write:
        for n in range(8):
            write(json.dumps({"n": n}))
        said = ""
        while "不通（" not in said:
            time.sleep(0.01)
            said += capsys.readouterr().err
        with listening(port) as door:
            there, _ = door.accept()
            with there:
                assert numbers(framed(there, 5)) == [0, 1, 2, 3, 4]
    said += capsys.readouterr().err
    assert "有 3 行没有发给它" in said
    assert said.count("不通（") == 1


def test_an_end_does_not_wait_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_host, "_last_words", 0.2)
    with listening() as door:
        port = door.getsockname()[1]
    began = time.monotonic()
    with written_to(f"tcp://127.0.0.1:{port}") as write:
        write(json.dumps({"n": 0}))
    assert time.monotonic() - began < PATIENCE


@pytest.mark.django_db(transaction=False)
def test_an_entry_goes_there_as_its_line(
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    logger = logging.getLogger("anju.journal")
    with listening() as door:
        handler, level = LogHost(f"tcp://127.0.0.1:{door.getsockname()[1]}"), logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        try:
            with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
                record(actor=Actor(name="张三\n<110>1"), action="journal.test", purpose="核对")
            there, _ = door.accept()
            with there:
                (message,) = framed(there, 1)
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
            handler.close()
    found = HEAD.fullmatch(message)
    assert found
    told = json.loads(found[1])
    assert (told["action"], told["purpose"], told["officer_name"]) == ("journal.test", "核对", "张三\n<110>1")
    assert message.isascii()
    assert b"\n" not in message


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tcp://log.example:601", ("tcp", "log.example", 601)),
        ("udp://10.0.0.5:514", ("udp", "10.0.0.5", 514)),
        ("tcp://[::1]:601", ("tcp", "::1", 601)),
    ],
)
def test_addresses(text: str, found: tuple[str, str, int]) -> None:
    assert address_of(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "log.example",
        "tcp://log.example",
        "http://log.example:80",
        "udp://:514",
        "tcp://log:99999",
        "tcp://log:601/x",
        "tcp://",
    ],
)
def test_what_is_no_address_is_said(text: str) -> None:
    with pytest.raises(AddressWrong, match="ANJU_LOG_HOST 是"):
        address_of(text)


def python(code: str, runtime: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A process of its own, with these settings."""
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "ANJU_RUNTIME": str(runtime), **environment}
    known = {name: text for name, text in known.items() if text}
    return subprocess.run([sys.executable, *code.split()], env=known, capture_output=True, text=True, check=False)


def test_a_wrong_one_keeps_the_site_from_starting(tmp_path: Path) -> None:
    refused = python("-m anju serve", tmp_path, ANJU_LOG_HOST="log.example", ANJU_DATABASE_URL="")
    assert refused.returncode == 2
    assert refused.stderr == "ANJU_LOG_HOST 是“log.example”，要写成 tcp://主机:端口 或 udp://主机:端口。\n"


@pytest.mark.parametrize(("host", "handlers"), [("", 0), ("udp://127.0.0.1:9", 1)], ids=["没有设", "设了"])
def test_it_is_off_unless_it_is_set(tmp_path: Path, host: str, handlers: int) -> None:
    code = tmp_path / "asked.py"
    code.write_text("import django, logging; django.setup(); print(len(logging.getLogger('anju.journal').handlers))")
    asked = python(str(code), tmp_path, ANJU_LOG_HOST=host, DJANGO_SETTINGS_MODULE="anju.config.settings")
    assert asked.stdout == f"{handlers}\n", asked.stderr
