"""The private folder of this installation: its secret key, readable by its user alone."""

import contextlib
import os
import secrets
from pathlib import Path


def runtime_folder() -> Path:
    """``ANJU_RUNTIME``, or ``anju`` below the user's state folder; made with mode 0700."""
    state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    folder = Path(os.environ.get("ANJU_RUNTIME") or state / "anju")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def secret_key() -> str:
    """The key of this installation; made at the first start, with mode 0600."""
    path = runtime_folder() / "secret-key"
    with contextlib.suppress(FileExistsError):
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="ascii")
