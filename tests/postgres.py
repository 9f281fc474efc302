"""A PostgreSQL of the tests' own, for as long as one command runs: ``python -m tests.postgres COMMAND…``.

The cluster lies in a temporary directory, listens on 127.0.0.1 alone on a free port, is found by the command through
``ANJU_DATABASE_URL``, and is gone when the command ends. PostgreSQL refuses root, so that root runs it as ``postgres``.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

_owner, _user = "postgres", "anju"
"""The site's own user is no superuser: row-level security does not hold for one."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running cluster: its address for the site's own user, its data, and how it is started."""

    url: str
    data: Path
    options: tuple[object, ...]

    def kill(self) -> None:
        """As a power failure would: the server gets to write nothing more. Its processes notice, and are gone when this returns."""
        main = int((self.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        children = Path(f"/proc/{main}/task/{main}/children").read_text(encoding="ascii").split()
        os.kill(main, signal.SIGKILL)
        end = time.monotonic() + 60
        while any(Path(f"/proc/{child}").exists() for child in children):
            assert time.monotonic() < end, "a server process does not end"
            time.sleep(0.05)

    def start(self) -> None:
        """Let it run, after a failure with whatever is in its log."""
        _run("pg_ctl", "-D", self.data, *self.options, "-w", "start")


@contextmanager
def cluster() -> Iterator[Server]:
    """A running cluster with an empty database of the site's; its settings are PostgreSQL's own, the safe ones."""
    folder = Path(tempfile.mkdtemp(prefix="anju-postgres-"))
    folder.chmod(0o755)
    inner, password, port = folder / "of-postgres", secrets.token_urlsafe(12), _free_port()
    inner.mkdir(mode=0o700)
    data, log, secret = inner / "data", inner / "log", inner / "password"
    secret.write_text(password, encoding="ascii")
    if os.geteuid() == 0:
        for path in (inner, secret):
            shutil.chown(path, "postgres", "postgres")
    # a database may not be dropped by its owner while a vacuum worker, who is nobody's, is in it; these live for seconds
    only = "-c max_connections=100 -c autovacuum=off"
    listen = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories={inner} {only}"
    server = Server(f"postgresql://{_user}:{password}@127.0.0.1:{port}/{_user}", data, ("-l", log, "-o", listen))
    try:
        _run("initdb", "-D", data, "-U", _owner, "-A", "scram-sha-256", f"--pwfile={secret}", *_alphabet)
        server.start()
        try:
            with psycopg.connect(
                f"postgresql://{_owner}:{password}@127.0.0.1:{port}/postgres", autocommit=True
            ) as owner:
                owner.execute(f"CREATE ROLE {_user} LOGIN CREATEDB NOSUPERUSER PASSWORD '{password}'")
                owner.execute(f"CREATE DATABASE {_user} OWNER {_user}")
            yield server
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# Without UTF-8 as its alphabet, PostgreSQL's trigrams find nothing in Chinese; checksums notice a rotten disk.
_alphabet = ("--locale=C.UTF-8", "-E", "UTF8", "--data-checksums", "--no-sync")


def _run(program: str, *arguments: object) -> None:
    call = [str(_newest(program)), *map(str, arguments)]
    # PostgreSQL refuses root
    user, group, others = ("postgres", "postgres", ()) if os.geteuid() == 0 else (None, None, None)
    # pg_ctl leaves the server behind with its own output: a pipe would stay open as long as the server
    answer = subprocess.run(
        call,
        cwd="/",
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        user=user,
        group=group,
        extra_groups=others,
    )
    assert answer.returncode == 0, f"{program} ended with {answer.returncode}"


def _newest(program: str) -> Path:
    """Debian keeps each version's programs in a folder of its own; elsewhere they stand on the path."""
    versions = Path("/usr/lib/postgresql").glob(f"*/bin/{program}")
    return max(versions, key=lambda path: int(path.parts[4]), default=Path(shutil.which(program) or program))


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def main(command: Sequence[str]) -> int:
    """Run the command beside a cluster; its exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the cluster ends with us
    with cluster() as server:
        return subprocess.run(command, check=False, env={**os.environ, "ANJU_DATABASE_URL": server.url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
