"""The journal's lines on another host, as syslog: RFC 5424, over UDP (RFC 5426) or over TCP counted by octets (RFC 6587).

Nobody waits for that host: what it is to get lies in memory, and a thread of its own sends it. It is a copy. What the host does not take
for long is left out and said so; the chain in the database has everything (docs/adr/0008).
"""

from __future__ import annotations

import atexit
import logging
import os
import socket
import sys
from collections import deque
from datetime import datetime
from threading import Condition, Thread
from urllib.parse import urlsplit

_priority = 13 * 8 + 6
"""Facility "log audit", severity "informational"."""
_most = 10_000
_timeout, _first_pause, _longest_pause, _last_words = 5.0, 0.2, 30.0, 3.0
"""Seconds: for the host to answer, between two tries at first and at most, and for what is left when the process ends."""


class AddressWrong(ValueError):
    """Not an address of a log host; the message is a Chinese sentence."""


def address_of(text: str) -> tuple[str, str, int]:
    """``tcp://host:port`` or ``udp://host:port`` as kind, host and port. Raises `AddressWrong`."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if (
        parts.scheme not in ("tcp", "udp")
        or not parts.hostname
        or not port
        or text != f"{parts.scheme}://{parts.netloc}"
    ):
        raise AddressWrong(f"ANJU_LOG_HOST 是“{text}”，要写成 tcp://主机:端口 或 udp://主机:端口。")
    return parts.scheme, parts.hostname, port


class LogHost(logging.Handler):
    """A handler that hands its lines to a thread, which is begun with the first of them, in the process that writes them."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.kind, host, port = address_of(address)
        self.where = (host, port)
        self._lines: deque[bytes] = deque()
        self._changed = Condition()
        self._sending, self._ending, self._left_out = False, False, 0
        self._socket: socket.socket | None = None
        os.register_at_fork(after_in_child=self._forget)

    def emit(self, record: logging.LogRecord) -> None:
        """Let a line wait to be sent."""
        line = _line(record)
        with self._changed:
            if not self._sending:
                self._sending = True
                Thread(target=self._send_all, name="log-host", daemon=True).start()
                atexit.register(self.close)
            if len(self._lines) < _most:
                self._lines.append(line)
            else:
                self._left_out += 1
            self._changed.notify_all()

    def close(self) -> None:
        """Send what is left, if the host takes it within seconds."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
            if self._sending:
                self._changed.wait_for(lambda: not self._lines, _last_words)
        super().close()

    def _forget(self) -> None:
        """Begin with nothing, as a forked process has to: what waits there is its parent's."""
        self._lines, self._changed = deque(), Condition()
        self._sending, self._ending, self._left_out = False, False, 0
        self._socket = None

    def _send_all(self) -> None:
        pause = _first_pause
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._lines or self._ending)
                if not self._lines:
                    self._hang_up()
                    return
                line, left_out = self._lines[0], self._left_out
            try:
                self._send(line)
            except OSError as error:
                self._hang_up()
                if pause == _first_pause:
                    _say(
                        f"日志主机 {self.where[0]}:{self.where[1]} 不通（{type(error).__name__}），接着试；操作日志照常记。"
                    )
                with self._changed:
                    self._changed.wait_for(lambda: self._ending, pause)
                    if self._ending:
                        self._lines.clear()
                        self._changed.notify_all()
                        return
                pause = min(pause * 2, _longest_pause)
                continue
            pause = _first_pause
            with self._changed:
                self._lines.popleft()
                self._left_out -= left_out
                self._changed.notify_all()
            if left_out:
                _say(f"日志主机太久不通，有 {left_out} 行没有发给它；操作日志里都有。")

    def _send(self, line: bytes) -> None:
        kind = socket.SOCK_STREAM if self.kind == "tcp" else socket.SOCK_DGRAM
        if self._socket is None:
            family, *_, where = socket.getaddrinfo(*self.where, type=kind)[0]
            self._socket = socket.socket(family, kind)
            self._socket.settimeout(_timeout)
            self._socket.connect(where)
        if self.kind == "udp":
            self._socket.send(line)
            return
        self._check_open(self._socket)
        self._socket.sendall(b"%d %s" % (len(line), line))

    @staticmethod
    def _check_open(there: socket.socket) -> None:
        """A host that has hung up is noticed before a line is lost in it. Raises `OSError`."""
        there.setblocking(False)
        try:
            if not there.recv(1):
                raise ConnectionResetError
        except BlockingIOError:
            pass
        finally:
            there.settimeout(_timeout)

    def _hang_up(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _say(sentence: str) -> None:
    """Tell whoever looks after the machine."""
    sys.stderr.write(f"{sentence}\n")


def _line(record: logging.LogRecord) -> bytes:
    """One message: the journal's line is ASCII already."""
    at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="microseconds")
    host = socket.gethostname().encode("ascii", "replace").decode().replace("?", "-")[:255] or "-"
    return f"<{_priority}>1 {at} {host} anju {record.process or '-'} journal - {record.getMessage()}".encode()
