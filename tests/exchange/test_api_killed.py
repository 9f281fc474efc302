"""The site's answering process is killed while systems answer steps: what they were told is done, once, and nothing is half done."""

from __future__ import annotations

import http.client
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from anju.cases.models import Entry
from anju.government.second_wall import everything
from anju.journal.models import Entry as Noted
from anju.journal.verification import verify as verify_journal
from anju.register.verification import verify as verify_register
from tests.exchange.calling import GOOD, at_origin, offices, pension_office
from tests.exchange.test_api_server import Caller, free_port, waits
from tests.race import anju
from tests.register.cast import household, zhang

pytestmark = pytest.mark.faults
CALLERS, KILLS, AT_ONCE, SENT = 3, 5, 5, 60
CASES = (KILLS + 1) * AT_ONCE
UP_AGAIN = 6.0
"""Seconds: the server gives up, for whoever supervises it, when a process ends sooner than 5.5 s after it was begun anew."""


def answering(site: int) -> list[int]:
    """The processes of a site that answer requests: its children, but for the one that works beside it."""
    children = Path(f"/proc/{site}/task/{site}/children").read_text(encoding="ascii").split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children}
    return [pid for pid, words in commands.items() if b"work" not in words and not any(b"tracker" in w for w in words)]


def answered(
    port: int, secret: str, cases: list[str], told: dict[str, int], cut: list[str], go: threading.Semaphore
) -> None:
    """Answer steps one after the other; who gets no answer sends the same again, as docs/api.md says."""
    caller = Caller(port)
    caller.headers["Authorization"] = secret
    for case in cases:
        go.acquire()
        key = {"Idempotency-Key": str(uuid4())}
        for _ in range(SENT):
            try:
                status, said, _ = caller.ask(f"steps/{case}/answer/", {"seen": 4, **GOOD}, **key)
            except (OSError, http.client.HTTPException):
                cut.append(case)
                time.sleep(0.2)
                continue
            assert status == 200, said
            told[case] = status
            break


def test_killed_answering_processes(own_database: str) -> None:
    village, town, county = offices()
    home = household(village)
    people = [zhang(village, home, name="张青山", order=n, relation="之子") for n in range(1, CASES + 1)]
    cases = [str(at_origin(village, town, county, person).pk) for person in people]
    _, system = pension_office(networks="127.0.0.0/8")
    secret, port, told = str(system.defaults["HTTP_AUTHORIZATION"]), free_port(), dict[str, int]()
    cut = list[str]()
    with anju(own_database, "serve", "--port", str(port)) as site:
        waits(site, Caller(port))
        go, chance = threading.Semaphore(0), random.Random(1)
        lanes = [(port, secret, cases[n::CALLERS], told, cut, go) for n in range(CALLERS)]
        callers = [threading.Thread(target=answered, args=lane) for lane in lanes]
        for caller in callers:
            caller.start()
        for _ in range(KILLS):
            go.release(AT_ONCE)
            time.sleep(chance.random() / 2)
            for pid in answering(site.pid):
                os.kill(pid, signal.SIGKILL)
            waits(site, Caller(port))
            time.sleep(UP_AGAIN)
        go.release(AT_ONCE)
        for caller in callers:
            caller.join(120)
        site.terminate()
        site.wait(60)
    assert cut, "nobody noticed that anything was killed"
    assert sorted(told) == sorted(cases), "somebody was never answered"
    with everything():
        entries = Counter(Entry.objects.unscoped().filter(action=GOOD["action"]).values_list("case_id", flat=True))
        every = Counter(map(str, Entry.objects.unscoped().values_list("case_id", flat=True)))
        noted = Counter(Noted.objects.filter(action__startswith="cases.").values_list("object_id", flat=True))
    assert entries == dict.fromkeys(map(UUID, cases), 1)
    assert noted == every
    assert {said: n for said, n in verify_register().items() if n} == {}
    assert verify_journal().findings == []
