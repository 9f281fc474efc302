"""A visit: one ledger with its answers, in a private folder, for one browser, until it is cleared or 30 minutes idle.

A visit's address holds a token and the browser's cookie holds a secret; the folder is named by the hash of both. Whoever lacks
one of them looks for a folder that does not exist, and a foreign visit cannot be told from a missing one.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import secrets
import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

_request = "request.json"
_state = "state.json"
_seen = "seen"
_gone = "gone-"


class TooManyVisits(Exception):
    """No room for another visit; one of the others has to end first."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit by its token and its folder."""

    token: str
    folder: Path

    @property
    def request(self) -> Mapping[str, Any]:
        """What was asked: name, on, settings, subject, and the upload's suffix."""
        return _read(self.folder / _request)

    @property
    def state(self) -> Mapping[str, Any]:
        """How far the check is: ``stage`` (see `anju.check.background`), ``error`` in Chinese, ``ready`` downloads."""
        return _read(self.folder / _state)

    @property
    def upload(self) -> Path:
        """The ledger as it came."""
        return self.folder / f"upload{self.request['suffix']}"


def prepare() -> Path:
    """The folder of all visits of this process, made with mode 0700 where it is missing."""
    root = Path(settings.ANJU_VISITS)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root


def begin() -> None:
    """Remove what ended servers left behind, sweep from now on, and remove everything when this process ends.

    A server that starts several processes names one folder for all of them (``ANJU_SERVER``) and removes it itself.
    """
    root = prepare()
    own = root.name == str(os.getpid())
    for left in root.parent.iterdir():
        if not _alive(left.name) or (own and left == root):
            shutil.rmtree(left, ignore_errors=True)
    prepare()
    if own:
        atexit.register(end)
    threading.Thread(target=_sweep_forever, name="anju-visits", daemon=True).start()


def end() -> None:
    """Remove every visit of this process."""
    shutil.rmtree(settings.ANJU_VISITS, ignore_errors=True)


def new_secret() -> str:
    """A secret for a browser's cookie."""
    return secrets.token_urlsafe(32)


def open_visit(secret: str, source: Path, request: Mapping[str, Any]) -> Visit:
    """A new visit; ``source`` is moved into it. Raises `TooManyVisits`."""
    root = prepare()
    sweep()
    if sum(1 for folder in root.iterdir() if folder.is_dir()) >= settings.ANJU_MOST_VISITS:
        raise TooManyVisits
    token = secrets.token_urlsafe(24)
    visit = Visit(token, root / _folder_name(secret, token))
    visit.folder.mkdir(mode=0o700)
    _write(visit.folder / _request, request)
    write_state(visit.folder, {"stage": "waiting", "error": "", "ready": []})
    (visit.folder / _seen).touch()
    source.replace(visit.upload)
    return visit


def find_visit(secret: str, token: str) -> Visit | None:
    """The visit, kept alive by being looked at; None where there is none for this secret and token."""
    visit = Visit(token, Path(settings.ANJU_VISITS) / _folder_name(secret, token))
    if not visit.folder.is_dir():
        return None
    if _idle(visit.folder):
        clear(visit)
        return None
    with contextlib.suppress(OSError):
        (visit.folder / _seen).touch()
    return visit


def clear(visit: Visit) -> None:
    """Forget a visit: its ledger, its answers and its address. The running check notices that its folder is gone."""
    _remove(visit.folder)


def sweep() -> None:
    """Clear the visits that nobody has looked at for ``ANJU_IDLE_MINUTES``."""
    for folder in Path(settings.ANJU_VISITS).iterdir():
        if folder.is_dir() and (folder.name.startswith(_gone) or _idle(folder)):
            _remove(folder)


def write_state(folder: Path, state: Mapping[str, Any]) -> None:
    """Write how far a check is, at once or not at all. Raises `FileNotFoundError` when the visit has been cleared."""
    _write(folder / _state, state)


def _remove(folder: Path) -> None:
    """Take the folder's name away first, so that a check that still runs cannot write into what is being removed."""
    gone = folder.with_name(_gone + secrets.token_hex(8))
    with contextlib.suppress(OSError):
        folder.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)


def _folder_name(secret: str, token: str) -> str:
    return hashlib.sha256(f"{secret}\0{token}".encode()).hexdigest()


def _idle(folder: Path) -> bool:
    try:
        seen = (folder / _seen).stat().st_mtime
    except OSError:
        return False
    return time.time() - seen > settings.ANJU_IDLE_MINUTES * 60


def _alive(name: str) -> bool:
    try:
        os.kill(int(name), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _sweep_forever() -> None:
    while True:
        time.sleep(60)
        with contextlib.suppress(OSError):
            sweep()


def _read(path: Path) -> Mapping[str, Any]:
    read: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read


def _write(path: Path, content: Mapping[str, Any]) -> None:
    part = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
    part.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
