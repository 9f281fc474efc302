"""From an empty installation to an answered step: a real server process, and a client of HTTP that knows nothing of us but docs/api.md."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from typing import Any
from uuid import uuid4

import pytest

from tests.exchange.calling import GOOD, at_origin, entries_of, family, offices, pension_office
from tests.race import anju

_longest = 60.0


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


class Caller:
    """A program that speaks HTTP with the server, a connection a request."""

    def __init__(self, port: int) -> None:
        self.port, self.headers = port, dict[str, str]()

    def ask(self, path: str, body: object = None, **more: str) -> tuple[int, Any, str]:
        """Status, what was told, and the cookies that were set."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_longest)
        headers = {**self.headers, "Content-Type": "application/json", **more}
        sent = None if body is None else json.dumps(body)
        connection.request("GET" if sent is None else "POST", f"/api/v1/{path}", sent, headers)
        answer = connection.getresponse()
        told = json.loads(answer.read())
        connection.close()
        return answer.status, told, answer.getheader("Set-Cookie", "")


def waits(process: subprocess.Popen[bytes], caller: Caller) -> None:
    """Until the server answers."""
    until = time.monotonic() + _longest
    while process.poll() is None and time.monotonic() < until:
        try:
            caller.ask("steps/")
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server never answered")


def test_a_system_asks_and_answers(own_database: str) -> None:
    village, town, county = offices()
    _, (person, _) = family(village)
    case = at_origin(village, town, county, person)
    _, system = pension_office(networks="127.0.0.0/8")
    port = free_port()
    caller = Caller(port)
    with anju(own_database, "serve", "--port", str(port)) as process:
        waits(process, caller)
        assert caller.ask("steps/")[0] == 401
        caller.headers["Authorization"] = str(system.defaults["HTTP_AUTHORIZATION"])
        status, told, cookies = caller.ask("steps/")
        assert (status, cookies) == (200, "")
        (step,) = told["steps"]
        path = f"steps/{step['case']}/"
        one = caller.ask(path)[1]
        assert {field["name"] for field in one["fields"]} == set(GOOD["fields"])
        assert caller.ask(f"{path}identity/", {"purpose": "核对参保记录"})[1]["name"] == person.name
        key = {"Idempotency-Key": str(uuid4())}
        answers = [caller.ask(f"{path}answer/", {"seen": one["seen"], **GOOD}, **key) for _ in range(2)]
        assert [answer[0] for answer in answers] == [200, 200]
        assert answers[0] == answers[1]
        assert caller.ask("steps/")[1]["steps"] == []
        assert caller.ask(path)[0] == 404
        process.terminate()
        process.wait(_longest)
    assert [entry.action for entry in entries_of(case)][-1] == GOOD["action"]
